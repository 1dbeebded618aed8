/** For tests: a client of one topic that holds what it was told, by the rules of the protocol. */
import { LIST_LENGTH, type LevelEntry } from '../../protocol/stream.ts';
import type { TopicShape, TopicSource } from '../../stream/topic-source.ts';

type Held = Record<string, unknown>;

export class TopicClient {
  readonly #source: TopicSource;
  #held: Held;
  /** Deltas that were applied. */
  deltas = 0;

  constructor(source: TopicSource) {
    this.#source = source;
    source.poll();
    this.#held = copyOf(source.snapshot());
  }

  /** As the hub does. */
  poll(): void {
    const delta = this.#source.poll();
    if (delta === undefined) return;
    this.deltas++;
    this.#held = applied(this.#source.topic, this.#source.shape, this.#held, copyOf(delta));
  }

  get held(): unknown {
    return this.#held;
  }

  get told(): unknown {
    return copyOf(this.#source.snapshot());
  }
}

/** What goes through JSON. */
function copyOf(data: object): Held {
  // oxlint-disable-next-line no-unsafe-type-assertion -- an object's JSON is an object
  return JSON.parse(JSON.stringify(data)) as Held;
}

function applied(topic: string, shape: TopicShape, held: Held, delta: Held): Held {
  if (shape === 'state') return delta;
  if (shape === 'book') {
    return { ...delta, bids: levels(held['bids'], delta['bids'], -1), asks: levels(held['asks'], delta['asks'], 1) };
  }
  const kind = Object.keys(LIST_LENGTH).find((name) => topic.startsWith(name));
  const length = Object.entries(LIST_LENGTH).find(([name]) => name === kind)?.[1] ?? 0;
  const items = new Map<unknown, unknown>();
  for (const item of [...list(held['items']), ...list(delta['items'])]) items.set(keyOf(item, items.size), item);
  return { items: [...items.values()].slice(-length) };
}

function keyOf(item: unknown, index: number): unknown {
  return typeof item === 'object' && item !== null && 'key' in item ? item.key : index;
}

function levels(held: unknown, delta: unknown, direction: number): LevelEntry[] {
  const sizes = new Map<number, number>();
  // oxlint-disable-next-line no-unsafe-type-assertion -- what the topic `book` tells
  for (const [ticks, lots] of [...list(held), ...list(delta)] as LevelEntry[]) {
    if (lots === 0) sizes.delete(ticks);
    else sizes.set(ticks, lots);
  }
  return [...sizes].toSorted(([a], [b]) => direction * (a - b));
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What a client makes of the updates of a topic: written from docs/stream.md, not from the server. */
import { z } from 'zod';
import { LIST_LENGTH, type LevelEntry, type TopicUpdate } from '../../protocol/stream.ts';

const MOST = new Map<string, number>(Object.entries(LIST_LENGTH));

const levels = z.array(z.tuple([z.int(), z.number().nonnegative()]));
const bookData = z.looseObject({ bids: levels, asks: levels });
const listData = z.strictObject({ items: z.array(z.unknown()) });

export class AssembledTopic {
  readonly topic: string;
  /** Undefined before the first snapshot. */
  seq: number | undefined;
  snapshots = 0;
  deltas = 0;
  readonly #kind: string;
  /** Of a list. */
  readonly #most: number | undefined;
  #rest: unknown = {};
  #bids = new Map<number, number>();
  #asks = new Map<number, number>();
  #items: unknown[] = [];

  constructor(topic: string) {
    this.topic = topic;
    this.#kind = topic.split(':', 1)[0] ?? '';
    this.#most = MOST.get(this.#kind);
  }

  get data(): unknown {
    if (this.#kind === 'book') {
      return Object.assign({}, this.#rest, { bids: side(this.#bids, -1), asks: side(this.#asks, 1) });
    }
    return this.#most === undefined ? this.#rest : { items: this.#items };
  }

  /** @throws Error when a delta does not apply to what is held, or the data are not such as the topic's */
  apply(update: TopicUpdate): void {
    if (update.topic !== this.topic) throw new Error(`an update of ${update.topic} for ${this.topic}`);
    if (update.type === 'delta') {
      if (update.from === undefined || update.from !== this.seq) {
        throw new Error(`${this.topic}: a delta from ${update.from} for a client that holds ${this.seq}`);
      }
      this.deltas += 1;
    } else {
      this.#rest = {};
      this.#bids.clear();
      this.#asks.clear();
      this.#items = [];
      this.snapshots += 1;
    }
    this.seq = update.seq;
    if (this.#kind === 'book') this.#applyBook(update.data);
    else if (this.#most === undefined) this.#rest = update.data;
    else for (const item of listData.parse(update.data).items) this.#applyItem(item, this.#most);
  }

  #applyBook(data: unknown): void {
    const { bids, asks, ...rest } = bookData.parse(data);
    this.#rest = Object.assign({}, this.#rest, rest);
    applySide(this.#bids, bids);
    applySide(this.#asks, asks);
  }

  #applyItem(item: unknown, most: number): void {
    const index = this.#kind === 'alerts' ? this.#items.findIndex((each) => keyOf(each) === keyOf(item)) : -1;
    if (index >= 0) this.#items[index] = item;
    else this.#items.push(item);
    if (this.#items.length > most) this.#items.shift();
  }
}

function keyOf(item: unknown): unknown {
  return typeof item === 'object' && item !== null && 'key' in item ? item.key : item;
}

function applySide(sizes: Map<number, number>, entries: readonly LevelEntry[]): void {
  for (const [ticks, lots] of entries) {
    if (lots === 0) sizes.delete(ticks);
    else sizes.set(ticks, lots);
  }
}

function side(sizes: ReadonlyMap<number, number>, sign: number): LevelEntry[] {
  return [...sizes].toSorted(([a], [b]) => sign * (a - b));
}

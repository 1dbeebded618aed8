/** The latest of a topic, kept up by its updates: what a key in Redis holds. */
import type { BookData, LevelEntry, TopicUpdate } from '../server/protocol/stream.ts';

/** Entries of a list that the latest state holds. */
const KEPT = 100;

export interface Latest {
  /** Takes an update. @returns what is new in it, to be added to a stream */
  take(update: TopicUpdate): readonly unknown[];
  /** The whole, for JSON. */
  readonly data: unknown;
  /** What was new has been written, or it may not have been: then it is new once more when a snapshot repeats it. */
  settle(isWritten: boolean): void;
}

export function latestOf(topic: string): Latest {
  if (topic.startsWith('book:')) return new LatestBook();
  const kind = topic.split(':', 1)[0]!;
  return ['trades', 'fills', 'alerts', 'heatmap'].includes(kind) ? new LatestList() : new LatestState();
}

/** The newest is all of it. */
class LatestState implements Latest {
  data: unknown = null;

  settle(): void {
    // The next update says all of it again.
  }

  take({ data }: TopicUpdate): readonly unknown[] {
    this.data = data;
    return [data];
  }
}

class LatestBook implements Latest {
  #bids = new Map<number, number>();
  #asks = new Map<number, number>();
  #rest: object = {};

  settle(): void {
    // As above: a snapshot comes after a failure.
  }

  take({ type, data }: TopicUpdate): readonly unknown[] {
    // oxlint-disable-next-line no-unsafe-type-assertion -- what a topic of this name carries
    const { bids, asks, ...rest } = data as BookData;
    if (type === 'snapshot') {
      this.#bids = new Map();
      this.#asks = new Map();
    }
    lay(this.#bids, bids);
    lay(this.#asks, asks);
    this.#rest = { ...this.#rest, ...rest };
    return [data];
  }

  get data(): unknown {
    return {
      bids: [...this.#bids].toSorted(([a], [b]) => b - a),
      asks: [...this.#asks].toSorted(([a], [b]) => a - b),
      ...this.#rest,
    };
  }
}

/** A size of 0: the level is gone. */
function lay(side: Map<number, number>, levels: readonly LevelEntry[]): void {
  for (const [ticks, lots] of levels) {
    if (lots === 0) side.delete(ticks);
    else side.set(ticks, lots);
  }
}

/** The last entries. A snapshot repeats entries that were told before: those up to the newest one are not new. */
class LatestList implements Latest {
  #items: unknown[] = [];
  #newestMs = Number.NEGATIVE_INFINITY;
  #writtenMs = Number.NEGATIVE_INFINITY;

  settle(isWritten: boolean): void {
    if (isWritten) this.#writtenMs = this.#newestMs;
    else this.#newestMs = this.#writtenMs;
  }

  take({ type, data }: TopicUpdate): readonly unknown[] {
    // oxlint-disable-next-line no-unsafe-type-assertion -- what a list topic carries
    const { items } = data as { items: readonly unknown[] };
    const isNew = (item: unknown): boolean => type === 'delta' || timeOf(item) > this.#newestMs;
    const found = items.filter(isNew);
    for (const item of found) this.#newestMs = Math.max(this.#newestMs, timeOf(item));
    const keys = new Set(found.flatMap((item) => keyOf(item) ?? []));
    const others = this.#items.filter((item) => !keys.has(keyOf(item) ?? ''));
    this.#items = [...others, ...found].slice(-KEPT);
    return found;
  }

  get data(): unknown {
    return { items: this.#items };
  }
}

/** An entry that has a key replaces the one with it. */
function keyOf(item: unknown): string | undefined {
  // oxlint-disable-next-line no-unsafe-type-assertion -- a field that may be missing
  return (item as { key?: string }).key;
}

/** Entries begin with their time, or name it. */
function timeOf(item: unknown): number {
  if (Array.isArray(item)) return Number(item[0]);
  // oxlint-disable-next-line no-unsafe-type-assertion -- a field that may be missing
  return (item as { timeMs?: number }).timeMs ?? Number.POSITIVE_INFINITY;
}

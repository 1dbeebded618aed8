/** Topics that change at random, and know what they are as a whole. */
import { LIST_LENGTH, type LevelEntry } from '../../protocol/stream.ts';
import type { TopicSource } from '../topic-source.ts';

export type Random = () => number;

/** Numbers in [0, 1): mulberry32. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function below(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

export abstract class RandomSource implements TopicSource {
  readonly topic: string;
  abstract readonly shape: TopicSource['shape'];
  readonly intervalMs: number;
  protected readonly random: Random;

  constructor(topic: string, intervalMs: number, random: Random) {
    this.topic = topic;
    this.intervalMs = intervalMs;
    this.random = random;
  }

  /** Something happens in the market. */
  abstract change(): void;
  abstract poll(): object | undefined;
  abstract snapshot(): object;
}

export class RandomBook extends RandomSource {
  readonly shape = 'book';
  readonly #sides = [new Map<number, number>(), new Map<number, number>()] as const;
  #shown: { readonly sides: readonly Map<number, number>[]; readonly last: number } = {
    sides: [new Map(), new Map()],
    last: 0,
  };
  #last = 0;

  change(): void {
    const side = this.#sides[below(this.random, 2)]!;
    for (let n = below(this.random, 8); n >= 0; n--) {
      const ticks = below(this.random, 150);
      if (this.random() < 0.4) side.delete(ticks);
      else side.set(ticks, 1 + below(this.random, 5));
    }
    if (this.random() < 0.3) this.#last = below(this.random, 150);
  }

  poll(): object | undefined {
    const before = this.#shown;
    const [bids, asks] = this.#sides.map((side, index) => differences(before.sides[index]!, side));
    this.#shown = { sides: this.#sides.map((side) => new Map(side)), last: this.#last };
    const isSame = bids!.length + asks!.length === 0 && this.#last === before.last;
    return isSame ? undefined : { bids, asks, isReady: true, lastTicks: this.#last };
  }

  snapshot(): object {
    const [bids, asks] = this.#shown.sides.map((side) => [...side].toSorted(([a], [b]) => a - b));
    return { bids: bids!.toReversed(), asks, isReady: true, lastTicks: this.#shown.last };
  }
}

function differences(before: ReadonlyMap<number, number>, now: ReadonlyMap<number, number>): LevelEntry[] {
  const changed = [...now].filter(([ticks, lots]) => before.get(ticks) !== lots);
  const gone = [...before.keys()].filter((ticks) => !now.has(ticks)).map((ticks): LevelEntry => [ticks, 0]);
  return [...changed, ...gone];
}

/** Trades, or alerts, of which some replace others. */
export class RandomList extends RandomSource {
  readonly shape = 'list';
  readonly #most: number;
  readonly #isKeyed: boolean;
  #items: { readonly key: string; readonly value: number }[] = [];
  #pending: { readonly key: string; readonly value: number }[] = [];
  #next = 0;

  constructor(topic: string, intervalMs: number, random: Random) {
    super(topic, intervalMs, random);
    this.#isKeyed = topic === 'alerts';
    this.#most = this.#isKeyed ? LIST_LENGTH.alerts : LIST_LENGTH.trades;
  }

  change(): void {
    // Now and then more at once than the list holds.
    for (let n = this.random() < 0.02 ? 700 : below(this.random, 12); n >= 0; n--) {
      const isOld = this.#isKeyed && this.#next > 0 && this.random() < 0.4;
      const key = String(isOld ? Math.max(0, this.#next - 1 - below(this.random, 600)) : this.#next++);
      this.#pending.push({ key, value: this.random() });
    }
  }

  poll(): object | undefined {
    const items = this.#pending;
    if (items.length === 0) return undefined;
    this.#pending = [];
    for (const item of items) {
      const index = this.#isKeyed ? this.#items.findIndex(({ key }) => key === item.key) : -1;
      if (index >= 0) this.#items[index] = item;
      else this.#items.push(item);
      if (this.#items.length > this.#most) this.#items.shift();
    }
    return { items };
  }

  snapshot(): object {
    return { items: [...this.#items] };
  }
}

export class RandomState extends RandomSource {
  readonly shape = 'state';
  #value = 0;
  #shown = -1;

  change(): void {
    this.#value += 1;
  }

  poll(): object | undefined {
    if (this.#value === this.#shown) return undefined;
    this.#shown = this.#value;
    return this.snapshot();
  }

  snapshot(): object {
    return { value: this.#shown };
  }
}

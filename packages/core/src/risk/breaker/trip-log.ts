/** The last trips of all breakers, with the numbers that caused them. */
import { checkState } from '../../base/state.ts';
import type { Trigger, Trip } from './trigger.ts';

/** Trips that are kept. */
const KEPT = 256;
const STRIDE = 8;
const NS = 0;
const MARKET = 1;
const TRIGGER = 2;
const VALUE = 3;
const LIMIT = 4;
const RELAPSE = 5;
const COOLDOWN = 6;

export interface TripLogState {
  readonly count: number;
  readonly counts: Float64Array;
  readonly data: Float64Array;
}

export class TripLog {
  /** Trips so far. */
  count = 0;
  /** The same by instrument; the last one is that of all. */
  readonly counts: Float64Array;
  readonly #data = new Float64Array(KEPT * STRIDE);

  /** @param rows instruments, and one for all */
  constructor(rows: number) {
    this.counts = new Float64Array(rows);
  }

  add({ ns, market, trigger, value, limit, isRelapse, cooldownNs }: Omit<Trip, 'number'>): void {
    this.counts[market < 0 ? this.counts.length - 1 : market]++;
    const at = (this.count++ % KEPT) * STRIDE;
    this.#data.set([ns, market, trigger, value, limit, isRelapse ? 1 : 0, cooldownNs], at);
  }

  /** Oldest first. */
  list(): Trip[] {
    const data = this.#data;
    const trips: Trip[] = [];
    for (let number = Math.max(1, this.count - KEPT + 1); number <= this.count; number++) {
      const at = ((number - 1) % KEPT) * STRIDE;
      trips.push({
        number,
        ns: data[at + NS],
        market: data[at + MARKET],
        // oxlint-disable-next-line no-unsafe-type-assertion -- as it was added
        trigger: data[at + TRIGGER] as Trigger,
        value: data[at + VALUE],
        limit: data[at + LIMIT],
        isRelapse: data[at + RELAPSE] !== 0,
        cooldownNs: data[at + COOLDOWN],
      });
    }
    return trips;
  }

  save(): TripLogState {
    return { count: this.count, counts: this.counts.slice(), data: this.#data.slice() };
  }

  restore(state: TripLogState): void {
    checkState('the trips', state, this.save());
    this.count = state.count;
    this.counts.set(state.counts);
    this.#data.set(state.data);
  }
}

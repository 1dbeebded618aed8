/** Counts refused tokens by address: who has tried too many waits for the rest of the minute, whatever is tried then. */

const WINDOW_MS = 60_000;
const MOST = 30;
/** Addresses that are remembered; beyond, the oldest is forgotten. */
const ADDRESSES = 10_000;

export class Failures {
  readonly #counts = new Map<string, { count: number; readonly sinceMs: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Seconds to wait; 0 = none. */
  waitSeconds(address: string): number {
    const entry = this.#counts.get(address);
    if (entry === undefined) return 0;
    const leftMs = entry.sinceMs + WINDOW_MS - this.#now();
    if (leftMs <= 0) {
      this.#counts.delete(address);
      return 0;
    }
    return entry.count < MOST ? 0 : Math.ceil(leftMs / 1000);
  }

  add(address: string): void {
    if (this.waitSeconds(address) > 0) return;
    const entry = this.#counts.get(address);
    if (entry !== undefined) {
      entry.count++;
      return;
    }
    if (this.#counts.size >= ADDRESSES) {
      const [oldest] = this.#counts.keys();
      this.#counts.delete(oldest!);
    }
    this.#counts.set(address, { count: 1, sinceMs: this.#now() });
  }
}

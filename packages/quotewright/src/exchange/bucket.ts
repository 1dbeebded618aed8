/** So many requests in a span of time: a bucket that fills evenly. */

export class Bucket {
  readonly limit: number;
  readonly #spanMs: number;
  readonly #nowMs: () => number;
  #left: number;
  #filledMs: number;

  constructor(limit: number, spanMs: number, nowMs: () => number) {
    this.limit = limit;
    this.#spanMs = spanMs;
    this.#nowMs = nowMs;
    this.#left = limit;
    this.#filledMs = nowMs();
  }

  /** Whole requests that it has, as of the last one that was taken. */
  get left(): number {
    return Math.floor(this.#left);
  }

  take(): boolean {
    const nowMs = this.#nowMs();
    this.#left = Math.min(this.limit, this.#left + ((nowMs - this.#filledMs) * this.limit) / this.#spanMs);
    this.#filledMs = nowMs;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}

/** A bucket for each customer. */
export class Buckets {
  readonly #make: () => Bucket;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limit: number, spanMs: number, nowMs: () => number) {
    this.#make = () => new Bucket(limit, spanMs, nowMs);
  }

  of(customer: string): Bucket {
    let bucket = this.#buckets.get(customer);
    if (bucket === undefined) this.#buckets.set(customer, (bucket = this.#make()));
    return bucket;
  }
}

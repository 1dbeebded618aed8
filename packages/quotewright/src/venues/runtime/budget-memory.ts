/** What is used of a venue's limits, in memory that several threads share: a lock and a float64 row a rule. */

/** The lock, and a word of nothing so that the rows lie on eight bytes. */
const HEAD_BYTES = 8;
/** So often is the lock tried before it is held to be of a thread that has died with it. */
const MAX_SPINS = 1_000_000;

/** A row: what is used, and of which window (`window`), or as of when (`bucket`), Unix milliseconds. */
export const Use = { USED: 0, SINCE_MS: 1, FIELDS: 2 } as const;

export class BudgetMemory {
  readonly shared: SharedArrayBuffer;
  /** To be read and written while it is locked. */
  readonly rows: Float64Array;
  readonly #lock: Int32Array;

  /** @param rules of which there is a row each; one more holds a ban */
  constructor(rules: number, shared = new SharedArrayBuffer(bytesOf(rules))) {
    if (shared.byteLength !== bytesOf(rules)) {
      throw new RangeError(`budget memory of ${shared.byteLength} bytes is not that of ${rules} rules`);
    }
    this.shared = shared;
    this.rows = new Float64Array(shared, HEAD_BYTES);
    this.#lock = new Int32Array(shared, 0, 1);
  }

  lock(): void {
    // Held for some loads and stores at a time: a thread that waits longer than that waits for a dead one.
    for (let spin = 0; spin < MAX_SPINS; spin++) if (Atomics.compareExchange(this.#lock, 0, 0, 1) === 0) return;
  }

  unlock(): void {
    Atomics.store(this.#lock, 0, 0);
  }
}

function bytesOf(rules: number): number {
  return HEAD_BYTES + (rules + 1) * Use.FIELDS * Float64Array.BYTES_PER_ELEMENT;
}

/** Which alerts pass, by looking at all that were raised before: the slow and obvious way. */

interface Passed {
  readonly number: number;
  readonly key: string;
  readonly severity: number;
  readonly ns: number;
}

export class NaiveAlerts {
  /** Number, and how many were held back before it. */
  readonly passed: [number, number][] = [];
  readonly #all: Passed[] = [];
  readonly #held = new Map<string, number>();
  readonly #cleared = new Set<string>();
  readonly #throttle: (type: number) => number;

  constructor(throttle: (type: number) => number) {
    this.#throttle = throttle;
  }

  raise(type: number, severity: number, market: number, ns: number): void {
    const key = `${type} ${market}`;
    const last = this.#all.findLast((each) => each.key === key);
    const isNew = last === undefined || this.#cleared.has(key);
    const isWorse = last !== undefined && severity > last.severity;
    const isOver = last !== undefined && severity === 0 && last.severity > 0;
    const isOld = last !== undefined && ns - last.ns >= this.#throttle(type);
    if (!(isNew || isWorse || isOver || isOld || severity === 3)) {
      this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
      return;
    }
    const number = this.#all.length + 1;
    this.#all.push({ number, key, severity, ns });
    this.passed.push([number, this.#held.get(key) ?? 0]);
    this.#held.delete(key);
    this.#cleared.delete(key);
  }

  clear(type: number, market: number): void {
    this.#cleared.add(`${type} ${market}`);
  }

  /** Numbers of the last alerts of what stands, of those that are kept. */
  standing(kept: number): number[] {
    return this.#all
      .filter(({ key, severity, number }) => {
        const isLast = this.#all.findLast((each) => each.key === key)?.number === number;
        return isLast && severity > 0 && !this.#cleared.has(key) && number > this.#all.length - kept;
      })
      .map(({ number }) => number);
  }
}

/** 400 requests a second and 10,000 in ten minutes. Source: www.bitstamp.net/api, "Request limits". */

const RULES = [
  { limit: 400, perMs: 1000 },
  { limit: 10_000, perMs: 600_000 },
] as const;

export class Windows {
  readonly #nowMs: () => number;
  readonly #used = RULES.map(() => ({ window: 0, count: 0 }));

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  take(): boolean {
    const nowMs = this.#nowMs();
    for (const [i, { limit, perMs }] of RULES.entries()) {
      const used = this.#used[i]!;
      const window = Math.floor(nowMs / perMs);
      if (used.window !== window) {
        used.window = window;
        used.count = 0;
      }
      if (used.count >= limit) return false;
      used.count++;
    }
    return true;
  }
}

const NS_PER_MS = 1e6;

/** The offset between the recorder's clock and the venue's, as far as one-way times show it. Reported, never corrected. */
export class ClockOffset {
  /** Least and greatest local − venue time seen, in nanoseconds; the least is the clock offset plus the shortest way. */
  leastNs = Number.POSITIVE_INFINITY;
  greatestNs = Number.NEGATIVE_INFINITY;

  /** Takes a local − venue time; NaN counts for nothing. */
  observe(differenceNs: number): void {
    if (differenceNs < this.leastNs) this.leastNs = differenceNs;
    if (differenceNs > this.greatestNs) this.greatestNs = differenceNs;
  }

  /** A note when messages seem to arrive before they were sent; venues tell milliseconds, rounded in any way. */
  get notes(): string[] {
    if (this.leastNs > -NS_PER_MS) return [];
    return [
      `local clock is behind the venue's: local − venue time is ${seconds(this.leastNs)} to ${seconds(this.greatestNs)} s; ` +
        'times are left as recorded, feed latency must be shifted by that',
    ];
  }
}

function seconds(ns: number): string {
  return (ns / 1e9).toFixed(3);
}

/** Tells when the journal is behind: records that were given to it so long ago are not safe yet. Looks between slices of the session. */
import type { AlertCenter } from './alert-center.ts';

export interface Journalling {
  /** Records given so far, and those of them that are safe. */
  readonly appended: number;
  readonly committed: number;
}

export class JournalWatch {
  readonly #alerts: AlertCenter;
  readonly #lagMs: number;
  readonly #clock: () => number;
  /** Records that had been given at the start of the time that is measured, and that start. */
  #awaited = 0;
  #sinceMs = 0;
  #isLate = false;

  /** @param clock of the machine, milliseconds */
  constructor(alerts: AlertCenter, lagMs: number, clock: () => number = () => performance.now()) {
    this.#alerts = alerts;
    this.#lagMs = lagMs;
    this.#clock = clock;
  }

  look({ appended, committed }: Journalling, nowNs: number): void {
    const nowMs = this.#clock();
    if (committed >= this.#awaited) {
      if (this.#isLate) this.#tell('INFO', nowMs - this.#sinceMs, nowNs);
      this.#isLate = false;
      this.#awaited = appended;
      this.#sinceMs = nowMs;
    } else if (!this.#isLate && nowMs - this.#sinceMs >= this.#lagMs) {
      this.#isLate = true;
      this.#tell('WARNING', nowMs - this.#sinceMs, nowNs);
    }
  }

  #tell(severity: 'INFO' | 'WARNING', value: number, nowNs: number): void {
    this.#alerts.raise({ type: 'JOURNAL_LAG', severity, value, limit: this.#lagMs }, nowNs);
  }
}

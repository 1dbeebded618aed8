/** What a check of a rebuilt book against the recording's own truth found. */
import type { ReadReport } from './report.ts';

export interface Check {
  /** What was compared with what, for instance `bookTicker: best price and size`. */
  readonly name: string;
  made: number;
  matched: number;
  mismatched: number;
  /** Mismatches that the recording itself is known to be wrong about, with the reason of each kind; not in `mismatched`. */
  readonly explained: Map<string, number>;
  /** The first unexplained mismatch in full: where, what the book said, what the truth said. */
  first: string | undefined;
}

export interface Verdict {
  readonly format: string;
  readonly path: string;
  readonly checks: Check[];
  /** Facts a person should know (a zombie evicted, a clock shifted), one line each. */
  readonly notes: string[];
  readonly report: ReadReport;
}

export function newCheck(name: string): Check {
  return { name, made: 0, matched: 0, mismatched: 0, explained: new Map(), first: undefined };
}

/** Counts one comparison; `describe` is called only for the first unexplained mismatch. */
export function record(check: Check, matched: boolean, describe: () => string): void {
  check.made++;
  if (matched) check.matched++;
  else {
    check.mismatched++;
    check.first ??= describe();
  }
}

/** Counts a comparison that failed for a reason that lies in the recording. */
export function recordExplained(check: Check, reason: string): void {
  check.made++;
  check.explained.set(reason, (check.explained.get(reason) ?? 0) + 1);
}

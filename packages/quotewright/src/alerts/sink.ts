/** Where alerts go. `send` neither waits nor throws: whatever becomes of the alert is counted. */
import type { Alert } from './alert.ts';

export interface SinkCounts {
  readonly delivered: number;
  /** Given up, after whatever trials there were. */
  readonly failed: number;
  /** Trials that were repeated. */
  readonly retried: number;
  /** Not tried: too many waited, or the session ended. */
  readonly dropped: number;
}

export interface AlertSink {
  /** As people know it: `webhook ops`. */
  readonly name: string;
  readonly counts: SinkCounts;
  send(alert: Alert): void;
  /** Takes no more, and ends at the latest after so many milliseconds. */
  close(graceMs: number): Promise<void>;
}

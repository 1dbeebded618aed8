/** Who trades on what the venues of a session tell: simulated venues (paper), or the venues themselves (live). */
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { AskVenues } from '../../backtest/run-living.ts';

/** Why trading does not begin: somebody wants the session to end. */
export const INTERRUPTED = 'interrupted before it began';

export interface LiveTrade {
  /** When `run` must be called if nothing comes; Infinity when never. */
  readonly wakeNs: number;
  /** Market records came, whole messages, in the socket's turn: they are taken, and what they call for is sent. */
  records(queue: RecordQueue): void;
  /** Reports on our orders came, as above. */
  reports(queue: RecordQueue): void;
  /** The way for orders to a venue went or came; by the indices of its instruments. */
  connection(venue: string, isUp: boolean, nowNs: number): void;
  /** Does what was due before a time. */
  run(nowNs: number): void;
  /** Sends the requests that the engine has: after anything was done to it from outside. */
  carry(): void;
  /** Begins, or goes on where another process was killed. @returns why trading cannot begin; empty when it does */
  begin(nowNs: number): Promise<string>;
  /** Has the venues asked for our account. */
  readonly ask: AskVenues | undefined;
  /** Ends the session: every order is cancelled. @returns what is left, a line each */
  finish(nowNs: number): Promise<readonly string[]>;
  /**
   * Nothing that the engine wants is sent any more: it cannot be trusted, or does not come to trading. The venues themselves are told to cancel
   * everything. @returns how that went, a line each
   */
  abandon(): Promise<readonly string[]>;
}

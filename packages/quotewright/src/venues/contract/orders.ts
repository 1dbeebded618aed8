/**
 * Our orders at one venue: the engine's requests become the venue's, what the venue says becomes reports. One private connection, and
 * the venue's REST pages. What is not known after a time-out or a break is not guessed: the account is asked.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import type { Budget } from './budget.ts';
import type { Credentials } from './credentials.ts';
import type { Rest } from './rest.ts';
import type { VenueAddresses } from './addresses.ts';
import type { VenueError } from './venue-error.ts';

export interface OrdersSetup {
  readonly instruments: readonly Instrument[];
  /** By instrument of this venue: its index in HEAD of requests and reports. */
  readonly indices: readonly number[];
  /** Instruments of the engine; answers about accounts are by its indices. */
  readonly markets: number;
  readonly epochDay: number;
  readonly addresses: VenueAddresses;
  readonly credentials: Credentials;
  readonly rest: Rest;
  readonly budget: Budget;
  /** Tells our orders from those of others, and of other sessions, of the same account: six of 0-9 a-z. See `client-ids.ts`. */
  readonly tag: string;
  readonly host: OrdersHost;
}

export interface OrdersHost {
  /**
   * Reports for the engine (`trading/records.ts`): LOCAL_NS = when it was received, VENUE_NS = the venue's time. SEQ of a FILL is the same
   * number that `account` gives for the execution (`executionNumber`), so that none is booked twice.
   */
  readonly reports: RecordQueue;
  /** Over the private connection. */
  send(frame: string | Uint8Array): void;
  /** Reports came outside of `message`: they are to be taken now. */
  flush(): void;
  reconnect(reason: string): void;
  tell(event: OrdersEvent): void;
  /** Local time, nanoseconds since the epoch day; and the wall clock as the venue is told it, Unix milliseconds. */
  nowNs(): number;
  nowMs(): number;
}

export interface OrdersEvent {
  readonly type: 'ready' | 'refused' | 'unreadable' | 'notice';
  readonly detail: string;
  readonly error?: VenueError;
}

export interface OrderGateway {
  /** Where the private connection goes to, after `prepare`. */
  readonly url: string;
  /** Sent with the handshake, after `prepare`: of venues that want it signed. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Logged in and subscribed: requests are taken, and reports complete from here on. */
  readonly isReady: boolean;
  /** Gets what a connection needs (a token, a listen key); before each. @throws VenueError */
  prepare(): Promise<void>;
  opened(nowNs: number): void;
  message(bytes: Uint8Array, nowNs: number): void;
  closed(nowNs: number): void;
  /** Some times a second: heartbeats, time-outs, renewals. */
  poll(nowNs: number): void;
  /**
   * The connection is about to be closed for good. What the venue was asked to do when it does not hear from us any more (cancel everything,
   * of others in the same account too) is taken back, unless orders of ours may still stand.
   */
  closing?(nowNs: number): void;
  /**
   * Sends the request at `data[offset]` (NEW, CANCEL, AMEND); it is answered by reports, at once when it cannot be sent (REJECT and the
   * like, with OVERLOADED when the budget is used up). Nothing is answered when it is not known whether it arrived.
   */
  request(data: Float64Array, offset: number, nowNs: number): void;
  /**
   * The last resort: everything of the account that is open in these instruments is cancelled, whoever has placed it and whatever the engine
   * knows; reports tell of ours. @throws VenueError
   */
  cancelAll(): Promise<void>;
  /** What the venue says of our account. Executions at or after the venue time `sinceNs`. @throws VenueError */
  account(sinceNs: number): Promise<VenueAccount>;
}

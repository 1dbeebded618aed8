/**
 * A venue, as everything outside its folder knows it. Protocols are state machines without input and output of their own: bytes and times
 * come in, records and frames go out, so that a recording, a test, a benchmark and a socket drive the same code.
 */
import type { InstrumentSpec } from '@quotewright/core/market/instrument';
import type { VenueAddresses } from './addresses.ts';
import type { BudgetRule, OrderRate } from './budget.ts';
import type { CredentialShape, Credentials } from './credentials.ts';
import type { Feed, FeedSetup } from './feed.ts';
import type { OrderGateway, OrdersSetup } from './orders.ts';
import type { Rest, RestResponse } from './rest.ts';

export interface Venue {
  /** In instruments, options and files: lower case, as `binance-usdm`. */
  readonly name: string;
  /** As the venue writes itself. */
  readonly title: string;
  /** By environment: `live`, and those for testing that the venue has. */
  readonly environments: Readonly<Record<string, VenueAddresses>>;
  readonly abilities: VenueAbilities;
  readonly credentials: CredentialShape;
  /** Its published limits; who sends keeps below them. */
  readonly budgets: readonly BudgetRule[];
  /** What the headers of an answer say is used of them, by their names. Absent: they say nothing. */
  readonly used?: (headers: RestResponse['headers']) => Readonly<Record<string, number>>;
  /** What these leave for orders, for who plans quotes. Absent: nothing that is known of. */
  readonly orderRate?: OrderRate;
  /** What is listed, from the venue's own listing. @throws VenueError */
  listing(rest: Rest): Promise<readonly ListedInstrument[]>;
  /** The venue's clock, Unix milliseconds. @throws VenueError */
  time(rest: Rest): Promise<number>;
  /** `time` is the middle of a step of so many milliseconds, as the venue tells no more; absent: it tells milliseconds. */
  readonly timeStepMs?: number;
  /** The fee rates of the account, by symbol. @throws VenueError */
  fees(rest: Rest, credentials: Credentials, symbols: readonly string[]): Promise<ReadonlyMap<string, FeeRates>>;
  /** What the account has in all, held by orders or not (of margin accounts: the wallet). @throws VenueError */
  balances(rest: Rest, credentials: Credentials): Promise<Balances>;
  /** What the key may do, as far as the venue tells. @throws VenueError */
  keyRights(rest: Rest, credentials: Credentials): Promise<KeyRights>;
  feed(setup: FeedSetup): Feed;
  orders(setup: OrdersSetup): OrderGateway;
}

export interface VenueAbilities {
  /** Orders are amended in place; otherwise the engine cancels and replaces. */
  readonly canAmend: boolean;
  readonly hasMassCancel: boolean;
  /** The venue cancels our orders when it does not hear from us any more. */
  readonly hasCancelOnDisconnect: boolean;
  readonly hasL3: boolean;
  /**
   * The best quote comes as a stream of its own, and the book may be compared with it: by update ids (SEQ of QUOTE and LEVEL count the same
   * changes, so that the book of id u has the best of the last quote up to u), or by time, within a while.
   */
  readonly bestQuote: 'exact' | 'late' | 'none';
  /** Numbers in market records are the venue's and the same on every connection, so that of two connections the first may win. */
  readonly hasGlobalSequence: boolean;
  /** Depth comes in intervals of so many milliseconds, which hide what happens within; absent: each change is told. */
  readonly depthIntervalMs?: number;
  /** Nothing in the protocol shows at once that a message of the book was lost. */
  readonly losesSilently?: boolean;
  /** Market data only: `orders` throws. */
  readonly isReadOnly?: true;
  /** Fees may be taken in what was received, or in a token, and not in the quote currency. */
  readonly takesFeesElsewhere?: true;
  /** It has no orders that are filled whole or not at all: they are refused. */
  readonly lacksFillOrKill?: true;
}

export interface ListedInstrument {
  readonly spec: InstrumentSpec;
  /** Trading, as far as the listing tells. */
  readonly isTrading: boolean;
}

/** Decimal texts, shares of the notional. */
export interface FeeRates {
  readonly maker: string;
  readonly taker: string;
}

/** Exact decimal text by currency, as instruments name it. */
export type Balances = ReadonlyMap<string, string>;

/** Undefined: the venue does not tell. */
export interface KeyRights {
  readonly canTrade: boolean | undefined;
  readonly canWithdraw: boolean | undefined;
  /** Anything else worth telling: addresses it is bound to, when it ends. */
  readonly notes: readonly string[];
}

/**
 * What the faces of the local exchange (a venue's own REST and WebSocket protocol each) and the exchange behind them say to each other. The
 * exchange knows ticks, lots, accounts and orders; a face knows paths, fields, signatures, error codes and channels.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { L3Book } from '@quotewright/core/market/l3-book';
import type { Side } from '@quotewright/core/market/side';
import type { Reject } from '@quotewright/core/trading/records';

/** A key that a face accepts. Each account has one of every venue. */
export interface ExchangeKey {
  readonly account: string;
  readonly key: string;
  /** For HMAC, as the venue gives it to its customers (base64 where the venue's are). */
  readonly secret: string;
  /** Coinbase Exchange. */
  readonly passphrase: string;
  /** SPKI PEM of the public key; the private one (PKCS #8 PEM) is given to the customer. EC P-256, and Ed25519. */
  readonly ecPublic: string;
  readonly ecPrivate: string;
  readonly edPublic: string;
  readonly edPrivate: string;
  readonly canTrade: boolean;
  readonly canWithdraw: boolean;
}

export interface OrderTerms {
  readonly account: string;
  /** Index in `VenueExchange.instruments`. */
  readonly market: number;
  readonly side: Side;
  /** Undefined: a market order, which takes what there is (as an immediate one) and is not worth more than its account has. */
  readonly priceTicks: number | undefined;
  readonly sizeLots: number;
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK';
  readonly isPostOnly: boolean;
  readonly isReduceOnly: boolean;
  /** The customer's own name of it; '' = none. Unique among the account's open orders. */
  readonly clientId: string;
}

/** It is one object from its arrival to its end, whose fields change: take out what you keep. */
export interface ExchangeOrder extends OrderTerms {
  /** The venue's number of it, from 1, in the order of arrival. Faces make the venue's id of it (a UUID, a number). */
  readonly number: number;
  /** The number that it has in the records of its market (ORDER_ID, AUX of a TRADE), where others' orders have numbers too; 0 = none. */
  readonly bookNumber: number;
  readonly priceTicks: number | undefined;
  readonly sizeLots: number;
  readonly filledLots: number;
  /** Sum of price × size of its fills, in ticks × lots. */
  readonly filledAtoms: bigint;
  /** In `feeCurrency` of its fills, decimal text, exact: a rate's share is not rounded. */
  readonly feePaid: string;
  readonly status: 'open' | 'filled' | 'cancelled' | 'rejected';
  /** Of `rejected` and `cancelled`. */
  readonly reason: Reject;
  /** Unix nanoseconds as a count of the exchange's epoch day (`VenueExchange.unixMs`). */
  readonly placedNs: number;
  readonly updatedNs: number;
  readonly fills: readonly ExchangeFill[];
}

export interface ExchangeFill {
  /** Unique at the venue, from 1. It is the number of the trade on the tape too. */
  readonly number: number;
  readonly order: ExchangeOrder;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly isMaker: boolean;
  /** Decimal text, positive = paid, and what in. */
  readonly fee: string;
  readonly feeCurrency: string;
  readonly ns: number;
}

export interface ExchangeBalance {
  readonly currency: string;
  /** Decimal texts: all of it, and what open orders hold of it. */
  readonly total: string;
  readonly held: string;
}

export interface ExchangeListener {
  /**
   * A message of the market is complete: its records (`market/event.ts`, VENUE_NS set) are `data[from, to)`. Order by order (ORDER_ADD,
   * ORDER_EXEC, ORDER_REDUCE, ORDER_REMOVE; a SNAPSHOT_BEGIN … SNAPSHOT_END after an auction; STATUS), then a LEVEL for each level
   * that it has changed, with its size as it is now. Behind each ORDER_EXEC stands a TRADE: SEQ = its number (`ExchangeFill.number`),
   * side = the aggressor's, ORDER_ID = the resting order, AUX = the taker's. SEQ of the others is `sequence(market)`, which counts the
   * market's messages from 1 without gaps. A recording of levels has TRADE and LEVEL only. `market` is the index in
   * `VenueExchange.instruments`, in HEAD too. The orders of accounts that the message concerns have been told of before. `data` is
   * written over afterwards. Place no orders from here.
   */
  market?(market: number, data: Float64Array, from: number, to: number): void;
  /** An order of an account is another now, in the order in which it happened. `fill` belongs to 'fill'. */
  order?(
    order: ExchangeOrder,
    change: 'new' | 'rejected' | 'amended' | 'cancelled' | 'fill',
    fill?: ExchangeFill,
  ): void;
  /** Once a millisecond or so, after whatever has happened: time to send what was gathered. */
  turn?(nowNs: number): void;
}

/** The part of the exchange that one venue's face sees. */
export interface VenueExchange {
  readonly venue: string;
  /** Named as the venue names them. */
  readonly instruments: readonly Instrument[];
  /** Times in nanoseconds count from its midnight, UTC (`base/time.ts`). */
  readonly epochDay: number;
  /** The exchange's time, which runs with the wall clock: nanoseconds since the epoch day, and Unix milliseconds, whole. */
  nowNs(): number;
  nowMs(): number;
  /** Whole Unix milliseconds. */
  unixMs(ns: number): number;
  /** @returns undefined when nobody has it */
  keyOf(key: string): ExchangeKey | undefined;
  /**
   * Places the order: its reports come to listeners before this returns. It is `rejected` when it is refused; with OTHER when an open
   * order of the account has its name (`orderByClientId` tells before).
   */
  place(terms: OrderTerms): ExchangeOrder;
  /** @returns NONE when it was done, UNKNOWN_ORDER when it is not open or another account's */
  cancel(account: string, number: number): Reject;
  /** To a price and a total size, filled included; what is not more than is filled cancels it. @returns as `cancel`, or why not */
  amend(account: string, number: number, priceTicks: number, sizeLots: number): Reject;
  order(account: string, number: number): ExchangeOrder | undefined;
  /** Of the orders with this name the last one. */
  orderByClientId(account: string, clientId: string): ExchangeOrder | undefined;
  /** Oldest first. */
  openOrders(account: string): readonly ExchangeOrder[];
  /** Open ones and others (rejected ones too), oldest first; of those that are not open as many as memory allows. */
  orders(account: string): readonly ExchangeOrder[];
  fills(account: string): readonly ExchangeFill[];
  balances(account: string): readonly ExchangeBalance[];
  /** Signed lots, average entry price in ticks (0 when flat) and realised profit in the quote currency, of margin instruments. */
  position(
    account: string,
    market: number,
  ): { readonly lots: number; readonly entryTicks: number; readonly realised: string };
  /** The queues as they are now. Undefined: a recording of levels plays the market. */
  queues(market: number): L3Book | undefined;
  /** Up to `n` levels of a side, best first; answers how many. */
  top(market: number, side: Side, n: number, prices: Float64Array, sizes: Float64Array): number;
  /** The number of the last message of the market, from 1; in `ExchangeListener.market` of the one at hand. */
  sequence(market: number): number;
  isTrading(market: number): boolean;
  /** Prints, newest last, at most a thousand: price, size, aggressor's side, number, time. */
  recentTrades(
    market: number,
  ): readonly { priceTicks: number; sizeLots: number; side: Side; number: number; ns: number }[];
  /** @returns how to end it */
  listen(listener: ExchangeListener): () => void;
  readonly faults: Faults;
}

/**
 * Faults on command: `take` says whether one is due, and counts it as done. The server does these for every face: drop (connections),
 * delay, gap (a frame of market data is lost), duplicate-fill (a frame with a fill is sent twice), lost-ack (the answer to an
 * order never comes), error-5xx, rate-limit (429), maintenance. A face does what only it can: bad-checksum.
 */
export interface Faults {
  take(fault: FaultName): boolean;
}
export const FAULT_NAMES = [
  'drop',
  'delay',
  'gap',
  'bad-checksum',
  'duplicate-fill',
  'lost-ack',
  'error-5xx',
  'rate-limit',
  'maintenance',
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

export interface FaceRequest {
  readonly method: string;
  /** As it stands in the request line, without and with the query. */
  readonly path: string;
  readonly target: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FaceResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
  /** It acknowledges an order, a cancel or an amendment (`lost-ack`). */
  readonly isAck?: boolean;
}

/** What a frame is, for faults: of the market, of the account, of the account with a fill, an answer to an order request, or none of them. */
export type FrameKind = 'market' | 'private' | 'fill' | 'ack' | 'other';

export interface FaceSocket {
  send(frame: string, kind: FrameKind): void;
  close(code: number, reason: string): void;
}

export interface FaceConversation {
  message(text: string): void;
  closed(): void;
}

/** A venue's protocol, seen from the venue. */
export interface Face {
  http(request: FaceRequest): FaceResponse;
  /** A WebSocket is opened at a path. @returns undefined when the venue has none there */
  connect(socket: FaceSocket, request: FaceRequest): FaceConversation | undefined;
  /** What this venue answers instead: status, headers and words are its own. */
  refusal(fault: 'error-5xx' | 'rate-limit' | 'maintenance'): FaceResponse;
  close(): void;
}

export interface FaceMaker {
  /** The venue's name in our registry, as `kraken`. */
  readonly venue: string;
  /** Instruments that it has unless it is told others: the venue's names for coins against dollars, spot unless the venue is one of futures. */
  instruments(coins: readonly string[]): readonly ExchangeInstrument[];
  make(exchange: VenueExchange): Face;
  /** Fees of spot are taken in what an order receives: in the base currency when it buys. Absent: as the instruments' fees say. */
  readonly takesFeesInReceived?: true;
  /**
   * A key as the venue gives it. `random(n)` are n random bytes. Absent: `account-…` of 32 letters and digits, a secret of 64 bytes in
   * base64, a passphrase of letters and digits.
   */
  credential?(random: (bytes: number) => Buffer): {
    readonly key: string;
    readonly secret: string;
    readonly passphrase?: string;
  };
}

/** The market of an instrument behaves as that of the coin in `calibrate/sample-markets.ts`. */
export interface ExchangeInstrument {
  readonly coin: string;
  readonly instrument: Instrument;
}

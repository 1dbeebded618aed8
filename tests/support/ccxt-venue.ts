/** What a test of a face tells the scenario of `ccxt-child.ts` about its venue. */

export interface CcxtVenue {
  /** Ours, as in `--venues`. */
  readonly venue: string;
  /** ccxt's. */
  readonly id: string;
  /** ccxt's name of the market, and the venue's. */
  readonly symbol: string;
  readonly venueSymbol: string;
  /** What ccxt takes as its secret. */
  readonly secret: 'secret' | 'ecPrivateSec1' | 'edPrivate';
  /** An id of the shape of the venue's, of an order that there is not. */
  readonly unknownOrder: string;
  /** Of ccxt: `{ options: { defaultType: 'future' } }`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Steps that ccxt does not have for this venue, and why. */
  readonly without?: Readonly<Partial<Record<CcxtStep, string>>>;
  /** Steps in which ccxt knows the venue's words of refusal as no more than an `ExchangeError`. */
  readonly plainErrors?: readonly CcxtStep[];
  /** ccxt hands on the maker's side of public trades as the venue tells it, instead of the taker's. */
  readonly hasMakerSides?: boolean;
  /** More parameters of `createOrder` and `watchOrderBook`. */
  readonly orderParams?: Readonly<Record<string, unknown>>;
  readonly bookParams?: Readonly<Record<string, unknown>>;
  readonly bookLimit?: number;
}

export const CCXT_STEPS = [
  'loadMarkets',
  'fetchOrderBook',
  'watchOrderBook',
  'watchTrades',
  'createOrder',
  'fetchOpenOrders',
  'editOrder',
  'cancelOrder',
  'postOnly',
  'fill',
  'fetchMyTrades',
  'watchMyTrades',
  'watchOrders',
  'twoAccounts',
  'fetchBalance',
  'insufficientFunds',
  'wrongSecret',
  'unknownOrder',
  'badPrice',
  'rateLimit',
  'serverError',
] as const;
export type CcxtStep = (typeof CCXT_STEPS)[number];

/** A key of the file of `--write-keys`. */
export interface CcxtKey {
  readonly account: string;
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
  readonly ecPrivateSec1: string;
  readonly edPrivate: string;
}

export interface CcxtTask {
  readonly venue: CcxtVenue;
  /** The exchange's page, and the address of the face. */
  readonly page: string;
  readonly rest: string;
  readonly websocket: string;
  readonly keys: readonly CcxtKey[];
}

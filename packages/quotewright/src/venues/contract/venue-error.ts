/** What a venue, or the way to it, has against a request: one code for all venues, and the venue's own words. */
import { Reject } from '@quotewright/core/trading/records';

export const VENUE_ERROR_CODES = [
  /** No answer in time. */
  'TIMEOUT',
  /** No connection, or it broke. */
  'NETWORK',
  /** The venue failed (5xx). */
  'SERVER',
  'MAINTENANCE',
  /** Too many requests; `retryAfterMs` when the venue tells. */
  'RATE_LIMITED',
  /** Shut out for having sent too many. */
  'BANNED',
  /** Key, signature or passphrase is wrong. */
  'AUTH',
  /** The key may not do this. */
  'PERMISSION',
  /** Our clock is too far from the venue's, or a nonce went back. */
  'CLOCK',
  'UNKNOWN_SYMBOL',
  'UNKNOWN_ORDER',
  'DUPLICATE_ORDER',
  'INSUFFICIENT_BALANCE',
  'BAD_PRICE',
  'BAD_SIZE',
  'BAD_NOTIONAL',
  'POST_ONLY_WOULD_TAKE',
  'FOK_UNFILLED',
  'REDUCE_ONLY',
  'SELF_TRADE',
  /** Trading is halted, or this kind of order is not taken now. */
  'HALTED',
  'TOO_MANY_ORDERS',
  /** The venue understood the request and does not want it, for another reason. */
  'REFUSED',
  /** The answer is not what the venue documents. */
  'UNREADABLE',
] as const;
export type VenueErrorCode = (typeof VENUE_ERROR_CODES)[number];

/** What the engine is told of a refused request. */
const REJECTS: Readonly<Partial<Record<VenueErrorCode, Reject>>> = {
  SERVER: Reject.OVERLOADED,
  MAINTENANCE: Reject.HALTED,
  RATE_LIMITED: Reject.OVERLOADED,
  BANNED: Reject.OVERLOADED,
  UNKNOWN_ORDER: Reject.UNKNOWN_ORDER,
  INSUFFICIENT_BALANCE: Reject.INSUFFICIENT_BALANCE,
  BAD_PRICE: Reject.BAD_PRICE,
  BAD_SIZE: Reject.BAD_SIZE,
  BAD_NOTIONAL: Reject.BAD_NOTIONAL,
  POST_ONLY_WOULD_TAKE: Reject.POST_ONLY_WOULD_TAKE,
  FOK_UNFILLED: Reject.FOK_UNFILLED,
  REDUCE_ONLY: Reject.REDUCE_ONLY,
  SELF_TRADE: Reject.SELF_TRADE,
  HALTED: Reject.HALTED,
  TOO_MANY_ORDERS: Reject.OVERLOADED,
};

export interface VenueErrorDetails {
  readonly venue: string;
  readonly code: VenueErrorCode;
  /** The venue's own code and words, as they came. */
  readonly venueCode?: string;
  readonly text: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** The venue may have done what was asked. */
  readonly mayHaveArrived?: boolean;
}

export class VenueError extends Error {
  readonly venue: string;
  readonly code: VenueErrorCode;
  readonly venueCode: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly mayHaveArrived: boolean;

  constructor(details: VenueErrorDetails, options?: ErrorOptions) {
    const { venue, code, venueCode = '', text, status, retryAfterMs, mayHaveArrived = false } = details;
    super(`${venue}: ${code}${venueCode === '' ? '' : ` (${venueCode})`}: ${text}`, options);
    this.venue = venue;
    this.code = code;
    this.venueCode = venueCode;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.mayHaveArrived = mayHaveArrived;
  }

  get reject(): Reject {
    return REJECTS[this.code] ?? Reject.OTHER;
  }
}

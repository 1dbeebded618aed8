/**
 * What Gemini's refusals mean: `{"result":"error","reason":"InsufficientFunds","message":"…"}`, and the reasons of order events.
 * Source: docs.gemini.com, "Error Codes", "Order Events", and answers recorded in 2019.
 */
import { Reject } from '@quotewright/core/trading/records';
import { asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { RestResponse } from '../contract/rest.ts';
import { VenueError, type VenueErrorCode } from '../contract/venue-error.ts';

const CODES: Readonly<Record<string, VenueErrorCode>> = {
  ClientOrderIdTooLong: 'REFUSED',
  DuplicateOrder: 'DUPLICATE_ORDER',
  ExceedsPriceLimits: 'BAD_PRICE',
  FillOrKillWouldNotFill: 'FOK_UNFILLED',
  InsufficientFunds: 'INSUFFICIENT_BALANCE',
  InvalidApiKey: 'AUTH',
  InvalidNonce: 'CLOCK',
  InvalidPrice: 'BAD_PRICE',
  InvalidQuantity: 'BAD_SIZE',
  InvalidSignature: 'AUTH',
  InvalidSymbol: 'UNKNOWN_SYMBOL',
  LimitPriceOffTick: 'BAD_PRICE',
  Maintenance: 'MAINTENANCE',
  MakerOrCancelWouldTake: 'POST_ONLY_WOULD_TAKE',
  MarketNotOpen: 'HALTED',
  MissingApikeyHeader: 'AUTH',
  MissingPayloadHeader: 'AUTH',
  MissingRole: 'PERMISSION',
  MissingSignatureHeader: 'AUTH',
  NoSSL: 'AUTH',
  OrderNotFound: 'UNKNOWN_ORDER',
  RateLimit: 'RATE_LIMITED',
  RateLimited: 'RATE_LIMITED',
  SelfCrossPrevented: 'SELF_TRADE',
  System: 'SERVER',
  UnknownInstrument: 'UNKNOWN_SYMBOL',
};

/** Why an order was cancelled, or refused as an order event tells. */
const REASONS: Readonly<Record<string, Reject>> = {
  Requested: Reject.REQUESTED,
  MakerOrCancelWouldTake: Reject.POST_ONLY_WOULD_TAKE,
  ImmediateOrCancelWouldPost: Reject.UNFILLED_REST,
  FillOrKillWouldNotFill: Reject.FOK_UNFILLED,
  SelfCrossPrevented: Reject.SELF_TRADE,
  ExceedsPriceLimits: Reject.BAD_PRICE,
  InvalidPrice: Reject.BAD_PRICE,
  LimitPriceOffTick: Reject.BAD_PRICE,
  InvalidQuantity: Reject.BAD_SIZE,
  InsufficientFunds: Reject.INSUFFICIENT_BALANCE,
  MarketNotOpen: Reject.HALTED,
  MarketClosed: Reject.HALTED,
  OrderNotFound: Reject.UNKNOWN_ORDER,
};

export function reasonOf(reason: string): Reject {
  return REASONS[reason] ?? Reject.OTHER;
}

/** The parsed answer. @throws VenueError when the venue refuses, fails, or what it says is not JSON */
export function answerOf(response: RestResponse): unknown {
  const { status, text, headers } = response;
  const body = parseJson(text);
  if (status < 400 && body !== undefined && !(isObject(body) && body['result'] === 'error')) return body;
  const retryAfter = Number(headers['retry-after']);
  throw refusalOf(isObject(body) ? body : { message: text }, status, retryAfter > 0 ? retryAfter * 1000 : undefined);
}

/** @param body with `reason` and `message` */
export function refusalOf(body: JsonObject, status: number, retryAfterMs?: number): VenueError {
  const reason = asText(body['reason']);
  const words = asText(body['message']);
  return new VenueError({
    venue: 'gemini',
    code: codeOf(status, reason, words),
    venueCode: reason,
    text: words.slice(0, 300) || `status ${status}`,
    status,
    // The request may have been carried out behind a gateway that failed.
    mayHaveArrived: status >= 500 && reason === '',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function codeOf(status: number, reason: string, words: string): VenueErrorCode {
  const code = CODES[reason];
  if (code !== undefined) return code;
  if (status === 429) return 'RATE_LIMITED';
  if (status >= 500) return 'SERVER';
  if (status === 401) return 'AUTH';
  if (status === 403) return 'PERMISSION';
  if (words.includes('is not a valid symbol')) return 'UNKNOWN_SYMBOL';
  return status < 400 && reason === '' ? 'UNREADABLE' : 'REFUSED';
}

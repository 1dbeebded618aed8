/**
 * What Coinbase Advanced Trade has against a request, as `VenueError`s. An order that is refused comes with status 200 and
 * `success: false`; other refusals with a status, and a body that may be JSON or a word.
 * Source: docs.cdp.coinbase.com, "Create Order", "Cancel Orders", "Edit Order" (enumerations of failure reasons), "REST API Error Responses".
 */
import { asText, isObject, parseJson } from '../../data/json.ts';
import type { RestResponse } from '../contract/rest.ts';
import { VenueError, type VenueErrorCode } from '../contract/venue-error.ts';

const REASONS: Readonly<Record<string, VenueErrorCode>> = {
  INSUFFICIENT_FUND: 'INSUFFICIENT_BALANCE',
  INSUFFICIENT_FUNDS: 'INSUFFICIENT_BALANCE',
  INVALID_LEDGER_BALANCE: 'INSUFFICIENT_BALANCE',
  PREVIEW_INSUFFICIENT_FUND: 'INSUFFICIENT_BALANCE',
  PREVIEW_INVALID_LEDGER_BALANCE: 'INSUFFICIENT_BALANCE',
  INVALID_PRICE_PRECISION: 'BAD_PRICE',
  INVALID_LIMIT_PRICE: 'BAD_PRICE',
  INVALID_EDITED_PRICE: 'BAD_PRICE',
  PREVIEW_INVALID_PRICE_PRECISION: 'BAD_PRICE',
  PREVIEW_INVALID_LIMIT_PRICE: 'BAD_PRICE',
  INVALID_SIZE_PRECISION: 'BAD_SIZE',
  INVALID_EDITED_SIZE: 'BAD_SIZE',
  CANNOT_EDIT_TO_BELOW_FILLED_SIZE: 'BAD_SIZE',
  PREVIEW_INVALID_SIZE_PRECISION: 'BAD_SIZE',
  PREVIEW_INVALID_BASE_SIZE_PRECISION: 'BAD_SIZE',
  PREVIEW_INVALID_BASE_SIZE_TOO_SMALL: 'BAD_SIZE',
  PREVIEW_INVALID_BASE_SIZE_TOO_LARGE: 'BAD_SIZE',
  PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL: 'BAD_NOTIONAL',
  PREVIEW_INVALID_QUOTE_SIZE_TOO_LARGE: 'BAD_NOTIONAL',
  INVALID_LIMIT_PRICE_POST_ONLY: 'POST_ONLY_WOULD_TAKE',
  POST_ONLY_NOT_ALLOWED_WITH_FOK: 'REFUSED',
  INVALID_NO_LIQUIDITY: 'FOK_UNFILLED',
  INVALID_PRODUCT_ID: 'UNKNOWN_SYMBOL',
  UNKNOWN_PRODUCT_ID: 'UNKNOWN_SYMBOL',
  ORDER_ENTRY_DISABLED: 'HALTED',
  PREVIEW_ORDER_ENTRY_DISABLED: 'HALTED',
  INELIGIBLE_PAIR: 'HALTED',
  DUPLICATE_CLIENT_ORDER_ID: 'DUPLICATE_ORDER',
  MAX_OPEN_ORDERS_REACHED: 'TOO_MANY_ORDERS',
  SELF_TRADE: 'SELF_TRADE',
  UNKNOWN_CANCEL_ORDER: 'UNKNOWN_ORDER',
  UNKNOWN_CANCEL_FAILURE_REASON: 'REFUSED',
  ORDER_IS_FULLY_FILLED: 'UNKNOWN_ORDER',
  ORDER_NOT_FOUND: 'UNKNOWN_ORDER',
  COMMANDER_REJECTED_CANCEL_ORDER: 'UNKNOWN_ORDER',
  PERMISSION_DENIED: 'PERMISSION',
  RESOURCE_EXHAUSTED: 'RATE_LIMITED',
  UNAUTHENTICATED: 'AUTH',
  NOT_FOUND: 'REFUSED',
};

/** The error that a refused order, cancel or edit is, from the venue's reason and words. */
export function reasonError(reason: string, text: string): VenueError {
  const code = REASONS[reason] ?? 'REFUSED';
  return new VenueError({ venue: 'coinbase', code, venueCode: reason, text: text === '' ? reason : text });
}

/** The error that a WebSocket message of type `error` is. */
export function socketError(text: string): VenueError {
  return new VenueError({ venue: 'coinbase', code: /auth/iu.test(text) ? 'AUTH' : 'REFUSED', text });
}

/** The error that an answer with a status other than 200 is. */
export function statusError({ status, headers, text }: RestResponse): VenueError {
  const parsed = parseJson(text);
  const body = isObject(parsed) ? parsed : {};
  const reason = asText(body['error']);
  const words = asText(body['message']) || asText(body['error_details']) || text.slice(0, 200);
  const retryAfterMs = Number(headers['retry-after'] ?? Number.NaN) * 1000;
  const details = {
    venue: 'coinbase',
    venueCode: reason,
    text: words.trim() === '' ? `status ${status}` : words,
    status,
  };
  if (status === 429) {
    const isTold = retryAfterMs >= 0;
    return new VenueError({ ...details, code: 'RATE_LIMITED', ...(isTold ? { retryAfterMs } : {}) });
  }
  if (status === 401) return new VenueError({ ...details, code: /expired|timestamp/iu.test(words) ? 'CLOCK' : 'AUTH' });
  if (status === 403) return new VenueError({ ...details, code: 'PERMISSION' });
  if (status === 503 && /maintenance/iu.test(words)) return new VenueError({ ...details, code: 'MAINTENANCE' });
  if (status >= 500) return new VenueError({ ...details, code: 'SERVER', mayHaveArrived: true });
  return new VenueError({ ...details, code: REASONS[reason] ?? 'REFUSED' });
}

export function unreadable(what: string, text: string): VenueError {
  return new VenueError({ venue: 'coinbase', code: 'UNREADABLE', text: `${what}: ${text.slice(0, 200)}` });
}

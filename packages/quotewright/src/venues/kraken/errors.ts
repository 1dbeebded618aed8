/**
 * What Kraken's refusals mean: texts as `EOrder:Insufficient funds`, a severity and a category before the colon, in `error` of a REST answer
 * (a list) or of a WebSocket answer (one).
 * Source: docs.kraken.com/exchange/guides/general/errors, docs.kraken.com/api/docs/websocket-v2/add_order.
 */
import type { Reject } from '@quotewright/core/trading/records';
import { asList, asObject, asText, parseJson } from '../../data/json.ts';
import type { RestResponse } from '../contract/rest.ts';
import { VenueError, type VenueErrorCode } from '../contract/venue-error.ts';

/** By what the text holds, the first that fits. */
const CODES: readonly (readonly [part: string, code: VenueErrorCode])[] = [
  ['EAPI:Invalid key', 'AUTH'],
  ['EAPI:Invalid signature', 'AUTH'],
  ['EAPI:Invalid nonce', 'CLOCK'],
  ['EAPI:Rate limit exceeded', 'RATE_LIMITED'],
  ['EAPI:Bad request', 'REFUSED'],
  ['EAPI:Feature disabled', 'PERMISSION'],
  ['EAuth:Rate limit exceeded', 'RATE_LIMITED'],
  ['EAuth:Too many requests', 'RATE_LIMITED'],
  ['EAuth:', 'AUTH'],
  ['EAccount:Invalid permissions', 'PERMISSION'],
  ['EGeneral:Permission denied', 'PERMISSION'],
  ['EGeneral:Temporary lockout', 'BANNED'],
  ['EGeneral:Internal error', 'SERVER'],
  ['ESession:', 'AUTH'],
  ['Exceeded msg rate', 'RATE_LIMITED'],
  ['EQuery:Unknown asset pair', 'UNKNOWN_SYMBOL'],
  ['Currency pair not supported', 'UNKNOWN_SYMBOL'],
  ['Currency pair not in ISO', 'UNKNOWN_SYMBOL'],
  ['EOrder:Insufficient funds', 'INSUFFICIENT_BALANCE'],
  ['EOrder:Insufficient margin', 'INSUFFICIENT_BALANCE'],
  ['EOrder:Margin', 'INSUFFICIENT_BALANCE'],
  ['EOrder:Rate limit exceeded', 'RATE_LIMITED'],
  ['EOrder:Domain rate limit exceeded', 'RATE_LIMITED'],
  ['EOrder:Orders limit exceeded', 'TOO_MANY_ORDERS'],
  ['EOrder:Positions limit exceeded', 'TOO_MANY_ORDERS'],
  ['EOrder:Scheduled orders limit exceeded', 'TOO_MANY_ORDERS'],
  ['EOrder:Unknown order', 'UNKNOWN_ORDER'],
  ['EOrder:Invalid order', 'UNKNOWN_ORDER'],
  ['EOrder:Post only order', 'POST_ONLY_WOULD_TAKE'],
  ['EOrder:Reduce only', 'REDUCE_ONLY'],
  ['EOrder:No reducible position', 'REDUCE_ONLY'],
  ['EOrder:Order minimum not met', 'BAD_SIZE'],
  ['EOrder:Cost minimum not met', 'BAD_NOTIONAL'],
  ['EOrder:Tick size check failed', 'BAD_PRICE'],
  ['EOrder:Invalid price', 'BAD_PRICE'],
  ['EOrder:Trading agreement required', 'PERMISSION'],
  ['EOrder:Cannot open', 'REFUSED'],
  ['EOrder:Self trade', 'SELF_TRADE'],
  ['Invalid arguments:price', 'BAD_PRICE'],
  ['Invalid arguments:limit_price', 'BAD_PRICE'],
  ['Invalid arguments:volume', 'BAD_SIZE'],
  ['Invalid arguments:order_qty', 'BAD_SIZE'],
  ['Invalid arguments:cl_ord_id', 'DUPLICATE_ORDER'],
  ['EService:Market in', 'HALTED'],
  ['EService:Unavailable', 'MAINTENANCE'],
  ['EService:Busy', 'SERVER'],
  ['EService:Timeout', 'SERVER'],
  ['EService:Deadline elapsed', 'TIMEOUT'],
  ['EService:', 'SERVER'],
];

export function codeOf(text: string): VenueErrorCode {
  return CODES.find(([part]) => text.includes(part))?.[1] ?? 'REFUSED';
}

export function venueError(text: string, status?: number): VenueError {
  const code = codeOf(text);
  // The category is the venue's code, the rest its words.
  const colon = text.indexOf(':');
  return new VenueError({
    venue: 'kraken',
    code,
    venueCode: colon < 0 ? '' : text.slice(0, colon),
    text: (colon < 0 ? text : text.slice(colon + 1)).slice(0, 300),
    mayHaveArrived: code === 'SERVER' || code === 'TIMEOUT',
    ...(status === undefined ? {} : { status }),
  });
}

export function rejectOf(text: string): Reject {
  return venueError(text).reject;
}

/** `result` of an answer. @throws VenueError when the venue refuses, fails, or what it says is not JSON */
export function resultOf({ status, text, headers }: RestResponse): unknown {
  const body = asObject(parseJson(text));
  const error = asText(asList(body?.['error'])[0]);
  if (error !== '') throw venueError(error, status);
  if (status < 400 && body !== undefined && 'result' in body) return body['result'];
  const retryAfter = Number(headers['retry-after']);
  throw new VenueError({
    venue: 'kraken',
    code: codeOfStatus(status),
    text: text.slice(0, 300) || `status ${status}`,
    status,
    mayHaveArrived: status >= 500,
    ...(retryAfter > 0 ? { retryAfterMs: retryAfter * 1000 } : {}),
  });
}

function codeOfStatus(status: number): VenueErrorCode {
  if (status === 429) return 'RATE_LIMITED';
  if (status === 503) return 'MAINTENANCE';
  if (status >= 500) return 'SERVER';
  if (status === 401 || status === 403) return 'AUTH';
  return status < 400 ? 'UNREADABLE' : 'REFUSED';
}

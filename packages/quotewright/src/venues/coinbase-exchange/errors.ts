/**
 * What Coinbase Exchange has against a request: a status and `{"message": words}`; the words are all that tells one from another.
 * Source: docs.cdp.coinbase.com, "Exchange REST API Requests" (errors); the words as clients know them.
 */
import { asText, isObject, parseJson } from '../../data/json.ts';
import type { RestResponse } from '../contract/rest.ts';
import { VenueError, type VenueErrorCode } from '../contract/venue-error.ts';

/** The first that fits. */
const WORDS: readonly (readonly [RegExp, VenueErrorCode])[] = [
  [/insufficient funds/iu, 'INSUFFICIENT_BALANCE'],
  [/post only/iu, 'POST_ONLY_WOULD_TAKE'],
  [/fill or kill/iu, 'FOK_UNFILLED'],
  [/self.?trade/iu, 'SELF_TRADE'],
  [/price (is )?too (precise|small|large)|price.*(precise|increment)|invalid price/iu, 'BAD_PRICE'],
  [/funds.*(small|large)|notional|minimum funds/iu, 'BAD_NOTIONAL'],
  [/size (is )?too|size.*(precise|accuracy|increment|minimum)|invalid (order )?size/iu, 'BAD_SIZE'],
  [/product not found|invalid product|trading pair/iu, 'UNKNOWN_SYMBOL'],
  [/order not found|order already done|invalid order id|^notfound$/iu, 'UNKNOWN_ORDER'],
  [/client_?oid|duplicate/iu, 'DUPLICATE_ORDER'],
  [/cancel.?only|limit.?only|trading.*(disabled|halted)|not available/iu, 'HALTED'],
  [/maintenance/iu, 'MAINTENANCE'],
  [/timestamp/iu, 'CLOCK'],
  [/signature|api key|passphrase|unauthori[sz]ed|authentication failed/iu, 'AUTH'],
  [/rate limit/iu, 'RATE_LIMITED'],
  [/too many.*orders|maximum.*orders/iu, 'TOO_MANY_ORDERS'],
  [/forbidden|permission/iu, 'PERMISSION'],
];

/** The error that the venue's words are. */
export function wordsError(words: string, status?: number): VenueError {
  const code = WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? 'REFUSED';
  return new VenueError({ venue: 'coinbase-exchange', code, text: words, ...(status === undefined ? {} : { status }) });
}

export function statusError({ status, headers, text }: RestResponse): VenueError {
  const body = parseJson(text);
  const words = (isObject(body) ? asText(body['message']) : '') || text.slice(0, 200) || `status ${status}`;
  const details = { venue: 'coinbase-exchange', text: words, status };
  if (status === 429) {
    const retryAfterMs = Number(headers['retry-after'] ?? 1) * 1000;
    return new VenueError({ ...details, code: 'RATE_LIMITED', ...(retryAfterMs >= 0 ? { retryAfterMs } : {}) });
  }
  if (status >= 500) {
    const isDown = /maintenance/iu.test(words);
    return new VenueError({ ...details, code: isDown ? 'MAINTENANCE' : 'SERVER', mayHaveArrived: !isDown });
  }
  const error = wordsError(words, status);
  if (error.code !== 'REFUSED') return error;
  if (status === 401) return new VenueError({ ...details, code: 'AUTH' });
  return status === 403 ? new VenueError({ ...details, code: 'PERMISSION' }) : error;
}

export function unreadable(what: string, text: string): VenueError {
  return new VenueError({ venue: 'coinbase-exchange', code: 'UNREADABLE', text: `${what}: ${text.slice(0, 200)}` });
}

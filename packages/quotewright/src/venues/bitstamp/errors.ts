/**
 * What Bitstamp's refusals mean. They come as `{"status":"error","reason":{"__all__":["…"]},"code":"API0005"}`, as `{"error":"…"}`, with words for
 * each field, or with a `response_code`, and often with status 200.
 * Source: www.bitstamp.net/api ("Error codes", "Response codes"), and answers recorded in 2019 and 2023.
 */
import { asText, isObject, parseJson } from '../../data/json.ts';
import type { RestResponse } from '../contract/rest.ts';
import { VenueError, type VenueErrorCode } from '../contract/venue-error.ts';

const CODES: Readonly<Record<string, VenueErrorCode>> = {
  API0004: 'CLOCK',
  API0005: 'AUTH',
  API0006: 'AUTH',
  API0008: 'AUTH',
  API0011: 'AUTH',
  API0012: 'AUTH',
  API0013: 'AUTH',
  API0017: 'CLOCK',
  '400.002': 'RATE_LIMITED',
  '400.003': 'HALTED',
  '400.009': 'INSUFFICIENT_BALANCE',
  '400.019': 'DUPLICATE_ORDER',
  '400.020': 'BAD_NOTIONAL',
  '400.021': 'BAD_PRICE',
  '400.026': 'BAD_SIZE',
  '400.067': 'RATE_LIMITED',
  '400.068': 'RATE_LIMITED',
  '403.004': 'PERMISSION',
};

/** By words, the first that fits. */
const WORDS: readonly (readonly [words: RegExp, code: VenueErrorCode])[] = [
  [/maintenance/iu, 'MAINTENANCE'],
  [/order not found/iu, 'UNKNOWN_ORDER'],
  [/check your account balance|insufficient balance|you need .* to open that order/iu, 'INSUFFICIENT_BALANCE'],
  [/minimum order size/iu, 'BAD_NOTIONAL'],
  [/price is (?:more than|out of range)|price: .*decimal places/iu, 'BAD_PRICE'],
  [/amount: .*(?:decimal places|greater than|invalid)/iu, 'BAD_SIZE'],
  [/client_order_id.* (?:already|exists)|duplicate/iu, 'DUPLICATE_ORDER'],
  [/(?:rate limit|too many requests)/iu, 'RATE_LIMITED'],
  [/invalid nonce/iu, 'CLOCK'],
  [/invalid signature|api key not found|authentication failed|wrong api key|missing key/iu, 'AUTH'],
  [/no permission|permission denied|ip address not allowed|account is frozen/iu, 'PERMISSION'],
  [/would (?:take|match)|maker[- ]or[- ]cancel/iu, 'POST_ONLY_WOULD_TAKE'],
  [/fill[- ]or[- ]kill/iu, 'FOK_UNFILLED'],
  [/trading .*(?:disabled|unavailable)|order could not be placed/iu, 'HALTED'],
  [/pair|market .*(?:not found|invalid)/iu, 'UNKNOWN_SYMBOL'],
];

/** The parsed answer. @throws VenueError when the venue refuses, fails, or what it says is not JSON */
export function answerOf(response: RestResponse): unknown {
  const { status, text, headers } = response;
  const body = parseJson(text);
  const isRefusal = isObject(body) && (body['status'] === 'error' || body['error'] !== undefined);
  if (status < 400 && body !== undefined && !isRefusal) return body;
  const venueCode = isObject(body) ? asText(body['code']) || asText(body['response_code']) : '';
  const words = isObject(body) ? wordsOf(body['reason'] ?? body['error'] ?? body['response_explanation'], '') : text;
  const retryAfter = Number(headers['retry-after']);
  throw new VenueError({
    venue: 'bitstamp',
    code: codeOf(status, venueCode, words),
    venueCode,
    text: words.slice(0, 300) || `status ${status}`,
    status,
    mayHaveArrived: status >= 500 && !isRefusal,
    ...(retryAfter > 0 ? { retryAfterMs: retryAfter * 1000 } : {}),
  });
}

/** `__all__` stands for no field. */
function wordsOf(reason: unknown, field: string): string {
  if (typeof reason === 'string') return field === '' ? reason : `${field}: ${reason}`;
  if (Array.isArray(reason)) return reason.map((entry) => wordsOf(entry, field)).join(' ');
  if (!isObject(reason)) return '';
  return Object.entries(reason)
    .map(([name, entry]) => wordsOf(entry, name === '__all__' ? '' : name))
    .filter((words) => words !== '')
    .join(' ');
}

function codeOf(status: number, venueCode: string, words: string): VenueErrorCode {
  if (status === 429) return 'RATE_LIMITED';
  const code = CODES[venueCode] ?? WORDS.find(([pattern]) => pattern.test(words))?.[1];
  if (code !== undefined) return code;
  if (status === 503) return 'MAINTENANCE';
  if (status >= 500) return 'SERVER';
  if (status === 401) return 'AUTH';
  if (status === 403) return 'PERMISSION';
  if (status === 404) return 'UNKNOWN_SYMBOL';
  return status < 400 && venueCode === '' && words === '' ? 'UNREADABLE' : 'REFUSED';
}

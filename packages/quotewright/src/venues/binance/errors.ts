/**
 * Binance's error bodies, `{"code":-1121,"msg":"Invalid symbol."}`, as errors with one code for all venues. Sources: "Error Codes" of spot and of
 * USD-M futures; the words of -1013, -2010 and -2011 tell what the number does not.
 */
import { asInteger, asObject, asText, parseJson } from '../../data/json.ts';
import type { RestResponse } from '../contract/rest.ts';
import { VenueError, type VenueErrorCode } from '../contract/venue-error.ts';

const CODES: Readonly<Record<string, VenueErrorCode>> = {
  '-1000': 'SERVER',
  '-1001': 'SERVER',
  '-1002': 'AUTH',
  '-1003': 'RATE_LIMITED',
  '-1006': 'TIMEOUT',
  '-1007': 'TIMEOUT',
  '-1008': 'RATE_LIMITED',
  '-1010': 'HALTED',
  '-1015': 'TOO_MANY_ORDERS',
  '-1016': 'MAINTENANCE',
  '-1021': 'CLOCK',
  '-1022': 'AUTH',
  '-1034': 'RATE_LIMITED',
  '-1099': 'AUTH',
  '-1111': 'BAD_SIZE',
  '-1121': 'UNKNOWN_SYMBOL',
  '-2008': 'AUTH',
  '-2011': 'UNKNOWN_ORDER',
  '-2013': 'UNKNOWN_ORDER',
  '-2014': 'AUTH',
  '-2015': 'AUTH',
  '-2016': 'HALTED',
  '-2018': 'INSUFFICIENT_BALANCE',
  '-2019': 'INSUFFICIENT_BALANCE',
  '-2020': 'REFUSED',
  '-2021': 'BAD_PRICE',
  '-2022': 'REDUCE_ONLY',
  '-2025': 'TOO_MANY_ORDERS',
  '-2026': 'UNKNOWN_ORDER',
  '-4002': 'BAD_PRICE',
  '-4003': 'BAD_SIZE',
  '-4004': 'BAD_SIZE',
  '-4005': 'BAD_SIZE',
  '-4013': 'BAD_PRICE',
  '-4014': 'BAD_PRICE',
  '-4015': 'REFUSED',
  '-4016': 'BAD_PRICE',
  '-4024': 'BAD_PRICE',
  '-4023': 'BAD_SIZE',
  '-4111': 'REFUSED',
  '-4116': 'DUPLICATE_ORDER',
  '-4131': 'BAD_PRICE',
  '-4164': 'BAD_NOTIONAL',
  '-5021': 'FOK_UNFILLED',
  '-5022': 'POST_ONLY_WOULD_TAKE',
};

/** By words, where a number has several meanings. */
const WORDS: readonly (readonly [RegExp, VenueErrorCode])[] = [
  [/insufficient balance|margin is insufficient/iu, 'INSUFFICIENT_BALANCE'],
  [/immediately match/iu, 'POST_ONLY_WOULD_TAKE'],
  [/duplicate order/iu, 'DUPLICATE_ORDER'],
  [/PRICE_FILTER|PERCENT_PRICE|trigger immediately/iu, 'BAD_PRICE'],
  [/LOT_SIZE/u, 'BAD_SIZE'],
  [/NOTIONAL/u, 'BAD_NOTIONAL'],
  [/MAX_NUM_|MAX_POSITION|too many/iu, 'TOO_MANY_ORDERS'],
  [/market is closed|disabled|trading phase|not permitted|restricted/iu, 'HALTED'],
  [/unknown order|does not exist/iu, 'UNKNOWN_ORDER'],
  [/'price'/u, 'BAD_PRICE'],
  [/'quantity'/u, 'BAD_SIZE'],
];
const BY_WORDS: ReadonlySet<string> = new Set(['-1013', '-2010', '-2011', '-1010', '-1100', '-1102']);
const BY_STATUS: Readonly<Record<number, VenueErrorCode>> = {
  401: 'AUTH',
  403: 'RATE_LIMITED',
  418: 'BANNED',
  429: 'RATE_LIMITED',
  503: 'SERVER',
};

/** What the venue has against a request, from its number, its words and the status. */
export function errorOf(venue: string, code: number, text: string, status = 400, retryAfterMs?: number): VenueError {
  const number = Number.isNaN(code) ? '' : String(code);
  return new VenueError({
    venue,
    code: codeOf(number, text, status),
    venueCode: number,
    text: text === '' ? `status ${status}` : text,
    status,
    // "Unknown error / execution status unknown": the order may have been taken.
    ...(status >= 500 || number === '-1006' || number === '-1007' ? { mayHaveArrived: true } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function codeOf(number: string, text: string, status: number): VenueErrorCode {
  if (status === 418) return 'BANNED';
  if (number === '' || BY_WORDS.has(number)) {
    const found = WORDS.find(([words]) => words.test(text));
    if (found !== undefined) return found[1];
  }
  const known = CODES[number];
  if (known !== undefined) return known;
  return BY_STATUS[status] ?? (status >= 500 ? 'SERVER' : 'REFUSED');
}

/** The error of an answer that is none of success. */
export function errorOfResponse(venue: string, response: RestResponse): VenueError {
  const body = asObject(parseJson(response.text));
  const seconds = Number(response.headers['retry-after'] ?? Number.NaN);
  const text = asText(body?.['msg']) || response.text.slice(0, 200);
  return errorOf(venue, asInteger(body?.['code']), text, response.status, seconds >= 0 ? seconds * 1000 : undefined);
}

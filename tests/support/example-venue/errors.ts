/** Example's error codes as those that all venues share. */
import { asObject, asText, parseJson } from '../../../packages/quotewright/src/data/json.ts';
import type { RestResponse } from '../../../packages/quotewright/src/venues/contract/rest.ts';
import { VenueError, type VenueErrorCode } from '../../../packages/quotewright/src/venues/contract/venue-error.ts';

const CODES: Readonly<Record<string, VenueErrorCode>> = {
  signature: 'AUTH',
  clock: 'CLOCK',
  'too-many': 'RATE_LIMITED',
  failed: 'SERVER',
  maintenance: 'MAINTENANCE',
  'unknown-symbol': 'UNKNOWN_SYMBOL',
  'unknown-order': 'UNKNOWN_ORDER',
  duplicate: 'DUPLICATE_ORDER',
  funds: 'INSUFFICIENT_BALANCE',
  price: 'BAD_PRICE',
  size: 'BAD_SIZE',
  notional: 'BAD_NOTIONAL',
  'post-only': 'POST_ONLY_WOULD_TAKE',
  'fill-or-kill': 'FOK_UNFILLED',
};

export function errorOf(code: string, text: string, status?: number): VenueError {
  return new VenueError({
    venue: 'example',
    code: CODES[code] ?? (status !== undefined && status >= 500 ? 'SERVER' : 'REFUSED'),
    venueCode: code,
    text,
    ...(status === undefined ? {} : { status, mayHaveArrived: status >= 500 }),
  });
}

export function unreadable(what: string, found: unknown): VenueError {
  const text = `${what}: found ${(JSON.stringify(found) ?? '').slice(0, 160)}`;
  return new VenueError({ venue: 'example', code: 'UNREADABLE', text, status: 200 });
}

/** The parsed answer. @throws VenueError when it is an error, or no JSON */
export function answerOf({ status, text }: RestResponse): unknown {
  const body = parseJson(text);
  if (status === 200 && body !== undefined) return body;
  const of = asObject(body);
  throw errorOf(asText(of?.['error']), asText(of?.['message']) || text.slice(0, 200), status);
}

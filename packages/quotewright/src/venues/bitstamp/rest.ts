/** Bitstamp's private REST pages: a signed form. Source: www.bitstamp.net/api, "Authentication". */
import type { Credentials } from '../contract/credentials.ts';
import type { Rest } from '../contract/rest.ts';
import { answerOf } from './errors.ts';
import { COST } from './limits.ts';
import { signedHeaders } from './sign.ts';

export const LIVE_ORIGIN = 'https://www.bitstamp.net';

/**
 * @param body a form, '' for none
 * @param cost of the budget; nothing when it was asked before
 * @returns the parsed answer; @throws VenueError
 */
export async function callPrivate(
  rest: Rest,
  credentials: Credentials,
  path: string,
  body: string,
  isCancel = false,
  cost: Readonly<Record<string, number>> = COST,
): Promise<unknown> {
  const origin = rest.origin ?? LIVE_ORIGIN;
  const sign = (unixMs: number) => ({ headers: signedHeaders(credentials, origin, path, body, unixMs) });
  const form = body === '' ? {} : { body };
  return answerOf(await rest.call({ method: 'POST', path, sign, ...form, cost, isCancel }));
}

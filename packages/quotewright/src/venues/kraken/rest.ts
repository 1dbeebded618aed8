/** Kraken's REST pages: public ones by GET, private ones by a signed POST of a form. Source: docs.kraken.com/api/docs/guides/spot-rest-intro. */
import { setTimeout } from 'node:timers/promises';
import type { Credentials } from '../contract/credentials.ts';
import type { Rest } from '../contract/rest.ts';
import { VenueError } from '../contract/venue-error.ts';
import { resultOf } from './errors.ts';
import { PRIVATE_COST, PUBLIC_COST } from './limits.ts';
import { nextNonce, signature } from './sign.ts';

/**
 * Requests may overtake each other on the way, and then a nonce is too low; and the key's counter, which other processes raise too, may be
 * at its end. In both cases nothing was done: it is signed anew, after a while that lets the counter sink.
 */
const MOST_TRIES = 4;
const WAIT_MS = 3000;

/** @param query with its question mark. @throws VenueError */
export async function callPublic(rest: Rest, page: string, query = ''): Promise<unknown> {
  return resultOf(await rest.call({ method: 'GET', path: `/0/public/${page}${query}`, cost: PUBLIC_COST }));
}

export interface PrivateCall {
  readonly page: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** In place of fields, for pages that take lists. */
  readonly json?: object;
  readonly cost?: Readonly<Record<string, number>>;
  readonly isCancel?: boolean;
}

/** @throws VenueError */
export async function callPrivate(rest: Rest, credentials: Credentials, call: PrivateCall): Promise<unknown> {
  const { page, fields = {}, json, cost = PRIVATE_COST, isCancel = false } = call;
  const path = `/0/private/${page}`;
  const sign = (unixMs: number) => {
    const nonce = nextNonce(unixMs);
    const body =
      json === undefined ? new URLSearchParams({ nonce, ...fields }).toString() : JSON.stringify({ nonce, ...json });
    const headers = {
      'api-key': credentials.bytes('key').toString('latin1'),
      'api-sign': signature(credentials, path, nonce, body),
      'content-type': json === undefined ? 'application/x-www-form-urlencoded' : 'application/json',
    };
    return { headers, body };
  };
  for (let tries = 1; ; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- each try waits for the refusal of the last
    const response = await rest.call({ method: 'POST', path, sign, cost, isCancel });
    try {
      return resultOf(response);
    } catch (error) {
      const code = error instanceof VenueError ? error.code : '';
      if ((code !== 'CLOCK' && code !== 'RATE_LIMITED') || tries === MOST_TRIES) throw error;
      // oxlint-disable-next-line no-await-in-loop -- see above
      if (code === 'RATE_LIMITED') await setTimeout(WAIT_MS);
    }
  }
}

/**
 * Gemini's private REST pages: a POST with a signed payload. The nonces of a key have to arrive in order, so its requests go one after the
 * other, which is no slower than the venue's limits (ten a second); cancels have a lane of their own, in which no other request holds them up.
 * Source: docs.gemini.com, "Private API Invocation".
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Credentials } from '../contract/credentials.ts';
import type { Rest } from '../contract/rest.ts';
import { VenueError } from '../contract/venue-error.ts';
import { answerOf } from './errors.ts';
import { PRIVATE_COST } from './limits.ts';
import { isTimeBased, setTimeBased, signedHeaders } from './sign.ts';

/** Requests of two lanes may overtake each other, and then a nonce is too low: nothing was done, and it is signed anew. */
const MOST_TRIES = 8;
/** So many are of the one kind, before the other is tried. */
const TRIES_OF_A_KIND = 4;
/** Who has not had a turn for so long is refused at once, whatever holds the lane up: longer than an answer is waited for. */
const TURN_MS = 12_000;

/** One after the other. */
class Lane {
  #last: Promise<void> = Promise.resolve();

  /** @throws VenueError RATE_LIMITED when its turn comes too late, or what `run` throws */
  async inTurn(turnMs: number, run: () => Promise<unknown>): Promise<unknown> {
    const before = this.#last;
    const { promise, resolve: done } = Promise.withResolvers<void>();
    this.#last = promise;
    const patience = new AbortController();
    const isLate = await Promise.race([
      before.then(() => false),
      sleep(turnMs, true, { signal: patience.signal }).catch(() => true),
    ]);
    patience.abort();
    if (isLate) {
      void before.then(done);
      throw new VenueError({ venue: 'gemini', code: 'RATE_LIMITED', text: 'too many requests wait for their turn' });
    }
    try {
      return await run();
    } finally {
      done();
    }
  }
}

export interface CallOptions {
  /** It goes in the lane of cancels, and may use what is kept back for them. */
  readonly isCancel?: boolean;
  /** Of the budget; nothing when it was asked before. */
  readonly cost?: Readonly<Record<string, number>>;
  /** Refused (RATE_LIMITED) when it has not had its turn for so long. */
  readonly turnMs?: number;
}

const lanes = new WeakMap<Credentials, { readonly cancels: Lane; readonly others: Lane }>();

/**
 * @param fields as `signedHeaders` takes them
 * @returns the parsed answer; @throws VenueError
 */
export async function callPrivate(
  rest: Rest,
  credentials: Credentials,
  path: string,
  fields: string,
  { isCancel = false, cost = PRIVATE_COST, turnMs = TURN_MS }: CallOptions = {},
): Promise<unknown> {
  let ours = lanes.get(credentials);
  if (ours === undefined) lanes.set(credentials, (ours = { cancels: new Lane(), others: new Lane() }));
  return (isCancel ? ours.cancels : ours.others).inTurn(turnMs, async () => {
    const wasTimeBased = isTimeBased(credentials);
    const sign = (unixMs: number) => ({ headers: signedHeaders(credentials, path, fields, unixMs) });
    for (let tries = 1; ; tries++) {
      const response = await rest.call({ method: 'POST', path, sign, cost, isCancel });
      try {
        return answerOf(response);
      } catch (error) {
        if (!(error instanceof VenueError) || error.venueCode !== 'InvalidNonce' || tries === MOST_TRIES) throw error;
        if (tries === TRIES_OF_A_KIND) setTimeBased(credentials, !wasTimeBased);
      }
    }
  });
}

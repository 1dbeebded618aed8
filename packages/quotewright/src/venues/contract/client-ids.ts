/**
 * Our numbers of orders as text that venues carry for us. `qtag00-1z` is order 71 of the session `qtag00`: at most 18 characters of those
 * that every venue takes (Kraken: 18; Binance: 36 of `.A-Z:/a-z0-9_-`). The numbers hold the process's epoch, so that they are never
 * used twice in a session.
 */
import { createHash } from 'node:crypto';

const TAG = /^[0-9a-z]{6}$/u;
/** Numbers of orders that are not ours begin here. */
const FOREIGN = 2 ** 52;
const FOREIGN_BITS = 51;

export class ClientIds {
  readonly #prefix: string;

  /** @throws RangeError when the tag is not six of 0-9 a-z */
  constructor(tag: string) {
    if (!TAG.test(tag)) throw new RangeError(`tag of client ids: found '${tag}', expected six of 0-9 a-z`);
    this.#prefix = `${tag}-`;
  }

  text(orderId: number): string {
    return this.#prefix + orderId.toString(36);
  }

  /** Our number; 0 when it is none of this session's. */
  number(text: string): number {
    if (!text.startsWith(this.#prefix)) return 0;
    const digits = text.slice(this.#prefix.length);
    const number = Number.parseInt(digits, 36);
    return number > 0 && number < FOREIGN && number.toString(36) === digits ? number : 0;
  }
}

/** A number for an order that somebody else has placed, from the venue's own name of it: always the same one. */
export function foreignNumber(venueOrderId: string): number {
  return FOREIGN + hashOf(venueOrderId, FOREIGN_BITS);
}

/** The number of an execution: the venue's own when it is a whole number below 2^53, else made of its text. */
export function executionNumber(text: string): number {
  const number = /^[1-9]\d{0,15}$/u.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : 1 + hashOf(text, FOREIGN_BITS);
}

function hashOf(text: string, bits: number): number {
  const digest = createHash('sha256').update(text).digest();
  return Number(digest.readBigUInt64BE(0) >> BigInt(64 - bits));
}

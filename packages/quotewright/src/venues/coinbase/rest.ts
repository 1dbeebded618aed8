/** Signed calls of Coinbase Advanced Trade's REST pages, and the parsing of their answers. */
import { isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { Credentials } from '../contract/credentials.ts';
import type { Rest, RestResponse } from '../contract/rest.ts';
import { statusError, unreadable } from './errors.ts';
import { PRIVATE } from './limits.ts';
import { JwtSigner, TokenStock, uriOf } from './sign.ts';

export const API = '/api/v3/brokerage';
const STOCKED = ['orders', 'orders/batch_cancel', 'orders/edit'] as const;
export type OrderPath = (typeof STOCKED)[number];
/** More pages than any account has: a cursor that never ends is a fault of the venue. */
const MAX_PAGES = 200;

export class SignedRest {
  readonly #rest: Rest;
  readonly #signer: JwtSigner;
  readonly #stocks: ReadonlyMap<OrderPath, TokenStock>;

  /** @throws RangeError when the credentials are no key */
  constructor(rest: Rest, credentials: Credentials) {
    this.#rest = rest;
    this.#signer = new JwtSigner(credentials);
    this.#stocks = new Map(
      STOCKED.map((path) => [path, new TokenStock(this.#signer, uriOf('POST', `${API}/${path}`))]),
    );
  }

  /** For a message over a WebSocket. */
  socketToken(nowMs: number): string {
    return this.#signer.token('', nowMs);
  }

  /** Makes tokens ahead; some times a second. */
  refill(nowMs: number): void {
    for (const stock of this.#stocks.values()) stock.refill(nowMs);
  }

  /** @param path behind `/api/v3/brokerage` @throws VenueError when the status is not 200, or the body no object */
  async get(path: string): Promise<JsonObject> {
    const full = API + path;
    const sign = (unixMs: number) => ({
      headers: { authorization: `Bearer ${this.#signer.token(uriOf('GET', full), unixMs)}` },
    });
    return objectOf(await this.#rest.call({ method: 'GET', path: full, sign, cost: PRIVATE }));
  }

  /** Pages of a list, by `cursor`. */
  async list(path: string, name: string): Promise<readonly JsonObject[]> {
    const all: JsonObject[] = [];
    let cursor = '';
    for (let page = 0; page < MAX_PAGES; page++) {
      const separator = path.includes('?') ? '&' : '?';
      const answer = await this.get(cursor === '' ? path : `${path}${separator}cursor=${encodeURIComponent(cursor)}`);
      const entries = answer[name];
      if (!Array.isArray(entries) || !entries.every(isObject))
        throw unreadable(`${path} without ${name}`, JSON.stringify(answer));
      all.push(...entries);
      const next = answer['cursor'];
      if (typeof next !== 'string' || next === '' || next === cursor || answer['has_next'] === false) return all;
      cursor = next;
    }
    throw unreadable(`${path} does not end`, cursor);
  }

  /** Sends an order, cancel or edit that the budget has been asked for. @throws as `get` */
  async post(path: OrderPath, body: string, isCancel: boolean, cost: Readonly<Record<string, number>>) {
    const stock = this.#stocks.get(path)!;
    const sign = (unixMs: number) => ({
      headers: { authorization: `Bearer ${stock.take(unixMs)}`, 'content-type': 'application/json' },
    });
    return objectOf(await this.#rest.call({ method: 'POST', path: `${API}/${path}`, sign, body, cost, isCancel }));
  }
}

/** @throws VenueError */
export function objectOf(response: RestResponse): JsonObject {
  if (response.status !== 200) throw statusError(response);
  const body = parseJson(response.text);
  if (!isObject(body)) throw unreadable('answer that is no object', response.text);
  return body;
}

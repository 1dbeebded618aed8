/** Signed calls of Coinbase Exchange's REST pages. */
import { isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { Credentials } from '../contract/credentials.ts';
import type { Rest, RestRequest } from '../contract/rest.ts';
import { statusError, unreadable } from './errors.ts';
import { HmacSigner } from './sign.ts';

const MAX_PAGES = 200;
export const PAGE = 1000;

export class SignedRest {
  readonly #rest: Rest;
  readonly signer: HmacSigner;

  constructor(rest: Rest, credentials: Credentials) {
    this.#rest = rest;
    this.signer = new HmacSigner(credentials);
  }

  /** The parsed answer. @throws VenueError when the status is not 2xx */
  async call(request: RestRequest): Promise<unknown> {
    return (await this.#answer(request)).value;
  }

  /**
   * Pages of a list, by the `cb-after` of each.
   * @param isPast whether an entry, and all after it, are not wanted
   * @throws VenueError
   */
  async list(
    path: string,
    cost: Readonly<Record<string, number>>,
    isPast: (entry: JsonObject) => boolean = () => false,
  ): Promise<readonly JsonObject[]> {
    const all: JsonObject[] = [];
    let after = '';
    for (let page = 0; page < MAX_PAGES; page++) {
      const separator = path.includes('?') ? '&' : '?';
      const whole = `${path}${separator}limit=${PAGE}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`;
      const { value, next } = await this.#answer({ method: 'GET', path: whole, cost });
      if (!Array.isArray(value) || !value.every(isObject))
        throw unreadable(`${path} is no list`, JSON.stringify(value));
      all.push(...value);
      if (next === '' || next === after || value.length < PAGE || isPast(value.at(-1)!)) return all;
      after = next;
    }
    throw unreadable(`${path} does not end`, after);
  }

  async #answer(request: RestRequest): Promise<{ value: unknown; next: string }> {
    const { method, path, body = '' } = request;
    const sign = (unixMs: number) => ({ headers: this.signer.headers(method, path, body, unixMs) });
    const response = await this.#rest.call({ ...request, sign });
    if (response.status < 200 || response.status > 299) throw statusError(response);
    const value = parseJson(response.text);
    if (value === undefined) throw unreadable(path, response.text);
    return { value, next: response.headers['cb-after'] ?? '' };
  }
}

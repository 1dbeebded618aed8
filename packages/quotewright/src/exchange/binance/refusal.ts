/** What Binance has against a request: its number and its words ("Error Codes" of spot and of USD-M futures). */
import type { FaceResponse } from '../contract.ts';

export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  /** Beside number and words, as `cancelReplace` has it. */
  readonly data: unknown;

  constructor(code: number, text: string, status = 400, data?: unknown) {
    super(text);
    this.code = code;
    this.status = status;
    this.data = data;
  }

  get body(): { code: number; msg: string; data?: unknown } {
    const { code, message: msg, data } = this;
    return data === undefined ? { code, msg } : { code, msg, data };
  }

  get response(): FaceResponse {
    return { status: this.status, headers: JSON_HEADERS, body: JSON.stringify(this.body) };
  }
}

export const JSON_HEADERS = { 'content-type': 'application/json;charset=UTF-8' };

export const refusals = {
  missing: (name: string) =>
    new Refusal(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  illegal: (name: string) =>
    new Refusal(
      -1100,
      `Illegal characters found in parameter '${name}'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.`,
    ),
  illegalNumber: (name: string) =>
    new Refusal(-1100, `Illegal characters found in parameter '${name}'; legal range is '^[0-9]{1,20}$'.`),
  symbol: () => new Refusal(-1121, 'Invalid symbol.'),
  filter: (name: string) => new Refusal(-1013, `Filter failure: ${name}`),
  unknownOrder: () => new Refusal(-2011, 'Unknown order sent.'),
  noSuchOrder: () => new Refusal(-2013, 'Order does not exist.'),
} as const;

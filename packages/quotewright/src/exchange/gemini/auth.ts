/**
 * Who asks: `X-GEMINI-APIKEY`, `X-GEMINI-PAYLOAD` (base64 of JSON with `request`, the path, and `nonce`) and `X-GEMINI-SIGNATURE`, the
 * HMAC-SHA384 of the payload as it came, in hexadecimal. The nonces of a key rise.
 * Source: docs.gemini.com, "Private API Invocation", "Error Codes".
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { asDecimal, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { ExchangeKey, FaceRequest, FaceResponse, VenueExchange } from '../contract.ts';
import { refused } from './answers.ts';

export interface SignedRequest {
  readonly key: ExchangeKey;
  readonly payload: JsonObject;
}

export class GeminiAuth {
  readonly #exchange: VenueExchange;
  readonly #nonces = new Map<string, bigint>();

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
  }

  /** @returns the refusal when it is not signed as it has to be */
  check({ headers, path }: FaceRequest): SignedRequest | FaceResponse {
    const text = headers['x-gemini-payload'];
    const signature = headers['x-gemini-signature'];
    const name = headers['x-gemini-apikey'];
    if (name === undefined) return refused(400, 'MissingApikeyHeader', "Must provide 'X-GEMINI-APIKEY' header");
    if (text === undefined) return refused(400, 'MissingPayloadHeader', "Must provide 'X-GEMINI-PAYLOAD' header");
    if (signature === undefined) {
      return refused(400, 'MissingSignatureHeader', "Must provide 'X-GEMINI-SIGNATURE' header");
    }
    const key = this.#exchange.keyOf(name);
    if (key === undefined) return refused(403, 'InvalidApiKey', 'InvalidApiKey');
    const expected = createHmac('sha384', key.secret).update(text).digest();
    const given = Buffer.from(/^[0-9a-f]{96}$/iu.test(signature) ? signature : '', 'hex');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return refused(400, 'InvalidSignature', 'InvalidSignature');
    }
    const payload = parseJson(Buffer.from(text, 'base64').toString('utf8'));
    if (!isObject(payload)) return refused(400, 'InvalidJson', 'The JSON provided is invalid');
    if (payload['request'] !== path) {
      return refused(400, 'EndpointMismatch', 'EndpointMismatch');
    }
    const nonce = asDecimal(payload['nonce']);
    if (!/^\d{1,19}$/u.test(nonce)) return refused(400, 'InvalidNonce', 'Nonce must be a number');
    const last = this.#nonces.get(key.key) ?? 0n;
    if (BigInt(nonce) <= last) {
      const words = `Nonce '${nonce}' has not increased since your last call to the Gemini API.`;
      return refused(400, 'InvalidNonce', words);
    }
    this.#nonces.set(key.key, BigInt(nonce));
    return { key, payload };
  }
}

export function isRefused(checked: SignedRequest | FaceResponse): checked is FaceResponse {
  return 'status' in checked;
}

/** A customer of the Binance face, by plain requests: signed as Binance documents it, with code of its own. */
import { createHmac } from 'node:crypto';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export class BinanceCustomer {
  readonly #rest: string;
  readonly #key: string;
  readonly #secret: string;

  constructor(rest: string, { key, secret }: { readonly key: string; readonly secret: string }) {
    this.#rest = rest;
    this.#key = key;
    this.#secret = secret;
  }

  /** A signed request: developers.binance.com/docs/binance-spot-api-docs/rest-api/request-security */
  async signed(method: string, path: string, params: Readonly<Record<string, string>>): Promise<Answer> {
    const query = new URLSearchParams({ ...params, timestamp: String(Date.now()) }).toString();
    const signature = createHmac('sha256', this.#secret).update(query).digest('hex');
    const url = `${this.#rest}${path}?${query}&signature=${signature}`;
    const response = await fetch(url, { method, headers: { 'X-MBX-APIKEY': this.#key } });
    return { status: response.status, body: await response.json() };
  }

  async limit(side: 'BUY' | 'SELL', price: string, quantity: string, timeInForce = 'GTC'): Promise<Answer> {
    const order = { symbol: 'BTCUSDT', side, type: 'LIMIT', timeInForce, price, quantity };
    return this.signed('POST', '/api/v3/order', order);
  }
}

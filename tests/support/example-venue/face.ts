/**
 * Example, spoken by the local exchange (`exchange/contract.ts`), so that the suite can try the connector. It is written from the protocol (`venue.ts`) and
 * shares nothing with the connector: signatures are checked with code of its own.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Instrument } from '@quotewright/core/market/instrument';
import { asObject, asText, parseJson } from '../../../packages/quotewright/src/data/json.ts';
import { Buckets } from '../../../packages/quotewright/src/exchange/bucket.ts';
import type {
  ExchangeKey,
  Face,
  FaceMaker,
  FaceRequest,
  FaceResponse,
  VenueExchange,
} from '../../../packages/quotewright/src/exchange/contract.ts';
import { ExampleConversation, orderOf, fillOf } from './face-conversation.ts';

const TICKS: Readonly<Record<string, string>> = { BTC: '0.1', ETH: '0.01' };
const WINDOW_MS = 5000;

export const exampleFace: FaceMaker = {
  venue: 'example',
  instruments: (coins) =>
    coins.map((coin) => ({
      coin,
      instrument: new Instrument({
        venue: 'example',
        symbol: `${coin}-USD`,
        base: coin,
        quote: 'USD',
        tick: TICKS[coin] ?? '0.0001',
        lot: '0.0001',
        minSize: '0.001',
        contract: 'spot',
        fees: { maker: '0.0005', taker: '0.001' },
      }),
    })),
  make: (exchange) => new ExampleFace(exchange),
};

const ok = (value: unknown): FaceResponse => ({ status: 200, body: JSON.stringify(value) });
const failed = (status: number, error: string, message: string): FaceResponse => ({
  status,
  body: JSON.stringify({ error, message }),
});
const tooMany = failed(429, 'too-many', 'Too many requests.');

class ExampleFace implements Face {
  readonly #exchange: VenueExchange;
  readonly #buckets: Buckets;
  readonly #conversations = new Set<ExampleConversation>();
  readonly close: () => void;

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
    this.#buckets = new Buckets(100, 10_000, () => exchange.nowMs());
    this.close = exchange.listen({
      market: (...message) => {
        for (const each of this.#conversations) each.market(...message);
      },
      order: (...change) => {
        for (const each of this.#conversations) each.order(...change);
      },
    });
  }

  http(request: FaceRequest): FaceResponse {
    const { path, method, target, headers, query } = request;
    const exchange = this.#exchange;
    if (path === '/time') return ok({ ms: exchange.nowMs() });
    if (path === '/instruments') return ok(exchange.instruments.map(listed));
    const { 'x-key': key = '', 'x-time': time = '', 'x-sign': sign = '' } = headers;
    const owner = this.#owner(key, time, sign, method + target);
    if (owner === undefined) return failed(401, 'signature', 'Key, time or signature is wrong.');
    if (!this.#buckets.of(key).take()) return tooMany;
    const { account } = owner;
    if (path === '/fees') {
      return ok(exchange.instruments.map(({ symbol, spec: { fees } }) => ({ symbol, ...fees })));
    }
    if (path === '/balances') return ok(exchange.balances(account));
    if (path === '/key') return ok({ rights: owner.canTrade ? ['trade'] : [] });
    const market = exchange.instruments.findIndex(({ symbol }) => symbol === query.get('symbol'));
    if (market < 0) return failed(404, 'unknown-symbol', 'There is no such page or symbol.');
    const open = exchange.openOrders(account).filter((order) => order.market === market);
    if (path === '/orders' && method === 'GET') return ok(open.map((order) => orderOf(exchange, order)));
    if (path === '/orders' && method === 'DELETE') {
      for (const { number } of open) exchange.cancel(account, number);
      return ok({ cancelled: open.length });
    }
    const fromMs = Number(query.get('from'));
    const fills = exchange.fills(account).filter(({ order }) => order.market === market);
    if (path !== '/fills') return failed(404, 'unknown-page', 'There is no such page.');
    return ok(fills.filter(({ ns }) => exchange.unixMs(ns) >= fromMs).map((fill) => fillOf(exchange, fill)));
  }

  connect(...[socket, { path }]: Parameters<Face['connect']>): ReturnType<Face['connect']> {
    if (path !== '/v1') return undefined;
    const conversation = new ExampleConversation(this.#exchange, socket, (account) => this.#buckets.of(account).take());
    this.#conversations.add(conversation);
    return {
      message: (text) => {
        const message = asObject(parseJson(text)) ?? {};
        if (message['op'] !== 'login') return conversation.message(message);
        const [key = '', time = '', sign = ''] = ['key', 'time', 'sign'].map((name) => asText(message[name]));
        return conversation.login(this.#owner(key, time, sign, 'login')?.account);
      },
      closed: () => this.#conversations.delete(conversation),
    };
  }

  refusal(fault: Parameters<Face['refusal']>[0]): FaceResponse {
    if (fault === 'rate-limit') return tooMany;
    return fault === 'maintenance'
      ? failed(503, 'maintenance', 'Back soon.')
      : failed(500, 'failed', 'Something failed.');
  }

  #owner(key: string, time: string, sign: string, words: string): ExchangeKey | undefined {
    const owner = this.#exchange.keyOf(key);
    if (owner === undefined || !(Math.abs(Number(time) - this.#exchange.nowMs()) < WINDOW_MS)) return undefined;
    const expected = createHmac('sha256', owner.secret)
      .update(time + words)
      .digest();
    const found = Buffer.from(sign, 'hex');
    return found.length === expected.length && timingSafeEqual(found, expected) ? owner : undefined;
  }
}

function listed({ symbol, spec }: Instrument): object {
  const { base, quote, tick, lot, minSize: least } = spec;
  return { symbol, base, quote, tick, lot, least, trading: true };
}

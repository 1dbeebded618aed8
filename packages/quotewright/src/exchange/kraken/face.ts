/** Kraken's protocol, seen from the venue: REST below `/0`, and WebSocket v2 at `/v2` for public and private channels alike. */
import { Instrument } from '@quotewright/core/market/instrument';
import type {
  ExchangeInstrument,
  Face,
  FaceConversation,
  FaceMaker,
  FaceRequest,
  FaceResponse,
  FaceSocket,
  VenueExchange,
} from '../contract.ts';
import { KrakenAuth, Refusal } from './auth.ts';
import { Conversation } from './conversation.ts';
import { DeadMan } from './dead-man.ts';
import { ExecutionReports } from './executions.ts';
import { MarketChannels } from './market-channels.ts';
import { PairList } from './names.ts';
import { OrderEntry } from './order-entry.ts';
import { PrivatePages } from './private-pages.ts';
import { PublicPages } from './public-pages.ts';
import { KrakenRates } from './rates.ts';

/** As Kraken lists them: tick, smallest order. */
const PAIRS: Readonly<Record<string, readonly [tick: string, minSize: string]>> = {
  BTC: ['0.1', '0.00005'],
  ETH: ['0.01', '0.002'],
  SOL: ['0.01', '0.02'],
  XRP: ['0.00001', '2'],
  ADA: ['0.000001', '4'],
  DOGE: ['0.0000001', '20'],
  LTC: ['0.01', '0.04'],
};
const OTHER = ['0.0001', '0.1'] as const;
/** Of an account that trades little. */
const FEES = { maker: '0.0025', taker: '0.004' };

export const krakenFace: FaceMaker = {
  venue: 'kraken',
  instruments: (coins) => coins.map(pairOf),
  make: (exchange) => new KrakenFace(exchange),
  credential: (random) => ({ key: random(42).toString('base64'), secret: random(64).toString('base64') }),
};

function pairOf(coin: string): ExchangeInstrument {
  const [tick, minSize] = PAIRS[coin] ?? OTHER;
  const instrument = new Instrument({
    venue: 'kraken',
    symbol: `${coin}/USD`,
    base: coin,
    quote: 'USD',
    tick,
    lot: '0.00000001',
    contract: 'spot',
    minSize,
    minNotional: '0.5',
    fees: FEES,
  });
  return { coin, instrument };
}

class KrakenFace implements Face {
  readonly #exchange: VenueExchange;
  readonly #auth: KrakenAuth;
  readonly #rates = new KrakenRates();
  readonly #publicPages: PublicPages;
  readonly #privatePages: PrivatePages;
  readonly #entry: OrderEntry;
  readonly #deadMan: DeadMan;
  readonly #channels: MarketChannels;
  readonly #reports: ExecutionReports;
  readonly #conversations = new Set<Conversation>();
  readonly #stop: () => void;
  #connections = 0;

  constructor(exchange: VenueExchange) {
    const pairs = new PairList(exchange.instruments);
    this.#exchange = exchange;
    this.#auth = new KrakenAuth(exchange);
    this.#entry = new OrderEntry(exchange, pairs, this.#rates);
    this.#deadMan = new DeadMan(exchange, this.#entry);
    this.#publicPages = new PublicPages(exchange, pairs);
    this.#privatePages = new PrivatePages(exchange, pairs, this.#auth, this.#entry, this.#deadMan);
    this.#channels = new MarketChannels(exchange, pairs);
    this.#reports = new ExecutionReports(exchange);
    this.#stop = exchange.listen({
      market: (market, data, from, to) => this.#channels.market(market, data, from, to),
      order: (order, change, fill) => {
        for (const conversation of this.#conversations) conversation.changed(order, change, fill);
      },
      turn: (nowNs) => {
        this.#deadMan.turn();
        for (const conversation of this.#conversations) conversation.turn(nowNs);
      },
    });
  }

  http(request: FaceRequest): FaceResponse {
    const [, version, kind, page = '', more] = request.path.split('/');
    if (version !== '0' || more !== undefined) return refused('EGeneral:Unknown method', 404);
    try {
      const query = Object.fromEntries(request.query);
      if (kind === 'public') return this.#answer(this.#publicPages.page(page, query), false);
      if (kind === 'private' && request.method === 'POST') return this.#private(page, request);
      return refused('EGeneral:Unknown method', 404);
    } catch (error) {
      if (error instanceof Refusal) return refused(error.message, 200);
      throw error;
    }
  }

  connect(socket: FaceSocket, { path }: FaceRequest): FaceConversation | undefined {
    if (path.replace(/\/$/u, '') !== '/v2') return undefined;
    const conversation = new Conversation(
      {
        exchange: this.#exchange,
        auth: this.#auth,
        rates: this.#rates,
        entry: this.#entry,
        deadMan: this.#deadMan,
        channels: this.#channels,
        reports: this.#reports,
        closed: (each) => this.#conversations.delete(each),
      },
      socket,
      ++this.#connections,
    );
    this.#conversations.add(conversation);
    return conversation;
  }

  refusal(fault: 'error-5xx' | 'rate-limit' | 'maintenance'): FaceResponse {
    if (fault === 'rate-limit') return refused('EAPI:Rate limit exceeded', 200);
    if (fault === 'maintenance') return refused('EService:Unavailable', 200);
    return {
      status: 520,
      headers: { 'content-type': 'text/html' },
      body: '<html><body>520: unknown error</body></html>',
    };
  }

  close(): void {
    this.#stop();
  }

  #private(page: string, request: FaceRequest): FaceResponse {
    const { key, fields } = this.#auth.check(request);
    if (!this.#rates.rest(key.account, page, this.#exchange.nowMs())) throw new Refusal('EAPI:Rate limit exceeded');
    const answer = this.#privatePages.page(page, key, fields);
    return this.#answer(answer?.result, answer?.isAck ?? false);
  }

  #answer(result: unknown, isAck: boolean): FaceResponse {
    if (result === undefined) return refused('EGeneral:Unknown method', 200);
    return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ error: [], result }), isAck };
  }
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

function refused(text: string, status: number): FaceResponse {
  return { status, headers: JSON_TYPE, body: JSON.stringify({ error: [text] }) };
}

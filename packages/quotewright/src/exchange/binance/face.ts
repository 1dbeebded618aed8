/** Binance as its customers see it, spot or USD-M: pages, market streams, the WebSocket API and user data. See docs/venues/binance.md. */
import type {
  ExchangeKey,
  Face,
  FaceConversation,
  FaceMaker,
  FaceRequest,
  FaceResponse,
  FaceSocket,
  VenueExchange,
} from '../contract.ts';
import { lettersOf } from '../letters.ts';
import { checkSignature, checkTime, keyOf, splitSignature } from './auth.ts';
import { Limits } from './limits.ts';
import { ListenKeys } from './listen-keys.ts';
import { OrderWords } from './order-words.ts';
import { type Page, makePages } from './pages.ts';
import { type FaceProduct, SPOT_FACE, USDM_FACE, listedInstruments } from './product.ts';
import { JSON_HEADERS, Refusal } from './refusal.ts';
import { Streams } from './streams.ts';
import { Trading } from './trading.ts';
import { type UserEvent, UserEvents } from './user-events.ts';
import { SocketApi } from './ws-api.ts';
import { makeMethods } from './ws-methods.ts';

const ORDERS_PATH = /\/order(?:\/cancelReplace|\/amend\/keepPriority)?$/u;

class BinanceFace implements Face {
  readonly #exchange: VenueExchange;
  readonly #product: FaceProduct;
  readonly #limits: Limits;
  readonly #pages: ReadonlyMap<string, Page>;
  readonly #streams: Streams;
  readonly #api: SocketApi;
  readonly #events: UserEvents;
  /** USD-M. */
  readonly #listenKeys = new ListenKeys();
  readonly #end: () => void;

  constructor(exchange: VenueExchange, product: FaceProduct) {
    this.#exchange = exchange;
    this.#product = product;
    this.#limits = new Limits(product.limits);
    const words = new OrderWords(exchange, product.isFutures);
    const trading = new Trading(exchange, product, words);
    this.#pages = makePages({ exchange, product, trading, listenKeys: this.#listenKeys });
    this.#streams = new Streams(exchange, product);
    this.#events = new UserEvents(exchange, product.isFutures, words);
    this.#api = new SocketApi({ exchange, limits: this.#limits, methods: makeMethods(exchange, product, trading) });
    this.#end = exchange.listen({
      market: (market, data, from, to) => this.#streams.market(market, data, from, to),
      order: (order, change, fill) => {
        // The order's own event comes first.
        for (const [i, event] of this.#events.of(order, change, fill).entries()) {
          this.#tell(order.account, event, fill !== undefined && i === 0 ? 'fill' : 'private');
        }
      },
      turn: (nowNs) => {
        this.#listenKeys.turn(exchange.nowMs());
        this.#streams.turn(nowNs);
      },
    });
  }

  http(request: FaceRequest): FaceResponse {
    const nowMs = this.#exchange.nowMs();
    const customer = this.#nameOf(request);
    try {
      const page = this.#pages.get(`${request.method} ${request.path}`);
      if (page === undefined) return { status: 404, headers: JSON_HEADERS, body: '{"code":-1000,"msg":"Not found"}' };
      this.#limits.take(customer, page.weight, page.orders, nowMs);
      const { key, parameters } = this.#customer(request, page);
      const body = JSON.stringify(page.run(key, parameters));
      const headers = { ...JSON_HEADERS, ...this.#limits.headers(customer, nowMs) };
      const isAck = request.method !== 'GET' && ORDERS_PATH.test(request.path);
      return { status: 200, headers, body, ...(isAck ? { isAck } : {}) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { response } = error;
      const wait = error.status === 429 || error.status === 418 ? { 'retry-after': waitOf(error) } : {};
      return { ...response, headers: { ...response.headers, ...this.#limits.headers(customer, nowMs), ...wait } };
    }
  }

  connect(socket: FaceSocket, request: FaceRequest): FaceConversation | undefined {
    const path = request.path.replace(/^\/(?:public|market)(?=\/)/u, '');
    if (!this.#product.isFutures && path.startsWith('/ws-api/')) return this.#api.join(socket);
    if (this.#product.isFutures && path.startsWith('/private/')) return this.#listen(socket, request);
    if (path === '/stream') return this.#streams.join(socket, (request.query.get('streams') ?? '').split('/'), true);
    if (path === '/ws' || path.startsWith('/ws/')) return this.#streams.join(socket, path.split('/').slice(2), false);
    return undefined;
  }

  refusal(fault: 'error-5xx' | 'rate-limit' | 'maintenance'): FaceResponse {
    if (fault === 'rate-limit') {
      const words = 'Too much request weight used; current limit is 6000 request weight per 1 MINUTE.';
      const { response } = new Refusal(-1003, words, 429);
      return { ...response, headers: { ...response.headers, 'retry-after': '1' } };
    }
    // Failures of the venue carry no number.
    const words =
      fault === 'maintenance' ? 'Service Unavailable.' : 'Unknown error, please check your request or try again later.';
    return { status: 503, headers: JSON_HEADERS, body: JSON.stringify({ msg: words }) };
  }

  close(): void {
    this.#end();
  }

  /** The parameters of query and body, and whose they are. */
  #customer(request: FaceRequest, page: Page): { key: ExchangeKey | undefined; parameters: URLSearchParams } {
    const at = request.target.indexOf('?');
    const query = at < 0 ? '' : request.target.slice(at + 1);
    const parameters = new URLSearchParams(query);
    for (const [name, value] of new URLSearchParams(request.body))
      if (!parameters.has(name)) parameters.set(name, value);
    if (page.security === 'none') return { key: undefined, parameters };
    const key = keyOf(this.#exchange, request.headers['x-mbx-apikey']);
    if (page.security === 'key') return { key, parameters };
    checkTime(parameters, this.#exchange.nowMs());
    // Query and body are signed one after the other, without anything between them.
    const { payload, signature } = splitSignature(
      request.body === '' ? query : query === '' ? request.body : `${query}${request.body}`,
    );
    checkSignature(key, payload, signature ?? parameters.get('signature'));
    return { key, parameters };
  }

  /** For limits: whoever has no key is the same customer, also who makes one up. */
  #nameOf({ headers }: FaceRequest): string {
    return this.#exchange.keyOf(headers['x-mbx-apikey'] ?? '')?.key ?? '';
  }

  #listen(socket: FaceSocket, { path, query }: FaceRequest): FaceConversation | undefined {
    const keys = this.#listenKeys;
    if (!keys.listen(socket, query.get('listenKey') ?? path.split('/')[3] ?? '', query.get('events'))) return undefined;
    return { message: () => undefined, closed: () => keys.leave(socket) };
  }

  #tell(account: string, event: UserEvent, kind: 'fill' | 'private'): void {
    if (this.#product.isFutures) this.#listenKeys.tell(account, event, kind);
    else this.#api.tell(account, event, kind);
  }
}

/** Whole seconds. */
function waitOf({ data }: Refusal): string {
  if (typeof data !== 'object' || data === null || !('retryAfter' in data) || !('serverTime' in data)) return '1';
  return String(Math.max(1, Math.ceil((Number(data.retryAfter) - Number(data.serverTime)) / 1000)));
}

/** Sixty-four letters and digits each, as Binance gives them. */
function credential(random: (bytes: number) => Buffer): { key: string; secret: string } {
  return { key: lettersOf(random(64)), secret: lettersOf(random(64)) };
}

export const binanceFace: FaceMaker = {
  venue: 'binance',
  instruments: (coins) => listedInstruments(SPOT_FACE, coins),
  make: (exchange) => new BinanceFace(exchange, SPOT_FACE),
  takesFeesInReceived: true,
  credential,
};

export const binanceUsdmFace: FaceMaker = {
  venue: 'binance-usdm',
  instruments: (coins) => listedInstruments(USDM_FACE, coins),
  make: (exchange) => new BinanceFace(exchange, USDM_FACE),
  credential,
};

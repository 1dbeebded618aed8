/** The page at the exchange's own port: what is where, and faults on command. Names of keys are on it, their secrets are not. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { InputError } from '../../data/report.ts';
import { Side } from '@quotewright/core/market/side';
import type { FaultDesk } from '../core/faults.ts';
import type { LocalExchange } from '../core/local-exchange.ts';
import type { VenueDesk } from '../core/venue-desk.ts';
import { type IndexState, indexHtml } from './index-html.ts';
import { type FaultOrder, parseFaultOrder, parseMarketOrder } from './fault-orders.ts';
import { listenOn } from './listen-on.ts';
import { accountOf, bestOf, bookOf, tradesOf } from './plain-state.ts';

const MAX_BODY = 2 ** 16;
const PLACES = 'GET /, /faults, /book, /trades, /account or POST /faults, /market';

export interface ServedVenue {
  readonly desk: VenueDesk;
  readonly faults: FaultDesk;
  readonly keyNames: readonly { readonly account: string; readonly key: string }[];
  readonly port: number;
  readonly connections: () => number;
}

export class IndexPage {
  readonly #server: Server;
  readonly #exchange: LocalExchange;
  readonly #venues: readonly ServedVenue[];

  /** @param venues those that are served, in the end: more may come until it listens */
  constructor(exchange: LocalExchange, venues: readonly ServedVenue[]) {
    this.#exchange = exchange;
    this.#venues = venues;
    this.#server = createServer((request, response) => this.#read(request, response));
  }

  /** @param port 0 = any that is free @returns the port @throws InputError that names the port */
  async listen(port: number): Promise<number> {
    return listenOn(this.#server, port);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** A fault is ordered. */
  order({ venue, rule }: FaultOrder): void {
    for (const { desk, faults } of this.#venues) {
      if (venue !== undefined && desk.venue !== venue) continue;
      if (rule === undefined) faults.clear();
      else faults.add(rule);
    }
  }

  #read(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      if (body.length < MAX_BODY) body += part;
    });
    request.on('end', () => {
      try {
        this.#answer(request, response, body);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        json(response, 400, { error: error.message });
      }
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { method = '', url = '/' } = request;
    const at = url.indexOf('?');
    const path = at < 0 ? url : url.slice(0, at);
    const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
    if (method === 'POST' && !(request.headers['content-type'] ?? '').startsWith('application/json')) {
      // A page of another origin can send forms, and no JSON without asking first.
      json(response, 415, { error: 'content-type: expected application/json' });
      return;
    }
    const place = `${method} ${path}`;
    if (place === 'GET /') this.#index(request, response);
    else if (place === 'GET /faults') json(response, 200, this.#faults());
    else if (place === 'GET /book') json(response, 200, bookOf(...this.#market(query)));
    else if (place === 'GET /trades') json(response, 200, tradesOf(...this.#market(query)));
    else if (place === 'GET /account') json(response, 200, this.#account(query));
    else if (place === 'POST /faults') {
      this.order(parseFaultOrder(parsed(body), this.#names(), 'body'));
      json(response, 200, this.#faults());
    } else if (place === 'POST /market') {
      this.#exchange.isPaused = parseMarketOrder(parsed(body)).paused;
      json(response, 200, { paused: this.#exchange.isPaused });
    } else json(response, 404, { error: `found ${place}, expected ${PLACES}` });
  }

  #desk(query: URLSearchParams): VenueDesk {
    const name = query.get('venue') ?? '';
    const found = this.#venues.find(({ desk }) => desk.venue === name);
    if (found !== undefined) return found.desk;
    throw new InputError(`venue: found '${name}', expected one of ${this.#names().join(', ')}`);
  }

  #market(query: URLSearchParams): [VenueDesk, number] {
    const desk = this.#desk(query);
    const symbol = query.get('symbol') ?? '';
    const market = desk.instruments.findIndex((instrument) => instrument.symbol === symbol);
    if (market >= 0) return [desk, market];
    const symbols = desk.instruments.map((instrument) => instrument.symbol).join(', ');
    throw new InputError(`symbol: found '${symbol}', expected one of ${symbols}`);
  }

  #account(query: URLSearchParams): object {
    const desk = this.#desk(query);
    const name = query.get('account') ?? '';
    if (!desk.accounts.has(name)) {
      throw new InputError(
        `account: found '${name}', expected one of ${[...desk.accounts.keys()].slice(0, 10).join(', ')}`,
      );
    }
    return accountOf(desk, name);
  }

  #index(request: IncomingMessage, response: ServerResponse): void {
    const { isPaused } = this.#exchange;
    const venues = this.#venues.map(({ desk, keyNames, port, connections }) => ({
      venue: desk.venue,
      rest: `http://127.0.0.1:${port}`,
      websocket: `ws://127.0.0.1:${port}`,
      instruments: desk.instruments.map(({ symbol }, market) => ({
        symbol,
        isTrading: desk.isTrading(market),
        messages: desk.sequence(market),
        bid: bestOf(desk, market, Side.BUY),
        ask: bestOf(desk, market, Side.SELL),
      })),
      keys: keyNames,
      connections: connections(),
    }));
    const index = { paused: isPaused, venues, faults: this.#faults() };
    if ((request.headers.accept ?? '').includes('text/html')) html(response, index);
    else json(response, 200, index);
  }

  #faults(): IndexState['faults'] {
    return this.#venues.map(({ desk, faults }) => ({
      venue: desk.venue,
      done: Object.fromEntries(faults.done),
      pending: faults.pending,
    }));
  }

  #names(): string[] {
    return this.#venues.map(({ desk }) => desk.venue);
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new InputError(`body: found '${body.slice(0, 40)}', expected JSON`);
  }
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(value, undefined, 2)}\n`);
}

function html(response: ServerResponse, index: IndexState): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(indexHtml(index));
}

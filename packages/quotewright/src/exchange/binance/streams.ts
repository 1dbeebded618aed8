/**
 * Market streams: `<symbol>@depth`, `@depth@100ms` (diffs chained by U and u, on USD-M by pu), `@bookTicker`, `@trade`, `@aggTrade`, raw or in the
 * wrapper of a combined stream, subscribed by name. Update ids are the numbers of the market's messages.
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import type { FaceConversation, FaceSocket, VenueExchange } from '../contract.ts';
import { DepthTicker } from './depth-ticker.ts';
import { priceText, sizeText } from './numbers.ts';
import type { FaceProduct } from './product.ts';

const { HEAD, VENUE_NS, PRICE_TICKS, SIZE_LOTS, SEQ } = Field;
const MAX_STREAMS = 1024;
/** No name of a stream is as long. */
const MAX_NAME = 100;

/** A connection, and the streams that it has asked for. */
class Conversation implements FaceConversation {
  readonly names = new Set<string>();
  readonly socket: FaceSocket;
  readonly isCombined: boolean;
  readonly #streams: Streams;

  constructor(streams: Streams, socket: FaceSocket, isCombined: boolean) {
    this.#streams = streams;
    this.socket = socket;
    this.isCombined = isCombined;
  }

  message(text: string): void {
    const request = read(text);
    if (request === undefined) {
      return this.socket.send('{"error":{"code":3,"msg":"Invalid JSON: expected value at line 1 column 1"}}', 'other');
    }
    const { method, params } = request;
    const id = typeof request.id === 'number' || typeof request.id === 'string' ? request.id : null;
    const names = Array.isArray(params) ? params.filter((name) => typeof name === 'string') : [];
    if (method === 'LIST_SUBSCRIPTIONS') return this.#answer({ result: [...this.names], id });
    if (method !== 'SUBSCRIBE' && method !== 'UNSUBSCRIBE') {
      return this.#answer({
        error: { code: 2, msg: `Invalid request: unknown variant \`${typeof method === 'string' ? method : ''}\`` },
        id,
      });
    }
    for (const name of names) {
      if (method === 'UNSUBSCRIBE') this.names.delete(name);
      else if (this.names.size < MAX_STREAMS && name.length <= MAX_NAME) this.names.add(name);
    }
    this.#answer({ result: null, id });
  }

  closed(): void {
    this.#streams.leave(this);
  }

  #answer(answer: object): void {
    this.socket.send(JSON.stringify(answer), 'other');
  }
}

export class Streams {
  readonly #exchange: VenueExchange;
  readonly #product: FaceProduct;
  readonly #conversations = new Set<Conversation>();
  /** By market, each speed. */
  readonly #tickers: readonly (readonly DepthTicker[])[];
  readonly #all: readonly DepthTicker[];
  readonly #best: string[];
  readonly #prices = new Float64Array(1);
  readonly #sizes = new Float64Array(1);

  constructor(exchange: VenueExchange, product: FaceProduct) {
    this.#exchange = exchange;
    this.#product = product;
    const speeds = product.isFutures
      ? (['@depth@100ms', '@depth', '@depth@500ms'] as const)
      : (['@depth@100ms', '@depth'] as const);
    const lengths = product.isFutures ? [100, 250, 500] : [100, 1000];
    this.#tickers = exchange.instruments.map((instrument, market) =>
      speeds.map(
        (speed, i) => new DepthTicker(instrument, market, speed, lengths[i]! * 1e6, exchange.sequence(market)),
      ),
    );
    this.#all = this.#tickers.flat();
    this.#best = exchange.instruments.map(() => '');
  }

  /** Names may stand in the path (`/ws/a/b`) or in the query (`/stream?streams=a/b`). */
  join(socket: FaceSocket, names: readonly string[], isCombined: boolean): FaceConversation {
    const conversation = new Conversation(this, socket, isCombined);
    for (const name of names) if (name.includes('@')) conversation.names.add(name);
    this.#conversations.add(conversation);
    return conversation;
  }

  leave(conversation: Conversation): void {
    this.#conversations.delete(conversation);
  }

  market(market: number, data: Float64Array, from: number, to: number): void {
    let hasLevels = false;
    for (let at = from; at < to; at += EVENT_STRIDE) {
      const kind = headKind(data[at + HEAD]!);
      const isBuy = (headFlags(data[at + HEAD]!) & EventFlag.BUY) !== 0;
      if (kind === EventKind.LEVEL) {
        hasLevels = true;
        for (const ticker of this.#tickers[market]!) {
          ticker.level(isBuy, data[at + PRICE_TICKS]!, data[at + SIZE_LOTS]!);
        }
      } else if (kind === EventKind.TRADE) this.#trade(market, data, at, isBuy);
    }
    if (hasLevels) this.#quote(market);
  }

  turn(nowNs: number): void {
    for (const ticker of this.#all) {
      if (!ticker.isDue(nowNs)) continue;
      const id = this.#exchange.sequence(ticker.market);
      if (this.#isHeard(ticker.name)) {
        const frame = ticker.take(id, nowNs, this.#nowMs(), this.#product.isFutures);
        if (frame !== '') this.#send(ticker.name, frame);
      } else ticker.skip(id, nowNs);
    }
  }

  #trade(market: number, data: Float64Array, at: number, isBuy: boolean): void {
    const instrument = this.#exchange.instruments[market]!;
    const name = instrument.symbol.toLowerCase();
    if (!this.#isHeard(`${name}@trade`) && !this.#isHeard(`${name}@aggTrade`)) return;
    const T = Math.floor(this.#exchange.unixMs(data[at + VENUE_NS]!));
    const E = this.#nowMs();
    const s = instrument.symbol;
    const t = data[at + SEQ]!;
    const p = priceText(instrument, data[at + PRICE_TICKS]);
    const q = sizeText(instrument, data[at + SIZE_LOTS]!);
    const m = !isBuy;
    if (this.#product.isFutures) {
      this.#send(`${name}@trade`, JSON.stringify({ e: 'trade', E, T, s, t, p, q, X: 'MARKET', m }));
      this.#send(`${name}@aggTrade`, JSON.stringify({ e: 'aggTrade', E, a: t, s, p, q, f: t, l: t, T, m }));
    } else {
      this.#send(`${name}@trade`, JSON.stringify({ e: 'trade', E, s, t, p, q, T, m, M: true }));
      this.#send(`${name}@aggTrade`, JSON.stringify({ e: 'aggTrade', E, s, a: t, p, q, f: t, l: t, T, m, M: true }));
    }
  }

  /** Only when it is another one. */
  #quote(market: number): void {
    const instrument = this.#exchange.instruments[market]!;
    const name = `${instrument.symbol.toLowerCase()}@bookTicker`;
    if (!this.#isHeard(name)) return;
    const [b, B] = this.#top(market, Side.BUY);
    const [a, A] = this.#top(market, Side.SELL);
    const best = `${b} ${B} ${a} ${A}`;
    if (this.#best[market] === best) return;
    this.#best[market] = best;
    const u = this.#exchange.sequence(market);
    const s = instrument.symbol;
    const T = this.#nowMs();
    const frame = this.#product.isFutures ? { e: 'bookTicker', u, s, b, B, a, A, T, E: T } : { u, s, b, B, a, A };
    this.#send(name, JSON.stringify(frame));
  }

  #top(market: number, side: Side): readonly [string, string] {
    const instrument = this.#exchange.instruments[market]!;
    const count = this.#exchange.top(market, side, 1, this.#prices, this.#sizes);
    return [
      priceText(instrument, count === 0 ? 0 : this.#prices[0]),
      sizeText(instrument, count === 0 ? 0 : this.#sizes[0]!),
    ];
  }

  #isHeard(name: string): boolean {
    for (const { names } of this.#conversations) if (names.has(name)) return true;
    return false;
  }

  #send(name: string, frame: string): void {
    for (const { names, socket, isCombined } of this.#conversations) {
      if (names.has(name)) socket.send(isCombined ? `{"stream":"${name}","data":${frame}}` : frame, 'market');
    }
  }

  #nowMs(): number {
    return Math.floor(this.#exchange.nowMs());
  }
}

function read(text: string): { method?: unknown; params?: unknown; id?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** One connection to the local Example: what it has subscribed to, and what becomes of its account's orders. */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { Reject } from '@quotewright/core/trading/records';
import { asList, asText, type JsonObject } from '../../../packages/quotewright/src/data/json.ts';
import type {
  ExchangeFill,
  ExchangeOrder,
  FaceSocket,
  FrameKind,
  VenueExchange,
} from '../../../packages/quotewright/src/exchange/contract.ts';
import { levelTexts } from '../../../packages/quotewright/src/exchange/level-texts.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS, SEQ } = Field;
const DEPTH = 5000;
const WORDS: Readonly<Record<number, string>> = {
  [Reject.REQUESTED]: 'requested',
  [Reject.POST_ONLY_WOULD_TAKE]: 'post-only',
  [Reject.UNFILLED_REST]: 'unfilled',
  [Reject.FOK_UNFILLED]: 'fill-or-kill',
  [Reject.SELF_TRADE]: 'self-trade',
  [Reject.BAD_PRICE]: 'price',
  [Reject.BAD_SIZE]: 'size',
  [Reject.BAD_NOTIONAL]: 'notional',
  [Reject.INSUFFICIENT_BALANCE]: 'funds',
  [Reject.UNKNOWN_ORDER]: 'unknown-order',
};
const wordOf = (reason: Reject): string => WORDS[reason] ?? 'other';
const sideOf = (side: Side): string => (side === Side.BUY ? 'buy' : 'sell');

export class ExampleConversation {
  readonly #exchange: VenueExchange;
  readonly #socket: FaceSocket;
  /** Whether the account may send another request now. */
  readonly #mayAsk: (account: string) => boolean;
  readonly #markets = new Set<number>();
  #account = '';
  #number = 0;

  constructor(exchange: VenueExchange, socket: FaceSocket, mayAsk: (account: string) => boolean) {
    this.#exchange = exchange;
    this.#socket = socket;
    this.#mayAsk = mayAsk;
  }

  login(account: string | undefined): void {
    if (account === undefined) return this.#error('signature', 'Key, time or signature is wrong.');
    this.#account = account;
    this.#socket.send(JSON.stringify({ t: 'ready' }), 'other');
  }

  message(message: JsonObject): void {
    const op = asText(message['op']);
    if (op === 'books') return asList(message['symbols']).forEach((symbol) => this.#subscribe(symbol));
    if (this.#account === '') return this.#error('signature', 'Log in first.');
    if (!this.#mayAsk(this.#account)) return this.#error('too-many', 'Too many requests.');
    const market = this.#marketOf(message['symbol']);
    if (market < 0) return this.#error('unknown-symbol', 'There is no such symbol.');
    if (op !== 'new' && op !== 'cancel') return this.#error('unknown-op', 'There is no such operation.');
    this.#send({ t: 'taken', name: message['name'] }, 'ack');
    if (op === 'new') this.#new(market, message);
    else this.#cancel(message);
  }

  /** What the market does is a frame at once. */
  market(market: number, data: Float64Array, from: number, to: number): void {
    if (!this.#markets.has(market)) return;
    const { symbol, price, size } = this.#exchange.instruments[market]!;
    const ms = this.#exchange.nowMs();
    const levels: [b: string[][], a: string[][]] = [[], []];
    for (let at = from; at < to; at += EVENT_STRIDE) {
      const kind = headKind(data[at + HEAD]!);
      const isBuy = (headFlags(data[at + HEAD]!) & EventFlag.BUY) !== 0;
      const texts = [price.format(data[at + PRICE_TICKS]!), size.format(data[at + SIZE_LOTS]!)];
      if (kind === EventKind.LEVEL) levels[isBuy ? 0 : 1].push(texts);
      if (kind !== EventKind.TRADE) continue;
      const side = isBuy ? 'buy' : 'sell';
      this.#send({ t: 'print', s: symbol, n: data[at + SEQ], ms, side, price: texts[0], size: texts[1] }, 'market');
    }
    const [b, a] = levels;
    this.#send({ t: 'change', s: symbol, n: this.#exchange.sequence(market), ms, b, a }, 'market');
  }

  order(
    order: ExchangeOrder,
    change: 'new' | 'rejected' | 'amended' | 'cancelled' | 'fill',
    fill?: ExchangeFill,
  ): void {
    if (order.account !== this.#account) return;
    const why = wordOf(order.reason);
    const of = orderOf(this.#exchange, order);
    if (fill !== undefined) this.#private({ t: 'fill', ...of, ...fillOf(this.#exchange, fill) }, 'fill');
    else if (change === 'new') this.#private({ t: 'open', ...of }, 'private');
    else if (change === 'rejected') this.#private({ t: 'refused', ...of, why, message: why }, 'private');
    else this.#private({ t: 'ended', ...of, why }, 'private');
  }

  #subscribe(symbol: unknown): void {
    const market = this.#marketOf(symbol);
    if (market < 0) return this.#error('unknown-symbol', 'There is no such symbol.');
    this.#markets.add(market);
    const [n, ms] = [Math.max(1, this.#exchange.sequence(market)), this.#exchange.nowMs()];
    const [b, a] = [Side.BUY, Side.SELL].map((side) => levelTexts(this.#exchange, market, side, DEPTH));
    this.#send({ t: 'book', s: symbol, n, ms, b, a }, 'market');
  }

  #new(market: number, message: JsonObject): void {
    const { price, size } = this.#exchange.instruments[market]!;
    const life = asText(message['life']).toUpperCase();
    const name = asText(message['name']);
    const terms = {
      priceTicks: price.parse(asText(message['price'])),
      sizeLots: size.parse(asText(message['size'])),
      side: message['side'] === 'buy' ? Side.BUY : Side.SELL,
      timeInForce: life === 'IOC' || life === 'FOK' ? life : 'GTC',
    } as const;
    const why = terms.priceTicks > 0 ? (terms.sizeLots > 0 ? '' : 'size') : 'price';
    const asked = {
      s: message['symbol'],
      name,
      side: message['side'],
      limit: message['price'],
      total: message['size'],
    };
    if (why !== '') return this.#private({ t: 'refused', ...asked, ms: this.#exchange.nowMs(), why }, 'private');
    const account = this.#account;
    this.#exchange.place({
      ...terms,
      account,
      market,
      isPostOnly: message['post'] === true,
      isReduceOnly: false,
      clientId: name,
    });
  }

  #cancel(message: JsonObject): void {
    const [id, name] = [asText(message['id']), asText(message['name'])];
    const number = id === '' ? (this.#exchange.orderByClientId(this.#account, name)?.number ?? 0) : Number(id.slice(1));
    const reason = this.#exchange.cancel(this.#account, number);
    if (reason === Reject.NONE) return;
    this.#private({ t: 'cancel-refused', ...(id === '' ? { name } : { id }), why: wordOf(reason) }, 'private');
  }

  #marketOf(symbol: unknown): number {
    return this.#exchange.instruments.findIndex((each) => each.symbol === symbol);
  }

  #private(message: object, kind: FrameKind): void {
    this.#send({ ...message, n: ++this.#number }, kind);
  }

  #error(error: string, message: string): void {
    this.#send({ t: 'error', error, message }, 'other');
  }

  #send(message: object, kind: FrameKind): void {
    this.#socket.send(JSON.stringify(message), kind);
  }
}

export function orderOf(exchange: VenueExchange, order: ExchangeOrder): object {
  const { symbol, price, size } = exchange.instruments[order.market]!;
  return {
    s: symbol,
    order: `o${order.number}`,
    name: order.clientId,
    side: sideOf(order.side),
    limit: price.format(order.priceTicks ?? 0),
    total: size.format(order.sizeLots),
    filled: size.format(order.filledLots),
    left: size.format(order.sizeLots - order.filledLots),
    ms: exchange.unixMs(order.updatedNs),
  };
}

export function fillOf(
  exchange: VenueExchange,
  { order, number, priceTicks, sizeLots, isMaker, fee, ns }: ExchangeFill,
) {
  const { price, size } = exchange.instruments[order.market]!;
  return {
    order: `o${order.number}`,
    name: order.clientId,
    id: `t${number}`,
    side: sideOf(order.side),
    price: price.format(priceTicks),
    size: size.format(sizeLots),
    fee,
    maker: isMaker,
    ms: exchange.unixMs(ns),
  };
}

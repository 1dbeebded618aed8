/**
 * Bitstamp's order by order data: `live_orders` and `live_trades`, begun with the page of single orders (`order_book/<symbol>/?group=2`). An event
 * of an order that was deleted before is left out: applied, it would leave an order in the book for good (such ones were recorded in 2015).
 * Each event names the one before it: a chain that breaks lacks an event. Events have whole milliseconds, pages microseconds: what the page's own
 * millisecond brought may be in the page or not, and is applied again where it takes nothing back.
 * Source: www.bitstamp.net/websocket/v2 ("Live orders"), www.bitstamp.net/api ("Order book").
 */
import { EventFlag, EventKind, Field, packHead } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { asInteger, asText, isObject, parseJson } from '../../data/json.ts';
import { Backoff } from '../backoff.ts';
import type { Feed, FeedFault, FeedSetup, FeedStats } from '../contract/feed.ts';
import type { RestResponse } from '../contract/rest.ts';
import { FeedBook } from '../feed-book.ts';
import { putTrade } from '../feed-trades.ts';
import { Frame, Moment, Print } from './decode.ts';
import { FrameParser, type OrderEvent } from './frames.ts';
import { COST } from './limits.ts';

const { BUY, LAST, SNAPSHOT } = EventFlag;
const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ } = Field;
const MICROS_PER_MS = 1000;
const HEARTBEAT_NS = 10e9;
const SILENCE_NS = 25e9;
/** Deleted orders that are remembered; late events come within seconds. */
const MOST_DELETED = 16_384;

type PageOrder = Pick<OrderEvent, 'id' | 'side' | 'priceTicks' | 'sizeLots'>;

interface Held {
  readonly side: Side;
  priceTicks: number;
  sizeLots: number;
}

interface Kept {
  readonly event: OrderEvent;
  readonly micros: number;
  readonly venueNs: number;
}

interface Line {
  readonly market: number;
  readonly orders: Map<number, Held>;
  readonly deleted: Set<number>;
  readonly backoff: Backoff;
  isBelieved: boolean;
  isSubscribed: boolean;
  /** While a page is awaited. */
  kept: Kept[];
  /** The millisecond of the page. */
  micros: number;
  /** Name of the last event; '' when that is not known. */
  lastId: string;
  tag: number;
  fetchNs: number;
}

export class BitstampOrderFeed implements Feed {
  readonly url: string;
  readonly stats: FeedStats = {
    messages: 0,
    parsed: 0,
    unreadable: 0,
    gaps: 0,
    checksums: 0,
    badChecksums: 0,
    resyncs: 0,
  };
  readonly #setup: FeedSetup;
  readonly #lines: readonly Line[];
  readonly #parser: FrameParser;
  readonly #places: ReadonlyMap<number, number>;
  #isOpen = false;
  #heardNs = 0;
  #beatNs = 0;
  #lastTag = 0;

  constructor(setup: FeedSetup) {
    const { instruments, indices, epochDay, addresses, host } = setup;
    this.url = addresses.feed;
    this.#setup = setup;
    this.#lines = indices.map((market) => ({
      market,
      orders: new Map(),
      deleted: new Set(),
      backoff: new Backoff(500, 30_000, () => host.random()),
      isBelieved: false,
      isSubscribed: false,
      kept: [],
      micros: 0,
      lastId: '',
      tag: 0,
      fetchNs: Number.NaN,
    }));
    this.#places = new Map(indices.map((market, i) => [market, i]));
    const books = indices.map((market) => new FeedBook(market, host.out));
    this.#parser = new FrameParser(instruments, books, epochDay);
  }

  opened(nowNs: number): void {
    this.#isOpen = true;
    this.#heardNs = nowNs;
    this.#beatNs = nowNs;
    for (const { symbol } of this.#setup.instruments) {
      for (const channel of [`live_orders_${symbol}`, `live_trades_${symbol}`]) {
        this.#setup.host.send(JSON.stringify({ event: 'bts:subscribe', data: { channel } }));
      }
    }
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.stats.messages++;
    this.stats.parsed++;
    this.#heardNs = nowNs;
    const parser = this.#parser;
    const { host } = this.#setup;
    const frame = parser.scan(bytes);
    if (frame === Frame.ORDER) this.#take(this.#lines[parser.market]!, parser.order!, nowNs);
    else if (frame === Frame.PRINT) this.#print(nowNs);
    else if (frame === Frame.SUBSCRIBED) this.#subscribed(parser.channel, nowNs);
    else if (frame === Frame.RECONNECT) host.reconnect('the venue asks for another connection');
    else if (frame === Frame.REFUSED) host.tell({ type: 'refused', market: -1, detail: parser.reason.slice(0, 300) });
    else if (frame === Frame.BAD_PRINT) this.stats.unreadable++;
    else if (frame === Frame.UNREADABLE) {
      this.stats.unreadable++;
      for (const line of parser.market >= 0 ? [this.#lines[parser.market]!] : this.#lines) {
        this.#fail(line, 'unreadable', 'a frame cannot be read', nowNs);
      }
    }
  }

  fetched(tag: number, response: RestResponse | undefined, nowNs: number): void {
    const i = this.#lines.findIndex((line) => line.tag === tag);
    const line = this.#lines[i];
    if (line === undefined || !this.#isOpen) return;
    line.tag = 0;
    if (response === undefined || response.status !== 200 || !this.#page(line, i, response.text, nowNs)) {
      this.#schedule(line, nowNs);
    }
  }

  closed(nowNs: number): void {
    this.#isOpen = false;
    for (const line of this.#lines) {
      line.isSubscribed = false;
      line.fetchNs = Number.NaN;
      line.lastId = '';
      this.#lose(line, 'disconnected', 'the connection is gone', nowNs);
    }
  }

  poll(nowNs: number): void {
    if (!this.#isOpen) return;
    const { host } = this.#setup;
    if (nowNs - this.#heardNs > SILENCE_NS) {
      this.#heardNs = nowNs;
      return host.reconnect('nothing was heard for 25 s, and heartbeats are asked for every 10 s');
    }
    if (nowNs - this.#beatNs >= HEARTBEAT_NS) {
      this.#beatNs = nowNs;
      host.send('{"event":"bts:heartbeat"}');
    }
    for (const i of this.#lines.keys()) if (nowNs >= this.#lines[i]!.fetchNs) this.#fetch(i);
  }

  resync(market: number, fault: FeedFault, nowNs: number): void {
    const line = this.#lines[this.#places.get(market) ?? -1];
    if (line !== undefined) this.#fail(line, fault, 'found from outside', nowNs);
  }

  book(): undefined {
    return undefined;
  }

  #subscribed(channel: string, nowNs: number): void {
    const i = this.#setup.instruments.findIndex(({ symbol }) => channel === `live_orders_${symbol}`);
    const line = this.#lines[i];
    if (line === undefined || line.isSubscribed) return;
    line.isSubscribed = true;
    line.kept = [];
    this.#setup.host.tell({ type: 'subscribed', market: line.market, detail: channel });
    line.fetchNs = nowNs;
    this.#fetch(i);
  }

  #fetch(i: number): void {
    const line = this.#lines[i]!;
    line.fetchNs = Number.NaN;
    line.tag = ++this.#lastTag;
    const path = `/api/v2/order_book/${this.#setup.instruments[i]!.symbol}/?group=2`;
    this.#setup.host.fetch({ method: 'GET', path, cost: COST }, line.tag);
  }

  /** Begins the book with a page of single orders and what came since. @returns whether it could */
  #page(line: Line, i: number, text: string, nowNs: number): boolean {
    const body = parseJson(text);
    if (!isObject(body) || !this.#parser.page(i, text)) return false;
    const micros = this.#parser.numbers[Moment.MICROS]!;
    const venueNs = this.#parser.numbers[Moment.VENUE_NS]!;
    const first = line.kept[0];
    if (first !== undefined && first.micros > micros) return false;
    const orders = this.#pageOrders(i, body);
    if (orders === undefined) return false;
    line.orders.clear();
    line.deleted.clear();
    this.#mark(line, EventKind.SNAPSHOT_BEGIN, SNAPSHOT, venueNs, nowNs, micros);
    for (const { id, side, priceTicks, sizeLots } of orders) {
      line.orders.set(id, { side, priceTicks, sizeLots });
      this.#put(line, EventKind.ORDER_ADD, SNAPSHOT, id, side, priceTicks, sizeLots, venueNs, nowNs, micros);
    }
    this.#mark(line, EventKind.SNAPSHOT_END, SNAPSHOT | LAST, venueNs, nowNs, micros);
    line.isBelieved = true;
    line.micros = micros - (micros % MICROS_PER_MS);
    line.backoff.reset();
    this.#setup.host.tell({ type: 'snapshot', market: line.market, detail: `${orders.length} orders` });
    for (const { event, micros: of, venueNs: ns } of line.kept.splice(0)) this.#apply(line, event, of, ns, nowNs);
    return true;
  }

  /** `[price, size, id]`, the best first; in a level the oldest first. Undefined: unreadable. */
  #pageOrders(i: number, body: Readonly<Record<string, unknown>>): PageOrder[] | undefined {
    const { price, size } = this.#setup.instruments[i]!;
    const orders: PageOrder[] = [];
    for (const side of [Side.BUY, Side.SELL]) {
      const rows = body[side === Side.BUY ? 'bids' : 'asks'];
      if (!Array.isArray(rows)) return undefined;
      for (const row of rows as readonly (readonly unknown[])[]) {
        const id = asInteger(row[2]);
        const priceTicks = price.parse(asText(row[0]));
        const sizeLots = size.parse(asText(row[1]));
        if (!(id > 0 && priceTicks > 0 && sizeLots > 0)) return undefined;
        orders.push({ id, side, priceTicks, sizeLots });
      }
    }
    return orders;
  }

  #take(line: Line, event: OrderEvent, nowNs: number): void {
    const micros = this.#parser.numbers[Moment.MICROS]!;
    const venueNs = this.#parser.numbers[Moment.VENUE_NS]!;
    const isBroken = line.lastId !== '' && event.previousId !== '' && event.previousId !== line.lastId;
    line.lastId = event.eventId;
    if (isBroken) {
      this.stats.gaps++;
      this.#fail(line, 'gap', 'an event does not follow the last one: one is missing, late or twice there', nowNs);
    }
    if (line.isBelieved) this.#apply(line, event, micros, venueNs, nowNs);
    else line.kept.push({ event, micros, venueNs });
  }

  #apply(line: Line, event: OrderEvent, micros: number, venueNs: number, nowNs: number): void {
    const { type, id, side, priceTicks, sizeLots } = event;
    const held = line.orders.get(id);
    // Before it catches up with the page the stream is behind it.
    if (micros < line.micros || line.deleted.has(id)) return;
    const isOfPage = micros < line.micros + MICROS_PER_MS;
    if (isOfPage && held?.priceTicks === priceTicks && held.sizeLots < sizeLots) return;
    if (type === 'order_deleted' || sizeLots === 0) {
      // An immediate order is created with nothing open, and is deleted without ever having stood.
      if (type !== 'order_deleted' && held === undefined) return;
      this.#forget(line, id);
      if (held === undefined) return;
      line.orders.delete(id);
      this.#put(
        line,
        EventKind.ORDER_REMOVE,
        LAST,
        id,
        held.side,
        held.priceTicks,
        held.sizeLots,
        venueNs,
        nowNs,
        micros,
      );
      return;
    }
    if (held === undefined) {
      line.orders.set(id, { side, priceTicks, sizeLots });
      this.#put(line, EventKind.ORDER_ADD, LAST, id, side, priceTicks, sizeLots, venueNs, nowNs, micros);
    } else if (held.priceTicks === priceTicks) {
      if (held.sizeLots === sizeLots) return;
      held.sizeLots = sizeLots;
      this.#put(line, EventKind.ORDER_SET, LAST, id, side, priceTicks, sizeLots, venueNs, nowNs, micros);
    } else {
      // A market order that walks the book shows the price of its last execution: it moves from level to level.
      this.#put(line, EventKind.ORDER_REMOVE, 0, id, side, held.priceTicks, held.sizeLots, venueNs, nowNs, micros);
      held.priceTicks = priceTicks;
      held.sizeLots = sizeLots;
      this.#put(line, EventKind.ORDER_ADD, LAST, id, side, priceTicks, sizeLots, venueNs, nowNs, micros);
    }
  }

  #forget(line: Line, id: number): void {
    if (line.deleted.size >= MOST_DELETED) {
      for (const oldest of line.deleted) {
        line.deleted.delete(oldest);
        break;
      }
    }
    line.deleted.add(id);
  }

  #print(nowNs: number): void {
    const { print, market } = this.#parser;
    const ticks = print[Print.PRICE_TICKS]!;
    const lots = print[Print.SIZE_LOTS]!;
    if (!(ticks > 0 && lots > 0)) {
      this.stats.unreadable++;
      return;
    }
    const sellerTook = print[Print.SELLER_TOOK] === 1;
    const side = sellerTook ? Side.SELL : Side.BUY;
    const maker = print[sellerTook ? Print.BUYER : Print.SELLER]!;
    const taker = print[sellerTook ? Print.SELLER : Print.BUYER]!;
    const { out } = this.#setup.host;
    const { market: index } = this.#lines[market]!;
    putTrade(out, index, side, print[Print.VENUE_NS]!, nowNs, ticks, lots, print[Print.SEQ]!, maker, taker);
  }

  #fail(line: Line, fault: FeedFault, detail: string, nowNs: number): void {
    this.#lose(line, fault, detail, nowNs);
    if (this.#isOpen && line.isSubscribed) this.#schedule(line, nowNs);
  }

  #lose(line: Line, fault: FeedFault, detail: string, nowNs: number): void {
    line.tag = 0;
    line.kept = [];
    if (!line.isBelieved) return;
    line.isBelieved = false;
    this.#mark(line, EventKind.GAP, LAST, Number.NaN, nowNs, line.micros);
    this.#setup.host.tell({ type: 'stale', market: line.market, fault, detail });
  }

  #schedule(line: Line, nowNs: number): void {
    if (!Number.isNaN(line.fetchNs)) return;
    this.stats.resyncs++;
    line.fetchNs = nowNs + line.backoff.nextMs() * 1e6;
    this.#setup.host.tell({ type: 'resync', market: line.market, detail: 'asks for the orders' });
  }

  #mark(line: Line, kind: number, flags: number, venueNs: number, nowNs: number, seq: number): void {
    this.#put(line, kind, flags, 0, Side.SELL, 0, 0, venueNs, nowNs, seq);
  }

  #put(
    { market }: Line,
    kind: number,
    flags: number,
    id: number,
    side: Side,
    priceTicks: number,
    sizeLots: number,
    venueNs: number,
    nowNs: number,
    seq: number,
  ): void {
    const { out } = this.#setup.host;
    const at = out.reserve();
    const { data } = out;
    data.fill(0, at, at + 8);
    data[at + HEAD] = packHead(kind, side === Side.BUY ? flags | BUY : flags, market);
    data[at + VENUE_NS] = venueNs;
    data[at + LOCAL_NS] = nowNs;
    data[at + PRICE_TICKS] = priceTicks;
    data[at + SIZE_LOTS] = sizeLots;
    data[at + ORDER_ID] = id;
    data[at + SEQ] = seq;
  }
}

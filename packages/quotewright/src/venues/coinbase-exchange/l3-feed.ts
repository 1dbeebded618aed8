/**
 * Market data of Coinbase Exchange, order by order: the `full` channel, whose messages are numbered by product, on a snapshot of all orders
 * (`/products/X/book?level=3`). Messages are kept until the snapshot has come; those that it holds already are dropped, a number that is
 * missing takes the product back to a new snapshot.
 * Source: docs.cdp.coinbase.com, "Exchange WebSocket Channels" (full), "Get product book".
 */
import { NS_PER_SECOND, SECONDS_PER_DAY, parseIsoNs } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { asInteger, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import { Backoff } from '../backoff.ts';
import type { Feed, FeedFault, FeedSetup, FeedStats } from '../contract/feed.ts';
import type { RestResponse } from '../contract/rest.ts';
import { ascii } from '../scan/bytes.ts';
import { Key, MessageScanner } from './decode.ts';
import { flatBytes } from './flat.ts';
import { L3Orders } from './l3-orders.ts';
import { PUBLIC } from './limits.ts';
import { HmacSigner } from './sign.ts';

const SILENCE_NS = 5 * NS_PER_SECOND;
const RESYNC_MS = 500;
const LONGEST_RESYNC_MS = 30_000;
const CALM_NS = 60 * NS_PER_SECOND;
/** A snapshot takes a second or two; who has kept more messages than these waits for another. */
const MOST_KEPT = 100_000;
const OPEN = ascii('open');
const DONE = ascii('done');
const MATCH = ascii('match');
const CHANGE = ascii('change');
const BUY = ascii('buy');
const SELL = ascii('sell');

interface Product {
  readonly instrument: Instrument;
  readonly orders: L3Orders;
  readonly backoff: Backoff;
  /** Messages that wait for the snapshot, copied. */
  readonly kept: Uint8Array[];
  /** Number of the last message; NaN while there is no snapshot. */
  seq: number;
  /** When the snapshot is asked for (NaN = not), and whether it was. */
  dueNs: number;
  isAsked: boolean;
  wholeNs: number;
}

export class ExchangeL3Feed implements Feed {
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
  readonly #products: readonly Product[];
  readonly #scanner: MessageScanner;
  readonly #signer: HmacSigner | undefined;
  #isOpen = false;
  #heardNs = 0;

  constructor(setup: FeedSetup) {
    this.url = setup.addresses.feed;
    this.#setup = setup;
    this.#products = setup.instruments.map((instrument, i) => ({
      instrument,
      orders: new L3Orders(setup.indices[i]!, setup.host.out),
      backoff: new Backoff(RESYNC_MS, LONGEST_RESYNC_MS, () => setup.host.random()),
      kept: [],
      seq: Number.NaN,
      dueNs: Number.NaN,
      isAsked: false,
      wholeNs: 0,
    }));
    this.#scanner = new MessageScanner(setup.instruments, [], setup.epochDay);
    this.#signer = setup.credentials === undefined ? undefined : new HmacSigner(setup.credentials);
  }

  opened(nowNs: number): void {
    this.#isOpen = true;
    this.#heardNs = nowNs;
    const { host, instruments, epochDay } = this.#setup;
    const product_ids = instruments.map(({ symbol }) => symbol);
    const auth = this.#signer?.subscription(epochDay * SECONDS_PER_DAY * 1e3 + nowNs / 1e6) ?? {};
    host.send(JSON.stringify({ type: 'subscribe', product_ids, channels: ['full', 'heartbeat'], ...auth }));
    host.tell({ type: 'subscribed', market: -1, detail: `${product_ids.join(' ')}: full` });
    // The snapshot has to be younger than the first message.
    for (const product of this.#products) product.isAsked = false;
  }

  message(bytes: Uint8Array, nowNs: number): void {
    if (!this.#isOpen) return;
    this.stats.messages++;
    this.#heardNs = nowNs;
    if (this.#scanner.fields.scan(bytes) && this.#hasPlainNumber(bytes)) return this.#flat(bytes, nowNs);
    this.stats.parsed++;
    const message = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    if (!isObject(message)) return this.#unreadable('it is no message of this venue', nowNs);
    if (message['type'] === 'subscriptions') {
      for (const [i, product] of this.#products.entries())
        if (product.seq !== product.seq && !product.isAsked) this.#ask(i, product);
      return;
    }
    // What it needs, as the venue writes it, for the one reader that there is.
    const text = flatBytes(message);
    if (this.#scanner.fields.scan(text)) this.#flat(text, nowNs);
    else this.#unreadable('a message that cannot be read', nowNs);
  }

  fetched(tag: number, response: RestResponse | undefined, nowNs: number): void {
    const product = this.#products[tag];
    if (product === undefined || !product.isAsked || !this.#isOpen) return;
    product.isAsked = false;
    const page = response?.status === 200 ? parseJson(response.text) : undefined;
    if (!isObject(page) || !this.#snapshot(product, page, nowNs)) {
      this.#doubt(product, 'unreadable', 'no snapshot of orders', nowNs);
      return;
    }
    for (const bytes of product.kept.splice(0)) {
      if (this.#scanner.fields.scan(bytes)) this.#flat(bytes, nowNs);
    }
  }

  closed(nowNs: number): void {
    this.#isOpen = false;
    for (const product of this.#products) {
      this.#lose(product, 'disconnected', 'the connection is gone', nowNs);
      product.dueNs = Number.NaN;
    }
  }

  poll(nowNs: number): void {
    if (!this.#isOpen) return;
    if (nowNs - this.#heardNs > SILENCE_NS) return this.#giveUp('age', 'no heartbeat for 5 s', nowNs);
    for (const [i, product] of this.#products.entries()) {
      if (nowNs >= product.dueNs) {
        product.dueNs = Number.NaN;
        this.stats.resyncs++;
        const { market } = product.orders;
        this.#setup.host.tell({ type: 'resync', market, detail: `${product.instrument.symbol}: snapshot asked for` });
        this.#ask(i, product);
      }
    }
  }

  resync(market: number, fault: FeedFault, nowNs: number): void {
    const product = this.#products.find(({ orders }) => orders.market === market);
    if (product !== undefined) this.#doubt(product, fault, 'found outside of the feed', nowNs);
  }

  book(): undefined {
    // Whoever needs a book builds it of the order events.
  }

  /** JSON may write a number in other ways than digits: those are for the full parser. */
  #hasPlainNumber(bytes: Uint8Array): boolean {
    const scanner = this.#scanner;
    return !scanner.fields.has(Key.sequence) || scanner.integer(bytes, Key.sequence) >= 0;
  }

  #ask(i: number, product: Product): void {
    product.isAsked = true;
    const path = `/products/${product.instrument.symbol}/book?level=3`;
    this.#setup.host.fetch({ method: 'GET', path, cost: PUBLIC }, i);
  }

  #flat(bytes: Uint8Array, nowNs: number): void {
    const scanner = this.#scanner;
    const i = scanner.product(bytes);
    const { fields } = scanner;
    if (!fields.has(Key.sequence) || i < 0) {
      const type = fields.text(bytes, Key.type);
      if (type === 'error') this.#setup.host.tell({ type: 'refused', market: -1, detail: 'the venue refused' });
      else if (type === '' || (fields.has(Key.sequence) && !fields.has(Key.product_id))) {
        this.#unreadable('it is no message of this venue', nowNs);
      }
      return;
    }
    const product = this.#products[i]!;
    const seq = scanner.integer(bytes, Key.sequence);
    if (!(seq >= 0)) return this.#unreadable('a message without a number', nowNs);
    // A heartbeat has the number of the last message.
    if (fields.text(bytes, Key.type) === 'heartbeat') return;
    if (product.seq !== product.seq) return this.#keep(i, product, bytes);
    if (seq <= product.seq) return;
    if (seq !== product.seq + 1) {
      this.stats.gaps++;
      const detail = `sequence: found ${seq}, expected ${product.seq + 1}`;
      return this.#doubt(product, 'gap', detail, nowNs);
    }
    product.seq = seq;
    if (this.#apply(bytes, i, product, seq, nowNs)) return;
    this.stats.unreadable++;
    this.#doubt(product, 'unreadable', `message ${seq} does not fit the book`, nowNs);
  }

  #keep(i: number, product: Product, bytes: Uint8Array): void {
    if (product.kept.length >= MOST_KEPT) product.kept.length = 0;
    product.kept.push(bytes.slice());
    if (!product.isAsked && product.dueNs !== product.dueNs) this.#ask(i, product);
  }

  /** @returns false when the message cannot be read, or contradicts the book */
  #apply(bytes: Uint8Array, i: number, { orders }: Product, seq: number, nowNs: number): boolean {
    const scanner = this.#scanner;
    const { fields } = scanner;
    const venueNs = scanner.time(bytes);
    if (venueNs !== venueNs) return false;
    const isBuy = fields.is(bytes, Key.side, BUY);
    const hasSide = isBuy || fields.is(bytes, Key.side, SELL);
    const price = scanner.ticks(bytes, i, Key.price);
    orders.begin(venueNs, nowNs, seq);
    if (fields.is(bytes, Key.type, OPEN)) {
      const lots = scanner.lots(bytes, i, Key.remaining_size);
      const id = fields.text(bytes, Key.order_id);
      return hasSide && price > 0 && lots > 0 && id !== '' && orders.open(id, isBuy, price, lots, false);
    }
    if (fields.is(bytes, Key.type, DONE)) {
      const id = fields.text(bytes, Key.order_id);
      if (id !== '') orders.done(id);
      return id !== '';
    }
    if (fields.is(bytes, Key.type, MATCH)) {
      const lots = scanner.lots(bytes, i, Key.size);
      const maker = fields.text(bytes, Key.maker_order_id);
      return hasSide && price > 0 && lots > 0 && maker !== '' && orders.match(maker, isBuy, price, lots);
    }
    if (fields.is(bytes, Key.type, CHANGE) && fields.has(Key.new_size)) {
      const lots = scanner.lots(bytes, i, Key.new_size);
      const id = fields.text(bytes, Key.order_id);
      if (lots > 0 && id !== '') orders.change(id, scanner.ticks(bytes, i, Key.new_price), lots);
      else if (lots === 0) orders.done(id);
      return lots >= 0 && id !== '';
    }
    return true;
  }

  #snapshot(product: Product, page: JsonObject, nowNs: number): boolean {
    const seq = asInteger(page['sequence']);
    const { bids, asks } = page;
    if (!(seq >= 0) || !Array.isArray(bids) || !Array.isArray(asks)) return false;
    const { orders, instrument } = product;
    const entries = [...rows(bids, true), ...rows(asks, false)].map(({ row, isBuy }) => {
      const [price = '', size = '', id = ''] = row;
      return { id, isBuy, priceTicks: instrument.price.parse(price), lots: instrument.size.parse(size) };
    });
    const ids = new Set(entries.map(({ id }) => id));
    if (
      ids.size < entries.length ||
      entries.some(({ id, priceTicks, lots }) => id === '' || !(priceTicks > 0 && lots > 0))
    ) {
      return false;
    }
    orders.begin(parseIsoNs(asText(page['time']), this.#setup.epochDay), nowNs, seq);
    orders.beginSnapshot();
    for (const { id, isBuy, priceTicks, lots } of entries) orders.open(id, isBuy, priceTicks, lots, true);
    orders.endSnapshot();
    product.seq = seq;
    product.wholeNs = nowNs;
    this.#setup.host.tell({ type: 'snapshot', market: orders.market, detail: `${entries.length} orders` });
    return true;
  }

  #unreadable(detail: string, nowNs: number): void {
    this.stats.unreadable++;
    this.#giveUp('unreadable', detail, nowNs);
  }

  #lose(product: Product, fault: FeedFault, detail: string, nowNs: number): void {
    const { orders } = product;
    product.kept.length = 0;
    product.isAsked = false;
    const wasBelieved = orders.lose(nowNs, Number.isNaN(product.seq) ? 0 : product.seq);
    product.seq = Number.NaN;
    if (wasBelieved) this.#setup.host.tell({ type: 'stale', market: orders.market, fault, detail });
  }

  #doubt(product: Product, fault: FeedFault, detail: string, nowNs: number): void {
    this.#lose(product, fault, detail, nowNs);
    if (!this.#isOpen || product.dueNs === product.dueNs) return;
    if (nowNs - product.wholeNs > CALM_NS) product.backoff.reset();
    product.dueNs = nowNs + product.backoff.nextMs() * 1e6;
  }

  #giveUp(fault: FeedFault, reason: string, nowNs: number): void {
    for (const product of this.#products) this.#lose(product, fault, reason, nowNs);
    this.stats.resyncs++;
    this.#isOpen = false;
    this.#setup.host.reconnect(reason);
  }
}

function rows(list: readonly unknown[], isBuy: boolean): { row: string[]; isBuy: boolean }[] {
  return list.map((row) => ({ row: Array.isArray(row) ? row.map(asText) : [], isBuy }));
}

/**
 * Coinbase full-channel messages → events. Order UUIDs become dense numbers here, and are forgotten with the order.
 * An execution is one record: ORDER_EXEC when the maker is in the book, TRADE (taker's side) when it is not.
 */
import { EventFlag, EventKind } from '@quotewright/core/market/event';
import type { EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { parseIsoNs } from '@quotewright/core/base/time';
import { guessInstrument } from '../guess-instrument.ts';
import type { OpenOptions } from '../recording.ts';
import type { ReadReport } from '../report.ts';
import { BadRow, decimalText, integerField, positiveLots, priceTicks, sizeLots, textField } from './decimals.ts';
import type { JsonObject } from '../json.ts';

/** Message types of the channel that tell nothing about resting orders. */
const SILENT = new Set(['received', 'activate', 'heartbeat', 'subscriptions', 'ticker', 'status']);

interface Resting {
  readonly number: number;
  readonly buy: boolean;
  openLots: number;
}

interface Product {
  readonly index: number;
  readonly instrument: Instrument;
  /** Last sequence number; NaN before the first. */
  sequence: number;
  inSnapshot: boolean;
  /** Orders in the book, by their UUID. */
  readonly resting: Map<string, Resting>;
}

export class CoinbaseFeed {
  /** Most events that one message makes. */
  static readonly MAX_EVENTS = 4;
  readonly instruments: Instrument[] = [];
  readonly #products = new Map<string, Product>();
  readonly #report: ReadReport;
  readonly #options: OpenOptions;
  readonly #epochDay: number;
  #lastNumber = 0;

  constructor(report: ReadReport, options: OpenOptions, epochDay: number) {
    this.#report = report;
    this.#options = options;
    this.#epochDay = epochDay;
  }

  /** @throws BadRow for a message that cannot be used. */
  apply(message: JsonObject, localNs: number, line: number, batch: EventBatch): void {
    const type = textField(message, 'type');
    if (message['sequence'] === undefined && SILENT.has(type)) return this.#report.addIgnored(type);
    const product = this.#productOf(message);
    const sequence = integerField(message, 'sequence');
    const time = textField(message, 'time');
    if (time === '') {
      if (type !== 'open') throw new BadRow('time is empty');
      return this.#snapshotOrder(message, product, sequence, localNs, batch);
    }
    const venueNs = parseIsoNs(time, this.#epochDay);
    if (product.inSnapshot) this.#endSnapshot(product, batch);
    if (!this.#inOrder(product, sequence, venueNs, localNs, line, batch)) return;
    // A bad row still is the message of its number: what follows it is no gap.
    if (Number.isNaN(venueNs)) throw new BadRow('malformed time');
    const before = batch.length;
    this.#live(type, message, product, venueNs, localNs, sequence, batch);
    if (batch.length > before) batch.endMessage();
  }

  /** Ends a snapshot that the recording stops in. */
  end(batch: EventBatch): void {
    for (const product of this.#products.values()) {
      if (product.inSnapshot) this.#endSnapshot(product, batch);
    }
  }

  #snapshotOrder(message: JsonObject, product: Product, sequence: number, localNs: number, batch: EventBatch): void {
    const { index } = product;
    if (!product.inSnapshot) {
      product.inSnapshot = true;
      product.sequence = sequence;
      product.resting.clear();
      batch.push(EventKind.SNAPSHOT_BEGIN, EventFlag.SNAPSHOT, index, Number.NaN, localNs, 0, 0, 0, sequence, 0);
    }
    this.#open(message, product, Number.NaN, localNs, sequence, EventFlag.SNAPSHOT, batch);
  }

  #endSnapshot(product: Product, batch: EventBatch): void {
    product.inSnapshot = false;
    const flags = EventFlag.SNAPSHOT | EventFlag.LAST;
    const { index, sequence } = product;
    batch.push(EventKind.SNAPSHOT_END, flags, index, Number.NaN, Number.NaN, 0, 0, 0, sequence, 0);
  }

  /** False for a message that is not new. A gap is counted, and told to the book. */
  #inOrder(
    product: Product,
    sequence: number,
    venueNs: number,
    localNs: number,
    line: number,
    batch: EventBatch,
  ): boolean {
    const last = product.sequence;
    if (sequence <= last) {
      this.#report.addDuplicate(line, `sequence ${sequence}`);
      return false;
    }
    if (sequence > last + 1) {
      this.#report.addGap(line, String(last + 1), String(sequence));
      batch.push(EventKind.GAP, EventFlag.LAST, product.index, venueNs, localNs, 0, 0, 0, sequence, 0);
    }
    product.sequence = sequence;
    return true;
  }

  #live(
    type: string,
    message: JsonObject,
    product: Product,
    venueNs: number,
    localNs: number,
    sequence: number,
    batch: EventBatch,
  ): void {
    const { index } = product;
    switch (type) {
      case 'open':
        return this.#open(message, product, venueNs, localNs, sequence, 0, batch);
      case 'done': {
        const id = textField(message, 'order_id');
        const order = product.resting.get(id);
        if (order === undefined) return this.#report.addIgnored('done of an order that is not in the book');
        product.resting.delete(id);
        const side = order.buy ? EventFlag.BUY : 0;
        const price = message['price'] === undefined ? 0 : priceTicks(product.instrument, message['price']);
        const lots = order.openLots;
        batch.push(EventKind.ORDER_REMOVE, side, index, venueNs, localNs, price, lots, order.number, sequence, 0);
        return;
      }
      case 'match':
        return this.#match(message, product, venueNs, localNs, sequence, batch);
      case 'change': {
        const order = product.resting.get(textField(message, 'order_id'));
        if (order === undefined || message['new_size'] === undefined) {
          return this.#report.addIgnored('change of an order that is not in the book');
        }
        const price = priceTicks(product.instrument, message['price']);
        const lots = sizeLots(product.instrument, message['new_size']);
        order.openLots = lots;
        const side = order.buy ? EventFlag.BUY : 0;
        batch.push(EventKind.ORDER_SET, side, index, venueNs, localNs, price, lots, order.number, sequence, 0);
        return;
      }
      default:
        if (!SILENT.has(type)) throw new BadRow('unknown message type');
        this.#report.addIgnored(type);
    }
  }

  #open(
    message: JsonObject,
    product: Product,
    venueNs: number,
    localNs: number,
    sequence: number,
    flags: number,
    batch: EventBatch,
  ): void {
    const id = textField(message, 'order_id');
    const buy = isBuy(message);
    const price = priceTicks(product.instrument, message['price']);
    const lots = positiveLots(product.instrument, message['remaining_size']);
    if (product.resting.has(id)) throw new BadRow('order is opened twice');
    const number = ++this.#lastNumber;
    product.resting.set(id, { number, buy, openLots: lots });
    const allFlags = buy ? flags | EventFlag.BUY : flags;
    batch.push(EventKind.ORDER_ADD, allFlags, product.index, venueNs, localNs, price, lots, number, sequence, 0);
  }

  #match(
    message: JsonObject,
    product: Product,
    venueNs: number,
    localNs: number,
    sequence: number,
    batch: EventBatch,
  ): void {
    const makerId = textField(message, 'maker_order_id');
    const makerIsBuy = isBuy(message);
    const price = priceTicks(product.instrument, message['price']);
    const lots = positiveLots(product.instrument, message['size']);
    const maker = product.resting.get(makerId);
    if (maker === undefined) {
      const side = makerIsBuy ? 0 : EventFlag.BUY;
      batch.push(EventKind.TRADE, side, product.index, venueNs, localNs, price, lots, 0, sequence, 0);
      return;
    }
    maker.openLots -= lots;
    // The replica drops an order that is filled, so its `done`, which follows, is not to be applied again.
    if (maker.openLots <= 0) product.resting.delete(makerId);
    const side = makerIsBuy ? EventFlag.BUY : 0;
    batch.push(EventKind.ORDER_EXEC, side, product.index, venueNs, localNs, price, lots, maker.number, sequence, 0);
  }

  #productOf(message: JsonObject): Product {
    const symbol = textField(message, 'product_id');
    const known = this.#products.get(symbol);
    if (known !== undefined) return known;
    const instrument = guessInstrument('coinbase', symbol, this.#options, () => ({
      prices: [decimalText(message['price'], 'price')],
      sizes: [decimalText(message['remaining_size'] ?? message['size'], 'size')],
    }));
    const index = this.instruments.length;
    const product = { index, instrument, sequence: Number.NaN, inSnapshot: false, resting: new Map() };
    this.instruments.push(instrument);
    this.#products.set(symbol, product);
    return product;
  }
}

function isBuy(message: JsonObject): boolean {
  const side = textField(message, 'side');
  if (side !== 'buy' && side !== 'sell') throw new BadRow("side is neither 'buy' nor 'sell'");
  return side === 'buy';
}

/**
 * Bitstamp's market data frames and pages by a full parse: frames that the scanner leaves (`decode.ts`), with the same outcome where both can
 * read one, and the books that REST tells. Sizes that are more lots than a float64 counts exactly (above 90,071,992 of a coin with eight
 * decimals) are left out as if they were not there: `leftOut` counts them.
 * Source: www.bitstamp.net/websocket/v2, www.bitstamp.net/api ("Order book").
 */
import { unixTextToNs, UnixUnit } from '@quotewright/core/base/time';
import { GridFault } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { asDecimal, asInteger, asObject, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { FeedBook } from '../feed-book.ts';
import { Frame, Moment, Print } from './decode.ts';

/** A byte-order mark is part of the text, so that nothing is read which the scanner would not read either. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const MICROS = /^[1-9]\d{15}$/u;

export interface OrderEvent {
  readonly type: 'order_created' | 'order_changed' | 'order_deleted';
  readonly id: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  /** The venue's name of this event, and of the one before it in this market; '' when it has none, as recordings of old. */
  readonly eventId: string;
  readonly previousId: string;
}

export class FrameParser {
  market = -1;
  readonly numbers = new Float64Array(2);
  readonly print = new Float64Array(7);
  /** Of `ORDER`. */
  order: OrderEvent | undefined;
  /** Of `SUBSCRIBED`. */
  channel = '';
  /** Of `REFUSED`, in the venue's words. */
  reason = '';
  /** Levels with sizes beyond counting. */
  leftOut = 0;
  readonly #instruments: readonly Instrument[];
  readonly #books: readonly FeedBook[];
  readonly #markets: ReadonlyMap<string, number>;
  readonly #epochDay: number;

  constructor(instruments: readonly Instrument[], books: readonly FeedBook[], epochDay: number) {
    this.#instruments = instruments;
    this.#books = books;
    this.#markets = new Map(instruments.map(({ symbol }, i) => [symbol, i]));
    this.#epochDay = epochDay;
  }

  scan(bytes: Uint8Array): Frame {
    this.market = -1;
    const message = parseJson(textOf(bytes));
    if (!isObject(message)) return Frame.UNREADABLE;
    const event = asText(message['event']);
    const channel = asText(message['channel']);
    if (event === 'bts:subscription_succeeded') {
      this.channel = channel;
      return Frame.SUBSCRIBED;
    }
    if (event === 'bts:request_reconnect') return Frame.RECONNECT;
    if (event === 'bts:error') {
      this.reason = JSON.stringify(message['data'] ?? '');
      return Frame.REFUSED;
    }
    if (event === '') return Frame.UNREADABLE;
    const at = channel.lastIndexOf('_');
    const market = this.#markets.get(channel.slice(at + 1)) ?? -1;
    const data = asObject(message['data']) ?? {};
    this.market = market;
    if (market < 0) return Frame.NOTHING;
    const kind = channel.slice(0, at);
    if (kind === 'diff_order_book' && event === 'data') {
      return this.#moment(data) && this.stage(market, data) ? Frame.DIFF : Frame.UNREADABLE;
    }
    if (kind === 'live_trades' && event === 'trade') return this.#trade(market, data);
    if (kind === 'live_orders') return this.#order(market, event, data, message);
    return Frame.NOTHING;
  }

  /** A page of REST: its levels are staged, its times stand in `numbers`. @returns whether it could be read */
  page(market: number, text: string): boolean {
    const body = parseJson(text);
    return isObject(body) && this.#moment(body) && this.stage(market, body);
  }

  /** Stages `bids` and `asks`, lists of price and size. @returns whether they could be read */
  stage(market: number, data: JsonObject): boolean {
    const book = this.#books[market]!;
    book.begin();
    return this.#levels(market, data['bids'], Side.BUY) && this.#levels(market, data['asks'], Side.SELL);
  }

  #levels(market: number, rows: unknown, side: Side): boolean {
    if (!Array.isArray(rows)) return false;
    const { price, size } = this.#instruments[market]!;
    const book = this.#books[market]!;
    for (const row of rows as readonly unknown[]) {
      if (!Array.isArray(row) || row.length < 2) return false;
      const [priceText, sizeText] = row as readonly unknown[];
      const ticks = price.parse(asText(priceText));
      let lots = size.parse(asText(sizeText));
      if (Number.isNaN(lots) && size.fault === GridFault.OUT_OF_RANGE) {
        this.leftOut++;
        lots = 0;
      }
      if (Number.isNaN(ticks) || Number.isNaN(lots)) return false;
      book.level(side, ticks, lots);
    }
    return true;
  }

  #moment(data: JsonObject): boolean {
    const text = asText(data['microtimestamp']);
    if (!MICROS.test(text)) return false;
    this.numbers[Moment.MICROS] = Number(text);
    this.numbers[Moment.VENUE_NS] = unixTextToNs(text, UnixUnit.MICROS, this.#epochDay);
    return Number.isSafeInteger(this.numbers[Moment.MICROS]);
  }

  #trade(market: number, data: JsonObject): Frame {
    const { print } = this;
    const { price, size } = this.#instruments[market]!;
    const type = data['type'];
    if (!this.#moment(data) || (type !== 0 && type !== 1)) return Frame.BAD_PRINT;
    print[Print.SEQ] = wholeNumber(data['id']);
    print[Print.PRICE_TICKS] = price.parse(asText(data['price_str']) || asDecimal(data['price']));
    print[Print.SIZE_LOTS] = size.parse(asText(data['amount_str']) || asDecimal(data['amount']));
    print[Print.VENUE_NS] = this.numbers[Moment.VENUE_NS]!;
    print[Print.SELLER_TOOK] = type;
    print[Print.BUYER] = wholeNumber(data['buy_order_id']);
    print[Print.SELLER] = wholeNumber(data['sell_order_id']);
    return print.every((value) => !Number.isNaN(value)) ? Frame.PRINT : Frame.BAD_PRINT;
  }

  #order(market: number, event: string, data: JsonObject, message: JsonObject): Frame {
    if (event !== 'order_created' && event !== 'order_changed' && event !== 'order_deleted') return Frame.NOTHING;
    const { price, size } = this.#instruments[market]!;
    const type = asInteger(data['order_type']);
    const id = asInteger(asText(data['id_str']) || data['id']);
    const priceTicks = price.parse(asText(data['price_str']) || asDecimal(data['price']));
    const sizeLots = size.parse(asText(data['amount_str']) || asDecimal(data['amount']));
    if (!this.#moment(data) || (type !== 0 && type !== 1) || !(id > 0) || Number.isNaN(priceTicks + sizeLots)) {
      return Frame.UNREADABLE;
    }
    const side = type === 0 ? Side.BUY : Side.SELL;
    const [eventId, previousId] = [asText(message['event_id']), asText(message['pre_event_id'])];
    this.order = { type: event, id, side, priceTicks, sizeLots, eventId, previousId };
    return Frame.ORDER;
  }
}

/** As JSON numbers that are not negative, or NaN. */
function wholeNumber(value: unknown): number {
  const number = asInteger(value);
  return number >= 0 ? number : Number.NaN;
}

/** '' when the bytes are not UTF-8. */
function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return '';
  }
}

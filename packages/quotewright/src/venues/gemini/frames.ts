/**
 * Gemini's market data frames by a full parse: those that the scanner leaves (`decode.ts`), with the same outcome where both can read one.
 * The first `l2_updates` of a symbol after a subscription is its whole book, and alone has `trades` in it.
 * Source: docs.gemini.com, "Market Data Version 2".
 */
import { unixMsToNs } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { asInteger, asList, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { FeedBook } from '../feed-book.ts';
import { Frame, Print } from './decode.ts';

/** A byte-order mark is part of the text, so that nothing is read which the scanner would not read either. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class FrameParser {
  market = -1;
  readonly print = new Float64Array(5);
  /** Of `REFUSED`, in the venue's words. */
  reason = '';
  readonly #instruments: readonly Instrument[];
  readonly #books: readonly FeedBook[];
  readonly #markets: ReadonlyMap<string, number>;
  readonly #epochDay: number;

  constructor(instruments: readonly Instrument[], books: readonly FeedBook[], epochDay: number) {
    this.#instruments = instruments;
    this.#books = books;
    this.#markets = new Map(instruments.map(({ symbol }, i) => [symbol.toUpperCase(), i]));
    this.#epochDay = epochDay;
  }

  scan(bytes: Uint8Array): Frame {
    this.market = -1;
    const message = parseJson(textOf(bytes));
    if (!isObject(message)) return Frame.UNREADABLE;
    if (message['result'] === 'error') {
      this.reason = `${asText(message['reason'])}: ${asText(message['message'])}`;
      return Frame.REFUSED;
    }
    const type = asText(message['type']);
    if (type === 'l2_updates') return this.#book(message);
    if (type === 'trade') return this.#trade(message);
    return type === '' ? Frame.UNREADABLE : Frame.NOTHING;
  }

  #book(message: JsonObject): Frame {
    const market = this.#marketOf(message);
    if (market < 0) return asText(message['symbol']) === '' ? Frame.UNREADABLE : Frame.NOTHING;
    this.market = market;
    const changes = message['changes'];
    if (!Array.isArray(changes)) return Frame.UNREADABLE;
    const book = this.#books[market]!;
    const { price, size } = this.#instruments[market]!;
    book.begin();
    for (const change of changes.map(asList)) {
      const [side, priceText, sizeText] = change;
      if (change.length !== 3 || (side !== 'buy' && side !== 'sell')) return Frame.UNREADABLE;
      const ticks = price.parse(asText(priceText));
      const lots = size.parse(asText(sizeText));
      if (Number.isNaN(ticks) || Number.isNaN(lots)) return Frame.UNREADABLE;
      book.level(side === 'buy' ? Side.BUY : Side.SELL, ticks, lots);
    }
    return Array.isArray(message['trades']) ? Frame.SNAPSHOT : Frame.CHANGES;
  }

  #trade(trade: JsonObject): Frame {
    const market = this.#marketOf(trade);
    if (market < 0) return asText(trade['symbol']) === '' ? Frame.UNREADABLE : Frame.NOTHING;
    const { print } = this;
    const { price, size } = this.#instruments[market]!;
    const side = trade['side'];
    this.market = market;
    print[Print.SEQ] = wholeNumber(trade['tid']);
    print[Print.PRICE_TICKS] = price.parse(asText(trade['price']));
    print[Print.SIZE_LOTS] = size.parse(asText(trade['quantity']));
    print[Print.VENUE_NS] = unixMsToNs(wholeNumber(trade['timestamp']), this.#epochDay);
    print[Print.BUYER_TOOK] = side === 'buy' ? 1 : 0;
    return (side === 'buy' || side === 'sell') && print.every((value) => !Number.isNaN(value))
      ? Frame.PRINT
      : Frame.UNREADABLE;
  }

  #marketOf(message: JsonObject): number {
    return this.#markets.get(asText(message['symbol'])) ?? -1;
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

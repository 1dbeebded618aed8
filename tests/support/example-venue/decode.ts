/**
 * A frame's bytes → a staged book message or a print. Here all are parsed whole; a venue that sends thousands a second gets a scanner of the
 * bytes before that (`venues/scan`, as in `venues/binance/scanner.ts`), which leaves to the parser what has another shape.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import {
  asInteger,
  asList,
  asObject,
  asText,
  parseJson,
  type JsonObject,
} from '../../../packages/quotewright/src/data/json.ts';
import type { FeedBook } from '../../../packages/quotewright/src/venues/feed-book.ts';

/** What a frame was. */
export type FrameKind = 'book' | 'change' | 'print' | 'error' | 'other' | 'unreadable';

export class Decoder {
  /** Index of the instrument of the last frame; -1: of none. */
  index = -1;
  /** Of a book message its number, of a print the trade's; Unix milliseconds. */
  number = Number.NaN;
  unixMs = Number.NaN;
  /** Of a print. */
  side: Side = Side.BUY;
  priceTicks = Number.NaN;
  sizeLots = Number.NaN;
  /** Of an error. */
  words = '';
  readonly #instruments: readonly Instrument[];
  readonly #books: readonly FeedBook[];

  constructor(instruments: readonly Instrument[], books: readonly FeedBook[]) {
    this.#instruments = instruments;
    this.#books = books;
  }

  /** Reads a frame: the levels of a book message to what its book has staged, the rest to the fields above. */
  read(bytes: Uint8Array): FrameKind {
    const message = asObject(parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')));
    const type = asText(message?.['t']);
    this.index = this.#instruments.findIndex(({ symbol }) => symbol === message?.['s']);
    if (message === undefined) return 'unreadable';
    if (type === 'error') this.words = `${asText(message['error'])}: ${asText(message['message'])}`;
    if (type === 'error' || this.index < 0) return type === 'error' ? 'error' : 'other';
    this.number = asInteger(message['n']);
    this.unixMs = asInteger(message['ms']);
    if (!(this.number > 0 && this.unixMs > 0)) return 'unreadable';
    if (type === 'book' || type === 'change') return this.#levels(message) ? type : 'unreadable';
    return type === 'print' ? this.#print(message) : 'other';
  }

  #levels(message: JsonObject): boolean {
    const { price, size } = this.#instruments[this.index]!;
    const book = this.#books[this.index]!;
    book.begin();
    for (const [side, list] of [
      [Side.BUY, message['b']],
      [Side.SELL, message['a']],
    ] as const) {
      if (!Array.isArray(list)) return false;
      for (const level of list) {
        const [priceText, sizeText] = asList(level);
        const ticks = price.parse(asText(priceText));
        const lots = size.parse(asText(sizeText));
        // What is off the grid is NaN, and no level.
        if (!(ticks > 0 && lots >= 0)) return false;
        book.level(side, ticks, lots);
      }
    }
    return true;
  }

  #print(message: JsonObject): FrameKind {
    const { price, size } = this.#instruments[this.index]!;
    this.side = message['side'] === 'buy' ? Side.BUY : Side.SELL;
    this.priceTicks = price.parse(asText(message['price']));
    this.sizeLots = size.parse(asText(message['size']));
    return this.priceTicks > 0 && this.sizeLots > 0 ? 'print' : 'unreadable';
  }
}

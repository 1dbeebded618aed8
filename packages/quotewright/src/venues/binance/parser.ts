/** The full parser beside `scanner.ts`: the same frames with their fields in any order, and what else the streams say. */
import { GridFault } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { asInteger, asObject, asText, parseJson, type JsonObject } from '../../data/json.ts';
import type { FeedBook } from '../feed-book.ts';
import { FrameKind, Slot } from './frame.ts';
import { lotsOf, stageLevels } from './level-lists.ts';

/** What a frame was, when it was none of `FrameKind`. */
export const Other = {
  /** The answer to a request of ours: `{"result":null,"id":1}`. */
  ANSWER: 16,
  /** Something that says nothing about the books: known, and passed over. */
  NOTHING: 17,
  UNREADABLE: 18,
} as const;
export type Other = (typeof Other)[keyof typeof Other];

export class FrameParser {
  /** Index of the instrument of the last frame; of an unreadable one, that whose book lacks something now. Else -1. */
  index = -1;
  /** Of the last answer: what the venue has against the request; '' = nothing. */
  refusal = '';
  readonly #values: Float64Array;
  readonly #instruments: readonly Instrument[];
  readonly #books: readonly FeedBook[];
  readonly #indexOf: ReadonlyMap<string, number>;

  /** @param values where numbers go: the scanner's */
  constructor(values: Float64Array, instruments: readonly Instrument[], books: readonly FeedBook[]) {
    this.#values = values;
    this.#instruments = instruments;
    this.#books = books;
    this.#indexOf = new Map(instruments.map(({ symbol }, i) => [symbol, i]));
  }

  parse(text: string): FrameKind | Other {
    this.index = -1;
    const message = asObject(parseJson(text));
    if (message === undefined) return Other.UNREADABLE;
    const data = 'stream' in message ? asObject(message['data']) : message;
    if (data === undefined) return Other.UNREADABLE;
    if ('result' in data || 'error' in data) return this.#answer(data);
    const index = this.#indexOf.get(asText(data['s']));
    if (index === undefined) return 's' in data ? Other.NOTHING : Other.UNREADABLE;
    this.index = index;
    this.#values[Slot.SENT_MS] = asInteger(data['E']);
    this.#values[Slot.DONE_MS] = asInteger(data['T']);
    const kind = data['e'] ?? (typeof data['B'] === 'string' ? 'bookTicker' : undefined);
    if (kind === 'depthUpdate') return this.#depth(data);
    if (kind === 'bookTicker') return this.#quote(data);
    if (kind === 'trade') return this.#trade(data, data['t']);
    if (kind === 'aggTrade') return this.#trade(data, data['a']);
    return Other.NOTHING;
  }

  #answer(data: JsonObject): Other {
    const error = asObject(data['error']);
    this.refusal = error === undefined ? '' : `${String(error['code'])}: ${asText(error['msg'])}`;
    return Other.ANSWER;
  }

  #depth(data: JsonObject): FrameKind | Other {
    const values = this.#values;
    const book = this.#books[this.index]!;
    values[Slot.FIRST_ID] = asInteger(data['U']);
    values[Slot.LAST_ID] = asInteger(data['u']);
    values[Slot.PREVIOUS_ID] = asInteger(data['pu']);
    book.begin();
    const instrument = this.#instruments[this.index]!;
    const isRead =
      values[Slot.FIRST_ID]! >= 0 &&
      values[Slot.LAST_ID]! >= 0 &&
      stageLevels(instrument, book, Side.BUY, data['b']) >= 0 &&
      stageLevels(instrument, book, Side.SELL, data['a']) >= 0;
    return isRead ? FrameKind.DEPTH : Other.UNREADABLE;
  }

  #quote(data: JsonObject): FrameKind | Other {
    this.#values[Slot.LAST_ID] = asInteger(data['u']);
    const isRead =
      this.#values[Slot.LAST_ID]! >= 0 &&
      this.#level(data['b'], data['B'], Slot.PRICE) &&
      this.#level(data['a'], data['A'], Slot.ASK_PRICE);
    if (isRead) return FrameKind.QUOTE;
    // The book cannot have a best price between two ticks: it lacks its best level, and is not compared with it.
    const { price } = this.#instruments[this.index]!;
    const isOff = [data['b'], data['a']].some(
      (each) => Number.isNaN(price.parse(asText(each))) && price.fault === GridFault.OFF_GRID,
    );
    return isOff ? Other.UNREADABLE : this.#unread();
  }

  #trade(data: JsonObject, id: unknown): FrameKind | Other {
    // Futures print what the insurance fund took over and automatic deleveraging too: nothing was taken from the book.
    const cause = data['X'];
    if (typeof cause === 'string' && cause !== 'MARKET') return Other.NOTHING;
    const values = this.#values;
    values[Slot.LAST_ID] = asInteger(id);
    values[Slot.IS_BUYER_MAKER] = data['m'] === true ? 1 : 0;
    const isRead =
      values[Slot.LAST_ID]! >= 0 && typeof data['m'] === 'boolean' && this.#level(data['p'], data['q'], Slot.PRICE);
    return isRead ? FrameKind.TRADE : this.#unread();
  }

  /** No book is wrong for it. */
  #unread(): Other {
    this.index = -1;
    return Other.UNREADABLE;
  }

  /** A price and a size, to a slot and the one behind it. */
  #level(price: unknown, size: unknown, slot: number): boolean {
    const instrument = this.#instruments[this.index]!;
    const ticks = instrument.price.parse(asText(price));
    const lots = lotsOf(instrument.size, asText(size));
    this.#values[slot] = ticks;
    this.#values[slot + 1] = lots;
    return ticks >= 0 && lots >= 0;
  }
}

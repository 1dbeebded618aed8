/** The scanner against the full parser: what it reads of a frame is what `JSON.parse` gives. */
import { Random } from '@quotewright/core/base/random';
import { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../data/json.ts';
import { FeedBook } from '../feed-book.ts';
import { LevelScan } from '../scan/levels.ts';
import { SymbolTable } from '../scan/symbols.ts';
import { DAMAGES } from '../testing/damage.ts';
import { FrameKind, SLOTS, Slot } from './frame.ts';
import { FrameParser } from './parser.ts';
import { FrameScanner } from './scanner.ts';

const INSTRUMENTS = ['BTCUSDT', 'ETHUSDT'].map(
  (symbol) =>
    new Instrument({ venue: 'v', symbol, base: 'B', quote: 'Q', tick: '0.01', lot: '0.00001', contract: 'spot' }),
);

const LEVELS = '"b":[["61837.63000000","0.50000000"],["61837.00","0.00"]],"a":[["61838.04","12.3"]]';
/** As the venue writes them, of spot and of USD-M. */
const FRAMES: readonly (readonly [kind: FrameKind, frame: string])[] = [
  [FrameKind.DEPTH, `{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":50093239189,"u":50093239202,${LEVELS}}`],
  [FrameKind.DEPTH, '{"e":"depthUpdate","E":1723161255208,"s":"ETHUSDT","U":1,"u":1,"b":[],"a":[]}'],
  [
    FrameKind.DEPTH,
    `{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5,"u":9,"pu":4,${LEVELS}}`,
  ],
  [
    FrameKind.QUOTE,
    '{"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}',
  ],
  [
    FrameKind.QUOTE,
    '{"e":"bookTicker","u":5,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256314}',
  ],
  [
    FrameKind.TRADE,
    '{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683259,"p":"61837.63","q":"0.02000000","T":1723161255342,"m":true,"M":true}',
  ],
  [
    FrameKind.TRADE,
    '{"e":"trade","E":1723161256322,"T":1723161256321,"s":"ETHUSDT","t":7,"p":"61800.30","q":"0.006","X":"MARKET","m":false}',
  ],
  [
    FrameKind.TRADE,
    '{"e":"aggTrade","E":1,"s":"BTCUSDT","a":9,"p":"1.00","q":"2","f":3,"l":4,"T":5,"m":true,"M":true}',
  ],
  [FrameKind.TRADE, '{"e":"aggTrade","E":1,"a":9,"s":"BTCUSDT","p":"1.00","q":"2","f":3,"l":4,"T":5,"m":false}'],
];

function pair() {
  const books = INSTRUMENTS.map((_, i) => new FeedBook(i, new RecordQueue()));
  const parsedBooks = INSTRUMENTS.map((_, i) => new FeedBook(i, new RecordQueue()));
  const symbols = new SymbolTable(INSTRUMENTS.map(({ symbol }) => symbol));
  const levels = INSTRUMENTS.map((each) => new LevelScan(each));
  const values = new Float64Array(SLOTS);
  const scanner = new FrameScanner(symbols, levels, books);
  const parser = new FrameParser(values, INSTRUMENTS, parsedBooks);
  /** What the scanner has read, and what the parser has, of the fields that the kind has. */
  const both = (frame: Uint8Array): readonly [unknown, unknown] => {
    const kind = scanner.scan(frame);
    if (kind === FrameKind.NONE) return ['', ''];
    const other = parser.parse(Buffer.from(frame).toString('utf8'));
    return [told(kind, scanner, scanner.values, books), told(other, parser, values, parsedBooks)];
  };
  return { scanner, both };
}

const FIELDS: Readonly<Record<number, readonly number[]>> = {
  [FrameKind.DEPTH]: [Slot.SENT_MS, Slot.DONE_MS, Slot.FIRST_ID, Slot.LAST_ID, Slot.PREVIOUS_ID],
  [FrameKind.QUOTE]: [Slot.SENT_MS, Slot.DONE_MS, Slot.LAST_ID, Slot.PRICE, Slot.SIZE, Slot.ASK_PRICE, Slot.ASK_SIZE],
  [FrameKind.TRADE]: [Slot.SENT_MS, Slot.DONE_MS, Slot.LAST_ID, Slot.PRICE, Slot.SIZE, Slot.IS_BUYER_MAKER],
};

function told(kind: number, { index }: { index: number }, values: Float64Array, books: readonly FeedBook[]): unknown {
  const fields = FIELDS[kind]?.map((slot) => values[slot]);
  const book = books[index];
  const levels = kind === FrameKind.DEPTH ? Array.from(book!.staged.subarray(0, book!.count * 3)) : [];
  return { kind, index, fields, levels };
}

describe.each(FRAMES)('a frame of kind %i: %s', (kind, frame) => {
  it('is read as the parser reads it, raw and in a wrapper', () => {
    const { scanner, both } = pair();
    for (const text of [frame, `{"stream":"btcusdt@x","data":${frame}}`]) {
      expect(scanner.scan(Buffer.from(text))).toBe(kind);
      const [scanned, parsed] = both(Buffer.from(text));
      expect(scanned).toEqual(parsed);
    }
  });

  it('is read as the parser reads it when it is damaged, or left to the parser', () => {
    const { both } = pair();
    const random = new Random([1, 2, 3, kind + frame.length]);
    const wrapped = `{"stream":"btcusdt@x","data":${frame}}`;
    for (let i = 0; i < 1500; i++) {
      const damage = Object.values(DAMAGES)[i % Object.keys(DAMAGES).length]!;
      const bytes = damage(Buffer.from((i & 1) === 0 ? frame : wrapped), random);
      const text = Buffer.from(bytes).toString('utf8');
      // Zeros before a number and bare bytes in a name are no JSON, and do no harm.
      if (parseJson(text) === undefined) continue;
      const [scanned, parsed] = both(bytes);
      expect(scanned, text).toEqual(parsed);
    }
  });
});

it.each([
  '',
  '{',
  '{}',
  '[]',
  'null',
  '{"e":"depthUpdate"}',
  '{"stream":"',
  '{"u":1,"s":"NOPE","b":"1"}',
  '{"e":"trade","E":',
])('leaves %s to the parser', (text) => {
  expect(pair().scanner.scan(Buffer.from(text))).toBe(FrameKind.NONE);
});

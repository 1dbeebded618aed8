import { Grid } from '@quotewright/core/base/grid';
import { parseIsoNs, unixMsToNs } from '@quotewright/core/base/time';
import { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeedBook } from '../feed-book.ts';
import { ascii, matchesAt, skipText, stringEnd } from './bytes.ts';
import { DecimalScan } from './decimals.ts';
import { FrameView } from './frame-view.ts';
import { scanInteger } from './integers.ts';
import { LevelScan } from './levels.ts';
import { Literal } from './literal.ts';
import { SymbolTable } from './symbols.ts';
import { TimeScan } from './times.ts';

const DIGITS = Array.from('0123456789');
const LETTERS = Array.from('ABCDT/-');
const out = new Float64Array(2);

/** A frame that is read after a longer one, whose bytes stand behind it yet. */
function frameOf(text: string): FrameView {
  const frame = new FrameView();
  frame.take(ascii('1"'.repeat(text.length + 40)));
  frame.take(ascii(text));
  return frame;
}

const steps = fc.constantFrom(
  '1',
  '0.01',
  '0.1',
  '0.5',
  '0.25',
  '0.00001',
  '0.00000001',
  '0.0000000001',
  '100',
  '10',
  '0.05',
);
const digits = (max: number) => fc.string({ unit: fc.constantFrom(...DIGITS), maxLength: max });
const decimal = fc
  .tuple(
    fc.constantFrom('', '', '', '', '-', '+'),
    digits(18),
    fc.constantFrom('', '.', '.'),
    digits(14),
    fc.constantFrom('', '', '', 'e5', 'E-3', 'e', 'x', '..'),
  )
  .map((parts) => parts.join(''));

describe('DecimalScan', () => {
  it('has what the grid has, for every text, but for negative numbers', () => {
    fc.assert(
      fc.property(steps, decimal, fc.constantFrom('"', ',', ']', '}', ' ', ''), (step, text, stop) => {
        const grid = new Grid(step);
        const scan = new DecimalScan(new Grid(step));
        const bytes = ascii(`__${text}${stop}`);
        const wanted = grid.parse(text);
        for (const isFrame of [false, true]) {
          out[1] = -1;
          const at = isFrame ? scan.scanFrame(frameOf(`__${text}${stop}`), 2, out, 1) : scan.scan(bytes, 2, out, 1);
          if (!(wanted >= 0)) {
            // A number may end before the text does.
            expect(at === -1 || at < 2 + text.length).toBe(true);
          } else expect([at, out[1]]).toEqual([2 + text.length, wanted]);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it('has what the grid has, for numbers on it of every length', () => {
    fc.assert(
      fc.property(
        steps,
        fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
        fc.nat(9),
        fc.nat(12),
        (step, many, cut, zeros) => {
          const grid = new Grid(step);
          const count = Number(many / 10n ** BigInt(cut));
          const text = grid.format(count);
          const padded = text.includes('.') ? text + '0'.repeat(zeros) : text;
          expect(new DecimalScan(grid).scan(ascii(`${padded}"`), 0, out, 0)).toBe(padded.length);
          expect(out[0]).toBe(count);
          expect(new DecimalScan(grid).scanFrame(frameOf(`${padded}"`), 0, out, 1)).toBe(padded.length);
          expect(out[1]).toBe(count);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

it('reads whole numbers up to 2^53 - 1, and no further', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), fc.bigInt({ min: 0n, max: 10n ** 18n })),
      fc.constantFrom('', ',', 'x'),
      (number, stop) => {
        const text = number.toString();
        const at = scanInteger(ascii(`[${text}${stop}`), 1, out, 0);
        if (number > BigInt(Number.MAX_SAFE_INTEGER)) expect(at).toBe(-1);
        else expect([at, out[0]]).toEqual([1 + text.length, Number(number)]);
      },
    ),
    { numRuns: 5000 },
  );
  expect(scanInteger(ascii(''), 0, out, 0)).toBe(-1);
  expect(scanInteger(ascii('-1'), 0, out, 0)).toBe(-1);
});

it('reads times as the core does', () => {
  const epochDay = 20_000;
  const scan = new TimeScan(epochDay);
  fc.assert(
    fc.property(fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }), fc.nat(9), (ms, decimals) => {
      expect(scan.unixMs(ascii(`${ms},`), 0, out, 0)).toBe(13);
      expect(out[0]).toBe(unixMsToNs(ms, epochDay));
      expect(scan.unixUs(ascii(`${ms}123,`), 0, out, 0)).toBe(16);
      expect(out[0]).toBe(unixMsToNs(ms, epochDay) + 123_000);
      const seconds = new Date(ms).toISOString().slice(0, 19);
      const text = `${seconds}${decimals === 0 ? '' : `.${'123456789'.slice(0, decimals)}`}Z`;
      expect(scan.iso(ascii(text), 0, out, 0)).toBe(text.length);
      expect(out[0]).toBe(parseIsoNs(text, epochDay));
    }),
  );
  for (const bad of [
    '',
    '2026-08-09',
    '2026-13-09T00:00:00Z',
    '2026-08-09T24:00:00Z',
    '2026-08-09T00:00:0',
    '2026-08-09T00:00:00.Z',
    '2026-08-09T00:00:00',
  ]) {
    expect(scan.iso(ascii(bad), 0, out, 0)).toBe(-1);
  }
});

describe('LevelScan', () => {
  const instrument = new Instrument({
    venue: 'v',
    symbol: 's',
    base: 'B',
    quote: 'Q',
    tick: '0.01',
    lot: '0.00001',
    contract: 'spot',
  });
  const level = fc.tuple(fc.nat(10_000_000), fc.nat(1_000_000_000));

  it('stages what is listed', () => {
    fc.assert(
      fc.property(fc.array(level, { maxLength: 150 }), fc.boolean(), (levels, isPadded) => {
        const book = new FeedBook(0, new RecordQueue());
        const pad = isPadded ? '000' : '';
        const list = levels.map(([p, s]) => [instrument.price.format(p) + pad, instrument.size.format(s) + pad]);
        const text = JSON.stringify(list);
        expect(new LevelScan(instrument).pairs(frameOf(`${text}}`), 0, book, 1)).toBe(text.length);
        expect(book.count).toBe(levels.length);
        expect([...book.staged.subarray(0, levels.length * 3)]).toEqual(levels.flatMap(([p, s]) => [p, s, 1]));
      }),
    );
  });

  it.each([
    '',
    '[',
    '[[',
    '[["1.00","2"]',
    '[["1.00"]]',
    '[["1.001","2"]]',
    '[["1.00","2","3"]]',
    '[["1","2"],]',
    '[[1,2]]',
    '[["","2"]]',
    '{}',
    '[ ["1","2"]]',
  ])('leaves %s to the full parser', (text) => {
    const scan = new LevelScan(instrument);
    expect(scan.pairs(frameOf(text), 0, new FeedBook(0, new RecordQueue()), 0)).toBe(-1);
  });
});

it('finds the ends of strings, and texts', () => {
  expect(stringEnd(ascii('abc"'), 0)).toBe(3);
  expect(stringEnd(ascii('a\\"c"'), 0)).toBe(-1);
  expect(stringEnd(ascii('abc'), 0)).toBe(-1);
  expect(skipText(ascii('{"a":1}'), 1, ascii('"a":'))).toBe(5);
  expect(skipText(ascii('{"a":1}'), -1, ascii('"a":'))).toBe(-1);
  expect(matchesAt(ascii('{"a'), 1, ascii('"a":'))).toBe(false);
});

it('finds symbols, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 8 }), {
        minLength: 1,
        maxLength: 60,
      }),
      (names) => {
        const table = new SymbolTable(names);
        for (const [i, name] of names.entries()) {
          expect(table.find(ascii(`"${name}"`), 1, name.length + 1)).toBe(i);
          expect(table.find(ascii(`${name}Z`), 0, name.length + 1)).toBe(-1);
        }
      },
    ),
  );
  expect(new SymbolTable([]).find(ascii('A'), 0, 1)).toBe(-1);
});

it('compares texts by words, and not beyond the end of a frame', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 4, maxLength: 9 }), fc.nat(8), (text, cut) => {
      const literal = new Literal(text);
      const { view } = frameOf(`_${text}`);
      expect(literal.skip(view, 1)).toBe(1 + text.length);
      expect(literal.skip(view, -1)).toBe(-1);
      const part = text.slice(0, Math.min(cut, text.length - 1));
      expect(literal.skip(frameOf(`_${part}`).view, 1)).toBe(-1);
      expect(literal.skip(frameOf(`_${part}c${text.slice(part.length + 1)}`).view, 1)).toBe(-1);
    }),
  );
});

import { stripVTControlCharacters } from 'node:util';
import { L2Book } from '@quotewright/core/market/l2-book';
import { L3Replica } from '@quotewright/core/market/l3-replica';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { testInstrument } from '../data/testing/recordings.ts';
import { booksText } from './book-text.ts';
import { bookView, type BookView } from './book-view.ts';

const OPTIONS = { levels: 3, fillLots: Number.NaN, venueNs: Number.NaN, localNs: Number.NaN, epochDay: 0 };

function textOf(...books: BookView[]): string {
  return stripVTControlCharacters(booksText({ path: 'x.csv', format: 'test', rows: 1234, badRows: 0, gaps: 0, books }));
}

describe('what book show prints', () => {
  it('is a ladder with the best in the middle, and the measures below it', () => {
    const book = new L2Book();
    book.set(Side.SELL, 202, 2000);
    book.set(Side.SELL, 2030, 13_000);
    book.set(Side.BUY, 200, 6000);
    book.endSnapshot(77);
    const view = bookView(testInstrument(), book, { ...OPTIONS, fillLots: 5000, localNs: 0 });
    expect(textOf(view)).toBe(`x.csv (test): 1,234 rows

test BTC-USD  levels (L2), tick 0.05, lot 0.001
as of 1970-01-01 00:00:00.000000000Z, the recorder's clock

      price    size  cumulative
ask  101.50  13.000      15.000
ask   10.10   2.000       2.000
bid   10.00   6.000       6.000

best bid    10.00, size 6.000
best ask    10.10, size 2.000
spread      2 ticks, 0.10
mid         10.050
microprice  10.0750
imbalance   -0.4286 over the 3 best levels (1 all bids, -1 all asks)
depth       within 10 ticks: bids 6.000, asks 2.000
            within 100 ticks: bids 6.000, asks 2.000
            within 1,000 ticks: bids 6.000, asks 2.000
to buy      5.000 at 64.9400 on average
            to 101.50, 1,828 ticks from the touch
to sell     5.000 at 10.0000 on average
            to 10.00, 0 ticks from the touch
levels      1 bid, 2 asks
sequence    77
checksums   -
state       whole: from a snapshot, and nothing is missing since
`);
  });

  it('says what a book is not', () => {
    const empty = textOf(bookView(testInstrument(), new L2Book(), OPTIONS));
    expect(empty).toMatch(/^ask +none\nbid +none$/m);
    expect(empty).toContain('as of an unknown time');
    expect(empty).toMatch(/^mid +-$/m);
    expect(empty).toMatch(/^state +no book: the recording holds no levels and no orders$/m);
    const partial = new L2Book();
    partial.set(Side.BUY, 202, 1);
    partial.set(Side.SELL, 201, 1);
    const view = bookView(testInstrument(), partial, OPTIONS);
    expect(textOf(view)).toMatch(/^spread +-1 tick, -0\.05 \(crossed or locked\)$/m);
    expect(textOf(view)).toMatch(/^to buy +0\.010 at 10\.0500 on average\n +to 10\.05, only 0\.001 is there$/m);
    expect(textOf(view)).toMatch(/^state +no snapshot: /m);
    partial.noteGap();
    expect(textOf(bookView(testInstrument(), partial, OPTIONS))).toMatch(/^state +stale: no complete snapshot$/m);
    partial.endSnapshot(0);
    partial.noteChecksum(false);
    const failed = textOf(bookView(testInstrument(), partial, OPTIONS));
    expect(failed).toMatch(/^checksums +1 compared, 1 failed$/m);
    expect(failed).toMatch(/^state +stale: since its snapshot/m);
  });

  it('stays within 80 columns by leaving out the numbers of orders', () => {
    const fine = testInstrument('X', '0.00000001', '0.00000001');
    const book = new L3Replica();
    const [price, size, id] = [1.5e14, 4e13, 9e13];
    book.add(id, Side.BUY, price, size);
    const wide = textOf(bookView(fine, book, OPTIONS));
    expect(Math.max(...wide.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(wide).toMatch(/^bid +1500000\.00000000 +400000\.00000000 +400000\.00000000 +1 +90000000000000$/m);
    book.add(id + 1, Side.BUY, -Number.MAX_SAFE_INTEGER, 1);
    for (let i = 0; i < 10_000; i++) book.add(i, Side.SELL, price + 1, 1);
    const wider = textOf(bookView(fine, book, OPTIONS));
    expect(Math.max(...wider.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(wider).not.toContain('90000000000000');
    expect(wider).toMatch(/^ask .* 10,000$/m);
  });

  it('prints twenty books and says how many are left', () => {
    const view = bookView(testInstrument(), new L2Book(), OPTIONS);
    const text = textOf(...Array.from({ length: 23 }, () => view));
    expect(text.match(/^test BTC-USD/gm)).toHaveLength(20);
    expect(text).toMatch(/\n… and 3 more books; --symbol shows one, --json all\n$/);
  });
});

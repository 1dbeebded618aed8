/** The venue's own examples, and a slow and obvious checksum beside the fast one on the same random books. */
import { crc32 } from 'node:zlib';
import { Random } from '@quotewright/core/base/random';
import { Instrument } from '@quotewright/core/market/instrument';
import { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { sharedJson } from '../../data/testing/files.ts';
import { BookChecksum } from './checksum.ts';

interface Vectors {
  readonly kraken_book_crc32_v1: { readonly string: string; readonly expect: number };
  readonly kraken_book_crc32_v2: {
    readonly asks: readonly (readonly [string, string])[];
    readonly bids: readonly (readonly [string, string])[];
    readonly expect: number;
  };
}

function instrumentOf(tick: string, lot: string): Instrument {
  const spec = { venue: 'kraken', symbol: 'BTC/USD', base: 'BTC', quote: 'USD', tick, lot, contract: 'spot' } as const;
  return new Instrument(spec);
}

/** As the venue describes it, with strings. */
function obvious(book: L2Book, { price, size }: Instrument, decimals: readonly [number, number]): number {
  let text = '';
  const put = (decimal: string, most: number) => {
    const [whole = '', part = ''] = decimal.split('.');
    text += (whole + part.padEnd(most, '0')).replace(/^0+/u, '');
  };
  for (const side of [Side.SELL, Side.BUY]) {
    const prices = new Float64Array(10);
    const sizes = new Float64Array(10);
    const count = book.top(side, 10, prices, sizes);
    for (let i = 0; i < count; i++) {
      put(price.format(prices[i]!), decimals[0]);
      put(size.format(sizes[i]!), decimals[1]);
    }
  }
  return crc32(text);
}

describe('the checksum', () => {
  it('is the one of the example of WebSocket v2', () => {
    const { asks, bids, expect: wanted } = sharedJson<Vectors>('reference/checksum_vectors.json').kraken_book_crc32_v2;
    const instrument = instrumentOf('0.1', '0.00000001');
    const book = new L2Book();
    for (const [side, levels] of [[Side.SELL, asks] as const, [Side.BUY, bids] as const]) {
      for (const [price, size] of levels) book.set(side, instrument.price.parse(price), instrument.size.parse(size));
    }
    expect(new BookChecksum(instrument).of(book)).toBe(wanted);
  });

  it('is the one of the example of WebSocket v1', () => {
    const { string, expect: wanted } = sharedJson<Vectors>('reference/checksum_vectors.json').kraken_book_crc32_v1;
    const instrument = instrumentOf('0.00005', '0.00000001');
    const book = new L2Book();
    // Ten asks from 0.05005 up and ten bids from 0.05000 down, of which 0.04985 is not there; 0.00000500 each.
    for (let i = 0; i < 10; i++) {
      book.set(Side.SELL, 1001 + i, 500);
      book.set(Side.BUY, 1000 - i - (i < 3 ? 0 : 1), 500);
    }
    const checksum = new BookChecksum(instrument);
    checksum.setDecimals(5, 8);
    expect(crc32(string)).toBe(wanted);
    expect(checksum.of(book)).toBe(wanted);
  });

  it.each<readonly [tick: string, lot: string, decimals: readonly [number, number]]>([
    ['0.1', '0.00000001', [1, 8]],
    ['0.01', '0.001', [8, 8]],
    ['0.5', '1', [1, 0]],
    ['0.00000001', '0.00000001', [10, 8]],
    ['5', '0.00000001', [0, 8]],
  ])('of random books with tick %s and lot %s is what strings give', (tick, lot, decimals) => {
    const random = Random.stream(7, tick + lot);
    const instrument = instrumentOf(tick, lot);
    const checksum = new BookChecksum(instrument);
    checksum.setDecimals(...decimals);
    const book = new L2Book();
    for (let n = 0; n < 3000; n++) {
      const side = random.nextUint32() & 1 ? Side.BUY : Side.SELL;
      const near = random.nextUint32() % 40;
      const price = side === Side.BUY ? 500_000 - near : 500_001 + near;
      const isGone = (random.nextUint32() & 3) === 0;
      // From a lot to beyond 2^32 of them.
      const size = isGone ? 0 : 1 + Math.floor((random.nextUint32() / 2 ** 32) * 2 ** (random.nextUint32() % 53));
      book.set(side, price, size);
      if (n % 500 === 499) book.clear();
      expect(checksum.of(book)).toBe(obvious(book, instrument, decimals));
    }
  });
});

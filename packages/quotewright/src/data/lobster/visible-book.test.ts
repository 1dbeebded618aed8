import { BookBuilder } from '@quotewright/core/market/book-builder';
import { EVENT_STRIDE, EventFlag, Field, headFlags } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { openSource } from '../source.ts';
import { sharedData, tempFolder } from '../testing/files.ts';
import { eventTexts } from '../testing/recordings.ts';
import { bookSourceOf } from './files.ts';
import { messagesOf } from './format.ts';
import { LineCursor } from './line-cursor.ts';
import { openVisibleBook } from './visible-book.ts';

const MESSAGES = 'TEST_2012-06-21_34200000_57600000_message_2.csv';
const folder = tempFolder();

function sample(rows: readonly (readonly [string, string])[]): string {
  folder.write(MESSAGES.replace('message', 'orderbook'), rows.map(([, book]) => `${book}\n`).join(''));
  return folder.write(MESSAGES, rows.map(([message]) => `${message}\n`).join(''));
}

describe('LOBSTER messages with their book rows', () => {
  it('name the unknown part of a level that comes into view, and remove a level that goes out of it', async () => {
    const path = sample([
      ['34200,1,11,100,1000000,1', '1010000,50,1000000,130,9999999999,0,990000,10'],
      // Execution of an order from before the recording, then of what is left of it.
      ['34201,4,5,20,1000000,1', '1010000,50,1000000,110,9999999999,0,990000,10'],
      ['34202,3,6,10,1000000,1', '1010000,50,1000000,100,9999999999,0,990000,10'],
      ['34203,1,12,5,1005000,1', '1010000,50,1005000,5,9999999999,0,1000000,100'],
      ['34204,3,12,5,1005000,1', '1010000,50,1000000,100,9999999999,0,990000,10'],
    ]);
    const recording = await openVisibleBook(path, { strict: true });
    const name = 2 ** 50;
    expect(await eventTexts(recording!)).toEqual([
      'SNAPSHOT_BEGIN sell 0 0 #0',
      'ORDER_ADD buy 10000 100 #11',
      `ORDER_ADD sell 10100 50 #${name + 1}`,
      `ORDER_ADD buy 10000 30 #${name + 2}`,
      `ORDER_ADD buy 9900 10 #${name + 3}`,
      'SNAPSHOT_END sell 0 0 #0',
      `ORDER_EXEC buy 10000 20 #${name + 2}`,
      `ORDER_REDUCE buy 10000 10 #${name + 2}`,
      'ORDER_ADD buy 10050 5 #12',
      `ORDER_REMOVE buy 9900 0 #${name + 3}`,
      'ORDER_REMOVE buy 10050 5 #12',
      `ORDER_ADD buy 9900 10 #${name + 4}`,
    ]);
  });

  it('are a plain recording without book rows', async () => {
    expect(
      await openVisibleBook(folder.write('alone.csv', '34200,1,1,5,1000000,1\n'), { strict: false }),
    ).toBeUndefined();
  });

  it.each(['GOOG_2012-06-21_5', 'AAPL_2012-06-21_1'])(
    'rebuild %s exactly: after each message the book is the row',
    async (name) => {
      const path = sharedData(`lobster/LOBSTER_SampleFile_${name}.zip`);
      const recording = await openVisibleBook(path, { strict: true });
      const books = new LineCursor((await bookSourceOf(await messagesOf(await openSource(path))))!);
      const { book, ...builder } = newBuilder();
      let rows = 0;
      let wrong = 0;
      for await (const batch of recording!.batches()) {
        for (let at = 0; at < batch.length * EVENT_STRIDE; at += EVENT_STRIDE) {
          builder.apply(batch.data, at);
          if ((headFlags(batch.data[at + Field.HEAD]!) & EventFlag.LAST) === 0) continue;
          if (!(await books.next())) break;
          rows++;
          const line = Buffer.from(books.bytes.subarray(books.start, books.end)).toString('latin1').trimEnd();
          if (line !== rowOf(book, line.split(',').length / 4)) wrong++;
        }
      }
      await books.close();
      // GOOG holds one execution, in a sweep, at a price that was out of view.
      expect([rows > 100_000, wrong, builder.faults()]).toEqual([true, 0, name.startsWith('GOOG') ? 1 : 0]);
    },
    60_000,
  );
});

function newBuilder(): {
  book: BookBuilder['book'];
  apply(data: Float64Array, offset: number): void;
  faults(): number;
} {
  const builder = new BookBuilder(true);
  return {
    book: builder.book,
    apply: (data, offset) => builder.apply(data, offset),
    faults: () => builder.unknownIds + builder.duplicateIds + builder.overfills,
  };
}

/** The book as a LOBSTER row of cents. */
function rowOf(book: BookBuilder['book'], levels: number): string {
  const fields: number[] = [];
  const prices = [new Float64Array(levels), new Float64Array(levels)] as const;
  const sizes = [new Float64Array(levels), new Float64Array(levels)] as const;
  const asks = book.top(Side.SELL, levels, prices[1], sizes[1]);
  const bids = book.top(Side.BUY, levels, prices[0], sizes[0]);
  for (let i = 0; i < levels; i++) {
    fields.push(i < asks ? prices[1][i]! * 100 : 9_999_999_999, i < asks ? sizes[1][i]! : 0);
    fields.push(i < bids ? prices[0][i]! * 100 : -9_999_999_999, i < bids ? sizes[0][i]! : 0);
  }
  return fields.join(',');
}

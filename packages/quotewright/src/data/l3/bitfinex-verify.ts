/** A Bitfinex raw book holds no truth beside itself; what it promises about itself is checked after each message. */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { BookBuilder } from '@quotewright/core/market/book-builder';
import { Side } from '@quotewright/core/market/side';
import type { OpenOptions } from '../recording.ts';
import { openSource } from '../source.ts';
import { newCheck, record, recordExplained } from '../verdict.ts';
import type { Verdict } from '../verdict.ts';
import { bitfinexRawFormat } from './bitfinex-raw.ts';
import { replicaNotes } from './replica-notes.ts';

/** Orders a side that the subscription asks for. */
const DEPTH = 25;
/**
 * The feed sends a change of the venue's book order by order, so the book stands crossed in between. A whole side
 * replaced takes this many messages; a book that stays crossed for longer is wrong.
 */
const MAX_CROSSED_RUN = DEPTH;

export async function verifyBitfinexRaw(path: string, options: OpenOptions): Promise<Verdict> {
  const recording = await bitfinexRawFormat.open(await openSource(path), options);
  const known = newCheck('each change and delete names an order of the book');
  const depth = newCheck(`at most ${DEPTH} orders a side after each message`);
  const uncrossed = newCheck('best bid below best ask after each message');
  const builder = new BookBuilder(true);
  const { book } = builder;
  const counts = [0, 0];
  let crossedRun = 0;
  let message = 0;
  const endRun = (): void => {
    for (let i = 0; i < crossedRun; i++) {
      if (crossedRun <= MAX_CROSSED_RUN) {
        recordExplained(
          uncrossed,
          `crossed for at most ${MAX_CROSSED_RUN} messages, while one change arrives order by order`,
        );
      } else record(uncrossed, false, () => `crossed for ${crossedRun} messages up to message ${message} with orders`);
    }
    crossedRun = 0;
  };
  for await (const batch of recording.batches()) {
    for (let i = 0; i < batch.length; i++) {
      const at = i * EVENT_STRIDE;
      const head = batch.data[at + Field.HEAD]!;
      const kind = headKind(head);
      const id = batch.data[at + Field.ORDER_ID]!;
      if (kind === EventKind.SNAPSHOT_BEGIN) counts.fill(0);
      const side = (headFlags(head) & EventFlag.BUY) === 0 ? Side.SELL : Side.BUY;
      const unknownBefore = builder.unknownIds;
      builder.apply(batch.data, at);
      const isKnown = builder.unknownIds === unknownBefore;
      if (kind === EventKind.ORDER_REMOVE || kind === EventKind.ORDER_SET) {
        record(known, isKnown, () => `message ${message + 1}: order ${id} is not in the book`);
      }
      if (kind === EventKind.ORDER_REMOVE && isKnown) counts[side]!--;
      if (kind === EventKind.ORDER_ADD) counts[side]!++;
      if ((headFlags(head) & EventFlag.LAST) === 0) continue;
      message++;
      record(depth, Math.max(...counts) <= DEPTH, () => `message ${message}: ${counts[0]} bids, ${counts[1]} asks`);
      if (book.isCrossed) crossedRun++;
      else {
        endRun();
        record(uncrossed, true, () => '');
      }
    }
  }
  endRun();
  const notes = [
    'the recording holds neither times nor checksums: only its own promises can be checked',
    ...replicaNotes(builder),
  ];
  return { format: recording.format, path, checks: [known, depth, uncrossed], notes, report: recording.report };
}

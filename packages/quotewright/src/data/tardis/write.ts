/**
 * Writes a recording as Tardis CSV: its book as `incremental_book_L2`, or its prints as `trades`. Times are cut to
 * microseconds, which is all that the format has; an unknown venue time is written as the local one, as Tardis does.
 */
import { open } from 'node:fs/promises';
import {
  EVENT_STRIDE,
  EventFlag,
  EventKind,
  Field,
  headFlags,
  headInstrument,
  headKind,
} from '@quotewright/core/market/event';
import type { Recording } from '../recording.ts';
import { InputError } from '../report.ts';

const US_PER_DAY = 86_400e6;
const HEADERS = {
  book: 'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n',
  trades: 'exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n',
} as const;

export const writeTardisBook = (recording: Recording, path: string): Promise<string[]> =>
  write(recording, path, 'book');
export const writeTardisTrades = (recording: Recording, path: string): Promise<string[]> =>
  write(recording, path, 'trades');

/** @throws InputError when the recording's book is of orders: the format knows levels only. */
async function write(recording: Recording, path: string, table: keyof typeof HEADERS): Promise<string[]> {
  if (table === 'book' && recording.isL3) {
    throw new InputError('incremental_book_L2 holds levels; the recording holds orders: convert it to parquet or npz');
  }
  const wanted = table === 'book' ? EventKind.LEVEL : EventKind.TRADE;
  const handle = await open(path, 'w');
  let skipped = 0;
  let undated = 0;
  try {
    await handle.write(HEADERS[table]);
    for await (const { data, length } of recording.batches()) {
      let text = '';
      for (let i = 0; i < length; i++) {
        const at = i * EVENT_STRIDE;
        const head = data[at + Field.HEAD]!;
        if (headKind(head) !== wanted) {
          skipped++;
          continue;
        }
        const venueNs = data[at + Field.VENUE_NS]!;
        const localNs = data[at + Field.LOCAL_NS]!;
        if (venueNs !== venueNs && localNs !== localNs) undated++;
        const instrument = recording.instruments[headInstrument(head)]!;
        const flags = headFlags(head);
        const isBuy = (flags & EventFlag.BUY) !== 0;
        const venue = micros(venueNs === venueNs ? venueNs : localNs, recording.epochDay);
        const local = micros(localNs === localNs ? localNs : venueNs, recording.epochDay);
        const price = instrument.price.format(data[at + Field.PRICE_TICKS]!);
        const size = instrument.size.format(data[at + Field.SIZE_LOTS]!);
        const middle =
          table === 'book'
            ? `${(flags & EventFlag.SNAPSHOT) !== 0},${isBuy ? 'bid' : 'ask'}`
            : `${data[at + Field.SEQ]! || ''},${isBuy ? 'buy' : 'sell'}`;
        text += `${instrument.venue},${instrument.symbol},${venue},${local},${middle},${price},${size}\n`;
      }
      await handle.write(text);
    }
  } finally {
    await handle.close();
  }
  const notes: string[] = [];
  if (skipped > 0) notes.push(`${skipped} events are of kinds that the table does not hold and were left out`);
  if (undated > 0) notes.push(`${undated} events have no time: written with that of the recording's first midnight`);
  return notes;
}

function micros(ns: number, epochDay: number): number {
  return epochDay * US_PER_DAY + (ns === ns ? Math.floor(ns / 1000) : 0);
}

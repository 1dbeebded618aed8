/** Rebuilds the books of a recording and shows every event to those who check them. */
import type { Book } from '@quotewright/core/market/book';
import { BookBuilder } from '@quotewright/core/market/book-builder';
import { EVENT_STRIDE, Field, headInstrument } from '@quotewright/core/market/event';
import type { Recording } from './recording.ts';

/** Shown each record, of whatever kind, with the book of its instrument. */
export interface BookVisitor {
  /** Before the book takes the record. */
  before?(data: Float64Array, offset: number, instrument: number, book: Book): void;
  /** After it. */
  after?(data: Float64Array, offset: number, instrument: number, book: Book): void;
}

/** Reads a recording to its end. `builders` holds one per instrument index; those it lacks are added. */
export async function walkBooks(
  recording: Pick<Recording, 'isL3' | 'batches'>,
  builders: BookBuilder[],
  visitors: readonly BookVisitor[] = [],
): Promise<void> {
  for await (const batch of recording.batches()) {
    const { data } = batch;
    for (let offset = 0; offset < batch.length * EVENT_STRIDE; offset += EVENT_STRIDE) {
      const instrument = headInstrument(data[offset + Field.HEAD]!);
      while (builders.length <= instrument) builders.push(new BookBuilder(recording.isL3));
      const builder = builders[instrument]!;
      for (const visitor of visitors) visitor.before?.(data, offset, instrument, builder.book);
      builder.apply(data, offset);
      for (const visitor of visitors) visitor.after?.(data, offset, instrument, builder.book);
    }
  }
}

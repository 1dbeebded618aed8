/** Replays a recording into one book per instrument, for checks. */
import { EVENT_STRIDE, Field, headInstrument } from '@quotewright/core/market/event';
import { BookBuilder } from '@quotewright/core/market/book-builder';
import type { Recording } from '../recording.ts';

/** The books at the recording's end; `afterMessage` is called with the first instrument's after each batch record. */
export async function replay(recording: Recording, afterRecord?: (book: BookBuilder) => void): Promise<BookBuilder[]> {
  const books: BookBuilder[] = [];
  for await (const batch of recording.batches()) {
    const end = batch.length * EVENT_STRIDE;
    for (let at = 0; at < end; at += EVENT_STRIDE) {
      const index = headInstrument(batch.data[at + Field.HEAD]!);
      while (books.length <= index) books.push(new BookBuilder(recording.isL3));
      books[index]!.apply(batch.data, at);
      afterRecord?.(books[index]!);
    }
  }
  return books;
}

/** Notes about order events that a book could not apply; none when all could be. */
export function replicaNotes(book: BookBuilder): string[] {
  const notes: string[] = [];
  if (book.unknownIds > 0) notes.push(`${book.unknownIds} events named orders that are not in the book`);
  if (book.duplicateIds > 0) notes.push(`${book.duplicateIds} orders were added twice`);
  if (book.overfills > 0) notes.push(`${book.overfills} executions of more than was open`);
  return notes;
}

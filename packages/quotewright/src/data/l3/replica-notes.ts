/** What a book of orders could not make of a recording's events, in words. */
import type { BookBuilder } from '@quotewright/core/market/book-builder';

/** Notes about order events that a book could not apply; none when all could be. */
export function replicaNotes(book: BookBuilder): string[] {
  const notes: string[] = [];
  if (book.unknownIds > 0) notes.push(`${book.unknownIds} events named orders that are not in the book`);
  if (book.duplicateIds > 0) notes.push(`${book.duplicateIds} orders were added twice`);
  if (book.overfills > 0) notes.push(`${book.overfills} executions of more than was open`);
  if (book.refused > 0) notes.push(`${book.refused} orders were more than the book can hold`);
  return notes;
}

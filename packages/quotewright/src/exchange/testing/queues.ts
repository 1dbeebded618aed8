/** The queues of a side, order by order, the best level first and of a level its front: price in ticks and size in lots of each order. */
import type { Book } from '@quotewright/core/market/book';
import type { L3Book } from '@quotewright/core/market/l3-book';
import { L3Replica } from '@quotewright/core/market/l3-replica';
import type { Side } from '@quotewright/core/market/side';

export type Queues = [priceTicks: number, sizeLots: number][];

/** As the exchange has them. */
export function exchangeQueues(book: L3Book, side: Side): Queues {
  const queues: Queues = [];
  for (let level = book.best(side); level !== 0; level = book.levelAfter(level)) {
    for (let slot = book.front(level); slot !== 0; slot = book.behind(slot)) {
      queues.push([book.levelPrice(level), book.openLots(slot)]);
    }
  }
  return queues;
}

/** As a reader of order by order data has them. @throws Error when the book is one of levels */
export function replicaQueues(book: Book, side: Side): Queues {
  if (!(book instanceof L3Replica)) throw new Error('a book of levels');
  const levels = book.levelCount(side);
  const prices = new Float64Array(levels);
  book.top(side, levels, prices, new Float64Array(levels));
  const queues: Queues = [];
  for (const price of prices) {
    for (let id = book.frontAt(side, price); !Number.isNaN(id); id = book.behind(id))
      queues.push([price, book.sizeOf(id)]);
  }
  return queues;
}

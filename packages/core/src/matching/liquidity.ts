/** How much an order could take at once, for fill-or-kill. */
import type { L3Book } from '../market/l3-book.ts';
import { Word } from '../market/l3-layout.ts';
import { Side } from '../market/side.ts';
import { SelfTrade } from './codes.ts';
import type { Extensions } from './extensions.ts';

/**
 * True when the other side holds `lots` up to the limit for this owner to take. Own resting orders do not count: with
 * CANCEL_OLDEST they are passed over, with the other modes the first one met ends what can be taken.
 *
 * At a level, all that is shown stands before anything hidden (a refilled iceberg goes to the back of the queue).
 */
export function canFill(
  book: L3Book,
  extensions: Extensions,
  side: Side,
  limitTicks: number,
  lots: number,
  owner: number,
  selfTrade: SelfTrade,
): boolean {
  const isGuarded = selfTrade !== SelfTrade.ALLOW && owner !== 0;
  const opposite = side ^ 1;
  let available = 0;
  for (let level = book.best(opposite); level !== 0; level = book.levelAfter(level)) {
    const price = book.levelPrice(level);
    if (side === Side.BUY ? price > limitTicks : price < limitTicks) return false;
    let hidden = 0;
    for (let slot = book.front(level); slot !== 0; slot = book.behind(slot)) {
      const isOwn = isGuarded && book.words[(slot << 3) | Word.OWNER] === owner;
      if (isOwn && selfTrade !== SelfTrade.CANCEL_OLDEST) return false;
      if (isOwn || standsBehindItsPair(book, extensions, slot)) continue;
      const shown = book.openLots(slot);
      available += shown;
      if (available >= lots) return true;
      hidden += extensions.openOf(slot) - shown;
    }
    available += hidden;
    if (available >= lots) return true;
  }
  return false;
}

/** True when the order's linked order stands before it in the same queue: the trade with that one cancels it. */
function standsBehindItsPair(book: L3Book, extensions: Extensions, slot: number): boolean {
  const other = extensions.linkOf(slot);
  // A linked order that waits for its trigger stands on a further side.
  if (other === 0 || book.sideOf(other) !== book.sideOf(slot)) return false;
  const price = book.priceOf(slot);
  const otherPrice = book.priceOf(other);
  if (otherPrice !== price) return book.sideOf(slot) === Side.BUY ? otherPrice > price : otherPrice < price;
  let next = book.behind(other);
  while (next !== 0 && next !== slot) next = book.behind(next);
  return next === slot;
}

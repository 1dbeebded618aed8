/** The inputs of a journal that may still be written to, a part of them at a time. */
import { setImmediate } from 'node:timers/promises';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { readJournal } from '../../journal/reader.ts';

/** Inputs between two turns of the event loop. */
const TURN = 65_536;

/**
 * Hands out the inputs from `from` to before `to`, in their order, as far as they are on the disk without a hole.
 * @returns the number of the first one that was not handed out
 * @throws InputError when there is no journal
 */
export async function journalInputs(
  dir: string,
  from: number,
  to: number,
  take: (data: Float64Array, offset: number) => void,
): Promise<number> {
  let next = from;
  let rest = TURN;
  for (const item of readJournal(dir, { from })) {
    if (next >= to) break;
    if (item.kind === 'gap') break;
    if (item.kind !== 'records') continue;
    if (item.sequence !== next) break;
    const count = Math.min(item.count, to - next);
    for (let i = 0; i < count; i++) take(item.data, i * EVENT_STRIDE);
    next += count;
    rest -= count;
    if (rest > 0) continue;
    rest = TURN;
    // oxlint-disable-next-line no-await-in-loop -- so that messages and requests are seen meanwhile
    await setImmediate();
  }
  return next;
}

/** Several deltas of a topic as one that has the same effect. */
import { BOOK_LEVELS, type LevelEntry } from '../protocol/stream.ts';
import { listLength } from './topic-kind.ts';
import type { BookDelta, TopicShape } from './topic-source.ts';

interface ListDelta {
  readonly items: readonly unknown[];
}

/** Parts (levels, items) that a delta is made of: what history is counted in. */
export function deltaWeight(delta: object): number {
  if (isBook(delta)) return 1 + delta.bids.length + delta.asks.length;
  return isList(delta) ? 1 + delta.items.length : 1;
}

/**
 * Oldest first, at least one. Undefined when the whole is no longer than what has changed: then a snapshot is the better answer, and
 * where items replace each other the only right one.
 */
export function mergeDeltas(topic: string, shape: TopicShape, deltas: readonly object[]): object | undefined {
  if (deltas.length === 1 || shape === 'state') return deltas.at(-1);
  return shape === 'book' ? mergeBooks(deltas.filter(isBook)) : mergeLists(topic, deltas.filter(isList));
}

function mergeBooks(deltas: readonly BookDelta[]): object | undefined {
  const bids = newestLevels(deltas.map((delta) => delta.bids));
  const asks = newestLevels(deltas.map((delta) => delta.asks));
  if (bids.length + asks.length > 2 * BOOK_LEVELS) return undefined;
  return Object.assign({}, ...deltas, { bids, asks });
}

function newestLevels(sides: readonly (readonly LevelEntry[])[]): LevelEntry[] {
  const lotsAt = new Map<number, number>();
  for (const side of sides) for (const [ticks, lots] of side) lotsAt.set(ticks, lots);
  return [...lotsAt];
}

function mergeLists(topic: string, deltas: readonly ListDelta[]): object | undefined {
  const items = deltas.flatMap((delta) => delta.items);
  return items.length > listLength(topic) ? undefined : { items };
}

function isBook(delta: object): delta is BookDelta {
  return 'bids' in delta && 'asks' in delta;
}

function isList(delta: object): delta is ListDelta {
  return 'items' in delta;
}

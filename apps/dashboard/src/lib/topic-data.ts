/** How updates of a topic become its whole data: pure, no socket, no React. Data are never changed in place, so a page may keep them. */
import type { AlertInfo } from 'quotewright/server/protocol/risk';
import type { BookData, LevelEntry, TopicUpdate } from 'quotewright/server/protocol/stream';
import type * as Protocol from 'quotewright/server/protocol/stream';

// The protocol's own constants stand beside its schemas, which the page does not ship: their types hold these copies equal.
const LIST_LENGTH: typeof Protocol.LIST_LENGTH = { trades: 500, fills: 500, alerts: 500, heatmap: 2400 };
const BOOK_LEVELS: typeof Protocol.BOOK_LEVELS = 200;

type ListKind = keyof typeof LIST_LENGTH;

const kindOf = (topic: string): string => topic.split(':', 1)[0] ?? topic;
const isList = (kind: string): kind is ListKind => Object.hasOwn(LIST_LENGTH, kind);

/** Levels after `changes` (sizes; 0 = gone), best first: `direction` 1 when the best is the lowest price. */
export function mergeLevels(
  held: readonly LevelEntry[],
  changes: readonly LevelEntry[],
  direction: 1 | -1,
): readonly LevelEntry[] {
  if (changes.length === 0) return held;
  const sorted = changes.toSorted((a, b) => (a[0] - b[0]) * direction);
  const merged: LevelEntry[] = [];
  let at = 0;
  for (const [index, change] of sorted.entries()) {
    for (let level = held[at]; level !== undefined && (level[0] - change[0]) * direction < 0; level = held[++at]) {
      merged.push(level);
    }
    if (held[at]?.[0] === change[0]) at++;
    // Of two changes of one level the later counts (the sort is stable).
    if (change[1] > 0 && sorted[index + 1]?.[0] !== change[0]) merged.push(change);
  }
  for (; at < held.length; at++) {
    const level = held[at];
    if (level !== undefined) merged.push(level);
  }
  return merged.length > BOOK_LEVELS ? merged.slice(0, BOOK_LEVELS) : merged;
}

function mergeBook(held: BookData, delta: Partial<BookData>): BookData {
  return {
    ...held,
    ...delta,
    bids: mergeLevels(held.bids, delta.bids ?? [], -1),
    asks: mergeLevels(held.asks, delta.asks ?? [], 1),
  };
}

interface Items {
  readonly items: readonly unknown[];
}

function cap(items: readonly unknown[], kind: ListKind): readonly unknown[] {
  const length = LIST_LENGTH[kind];
  return items.length > length ? items.slice(items.length - length) : items;
}

/** An alert that changes (it was acknowledged) keeps its place. */
function mergeAlerts(held: readonly AlertInfo[], changed: readonly AlertInfo[]): readonly AlertInfo[] {
  const byKey = new Map(held.map((alert) => [alert.key, alert]));
  for (const alert of changed) byKey.set(alert.key, alert);
  return [...byKey.values()];
}

/** The topic's whole data after the update; `held` is undefined before the first snapshot. */
export function applyUpdate(held: unknown, update: TopicUpdate): unknown {
  const kind = kindOf(update.topic);
  if (update.type === 'snapshot' || held === undefined) return update.data;
  /* oxlint-disable no-unsafe-type-assertion -- what a topic's data are is said by its name, and the server is ours */
  if (kind === 'book') return mergeBook(held as BookData, update.data as Partial<BookData>);
  if (!isList(kind)) return update.data;
  const before = (held as Items).items;
  const added = (update.data as Items).items;
  if (kind === 'alerts') {
    return { items: cap(mergeAlerts(before as readonly AlertInfo[], added as readonly AlertInfo[]), kind) };
  }
  /* oxlint-enable no-unsafe-type-assertion */
  return { items: cap([...before, ...added], kind) };
}

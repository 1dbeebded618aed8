/** The history of regimes: begun when the page is first opened, kept while the tab is. */
import { useSyncExternalStore } from 'react';
import type { RegimeData } from 'quotewright/server/protocol/stream';
import { subscribeRaw } from '../../lib/stream.ts';
import { RegimeHistory } from './regime-history.ts';

const history = new RegimeHistory();
const watchers = new Set<() => void>();
let version = 0;
let isBegun = false;

function begin(): void {
  if (isBegun) return;
  isBegun = true;
  subscribeRaw('regime', (data, { timeMs }) => {
    // oxlint-disable-next-line no-unsafe-type-assertion -- what a topic carries is said by its name
    if (!history.add(timeMs, data as RegimeData)) return;
    version += 1;
    for (const watcher of watchers) watcher();
  });
}

function watch(watcher: () => void): () => void {
  begin();
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** One and the same object; it has grown when this renders. */
export function useRegimes(): RegimeHistory {
  useSyncExternalStore(watch, () => version);
  return history;
}

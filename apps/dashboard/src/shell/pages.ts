/** The pages, their keys, and which one the address names. */
import { type ComponentType, type LazyExoticComponent, lazy, useSyncExternalStore } from 'react';
import type { IconName } from './icons.tsx';

export interface Page {
  readonly id: IconName;
  readonly title: string;
  /** In the navigation. */
  readonly name: string;
  /** On the narrow bar. */
  readonly short: string;
  /** After `g`. */
  readonly key: string;
  readonly Content: LazyExoticComponent<ComponentType>;
}

export const PAGES: readonly Page[] = [
  {
    id: 'market',
    title: 'Market',
    name: 'Market',
    short: 'Market',
    key: 'm',
    Content: lazy(() => import('../pages/market/page.tsx')),
  },
  {
    id: 'performance',
    title: 'Performance',
    name: 'Performance',
    short: 'P&L',
    key: 'p',
    Content: lazy(() => import('../pages/performance/page.tsx')),
  },
  {
    id: 'risk',
    title: 'Risk',
    name: 'Risk',
    short: 'Risk',
    key: 'r',
    Content: lazy(() => import('../pages/risk/page.tsx')),
  },
  {
    id: 'model',
    title: 'Model',
    name: 'Model',
    short: 'Model',
    key: 'o',
    Content: lazy(() => import('../pages/model/page.tsx')),
  },
  {
    id: 'backtests',
    title: 'Backtests',
    name: 'Backtests',
    short: 'Tests',
    key: 'b',
    Content: lazy(() => import('../pages/backtests/page.tsx')),
  },
  {
    id: 'flight',
    title: 'Flight recorder',
    name: 'Flight',
    short: 'Flight',
    key: 'f',
    Content: lazy(() => import('../pages/flight/page.tsx')),
  },
  {
    id: 'system',
    title: 'System',
    name: 'System',
    short: 'System',
    key: 's',
    Content: lazy(() => import('../pages/system/page.tsx')),
  },
];

const FIRST = PAGES[0];

function onHash(notify: () => void): () => void {
  addEventListener('hashchange', notify);
  return () => removeEventListener('hashchange', notify);
}

/** `#/risk/anything?else` is the page `risk`. */
const hashPage = (): string => /^#\/([a-z]+)/u.exec(location.hash)?.[1] ?? '';

export function usePage(): Page | undefined {
  const id = useSyncExternalStore(onHash, hashPage);
  return PAGES.find((page) => page.id === id) ?? FIRST;
}

export function goTo(id: string): void {
  location.hash = `#/${id}`;
}

/** Dark or light: as the system says until the person says otherwise; kept. */
import { useSyncExternalStore } from 'react';

export type Theme = 'dark' | 'light';

const KEY = 'quotewright.theme';
const watchers = new Set<() => void>();
const system = matchMedia('(prefers-color-scheme: light)');

function stored(): Theme | undefined {
  const value = localStorage.getItem(KEY);
  return value === 'dark' || value === 'light' ? value : undefined;
}

const current = (): Theme => stored() ?? (system.matches ? 'light' : 'dark');

function apply(): void {
  document.documentElement.dataset['theme'] = current();
  colours = undefined;
  for (const watcher of watchers) watcher();
}

export function startTheme(): void {
  apply();
  system.addEventListener('change', apply);
}

export function toggleTheme(): void {
  localStorage.setItem(KEY, current() === 'dark' ? 'light' : 'dark');
  apply();
}

export function onTheme(what: () => void): () => void {
  watchers.add(what);
  return () => watchers.delete(what);
}

export function useTheme(): Theme {
  return useSyncExternalStore(onTheme, current);
}

let colours: Map<string, string> | undefined;

/** Value of a custom property (`--buy`) in the theme of the moment, for canvases. */
export function colour(name: string): string {
  colours ??= new Map();
  let value = colours.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    colours.set(name, value);
  }
  return value;
}

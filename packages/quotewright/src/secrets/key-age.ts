/** How old a key is, and when it should be replaced. */
import type { VaultEntry } from './vault.ts';

/** Days after which a key should be replaced, as a rule of thumb of those who audit. */
export const ROTATE_DAYS = 90;
const DAY_MS = 86_400_000;

/** Whole days since its values were last replaced. */
export function keyDays(entry: VaultEntry, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - entry.rotatedMs) / DAY_MS));
}

/** What to tell of a key that is due; empty when it is not. */
export function keyAgeText(entry: VaultEntry, nowMs: number, rotateDays = ROTATE_DAYS): string {
  const days = keyDays(entry, nowMs);
  if (days < rotateDays) return '';
  return `key '${entry.name}' of ${entry.venue} is ${days} days old: replace it at the venue, then 'quotewright secrets rotate ${entry.name}'`;
}

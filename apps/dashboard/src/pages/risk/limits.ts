/** Limits as bars: how they stand, what they are called, and which of them are shown. */
import type { LimitUse } from 'quotewright/server/protocol/risk';

/** From this share of a limit on it is warned of. */
export const WARNING_SHARE = 0.8;

/** `unlimited`: no limit is set; `each`: looked at order by order, so nothing of it is used up. */
type LimitStatus = 'unlimited' | 'each' | 'ok' | 'warning' | 'reached';

export function limitStatus({ value, share, used }: Pick<LimitUse, 'value' | 'share' | 'used'>): LimitStatus {
  if (value === null) return 'unlimited';
  // Of a limit of 0 nothing is a share.
  if (value === 0 && used !== null && used !== 0) return 'reached';
  if (share === null) return 'each';
  if (share >= 1) return 'reached';
  return share >= WARNING_SHARE ? 'warning' : 'ok';
}

export function isInUse({ value, share, used }: Pick<LimitUse, 'value' | 'share' | 'used'>): boolean {
  return value !== null && (share !== null || value === 0) && used !== null && used !== 0;
}

export function limitKey({ limit, scope }: Pick<LimitUse, 'limit' | 'scope'>): string {
  return `${limit} ${scope}`;
}

/** `max_position_size` → "Max position size"; the name stays visible beside it. */
export function limitLabel(limit: string): string {
  const words = limit.replace(/_pct$/u, '').replace(/_ms$/u, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "all", "venue living", "BTC-USD at living", "strategy 0: basic-maker". @param strategies names by index */
export function scopeText(scope: string, strategies: readonly string[]): string {
  const [kind, first, ...rest] = scope.split(':');
  if (kind === 'global') return 'all trading';
  if (kind === 'venue') return `venue ${first ?? ''}`;
  if (kind === 'instrument') return rest.length === 0 ? (first ?? '') : `${rest.join(':')} at ${first ?? ''}`;
  if (kind === 'strategy') {
    const name = strategies[Number(first)];
    return name === undefined ? `strategy ${first ?? ''}` : `strategy ${name}`;
  }
  return scope;
}

export type LimitFilter = 'used' | 'set' | 'all';

/**
 * Those that the filter lets through, in the order of the catalogue: rows that changed places by their use could not be read.
 *
 * @param seen keys that were in use before: they stay, so that rows do not come and go
 */
export function filteredLimits(
  limits: readonly LimitUse[],
  filter: LimitFilter,
  seen: ReadonlySet<string>,
): readonly LimitUse[] {
  if (filter === 'all') return limits;
  if (filter === 'set') return limits.filter(({ value }) => value !== null);
  return limits.filter((each) => isInUse(each) || (seen.has(limitKey(each)) && each.value !== null));
}

/** What stands in a limit's field: a number of zero or more, or nothing for no limit. */
export function parseLimit(text: string): { readonly value: number | null } | { readonly problem: string } {
  const trimmed = text.trim();
  if (trimmed === '') return { value: null };
  const value = Number(trimmed.replaceAll(/[\s_']/gu, ''));
  if (!Number.isFinite(value))
    return { problem: `“${trimmed}” is not a number. Write 25000 or 0.5, or leave it empty for no limit.` };
  if (value < 0) return { problem: 'A limit is zero or more; leave it empty for no limit.' };
  return { value };
}

/** Alerts as a list: what is shown of them, and acknowledging before the server has said so. */
import type { AlertInfo } from 'quotewright/server/protocol/risk';

export const SEVERITIES = ['INFO', 'WARNING', 'CRITICAL', 'EMERGENCY'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A sign for each, beside the word: colour is never the only one. */
export const SEVERITY_SIGNS: Readonly<Record<Severity, string>> = {
  INFO: '○',
  WARNING: '△',
  CRITICAL: '◆',
  EMERGENCY: '■',
};

interface AlertFilter {
  /** Nothing below it. */
  readonly severity: Severity;
  /** undefined: all. */
  readonly type: string | undefined;
  readonly isOpenOnly: boolean;
}

/** Newest first. @param pending keys of those that are being acknowledged: they count as acknowledged */
export function shownAlerts(
  alerts: readonly AlertInfo[],
  filter: AlertFilter,
  pending: ReadonlySet<string>,
): AlertInfo[] {
  const least = SEVERITIES.indexOf(filter.severity);
  return alerts
    .filter(
      (alert) =>
        SEVERITIES.indexOf(alert.severity) >= least &&
        (filter.type === undefined || alert.type === filter.type) &&
        !(filter.isOpenOnly && (alert.isAcknowledged || pending.has(alert.key))),
    )
    .toReversed();
}

export function alertTypes(alerts: readonly AlertInfo[]): string[] {
  return [...new Set(alerts.map(({ type }) => type))].toSorted();
}

/** How many are not acknowledged, by severity. */
export function openCounts(alerts: readonly AlertInfo[], pending: ReadonlySet<string>): Record<Severity, number> {
  const counts: Record<Severity, number> = { INFO: 0, WARNING: 0, CRITICAL: 0, EMERGENCY: 0 };
  for (const alert of alerts) {
    if (!alert.isAcknowledged && !pending.has(alert.key)) counts[alert.severity] += 1;
  }
  return counts;
}

/** `POSITION_WARNING` → "Position warning". */
export function typeLabel(type: string): string {
  const words = type.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What an alert says beyond its severity, type, instrument and number, which stand beside it: "position 0.25 against 0.16". */
export function alertWords({ text, severity, type, instrument, number }: AlertInfo): string {
  const heads = [severity, type, instrument ?? 'all instruments'];
  let words = text;
  for (const head of heads) if (words.startsWith(head)) words = words.slice(head.length).trimStart();
  const tail = number === null ? '' : `#${number}`;
  if (tail !== '' && words.endsWith(tail)) words = words.slice(0, -tail.length);
  return words.replace(/\[\d+ more held back\]\s*$/u, '').trim();
}

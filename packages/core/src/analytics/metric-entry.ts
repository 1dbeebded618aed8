/**
 * What the metric catalogues say of a figure.
 *
 * Units: `currency` is the settlement currency; `ratio` a pure number; `fraction` a share of 1 (shown as per cent); `ticks`,
 * `lots` and `size` (lots in units of size) are of the market; `bp` is parts per ten thousand; `s` seconds; `count` a whole number.
 */

export type MetricUnit = 'currency' | 'ratio' | 'fraction' | 'ticks' | 'bp' | 'lots' | 'size' | 's' | 'count';

export interface MetricEntry {
  readonly label: string;
  readonly unit: MetricUnit;
  readonly group: string;
  readonly description: string;
  /** Formula or convention, and where it is from. */
  readonly source: string;
}

export function entry(
  label: string,
  unit: MetricUnit,
  group: string,
  description: string,
  source: string,
): MetricEntry {
  return { label, unit, group, description, source };
}

/** What JSON can say of a figure: null for NaN and ±∞. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}

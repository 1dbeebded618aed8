/** A linear axis with round ticks, for the charts that are not series. */

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** Digits that tell the ticks apart. */
  readonly digits: number;
}

/** Around all values and zero, with about so many ticks. */
export function axisAround(values: readonly number[], count = 5): Axis {
  let low = 0;
  let high = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) high = 1;
  const step = roundStep((high - low) / count);
  const from = Math.floor(low / step + 1e-9) * step;
  const to = Math.ceil(high / step - 1e-9) * step;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const steps = Math.round((to - from) / step);
  const ticks = Array.from({ length: steps + 1 }, (_, index) => Number((from + index * step).toFixed(digits)));
  return { from, to, ticks, digits };
}

/** The next of 1, 2, 5 × 10ⁿ. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const share = least / power;
  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

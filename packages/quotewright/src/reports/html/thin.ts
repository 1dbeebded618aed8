/** Fewer points for a line that looks the same: the lowest and the highest of each bucket, and the ends. */

/** Indices of the values to draw, rising; NaN values are left out. */
export function thin(values: readonly number[], buckets: number): number[] {
  const kept: number[] = [];
  const per = Math.max(1, values.length / buckets);
  for (let bucket = 0; bucket * per < values.length; bucket++) {
    const from = Math.floor(bucket * per);
    const to = Math.min(values.length, Math.floor((bucket + 1) * per));
    let low = -1;
    let high = -1;
    for (let i = from; i < to; i++) {
      if (Number.isNaN(values[i]!)) continue;
      if (low < 0 || values[i]! < values[low]!) low = i;
      if (high < 0 || values[i]! > values[high]!) high = i;
    }
    if (low < 0) continue;
    kept.push(Math.min(low, high));
    if (low !== high) kept.push(Math.max(low, high));
  }
  const last = values.length - 1;
  if (last >= 0 && kept.at(-1) !== last && !Number.isNaN(values[last]!)) kept.push(last);
  return kept;
}

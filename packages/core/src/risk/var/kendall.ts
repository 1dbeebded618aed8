/**
 * Kendall's rank correlation τ-b, by Knight's algorithm ("A computer method for calculating Kendall's tau with ungrouped data", 1966):
 * sort by the one, count the swaps that a merge sort by the other makes. n·log n, ties allowed.
 */

/** Places of numbers in rising order: what `kendallTau` wants of the first of its two, once for all pairs that it is in. */
export function risingOrder(x: Float64Array): Int32Array {
  return Int32Array.from(x, (_, i) => i).toSorted((a, b) => x[a] - x[b]);
}

/** @returns NaN when one of them does not vary, or for fewer than two pairs */
export function kendallTau(x: Float64Array, y: Float64Array, risingX: Int32Array): number {
  const n = x.length;
  const order = risingX.slice();
  orderTies(x, y, order);
  const sorted = new Float64Array(n);
  for (let i = 0; i < n; i++) sorted[i] = y[order[i]];
  let tiedX = 0;
  let tiedBoth = 0;
  for (let i = 1, runX = 1, runBoth = 1; i <= n; i++) {
    const isX = i < n && x[order[i]] === x[order[i - 1]];
    const isBoth = isX && sorted[i] === sorted[i - 1];
    if (isBoth) runBoth++;
    else {
      tiedBoth += (runBoth * (runBoth - 1)) / 2;
      runBoth = 1;
    }
    if (isX) runX++;
    else {
      tiedX += (runX * (runX - 1)) / 2;
      runX = 1;
    }
  }
  const swaps = mergeSort(sorted);
  let tiedY = 0;
  for (let i = 1, run = 1; i <= n; i++) {
    if (i < n && sorted[i] === sorted[i - 1]) run++;
    else {
      tiedY += (run * (run - 1)) / 2;
      run = 1;
    }
  }
  const pairs = (n * (n - 1)) / 2;
  const concordantLessDiscordant = pairs - tiedX - tiedY + tiedBoth - 2 * swaps;
  return concordantLessDiscordant / Math.sqrt((pairs - tiedX) * (pairs - tiedY));
}

/** Pairs that x ties stand in the order of y, so that they count as no swaps. */
function orderTies(x: Float64Array, y: Float64Array, order: Int32Array): void {
  const n = order.length;
  for (let from = 0, to = 1; from < n; from = to++) {
    while (to < n && x[order[to]] === x[order[from]]) to++;
    if (to - from > 1) order.subarray(from, to).sort((a, b) => y[a] - y[b]);
  }
}

/** Sorts from the bottom up; answers how many pairs stood the wrong way round. */
function mergeSort(numbers: Float64Array): number {
  const n = numbers.length;
  let source: Float64Array = numbers;
  let target: Float64Array = new Float64Array(n);
  let swaps = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let from = 0; from < n; from += 2 * width) {
      const middle = Math.min(n, from + width);
      const to = Math.min(n, from + 2 * width);
      let left = from;
      let right = middle;
      for (let at = from; at < to; at++) {
        if (left < middle && (right >= to || source[left] <= source[right])) target[at] = source[left++];
        else {
          target[at] = source[right++];
          swaps += middle - left;
        }
      }
    }
    [source, target] = [target, source];
  }
  if (source !== numbers) numbers.set(source);
  return swaps;
}

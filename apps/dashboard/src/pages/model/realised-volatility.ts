/** Volatility of a series of mids: the root of the mean squared log return per second, over a moving window. */

/** Returns in a window: fewer say too little, more say it too late. */
export const WINDOW = 20;

/** At each time: share of the price per square root of a second; null until the window is full, and across gaps. */
export function realisedVolatility(
  timesMs: readonly number[],
  mids: readonly (number | null)[],
  window = WINDOW,
): (number | null)[] {
  /** Squared log returns and their seconds; a gap empties them. */
  let squares: number[] = [];
  let seconds: number[] = [];
  return mids.map((mid, index) => {
    const before = mids[index - 1] ?? null;
    const passed = ((timesMs[index] ?? 0) - (timesMs[index - 1] ?? 0)) / 1000;
    if (mid === null || before === null || mid <= 0 || before <= 0 || !(passed > 0)) {
      squares = [];
      seconds = [];
      return null;
    }
    squares = [...squares, Math.log(mid / before) ** 2].slice(-window);
    seconds = [...seconds, passed].slice(-window);
    if (squares.length < window) return null;
    return Math.sqrt(squares.reduce((a, b) => a + b, 0) / seconds.reduce((a, b) => a + b, 0));
  });
}

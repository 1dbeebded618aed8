/**
 * Maximum likelihood of a Hawkes process of buyers and sellers that is the same for both: rate m a second each, children n of the
 * same and c of the other side, exponential kernel of decay b (Ozaki 1979; the sums over the past obey a recursion, so the
 * likelihood costs one exponential an event). The maximum is looked for along one parameter at a time, in logarithms.
 */

/** Logarithms of base rate, same, other and decay. */
type Point = [number, number, number, number];

export interface HawkesFit {
  readonly baseRate: number;
  readonly same: number;
  readonly other: number;
  readonly decay: number;
  readonly logLikelihood: number;
  /** Of a Poisson process of the same mean rate. */
  readonly poissonLogLikelihood: number;
}

/** Events beyond this change the estimate by less than its error, and cost time. */
const MAX_EVENTS = 30_000;
const ROUNDS = 60;
const FEWEST = 50;
/** Slowest decay, in mean rates of a side. */
const SLOWEST = 0.5;

/** @param seconds times, not falling; @param sides 0 or 1. Undefined when there are too few events. */
export function fitHawkes(seconds: Float64Array, sides: Float64Array): HawkesFit | undefined {
  const count = Math.min(seconds.length, MAX_EVENTS);
  if (count < FEWEST) return undefined;
  const start = seconds[0]!;
  const length = seconds[count - 1]! - start;
  if (!(length > 0)) return undefined;
  const rate = count / length / 2;
  const best: Point = [Math.log(rate * 0.5), Math.log(0.35), Math.log(0.1), Math.log(Math.max(1, rate * 4))];
  const at = (point: Point): number => {
    const same = Math.exp(point[1]);
    const other = Math.exp(point[2]);
    // Beyond, there is no mean rate; and a kernel that lasts for many events cannot be told from a higher base rate.
    if (same + other >= 0.98 || Math.exp(point[3]) < SLOWEST * rate) return -Infinity;
    return likelihood(seconds, sides, count, Math.exp(point[0]), same, other, Math.exp(point[3]));
  };
  let value = at(best);
  const steps = [0.4, 0.4, 0.4, 0.8];
  for (let round = 0; round < ROUNDS; round++) {
    let isBetter = false;
    for (let i = 0; i < 4; i++) {
      for (const sign of [1, -1]) {
        const trial: Point = [...best];
        trial[i]! += sign * steps[i]!;
        const found = at(trial);
        if (!(found > value)) continue;
        value = found;
        best[i] = trial[i]!;
        isBetter = true;
        break;
      }
    }
    if (isBetter) continue;
    for (let i = 0; i < 4; i++) steps[i]! *= 0.5;
    if (steps[0]! < 0.002) break;
  }
  const poissonLogLikelihood = count * Math.log(rate) - count;
  return {
    baseRate: Math.exp(best[0]),
    same: Math.exp(best[1]),
    other: Math.exp(best[2]),
    decay: Math.exp(best[3]),
    logLikelihood: value,
    poissonLogLikelihood,
  };
}

function likelihood(
  seconds: Float64Array,
  sides: Float64Array,
  count: number,
  base: number,
  same: number,
  other: number,
  decay: number,
): number {
  const end = seconds[count - 1]!;
  let sum = -2 * base * (end - seconds[0]!);
  // Sums of exp(-decay × age) over past events, by side.
  let buys = 0;
  let sells = 0;
  let last = seconds[0]!;
  for (let i = 0; i < count; i++) {
    const now = seconds[i]!;
    const fall = Math.exp(-decay * (now - last));
    buys *= fall;
    sells *= fall;
    last = now;
    const isBuy = sides[i] === 0;
    sum += Math.log(base + decay * (isBuy ? same * buys + other * sells : same * sells + other * buys));
    sum -= (same + other) * (1 - Math.exp(-decay * (end - now)));
    if (isBuy) buys++;
    else sells++;
  }
  return sum;
}

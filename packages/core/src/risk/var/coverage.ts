/**
 * Is a VaR series right? Tests of its exceptions, days on which the loss was larger.
 *
 * Kupiec ("Techniques for verifying the accuracy of risk measurement models", 1995): as many as the level says. Christoffersen ("Evaluating
 * interval forecasts", 1998): an exception as likely after one as after none; and both at once. Each a likelihood ratio, χ² with one,
 * one and two degrees of freedom. The traffic light is the Basel Committee's ("Supervisory framework for the use of backtesting", 1996):
 * yellow where so many exceptions or fewer come with a probability of 95 % or more if the model is right, red at 99.99 %.
 */
import { normalTail } from '../../base/normal.ts';
import { logGamma } from './student-t.ts';

export interface LikelihoodRatio {
  readonly ratio: number;
  /** Probability of such a ratio or a larger one if the model is right. */
  readonly p: number;
}

export interface Independence extends LikelihoodRatio {
  /** Days by what the day before was and what they were: none–none, none–exception, exception–none, exception–exception. */
  readonly transitions: readonly [number, number, number, number];
}

export type TrafficLight = 'green' | 'yellow' | 'red';

/** @param level of the VaR, as 0.99 */
export function kupiec(days: number, exceptions: number, level: number): LikelihoodRatio {
  const expected = 1 - level;
  const share = exceptions / days;
  const ratio =
    -2 * (bernoulli(days - exceptions, exceptions, expected) - bernoulli(days - exceptions, exceptions, share));
  return { ratio: Math.max(0, ratio), p: chiSquareTail(ratio, 1) };
}

/** @param hits by day, 1 = exception */
export function independence(hits: ArrayLike<number>): Independence {
  const transitions: [number, number, number, number] = [0, 0, 0, 0];
  for (let day = 1; day < hits.length; day++) transitions[(hits[day - 1] === 0 ? 0 : 2) + (hits[day] === 0 ? 0 : 1)]++;
  const [n00, n01, n10, n11] = transitions;
  const all = (n01 + n11) / (n00 + n01 + n10 + n11);
  const afterNone = n01 / (n00 + n01);
  const afterOne = n11 / (n10 + n11);
  const apart = bernoulli(n00, n01, afterNone) + bernoulli(n10, n11, afterOne);
  const ratio = Math.max(0, -2 * (bernoulli(n00 + n10, n01 + n11, all) - apart));
  return { ratio, p: chiSquareTail(ratio, 1), transitions };
}

/** Both at once: the sum of the two ratios. */
export function conditionalCoverage(count: LikelihoodRatio, order: LikelihoodRatio): LikelihoodRatio {
  const ratio = count.ratio + order.ratio;
  return { ratio, p: chiSquareTail(ratio, 2) };
}

export function trafficLight(days: number, exceptions: number, level: number): TrafficLight {
  const tail = 1 - level;
  let probability = 0;
  for (let x = 0; x <= exceptions; x++) {
    const ways = logGamma(days + 1) - logGamma(x + 1) - logGamma(days - x + 1);
    probability += Math.exp(ways + x * Math.log(tail) + (days - x) * Math.log1p(-tail));
  }
  return probability >= 0.9999 ? 'red' : probability >= 0.95 ? 'yellow' : 'green';
}

/** P(χ² > x): exact for one degree of freedom, where it is a squared normal number, and for two, where it is exponential. */
export function chiSquareTail(x: number, degrees: 1 | 2): number {
  if (!(x > 0)) return x === x ? 1 : Number.NaN;
  return degrees === 1 ? 2 * normalTail(Math.sqrt(x)) : Math.exp(-x / 2);
}

/** ln of p^ones·(1 − p)^zeros, where 0·ln 0 is 0. */
function bernoulli(zeros: number, ones: number, p: number): number {
  return (zeros === 0 ? 0 : zeros * Math.log1p(-p)) + (ones === 0 ? 0 : ones * Math.log(p));
}

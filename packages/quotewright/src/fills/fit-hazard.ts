/**
 * Fits the hazard queue model to real queues: a logistic regression of "the cancel fell ahead" on the model's terms, over
 * every cancel that could have been on either side, and a straight line for what a level gains before we join it.
 */
import { HAZARD_TERMS, type HazardCoefficients } from '@quotewright/core/venue-sim/hazard-coefficients';
import { hazardTerms } from '@quotewright/core/venue-sim/hazard-queue';
import { Matrix, solve } from 'ml-matrix';
import { uncertainCancels } from './cancel-places.ts';
import type { RealOrder } from './real-orders.ts';
import { viewOf } from './replay-order.ts';
import type { Tape } from './tape.ts';
import { RowKind } from './tape.ts';

/** The interval at which gains before joining are measured: that of Binance's slower depth streams. */
const GAIN_INTERVAL_NS = 100e6;
const MAX_ITERATIONS = 50;
/** Weight of the coefficients' squares, a cancel's worth of evidence for each 10,000. */
const RIDGE = 1e-4;

export interface Recorded {
  readonly tape: Tape;
  readonly orders: readonly RealOrder[];
}

export interface HazardFit {
  readonly coefficients: HazardCoefficients;
  /** Cancels that could have been on either side. */
  readonly cancels: number;
  /** Mean log loss of the fit on them, weighted as they were fitted. */
  readonly logLoss: number;
}

/** Cancels with their terms, a row each. */
interface Samples {
  readonly terms: Float64Array[];
  readonly isAhead: number[];
  readonly weights: number[];
}

/** Every recording counts alike, however long it is. */
export function fitHazard(recordings: readonly Recorded[]): HazardFit {
  const all: Samples = { terms: [], isAhead: [], weights: [] };
  for (const recorded of recordings) {
    const from = all.weights.length;
    collectCancels(recorded, all);
    let sum = 0;
    for (let i = from; i < all.weights.length; i++) sum += all.weights[i]!;
    for (let i = from; i < all.weights.length; i++) all.weights[i]! /= sum * recordings.length;
  }
  const cancelAhead = regress(all);
  const gainedAhead = fitGains(recordings);
  return {
    coefficients: { cancelAhead: cancelAhead.map(rounded), gainedAhead },
    cancels: all.isAhead.length,
    logLoss: loss(all, cancelAhead),
  };
}

function collectCancels({ tape, orders }: Recorded, into: Samples): void {
  for (const { cancel, ownAgeNs } of uncertainCancels(tape, orders)) {
    const terms = new Float64Array(HAZARD_TERMS);
    hazardTerms(terms, cancel.youngestAgeNs, ownAgeNs, cancel.sincePrintNs);
    into.terms.push(terms);
    into.isAhead.push(cancel.isAhead ? 1 : 0);
    // What is far from the front hardly ever decides a fill.
    into.weights.push(1 / (1 + (cancel.aheadLots / cancel.lots) ** 2));
  }
}

/** Newton's method on the ridge-penalised likelihood, which has one maximum. */
function regress({ terms, isAhead, weights }: Samples): number[] {
  let beta = Array.from({ length: HAZARD_TERMS }, () => 0);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const gradient = beta.map((each) => -RIDGE * each);
    const hessian = Matrix.eye(HAZARD_TERMS).mul(RIDGE);
    for (let i = 0; i < terms.length; i++) {
      const row = terms[i]!;
      const p = probability(row, beta);
      const slope = weights[i]! * p * (1 - p);
      for (let j = 0; j < HAZARD_TERMS; j++) {
        gradient[j]! += weights[i]! * (isAhead[i]! - p) * row[j]!;
        for (let k = 0; k < HAZARD_TERMS; k++) hessian.set(j, k, hessian.get(j, k) + slope * row[j]! * row[k]!);
      }
    }
    const step = solve(hessian, Matrix.columnVector(gradient)).to1DArray();
    beta = beta.map((each, j) => each + step[j]!);
    if (step.every((each) => Math.abs(each) < 1e-9)) break;
  }
  return beta;
}

function probability(terms: Float64Array, beta: readonly number[]): number {
  let logOdds = 0;
  for (let j = 0; j < HAZARD_TERMS; j++) logOdds += beta[j]! * terms[j]!;
  return 1 / (1 + Math.exp(-logOdds));
}

function loss({ terms, isAhead, weights }: Samples, beta: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < terms.length; i++) {
    const p = probability(terms[i]!, beta);
    sum -= weights[i]! * Math.log(Math.max(1e-12, isAhead[i] === 1 ? p : 1 - p));
  }
  return sum;
}

/** Least squares of the share that came before us of what a level gained, on the part of the interval that had passed. */
function fitGains(recordings: readonly Recorded[]): HazardCoefficients['gainedAhead'] {
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  let sumXX = 0;
  let sumXY = 0;
  for (const { tape, orders } of recordings) {
    const { shownLots } = viewOf(tape, GAIN_INTERVAL_NS);
    for (const order of orders) {
      const startNs = Math.floor(order.startNs / GAIN_INTERVAL_NS) * GAIN_INTERVAL_NS;
      const endNs = startNs + GAIN_INTERVAL_NS;
      if (order.endNs < endNs) continue;
      const shown = shownLots[order.addRow]!;
      const gained = othersAt(tape, order, endNs) - shown;
      if (!(gained > 0)) continue;
      const passed = (order.startNs - startNs) / GAIN_INTERVAL_NS;
      const share = Math.min(1, Math.max(0, order.aheadLots - shown) / gained);
      n++;
      sumX += passed;
      sumY += share;
      sumXX += passed * passed;
      sumXY += passed * share;
    }
  }
  const slope = (n * sumXY - sumX * sumY) / (n * sumXX - sumX * sumX);
  if (!Number.isFinite(slope)) return { atStart: 0.5, slope: 0 };
  return { atStart: rounded((sumY - slope * sumX) / n), slope: rounded(slope) };
}

/** Lots of others at the order's level at a time, plus what printed since it joined. */
function othersAt(tape: Tape, order: RealOrder, timeNs: number): number {
  let own = order.lots;
  let others = order.aheadLots;
  let printed = 0;
  for (let row = tape.next[order.addRow]!; row >= 0 && tape.timeNs[row]! < timeNs; row = tape.next[row]!) {
    const kind = tape.kind[row];
    if (tape.orderId[row] === order.id) own -= tape.lots[row]!;
    else if (kind === RowKind.ADD || kind === RowKind.CANCEL || kind === RowKind.EXEC) {
      others = tape.afterLots[row]! - own;
      if (kind === RowKind.EXEC) printed += tape.lots[row]!;
    }
  }
  return others + printed;
}

/** Constants of three decimals are as good, and can be read. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}

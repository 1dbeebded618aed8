/** Scores the forecasts of a truth table, each with its bootstrap interval. */
import { areaUnderRoc, brierScore, calibration, logLoss } from '@quotewright/core/analytics/forecast-scores';
import { blockBootstrap } from '@quotewright/core/analytics/forecast-scores-bootstrap';
import { PlaceErrors, type PlacedCancel } from './cancel-places.ts';
import type { Forecast } from './forecast.ts';
import type { RealOrder } from './real-orders.ts';
import type { ModelTruth, Scored, TruthOptions } from './truth-figures.ts';

/** Log loss clips forecasts to [CLIP, 1 − CLIP]: a wrong certainty costs 6.9 nats. */
const LOG_LOSS_CLIP = 1e-3;

export class Scorer {
  readonly #orders: readonly RealOrder[];
  readonly #regular: Uint8Array;
  readonly #outcomes: Uint8Array;
  readonly #cancels: readonly PlacedCancel[];
  readonly #options: TruthOptions;
  readonly #all: Uint32Array;

  constructor(
    orders: readonly RealOrder[],
    regular: Uint8Array,
    cancels: readonly PlacedCancel[],
    options: TruthOptions,
  ) {
    this.#orders = orders;
    this.#cancels = cancels;
    this.#regular = regular;
    this.#outcomes = Uint8Array.from(orders, (order) => (order.filledLots > 0 ? 1 : 0));
    this.#options = options;
    this.#all = Uint32Array.from(orders, (_, i) => i);
  }

  brier({ probability }: Forecast): number {
    return brierScore(probability, this.#outcomes);
  }

  brierRegular({ probability }: Forecast): number {
    return this.#meanOver(this.#all, this.#squares(probability), this.#regular);
  }

  score(forecast: Forecast, best: Forecast | undefined, bestRegular: Forecast | undefined): ModelTruth {
    const { spec, probability } = forecast;
    const outcomes = this.#outcomes;
    const squares = this.#squares(probability);
    const logs = this.#orders.map((_, i) => logLoss([probability[i]!], [outcomes[i]!], LOG_LOSS_CLIP));
    const bestSquares = best === undefined ? squares : this.#squares(best.probability);
    const regularSquares = bestRegular === undefined ? squares : this.#squares(bestRegular.probability);
    const errors = this.#timeErrors(forecast);
    const places = new PlaceErrors(spec, this.#cancels, this.#orders.length);
    const levels = new Levels(probability, outcomes);
    const statistics = (indexes: Uint32Array): number[] => {
      const rate = this.#meanOver(indexes, probability);
      const brier = this.#meanOver(indexes, squares);
      const regular = this.#meanOver(indexes, squares, this.#regular);
      return [
        rate,
        rate - this.#meanOver(indexes, outcomes),
        brier,
        this.#meanOver(indexes, logs),
        levels.auc(indexes),
        regular,
        medianAt(indexes, errors),
        1 - brier / this.#meanOver(indexes, bestSquares),
        1 - regular / this.#meanOver(indexes, regularSquares, this.#regular),
        places.brier(indexes),
      ];
    };
    const values = statistics(this.#all);
    const intervals = blockBootstrap(this.#orders.length, statistics, this.#options);
    const at = (i: number): Scored => {
      const { low, high } = intervals[i] ?? { low: Number.NaN, high: Number.NaN };
      return { value: values[i]!, low, high };
    };
    const isCompared = spec.kind === 'hazard' || spec.kind === 'standard-drawn';
    return {
      name: spec.name,
      kind: spec.kind,
      fillRate: at(0),
      bias: at(1),
      brier: at(2),
      logLoss: at(3),
      auc: { ...at(4), value: areaUnderRoc(probability, outcomes) },
      brierRegular: at(5),
      placeBrier: at(9),
      brierByHorizon: this.#options.horizonsNs.map((ns, h) => this.#brierWithin(ns, forecast.byHorizon[h]!)),
      brierOfOnePath: this.#meanOver(this.#all, this.#onePathErrors(probability)),
      timeError: at(6),
      filledPartError: this.#filledPartError(forecast),
      calibration: calibration(probability, outcomes),
      ...(isCompared && best !== undefined ? { gain: at(7), gainRegular: at(8) } : {}),
    };
  }

  #squares(probability: Float64Array): Float64Array {
    return probability.map((p, i) => (p - this.#outcomes[i]!) ** 2);
  }

  /** The expected squared error of a single path, which says 1 with the forecast's probability. */
  #onePathErrors(probability: Float64Array): Float64Array {
    return probability.map((p, i) => (this.#outcomes[i] === 1 ? 1 - p : p));
  }

  #brierWithin(horizonNs: number, probability: Float64Array): number {
    return brierScore(
      probability,
      this.#orders.map(({ startNs, firstFillNs }) => (firstFillNs <= startNs + horizonNs ? 1 : 0)),
    );
  }

  /** Seconds by order; NaN where either did not fill. */
  #timeErrors({ firstFillNs }: Forecast): Float64Array {
    return Float64Array.from(this.#orders, (order, i) => Math.abs(firstFillNs[i]! - order.firstFillNs) / 1e9);
  }

  #filledPartError({ filledLots }: Forecast): number {
    let sum = 0;
    this.#orders.forEach((order, i) => (sum += Math.abs(filledLots[i]! - order.filledLots) / order.lots));
    return sum / this.#orders.length;
  }

  #meanOver(indexes: Uint32Array, values: ArrayLike<number>, include?: Uint8Array): number {
    let sum = 0;
    let count = 0;
    for (const i of indexes) {
      if (include !== undefined && include[i] === 0) continue;
      sum += values[i]!;
      count++;
    }
    return sum / count;
  }
}

/** Orders by their forecast's rank among the distinct forecasts, which are few: the area under the curve without sorting anew. */
class Levels {
  readonly #rank: Uint32Array;
  readonly #outcomes: Uint8Array;
  readonly #count: number;

  constructor(probability: Float64Array, outcomes: Uint8Array) {
    const distinct = [...new Set(probability)].toSorted((a, b) => a - b);
    const ranks = new Map(distinct.map((p, rank) => [p, rank]));
    this.#rank = Uint32Array.from(probability, (p) => ranks.get(p)!);
    this.#outcomes = outcomes;
    this.#count = distinct.length;
  }

  auc(indexes: Uint32Array): number {
    const no = new Float64Array(this.#count);
    const yes = new Float64Array(this.#count);
    for (const i of indexes) (this.#outcomes[i] === 1 ? yes : no)[this.#rank[i]!]! += 1;
    let below = 0;
    let happened = 0;
    let pairs = 0;
    for (let rank = 0; rank < this.#count; rank++) {
      pairs += yes[rank]! * (below + no[rank]! / 2);
      below += no[rank]!;
      happened += yes[rank]!;
    }
    return pairs / (happened * below);
  }
}

/** Median of the values that are numbers; NaN without any. */
function medianAt(indexes: Uint32Array, values: Float64Array): number {
  const chosen: number[] = [];
  for (const i of indexes) if (!Number.isNaN(values[i]!)) chosen.push(values[i]!);
  chosen.sort((a, b) => a - b);
  const middle = chosen.length >> 1;
  if (chosen.length === 0) return Number.NaN;
  return chosen.length % 2 === 1 ? chosen[middle]! : (chosen[middle - 1]! + chosen[middle]!) / 2;
}

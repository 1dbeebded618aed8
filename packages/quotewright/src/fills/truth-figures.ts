/** What is asked of a truth table, and the figures of a model in it. */
import type { CalibrationBin } from '@quotewright/core/analytics/forecast-scores';
import type { Interval } from '@quotewright/core/analytics/forecast-scores-bootstrap';
import type { ModelKind } from './models.ts';

export interface TruthOptions {
  readonly intervalNs: number;
  readonly paths: number;
  readonly seed: number;
  readonly horizonsNs: readonly number[];
  readonly resamples: number;
  /** Blocks of orders, in the order of arrival, that the bootstrap draws. */
  readonly blocks: number;
}

/** A figure with its 95 % interval. */
export interface Scored extends Interval {
  readonly value: number;
}

export interface ModelTruth {
  readonly name: string;
  readonly kind: ModelKind;
  readonly fillRate: Scored;
  /** Forecast fill rate less the real one. */
  readonly bias: Scored;
  readonly brier: Scored;
  readonly logLoss: Scored;
  readonly auc: Scored;
  /** Of orders over which the venue kept to its queue: see `isRegular`. */
  readonly brierRegular: Scored;
  /** Brier score of where uncertain cancels fell, ahead or behind, the real queue being given. */
  readonly placeBrier: Scored;
  readonly brierByHorizon: readonly number[];
  /** Expected Brier score of one path alone, which is what a backtest sees: it says 0 or 1. */
  readonly brierOfOnePath: number;
  /** Median of |model's − real| time to the first fill, seconds, of orders that both filled. */
  readonly timeError: Scored;
  /** Mean of |forecast − real| filled part of the order. */
  readonly filledPartError: number;
  readonly calibration: readonly CalibrationBin[];
  /** 1 − Brier score ÷ that of the best standard model: of all orders, and of the regular ones. Absent for the standard models. */
  readonly gain?: Scored;
  readonly gainRegular?: Scored;
}

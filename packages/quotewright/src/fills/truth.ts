/** The truth table: forecasts of queue models against what became of real orders. */
import { InputError } from '../data/report.ts';
import { uncertainCancels } from './cancel-places.ts';
import { forecastOrders, type Forecast } from './forecast.ts';
import type { ModelSpec } from './models.ts';
import { isRegular } from './queue-walk.ts';
import type { RecordedTape } from './read-tape.ts';
import { realOrders } from './real-orders.ts';
import { viewOf } from './replay-order.ts';
import { Scorer } from './scorer.ts';
import { RowKind } from './tape.ts';
import type { ModelTruth, TruthOptions } from './truth-figures.ts';

export interface Truth {
  readonly path: string;
  readonly symbol: string;
  readonly format: string;
  readonly intervalNs: number;
  readonly horizonsNs: readonly number[];
  readonly orders: number;
  /** Orders that found others ahead: the fate of the rest is certain to every model. */
  readonly queued: number;
  readonly filled: number;
  readonly queuedFilled: number;
  readonly irregular: number;
  /** Cancels that could have been ahead of a waiting order or behind it. */
  readonly uncertainCancels: number;
  readonly models: readonly ModelTruth[];
  /** Name of the standard model with the lowest Brier score, of all and of the regular orders. */
  readonly bestStandard: string;
  readonly bestStandardRegular: string;
}

/** @throws InputError when the recording tells no executions, or holds no order that meets the conditions. */
export function truthOf(recorded: RecordedTape, specs: readonly ModelSpec[], options: TruthOptions): Truth {
  const { tape, path } = recorded;
  if (!tape.kind.subarray(0, tape.length).includes(RowKind.EXEC)) {
    throw new InputError(`${path}: tells no executions of resting orders, expected some to measure fills by`);
  }
  const orders = realOrders(tape);
  if (orders.length === 0) throw new InputError(`${path}: holds no order that rests at a published level`);
  const view = viewOf(tape, options.intervalNs);
  const regular = Uint8Array.from(orders, (order) => (isRegular(tape, order) ? 1 : 0));
  const forecasts = specs.map((spec) =>
    forecastOrders(view, orders, spec, options.horizonsNs, options.paths, options.seed),
  );
  const cancels = uncertainCancels(tape, orders);
  const scorer = new Scorer(orders, regular, cancels, options);
  const standard = forecasts.filter(({ spec }) => spec.kind === 'standard');
  const best = lowest(standard, (each) => scorer.brier(each));
  const bestRegular = lowest(standard, (each) => scorer.brierRegular(each));
  const queued = orders.filter((order) => order.aheadLots > 0);
  return {
    path,
    symbol: recorded.symbol,
    format: recorded.format,
    intervalNs: options.intervalNs,
    horizonsNs: options.horizonsNs,
    orders: orders.length,
    queued: queued.length,
    filled: orders.filter((order) => order.filledLots > 0).length,
    queuedFilled: queued.filter((order) => order.filledLots > 0).length,
    irregular: regular.length - regular.reduce((sum, each) => sum + each, 0),
    uncertainCancels: cancels.length,
    models: forecasts.map((each) => scorer.score(each, best, bestRegular)),
    bestStandard: best?.spec.name ?? '',
    bestStandardRegular: bestRegular?.spec.name ?? '',
  };
}

function lowest(forecasts: readonly Forecast[], score: (forecast: Forecast) => number): Forecast | undefined {
  return forecasts.toSorted((a, b) => score(a) - score(b))[0];
}

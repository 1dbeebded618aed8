/**
 * Value at risk as the page and REST show it: by several methods, with its parts and stress, from the mids of the session so far. Worked out on
 * the server's thread when somebody asks, a method a turn, and kept for a moment: it is no part of what the session itself watches (`max_var`).
 */
import { setImmediate } from 'node:timers/promises';
import type { Engine } from '@quotewright/core/engine/engine';
import { Side } from '@quotewright/core/market/side';
import { type VarEstimate, type VarMethod, estimateVar } from '@quotewright/core/risk/var/estimate';
import { ReturnMatrix } from '@quotewright/core/risk/var/return-matrix';
import { LIQUIDITY_SCENARIOS, RECORDED_SCENARIOS } from '@quotewright/core/risk/var/scenarios';
import { stress } from '@quotewright/core/risk/var/stress';
import { instrumentName } from '../risk/operable.ts';
import { PositionValues } from '../var/position-values.ts';
import type { ServerContext } from './context.ts';
import type { VarReport } from './protocol/risk.ts';
import { finiteOrNull } from './views/finite.ts';

const LEVELS = [0.95, 0.99];
/** Of the parts. */
const PARTS_LEVEL = 0.99;
const HORIZON_SECONDS = 86_400;
/** Seconds between prices, and how many returns are looked back on; below the least there are no figures. */
const INTERVAL_SECONDS = 1;
const RETURNS = 900;
const LEAST_RETURNS = 60;
/** Those that are done in a few milliseconds. */
const METHODS = [
  'historical',
  'parametric',
  'student-t',
  'filtered',
  'monte-carlo',
] as const satisfies readonly VarMethod[];
const PATHS = 5000;
/** Whoever asks again within this time gets the same. */
const FRESH_MS = 2000;

export class RiskFigures {
  readonly #context: Pick<ServerContext, 'engine' | 'views'>;
  #last: Promise<VarReport> | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(context: Pick<ServerContext, 'engine' | 'views'>) {
    this.#context = context;
  }

  report(): Promise<VarReport> {
    const nowMs = performance.now();
    if (this.#last === undefined || nowMs - this.#lastMs > FRESH_MS) {
      this.#lastMs = nowMs;
      this.#last = this.#work();
    }
    return this.#last;
  }

  async #work(): Promise<VarReport> {
    const { engine } = this.#context;
    const { instruments } = engine;
    const { currency = instruments[0]!.settlement, rates = {} } = engine.risk?.settings.gate ?? {};
    const positions = new PositionValues(engine, currency, rates);
    positions.update();
    const { values } = positions;
    const names = instruments.map(instrumentName);
    const { intervalSeconds, returns } = this.#returns(names);
    const isKnown = returns !== undefined && values.every(Number.isFinite);
    const estimates: (VarEstimate | undefined)[] = [];
    for (const method of METHODS) {
      // oxlint-disable-next-line no-await-in-loop -- what comes by the stream meanwhile is not late for all of them
      await setImmediate();
      const horizon = HORIZON_SECONDS / intervalSeconds;
      estimates.push(
        isKnown ? estimateVar(returns, values, { method, levels: LEVELS, horizon, paths: PATHS }) : undefined,
      );
    }
    const parts = estimates[0]?.figures.find(({ level }) => level === PARTS_LEVEL);
    return {
      currency,
      horizonSeconds: HORIZON_SECONDS,
      returns: returns?.rows ?? 0,
      intervalSeconds,
      figures: METHODS.flatMap((method, i) =>
        LEVELS.map((level, k) => ({
          method,
          level,
          valueAtRisk: finiteOrNull(estimates[i]?.figures[k]?.valueAtRisk),
          expectedShortfall: finiteOrNull(estimates[i]?.figures[k]?.shortfall),
        })),
      ),
      components: names.map((instrument, i) => ({
        instrument,
        exposure: finiteOrNull(values[i]) ?? 0,
        component: finiteOrNull(parts?.components[i]),
        marginal: finiteOrNull(parts?.marginals[i]),
      })),
      stress: stressOf(engine, values, positions.mids),
    };
  }

  /** Of the prices at the times that all instruments have. */
  #returns(names: readonly string[]): { intervalSeconds: number; returns: ReturnMatrix | undefined } {
    const { views } = this.#context;
    const to = views.newest().timeMs;
    const all = names.map((instrument) =>
      views.series({
        metric: 'mid',
        strategy: 0,
        instrument,
        from: to - (RETURNS + 1) * INTERVAL_SECONDS * 1000,
        to,
        resolution: INTERVAL_SECONDS,
      }),
    );
    const intervalSeconds = all[0]?.resolutionSeconds ?? INTERVAL_SECONDS;
    const prices: number[] = [];
    for (const [row, timeMs] of (all[0]?.timesMs ?? []).entries()) {
      const mids = all.map(({ timesMs, values }) => (timesMs[row] === timeMs ? (values[row] ?? 0) : 0));
      if (mids.every((mid) => mid > 0)) prices.push(...mids);
    }
    const rows = prices.length / names.length - 1;
    if (rows < LEAST_RETURNS) return { intervalSeconds, returns: undefined };
    return { intervalSeconds, returns: ReturnMatrix.ofPrices(names.length, Float64Array.from(prices)) };
  }
}

/** What the moves make or lose, less what it costs to close everything in the market that they leave. */
function stressOf(engine: Engine, values: Float64Array, mids: Float64Array): VarReport['stress'] {
  const assets = engine.instruments.map((instrument, i) => {
    const { book, bidTicks, askTicks, bidLots, askLots } = engine.seats[0]!.markets[i]!;
    const width = askTicks - bidTicks;
    const spread = width / mids[i]!;
    // Value resting within one spread of the touch, the thinner side.
    const depthLots = Math.min(
      lotsWithin(book, Side.BUY, bidTicks - width, bidLots),
      lotsWithin(book, Side.SELL, askTicks + width, askLots),
    );
    const held = engine.portfolioLots(i);
    const lotValue = held === 0 ? instrument.money.toNumber(1) * mids[i]! : Math.abs(values[i]! / held);
    const depth = depthLots * lotValue;
    const isKnown = spread >= 0 && depth > 0;
    const value = finiteOrNull(values[i]) ?? 0;
    return {
      name: instrument.base,
      value,
      spread: isKnown ? spread : 0,
      depth: isKnown ? depth : Number.POSITIVE_INFINITY,
    };
  });
  return [...RECORDED_SCENARIOS, ...LIQUIDITY_SCENARIOS].map((scenario) => {
    const { profit, closingCost } = stress(scenario, assets);
    return { scenario: scenario.name, description: scenario.about, pnl: (finiteOrNull(profit - closingCost) ?? 0) + 0 };
  });
}

const LEVELS_LOOKED_AT = 50;
const prices = new Float64Array(LEVELS_LOOKED_AT);
const sizes = new Float64Array(LEVELS_LOOKED_AT);

function lotsWithin(
  book: Engine['seats'][number]['markets'][number]['book'],
  side: Side,
  limit: number,
  best: number,
): number {
  const count = book.top(side, LEVELS_LOOKED_AT, prices, sizes);
  let lots = 0;
  for (let i = 0; i < count; i++) {
    if (side === Side.BUY ? prices[i]! >= limit : prices[i]! <= limit) lots += sizes[i]!;
  }
  return Math.max(lots, best);
}

/**
 * What the series are of: each second of market time, of every strategy its profit and position, of every instrument its mid, spread and
 * imbalance. Money is in the settlement currency of the first instrument.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { instrumentName } from '../../risk/operable.ts';
import { marketOf } from './book-data.ts';
import { pnlData } from './pnl-data.ts';
import { SampleHistory } from './sample-history.ts';
import type { StrategyWatch } from './strategy-watch.ts';

/** Of a strategy, before its positions by instrument. */
const OF_STRATEGY = ['pnl', 'realised', 'unrealised', 'fees', 'equity', 'drawdown', 'fills', 'quoteUptime'] as const;
const OF_INSTRUMENT = ['mid', 'spread', 'imbalance'] as const;
/** Levels of the imbalance. */
const NEAR = 5;

export type SampleMetric = (typeof OF_STRATEGY)[number] | (typeof OF_INSTRUMENT)[number] | 'position';

export class LiveSamples {
  readonly history: SampleHistory;
  readonly instruments: readonly Instrument[];
  readonly strategies: number;
  readonly #watches: readonly StrategyWatch[];
  readonly #capital: Readonly<Record<string, string>>;
  readonly #perStrategy: number;
  readonly #row: Float64Array;
  readonly #prices = new Float64Array(NEAR);
  readonly #sizes = new Float64Array(NEAR);

  constructor(
    instruments: readonly Instrument[],
    watches: readonly StrategyWatch[],
    capital: Readonly<Record<string, string>>,
  ) {
    this.instruments = instruments;
    this.strategies = watches.length;
    this.#watches = watches;
    this.#capital = capital;
    this.#perStrategy = OF_STRATEGY.length + instruments.length;
    this.#row = new Float64Array(watches.length * this.#perStrategy + instruments.length * OF_INSTRUMENT.length);
    this.history = new SampleHistory(this.#row.length);
  }

  /** Column of a metric; -1 = there is none. */
  column(metric: SampleMetric, strategy: number, instrument: number): number {
    if (!(instrument >= 0 && instrument < this.instruments.length)) return -1;
    const ofInstrument = OF_INSTRUMENT.findIndex((name) => name === metric);
    const strategies = this.strategies * this.#perStrategy;
    if (ofInstrument >= 0) return strategies + instrument * OF_INSTRUMENT.length + ofInstrument;
    if (!(strategy < this.strategies)) return -1;
    const ofStrategy = OF_STRATEGY.findIndex((name) => name === metric);
    return strategy * this.#perStrategy + (ofStrategy < 0 ? OF_STRATEGY.length + instrument : ofStrategy);
  }

  /** Index of an instrument by `venue:symbol`, or by its symbol; -1 = there is none. */
  find(name: string): number {
    const exact = this.instruments.findIndex((instrument) => instrumentName(instrument) === name);
    return exact >= 0 ? exact : this.instruments.findIndex(({ symbol }) => symbol === name);
  }

  /** The engine as it has been from `dueNs`, the first whole second that was not sampled, until before `nowNs`. */
  take(engine: Engine, dueNs: number, nowNs: number): void {
    this.#fill(engine, dueNs);
    this.history.add(dueNs, this.#row);
    const lastNs = Math.floor(nowNs / 1e9) * 1e9;
    if (lastNs > dueNs) this.history.add(lastNs, this.#row);
  }

  /** Nobody saw what comes: nothing is known from this whole second on, until the next sample. */
  interrupt(dueNs: number): void {
    if (dueNs !== dueNs || !(this.history.lastNs < dueNs)) return;
    this.#row.fill(Number.NaN);
    this.history.add(dueNs, this.#row);
  }

  #fill(engine: Engine, nowNs: number): void {
    const row = this.#row;
    const accounts = pnlData(engine, this.#capital, this.#watches).strategies;
    for (const [strategy, watch] of this.#watches.entries()) {
      const of = accounts.filter((account) => account.strategy === strategy);
      for (const { currency, equity } of of) watch.noteEquity(currency, equity);
      const { total, realised, unrealised, fees, equity, drawdown, fills } = of[0]!;
      let at = strategy * this.#perStrategy;
      for (const value of [total, realised, unrealised, fees, equity, drawdown, fills]) row[at++] = value;
      row[at++] = uptimeOf(watch, nowNs);
      for (const market of this.instruments.keys()) row[at++] = engine.seats[strategy]!.ledger.positionLots(market);
    }
    let at = this.strategies * this.#perStrategy;
    for (const market of this.instruments.keys()) {
      const view = marketOf(engine, market);
      row[at++] = view.midTicks;
      row[at++] = view.askTicks - view.bidTicks;
      const bids = this.#near(view.book.top(Side.BUY, NEAR, this.#prices, this.#sizes));
      const asks = this.#near(view.book.top(Side.SELL, NEAR, this.#prices, this.#sizes));
      row[at++] = (bids - asks) / (bids + asks);
    }
  }

  #near(count: number): number {
    let lots = 0;
    for (let i = 0; i < count; i++) lots += this.#sizes[i]!;
    return lots;
  }
}

/** Share of the time so far in which own orders stood on both sides, over all markets; NaN before there was any. */
function uptimeOf({ recorder }: StrategyWatch, nowNs: number): number {
  let sum = 0;
  let markets = 0;
  for (const { touch } of recorder.markets) {
    touch.settle(nowNs);
    const { quotedBoth } = touch;
    if (quotedBoth !== quotedBoth) continue;
    sum += quotedBoth;
    markets++;
  }
  return sum / markets;
}

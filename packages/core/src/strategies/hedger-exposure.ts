/** The net exposure that the hedger watches: positions of all strategies in the hedged markets and in the hedge, in units of the hedge. */
import { checkState } from '../base/state.ts';
import { HedgeEstimates } from './hedger-estimates.ts';
import type { HedgerParams } from './hedger-params.ts';
import { marketNamed, marketsNamed } from './shared/market-names.ts';
import type { Context, Market } from './strategy.ts';

/** A market as the hedger counts it. */
export class HedgeLeg {
  readonly market: Market;
  readonly #perLot: number;
  readonly #isInverse: boolean;
  /** The last mid there was, in quote currency. */
  #mid = Number.NaN;

  constructor(market: Market) {
    const { instrument, lotSize } = market;
    this.market = market;
    this.#perLot = lotSize * Number(instrument.spec.multiplier ?? '1');
    this.#isInverse = instrument.contract === 'inverse';
  }

  /** The mid in quote currency; the last there was while there is none, NaN before the first. */
  get mid(): number {
    const mid = this.market.midTicks * this.market.tickSize;
    if (mid > 0) this.#mid = mid;
    return this.#mid;
  }

  /**
   * What a lot is of the base currency. An inverse contract is worth a fixed amount of the quote currency, so its exposure falls as
   * the price rises: it is that of the price now, without what its unsettled profit is worth.
   */
  get unit(): number {
    return this.#isInverse ? this.#perLot / this.mid : this.#perLot;
  }

  save(): number {
    return this.#mid;
  }

  restore(mid: number): void {
    this.#mid = mid;
  }
}

export interface ExposureState {
  readonly mids: readonly number[];
  readonly estimates: Float64Array;
}

export class HedgeExposure {
  readonly hedge: HedgeLeg;
  readonly legs: readonly HedgeLeg[];
  readonly estimates: HedgeEstimates;
  readonly #ctx: Context;
  readonly #params: HedgerParams;
  readonly #prices: Float64Array;

  /** @throws RangeError when the parameters name no markets that can be hedged in this way */
  constructor(ctx: Context, params: HedgerParams) {
    const { markets } = ctx;
    if (markets.length < 2) throw new RangeError('hedger: found 1 market, expected the hedged ones and the hedge');
    const hedge = params.hedge === '' ? markets.at(-1)! : marketNamed(markets, 'hedger: hedge', params.hedge);
    const others = markets.filter((market) => market !== hedge);
    const isExposure = params.ratio === 'exposure';
    const named =
      params.hedged === ''
        ? others.filter(({ instrument }) => !isExposure || instrument.base === hedge.instrument.base)
        : marketsNamed(markets, 'hedger: hedged', params.hedged);
    if (named.includes(hedge)) {
      throw new RangeError(`hedger: hedged: found '${params.hedged}', which holds the hedge itself`);
    }
    const { base, quote, symbol } = hedge.instrument;
    if (isExposure && base === '') {
      throw new RangeError(`hedger: ${symbol} tells no base currency, which ratio=exposure needs; give fixed or beta`);
    }
    for (const { instrument } of named) {
      if (isExposure && instrument.base !== base) {
        throw new RangeError(
          `hedger: ${instrument.symbol} is of ${instrument.base} and the hedge ${symbol} of ${base}; ratio=exposure needs one base currency (fixed and beta do not)`,
        );
      }
      if (params.ratio === 'beta' && instrument.quote !== quote) {
        throw new RangeError(
          `hedger: ${instrument.symbol} is quoted in ${instrument.quote} and the hedge ${symbol} in ${quote}; ratio=beta needs one quote currency`,
        );
      }
    }
    if (named.length === 0)
      throw new RangeError(`hedger: no market is of the base currency of the hedge ${symbol}, ${base}`);
    this.#ctx = ctx;
    this.#params = params;
    this.hedge = new HedgeLeg(hedge);
    this.legs = named.map((market) => new HedgeLeg(market));
    this.#prices = new Float64Array(named.length);
    this.estimates = new HedgeEstimates(named.length, params.halfLife);
  }

  /** Units of the hedge that offset one of a leg's. */
  ratio(leg: number): number {
    const { ratio, fixedRatio } = this.#params;
    if (ratio === 'exposure') return 1;
    if (ratio === 'fixed') return fixedRatio;
    const beta = this.estimates.beta(leg);
    // Beta compares returns, so it compares amounts of money.
    return beta === beta ? (beta * this.legs[leg].mid) / this.hedge.mid : fixedRatio;
  }

  /** Units to be hedged, before what the hedge holds; NaN while a price that it takes is not known. */
  get hedged(): number {
    let units = 0;
    for (let leg = 0; leg < this.legs.length; leg++) {
      const { market, unit } = this.legs[leg];
      const lots = this.#ctx.portfolioLots(market);
      if (lots !== 0) units += this.ratio(leg) * lots * unit;
    }
    return units;
  }

  /** Units that are left open. */
  get net(): number {
    const lots = this.#ctx.portfolioLots(this.hedge.market);
    return this.hedged + (lots === 0 ? 0 : lots * this.hedge.unit);
  }

  /** Called once a second. */
  sample(): void {
    const { legs, hedge } = this;
    for (let leg = 0; leg < legs.length; leg++) this.#prices[leg] = priceNow(legs[leg]);
    this.estimates.sample(priceNow(hedge), this.#prices, this.hedged);
  }

  save(): ExposureState {
    return { mids: [this.hedge, ...this.legs].map((leg) => leg.save()), estimates: this.estimates.save() };
  }

  restore(state: ExposureState): void {
    checkState('exposure of a hedger', state, this.save());
    const { mids, estimates } = state;
    for (const [index, leg] of [this.hedge, ...this.legs].entries()) leg.restore(mids[index]);
    this.estimates.restore(estimates);
  }
}

/** A book that is not to be believed has no price. */
function priceNow(leg: HedgeLeg): number {
  return leg.market.isReady ? leg.mid : Number.NaN;
}

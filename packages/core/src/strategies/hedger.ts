/**
 * Hedges what the strategies beside it hold: watches the positions of all of them in the hedged markets and trades the net exposure
 * back in another instrument or at another venue once it leaves a band, resting first and taking then. docs/strategies/hedger.md.
 */
import { checkState } from '../base/state.ts';
import { Side } from '../market/side.ts';
import { BreakerState, RiskState } from '../trading/risk-state.ts';
import { costBand } from './hedger-band.ts';
import { type ExposureState, HedgeExposure } from './hedger-exposure.ts';
import { type HedgeWish, HedgeOrders, type OrdersState } from './hedger-orders.ts';
import { HEDGER_PARAMS, type HedgerParams } from './hedger-params.ts';
import { leastLots } from './shared/sizing.ts';
import { type Context, type Handlers, defineStrategy } from './strategy.ts';

const PPB = 1e-9;
const ACT = 1;
const SECOND = 2;
/** Smallest orders in the threshold when none is given. */
const DEFAULT_ORDERS = 10;
/** Rounding of units into lots is forgiven this much of a lot. */
const ROUNDING = 1e-6;

interface HedgerState {
  readonly isHedging: boolean;
  readonly sinceNs: number;
  readonly overNs: number;
  readonly isDrifting: boolean;
  readonly band: number;
  readonly orders: OrdersState;
  readonly exposure: ExposureState;
}

export default defineStrategy({
  name: 'hedger',
  description: 'hedges the positions of the strategies beside it in another instrument or at another venue',
  params: HEDGER_PARAMS,
  create(ctx, params): Handlers {
    const hedger = new Hedger(ctx, params);
    const setTimers = (): void => {
      ctx.every(params.interval * 1e9, ACT);
      ctx.every(1e9, SECOND);
    };
    return {
      onStart: setTimers,
      onResume: setTimers,
      onBook: () => hedger.act(),
      onFill: () => hedger.act(),
      onOrder: () => hedger.act(),
      onTimer: (timer) => {
        if (timer === SECOND) hedger.onSecond();
        else hedger.act();
      },
      save: () => hedger.save(),
      // oxlint-disable-next-line no-unsafe-type-assertion -- what `save` answered
      restore: (state) => hedger.restore(state as HedgerState),
    };
  },
});

class Hedger {
  readonly #ctx: Context;
  readonly #params: HedgerParams;
  readonly #exposure: HedgeExposure;
  readonly #orders: HedgeOrders;
  readonly #wish: HedgeWish = { side: Side.BUY, lots: 0, mostLots: 0, isTaking: false, slippageBps: 0 };
  /** From when the exposure leaves the band until it is back at the inner one. */
  #isHedging = false;
  #sinceNs = Number.NEGATIVE_INFINITY;
  /** Since when the exposure is beyond the bound of the alarm; NaN = it is not. */
  #overNs = Number.NaN;
  #isDrifting = false;
  /** Half the width of the no-trade region, in units of the hedge; worked out once a second. */
  #band = Number.NaN;

  constructor(ctx: Context, params: HedgerParams) {
    this.#ctx = ctx;
    this.#params = params;
    this.#exposure = new HedgeExposure(ctx, params);
    this.#orders = new HedgeOrders(ctx, this.#exposure.hedge.market, params);
  }

  act(): void {
    const { hedge } = this.#exposure;
    const net = this.#exposure.net;
    const { unit } = hedge;
    if (!(Math.abs(net) < Infinity) || !(unit > 0)) return;
    if (this.#band !== this.#band) this.#band = this.#bandNow(unit);
    this.#watchDrift(net);
    const { riskState, nowNs } = this.#ctx;
    const { passive, slippage, urgentSlippage, maxOrder } = this.#params;
    const isUrgent = this.#isUrgent;
    const size = Math.abs(net);
    const outer = isUrgent ? 0 : this.#band;
    const inner = isUrgent ? 0 : outer * this.#params.inner;
    if (size > outer && !this.#isHedging) {
      this.#isHedging = true;
      this.#sinceNs = nowNs;
    }
    const wish = this.#wish;
    wish.mostLots = Math.floor(size / unit + ROUNDING);
    wish.lots = this.#isHedging ? this.#lotsFor(size - inner, wish.mostLots, unit) : 0;
    if (wish.lots === 0) this.#isHedging = false;
    if (riskState === RiskState.HALTED || this.#mustWait) wish.lots = 0;
    wish.side = net > 0 ? Side.SELL : Side.BUY;
    wish.isTaking = wish.lots > 0 && (isUrgent || nowNs >= this.#sinceNs + passive * 1e9);
    wish.slippageBps = isUrgent ? urgentSlippage : slippage;
    if (wish.lots === 0 && hedge.market.orderCount === 0) return;
    this.#orders.work(wish, maxOrder === 0 ? Infinity : Math.floor(maxOrder / unit + ROUNDING));
  }

  onSecond(): void {
    const exposure = this.#exposure;
    exposure.sample();
    this.#band = this.#bandNow(exposure.hedge.unit);
    this.act();
    const { net } = exposure;
    if (!(Math.abs(net) < Infinity && this.#band > 0)) return;
    this.#ctx.metric('hedge_exposure', net);
    this.#ctx.metric('hedge_band', this.#band);
    if (this.#params.ratio === 'beta') {
      exposure.legs.forEach((leg, index) =>
        this.#ctx.metric(`hedge_ratio ${leg.market.instrument.symbol}`, exposure.ratio(index)),
      );
    }
  }

  save(): HedgerState {
    return {
      isHedging: this.#isHedging,
      sinceNs: this.#sinceNs,
      overNs: this.#overNs,
      isDrifting: this.#isDrifting,
      band: this.#band,
      orders: this.#orders.save(),
      exposure: this.#exposure.save(),
    };
  }

  restore(state: HedgerState): void {
    checkState('a hedger', state, this.save());
    const { isHedging, sinceNs, overNs, isDrifting, band, orders, exposure } = state;
    this.#isHedging = isHedging;
    this.#sinceNs = sinceNs;
    this.#overNs = overNs;
    this.#isDrifting = isDrifting;
    this.#band = band;
    this.#orders.restore(orders);
    this.#exposure.restore(exposure);
  }

  /** Risk is to be brought down: no band, and no patience. */
  get #isUrgent(): boolean {
    if (this.#ctx.riskState !== RiskState.ACTIVE) return true;
    return this.#params.onBreaker === 'flatten' && this.#isBreakerOpen;
  }

  get #mustWait(): boolean {
    return this.#params.onBreaker === 'wait' && this.#isBreakerOpen;
  }

  get #isBreakerOpen(): boolean {
    const { legs } = this.#exposure;
    for (let i = 0; i < legs.length; i++) if (legs[i].market.breaker === BreakerState.OPEN) return true;
    return false;
  }

  /** Lots that bring the exposure back by so many units: rounded towards less, at least the smallest order, never through zero. */
  #lotsFor(units: number, mostLots: number, unit: number): number {
    const wanted = Math.floor(units / unit + ROUNDING);
    if (wanted < 1) return 0;
    const least = this.#leastLots();
    if (wanted >= least) return wanted;
    return least <= mostLots ? least : 0;
  }

  #leastLots(): number {
    const { market, mid } = this.#exposure.hedge;
    return leastLots(market.instrument, mid / market.tickSize);
  }

  /** NaN while the hedge has no price. */
  #bandNow(unit: number): number {
    const { band, threshold, riskAversion } = this.#params;
    const smallest = this.#leastLots() * unit;
    const given = threshold > 0 ? threshold : DEFAULT_ORDERS * smallest;
    if (band === 'fixed') return given;
    const { estimates } = this.#exposure;
    const wish = costBand(this.#unitCost, estimates.flowVariance, riskAversion, estimates.priceVariance);
    if (!(wish > 0 && wish < Infinity)) return given;
    return Math.max(smallest, threshold > 0 ? Math.min(wish, threshold) : wish);
  }

  /** What it costs to take a unit: half the spread and the fee, in quote currency. */
  get #unitCost(): number {
    const { market, mid } = this.#exposure.hedge;
    const half = ((market.askTicks - market.bidTicks) / 2) * market.tickSize;
    return half + mid * (market.instrument.fees?.takerPpb[0] ?? 0) * PPB;
  }

  #watchDrift(net: number): void {
    const { driftBands, driftTime } = this.#params;
    const { nowNs } = this.#ctx;
    const isOver = Math.abs(net) > driftBands * this.#band;
    if (!isOver) this.#overNs = Number.NaN;
    else if (this.#overNs !== this.#overNs) this.#overNs = nowNs;
    const isDrifting = isOver && nowNs - this.#overNs >= driftTime * 1e9;
    if (isDrifting === this.#isDrifting) return;
    this.#isDrifting = isDrifting;
    this.#ctx.metric('hedge_drift', isDrifting ? net : 0);
    this.#ctx.alarm(this.#exposure.hedge.market, net, driftBands * this.#band, !isDrifting);
  }
}

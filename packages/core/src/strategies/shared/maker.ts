/**
 * The frame of a market maker. A strategy states a fair bid and ask; the frame bounds the spread, lays the ladder, respects the
 * discipline and sends quotes no more often than it should. One `MakerDesk` per market of the run, each on its own.
 */
import { checkState, restoreEach } from '../../base/state.ts';
import { PPB } from '../../market/fees.ts';
import { OrderState } from '../../trading/order-state.ts';
import type { Context, Fill, Handlers, Market, Order, Trade } from '../strategy.ts';
import type { Conditions } from './conditions.ts';
import { Discipline, type DisciplineState, Stance } from './discipline.ts';
import type { MakerParams } from './maker-params.ts';
import { marketsNamed } from './market-names.ts';
import { QuotePlan, type QuotePlanState } from './quote-plan.ts';

/** What makes one maker differ from another. */
export interface MakerRule {
  /** The book has changed and may be believed. */
  onBook?(): void;
  onTrade?(trade: Trade): void;
  onFill?(fill: Fill): void;
  /** Once a second: slow estimates, metrics. */
  onSecond?(): void;
  /** Puts the wanted quotes into `desk`: `twoSided`, or levels of its own into `desk.plan`, which is empty. */
  quote(): void;
  /** What the rule keeps from one call to the next, as of `Handlers`. A strategy whose rule has these is saved in snapshots. */
  save?(): unknown;
  restore?(state: unknown): void;
}

/** Of a rule that keeps nothing from one call to the next. */
export const KEEPS_NOTHING = { save: () => null, restore: () => {} } as const satisfies Partial<MakerRule>;

export interface MakerDeskState {
  readonly discipline: DisciplineState;
  readonly plan: QuotePlanState;
  /** What its rule saved. */
  readonly rule: unknown;
  readonly bidShare: number;
  readonly askShare: number;
  readonly widthTicks: number;
  readonly nextNs: number;
  readonly quotedMid: number;
}

/** Timer of the frame. */
const SECOND = 1;

export class MakerDesk {
  readonly ctx: Context;
  readonly market: Market;
  readonly discipline: Discipline;
  readonly plan: QuotePlan;
  readonly params: MakerParams;
  /** Shares of the order size that each side quotes; set by a rule in `quote`. */
  bidShare = 1;
  askShare = 1;
  /** Between own best bid and ask, in ticks: what `refresh` and `tolerance` are measured by. Set by `twoSided`, or by a rule. */
  widthTicks = 0;
  #rule: MakerRule | undefined;
  #nextNs = -Infinity;
  #quotedMid = Number.NaN;

  /** @throws RangeError that names the parameter when one is out of its range. */
  constructor(ctx: Context, market: Market, params: MakerParams) {
    this.ctx = ctx;
    this.market = market;
    this.params = params;
    this.discipline = new Discipline(ctx, market, params);
    this.plan = new QuotePlan(ctx, market);
  }

  get conditions(): Conditions {
    return this.discipline.conditions;
  }

  /** Position in order sizes. */
  get inventory(): number {
    return this.discipline.inventory;
  }

  /** The unit of the spread parameters, in ticks. */
  get unitTicks(): number {
    const { spreadUnit } = this.params;
    if (spreadUnit === 'ticks') return 1;
    return spreadUnit === 'bps' ? this.market.midTicks * 1e-4 : this.conditions.usualSpread;
  }

  /** Reports a number; a run with several markets has the symbol in its name. */
  metric(name: string, value: number): void {
    if (value === value)
      this.ctx.metric(this.ctx.markets.length === 1 ? name : `${name} ${this.market.instrument.symbol}`, value);
  }

  /** Wants quotes around the middle of these two prices, with the spread brought within its bounds. Half ticks and any float. */
  twoSided(bidTicks: number, askTicks: number): void {
    const { params, plan } = this;
    const unit = this.unitTicks;
    const centre = (bidTicks + askTicks) / 2;
    let width = params.spread > 0 ? params.spread * unit : askTicks - bidTicks;
    if (params.coverFees) width += 2 * this.#feeTicks(centre);
    if (params.maxSpread > 0) width = Math.min(width, params.maxSpread * unit);
    width = Math.max(width, params.minSpread * unit, 1);
    this.widthTicks = width;
    const step = Math.max(1, params.levelSpacing * unit);
    let lots = this.discipline.sizeLots;
    for (let level = 0; level < params.levels; level++) {
      plan.bid(centre - width / 2 - level * step, lots * this.bidShare);
      plan.ask(centre + width / 2 + level * step, lots * this.askShare);
      lots *= params.levelGrowth;
    }
  }

  begin(rule: MakerRule): void {
    this.#rule = rule;
  }

  onBook(): void {
    const stance = this.discipline.assess();
    if (this.market.isReady) this.#rule?.onBook?.();
    if (stance === Stance.OPEN) this.#requote();
    else if (stance === Stance.FLATTEN) this.#flatten();
    else this.plan.pull();
  }

  onTrade(trade: Trade): void {
    this.#rule?.onTrade?.(trade);
  }

  onFill(fill: Fill): void {
    this.discipline.onFill(fill);
    this.#rule?.onFill?.(fill);
    if (fill.isMaker) this.plan.filled(fill.side, fill.sizeLots, this.ctx.nowNs + this.params.refillDelay * 1e9);
    // Skew and room have changed: not to be waited for.
    this.#nextNs = -Infinity;
    this.onBook();
  }

  onOrder(order: Order): void {
    this.discipline.onOrder(order);
    if (order.state === OrderState.REJECTED) this.plan.forget();
  }

  /** What was stated may not stand. */
  onResume(): void {
    this.plan.forget();
    this.#nextNs = -Infinity;
    this.onBook();
  }

  onSecond(): void {
    this.#rule?.onSecond?.();
    this.metric('usual spread (ticks)', this.conditions.usualSpread);
    this.metric('volatility (ticks per √second)', this.conditions.sigma);
    if (this.params.maxOrderAge > 0 && this.#hasOldOrder()) {
      this.plan.pull();
      this.#nextNs = -Infinity;
      return;
    }
    this.onBook();
  }

  /** True when the rule can be saved. */
  get isSaved(): boolean {
    return this.#rule?.save !== undefined && this.#rule.restore !== undefined;
  }

  save(): MakerDeskState {
    const { discipline, plan, bidShare, askShare, widthTicks } = this;
    return {
      discipline: discipline.save(),
      plan: plan.save(),
      rule: this.#rule?.save?.(),
      bidShare,
      askShare,
      widthTicks,
      nextNs: this.#nextNs,
      quotedMid: this.#quotedMid,
    };
  }

  restore(state: MakerDeskState): void {
    checkState('a maker', { ...state, rule: undefined }, { ...this.save(), rule: undefined });
    this.discipline.restore(state.discipline);
    this.plan.restore(state.plan);
    this.#rule?.restore?.(state.rule);
    this.bidShare = state.bidShare;
    this.askShare = state.askShare;
    this.widthTicks = state.widthTicks;
    this.#nextNs = state.nextNs;
    this.#quotedMid = state.quotedMid;
  }

  #requote(): void {
    const { market, params } = this;
    const { nowNs } = this.ctx;
    const moved = Math.abs(market.midTicks - this.#quotedMid);
    if (nowNs < this.#nextNs && !(moved >= this.widthTicks / 2)) return;
    this.#nextNs = nowNs + params.refresh * 1e9;
    this.#quotedMid = market.midTicks;
    this.bidShare = 1;
    this.askShare = 1;
    this.plan.clear();
    this.#rule?.quote();
    this.plan.state(this.discipline.limitLots, params.tolerance * this.widthTicks);
  }

  #flatten(): void {
    if (this.params.flatten === 'passive') this.plan.forget();
    else this.plan.pull();
    this.discipline.flatten();
  }

  #hasOldOrder(): boolean {
    const { market } = this;
    const bound = this.ctx.nowNs - this.params.maxOrderAge * 1e9;
    for (let i = 0; i < market.orderCount; i++) {
      const order = market.order(i);
      if (order.state === OrderState.LIVE && order.sentNs <= bound) return true;
    }
    return false;
  }

  /** The maker's fee on one side, in ticks of the price. */
  #feeTicks(priceTicks: number): number {
    const { fees } = this.market.instrument;
    return fees === undefined ? 0 : (priceTicks * fees.makerPpb[0]) / PPB;
  }
}

/** The handlers of a maker that quotes in markets of the run. @throws RangeError that names the parameter when one is out of its range. */
export function createMaker(ctx: Context, params: MakerParams, makeRule: (desk: MakerDesk) => MakerRule): Handlers {
  const quoted = params.markets === '' ? ctx.markets : marketsNamed(ctx.markets, 'markets', params.markets);
  const desks = quoted.map((market) => {
    const desk = new MakerDesk(ctx, market, params);
    desk.begin(makeRule(desk));
    return desk;
  });
  const deskOf = ctx.markets.map((market) => desks.find((desk) => desk.market === market));
  const saved: Pick<Handlers, 'save' | 'restore'> = {
    save: () => desks.map((desk) => desk.save()),
    restore: (state) => restoreEach('the makers of a strategy', state, desks),
  };
  return {
    onStart: () => ctx.every(1e9, SECOND),
    onBook: (market) => deskOf[market.index]?.onBook(),
    onTrade: (market, trade) => deskOf[market.index]?.onTrade(trade),
    onFill: (market, fill) => deskOf[market.index]?.onFill(fill),
    onOrder: (market, order) => deskOf[market.index]?.onOrder(order),
    onTimer: () => {
      for (const desk of desks) desk.onSecond();
    },
    onResume: () => {
      for (const desk of desks) desk.onResume();
    },
    ...(desks.every((desk) => desk.isSaved) ? saved : {}),
  };
}

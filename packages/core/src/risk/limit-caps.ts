/**
 * The limits as the gate compares with them: per lane (strategy × markets + market) the tightest that apply, in lots, ticks' factors and
 * millionths of the risk currency; per scope those on sums. Worked out when a limit changes. Infinity = no limit.
 *
 * Half a millionth is added to amounts: what is compared with them carries the rounding of floats.
 */
import type { Instrument } from '../market/instrument.ts';
import { BASE_PARTS, MICROS, MarketPart } from './exposure-layout.ts';
import type { Exposure } from './exposure.ts';
import { LIMIT_INDEX, type Limits, Scope } from './limits.ts';
import type { OrderRate } from './order-rate.ts';
import type { RiskMarket } from './risk-market.ts';

/** Entries of a lane in `lanes`, at `lane << 5`. */
export const Cap = {
  AGE_NS: 0,
  /** Factors to the mid, the last print, and the best price of the other side. */
  MID_UP: 1,
  MID_DOWN: 2,
  LAST_UP: 3,
  LAST_DOWN: 4,
  FAT_UP: 5,
  FAT_DOWN: 6,
  ORDER_LOTS: 7,
  ORDER_VALUE: 8,
  POSITION: 9,
  NOTIONAL: 10,
  VOLUME: 11,
  /** The same of the strategy's own part. */
  OWN_POSITION: 12,
  OWN_NOTIONAL: 13,
  OWN_VOLUME: 14,
  /** Of the instrument. */
  TURNOVER: 15,
  /** 1 when a limit on the strategy's own part, its sums or the venue's is set: the second look is due. */
  HAS_NARROW: 16,
  /** 1 when a limit is set that needs prices and rates. */
  NEEDS_VALUE: 17,
} as const;

/** Entries of a row (`Exposure`) in `rows`, at `row << 2`. */
export const RowCap = { NET: 0, GROSS: 1, TURNOVER: 2, LOSS: 3 } as const;

/** Entries of `all`. */
export const AllCap = {
  BASE: 0,
  PORTFOLIO: 1,
  /** Share of the peak. */
  DRAWDOWN: 2,
  LEVERAGE: 3,
  /** −Infinity = no limit. */
  BALANCE: 4,
  DUPLICATE_NS: 5,
  /** NaN = no limit. */
  SELF_CROSS: 6,
  WARNING: 7,
} as const;

const SLACK = 0.5;
const indexOf = (name: string): number => LIMIT_INDEX.get(name) ?? -1;
const MAX_POSITION = indexOf('max_position_size');
const MAX_NOTIONAL = indexOf('max_notional_exposure');
const MAX_NET = indexOf('max_net_exposure');
const MAX_GROSS = indexOf('max_gross_exposure');
const MAX_DRAWDOWN = indexOf('max_drawdown_pct');
const DAILY_LOSS = indexOf('daily_loss_limit');
const MAX_ORDER_SIZE = indexOf('max_order_size');
const MAX_ORDER_VALUE = indexOf('max_order_value');
const MAX_VOLUME = indexOf('max_daily_volume');
const RATE = indexOf('max_orders_per_second');
const BURST = indexOf('max_order_burst');
const COOLDOWN = indexOf('order_cooldown_ms');
const COLLAR = indexOf('price_collar_pct');
const LAST_COLLAR = indexOf('last_collar_pct');
const FAT_FINGER = indexOf('fat_finger_pct');
const MAX_AGE = indexOf('max_price_age_ms');
const MAX_BASE = indexOf('max_base_position');
const MAX_PORTFOLIO = indexOf('max_portfolio_position');
const MAX_TURNOVER = indexOf('max_daily_turnover');
const MAX_LEVERAGE = indexOf('max_leverage');
const MIN_BALANCE = indexOf('min_balance');
const DUPLICATE = indexOf('duplicate_window_ms');
const SELF_CROSS = indexOf('self_cross_ticks');
const WARNING = indexOf('warning_share');

const { GLOBAL, VENUE, INSTRUMENT, STRATEGY } = Scope;

export class LimitCaps {
  readonly lanes: Float64Array;
  readonly rows: Float64Array;
  readonly all = new Float64Array(8);
  /** A strategy has a limit on its loss. */
  hasStrategyLoss = false;
  readonly #limits: Limits;
  readonly #instruments: readonly Instrument[];
  readonly #venueOf: readonly number[];
  readonly #strategies: number;
  readonly #venues: number;

  constructor(limits: Limits, markets: readonly RiskMarket[], venueOf: readonly number[], strategies: number) {
    this.#limits = limits;
    this.#instruments = markets.map(({ instrument }) => instrument);
    this.#venueOf = venueOf;
    this.#strategies = strategies;
    this.#venues = Math.max(-1, ...venueOf) + 1;
    this.lanes = new Float64Array((strategies * markets.length) << 5);
    this.rows = new Float64Array((1 + this.#venues + strategies) << 2);
  }

  /** Works everything out anew. @returns true when sums by venue and strategy are needed */
  resolve(exposure: Exposure, rate: OrderRate): boolean {
    this.#resolveAll(rate);
    const isLimited = this.#resolveRows();
    this.hasStrategyLoss = false;
    for (let strategy = 0; strategy < this.#strategies; strategy++) {
      if (this.rows[((1 + this.#venues + strategy) << 2) | RowCap.LOSS] < Infinity) this.hasStrategyLoss = true;
      for (let market = 0; market < this.#instruments.length; market++) {
        this.#resolveLane(strategy, market, isLimited);
        this.sizes(exposure, strategy, market);
      }
      for (let venue = 0; venue < this.#venues; venue++) {
        const at = (limit: number): number =>
          Math.min(this.#at(limit, GLOBAL, 0), this.#said(limit, VENUE, venue), this.#said(limit, STRATEGY, strategy));
        rate.set(strategy * this.#venues + venue, at(RATE), at(BURST));
      }
    }
    return isLimited.some((is, row) => is && row > 0);
  }

  /** Limits on sizes in lots, which of an inverse contract move with its price. */
  sizes(exposure: Exposure, strategy: number, market: number): void {
    const { lanes } = this;
    const at = (strategy * this.#instruments.length + market) << 5;
    const parts = exposure.data[(market << 4) | MarketPart.LOT_BASE];
    const lots = (base: number): number => {
      if (base === Infinity) return Infinity;
      // Where the price is not known yet, no size is within the limit.
      return parts > 0 ? Math.floor((base * BASE_PARTS) / parts + 1e-6) : 0;
    };
    lanes[at | Cap.ORDER_LOTS] = lots(this.#tightest(MAX_ORDER_SIZE, strategy, market));
    lanes[at | Cap.POSITION] = lots(this.#shared(MAX_POSITION, market));
    lanes[at | Cap.VOLUME] = lots(this.#shared(MAX_VOLUME, market));
    lanes[at | Cap.OWN_POSITION] = lots(this.#said(MAX_POSITION, STRATEGY, strategy));
    lanes[at | Cap.OWN_VOLUME] = lots(this.#said(MAX_VOLUME, STRATEGY, strategy));
  }

  #resolveAll(rate: OrderRate): void {
    const { all } = this;
    all[AllCap.BASE] = this.#at(MAX_BASE, GLOBAL, 0) * BASE_PARTS + SLACK;
    all[AllCap.PORTFOLIO] = this.#at(MAX_PORTFOLIO, GLOBAL, 0) * MICROS + SLACK;
    all[AllCap.DRAWDOWN] = this.#at(MAX_DRAWDOWN, GLOBAL, 0) / 100;
    all[AllCap.LEVERAGE] = this.#at(MAX_LEVERAGE, GLOBAL, 0);
    all[AllCap.BALANCE] = off(this.#at(MIN_BALANCE, GLOBAL, 0), -Infinity);
    all[AllCap.DUPLICATE_NS] = off(this.#at(DUPLICATE, GLOBAL, 0), 0) * 1e6;
    all[AllCap.SELF_CROSS] = off(this.#at(SELF_CROSS, GLOBAL, 0), Number.NaN);
    all[AllCap.WARNING] = this.#at(WARNING, GLOBAL, 0);
    rate.setRest(off(this.#at(COOLDOWN, GLOBAL, 0), 0) * 1e6);
  }

  /** @returns by row whether it has a limit */
  #resolveRows(): boolean[] {
    const isLimited: boolean[] = [];
    for (let row = 0; row << 2 < this.rows.length; row++) {
      const venue = row - 1;
      const strategy = venue - this.#venues;
      const said = (limit: number): number => {
        if (row === 0) return this.#at(limit, GLOBAL, 0);
        return strategy >= 0 ? this.#said(limit, STRATEGY, strategy) : this.#said(limit, VENUE, venue);
      };
      const at = row << 2;
      this.rows[at | RowCap.NET] = said(MAX_NET) * MICROS + SLACK;
      this.rows[at | RowCap.GROSS] = said(MAX_GROSS) * MICROS + SLACK;
      this.rows[at | RowCap.TURNOVER] = said(MAX_TURNOVER) * MICROS + SLACK;
      // A limit of 0 is reached by the first loss, not before it.
      this.rows[at | RowCap.LOSS] = Math.max(1, said(DAILY_LOSS) * MICROS);
      isLimited.push([0, 1, 2, 3].some((entry) => this.rows[at | entry] < Infinity));
    }
    return isLimited;
  }

  #resolveLane(strategy: number, market: number, isLimited: readonly boolean[]): void {
    const { lanes } = this;
    const at = (strategy * this.#instruments.length + market) << 5;
    const pct = (limit: number): number => this.#tightest(limit, strategy, market) / 100;
    lanes[at | Cap.AGE_NS] = this.#tightest(MAX_AGE, strategy, market) * 1e6;
    lanes[at | Cap.MID_UP] = 1 + pct(COLLAR);
    lanes[at | Cap.MID_DOWN] = 1 - pct(COLLAR);
    lanes[at | Cap.LAST_UP] = 1 + pct(LAST_COLLAR);
    lanes[at | Cap.LAST_DOWN] = 1 - pct(LAST_COLLAR);
    lanes[at | Cap.FAT_UP] = 1 + pct(FAT_FINGER);
    lanes[at | Cap.FAT_DOWN] = 1 - pct(FAT_FINGER);
    lanes[at | Cap.ORDER_VALUE] = this.#tightest(MAX_ORDER_VALUE, strategy, market) * MICROS + SLACK;
    lanes[at | Cap.NOTIONAL] = this.#shared(MAX_NOTIONAL, market) * MICROS + SLACK;
    lanes[at | Cap.OWN_NOTIONAL] = this.#said(MAX_NOTIONAL, STRATEGY, strategy) * MICROS + SLACK;
    lanes[at | Cap.TURNOVER] = this.#said(MAX_TURNOVER, INSTRUMENT, market) * MICROS + SLACK;
    const venueRow = 1 + this.#venueOf[market];
    const strategyRow = 1 + this.#venues + strategy;
    const isNarrow =
      isLimited[venueRow] ||
      isLimited[strategyRow] ||
      lanes[at | Cap.OWN_NOTIONAL] < Infinity ||
      lanes[at | Cap.TURNOVER] < Infinity ||
      this.#said(MAX_POSITION, STRATEGY, strategy) < Infinity ||
      this.#said(MAX_VOLUME, STRATEGY, strategy) < Infinity;
    lanes[at | Cap.HAS_NARROW] = isNarrow ? 1 : 0;
    const { all } = this;
    const needs =
      isLimited[0] ||
      isLimited[venueRow] ||
      isLimited[strategyRow] ||
      lanes[at | Cap.ORDER_VALUE] < Infinity ||
      lanes[at | Cap.NOTIONAL] < Infinity ||
      lanes[at | Cap.OWN_NOTIONAL] < Infinity ||
      lanes[at | Cap.TURNOVER] < Infinity ||
      all[AllCap.BASE] < Infinity ||
      all[AllCap.PORTFOLIO] < Infinity ||
      all[AllCap.LEVERAGE] < Infinity ||
      all[AllCap.DRAWDOWN] < Infinity;
    lanes[at | Cap.NEEDS_VALUE] = needs ? 1 : 0;
  }

  #at(limit: number, scope: Scope, index: number): number {
    return this.#limits.at(limit, scope, index);
  }

  /** Infinity when nothing is said there. */
  #said(limit: number, scope: Scope, index: number): number {
    const value = this.#limits.at(limit, scope, index);
    return value === value ? value : Infinity;
  }

  /** Of all scopes but the strategy's. */
  #shared(limit: number, market: number): number {
    const venue = this.#said(limit, VENUE, this.#venueOf[market]);
    return Math.min(this.#at(limit, GLOBAL, 0), venue, this.#said(limit, INSTRUMENT, market));
  }

  #tightest(limit: number, strategy: number, market: number): number {
    return Math.min(this.#shared(limit, market), this.#said(limit, STRATEGY, strategy));
  }
}

/** A limit of the kind that is off at another value than Infinity. */
function off(value: number, none: number): number {
  return value === Infinity ? none : value;
}

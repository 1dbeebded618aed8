/**
 * How much of each limit is used as things stand: for pages, bars and reports, never for an order. What is read is what the gate
 * compares with (positions, open orders at their worst, volumes, losses), and nothing of it is touched: an engine that is asked and one
 * that is not go on alike, bit for bit.
 *
 * Positions and exposures are worked out at the mids of the moment; equity, its peak and the losses are those that the gate has looked
 * at last, at most `lookEveryNs` ago while a position is held.
 */
import { Side } from '../market/side.ts';
import type { OrderDesk } from '../trading/order-desk.ts';
import { LaneDouble } from '../trading/order-layout.ts';
import type { Account } from './account.ts';
import { MICROS } from './exposure-layout.ts';
import type { Exposure } from './exposure.ts';
import { LIMITS, Scope } from './limits.ts';
import type { OrderRate } from './order-rate.ts';
import type { RiskMarket } from './risk-market.ts';

const { OPEN_LOTS } = LaneDouble;
const { BUY, SELL } = Side;

/** Values of the positions that are held, open orders not counted, in the risk currency; NaN while a price or rate is missing. */
export interface HeldExposure {
  /** Signed: long is positive. */
  readonly net: number;
  readonly gross: number;
}

export interface LimitUsesSetup {
  readonly markets: readonly RiskMarket[];
  readonly venueOf: readonly number[];
  readonly strategies: number;
  readonly exposure: Exposure;
  readonly account: Account;
  readonly rate: OrderRate;
}

/** What a scope is of. */
interface Part {
  readonly scope: Scope;
  readonly index: number;
  /** -1 = all of them together. */
  readonly strategy: number;
  readonly markets: readonly number[];
  readonly nowNs: number;
}

type Measure = (uses: LimitUses, part: Part) => number;

/** By name of the limit; those that are not here are about one order, or a setting. */
const MEASURES: Readonly<Record<string, Measure>> = {
  max_position_size: (uses, part) => uses.most(part, (market) => uses.worst(part, market, uses.lotBase(market))),
  max_notional_exposure: (uses, part) => uses.most(part, (market) => uses.worst(part, market, uses.lotValue(market))),
  max_net_exposure: (uses, part) => Math.max(uses.sideValue(part, BUY), uses.sideValue(part, SELL)),
  max_gross_exposure: (uses, part) => uses.sum(part, (market) => uses.worst(part, market, uses.lotValue(market))),
  max_drawdown_pct: (uses) => uses.drawdown * 100,
  daily_loss_limit: (uses, part) => uses.loss(part),
  max_daily_volume: (uses, part) => uses.most(part, (market) => uses.volume(part, market)),
  max_order_burst: (uses, part) => uses.burst(part),
  max_base_position: (uses, part) => Math.max(0, ...uses.byBase(part, (market) => uses.lotBase(market))),
  max_portfolio_position: (uses, part) =>
    uses.byBase(part, (market) => uses.lotValue(market)).reduce((sum, each) => sum + each, 0),
  max_daily_turnover: (uses, part) => uses.turnover(part),
  max_leverage: (uses, part) => uses.leverage(part),
};

const BY_INDEX: readonly (Measure | undefined)[] = LIMITS.map(({ name }) => MEASURES[name]);

export class LimitUses {
  readonly #markets: readonly RiskMarket[];
  readonly #venueOf: readonly number[];
  readonly #venues: number;
  readonly #strategies: number;
  readonly #exposure: Exposure;
  readonly #account: Account;
  readonly #rate: OrderRate;
  readonly #all: readonly number[];
  #desk: OrderDesk | undefined;

  constructor({ markets, venueOf, strategies, exposure, account, rate }: LimitUsesSetup) {
    this.#markets = markets;
    this.#venueOf = venueOf;
    this.#venues = Math.max(-1, ...venueOf) + 1;
    this.#strategies = strategies;
    this.#exposure = exposure;
    this.#account = account;
    this.#rate = rate;
    this.#all = [...markets.keys()];
  }

  attach(desk: OrderDesk): void {
    this.#desk = desk;
  }

  /**
   * In the limit's unit. Of limits on positions and volumes in one instrument: the largest of the scope's instruments.
   * @returns null for a limit without standing use (on single orders, `min_balance`, settings), one that the scope cannot have, and
   *   while a price or rate that it needs is missing
   */
  of(limit: number, scope: Scope, index: number, nowNs: number): number | null {
    const measure = BY_INDEX[limit];
    if (measure === undefined || !LIMITS[limit].scopes.includes(scope)) return null;
    const markets =
      scope === Scope.INSTRUMENT
        ? [index]
        : scope === Scope.VENUE
          ? this.#all.filter((market) => this.#venueOf[market] === index)
          : this.#all;
    const value = measure(this, { scope, index, strategy: scope === Scope.STRATEGY ? index : -1, markets, nowNs });
    return Number.isFinite(value) ? value : null;
  }

  held(): HeldExposure {
    let net = 0;
    let gross = 0;
    for (const market of this.#all) {
      const value = times(this.#position(-1, market), this.lotValue(market));
      net += value;
      gross += Math.abs(value);
    }
    return { net, gross };
  }

  /** From its peak, as a share of it; NaN while not known. */
  get drawdown(): number {
    const { equity, peak } = this.#account;
    return Math.max(0, (peak - equity) / peak);
  }

  most(part: Part, of: (market: number) => number): number {
    return Math.max(0, ...part.markets.map(of));
  }

  sum(part: Part, of: (market: number) => number): number {
    return part.markets.reduce((sum, market) => sum + of(market), 0);
  }

  /** The position at worst, at so much a lot. */
  worst({ strategy }: Part, market: number, each: number): number {
    return times(Math.max(this.#side(strategy, market, BUY), this.#side(strategy, market, SELL)), each);
  }

  sideValue(part: Part, side: Side): number {
    return this.sum(part, (market) => times(this.#side(part.strategy, market, side), this.lotValue(market)));
  }

  /** The larger side of the net position of each base currency, open orders at their worst, at so much a lot. */
  byBase({ strategy, markets }: Part, each: (market: number) => number): number[] {
    const { base, rates } = this.#exposure;
    return rates.currencies.map((_, currency) => {
      const sides = [BUY, SELL].map((side) =>
        markets
          .filter((market) => base[market] === currency)
          .reduce((sum, market) => sum + times(this.#side(strategy, market, side), each(market)), 0),
      );
      return Math.max(...sides);
    });
  }

  loss({ strategy }: Part): number {
    const { dayEquity, equity } = this.#account;
    return Math.max(0, strategy < 0 ? (dayEquity - equity) / MICROS : this.#account.lossOf(strategy) / MICROS);
  }

  volume({ strategy }: Part, market: number): number {
    const row = strategy < 0 ? this.#strategies : strategy;
    const traded = this.#account.volumes[row * this.#markets.length + market];
    const open = this.#open(strategy, market, BUY) + this.#open(strategy, market, SELL);
    return times(traded + open, this.lotBase(market));
  }

  turnover(part: Part): number {
    const { scope, index, strategy } = part;
    const account = this.#account;
    const row =
      scope === Scope.INSTRUMENT
        ? account.turnoverOf(index)
        : scope === Scope.VENUE
          ? 1 + index
          : strategy < 0
            ? 0
            : this.#exposure.strategyRow(strategy);
    return account.turnovers[row] / MICROS + this.sideValue(part, BUY) + this.sideValue(part, SELL);
  }

  leverage(part: Part): number {
    const gross = this.sum(part, (market) => this.worst(part, market, this.lotValue(market)));
    return gross === 0 ? 0 : gross / (this.#account.equity / MICROS);
  }

  /** Orders of the burst that are not made up for yet. */
  burst({ scope, index, nowNs }: Part): number {
    let most = 0;
    for (let strategy = 0; strategy < this.#strategies; strategy++) {
      if (scope === Scope.STRATEGY && strategy !== index) continue;
      for (let venue = 0; venue < this.#venues; venue++) {
        if (scope === Scope.VENUE && venue !== index) continue;
        most = Math.max(most, this.#rate.used(strategy * this.#venues + venue, nowNs));
      }
    }
    return most;
  }

  /** Value of a lot at the mid, in the risk currency. */
  lotValue(market: number): number {
    const { instrument, lastMidTicks } = this.#markets[market];
    const rate = this.#rateOf(this.#exposure.quote[market]);
    if (!(lastMidTicks > 0)) return Number.NaN;
    const each = instrument.money.toNumber(1) * rate;
    return this.#exposure.isInverse[market] === 0 ? lastMidTicks * each : each;
  }

  /** Base currency in a lot. */
  lotBase(market: number): number {
    const { instrument, lastMidTicks } = this.#markets[market];
    if (this.#exposure.isInverse[market] === 0) {
      return instrument.size.toNumber(1) * Number(instrument.spec.multiplier ?? '1');
    }
    if (!(lastMidTicks > 0)) return Number.NaN;
    return instrument.money.toNumber(1) / instrument.price.toNumber(lastMidTicks);
  }

  /** As the mids of the moment have it, which the gate may not have taken yet. */
  #rateOf(currency: number): number {
    const { rates } = this.#exposure;
    const source = rates.sources[currency];
    if (source < 0) return rates.values[currency];
    const { instrument, lastMidTicks } = this.#markets[source];
    return rates.at(currency, instrument.price.toNumber(lastMidTicks));
  }

  /** Lots that would be held of a side at worst: all its open orders filled, none of the other. */
  #side(strategy: number, market: number, side: Side): number {
    return (1 - 2 * side) * this.#position(strategy, market) + this.#open(strategy, market, side);
  }

  #position(strategy: number, market: number): number {
    return this.#ofLanes(strategy, (lane) => this.#exposure.positions[lane], market);
  }

  #open(strategy: number, market: number, side: Side): number {
    const table = this.#desk?.table;
    if (table === undefined) return 0;
    return this.#ofLanes(strategy, (lane) => table.laneDoubles[(lane << 4) | (OPEN_LOTS + side)], market);
  }

  #ofLanes(strategy: number, of: (lane: number) => number, market: number): number {
    const count = this.#markets.length;
    if (strategy >= 0) return of(strategy * count + market);
    let sum = 0;
    for (let each = 0; each < this.#strategies; each++) sum += of(each * count + market);
    return sum;
  }
}

/** Nothing is worth nothing, at a price that is not known too. */
function times(lots: number, each: number): number {
  return lots === 0 ? 0 : lots * each;
}

/**
 * How much an order may be worth so that no limit on positions, exposures, volumes, turnovers, margin can refuse it: the least of what
 * is left of all of them, for a side of a lane. It is worked out when something has changed that can make it less (`Exposure.version`),
 * and is never too much: prices may move within `BAND` and orders worth no more than it may be added before it is worked out again.
 *
 * What an order adds to any sum is at most its value, so that one number serves all limits. An order that needs more is
 * compared with each limit (`OrderChecks`).
 */
import { Side } from '../market/side.ts';
import type { Account } from './account.ts';
import { BAND, BasePart, LanePart, MarketPart, RowPart, TotalPart } from './exposure-layout.ts';
import type { Exposure } from './exposure.ts';
import { AllCap, Cap, type LimitCaps, RowCap } from './limit-caps.ts';
import type { RiskMarket } from './risk-market.ts';

const { POSITION, OPEN, WORST, GROSS, BASE_WORST, EQUITY, LOT_BASE, LOT_EQUITY, LOT_HIGH, LOT_LOW, ORDER_VALUE } =
  MarketPart;
const { VERSION, ROOM, MOST_LOTS, MOST_VALUE, LOW_TICKS, HIGH_TICKS, LAST_UP, LAST_DOWN, AGE_NS } = LanePart;
const { LOW_MID, HIGH_MID, DUPLICATE_NS, DISTANCE, BOUND } = LanePart;
/** By how much of its gross value a sum may be off. Prices are within a band of the same width, values of both ends of it are apart. */
export const DRIFT = 2 * BAND;
/** Millionths that roundings may come to. */
const ROUNDING = 64;

export class Room {
  readonly #markets: readonly RiskMarket[];
  readonly #strategies: number;
  readonly #exposure: Exposure;
  readonly #account: Account;
  readonly #caps: LimitCaps;

  constructor(
    markets: readonly RiskMarket[],
    strategies: number,
    exposure: Exposure,
    account: Account,
    caps: LimitCaps,
  ) {
    this.#markets = markets;
    this.#strategies = strategies;
    this.#exposure = exposure;
    this.#account = account;
    this.#caps = caps;
  }

  /** Fills in what an order is compared with. */
  measure(strategy: number, market: number, side: Side): void {
    const exposure = this.#exposure;
    const { all, lanes: caps } = this.#caps;
    const lane = strategy * this.#markets.length + market;
    const cap = lane << 5;
    const parts = exposure.lanes;
    const at = (lane << 5) | (side << 4);
    parts[at | VERSION] = exposure.version;
    this.#measure(strategy, market, side, at);
    const low = exposure.lowTicks(market);
    const high = exposure.highTicks(market);
    parts[at | LOW_MID] = low;
    parts[at | HIGH_MID] = high;
    // While both sides are there the best ask is above the mid, and the best bid below.
    const up = side === Side.BUY ? Math.min(caps[cap | Cap.MID_UP], caps[cap | Cap.FAT_UP]) : caps[cap | Cap.MID_UP];
    const down =
      side === Side.SELL ? Math.max(caps[cap | Cap.MID_DOWN], caps[cap | Cap.FAT_DOWN]) : caps[cap | Cap.MID_DOWN];
    // Where a price or a rate is not known, no price is right.
    parts[at | HIGH_TICKS] = this.#isKnown(market) ? Math.min(low * up, Number.MAX_VALUE) : -Infinity;
    parts[at | LOW_TICKS] = Math.max(high * down, 0);
    parts[at | LAST_UP] = caps[cap | Cap.LAST_UP];
    parts[at | LAST_DOWN] = caps[cap | Cap.LAST_DOWN];
    const value = (caps[cap | Cap.ORDER_VALUE] - 1) / exposure.data[(market << 4) | ORDER_VALUE];
    const isInverse = exposure.isInverse[market] !== 0;
    const lots = Math.min(caps[cap | Cap.ORDER_LOTS], Number.MAX_SAFE_INTEGER);
    parts[at | MOST_LOTS] = isInverse ? Math.min(lots, value) : lots;
    parts[at | MOST_VALUE] = isInverse ? Infinity : value * (1 - 1e-9);
    parts[at | AGE_NS] = caps[cap | Cap.AGE_NS];
    parts[at | DUPLICATE_NS] = all[AllCap.DUPLICATE_NS];
    parts[at | DISTANCE] = all[AllCap.SELF_CROSS];
  }

  /** All prices and rates are known that an order's part needs, and those that have a part. */
  #isKnown(market: number): boolean {
    const { data, unknown } = this.#exposure;
    const { equity } = this.#account;
    const at = market << 4;
    const parts = data[at | LOT_BASE] + data[at | LOT_EQUITY];
    return data[at | LOT_LOW] > 0 && parts === parts && equity === equity && unknown === 0;
  }

  /**
   * ROOM, in millionths of the risk currency, less what orders have SPENT since each part was worked out; -1 = none. Each of the methods
   * that follow lowers it to what its limits leave, so that no number is handed over, which V8 would box.
   */
  #measure(strategy: number, market: number, side: Side, at: number): void {
    const exposure = this.#exposure;
    const { lanes: parts, rowsAt } = exposure;
    const { all, lanes: caps } = this.#caps;
    parts[at | ROOM] = Infinity;
    this.#lowerByMarket(strategy, market, side, at);
    this.#lowerByAll(market, side, at);
    this.#lowerByRow(rowsAt, side, at);
    if (caps[((strategy * this.#markets.length + market) << 5) | Cap.HAS_NARROW] !== 0) {
      this.#lowerByLane(strategy, market, side, at);
      this.#lowerByRow(exposure.venueAt[market], side, at);
      this.#lowerByRow(exposure.rowAt(exposure.strategyRow(strategy)), side, at);
    }
    // What is added drifts too.
    const room = parts[at | ROOM] / (1 + 2 * DRIFT) - ROUNDING;
    // Orders that pay with a currency are added up by `OrderChecks`.
    const pays = all[AllCap.BALANCE] > -Infinity && this.#markets[market].instrument.contract === 'spot';
    parts[at | ROOM] = room >= 0 && !pays ? room : -1;
  }

  /** Limits of the instrument. */
  #lowerByMarket(strategy: number, market: number, side: Side, room: number): void {
    const exposure = this.#exposure;
    const { data, lanes } = exposure;
    const caps = this.#caps.lanes;
    const cap = (strategy * this.#markets.length + market) << 5;
    const at = market << 4;
    const open = data[at | OPEN] + data[at | (OPEN + 1)];
    const worst = (1 - 2 * side) * data[at | POSITION] + data[at | (OPEN + side)];
    const traded = this.#account.volumes[this.#strategies * this.#markets.length + market];
    const lots = Math.min(caps[cap | Cap.POSITION] - worst, caps[cap | Cap.VOLUME] - traded - open);
    const gross = data[at | GROSS];
    // So that sums stay exact.
    const parts = gross + Math.max(data[at | BASE_WORST], data[at | (BASE_WORST + 1)]) + Math.abs(data[at | EQUITY]);
    const exact = (exposure.most - (1 + DRIFT) * parts) / (data[at | LOT_HIGH] + data[at | LOT_BASE]);
    lanes[room | ROOM] = Math.min(
      lanes[room | ROOM],
      Math.min(lots, exact) * data[at | LOT_LOW],
      caps[cap | Cap.NOTIONAL] - data[at | (WORST + side)] - DRIFT * gross,
    );
  }

  /** Portfolio, leverage, base currency. */
  #lowerByAll(market: number, side: Side, at: number): void {
    const exposure = this.#exposure;
    const { data, lanes, rowsAt, totalsAt } = exposure;
    const { all } = this.#caps;
    const gross = data[rowsAt + RowPart.GROSS];
    const drift = DRIFT * gross;
    let room = Math.min(lanes[at | ROOM], all[AllCap.PORTFOLIO] - data[totalsAt + TotalPart.PORTFOLIO] - drift);
    const leverage = all[AllCap.LEVERAGE];
    if (leverage < Infinity) room = Math.min(room, leverage * (this.#account.equity - drift) - gross - drift);
    if (all[AllCap.BASE] < Infinity) {
      const base = exposure.baseAt[market];
      // The most of it that any order gives for its value.
      let parts = 0;
      for (let other = 0; other < this.#markets.length; other++) {
        const low = data[(other << 4) | LOT_LOW];
        if (exposure.baseAt[other] === base && low > 0) parts = Math.max(parts, data[(other << 4) | LOT_BASE] / low);
      }
      room = Math.min(room, (all[AllCap.BASE] - data[base + BasePart.UNITS + side]) / parts);
    }
    lanes[at | ROOM] = room;
  }

  /** Of the strategy's own part of the instrument, and the instrument's turnover. */
  #lowerByLane(strategy: number, market: number, side: Side, room: number): void {
    const exposure = this.#exposure;
    const { data, lanes: parts, positions } = exposure;
    const account = this.#account;
    const caps = this.#caps.lanes;
    const lane = strategy * this.#markets.length + market;
    const cap = lane << 5;
    const at = market << 4;
    const own = (1 - 2 * side) * positions[lane] + parts[(lane << 5) | (side << 4) | BOUND];
    const open = parts[(lane << 5) | BOUND] + parts[(lane << 5) | 16 | BOUND];
    const lots = Math.min(
      caps[cap | Cap.OWN_POSITION] - own,
      caps[cap | Cap.OWN_VOLUME] - account.volumes[lane] - open,
    );
    const most = Math.max(own * data[at | LOT_HIGH], own * data[at | LOT_LOW]);
    const inMarket = account.turnovers[account.turnoverOf(market)] + data[at | WORST] + data[at | (WORST + 1)];
    parts[room | ROOM] = Math.min(
      parts[room | ROOM],
      lots * data[at | LOT_LOW],
      caps[cap | Cap.OWN_NOTIONAL] - most,
      caps[cap | Cap.TURNOVER] - inMarket - 2 * DRIFT * data[at | GROSS],
    );
  }

  /** Net and gross exposure and turnover of a scope. */
  #lowerByRow(row: number, side: Side, at: number): void {
    const { data, lanes, rowsAt } = this.#exposure;
    const { rows } = this.#caps;
    const cap = row - rowsAt;
    const gross = data[row + RowPart.GROSS];
    const drift = DRIFT * gross;
    const traded = this.#account.turnovers[cap >> 2] + data[row] + data[row + 1];
    lanes[at | ROOM] = Math.min(
      lanes[at | ROOM],
      rows[cap | RowCap.NET] - data[row + side] - drift,
      rows[cap | RowCap.GROSS] - gross - drift,
      rows[cap | RowCap.TURNOVER] - traded - 2 * drift,
    );
  }
}

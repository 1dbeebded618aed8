/** What is recorded of one market: the parts, put together. */
import { PPB } from '../market/fees.ts';
import type { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import type { Fill } from '../strategies/strategy.ts';
import type { LedgerPlan } from '../trading/ledger-plan.ts';
import { Attribution } from './attribution.ts';
import { Inventory } from './inventory.ts';
import { LogHistogram } from './log-histogram.ts';
import { MarkoutStats } from './markout-stats.ts';
import type { OrderSink } from './order-rows.ts';
import { OrderTracker } from './order-tracker.ts';
import { RoundTrips } from './round-trips.ts';
import { SettlementValue } from './settlement-value.ts';
import { Touch, TouchTracker } from './touch-tracker.ts';

export class MarketRecord {
  readonly instrument: Instrument;
  readonly value: SettlementValue;
  readonly touch = new TouchTracker();
  readonly inventory = new Inventory();
  readonly trips: RoundTrips;
  readonly orders: OrderTracker;
  readonly markouts: MarkoutStats;
  readonly attribution: Attribution;
  /** Market data, venue to us, nanoseconds. */
  readonly feedLatency = new LogHistogram();

  fills = 0;
  makerFills = 0;
  lots = 0;
  makerLots = 0;
  /** Settlement currency. Fees at positive rates, and at negative ones as income. */
  notional = 0;
  feesPaid = 0;
  rebates = 0;
  /** Σ lots × distance of maker fills from the mid in our favour, ticks. */
  makerSpread = 0;

  constructor(
    index: number,
    instrument: Instrument,
    plan: LedgerPlan,
    horizons: number,
    orderSink: OrderSink | undefined,
  ) {
    this.instrument = instrument;
    this.value = new SettlementValue(instrument);
    this.trips = new RoundTrips(this.value, instrument.contract === 'inverse');
    this.orders = new OrderTracker(index, this.value, orderSink);
    this.markouts = new MarkoutStats(horizons);
    this.attribution = new Attribution(plan, index);
  }

  /** Twice the mid that holds; NaN before the first. */
  get mid2(): number {
    return this.touch.words[Touch.MID2];
  }

  start(nowNs: number): void {
    this.touch.start(nowNs);
    this.inventory.start(nowNs);
  }

  /** Counts time until now. */
  settle(nowNs: number): void {
    this.touch.settle(nowNs);
    this.inventory.settle(nowNs);
  }

  /** Books a fill; answers twice the mid just before it. */
  fill(fill: Fill, nowNs: number, feePpb: number): number {
    const { touch } = this;
    const lots = fill.sizeLots;
    const sign = fill.side === Side.BUY ? 1 : -1;
    // Without a market to compare with, the fill's own price is the mid until there is one.
    if (Number.isNaN(touch.words[Touch.MID2])) touch.words[Touch.MID2] = 2 * fill.priceTicks;
    const mid2 = touch.mid2Before(fill.venueNs);
    // A spread may trade below zero; its fee is on the size of its value.
    const notional = Math.abs(this.value.notional(lots, fill.priceTicks));
    const fee = (notional * feePpb) / PPB;
    this.fills++;
    this.lots += lots;
    this.notional += notional;
    if (fee > 0) this.feesPaid += fee;
    else this.rebates -= fee;
    if (fill.isMaker) {
      this.makerFills++;
      this.makerLots += lots;
      this.makerSpread += lots * sign * (mid2 / 2 - fill.priceTicks);
    }
    this.attribution.fill(sign * lots, fill.priceTicks, mid2);
    this.inventory.fill(sign * lots, nowNs);
    this.trips.fill(sign * lots, fill.priceTicks, fee);
    this.orders.fill(fill, nowNs, fee);
    return mid2;
  }
}

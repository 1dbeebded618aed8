/**
 * Records what a strategy did, for its summary, its report and its CSV files: one recorder per strategy, in constant memory
 * (but for open orders and fills that wait for their markouts).
 *
 * Conventions. Times are local unless said otherwise. A mid holds until the next two-sided, uncrossed book. What falls due at
 * a time (a sample, a markout) is taken at the first event at or after it, before the event counts: mids and positions change
 * at events only, so that is the state at that time. The mid of a fill is the one just before it at the venue, by venue
 * times (the report may come after the mid has moved); its markouts count from when we knew of it.
 *
 * The recorder keeps a ledger of its own, with every fee in the settlement currency at its value there, so that equity,
 * drawdown and the attribution are in one currency per account whatever a venue takes its fees in.
 */
import { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import type { Observer } from '../strategies/observer.ts';
import type { Fill, Market, Order } from '../strategies/strategy.ts';
import { planLedger } from '../trading/ledger-plan.ts';
import { Ledger } from '../trading/ledger.ts';
import { Drawdown } from './drawdown.ts';
import { EquitySamples } from './equity-samples.ts';
import { FillQueue } from './fill-queue.ts';
import { FillField, type FillSink } from './fill-rows.ts';
import type { LogHistogram } from './log-histogram.ts';
import { MarketRecord } from './market-record.ts';
import type { OrderSink } from './order-rows.ts';
import { Touch } from './touch-tracker.ts';

export interface RecorderOptions {
  /** The run's, in the order of `Market.index`. */
  readonly instruments: readonly Instrument[];
  /** Equity at the start by settlement currency. Figures that need it are null for a currency that is not named. */
  readonly capital?: Readonly<Record<string, number>>;
  /** Interval of equity samples, nanoseconds (default 1 s). It doubles, and every other sample goes, when there are too many. */
  readonly sampleNs?: number;
  /** Most samples that are kept (default 65,536). */
  readonly maxSamples?: number;
  /** Horizons of the markouts, nanoseconds, rising (default 100 ms, 1 s, 10 s, 60 s). */
  readonly horizonsNs?: readonly number[];
  /** Index of the one that parts adverse selection from inventory (default 1: 1 s). */
  readonly attributionHorizon?: number;
  /** Called with each fill once its last markout is known (at the latest by `finish`), in the order of fills. */
  readonly onFillRow?: FillSink;
  /** Called with each order at its end (or by `finish`). */
  readonly onOrderRow?: OrderSink;
}

/** The markets that settle in one currency. */
export interface AccountRecord {
  readonly currency: string;
  /** NaN when it was not given. */
  readonly capital: number;
  /** Indices of `SessionRecorder.markets`. */
  readonly markets: readonly number[];
  /** Of the equity at every sample, also those that were dropped later, and at the end; times in nanoseconds. */
  readonly drawdown: Drawdown;
}

const { NOW_NS, VENUE_NS: TOUCH_VENUE_NS, BID_TICKS, ASK_TICKS } = Touch;
const {
  LOCAL_NS,
  VENUE_NS,
  MARKET,
  ORDER_ID,
  SIDE,
  PRICE_TICKS,
  SIZE_LOTS,
  IS_MAKER,
  FEE_PPB,
  MID_TICKS,
  POSITION_LOTS,
  DECISION_MID_TICKS,
  MARKOUT_MID_TICKS,
} = FillField;

export class SessionRecorder implements Observer {
  /** Equity, position and mid at a fixed interval. */
  readonly samples: EquitySamples;
  readonly markets: readonly MarketRecord[];
  /** The first is that of the first market. */
  readonly accounts: readonly AccountRecord[];
  readonly horizonsNs: readonly number[];
  readonly attributionHorizon: number;
  /** Times of the first and the last event; NaN before the first. */
  startNs = Number.NaN;
  endNs = Number.NaN;
  /** Books every fill and funding, see above. */
  readonly ledger: Ledger;
  readonly #queue: FillQueue;
  /** Of the markets, at hand for the book path. */
  readonly #touches: readonly Float64Array[];
  readonly #feedLatencies: readonly LogHistogram[];
  readonly #onFillRow: FillSink | undefined;
  /** Entry 0: when something falls due next. An array, so that it is not boxed. */
  readonly #due = Float64Array.of(Number.NEGATIVE_INFINITY);

  /** @throws RangeError that names the option. */
  constructor(options: RecorderOptions) {
    const { capital = {}, horizonsNs = [1e8, 1e9, 1e10, 6e10], attributionHorizon = 1 } = options;
    if (!(attributionHorizon >= 0 && attributionHorizon < horizonsNs.length && Number.isInteger(attributionHorizon))) {
      throw new RangeError(`attributionHorizon ${attributionHorizon} is not an index of ${horizonsNs.length} horizons`);
    }
    const instruments = options.instruments.map(withFeesInSettlement);
    const plan = planLedger(instruments, {});
    this.ledger = new Ledger(instruments);
    this.horizonsNs = horizonsNs;
    this.attributionHorizon = attributionHorizon;
    this.markets = options.instruments.map(
      (instrument, i) => new MarketRecord(i, instrument, plan, horizonsNs.length, options.onOrderRow),
    );
    this.#touches = this.markets.map((market) => market.touch.words);
    this.#feedLatencies = this.markets.map((market) => market.feedLatency);
    const settlements = instruments.map((_, i) => this.ledger.settlement(i));
    this.accounts = [...new Set(settlements)].map((currency) => ({
      currency,
      capital: capital[currency] ?? Number.NaN,
      markets: settlements.flatMap((settlement, i) => (settlement === currency ? [i] : [])),
      drawdown: new Drawdown(),
    }));
    for (const [currency, amount] of Object.entries(capital)) {
      if (!settlements.includes(currency)) {
        throw new RangeError(`capital: nothing settles in '${currency}' (but in ${settlements.join(', ')})`);
      }
      if (!(amount > 0 && amount < Number.POSITIVE_INFINITY)) {
        throw new RangeError(`capital of ${currency} ${amount} is not a positive amount`);
      }
    }
    this.samples = new EquitySamples(
      this.accounts.length,
      instruments.length,
      options.sampleNs ?? 1e9,
      options.maxSamples ?? 65_536,
    );
    this.#queue = new FillQueue(horizonsNs);
    this.#onFillRow = options.onFillRow;
  }

  /** The venue's time of the message, when it has one, is for feed latency and the mid before a fill. */
  onBook(market: Market): void {
    const nowNs = market.receivedNs;
    const venueNs = market.venueNs;
    if (nowNs >= this.#due[0]) this.#pass(nowNs);
    const { index } = market;
    const words = this.#touches[index];
    const bid = market.bidTicks;
    const ask = market.askTicks;
    if (bid !== words[BID_TICKS] || ask !== words[ASK_TICKS]) {
      words[NOW_NS] = nowNs;
      words[TOUCH_VENUE_NS] = venueNs;
      words[BID_TICKS] = bid;
      words[ASK_TICKS] = ask;
      this.markets[index].touch.changed();
    }
    if (venueNs === venueNs) this.#feedLatencies[index].add(nowNs - venueNs, 1);
  }

  onFill(market: Market, fill: Fill, nowNs: number, feePpb: number): void {
    if (nowNs >= this.#due[0]) this.#pass(nowNs);
    const { index } = market;
    const record = this.markets[index];
    // What the ledger cannot book (`ledger.refused`) is in no figure.
    if (!this.ledger.fill(index, fill.side, fill.priceTicks, fill.sizeLots, feePpb)) return;
    const decisionMid = record.orders.decisionMid(fill.orderId);
    const mid2 = record.fill(fill, nowNs, feePpb);
    const queue = this.#queue;
    const at = queue.push();
    const { data } = queue;
    data[at + LOCAL_NS] = nowNs;
    data[at + VENUE_NS] = fill.venueNs;
    data[at + MARKET] = index;
    data[at + ORDER_ID] = fill.orderId;
    data[at + SIDE] = fill.side;
    data[at + PRICE_TICKS] = fill.priceTicks;
    data[at + SIZE_LOTS] = fill.sizeLots;
    data[at + IS_MAKER] = fill.isMaker ? 1 : 0;
    data[at + FEE_PPB] = feePpb;
    data[at + MID_TICKS] = mid2 / 2;
    data[at + POSITION_LOTS] = record.inventory.positionLots;
    data[at + DECISION_MID_TICKS] = decisionMid;
    queue.arm();
    this.#arm();
  }

  onOrder(market: Market, order: Order, nowNs: number, venueNs: number): void {
    if (nowNs >= this.#due[0]) this.#pass(nowNs);
    const record = this.markets[market.index];
    if (record.orders.order(order, nowNs, venueNs, record.mid2 / 2)) {
      record.touch.setOwnBest(order.side, record.orders.bestPrice(order.side), nowNs);
    }
  }

  onRequest(market: Market, kind: number, order: Order, nowNs: number): void {
    if (nowNs >= this.#due[0]) this.#pass(nowNs);
    this.markets[market.index].orders.request(market, kind, order, nowNs);
  }

  onFunding(market: Market, ratePpb: number, markTicks: number, nowNs: number): void {
    if (nowNs >= this.#due[0]) this.#pass(nowNs);
    this.ledger.funding(market.index, ratePpb, markTicks);
  }

  /** Counts time until now, for a summary in the middle of a session. */
  settle(nowNs: number): void {
    this.#pass(nowNs);
    if (!(nowNs >= this.startNs)) return;
    this.endNs = nowNs;
    for (const record of this.markets) record.settle(nowNs);
    this.#draw(nowNs);
  }

  /** The session is over: time counts until now, open orders and fills without all markouts are handed out. Call it once. */
  finish(nowNs: number): void {
    this.settle(nowNs);
    for (const record of this.markets) record.orders.finish(nowNs, record.mid2 / 2);
    for (let at = this.#queue.shift(true); at >= 0; at = this.#queue.shift(true)) {
      this.#onFillRow?.(this.#queue.data, at);
    }
  }

  /** Equity of an account at the mids that hold, as a float; without capital given, from 0. */
  equity(account: number): number {
    const { markets, capital } = this.accounts[account];
    const { ledger } = this;
    let equity = Number.isNaN(capital) ? 0 : capital;
    for (const i of markets) {
      ledger.mark(i, this.markets[i].mid2 / 2);
      equity += ledger.realised(i) + ledger.unrealised(i) - ledger.fees(i) - ledger.fundingPaid(i);
    }
    return equity;
  }

  /** Does what is due by now. */
  #pass(nowNs: number): void {
    if (!(nowNs < Number.POSITIVE_INFINITY)) return;
    if (Number.isNaN(this.startNs)) {
      this.startNs = nowNs;
      this.samples.startNs = nowNs;
      for (const record of this.markets) record.start(nowNs);
    }
    this.#markouts(nowNs);
    const { samples } = this;
    while (samples.nextNs <= nowNs) this.#sample();
    this.#arm();
  }

  #arm(): void {
    this.#due[0] = Math.min(this.samples.nextNs, this.#queue.nextNs);
  }

  #markouts(nowNs: number): void {
    const queue = this.#queue;
    if (!(queue.nextNs <= nowNs)) return;
    const { data } = queue;
    for (let horizon = 0; horizon < this.horizonsNs.length; horizon++) {
      for (let at = queue.due(horizon, nowNs); at >= 0; at = queue.due(horizon, nowNs)) {
        const record = this.markets[data[at + MARKET]];
        const { mid2 } = record;
        const sign = data[at + SIDE] === Side.BUY ? 1 : -1;
        const lots = data[at + SIZE_LOTS];
        const mid = data[at + MID_TICKS];
        data[at + MARKOUT_MID_TICKS + horizon] = mid2 / 2;
        record.markouts.add(horizon, data[at + IS_MAKER], sign, lots, data[at + PRICE_TICKS], mid, mid2 / 2);
        if (horizon === this.attributionHorizon) record.attribution.horizon(sign * lots, 2 * mid, mid2);
      }
    }
    for (let at = queue.shift(false); at >= 0; at = queue.shift(false)) this.#onFillRow?.(data, at);
    queue.arm();
  }

  #sample(): void {
    const { samples } = this;
    const ns = samples.nextNs;
    const at = samples.push();
    const { rows } = samples;
    for (let account = 0; account < this.accounts.length; account++) {
      const equity = this.equity(account);
      rows[at + account] = equity;
      this.accounts[account].drawdown.add(ns, equity);
    }
    let to = at + this.accounts.length;
    for (const record of this.markets) {
      rows[to++] = record.inventory.positionLots;
      rows[to++] = record.mid2 / 2;
    }
  }

  #draw(nowNs: number): void {
    for (let account = 0; account < this.accounts.length; account++) {
      this.accounts[account].drawdown.add(nowNs, this.equity(account));
    }
  }
}

/** The same instrument, its fees taken in the settlement currency. */
function withFeesInSettlement(instrument: Instrument): Instrument {
  const { fees: _fees, ...spec } = instrument.spec;
  return new Instrument(spec);
}

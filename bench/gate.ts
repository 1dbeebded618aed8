/**
 * The pre-trade gate alone, every check on: ten instruments with six open orders on each side, of two strategies; before each order the
 * book of some instrument changes. An approved order raises the open lots of its lane as the desk does, and ends 256 orders later, so
 * that what it costs the next checks is part of the figure. `books`: the mid stays where it is, as with most of what a feed tells;
 * `mids`: each change moves a mid; `held`: that too, with positions, so that equity moves; `answered`: the orders that end are
 * answered, each before the next order; `narrow`: limits of venues, instruments and strategies are set too. Market time moves on by
 * 10 ms with each order, so that few orders of a lane are within the window of duplicates.
 *
 * `loop` is the same without the question: books change, orders begin and end. What the gate costs is the difference. Percentiles are of
 * batches of 100, divided; the least is what the code takes when nothing else runs on the machine.
 */
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { type LimitSettings, Limits } from '@quotewright/core/risk/limits';
import { AlertDesk } from '@quotewright/core/risk/alert-desk';
import { Breaker } from '@quotewright/core/risk/breaker';
import { RiskGate } from '@quotewright/core/risk/gate';
import type { RiskMarket } from '@quotewright/core/risk/risk-market';
import { MessageBudget } from '@quotewright/core/trading/message-budget';
import { OrderDesk } from '@quotewright/core/trading/order-desk';
import { REFUSAL_TEXT } from '@quotewright/core/trading/refusal';
import { RiskState } from '@quotewright/core/trading/risk-state';
import { type Histogram, build } from 'hdr-histogram-js';

const MARKETS = 10;
const STRATEGIES = 2;
const BATCH = 100;
const MID = 600_000;
/** Orders that are open beside those that rest. */
const OPEN = 256;

/** As the engine's, with a touch that moves. */
class BenchMarket implements RiskMarket {
  readonly index: number;
  readonly instrument: Instrument;
  bidTicks = MID - 0.5;
  askTicks = MID + 0.5;
  lastMidTicks = MID + 0.25;
  lastTradeTicks = MID + 0.25;
  receivedNs = 0.5;
  venueNs = 0.5;
  isReady = true;
  isConnected = true;

  constructor(index: number) {
    this.index = index;
    this.instrument = new Instrument({
      venue: `venue${index % 2}`,
      symbol: `COIN${index}USDT`,
      base: `COIN${index}`,
      quote: 'USDT',
      tick: '0.1',
      lot: '0.001',
      contract: 'linear',
    });
  }

  move(ticks: number, clock: Float64Array): void {
    this.bidTicks = MID + ticks;
    this.askTicks = MID + 1 + ticks;
    this.lastMidTicks = MID + 0.5 + ticks;
    this.receivedNs = clock[0]!;
  }
}

/** Narrow scopes are compared apart: a run has them on, and one has the global limits only. */
const WIDE: LimitSettings = { global: { max_orders_per_second: 1e9, max_order_burst: 1e9, min_balance: 0 } };
const NARROW: LimitSettings = {
  ...WIDE,
  venues: { venue0: { max_gross_exposure: 1e6, max_net_exposure: 4e5 } },
  instruments: { COIN3USDT: { max_position_size: 5, max_daily_turnover: 1e6 } },
  strategies: { 0: { daily_loss_limit: 5000, max_position_size: 5, max_net_exposure: 4e5, max_daily_volume: 50 } },
};

interface Case {
  readonly limits: LimitSettings;
  readonly sizeLots?: number;
  readonly state?: RiskState;
  readonly movesMids?: boolean;
  readonly isHeld?: boolean;
  readonly isAnswered?: boolean;
}

export function benchGate(): unknown {
  const low = { ...NARROW, global: { ...WIDE.global, max_net_exposure: 4.5 } };
  return {
    approvedBooks: measure({ limits: WIDE }),
    approvedMids: measure({ limits: WIDE, movesMids: true }),
    approvedHeld: measure({ limits: WIDE, movesMids: true, isHeld: true }),
    approvedAnswered: measure({ limits: WIDE, isAnswered: true }),
    approvedNarrowBooks: measure({ limits: NARROW }),
    approvedNarrowMids: measure({ limits: NARROW, movesMids: true }),
    refusedReducing: measure({ limits: NARROW, state: RiskState.REDUCING }),
    refusedOrderSize: measure({ limits: NARROW, sizeLots: 1001 }),
    refusedNetExposure: measure({ limits: low, sizeLots: 1 }),
  };
}

function measure(given: Case): unknown {
  const { sizeLots = 10, state = RiskState.ACTIVE, movesMids = false, isHeld = false, isAnswered = false } = given;
  const markets = Array.from({ length: MARKETS }, (_, index) => new BenchMarket(index));
  const venueOf = markets.map(({ index }) => index % 2);
  const limits = new Limits(given.limits, markets, venueOf, STRATEGIES);
  const alerts = new AlertDesk();
  const gate = new RiskGate({
    markets,
    venueOf,
    strategies: STRATEGIES,
    limits,
    breaker: new Breaker(markets, alerts),
    alerts,
    settings: { capital: { USDT: 1e6 } },
    budgets: [0, 1].map(() => new MessageBudget({ perSecond: 1e9, burst: 1_000_000 })),
  });
  const desk = new OrderDesk({ strategies: STRATEGIES, venueOfMarket: venueOf });
  gate.attach(desk);
  // Own orders on both sides, away from where the orders of the measurement are.
  for (const { index } of markets) {
    for (let i = 1; i <= 3; i++) {
      for (let strategy = 0; strategy < STRATEGIES; strategy++) {
        desk.place(strategy, index, Side.BUY, MID - 200 - i, 1, 0, 0);
        desk.place(strategy, index, Side.SELL, MID + 200 + i, 1, 0, 0);
      }
    }
  }
  desk.outbox.clear();
  gate.state = state;
  if (isHeld) {
    const execution = new Float64Array(EVENT_STRIDE);
    execution[Field.PRICE_TICKS] = MID;
    execution[Field.SIZE_LOTS] = 100;
    for (const { index } of markets) gate.fill(index % 2, index, index % 3 === 0 ? Side.SELL : Side.BUY, execution, 0);
  }

  // The terms of 1,024 orders, so that nothing is worked out between them.
  const count = 1024;
  const pick = Int32Array.from({ length: count }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 22);
  const codes = new Map<number, number>();
  const { terms, refused } = gate;
  // In an array, so that no time is boxed.
  const clock = Float64Array.of(1e9);
  // Where the open lots of the last orders are, and how many.
  const { laneDoubles } = desk.table;
  const openAt = new Int32Array(OPEN);
  const openLots = new Float64Array(OPEN);
  let next = 0;
  const run = (orders: number, asks: boolean): number => {
    let sum = 0;
    for (let i = 0; i < orders; i++) {
      const random = pick[i & (count - 1)]!;
      clock[0]! += 1e7;
      const changed = markets[random % MARKETS]!;
      changed.move(movesMids ? (random & 31) - 16 : 0, clock);
      gate.touchPrice(changed.index);
      laneDoubles[openAt[next]!]! -= openLots[next]!;
      if (isAnswered) gate.touch((openAt[next]! >> 4) % MARKETS);
      const side = (random >> 5) & 1 ? Side.BUY : Side.SELL;
      const strategy = random & 1;
      const market = (random >> 1) % MARKETS;
      terms[0] = MID + (side === Side.BUY ? -20 : 20);
      terms[1] = sizeLots;
      terms[2] = clock[0]!;
      const code = asks ? gate.check(strategy, market, side, 0, -1) : 0;
      openAt[next] = ((strategy * MARKETS + market) << 4) | side;
      openLots[next] = code === 0 && asks ? sizeLots : 0;
      laneDoubles[openAt[next]!]! += openLots[next]!;
      next = (next + 1) & (OPEN - 1);
      sum += code;
      refused.clear();
    }
    return sum;
  };
  run(1_000_000, false);
  const loop = histogram();
  batch(loop, () => run(BATCH, false));
  run(2_000_000, true);
  for (let i = 0; i < 1000; i++) {
    const code = run(1, true);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }

  const all = histogram();
  batch(all, () => run(BATCH, true));
  const single = histogram();
  for (let i = 0; i < 200_000; i++) {
    const start = performance.now();
    run(1, true);
    single.recordValue(Math.round((performance.now() - start) * 1e6));
  }
  const before = process.memoryUsage().heapUsed;
  run(1_000_000, true);
  const allocated = process.memoryUsage().heapUsed - before;
  return {
    answers: Object.fromEntries(
      [...codes].map(([code, times]) => [code === 0 ? 'approved' : REFUSAL_TEXT[code]!, times]),
    ),
    gateNs: {
      least: all.minNonZeroValue - loop.minNonZeroValue,
      p50: all.getValueAtPercentile(50) - loop.getValueAtPercentile(50),
    },
    loopNs: told(loop),
    bothNs: told(all),
    oneWithClockNs: told(single),
    bytesPerOrder: Math.max(0, allocated) / 1e6,
  };
}

function histogram(): Histogram {
  return build({ bitBucketSize: 32, lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 });
}

function batch(into: Histogram, work: () => void): void {
  for (let i = 0; i < 50_000; i++) {
    const start = performance.now();
    work();
    into.recordValue(Math.round(((performance.now() - start) * 1e6) / BATCH));
  }
}

function told(times: Histogram): unknown {
  return {
    least: times.minNonZeroValue,
    p50: times.getValueAtPercentile(50),
    p99: times.getValueAtPercentile(99),
    'p99.9': times.getValueAtPercentile(99.9),
  };
}

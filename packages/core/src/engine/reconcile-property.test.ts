import { describe, expect, it } from 'vitest';
import { EVENT_STRIDE } from '../market/event.ts';
import { OrderState } from '../trading/order-state.ts';
import { AccountTracker, TrackedVenue } from '../venue-sim/account-tracker.ts';
import { DelayLatency } from '../venue-sim/latency.ts';
import { LivingMarket } from '../venue-sim/living/living-market.ts';
import { Participant } from '../venue-sim/living/order-table.ts';
import { DEFAULT_PARAMS } from '../venue-sim/living/params.ts';
import { type Lies, LyingVenue } from '../venue-sim/lying-venue.ts';
import { Engine } from './engine.ts';
import { LivingSession } from './living-session.ts';
import { Mark } from './local-market.ts';
import { type ReconcileOptions, Reconciler, differenceTable } from './reconcile.ts';
import { randomTrader } from './testing/random-trader.ts';
import { LINEAR, SPOT } from './testing/session-kit.ts';

const SECOND = 1e9;
const CASH = { USDT: '100000', EUR: '100000' };
const INSTRUMENTS = [LINEAR, SPOT];
const GRACE_NS = 0.5 * SECOND;
const LATE_NS = SECOND;

const EVERY_LIE: Lies = {
  requestLost: 0.02,
  requestTwice: 0.02,
  requestLate: 0.03,
  requestRefused: 0.03,
  orderDenied: 0.02,
  reportLost: 0.02,
  reportTwice: 0.03,
  reportLate: 0.05,
  wrongList: 0.5,
  lateNs: LATE_NS,
};

class Recorded {
  data = new Float64Array(1 << 16);
  length = 0;

  append(data: Float64Array, offset: number): void {
    if (this.length === this.data.length) {
      const grown = new Float64Array(this.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data.set(data.subarray(offset, offset + EVENT_STRIDE), this.length);
    this.length += EVENT_STRIDE;
  }
}

const strategiesOf = (seed: number): number => (seed % 3 === 0 ? 1 : 2);

function makeEngine(seed: number, journal?: Recorded): Engine {
  return new Engine({
    instruments: INSTRUMENTS,
    isL3: [false, false],
    venueOf: [0, 0],
    strategies: Array.from({ length: strategiesOf(seed) }, (_, index) => ({
      definition: randomTrader(`trader ${index}`),
      params: {},
      observers: [],
    })),
    seed,
    mark: Mark.MID,
    ledger: { cash: CASH },
    ackTimeoutNs: 0.2 * SECOND,
    ...(journal === undefined ? {} : { journal }),
  });
}

function lyingSession(seed: number, lies: Lies) {
  const market = new LivingMarket(
    INSTRUMENTS.map((instrument) => ({ instrument, params: DEFAULT_PARAMS })),
    seed,
  );
  const truth = new TrackedVenue(market, new AccountTracker(INSTRUMENTS, { cash: timesCash(strategiesOf(seed)) }));
  const venue = new LyingVenue(truth, lies, seed);
  const journal = new Recorded();
  const engine = makeEngine(seed, journal);
  const latency = new DelayLatency({ request: 1e6, report: 1e6, marketData: 1e6 }, seed);
  const session = new LivingSession(engine, venue, latency);
  return { market, truth, venue, journal, engine, session };
}

const timesCash = (n: number) => ({ USDT: `${n}00000`, EUR: `${n}00000` });

type Lying = ReturnType<typeof lyingSession>;

/** The connection goes for a while, comes back, and the venue is asked until what it says is settled. */
function reconnect(all: Lying, nowNs: number, options: ReconcileOptions) {
  const { market, venue, engine, session } = all;
  venue.setUp(false);
  for (const index of INSTRUMENTS.keys()) engine.connection(index, false, nowNs);
  // What was under way arrives or is lost.
  session.run(nowNs + LATE_NS + SECOND);
  venue.setUp(true);
  market.subscribe(nowNs + LATE_NS + SECOND);
  const reconciler = new Reconciler(engine, { graceNs: GRACE_NS, ...options });
  let atNs = nowNs + LATE_NS + SECOND;
  for (let i = 0; i < 20 && !reconciler.isSettled; i++) {
    reconciler.answer(venue.account(Number.NEGATIVE_INFINITY), atNs);
    atNs += GRACE_NS;
    session.run(atNs);
  }
  const report = reconciler.conclude(atNs);
  const faults = faultsOf(all);
  for (const index of INSTRUMENTS.keys()) engine.connection(index, true, atNs);
  return { report, faults, atNs };
}

/** Everything the venue says is what the engine holds. */
function faultsOf({ market: venue, truth, engine }: Lying): string[] {
  const { orders, executions, positionLots, balances = {} } = truth.account(Number.NEGATIVE_INFINITY);
  const { desk, seats } = engine;
  const faults: string[] = [];
  for (const [market, lots] of positionLots.entries()) {
    const traded = venue.positions(market)[Participant.OWN];
    if (traded !== lots) faults.push(`position ${market}: the tracker has ${lots}, the book ${traded}`);
    if (engine.portfolioLots(market) !== lots)
      faults.push(`position ${market}: ${engine.portfolioLots(market)}, ${lots}`);
  }
  const booked = seats.reduce((sum, { fills }) => sum + fills, 0);
  if (booked !== executions.length) faults.push(`${booked} fills of ${executions.length} executions`);
  const euro = seats.reduce((sum, { ledger }) => sum + Number(ledger.cashText('EUR')), 0);
  if (Math.abs(euro - Number(balances['EUR'])) > 1e-6) faults.push(`balance EUR: ${euro}, ${balances['EUR']}`);
  const open = new Set(orders.map(({ orderId }) => orderId));
  for (const { orderId } of orders) {
    const slot = desk.slotAtVenue(orderId);
    if (slot < 0 || desk.stateAt(slot) >= OrderState.FILLED) faults.push(`order ${orderId} is not tracked`);
  }
  for (const { index } of seats) {
    for (const market of INSTRUMENTS.keys()) {
      for (let slot = desk.firstSlot(index, market); slot >= 0; slot = desk.nextSlot(slot)) {
        if (!open.has(desk.venueIdAt(slot))) faults.push(`order ${desk.venueIdAt(slot)} is not at the venue`);
      }
    }
  }
  for (const { ledger } of seats) if (ledger.check() !== '') faults.push(ledger.check());
  return faults;
}

function replayed(journal: Recorded, seed: number): Engine {
  const engine = makeEngine(seed);
  const nowhere = { send: () => {} };
  for (let at = 0; at < journal.length; at += EVENT_STRIDE) {
    engine.input(journal.data, at);
    if (engine.hasRequests) engine.takeRequests(nowhere);
  }
  return engine;
}

function runLies(seed: number, lies: Lies, options: ReconcileOptions) {
  const all = lyingSession(seed, lies);
  const { session, engine, venue } = all;
  session.start(0);
  const faults: string[] = [];
  let booked = 0;
  let nowNs = 0;
  for (let round = 0; round < 3; round++) {
    nowNs += 4 * SECOND;
    session.run(nowNs);
    const { report, faults: found, atNs } = reconnect(all, nowNs, options);
    nowNs = atNs;
    booked += report.booked;
    if (report.differences.length > 0) faults.push(differenceTable(report.differences));
    faults.push(...found.map((fault) => `round ${round}: ${fault}`));
  }
  engine.takeRequests({ send: () => {} });
  return { all, faults, booked, told: venue.told, hashes: [engine.inputs.digest(), engine.outputs.digest()] };
}

describe('reconciliation with a venue that lies', () => {
  it.each(Array.from({ length: 8 }, (_, i) => i + 1))('leaves nothing untracked or unbooked (seed %i)', (seed) => {
    const unknownOrders = seed % 2 === 0 ? 'adopt' : 'cancel';
    const { all, faults, booked, told, hashes } = runLies(seed, EVERY_LIE, { unknownOrders });
    expect(faults).toEqual([]);
    expect(booked).toBeGreaterThan(0);
    expect(Object.values(told).reduce((sum, each) => sum + each, 0)).toBeGreaterThan(50);
    const again = replayed(all.journal, seed);
    expect([again.inputs.digest(), again.outputs.digest()]).toEqual(hashes);
  });

  it.each([
    'requestLost',
    'requestTwice',
    'requestLate',
    'requestRefused',
    'orderDenied',
    'reportLost',
    'reportTwice',
    'reportLate',
    'wrongList',
  ] as const)('survives %s alone', (lie) => {
    const { faults, told } = runLies(3, { [lie]: lie === 'wrongList' ? 0.5 : 0.15, lateNs: LATE_NS }, {});
    expect(faults).toEqual([]);
    expect(Object.keys(told)).toEqual([lie]);
  });
});

/** A maker at one venue of a living market and, if wanted, the hedger at the other, with what is to be seen at every event. */
import { Engine } from '@quotewright/core/engine/engine';
import type { ReportFaults } from '@quotewright/core/engine/engine-setup';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { Mark } from '@quotewright/core/engine/local-market';
import type { SeatSetup } from '@quotewright/core/engine/strategy-seat';
import { instrumentVenues } from '@quotewright/core/market/instrument-venues';
import { Side } from '@quotewright/core/market/side';
import type { RiskSettings } from '@quotewright/core/risk/risk';
import type { Observer } from '@quotewright/core/strategies/observer';
import { findStrategy } from '@quotewright/core/strategies/registry';
import { OrderState } from '@quotewright/core/trading/order-state';
import { RequestKind } from '@quotewright/core/trading/records';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { Participant } from '@quotewright/core/venue-sim/living/order-table';
import { sampleMarkets } from '../../packages/quotewright/src/calibrate/sample-markets.ts';

type Params = Readonly<Record<string, number | string | boolean>>;

const MAKER: Params = { markets: 'BTCUSDT-SPOT', size: 0.1, maxPosition: 20, inventorySkew: 0 };
const CAPITAL = 100_000;
const SAMPLE_SECONDS = 10;
const LOT = 0.001;

export interface TwoVenueRun {
  readonly seed: number;
  readonly seconds: number;
  /** Parameters of the hedger; absent: there is none. */
  readonly hedger?: Params;
  /** One way, of the hedge's venue. */
  readonly hedgeNs?: number;
  /** Exposure may be beyond this by what the maker traded in the last `reactionNs`. */
  readonly band?: number;
  readonly reactionNs?: number;
  readonly risk?: RiskSettings;
  /** Called after each second of market time; may give the engine commands. */
  readonly onSecond?: (second: number, engine: Engine) => void;
}

export interface TwoVenueOutcome {
  readonly fills: readonly number[];
  /** Fills of the hedger while a cancel was under way. */
  readonly fillsInCancel: number;
  /** Of both accounts, in USDT. */
  readonly profit: number;
  /** Variance of its changes over ten seconds. */
  readonly variance: number;
  readonly meanExposure: number;
  readonly faults: readonly string[];
  readonly reportFaults: ReportFaults;
  readonly positions: readonly number[];
  readonly venuePositions: readonly number[];
  readonly hashes: readonly string[];
}

export function runTwoVenues(run: TwoVenueRun): TwoVenueOutcome {
  const { seed, seconds, hedger, hedgeNs = 3e6, band = Infinity, reactionNs = 0, risk, onSecond } = run;
  const schedule = { isRandom: false, spells: [{ regime: 'volatile' as const, seconds: 3600 }] };
  const market = new LivingMarket(sampleMarkets('BTCUSDT-SPOT@coins,BTCUSDT-PERP@perps'), seed, { schedule });
  const { instruments } = market;
  const faults: string[] = [];
  /** Times and lots of the maker's fills. */
  const made: (readonly [number, number])[] = [];
  let fillsInCancel = 0;
  let filled = 0;
  const net = (): number => (engine.portfolioLots(0) + engine.portfolioLots(1)) * LOT;
  const watch = (nowNs: number): void => {
    while (made.length > 0 && made[0]![0] < nowNs - reactionNs) made.shift();
    const late = made.reduce((sum, [, lots]) => sum + lots, 0) * LOT;
    if (Math.abs(net()) > band + late + 1e-9) faults.push(`net exposure ${net()} at ${nowNs}, ${late} of it late`);
    for (const { ledger, name } of engine.seats) {
      const complaint = ledger.check();
      if (complaint !== '') faults.push(`${name}: ${complaint}`);
    }
  };
  const quiet: Observer = {
    onBook: () => {},
    onFill: () => {},
    onOrder: () => {},
    onRequest: () => {},
    onFunding: () => {},
  };
  const ofMaker: Observer = {
    ...quiet,
    onFill: (_market, { sizeLots }, nowNs) => {
      made.push([nowNs, sizeLots]);
      watch(nowNs);
    },
    onBook: ({ receivedNs }) => {
      if (Math.abs(net()) > band) watch(receivedNs);
    },
  };
  const ofHedger: Observer = {
    ...quiet,
    onFill: (_market, _fill, nowNs) => {
      filled++;
      watch(nowNs);
    },
    onOrder: (_market, { state }) => {
      if (filled > 0 && state === OrderState.PENDING_CANCEL) fillsInCancel++;
      filled = 0;
    },
    onRequest: (hedge, kind) => {
      if (kind !== RequestKind.NEW) return;
      const open = net();
      let after = open;
      for (let i = 0; i < hedge.orderCount; i++) {
        const { side, openLots } = hedge.order(i);
        after += (side === Side.BUY ? openLots : -openLots) * LOT;
      }
      if (open * after < -1e-9) faults.push(`an order turns ${open} to ${after}`);
    },
  };
  const strategies = [seatOf('basic-maker', MAKER, ofMaker)];
  if (hedger !== undefined) strategies.push(seatOf('hedger', hedger, ofHedger));
  const engine = new Engine({
    instruments,
    isL3: instruments.map(() => false),
    venueOf: instrumentVenues(instruments).venueOf,
    strategies,
    seed,
    mark: Mark.MID,
    ledger: { cash: { USDT: String(CAPITAL) } },
    quoter: { canAmend: true },
    ...(risk === undefined ? {} : { risk }),
  });
  const wire = (ns: number): DelayLatency =>
    new DelayLatency({ request: { floorNs: ns, exponentialMeanNs: ns / 4 }, report: ns, marketData: ns }, seed);
  const session = new LivingSession(engine, market, [wire(1e6), wire(hedgeNs)]);
  const equity: number[] = [];
  let exposure = 0;
  session.start(0);
  for (let second = 1; second <= seconds; second++) {
    session.run(second * 1e9);
    onSecond?.(second, engine);
    exposure += Math.abs(net());
    if (second % SAMPLE_SECONDS === 0) equity.push(engine.seats.reduce((sum, seat) => sum + seat.equity('USDT'), 0));
  }
  session.finish(seconds * 1e9);
  return {
    fills: engine.seats.map(({ fills }) => fills),
    fillsInCancel,
    profit: equity.at(-1)! - CAPITAL * engine.seats.length,
    variance: variance(equity.slice(1).map((value, i) => value - equity[i]!)),
    meanExposure: exposure / seconds,
    faults,
    reportFaults: engine.faults,
    positions: instruments.map((_, index) => engine.portfolioLots(index)),
    venuePositions: instruments.map((_, index) => market.positions(index)[Participant.OWN]!),
    hashes: [engine.inputs.digest(), engine.outputs.digest()],
  };
}

function seatOf(name: string, params: Params, observer: Observer): SeatSetup {
  const definition = findStrategy(name)!;
  const defaults = Object.fromEntries(Object.entries(definition.params).map(([key, spec]) => [key, spec.default]));
  return { definition, params: { ...defaults, ...params }, observers: [observer] };
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

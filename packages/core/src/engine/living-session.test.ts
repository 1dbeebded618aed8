import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { Instrument } from '../market/instrument.ts';
import { instrumentVenues } from '../market/instrument-venues.ts';
import type { LatencyModel } from '../venue-sim/latency.ts';
import { LivingMarket } from '../venue-sim/living/living-market.ts';
import { Participant } from '../venue-sim/living/order-table.ts';
import { DEFAULT_PARAMS } from '../venue-sim/living/params.ts';
import { Engine } from './engine.ts';
import { Mark } from './local-market.ts';
import { LivingSession } from './living-session.ts';
import { randomTrader } from './testing/random-trader.ts';
import { LINEAR, SPOT } from './testing/session-kit.ts';

const SECOND = 1e9;
const LEAST_FEED_NS = 300_000;

class Jitter implements LatencyModel {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = Random.stream(seed, 'jitter');
  }

  entryNs(): number {
    return 100_000 + this.#random.below(1_000_000);
  }

  reportNs(): number {
    return 100_000 + this.#random.below(1_000_000);
  }

  feedNs(): number {
    return LEAST_FEED_NS + this.#random.below(2_000_000);
  }
}

/** The same each time. */
class Constant implements LatencyModel {
  readonly #ns: number;

  constructor(ns: number) {
    this.#ns = ns;
  }

  entryNs(): number {
    return this.#ns;
  }

  reportNs(): number {
    return this.#ns;
  }

  feedNs(): number {
    return this.#ns;
  }
}

const jitters = (): LatencyModel[] => [new Jitter(1), new Jitter(2)];
const ONE_VENUE = [LINEAR, SPOT];
const TWO_VENUES = [LINEAR, new Instrument({ ...SPOT.spec, venue: 'other' })];

interface RunOptions {
  readonly instruments?: readonly Instrument[];
  readonly latency?: LatencyModel | readonly LatencyModel[];
}

/** Runs two instruments for some seconds, in slices of a length. */
function run(seed: number, seconds: number, sliceNs: number, options: RunOptions = {}) {
  const { instruments = ONE_VENUE, latency = new Jitter(seed) } = options;
  /** By instrument: shortest and longest way of market data, and of what became of orders. */
  const ways = instruments.map(() => ({ least: Infinity, most: 0, report: Infinity }));
  const market = new LivingMarket(
    instruments.map((instrument) => ({ instrument, params: DEFAULT_PARAMS })),
    seed,
  );
  const faults: string[] = [];
  const engine = new Engine({
    instruments,
    isL3: [false, false],
    venueOf: instrumentVenues(instruments).venueOf,
    strategies: [
      {
        definition: randomTrader(),
        params: {},
        observers: [
          {
            onBook: ({ index, receivedNs, venueNs }) => {
              const way = ways[index]!;
              way.least = Math.min(way.least, receivedNs - venueNs);
              way.most = Math.max(way.most, receivedNs - venueNs);
              if (receivedNs - venueNs < LEAST_FEED_NS) faults.push(`book of ${venueNs} at ${receivedNs}`);
            },
            onFill: ({ index }, { venueNs }, nowNs) => {
              ways[index]!.report = Math.min(ways[index]!.report, nowNs - venueNs);
              if (nowNs <= venueNs) faults.push(`fill of ${venueNs} at ${nowNs}`);
              const complaint = engine.seats[0]!.ledger.check();
              if (complaint !== '') faults.push(complaint);
            },
            onOrder: () => {},
            onRequest: () => {},
            onFunding: () => {},
          },
        ],
      },
    ],
    seed,
    mark: Mark.MID,
  });
  const session = new LivingSession(engine, market, latency);
  session.start(0);
  for (let ns = sliceNs; ns < seconds * SECOND; ns += sliceNs) session.run(ns);
  session.finish(seconds * SECOND);
  const [seat] = engine.seats;
  return {
    fills: seat!.fills,
    ways,
    faults,
    reportFaults: Object.values(engine.faults),
    hashes: [engine.inputs.digest(), engine.outputs.digest()],
    positions: instruments.map((_, i) => seat!.ledger.positionLots(i)),
    venuePositions: instruments.map((_, i) => market.positions(i)[Participant.OWN]),
    venueSums: instruments.map((_, i) => market.positions(i).reduce((sum, lots) => sum + lots, 0)),
  };
}

describe('a session in a living market', () => {
  it.each([1, 2])('is the same however time is cut into slices (seed %i)', (seed) => {
    const whole = run(seed, 8, 8 * SECOND);
    expect(run(seed, 8, 0.37 * SECOND)).toEqual(whole);
    expect(run(seed + 10, 8, 8 * SECOND).hashes).not.toEqual(whole.hashes);
  });

  it('books what the venue executed, tells of nothing before it can be known, and the market gains what we lose', () => {
    const { fills, faults, reportFaults, positions, venuePositions, venueSums } = run(3, 20, SECOND);
    expect(fills).toBeGreaterThan(100);
    expect(faults).toEqual([]);
    expect(reportFaults.every((count) => count === 0)).toBe(true);
    expect(positions).toEqual(venuePositions);
    expect(venueSums).toEqual([0, 0]);
  });

  it('with two venues is the same however time is cut, and books what both executed', () => {
    const whole = run(4, 8, 8 * SECOND, { instruments: TWO_VENUES, latency: jitters() });
    expect(run(4, 8, 0.37 * SECOND, { instruments: TWO_VENUES, latency: jitters() })).toEqual(whole);
    const { fills, faults, reportFaults, positions, venuePositions, venueSums } = whole;
    expect(fills).toBeGreaterThan(50);
    expect(faults).toEqual([]);
    expect(reportFaults.every((count) => count === 0)).toBe(true);
    expect(positions).toEqual(venuePositions);
    expect(venueSums).toEqual([0, 0]);
  });

  it('gives each venue its own latencies', () => {
    const [fast, slow] = [LEAST_FEED_NS, 20_000_000];
    const { ways } = run(5, 8, SECOND, { instruments: TWO_VENUES, latency: [new Constant(fast), new Constant(slow)] });
    expect(ways).toEqual([
      { least: fast, most: fast, report: fast },
      { least: slow, most: slow, report: slow },
    ]);
  });

  it('refuses latencies that are not as many as venues', () => {
    expect(() => run(1, 1, SECOND, { latency: jitters() })).toThrow('2 latencies for 1 venues');
  });
});

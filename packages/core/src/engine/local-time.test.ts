import { describe, expect, it } from 'vitest';
import { EVENT_STRIDE, Field, headKind } from '../market/event.ts';
import { Side } from '../market/side.ts';
import { ReportKind } from '../trading/records.ts';
import { DelayLatency } from '../venue-sim/latency.ts';
import { L2ReplayVenue } from '../venue-sim/l2-replay.ts';
import { queueModel } from '../venue-sim/queue-model.ts';
import { Engine } from './engine.ts';
import { FeedWindow } from './feed-window.ts';
import { LocalTimeVenue } from './local-time-venue.ts';
import { Mark } from './local-market.ts';
import { ReplaySession } from './replay-session.ts';
import { MarketRows, randomMarket } from './testing/market-rows.ts';
import { randomTrader } from './testing/random-trader.ts';
import { InputLog } from './testing/recorded-session.ts';
import { INVERSE, LINEAR, SPOT, strategyOf } from './testing/session-kit.ts';

const INSTRUMENTS = [LINEAR, INVERSE, SPOT];
const LOCAL = { shiftNs: 0, assumedLatencyNs: 0, happensLocally: true };

function localSession(seed: number, epoch = 1) {
  const log = new InputLog();
  const engine = new Engine({
    instruments: INSTRUMENTS,
    isL3: INSTRUMENTS.map(() => false),
    venueOf: INSTRUMENTS.map((_, index) => index),
    strategies: [{ definition: randomTrader(), params: {}, observers: [] }],
    seed,
    mark: Mark.MID,
    journal: log,
  });
  const window = new FeedWindow(LOCAL);
  const times = { floorNs: 3e5, exponentialMeanNs: 1e6 };
  const latency = new DelayLatency({ request: times, report: times }, seed);
  const setups = INSTRUMENTS.map((instrument, index) => ({
    venue: new LocalTimeVenue(new L2ReplayVenue(instrument, index, queueModel('power3', 3)), epoch),
    latency,
    instruments: [index],
  }));
  return { engine, log, window, session: new ReplaySession(engine, window, setups, 0) };
}

const hashes = ({ inputs, outputs }: Engine): string => `${inputs.digest()} ${outputs.digest()}`;

describe('a market that happens when we hear of it', () => {
  it.each([1, 2, 3])('is the same in one piece, and message by message at once (seed %i)', (seed) => {
    const rows = randomMarket(seed, 4000, INSTRUMENTS.length);
    const whole = localSession(seed);
    whole.window.append(rows.batch(0, rows.count), rows.count);
    whole.session.finish(whole.window.lastLocalNs + 1);
    const live = localSession(seed);
    let endNs = 0;
    for (let row = 0; row < rows.count;) {
      const nowNs = rows.batch(row, row + 1)[Field.LOCAL_NS]!;
      // What was received at one time is there at once.
      let to = row + 1;
      while (to < rows.count && rows.batch(to, to + 1)[Field.LOCAL_NS] === nowNs) to++;
      if (row % 3 === 0) live.session.run(nowNs - 7);
      live.window.append(rows.batch(row, to), to - row);
      live.session.run(nowNs + 1);
      endNs = nowNs + 1;
      row = to;
    }
    live.session.finish(endNs);
    expect(live.engine.seats[0]!.fills).toBeGreaterThan(10);
    expect(hashes(live.engine)).toBe(hashes(whole.engine));
  });

  it('leaves venue times as they were, those that are not told too', () => {
    const rows = new MarketRows()
      .level(Side.BUY, 100, 5, { venueNs: 900, localNs: 10 })
      .level(Side.SELL, 101, 5, { venueNs: Number.NaN, localNs: 20 })
      .level(Side.SELL, 102, 5, { venueNs: 5, localNs: 15 });
    const { window, session, log } = localSession(1);
    window.append(rows.batch(0, 3), 3);
    session.run(100);
    const times = Array.from({ length: log.count }, (_, i) => [
      ...log.data.subarray(i * EVENT_STRIDE, (i + 1) * EVENT_STRIDE),
    ])
      .filter((record) => headKind(record[Field.HEAD]!) < ReportKind.ACK)
      .map((record) => [record[Field.VENUE_NS], record[Field.LOCAL_NS]]);
    // The last one came behind the one before it: it is received then.
    expect(times).toEqual([
      [900, 10],
      [Number.NaN, 20],
      [5, 20],
    ]);
    expect(window.receivedEarly).toBe(1);
  });

  it('numbers executions by the process, so that none of another is taken for one that is known', () => {
    const rows = randomMarket(1, 2000, INSTRUMENTS.length);
    const numbersOf = (epoch: number): number[] => {
      const { window, session, log } = localSession(1, epoch);
      window.append(rows.batch(0, rows.count), rows.count);
      session.finish(window.lastLocalNs + 1);
      const numbers: number[] = [];
      for (let at = 0; at < log.count * EVENT_STRIDE; at += EVENT_STRIDE) {
        if (headKind(log.data[at + Field.HEAD]!) === ReportKind.FILL) numbers.push(log.data[at + Field.SEQ]!);
      }
      return numbers;
    };
    const [first, third] = [numbersOf(1), numbersOf(3)];
    expect(first.length).toBeGreaterThan(5);
    expect(third).toEqual(first.map((number) => number + 2 * 2 ** 32));
  });

  it('does not start strategies that run already', () => {
    const starts: number[] = [];
    const engine = new Engine({
      instruments: [LINEAR],
      isL3: [false],
      venueOf: [0],
      strategies: [{ definition: strategyOf(() => ({ onStart: () => starts.push(1) })), params: {}, observers: [] }],
      seed: 1,
      mark: Mark.MID,
    });
    engine.start(5);
    const venue = new L2ReplayVenue(LINEAR, 0, queueModel('power3', 3));
    const latency = new DelayLatency({ request: 1, report: 1 });
    new ReplaySession(engine, new FeedWindow(LOCAL), [{ venue, latency, instruments: [0] }], 10).run(20);
    expect(starts).toEqual([1]);
  });
});

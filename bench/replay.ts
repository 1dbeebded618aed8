/**
 * The backtester on the reference feed (gen_feed of ../shared/workloads, 5,000,000 rows): the replay alone, with the reference's
 * strategy, and with an ordinary strategy. Rows are decoded beforehand: what is timed is windows, books, venue and engine.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SessionRecorder } from '@quotewright/core/analytics/recorder';
import { Engine } from '@quotewright/core/engine/engine';
import { Mark } from '@quotewright/core/engine/local-market';
import { FeedWindow } from '@quotewright/core/engine/feed-window';
import { ReplaySession } from '@quotewright/core/engine/replay-session';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import type { Observer } from '@quotewright/core/strategies/observer';
import { type StrategyDefinition, defineStrategy } from '@quotewright/core/strategies/strategy';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { L2ReplayVenue } from '@quotewright/core/venue-sim/l2-replay';
import { queueModel } from '@quotewright/core/venue-sim/queue-model';
import { parity } from 'quotewright/backtest/parity';
import { openRecording } from 'quotewright/data/formats';

const SHARED = '../shared/workloads';
const CACHE = '.cache/workloads';
const LOOKAHEAD_NS = 2e9;
const ROUNDS = 5;

/** What `parity` must give on 5,000,000 rows of the default seed. */
const EXPECTED = { requests: 498_131, fills: 124_359 };

export const FEED_INSTRUMENT = new Instrument({
  venue: 'bench',
  symbol: 'FEED',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.1',
  lot: '0.001',
  contract: 'linear',
  fees: { maker: '-0.00005', taker: '0.0007' },
});

const idle = defineStrategy({ name: 'idle', description: 'does nothing', params: {}, create: () => ({}) });

export const ordinary = defineStrategy({
  name: 'ordinary',
  description: 'quotes both sides at the touch after each change of the book',
  params: {},
  create: (ctx) => ({
    onBook(market) {
      const quotes = ctx.quote(market);
      if (!market.isReady) return;
      if (market.positionLots < 1000) quotes.bid(market.bidTicks, 10);
      if (market.positionLots > -1000) quotes.ask(market.askTicks, 10);
    },
  }),
});

interface Batch {
  readonly data: Float64Array;
  readonly count: number;
}

export async function benchReplay(rows = 5_000_000): Promise<unknown> {
  const batches = await loadFeed(rows);
  const replayOnly = best(batches, idle, false);
  const withParity = best(batches, parity, false);
  const isReference = rows === 5_000_000;
  if (isReference && (withParity.requests !== EXPECTED.requests || withParity.fills !== EXPECTED.fills)) {
    throw new Error(`parity: ${withParity.requests} requests and ${withParity.fills} fills are not the reference's`);
  }
  return { rows, replayOnly, parity: withParity, ordinary: best(batches, ordinary, true) };
}

export async function loadFeed(rows: number): Promise<Batch[]> {
  const path = join(CACHE, `feed${rows}.bin`);
  const generator = join(CACHE, 'gen_feed');
  mkdirSync(CACHE, { recursive: true });
  const source = join(SHARED, 'gen_feed.cpp');
  if (!existsSync(source)) throw new Error(`bench: ${source} is not there: the feed cannot be made`);
  if (!existsSync(generator)) execFileSync('g++', ['-O2', '-std=c++17', '-o', generator, source]);
  if (!existsSync(path)) execFileSync(generator, [String(rows), path], { stdio: 'ignore' });
  const batches: Batch[] = [];
  const recording = await openRecording(path, { tick: '0.1', lot: '0.001' });
  for await (const batch of recording.batches()) {
    batches.push({ data: batch.data.slice(0, batch.length * EVENT_STRIDE), count: batch.length });
  }
  return batches;
}

interface Timing {
  readonly nsPerRow: number;
  readonly medianNsPerRow: number;
  readonly requests: number;
  readonly fills: number;
}

function best(batches: readonly Batch[], definition: StrategyDefinition, isRecorded: boolean): Timing {
  const rounds = Array.from({ length: ROUNDS }, () => run(batches, definition, isRecorded));
  rounds.sort((a, b) => a.nsPerRow - b.nsPerRow);
  return { ...rounds[0]!, medianNsPerRow: rounds[ROUNDS >> 1]!.nsPerRow };
}

function run(
  batches: readonly Batch[],
  definition: StrategyDefinition,
  isRecorded: boolean,
): Omit<Timing, 'medianNsPerRow'> {
  const instrument = FEED_INSTRUMENT;
  const observers: Observer[] = isRecorded ? [new SessionRecorder({ instruments: [instrument] })] : [];
  const engine = new Engine({
    instruments: [instrument],
    isL3: [false],
    venueOf: [0],
    strategies: [{ definition, params: { size: 10, maxPosition: 1000 }, observers }],
    seed: 1,
    mark: Mark.MID,
    quoter: { canAmend: true },
  });
  const fillRule = definition === parity ? 'whole' : 'partial';
  const venue = new L2ReplayVenue(instrument, 0, queueModel('power3'), { fillRule });
  const latency = new DelayLatency({ request: 1e6, report: 1e6 });
  const window = new FeedWindow({ shiftNs: 0, assumedLatencyNs: 0 });
  const session = new ReplaySession(engine, window, [{ venue, latency, instruments: [0] }], batches[0]!.data[1]!);
  let rows = 0;
  const began = performance.now();
  for (const { data, count } of batches) {
    window.append(data, count);
    session.run(window.lastLocalNs - LOOKAHEAD_NS);
    rows += count;
  }
  session.run(window.lastLocalNs + 1);
  const nsPerRow = ((performance.now() - began) * 1e6) / rows;
  return { nsPerRow: Number(nsPerRow.toFixed(2)), requests: engine.desk.requests, fills: engine.seats[0]!.fills };
}

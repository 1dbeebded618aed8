/** Paper sessions in a folder, without sockets and clocks: a living market, of which nobody knows that we watch it, is what the venue tells. */
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { DEFAULT_PARAMS } from '@quotewright/core/venue-sim/living/params';
import { DurableSession } from '../../../journal/recovery-session.ts';
import type { SessionHeader } from '../../../journal/session-header.ts';
import { checkSettings } from '../../../config/read-config.ts';
import { tradingConfig } from '../config.ts';
import { liveHeader, simulatedVenues } from '../header.ts';
import { PaperTrade } from '../paper-trade.ts';

/** Noon: times are large, as they are of a real day. */
const FROM_NS = 43_200e9;
const FEED_NS = 3e6;

export const INSTRUMENTS = ['BTC-USD', 'ETH-USD'].map(
  (symbol) =>
    new Instrument({
      venue: 'pretend',
      symbol,
      base: symbol.slice(0, 3),
      quote: 'USD',
      tick: '0.01',
      lot: '0.0001',
      contract: 'spot',
      fees: { maker: '0.0002', taker: '0.0005' },
    }),
);

export async function paperHeader(
  more: Readonly<Record<string, unknown>> = {},
  mode: 'paper' | 'live' = 'paper',
): Promise<SessionHeader> {
  const config = checkSettings(
    tradingConfig,
    {
      symbols: { 'pretend:BTC-USD': null, 'pretend:ETH-USD': null },
      strategy: 'basic-maker',
      params: { size: 0.01, spreadUnit: 'usual', spread: 1 },
      latency: '2ms+exp:1ms',
      ...more,
    },
    'the test',
  );
  return liveHeader({
    mode,
    config: { ...config, symbols: config.symbols! },
    instruments: INSTRUMENTS,
    risk: { risk: {}, sinks: [], journalLagMs: 1000 },
    nowMs: Date.UTC(2026, 10, 21, 12),
    isDryRun: false,
    tag: 'abc123',
    canAmend: true,
    budgets: [{ perSecond: 20, burst: 10, instruments: [0, 1] }],
    depthIntervalNs: [100e6, 0],
  });
}

/** What the venue tells, and when: the same for every session of a seed. */
export class PretendFeed {
  readonly #market: LivingMarket;
  readonly #queue = new RecordQueue();

  constructor(seed: number) {
    const instruments = INSTRUMENTS.map((instrument) => ({ instrument, params: DEFAULT_PARAMS }));
    this.#market = new LivingMarket(instruments, seed);
  }

  /** Hands on what comes until a time (seconds after noon), a message at a time. */
  run(untilS: number, take: (queue: RecordQueue, nowNs: number) => void): void {
    const market = this.#market;
    while (market.nextNs < untilS * 1e9) {
      for (; market.feed.length > 0; market.feed.shift()) {
        const from = market.feed.peek();
        const at = this.#queue.reserve();
        const { data } = this.#queue;
        for (let i = 0; i < EVENT_STRIDE; i++) data[at + i] = market.feed.data[from + i]!;
        data[at + Field.VENUE_NS]! += FROM_NS;
        data[at + Field.LOCAL_NS] = data[at + Field.VENUE_NS]! + FEED_NS;
      }
      if (this.#queue.length > 0) take(this.#queue, this.#queue.data[this.#queue.peek() + Field.LOCAL_NS]!);
      market.step();
    }
  }
}

export interface PaperPart {
  readonly dir: string;
  readonly header: SessionHeader;
  readonly feed: PretendFeed;
  /** Seconds after noon. */
  readonly fromS: number;
  readonly untilS: number;
  /** Its process dies there. */
  readonly isKilled: boolean;
  /** Is called at each message; may do something to the engine. */
  readonly onMessage?: (session: DurableSession, nowNs: number) => void;
}

/** Runs a process's part of a session, begun or gone on with. */
export async function runPaper(part: PaperPart): Promise<void> {
  const { dir, header, feed, fromS, untilS, isKilled, onMessage } = part;
  const session = await DurableSession.open({ dir, durability: 'batch', keep: 'all', header, observers: () => [] });
  const { engine, recovered, lease } = session;
  const trade = new PaperTrade({
    engine,
    venues: simulatedVenues(header),
    epoch: lease.epoch,
    nowNs: FROM_NS + fromS * 1e9,
    recovered: recovered === undefined ? undefined : () => {},
  });
  await trade.begin();
  let slices = 0;
  feed.run(untilS, (queue, nowNs) => {
    onMessage?.(session, nowNs);
    // Between messages time passes too.
    if (++slices % 3 === 0) trade.run(nowNs - 1000);
    trade.records(queue);
  });
  if (!isKilled) {
    await trade.finish(FROM_NS + untilS * 1e9);
    session.mark('end', { reason: 'over' });
  }
  await session.close();
}

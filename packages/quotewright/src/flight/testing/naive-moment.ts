/** For tests: a moment of a journal by replaying all of it up to there, with nothing kept between two questions. Slow and obvious. */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { Observer } from '@quotewright/core/strategies/observer';
import { RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { readJournal } from '../../journal/reader.ts';
import { headerEngine, headerStrategies } from '../../journal/replay-engine.ts';
import type { SessionHeader } from '../../journal/session-header.ts';
import type { Snapshot } from '../../journal/snapshot-format.ts';
import type { FlightMoment } from '../../server/protocol/research.ts';
import type { FillEntry, TradeEntry } from '../../server/protocol/stream.ts';
import { bookData } from '../../server/views/book-data.ts';
import { pnlData } from '../../server/views/pnl-data.ts';
import { quotesData } from '../../server/views/quotes-data.ts';
import { QueueTracker } from '../../server/views/queue-tracker.ts';

export interface NaiveJournal {
  readonly header: SessionHeader;
  /** All records, one after the other. */
  readonly records: Float64Array;
  readonly count: number;
  readonly snapshot: Snapshot | undefined;
}

/** @param snapshot that its beginning is */
export function loadJournal(dir: string, snapshot?: Snapshot): NaiveJournal {
  let header: SessionHeader | undefined;
  const parts: Float64Array[] = [];
  for (const item of readJournal(dir, snapshot === undefined ? {} : { from: snapshot.sequence })) {
    if (item.kind === 'session') header ??= item.header;
    else if (item.kind === 'records') parts.push(item.data.slice(0, item.count * EVENT_STRIDE));
  }
  const records = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    records.set(part, at);
    at += part.length;
  }
  return { header: header!, records, count: records.length / EVENT_STRIDE, snapshot };
}

/** Without `what`, which is of one event, and with drawdowns left at 0: what they are measured from is the overview's. */
export async function naiveMoment(journal: NaiveJournal, event: number): Promise<Omit<FlightMoment, 'what'>> {
  const { header, records, snapshot } = journal;
  const instruments = header.instruments.map((spec) => new Instrument(spec));
  const ms = (ns: number): number => header.epochDay * 86_400_000 + ns / 1e6;
  const fills: FillEntry[] = [];
  const observer = (strategy: number): Observer => ({
    onBook: () => {},
    onOrder: () => {},
    onRequest: () => {},
    onFunding: () => {},
    onFill: (market, fill, nowNs, feePpb) => {
      const { price, size } = market.instrument;
      fills.push({
        number: fills.length + 1,
        timeMs: ms(nowNs),
        strategy,
        instrument: market.index,
        orderId: fill.orderId,
        side: fill.side === Side.BUY ? 1 : -1,
        ticks: fill.priceTicks,
        lots: fill.sizeLots,
        isMaker: fill.isMaker,
        fee: (price.toNumber(fill.priceTicks) * size.toNumber(fill.sizeLots) * feePpb) / 1e9,
        positionLots: market.positionLots,
      });
    },
  });
  const trackers = header.strategies.map(() => new QueueTracker(instruments.length, true));
  const engine = headerEngine(header, {
    strategies: await headerStrategies(header),
    observers: (strategy) => [trackers[strategy]!, observer(strategy)],
  });
  if (snapshot !== undefined) engine.restore(snapshot.engine);
  const adopted = new Set<number>();
  for (const [strategy, tracker] of trackers.entries()) {
    tracker.adopt(engine, strategy);
    for (const market of instruments.keys()) {
      for (const { id } of quotesData(engine, header.epochDay, market).orders) adopted.add(id);
    }
  }
  const trades: TradeEntry[][] = instruments.map(() => []);
  for (let at = 0; at <= event * EVENT_STRIDE; at += EVENT_STRIDE) {
    for (const tracker of trackers) tracker.input(records, at);
    engine.input(records, at);
    if (engine.hasRequests) engine.takeRequests({ send: () => {} });
    const head = records[at + Field.HEAD]! | 0;
    if (headKind(head) !== EventKind.TRADE) continue;
    const side = (headFlags(head) & EventFlag.BUY) === 0 ? -1 : 1;
    const { LOCAL_NS, PRICE_TICKS, SIZE_LOTS } = Field;
    trades[head >>> 16]!.push([
      ms(records[at + LOCAL_NS]!),
      records[at + PRICE_TICKS]!,
      records[at + SIZE_LOTS]!,
      side,
    ]);
  }
  const queues = trackers.map((tracker) => ({
    aheadLots: (market: number, id: number) => (adopted.has(id) ? Number.NaN : tracker.aheadLots(market, id)),
  }));
  return {
    event,
    timeMs: ms(records[event * EVENT_STRIDE + Field.LOCAL_NS]!),
    riskState: RISK_STATE_NAMES[engine.riskState],
    books: instruments.map((_, market) => bookData(engine, market, 200)),
    quotes: instruments.map((_, market) => quotesData(engine, header.epochDay, market, queues)),
    pnl: withoutDrawdown(pnlData(engine, header.cash)),
    trades: trades.map((each) => each.slice(-50)),
    fills: fills.slice(-50),
  };
}

export function withoutDrawdown({ strategies }: FlightMoment['pnl']): FlightMoment['pnl'] {
  return { strategies: strategies.map((each) => ({ ...each, drawdown: 0 })) };
}

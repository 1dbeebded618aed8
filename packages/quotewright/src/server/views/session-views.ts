/** What the server shows of a session: its topics, series and figures, from the second engine and from what was watched of it. */
import type { SessionRecorder } from '@quotewright/core/analytics/recorder';
import type { Engine } from '@quotewright/core/engine/engine';
import { EventKind, Field } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import type { Observer } from '@quotewright/core/strategies/observer';
import { Command, InputKind } from '@quotewright/core/trading/records';
import type { z } from 'zod';
import { isDryRun } from '../../journal/session-header.ts';
import { instrumentName } from '../../risk/operable.ts';
import type { ServerSetup, ToServer } from '../link.ts';
import type { AlertInfo } from '../protocol/risk.ts';
import { type FillEntry, LIST_LENGTH, type PnlData } from '../protocol/stream.ts';
import type { PerformanceReport, SeriesReport, seriesQuery } from '../protocol/trading.ts';
import type { ReplicaWatch } from '../replica/replica-watch.ts';
import type { TopicSource } from '../stream/topic-source.ts';
import { AlertList, AlertTopic } from './alert-list.ts';
import { marketOf } from './book-data.ts';
import { BookTopic } from './book-topic.ts';
import { FillLog } from './fill-log.ts';
import { Heatmap } from './heatmap.ts';
import { ListTopic } from './list-topic.ts';
import { LiveSamples } from './live-samples.ts';
import type { LiveViews } from './live-views.ts';
import { marketMs } from './market-time.ts';
import { NewestClock } from './newest-clock.ts';
import { PerformanceView } from './performance.ts';
import { pnlData } from './pnl-data.ts';
import { quotesData } from './quotes-data.ts';
import { regimeData } from './regime-data.ts';
import { riskData } from './risk-data.ts';
import { seriesReportOf } from './series.ts';
import { StateTopic } from './state-topic.ts';
import { StrategyWatch } from './strategy-watch.ts';
import { TradeTape } from './trade-tape.ts';

const { HEAD, LOCAL_NS, SEQ } = Field;
const { TRADE } = EventKind;
const { COMMAND } = InputKind;
const { RESTART } = Command;
/** Market time between two columns of a heatmap at the usual speed, and where there is no pace. */
const COLUMN_NS = 250e6;
const UNPACED_COLUMN_NS = 5e9;

export class SessionViews implements LiveViews, ReplicaWatch {
  readonly topics: readonly TopicSource[];
  readonly #setup: ServerSetup;
  readonly #instruments: readonly Instrument[];
  readonly #clock: NewestClock;
  readonly #alerts: AlertList;
  readonly #fills: FillLog;
  /** By strategy. */
  readonly #watches: readonly StrategyWatch[];
  /** By instrument. */
  readonly #tapes: readonly TradeTape[];
  readonly #heatmaps: readonly Heatmap[];
  readonly #samples: LiveSamples;
  readonly #performance: PerformanceView;
  readonly #columnNs: number;
  #engine: Engine | undefined;
  /** Local time of the next column, of the next sample, and the sooner of them; NaN before the first input. */
  #nextColumnNs = Number.NaN;
  #nextSampleNs = Number.NaN;
  #dueNs = Number.NEGATIVE_INFINITY;

  private constructor(setup: ServerSetup, alerts: AlertList) {
    const { header, speed, stats, mode } = setup;
    const { epochDay } = header;
    this.#setup = setup;
    this.#alerts = alerts;
    this.#instruments = header.instruments.map((spec) => new Instrument(spec));
    this.#clock = new NewestClock(stats, speed);
    this.#fills = new FillLog(this.#instruments, epochDay);
    // A recording knows nothing of our orders, and neither does a venue that they are not sent to.
    const showsOwn = mode === 'simulation' || (mode === 'live' && !isDryRun(header));
    this.#watches = header.strategies.map(() => new StrategyWatch(this.#instruments, header.cash, showsOwn));
    this.#tapes = this.#instruments.map(() => new TradeTape(epochDay, LIST_LENGTH.trades));
    this.#heatmaps = this.#instruments.map(() => new Heatmap(epochDay));
    this.#samples = new LiveSamples(this.#instruments, this.#watches, header.cash);
    this.#performance = new PerformanceView(epochDay, this.#watches);
    this.#columnNs = speed === null ? UNPACED_COLUMN_NS : COLUMN_NS * Math.max(1, speed);
    this.topics = this.#makeTopics();
  }

  static async open(setup: ServerSetup): Promise<SessionViews> {
    return new SessionViews(setup, await AlertList.open(setup.dir));
  }

  get fills(): readonly FillEntry[] {
    return this.#fills.kept;
  }

  get alerts(): readonly AlertInfo[] {
    return this.#alerts.items;
  }

  /** Of each strategy's figures; others after another engine took over. */
  get recorders(): readonly SessionRecorder[] {
    return this.#watches.map(({ recorder }) => recorder);
  }

  newest(): { readonly timeMs: number; readonly wallMs: number } {
    // Before the first input it is the first midnight.
    const nowNs = Math.max(0, this.#live.nowNs);
    return { timeMs: marketMs(this.#setup.header.epochDay, nowNs), wallMs: this.#clock.wallMs(nowNs) };
  }

  /** As the topic of the name tells it. */
  pnl(): PnlData {
    return pnlData(this.#live, this.#setup.header.cash, this.#watches);
  }

  performance(): PerformanceReport {
    return this.#performance.report(this.#live);
  }

  series(query: z.output<typeof seriesQuery>): SeriesReport {
    return seriesReportOf(this.#samples, this.#setup.header.epochDay, query);
  }

  /** A message of the trading thread. */
  take(message: ToServer): void {
    if (message.type === 'alert') this.#alerts.add(message.alert);
    else if (message.type === 'acknowledged') this.#alerts.acknowledge(message.number);
  }

  observers(strategy: number): readonly Observer[] {
    return [...this.#watches[strategy]!.observers(), this.#fills.observer(strategy)];
  }

  begin(engine: Engine, isWhole: boolean): void {
    this.#engine = engine;
    if (isWhole) return;
    this.#fills.adopt(engine);
    this.#samples.interrupt(this.#nextSampleNs);
    for (const [strategy, watch] of this.#watches.entries()) {
      watch.isWhole = false;
      watch.queue.adopt(engine, strategy);
    }
  }

  input(data: Float64Array, offset: number): void {
    const head = data[offset + HEAD]! | 0;
    const kind = head & 0xff;
    const nowNs = data[offset + LOCAL_NS]!;
    if (nowNs >= this.#dueNs) this.#due(nowNs, kind === COMMAND && data[offset + SEQ] === RESTART);
    if (kind === TRADE) this.#tapes[head >>> 16]!.add(data, offset);
    const watches = this.#watches;
    for (let i = 0; i < watches.length; i++) watches[i]!.queue.input(data, offset);
  }

  get #live(): Engine {
    if (this.#engine === undefined) throw new Error('no engine has begun');
    return this.#engine;
  }

  /**
   * What falls due at a time is the state before the first input at or after it.
   * @param isRestart nobody was there until this input
   */
  #due(nowNs: number, isRestart: boolean): void {
    const engine = this.#live;
    if (isRestart) this.#samples.interrupt(this.#nextSampleNs);
    else if (nowNs >= this.#nextSampleNs) this.#samples.take(engine, this.#nextSampleNs, nowNs);
    if (nowNs >= this.#nextColumnNs && !isRestart) {
      const columnNs = Math.floor(nowNs / this.#columnNs) * this.#columnNs;
      for (const [market, heatmap] of this.#heatmaps.entries()) heatmap.add(marketOf(engine, market), columnNs);
    }
    this.#nextSampleNs = (Math.floor(nowNs / 1e9) + 1) * 1e9;
    this.#nextColumnNs = (Math.floor(nowNs / this.#columnNs) + 1) * this.#columnNs;
    this.#dueNs = Math.min(this.#nextSampleNs, this.#nextColumnNs);
  }

  #makeTopics(): TopicSource[] {
    const { epochDay, cash } = this.#setup.header;
    const inputs = (): number => this.#live.inputs.count;
    const state = (topic: string, intervalMs: number, make: (engine: Engine) => object): TopicSource =>
      new StateTopic(topic, intervalMs, inputs, () => make(this.#live));
    const perInstrument = this.#instruments.flatMap((instrument, market) => {
      const name = instrumentName(instrument);
      return [
        new BookTopic(name, () => marketOf(this.#live, market)),
        new ListTopic(`trades:${name}`, 25, this.#tapes[market]!, LIST_LENGTH.trades),
        state(`quotes:${name}`, 25, (engine) => quotesData(engine, epochDay, market, this.#queues())),
        new ListTopic(`heatmap:${name}`, 250, this.#heatmaps[market]!, LIST_LENGTH.heatmap),
      ];
    });
    return [
      ...perInstrument,
      new ListTopic('fills', 25, this.#fills, LIST_LENGTH.fills),
      state('pnl', 100, (engine) => pnlData(engine, cash, this.#watches)),
      state('risk', 250, (engine) => riskData(engine, epochDay)),
      new AlertTopic(this.#alerts),
      state('regime', 1000, regimeData),
    ];
  }

  #queues() {
    return this.#watches.map(({ queue }) => queue);
  }
}

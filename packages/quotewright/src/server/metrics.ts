/** `/metrics` for Prometheus: filled from our own counters and histograms when it is asked for, and at no other time. */
import { Gauge, type MetricObjectWithValues, type MetricValueWithName, Registry } from 'prom-client';
import { BREAKER_STATE_NAMES, RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { SEVERITY_NAMES } from '@quotewright/core/risk/alert';
import { z } from 'zod';
import type { ServerContext } from './context.ts';
import type { App } from './http/app.ts';
import { METRICS_PATH } from './http/openapi.ts';
import type { LatencySummary, SystemInfo } from './protocol/system.ts';
import { breakerInfos } from './views/risk-data.ts';

export function metricsRoute(app: App, context: ServerContext): void {
  const metrics = new Metrics();
  app.get(
    METRICS_PATH,
    {
      schema: {
        tags: ['status'],
        summary: 'Everything for Prometheus',
        response: { 200: { description: 'Text exposition format', content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (_, reply) => {
      const text = await metrics.text(context);
      return reply.type(metrics.contentType).serializer(String).send(text);
    },
  );
}

/** A counter that is read from elsewhere: prom-client's own can only be added to. */
class ReadCounter extends Gauge {
  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    // oxlint-disable-next-line no-unsafe-type-assertion -- a gauge's values have a counter's shape; only the type in the text differs
    return { ...(await super.get()), type: 'counter' } as unknown as MetricObjectWithValues<
      MetricValueWithName<string>
    >;
  }
}

/** Upper edges of buckets, nanoseconds: always the same ones, as Prometheus compares them over time. 16 ns to 137 s. */
const EDGES_NS = Array.from({ length: 34 }, (_, i) => 2 ** (i + 4));

/** A histogram whose buckets were counted elsewhere. prom-client's own can only be added to. */
class ReadHistogram extends Gauge {
  summaries: readonly LatencySummary[] = [];

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    const head = await super.get();
    const bucket = `${head.name}_bucket`;
    const values = this.summaries.flatMap(({ name, count, meanNs, buckets }) => {
      let next = 0;
      let below = 0;
      const steps = EDGES_NS.map((edgeNs) => {
        for (; next < buckets.length && buckets[next]![0] <= edgeNs; next++) below += buckets[next]![1];
        return { metricName: bucket, labels: { of: name, le: edgeNs / 1e9 }, value: below };
      });
      return [
        ...steps,
        { metricName: bucket, labels: { of: name, le: '+Inf' }, value: count },
        { metricName: `${head.name}_sum`, labels: { of: name }, value: ((meanNs ?? 0) * count) / 1e9 },
        { metricName: `${head.name}_count`, labels: { of: name }, value: count },
      ];
    });
    // oxlint-disable-next-line no-unsafe-type-assertion -- what a registry prints of a histogram
    return { ...head, type: 'histogram', values } as unknown as MetricObjectWithValues<MetricValueWithName<string>>;
  }
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #gauges = new Map<string, Gauge>();
  readonly #latencies = new ReadHistogram({
    name: 'quotewright_latency_seconds',
    help: 'How long things take; `of` says which.',
    labelNames: ['of'],
    registers: [this.#registry],
  });

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(context: ServerContext): Promise<string> {
    const system = context.system();
    for (const gauge of this.#gauges.values()) gauge.reset();
    this.#trading(context);
    this.#risk(context);
    this.#machine(system, context.readiness().isReady);
    for (const venue of system.venues) this.#venue(venue, system.marketMs);
    this.#latencies.summaries = system.latencies;
    return this.#registry.metrics();
  }

  #trading({ engine, views }: ServerContext): void {
    for (const pnl of views.pnl().strategies) {
      const { strategy, currency, positions } = pnl;
      const labels = { strategy: `${strategy}:${engine.seats[strategy]!.name}`, currency };
      this.#set('equity', 'Equity of a strategy’s account', labels, pnl.equity);
      this.#set('pnl', 'Profit and loss: realised + unrealised − fees − funding', labels, pnl.total);
      this.#set('pnl_realised', 'Of closed positions, before fees', labels, pnl.realised);
      this.#set('pnl_unrealised', 'Of open positions at the mark', labels, pnl.unrealised);
      this.#set('fees', 'Fees paid', labels, pnl.fees);
      this.#set('drawdown_ratio', 'Fall from the peak of equity, as a share of it', labels, pnl.drawdown);
      for (const { instrument, lots } of positions) {
        const { venue, symbol, size } = engine.instruments[instrument]!;
        const of = { strategy: labels.strategy, instrument: `${venue}:${symbol}` };
        this.#set('position', 'Position in units of the instrument', of, size.toNumber(lots));
        this.#set('open_orders', 'Own orders that are not finished', of, engine.desk.count(strategy, instrument));
      }
    }
    for (const { index, name, fills } of engine.seats) {
      this.#count('fills_total', 'Fills', { strategy: `${index}:${name}` }, fills);
    }
    const bySeverity = new Map<string, number>(SEVERITY_NAMES.map((name) => [name, 0]));
    for (const { severity } of views.alerts) bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + 1);
    for (const [severity, count] of bySeverity) this.#set('alerts', 'Alerts that are kept', { severity }, count);
  }

  #risk({ engine, setup }: ServerContext): void {
    const { risk } = engine;
    for (const [index, state] of RISK_STATE_NAMES.entries()) {
      this.#set(
        'risk_state',
        'State of trading: 1 for the one that holds',
        { state },
        engine.riskState === index ? 1 : 0,
      );
    }
    for (const { instrument, state } of breakerInfos(engine, setup.header.epochDay)) {
      for (const each of BREAKER_STATE_NAMES) {
        this.#set(
          'breaker_state',
          'Circuit breaker: 1 for the state that holds',
          { instrument, state: each },
          state === each ? 1 : 0,
        );
      }
    }
    if (risk === undefined) return;
    this.#set('value_at_risk', 'As the session watches it, risk currency', {}, risk.varGuard.valueAtRisk);
  }

  #machine(system: SystemInfo, isReady: boolean): void {
    const { memory, gc, trading, server, rings, journal, replica, clients, redis } = system;
    this.#set('ready', 'Feeds fresh, ways to venues up, recovered, reconciled', {}, isReady ? 1 : 0);
    this.#set('uptime_seconds', 'Since the process started', {}, system.uptimeSeconds);
    this.#count('inputs_total', 'Inputs that the engine has taken', {}, system.inputs);
    this.#set('inputs_per_second', 'Lately', {}, system.inputsPerSecond);
    this.#set('cpu_ratio', 'Processor time of the process, 1 = one core', {}, system.cpuPercent / 100);
    this.#set('resident_memory_bytes', 'Of the process', {}, memory.rssBytes);
    this.#set('heap_used_bytes', 'Of the trading thread', {}, memory.heapUsedBytes);
    this.#set('heap_bytes', 'Of the trading thread', {}, memory.heapTotalBytes);
    this.#count('gc_total', 'Collections of garbage of the trading thread', {}, gc.count);
    this.#count('gc_seconds_total', 'Time of them', {}, gc.totalMs / 1e3);
    for (const [thread, loop] of [
      ['trading', trading],
      ['server', server],
    ] as const) {
      this.#set('event_loop_delay_mean_seconds', 'How late the event loop is', { thread }, loop.meanMs / 1e3);
      this.#set('event_loop_delay_p99_seconds', 'How late the event loop is', { thread }, loop.p99Ms / 1e3);
      this.#set('event_loop_delay_max_seconds', 'How late the event loop is', { thread }, loop.maxMs / 1e3);
      this.#set('event_loop_utilisation_ratio', 'Share of the time that it was busy', { thread }, loop.utilisation);
    }
    for (const { name, fill, refused } of rings) {
      this.#set('ring_fill_ratio', 'How full a ring is', { ring: name }, fill);
      this.#count('ring_refused_total', 'Records that found a ring full', { ring: name }, refused);
    }
    this.#set('journal_pending', 'Records that wait to be written', {}, journal.pending);
    this.#count('journal_records_total', 'Records of the journal', {}, journal.records);
    this.#set('journal_failed', '1: it cannot be written', {}, journal.failure === '' ? 0 : 1);
    this.#set('replica_lag', 'Inputs that the shown engine has yet to take', {}, replica.lag);
    this.#set('replica_equal', '1: its hashes are the trading engine’s', {}, replica.isEqual ? 1 : 0);
    this.#count('replica_comparisons_total', 'Comparisons of the hashes', {}, replica.comparisons);
    this.#set('stream_clients', 'Clients of the stream', {}, clients.connected);
    this.#set('stream_slow_clients', 'Those that have not read what they were sent', {}, clients.slow);
    this.#count('stream_bytes_total', 'Sent to clients', {}, clients.sentBytes);
    this.#count('stream_messages_total', 'Sent to clients', {}, clients.sentMessages);
    this.#set('redis_up', '1: the mirror is written', {}, redis.state === 'up' ? 1 : 0);
    this.#count('redis_written_total', 'Commands to Redis', {}, redis.written);
  }

  /** Of sessions with venues alone. */
  #venue({ name, lastMessageMs, link }: SystemInfo['venues'][number], nowMs: number): void {
    if (link === null) return;
    const venue = { venue: name };
    const { counts, clock, bannedUntilMs } = link;
    const ageMs = lastMessageMs === null ? Number.NaN : Math.max(0, nowMs - lastMessageMs);
    this.#set('venue_feed_up', '1: market data comes', venue, link.isFeedUp ? 1 : 0);
    if (link.orders !== 'none') {
      this.#set('venue_orders_up', '1: requests are taken and reports complete', venue, link.orders === 'up' ? 1 : 0);
    }
    for (const line of link.lines) {
      this.#set('venue_line_up', '1: the connection stands', { venue: name, line: line.name }, line.isUp ? 1 : 0);
    }
    this.#count('venue_messages_total', 'Messages of market data', venue, link.messages);
    this.#set('venue_messages_per_second', 'Lately', venue, link.messagesPerSecond);
    this.#set('venue_message_age_seconds', 'Since the last market data', venue, ageMs / 1e3);
    this.#set('venue_stale_books', 'Books that are not believed now', venue, link.staleBooks.length);
    this.#count('venue_stales_total', 'Books that ceased to be believed', venue, counts.stales);
    this.#count('venue_resyncs_total', 'Books that were asked for anew', venue, counts.resyncs);
    this.#count('venue_reconnects_total', 'Connections that broke or could not be made', venue, counts.reconnects);
    this.#count('venue_zombies_total', 'Connections given up as nothing was heard', venue, counts.zombies);
    this.#count('venue_rate_limited_total', 'Requests that found no room below a limit', venue, counts.rateLimited);
    this.#count('venue_switches_total', 'The other one of two connections took the lead', venue, counts.switches);
    this.#count('venue_duplicates_total', 'Messages that had come by the other connection', venue, counts.duplicates);
    this.#count('venue_gaps_total', 'Messages that are missing', venue, counts.gaps);
    this.#count('venue_bad_checksums_total', 'Checksums that were wrong', venue, counts.badChecksums);
    this.#count('venue_unreadable_total', 'Messages that could not be read', venue, counts.unreadable);
    this.#set(
      'venue_clock_offset_seconds',
      'The venue’s clock less ours',
      venue,
      (clock?.offsetMs ?? Number.NaN) / 1e3,
    );
    this.#set(
      'venue_clock_error_seconds',
      'By how much that may be wrong',
      venue,
      (clock?.errorMs ?? Number.NaN) / 1e3,
    );
    this.#set('venue_round_trip_seconds', 'Of a question by REST', venue, (clock?.roundTripMs ?? Number.NaN) / 1e3);
    for (const { rule, used, limit } of link.budgets) {
      this.#set('venue_budget_ratio', 'Used of our share of a limit', { venue: name, rule }, used / limit);
    }
    this.#set('venue_banned', '1: nothing is sent for now', venue, bannedUntilMs === null ? 0 : 1);
  }

  #set(name: string, help: string, labels: Readonly<Record<string, string>>, value: number): void {
    // What is not known yet has no line.
    if (Number.isFinite(value)) this.#gauge(Gauge, name, help, labels).set(labels, value);
  }

  #count(name: string, help: string, labels: Readonly<Record<string, string>>, value: number): void {
    this.#gauge(ReadCounter, name, help, labels).set(labels, value);
  }

  #gauge(kind: typeof Gauge, name: string, help: string, labels: Readonly<Record<string, string>>): Gauge {
    let gauge = this.#gauges.get(name);
    if (gauge === undefined) {
      gauge = new kind({
        name: `quotewright_${name}`,
        help,
        labelNames: Object.keys(labels),
        registers: [this.#registry],
      });
      this.#gauges.set(name, gauge);
    }
    return gauge;
  }
}

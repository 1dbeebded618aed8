/** The machine under the session, put together: what the trading thread publishes of itself, the second engine, the clients, Redis. */
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { SessionRecorder } from '@quotewright/core/analytics/recorder';
import type { Engine } from '@quotewright/core/engine/engine';
import { instrumentVenues } from '@quotewright/core/market/instrument-venues';
import { STAT } from '../feed/host-stats.ts';
import { HostStatsReader } from '../feed/host-stats-reader.ts';
import { engineLatency, recordedLatencies } from './latencies.ts';
import type { SystemInfo } from './protocol/system.ts';
import type { VenuesReport } from './protocol/venues.ts';
import { marketMs, marketMsOrNull } from './views/market-time.ts';

/** Of the histogram of the event loop's delay. */
const RESOLUTION_MS = 10;
/** What is measured over time is taken anew so often. */
const PERIOD_MS = 1000;

export interface SystemParts {
  readonly stats: SharedArrayBuffer;
  readonly epochDay: number;
  readonly startedMs: number;
  engine(): Engine;
  replica(): SystemInfo['replica'];
  rings(): SystemInfo['rings'];
  recorders(): readonly SessionRecorder[];
  clients(): SystemInfo['clients'];
  redis(): SystemInfo['redis'];
  /** undefined: the trading thread has told of none. */
  venues(): VenuesReport | undefined;
}

export class SystemMonitor {
  /** As `STAT`; zeros before the trading thread has published anything. */
  readonly stats: Float64Array;
  readonly #parts: SystemParts;
  readonly #reader: HostStatsReader;
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #busy: EventLoopUtilization = performance.eventLoopUtilization();
  #server: SystemInfo['server'] = { meanMs: 0, p99Ms: 0, maxMs: 0, utilisation: 0 };
  #periodMs = performance.now();
  /** Inputs and wall time of the period before. */
  #before = { inputs: 0, wallMs: 0 };
  #inputsPerSecond = 0;

  constructor(parts: SystemParts) {
    this.#parts = parts;
    this.#reader = new HostStatsReader(parts.stats);
    this.stats = this.#reader.values;
    this.#delay.enable();
  }

  /** To be called now and then. @returns false before the trading thread has published anything */
  look(): boolean {
    const isThere = this.#reader.read();
    const nowMs = performance.now();
    if (nowMs - this.#periodMs < PERIOD_MS) return isThere;
    this.#periodMs = nowMs;
    this.#measureLoop();
    const inputs = this.stats[STAT.INPUTS]!;
    const wallMs = this.stats[STAT.WALL_MS]!;
    const passedMs = wallMs - this.#before.wallMs;
    if (passedMs > 0) {
      // Of the first period it is not known when it began.
      if (this.#before.wallMs > 0) this.#inputsPerSecond = (1000 * (inputs - this.#before.inputs)) / passedMs;
      this.#before = { inputs, wallMs };
    }
    return isThere;
  }

  close(): void {
    this.#delay.disable();
  }

  info(): SystemInfo {
    this.look();
    const { stats } = this;
    const { epochDay, startedMs } = this.#parts;
    const venues = this.#parts.venues();
    const records = stats[STAT.JOURNAL_RECORDS]!;
    const isOn = records >= 0 && stats[STAT.WALL_MS]! > 0;
    const capacity = stats[STAT.JOURNAL_CAPACITY]!;
    const pending = stats[STAT.JOURNAL_PENDING]!;
    return {
      wallMs: stats[STAT.WALL_MS]!,
      marketMs: marketMs(epochDay, stats[STAT.MARKET_NS]!),
      uptimeSeconds: Math.max(0, (Date.now() - startedMs) / 1000),
      inputs: stats[STAT.INPUTS]!,
      inputsPerSecond: Math.max(0, this.#inputsPerSecond),
      cpuPercent: stats[STAT.CPU_PERCENT]!,
      memory: {
        rssBytes: stats[STAT.RSS]!,
        heapUsedBytes: stats[STAT.HEAP_USED]!,
        heapTotalBytes: stats[STAT.HEAP_TOTAL]!,
        externalBytes: stats[STAT.EXTERNAL]!,
      },
      gc: { count: stats[STAT.GC_COUNT]!, totalMs: stats[STAT.GC_TOTAL_MS]!, maxMs: stats[STAT.GC_MAX_MS]! },
      trading: {
        meanMs: stats[STAT.LOOP_MEAN_MS]!,
        p99Ms: stats[STAT.LOOP_P99_MS]!,
        maxMs: stats[STAT.LOOP_MAX_MS]!,
        utilisation: stats[STAT.LOOP_BUSY]!,
      },
      server: this.#server,
      rings: [
        ...this.#parts.rings(),
        ...(isOn && capacity > 0 ? [{ name: 'journal', fill: pending / capacity, capacity, refused: 0 }] : []),
      ],
      journal: {
        isOn,
        pending: isOn ? pending : 0,
        records: isOn ? records : 0,
        failure: stats[STAT.JOURNAL_FAILED] === 0 ? '' : 'the journal cannot be written',
      },
      replica: this.#parts.replica(),
      clients: this.#parts.clients(),
      redis: this.#parts.redis(),
      venues: venuesOf(this.#parts.engine(), epochDay, venues),
      venueEvents: venues === undefined ? [] : [...venues.events],
      latencies: [engineLatency(stats), ...recordedLatencies(this.#parts.recorders())],
    };
  }

  #measureLoop(): void {
    const delay = this.#delay;
    const busy = performance.eventLoopUtilization();
    const utilisation = performance.eventLoopUtilization(busy, this.#busy).utilization;
    this.#busy = busy;
    if (delay.count > 0) {
      this.#server = {
        meanMs: late(delay.mean),
        p99Ms: late(delay.percentile(99)),
        maxMs: late(delay.max),
        utilisation,
      };
    }
    delay.reset();
  }
}

/** The histogram holds the whole interval between two looks of a timer; NaN when there was none. */
function late(ns: number): number {
  return ns === ns ? Math.max(0, ns / 1e6 - RESOLUTION_MS) : 0;
}

function venuesOf(
  { instruments, seats }: Engine,
  epochDay: number,
  report: VenuesReport | undefined,
): SystemInfo['venues'] {
  const { names, venueOf } = instrumentVenues(instruments);
  return names.map((name, venue) => {
    const markets = seats[0]!.markets.filter(({ index }) => venueOf[index] === venue);
    const newestNs = Math.max(...markets.map(({ receivedNs }) => (receivedNs === receivedNs ? receivedNs : -Infinity)));
    return {
      name,
      isConnected: markets.every(({ isConnected }) => isConnected),
      lastMessageMs: marketMsOrNull(epochDay, newestNs),
      link: report?.links.get(name) ?? null,
    };
  });
}

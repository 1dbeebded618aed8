/** What the trading thread measures of itself, published in shared memory a few times a second. */
import { type EventLoopUtilization, PerformanceObserver, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { SeqlockWriter } from '@quotewright/core/base/seqlock';
import { SLICE_BUCKET_COUNT, STAT, STAT_COUNT } from './host-stats.ts';

/** Of the histogram of the event loop's delay. */
const RESOLUTION_MS = 10;
/** Lower edge of the first bucket of slices, nanoseconds; each is a quarter of an octave wide. */
const SMALLEST_NS = 16;
const BUCKETS_PER_OCTAVE = 4;

/** The journal's part; absent: there is none. */
export interface JournalStats {
  readonly appended: number;
  readonly pending: number;
  readonly capacity: number;
  readonly failure: string;
}

export class HostStats {
  readonly #values = new Float64Array(STAT_COUNT);
  readonly #lock: SeqlockWriter;
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #gc: PerformanceObserver;
  #busy: EventLoopUtilization = performance.eventLoopUtilization();
  #cpu = process.cpuUsage();
  #cpuAt = performance.now();

  constructor(buffer: SharedArrayBuffer) {
    this.#lock = new SeqlockWriter(buffer);
    this.#delay.enable();
    this.#gc = new PerformanceObserver((list) => {
      const values = this.#values;
      for (const { duration } of list.getEntries()) {
        values[STAT.GC_COUNT]!++;
        values[STAT.GC_TOTAL_MS]! += duration;
        if (duration > values[STAT.GC_MAX_MS]!) values[STAT.GC_MAX_MS] = duration;
      }
    });
    this.#gc.observe({ entryTypes: ['gc'] });
  }

  /** A slice took so many inputs in so long. */
  slice(inputs: number, elapsedMs: number): void {
    if (inputs === 0) return;
    const octaves = Math.log2((elapsedMs * 1e6) / inputs / SMALLEST_NS);
    const bucket = Math.min(SLICE_BUCKET_COUNT - 1, Math.max(0, Math.floor(octaves * BUCKETS_PER_OCTAVE)));
    this.#values[STAT.SLICES]!++;
    this.#values[STAT.SLICE_BUCKETS + bucket]!++;
  }

  /** Publishes what was measured since the last time. */
  write(inputs: number, marketNs: number, journal: JournalStats | undefined): void {
    const values = this.#values;
    const delay = this.#delay;
    values[STAT.INPUTS] = inputs;
    values[STAT.WALL_MS] = Date.now();
    values[STAT.MARKET_NS] = marketNs;
    if (delay.count > 0) {
      values[STAT.LOOP_MEAN_MS] = late(delay.mean);
      values[STAT.LOOP_P99_MS] = late(delay.percentile(99));
      values[STAT.LOOP_MAX_MS] = late(delay.max);
    }
    delay.reset();
    const busy = performance.eventLoopUtilization();
    values[STAT.LOOP_BUSY] = performance.eventLoopUtilization(busy, this.#busy).utilization;
    this.#busy = busy;
    const memory = process.memoryUsage();
    values[STAT.HEAP_USED] = memory.heapUsed;
    values[STAT.HEAP_TOTAL] = memory.heapTotal;
    values[STAT.EXTERNAL] = memory.external;
    values[STAT.RSS] = memory.rss;
    const nowMs = performance.now();
    const cpu = process.cpuUsage();
    const spentMs = (cpu.user - this.#cpu.user + cpu.system - this.#cpu.system) / 1e3;
    if (nowMs > this.#cpuAt) values[STAT.CPU_PERCENT] = (100 * spentMs) / (nowMs - this.#cpuAt);
    this.#cpu = cpu;
    this.#cpuAt = nowMs;
    values[STAT.JOURNAL_RECORDS] = journal?.appended ?? -1;
    values[STAT.JOURNAL_PENDING] = journal?.pending ?? -1;
    values[STAT.JOURNAL_CAPACITY] = journal?.capacity ?? -1;
    values[STAT.JOURNAL_FAILED] = journal === undefined || journal.failure === '' ? 0 : 1;
    this.#lock.write(values);
  }

  close(): void {
    this.#delay.disable();
    this.#gc.disconnect();
  }
}

/** By how much the event loop was late, milliseconds: the histogram holds whole intervals between two turns of a timer of 10 ms. */
function late(ns: number): number {
  return ns === ns ? Math.max(0, ns / 1e6 - RESOLUTION_MS) : 0;
}

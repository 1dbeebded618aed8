/** Times single operations of an order flow, the clock's own cost included. */
import { build } from 'hdr-histogram-js';
import { type FlowRunner, repeatedId } from './flow-runner.ts';
import { FLOW_STRIDE } from './read-flow.ts';

export interface LatencyNs {
  readonly p50: number;
  readonly p99: number;
  readonly 'p99.9': number;
  readonly 'p99.99': number;
  readonly max: number;
}

export class OperationTimer {
  readonly #histogram = build({ bitBucketSize: 32, lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 });
  /** Durations of a batch; they go into the histogram between batches, so that its cache misses are not timed. */
  #durations = new Float64Array(0);

  /** Runs operations as `FlowRunner.run` does, one clock reading before and one after each. */
  run(runner: FlowRunner, ops: Int32Array, length: number, describe: (index: number) => string): void {
    if (this.#durations.length < length) this.#durations = new Float64Array(length);
    const durations = this.#durations;
    for (let i = 0; i < length; i++) {
      const start = performance.now();
      const isDone = runner.step(ops, i * FLOW_STRIDE);
      durations[i] = performance.now() - start;
      if (!isDone) throw repeatedId(describe(i));
    }
    for (let i = 0; i < length; i++) this.#histogram.recordValue(Math.round(durations[i]! * 1e6));
  }

  percentiles(): LatencyNs {
    const at = (percentile: number): number => this.#histogram.getValueAtPercentile(percentile);
    return { p50: at(50), p99: at(99), 'p99.9': at(99.9), 'p99.99': at(99.99), max: this.#histogram.maxValue };
  }
}

/** The matching engine on the three workloads, with events published, against the naive book on the same operations. */
import { GCProfiler } from 'node:v8';
import { FlowRunner } from 'quotewright/order-flow/flow-runner';
import { OperationTimer } from 'quotewright/order-flow/operation-timer';
import { BATCH_OPS, FLOW_STRIDE } from 'quotewright/order-flow/read-flow';
import { NaiveMatchBook } from './naive-match.ts';
import { type Workload, loadWorkload } from './workloads.ts';

const ROUNDS = 7;
/** The naive book is quadratic in its queues: it gets the first operations only. */
const NAIVE_OPS = 500_000;
const COMPARED = [
  'trades',
  'tradedQty',
  'tradeHash',
  'resting',
  'bidLevels',
  'askLevels',
  'bestBid',
  'bestAsk',
] as const;

export function benchMatch() {
  return (['mix', 'cross', 'deep'] as const).map((name) => measure(loadWorkload(name)));
}

function measure(workload: Workload) {
  const { name, count } = workload;
  const rounds: number[] = [];
  let scavenges = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const runner = new FlowRunner(count, count);
    const profiler = new GCProfiler();
    profiler.start();
    const start = performance.now();
    inBatches(workload, (batch, length) => runner.run(batch, length, String));
    rounds.push(((performance.now() - start) * 1e6) / count);
    const collections = profiler.stop()?.statistics ?? [];
    scavenges = collections.filter(({ gcType }) => gcType === 'Scavenge').length;
    check(workload, runner);
  }
  rounds.sort((a, b) => a - b);
  return {
    workload: name,
    ops: count,
    nsPerOp: rounds[0],
    medianNsPerOp: rounds[ROUNDS >> 1],
    naiveNsPerOp: naive(workload),
    naiveOps: Math.min(NAIVE_OPS, count),
    scavengesInLastRound: scavenges,
    latencyNs: latency(workload),
  };
}

/** Hands over the operations as a reader would. */
function inBatches({ ops, count }: Workload, run: (batch: Int32Array, length: number) => void): void {
  for (let from = 0; from < count; from += BATCH_OPS) {
    const length = Math.min(BATCH_OPS, count - from);
    run(ops.subarray(from * FLOW_STRIDE, (from + length) * FLOW_STRIDE), length);
  }
}

/** Nanoseconds of single operations, the clock included; the second pass over the flow, when all is compiled. */
function latency(workload: Workload) {
  const { count } = workload;
  let timer = new OperationTimer();
  for (let pass = 0; pass < 2; pass++) {
    timer = new OperationTimer();
    const runner = new FlowRunner(count, count);
    inBatches(workload, (batch, length) => timer.run(runner, batch, length, String));
  }
  return timer.percentiles();
}

function naive({ ops, count }: Workload): number {
  const book = new NaiveMatchBook();
  const length = Math.min(NAIVE_OPS, count);
  const start = performance.now();
  for (let i = 0; i < length; i++) {
    const at = i * FLOW_STRIDE;
    book.apply(ops[at]!, ops[at + 1]!, ops[at + 2]!, ops[at + 3]!, ops[at + 4]!);
  }
  const ns = ((performance.now() - start) * 1e6) / length;
  const runner = new FlowRunner(length, length);
  runner.run(ops, length, String);
  if (runner.result().tradeHash !== book.hash >>> 0) throw new Error('bench: the naive book trades otherwise');
  return ns;
}

function check({ name, expected }: Workload, runner: FlowRunner): void {
  const result = runner.result();
  for (const key of COMPARED) {
    if (result[key] === expected[key]) continue;
    throw new Error(`bench: ${name}: ${key} is ${String(result[key])}, expected ${String(expected[key])}`);
  }
}

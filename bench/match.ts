/** The matching engine on the three workloads, with events published, against the naive book on the same operations. */
import { GCProfiler } from 'node:v8';
import { FlowRunner } from 'quotewright/order-flow/flow-runner';
import { OperationTimer } from 'quotewright/order-flow/operation-timer';
import { NaiveMatchBook } from './naive-match.ts';
import { type Workload, loadWorkload } from './workloads.ts';

const ROUNDS = 7;
/** Operations handed over at a time, as a reader would. */
const BATCH = 65_536;
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
  const { name, ops, count } = workload;
  const rounds: number[] = [];
  let scavenges = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const runner = new FlowRunner(count, count);
    const profiler = new GCProfiler();
    profiler.start();
    const start = performance.now();
    for (let from = 0; from < count; from += BATCH) {
      const length = Math.min(BATCH, count - from);
      runner.run(ops.subarray(from * 5, (from + length) * 5), length, String);
    }
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

/** Nanoseconds of single operations, the clock included; the second pass over the flow, when all is compiled. */
function latency({ ops, count }: Workload) {
  let timer = new OperationTimer();
  for (let pass = 0; pass < 2; pass++) {
    timer = new OperationTimer();
    const runner = new FlowRunner(count, count);
    for (let from = 0; from < count; from += BATCH) {
      const length = Math.min(BATCH, count - from);
      timer.run(runner, ops.subarray(from * 5, (from + length) * 5), length, String);
    }
  }
  return timer.percentiles();
}

function naive({ ops, count }: Workload): number {
  const book = new NaiveMatchBook();
  const length = Math.min(NAIVE_OPS, count);
  const start = performance.now();
  for (let i = 0; i < length; i++) {
    const at = i * 5;
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

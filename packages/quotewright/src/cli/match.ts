/** `quotewright match`: order flow through the matching engine. */
import { open, stat } from 'node:fs/promises';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import Table from 'cli-table3';
import pc from 'picocolors';
import { FlowRunner } from '../order-flow/flow-runner.ts';
import { generateFlow } from '../order-flow/generate-flow.ts';
import { OperationTimer } from '../order-flow/operation-timer.ts';
import { BATCH_OPS, FLOW_STRIDE, readFlow } from '../order-flow/read-flow.ts';
import { parseSeed } from './arguments.ts';

const RECORD_BYTES = FLOW_STRIDE * 4;
/** Ids for which the table is ready from the start: 64 MiB. */
const MAX_READY_IDS = 2 ** 24;
const MAX_GENERATED_OPS = 1e9;
const LADDER_LEVELS = 8;

export function matchCommand() {
  return new Command('match')
    .description('the matching engine')
    .exitOverride()
    .addCommand(
      new Command('replay')
        .exitOverride()
        .description('run an order-flow file (CSV op,id,side,price,qty or int32×5) and print what came of it as JSON')
        .argument('<file>', 'op 0 add GTC, 1 cancel, 2 add IOC; side 0 buy, 1 sell; whole ticks and lots')
        .option('--latency', 'time every operation: p50, p99, p99.9, p99.99, the clock included', false)
        .action(async (file, { latency }) => {
          process.stdout.write(`${JSON.stringify(await replay(file, latency))}\n`);
        }),
    )
    .addCommand(
      new Command('generate')
        .exitOverride()
        .description('write a seeded order flow as int32×5')
        .argument('<out>', 'the file to write')
        .option('--ops <count>', 'operations', parseCount, 1_000_000)
        .option('--seed <number>', 'the same seed gives the same flow', parseSeed, 1)
        .action(async (out, { ops, seed }) => generate(out, ops, seed)),
    )
    .addCommand(
      new Command('demo')
        .exitOverride()
        .description('run a generated order flow and show the book that it leaves')
        .option('--ops <count>', 'operations', parseCount, 2_000_000)
        .option('--seed <number>', 'the same seed gives the same flow', parseSeed, 1)
        .action(({ ops, seed }) => demo(ops, seed)),
    );
}

async function replay(path: string, isTimed: boolean) {
  // A file of int32×5 has no more ids than operations; a compressed or a text file may have more, and the table grows.
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  const runner = new FlowRunner(BATCH_OPS, Math.min(size / RECORD_BYTES, MAX_READY_IDS));
  const timer = isTimed ? new OperationTimer() : undefined;
  let elapsedMs = 0;
  for await (const { ops, length, first } of readFlow(path)) {
    const describe = (index: number): string => `${path}:${first + index}`;
    const start = performance.now();
    if (timer === undefined) runner.run(ops, length, describe);
    else timer.run(runner, ops, length, describe);
    elapsedMs += performance.now() - start;
  }
  const result = runner.result();
  const nsPerOp = result.ops === 0 ? null : Number(((elapsedMs * 1e6) / result.ops).toFixed(2));
  return timer === undefined ? { ...result, nsPerOp } : { ...result, nsPerOp, latencyNs: timer.percentiles() };
}

async function generate(out: string, count: number, seed: number): Promise<void> {
  const file = await open(out, 'w');
  try {
    for (const { ops, length } of generateFlow(count, seed)) {
      await file.write(new Uint8Array(ops.buffer, 0, length * RECORD_BYTES));
    }
  } finally {
    await file.close();
  }
}

const whole = (value: number): string => value.toLocaleString('en-US');

function demo(count: number, seed: number): void {
  const runner = new FlowRunner(BATCH_OPS, Math.min(count, MAX_READY_IDS));
  let elapsedMs = 0;
  for (const { ops, length, first } of generateFlow(count, seed)) {
    const start = performance.now();
    runner.run(ops, length, (index) => `operation ${first + index}`);
    elapsedMs += performance.now() - start;
  }
  const { trades, tradedQty, tradeHash, resting, bidLevels, askLevels } = runner.result();

  const out = [
    `${pc.bold('Order flow')}   ${whole(count)} operations from seed ${seed}, ${((elapsedMs * 1e6) / count).toFixed(0)} ns each`,
    `${pc.bold('Trades')}       ${whole(trades)} for ${whole(tradedQty)} lots, hash ${tradeHash}`,
    `${pc.bold('Book')}         ${whole(resting)} orders on ${bidLevels} bid and ${askLevels} ask levels`,
    '',
    ladder(runner),
    '',
  ];
  process.stdout.write(out.join('\n'));
}

/** The best levels of both sides, asks above bids, as a table. */
function ladder(runner: FlowRunner): string {
  const { book } = runner.engine;
  const table = new Table({
    head: ['bid lots', 'price (ticks)', 'ask lots'],
    colAligns: ['right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const asks: string[][] = [];
  for (let level = book.best(1); level !== 0 && asks.length < LADDER_LEVELS; level = book.levelAfter(level)) {
    asks.push(['', String(book.levelPrice(level)), pc.red(String(book.levelLots(level)))]);
  }
  table.push(...asks.toReversed());
  let bids = 0;
  for (let level = book.best(0); level !== 0 && bids < LADDER_LEVELS; level = book.levelAfter(level), bids++) {
    table.push([pc.green(String(book.levelLots(level))), String(book.levelPrice(level)), '']);
  }
  return table.toString();
}

function parseCount(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MAX_GENERATED_OPS) return value;
  throw new InvalidArgumentError('expected a whole number from 1 to 1000000000.');
}

/** `quotewright simulate`: a strategy in a living market, as fast as it goes; with a journal it survives its process. */
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { type AlongsideOption } from '../backtest/simulation-header.ts';
import { type SimulationOutcome, simulate } from '../backtest/simulation.ts';
import { parseDurationNs } from '../config/units.ts';
import { collectParam, paramOption, parseSeed } from './arguments.ts';
import { endRun } from './end-run.ts';
import { watchInterrupt } from './interrupt.ts';

/** The session had to end: its journal failed, or another process took it over. */
const EXIT_FAILED = 1;

export function simulateCommand() {
  return new Command('simulate')
    .description('run a strategy in a living market, where its orders move what others see')
    .exitOverride()
    .argument('[strategy]', 'a built-in strategy, or a file', 'microprice-maker')
    .option('--symbols <list>', 'instruments, separated by commas', 'BTCUSDT')
    .option('--market <file>', 'YAML of instruments, parameters and regimes, as calibrate writes it')
    .addOption(paramOption('a parameter of the strategy'))
    .addOption(
      new Option('--alongside <strategy...>', 'one that runs beside it, as hedger or hedger:threshold=2,band=fixed')
        .argParser(alongside)
        .default([], 'none'),
    )
    .addOption(
      new Option('--duration <time>', 'market time, as 10m or 1h').argParser(parseDuration).default(600, '10m'),
    )
    .option('--latency <delay>', 'of requests, reports and market data; VENUE=DELAY,… for several venues', '1ms')
    .option('--seed <number>', 'the same seed gives the same run', parseSeed, 1)
    .option('--risk <file>', 'limits, circuit breakers and alerts; `none` for no limits')
    .option('--journal <dir>', 'keep the session there; a session that is there already goes on')
    .addOption(
      new Option('--durability <mode>', 'when an input counts as safe')
        .choices(['none', 'batch', 'sync'] as const)
        .default('batch' as const),
    )
    .addOption(
      new Option('--snapshot-every <time>', 'market time between snapshots of a session with a journal')
        .argParser(parseTime)
        .default(60e9, '1m'),
    )
    .addOption(
      new Option('--keep <what>', 'of the journal: all, or what the kept snapshots do not stand for')
        .choices(['all', 'snapshots'] as const)
        .default('all' as const),
    )
    .addOption(
      new Option('--outage <time>', 'how long the venue lived on alone when a session goes on')
        .argParser(parseTime)
        .default(5e9, '5s'),
    )
    .addOption(
      new Option('--unknown-orders <policy>', 'what becomes of open orders that a recovered session does not know')
        .choices(['cancel', 'adopt'] as const)
        .default('cancel' as const),
    )
    .option('--out <dir>', 'write result.json, tables and report.html there')
    .option('--log-events <file>', 'write what the strategy saw and did as JSON Lines')
    .option('--json', 'print the result as JSON', false)
    .action(async (strategy, flags, command) => {
      const { journal: dir, durability, snapshotEvery, keep, outage, unknownOrders, out, logEvents, json } = flags;
      const { param, alongside: beside, symbols, market, duration, latency, seed, risk } = flags;
      const names = Object.keys(flags).filter((name) => command.getOptionValueSource(name) === 'cli');
      const given = new Set(command.args.length > 0 ? ['strategy', ...names] : names);
      const interrupt = watchInterrupt();
      try {
        const outcome = await simulate({
          options: { strategy, param, alongside: beside, symbols, market, duration, latency, seed, risk },
          given: new Set([...given].filter((name) => SESSION_OPTIONS.has(name))),
          journal:
            dir === undefined
              ? undefined
              : { dir, durability, keep, outageNs: outage, snapshotNs: snapshotEvery, unknownOrders },
          out,
          logEvents,
          isInterrupted: interrupt.isAsked,
          say: (text) => process.stderr.write(text),
        });
        await finish(outcome, { json, out });
      } finally {
        interrupt.stop();
      }
    });
}

/** What a session is begun with, and cannot be changed when it goes on. */
const SESSION_OPTIONS = new Set([
  'strategy',
  'param',
  'alongside',
  'symbols',
  'market',
  'duration',
  'latency',
  'seed',
  'risk',
]);

async function finish(outcome: SimulationOutcome, flags: { json: boolean; out: string | undefined }): Promise<void> {
  const { output, result, operations, failure } = outcome;
  try {
    await endRun(output, result, flags);
    if (!flags.json) {
      process.stdout.write(
        `${count(operations)} operations of the matching engine, ${count(result.rows)} inputs of ours\n`,
      );
    }
    if (failure === '') return;
    process.stderr.write(`quotewright: ${failure}\n`);
    process.exitCode = EXIT_FAILED;
  } finally {
    process.stderr.write(await output.close());
  }
}

const count = (n: number): string => n.toLocaleString('en-US');

function parseDuration(text: string): number {
  const ns = parseDurationNs(text);
  if (ns > 0 && ns < 104 * 86_400e9) return ns / 1e9;
  throw new InvalidArgumentError('expected a duration such as 10m or 1h, at most 104 days.');
}

function parseTime(text: string): number {
  const ns = parseDurationNs(text);
  if (ns >= 0 && ns < 104 * 86_400e9) return ns;
  throw new InvalidArgumentError('expected a duration such as 5s or 1m.');
}

/** `name` or `name:param=value,param=value`. */
function alongside(text: string, before: readonly AlongsideOption[]): readonly AlongsideOption[] {
  const at = text.indexOf(':');
  if (at < 0) return [...before, { strategy: text, params: {} }];
  const params = text
    .slice(at + 1)
    .split(',')
    .reduce((so, part) => collectParam(part, so), {});
  return [...before, { strategy: text.slice(0, at), params }];
}

/** `quotewright backtest`: a strategy over recorded market data. */
import { Command, Option } from '@commander-js/extra-typings';
import type { StrategyDefinition } from '@quotewright/core/strategies/strategy';
import { BacktestAlerts } from '../backtest/backtest-alerts.ts';
import { parity, PARITY_SETTINGS } from '../backtest/parity.ts';
import { planBacktest } from '../backtest/plan.ts';
import { guardBacktest } from '../backtest/guard.ts';
import { backtestResult } from '../backtest/result.ts';
import { runBacktest } from '../backtest/run-backtest.ts';
import { RunOutput } from '../backtest/run-output.ts';
import { parityFigures } from '../backtest/parity-figures.ts';
import { type BacktestInput, type BacktestSettings, backtestSettings } from '../backtest/settings.ts';
import { loadStrategy } from '../backtest/load-strategy.ts';
import { watchSystemImports } from '../backtest/system-imports.ts';
import { checkSettings, readConfig } from '../config/read-config.ts';
import { paramOption, parseSeed } from './arguments.ts';
import { PROGRESS, type ProgressKind, showProgress } from './backtest-bar.ts';
import { endRun } from './end-run.ts';

export function backtestCommand() {
  return new Command('backtest')
    .description('run a strategy over recorded market data')
    .exitOverride()
    .argument('[strategy]', 'a built-in strategy (see `quotewright strategies`) or a file')
    .argument('[data...]', 'recordings, as with --data')
    .option('--data <file...>', 'recordings; several are merged by the time at which they were received')
    .option('--config <file>', 'settings from a YAML or JSON file; flags override them')
    .addOption(paramOption('a parameter of the strategy'))
    .option('--with <strategy...>', 'other strategies in the same run, each with an account of its own')
    .option('--from <time>', 'trade from here on (ISO time); what lies before builds the books')
    .option('--to <time>', 'end here')
    .option('--capital <amount>', 'starting cash in the settlement currency of the first instrument')
    .option('--maker-fee <share>', 'of the notional, signed: -0.00005 is a rebate of half a basis point')
    .option('--taker-fee <share>', 'of the notional')
    .option('--latency <delay>', 'of requests and of reports: 1ms, 1ms+exp:200us, 1ms+lognormal:300us:0.6')
    .option('--latency-curve <file>', 'latencies recorded: CSV of time,entry,response in nanoseconds')
    .option(
      '--queue <model>',
      'queue model: hazard, risk-averse, power1…3, log1, log2, touch, through; power2:3 sets n',
    )
    .option('--fills <rule>', 'partial, or whole (an order fills at once and wholly)')
    .option('--truth <file>', 'truth.json of `fills truth --out`: its calibration of the queue model, in the report')
    .option('--mark <price>', 'value positions at mid, last or microprice')
    .option('--no-bounds', 'leave out the optimistic and the pessimistic run')
    .option('--clock-shift <duration>', 'added to the local clock; auto repairs a clock that is behind')
    .option('--impact <ticks>', 'what own takers pay beyond the recorded prices: ticks per square root of size')
    .option('--funding <rate>', 'funding of perpetuals every eight hours')
    .option('--risk <file>', 'limits and circuit breakers, YAML; none for none of them (default: the default limits)')
    .option('--seed <number>', 'of everything random', parseSeed)
    .option('--format <name>', 'of the data, if its content does not tell')
    .option('--tick <step>', 'price step, if the data does not tell')
    .option('--lot <step>', 'size step, if the data does not tell')
    .option('--out <dir>', 'write result.json, fills.csv, orders.csv, equity.csv, alerts.jsonl and report.html there')
    .option('--log-events <file>', 'write what the strategy saw and did as JSON Lines')
    .option('--guard', 'prove that the strategy does not look ahead, by cutting the data; exit 1 if it does', false)
    .option('--json', 'print the result as JSON', false)
    .addOption(
      new Option('--progress <how>', 'say on standard error how far it is: a bar on a terminal, or lines of JSON')
        .choices(PROGRESS)
        .default('bar' as const),
    )
    .action(async (strategy, data, options) => {
      const preset = strategy === parity.name ? PARITY_SETTINGS : {};
      const file = options.config === undefined ? {} : await readConfig(options.config);
      const given = { ...preset, ...file, ...fromFlags(strategy, [...data, ...(options.data ?? [])], options) };
      const settings = checkSettings(backtestSettings, given, options.config ?? 'backtest');
      const known = settings.strategy === parity.name ? parity : undefined;
      if (options.guard) await guard(settings, known);
      else if (known !== undefined && options.json) await printParity(settings);
      else await backtest(settings, known, options);
    });
}

interface OutputFlags {
  readonly out?: string | undefined;
  readonly logEvents?: string | undefined;
  readonly json: boolean;
  readonly progress: ProgressKind;
}

async function backtest(
  settings: BacktestSettings,
  known: StrategyDefinition | undefined,
  options: OutputFlags,
): Promise<void> {
  const plan = await planBacktest(settings, known);
  const { instruments, feed, strategies, cash } = plan;
  const output = new RunOutput({
    instruments,
    epochDay: feed.epochDay,
    strategies,
    cash,
    sampleNs: settings.sample,
    out: options.out,
    logEvents: options.logEvents,
  });
  const alerts = options.out === undefined ? undefined : await BacktestAlerts.open(plan, options.out);
  const bar = showProgress(plan, options.progress);
  try {
    const outcome = await runBacktest(plan, {
      observers: (bound, strategy) => output.observers(bound, strategy),
      onProgress: (rows, runs) => {
        alerts?.drain(runs);
        return bar.onProgress(rows);
      },
      onStart: (ns) => output.start(ns, { data: settings.data, seed: settings.seed }),
    });
    bar.stop();
    alerts?.drain(outcome.runs);
    output.end(outcome.endNs);
    const result = backtestResult(plan, outcome, output.recorders);
    await endRun(output, result, options);
  } finally {
    bar.stop();
    for (const line of (await alerts?.close()) ?? []) process.stderr.write(`${line}\n`);
    process.stderr.write(await output.close());
  }
}

async function printParity(settings: BacktestSettings): Promise<void> {
  const plan = await planBacktest(settings, parity);
  const outcome = await runBacktest(plan, { observers: () => [] });
  process.stdout.write(`${JSON.stringify(parityFigures(plan, outcome))}\n`);
}

async function guard(settings: BacktestSettings, known: StrategyDefinition | undefined): Promise<void> {
  const imports = watchSystemImports();
  try {
    const cuts = await guardBacktest(settings, known ?? (await loadStrategy(settings.strategy)));
    for (const { text, requests, agrees } of cuts) {
      process.stdout.write(
        `cut at ${text}: ${requests} requests before it, ${agrees ? 'the same' : 'NOT THE SAME'} without what follows\n`,
      );
    }
    for (const name of imports.found)
      process.stdout.write(`the strategy imports ${name}: what it learns there is NOT CUT\n`);
    const isClean = imports.found.size === 0 && cuts.every(({ agrees }) => agrees);
    if (isClean) process.stdout.write('The strategy does not look ahead.\n');
    else process.exitCode = 1;
  } finally {
    imports.stop();
  }
}

interface Flags {
  readonly param: Readonly<Record<string, string>>;
  readonly [name: string]: unknown;
}

/** Only what was given, so that it overrides the config file and nothing else does. */
function fromFlags(strategy: string | undefined, data: readonly string[], flags: Flags): Partial<BacktestInput> {
  const { makerFee, takerFee, latency, latencyCurve, queue, funding, bounds, param } = flags;
  const [model, exponent] = typeof queue === 'string' ? queue.split(':') : [];
  const given = {
    strategy,
    data: data.length > 0 ? data : undefined,
    params: Object.keys(param).length > 0 ? param : undefined,
    alongside: Array.isArray(flags.with) ? flags.with.map((name: string) => ({ strategy: name })) : undefined,
    from: flags.from,
    to: flags.to,
    capital: flags.capital,
    fees:
      makerFee !== undefined || takerFee !== undefined ? { maker: makerFee ?? '0', taker: takerFee ?? '0' } : undefined,
    latency:
      latencyCurve !== undefined
        ? { curve: latencyCurve }
        : latency !== undefined
          ? { request: latency, report: latency }
          : undefined,
    queue:
      model === undefined ? undefined : { model, ...(exponent === undefined ? {} : { exponent: Number(exponent) }) },
    truth: flags.truth,
    fills: flags.fills,
    mark: flags.mark,
    bounds: bounds === false ? false : undefined,
    clockShift: flags.clockShift,
    impact: flags.impact === undefined ? undefined : { ticks: Number(flags.impact) },
    funding: funding === undefined ? undefined : { rate: funding },
    risk: flags.risk,
    seed: flags.seed,
    format: flags.format,
    tick: flags.tick,
    lot: flags.lot,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** `quotewright var`: value at risk of a portfolio on a history of prices, with its backtest and stress. */
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { VAR_DEFAULTS, VAR_METHODS, VAR_METHOD_NAMES, type VarMethod } from '@quotewright/core/risk/var/estimate';
import { LIQUIDITY_SCENARIOS, RECORDED_SCENARIOS } from '@quotewright/core/risk/var/scenarios';
import { InputError } from '../data/report.ts';
import { readScenarios } from '../var/own-scenarios.ts';
import { parsePositions } from '../var/positions.ts';
import { PriceTable } from '../var/price-table.ts';
import { study } from '../var/study.ts';
import { studyText } from '../var/study-text.ts';
import { parseSeed } from './arguments.ts';

const ABOUT = Object.entries(VAR_METHODS).map(([name, about]) => `  ${name.padEnd(16)}${about}`);

export function varCommand() {
  return new Command('var')
    .description('value at risk and expected shortfall of a portfolio on a history of prices')
    .exitOverride()
    .argument('<prices...>', 'CSV: Date,BTC,ETH,… or bars with Date, Symbol, Close, a file for each asset')
    .requiredOption('--positions <list>', 'units held, as btc=1,eth=-2')
    .addOption(
      new Option('--method <list>', 'methods, separated by commas, or all')
        .argParser(parseMethods)
        .default(VAR_METHOD_NAMES, 'all'),
    )
    .addOption(
      new Option('--level <list>', 'as 0.95,0.99 or 95,99').argParser(parseLevels).default([0.95, 0.99], '0.95,0.99'),
    )
    .option(
      '--horizon <periods>',
      'periods ahead',
      number('periods above 0', (x) => x > 0),
      1,
    )
    .option('--overlapping', 'a longer horizon by overlapping returns, not by the square root of time', false)
    .option('--window <returns>', 'returns looked back on', number('a whole number from 2', isCount(2)), 500)
    .option('--equal-weights', 'covariance of all returns alike, not exponentially weighted', false)
    .option(
      '--decay <number>',
      'of the exponential weights',
      number('above 0 and below 1', isShare),
      VAR_DEFAULTS.decay,
    )
    .option(
      '--degrees <number>',
      "of freedom of Student's t",
      number('above 2', (x) => x > 2),
      VAR_DEFAULTS.degrees,
    )
    .option('--paths <count>', 'simulated', number('a whole number from 100', isCount(100)), VAR_DEFAULTS.paths)
    .option('--antithetic', 'every second path mirrors the one before', false)
    .option('--seed <number>', 'the same seed gives the same figures', parseSeed, VAR_DEFAULTS.seed)
    .option('--backtest', 'judge each method by what came after each window', false)
    .option('--stress [file]', 'apply recorded shocks, and those of a YAML file')
    .option(
      '--spread <bps>',
      'present spread, for the cost to close',
      number('from 0', (x) => x >= 0),
      5,
    )
    .option(
      '--depth <value>',
      'present depth within a spread of the touch',
      number('above 0', (x) => x > 0),
    )
    .option('--json', 'print JSON', false)
    .addHelpText('after', `\nMethods:\n${ABOUT.join('\n')}`)
    .action(async (files, options) => {
      const { positions, method, level, horizon, overlapping, window, equalWeights, decay, degrees } = options;
      const { paths, antithetic, seed, backtest, stress, spread, depth, json } = options;
      const own = typeof stress === 'string' ? await readScenarios(stress) : [];
      const held = parsePositions(positions);
      if (backtest && horizon !== 1) {
        throw new InputError(`--backtest: found --horizon ${horizon}, expected 1, as it judges one period ahead`);
      }
      const found = study(await PriceTable.read(files), {
        positions: held,
        methods: method,
        settings: {
          levels: level,
          horizon,
          scaling: overlapping ? 'overlapping' : 'sqrt',
          weights: equalWeights ? 'equal' : 'ewma',
          decay,
          degrees,
          paths,
          isAntithetic: antithetic,
          seed,
        },
        window,
        isBacktest: backtest,
        scenarios: stress === undefined ? undefined : [...RECORDED_SCENARIOS, ...LIQUIDITY_SCENARIOS, ...own],
        spread: spread / 1e4,
        depth: depth ?? Infinity,
      });
      const unit = `${horizon} ${horizon === 1 ? 'period' : 'periods'}`;
      process.stdout.write(json ? `${JSON.stringify(found, asPlain)}\n` : studyText(found, unit));
    });
}

/** Typed arrays as lists, what is no number as null. */
function asPlain(_key: string, value: unknown): unknown {
  return value instanceof Float64Array || value instanceof Uint8Array ? [...value] : value;
}

function parseMethods(text: string): readonly VarMethod[] {
  if (text === 'all') return VAR_METHOD_NAMES;
  return text.split(',').map((name) => {
    const method = VAR_METHOD_NAMES.find((each) => each === name.trim());
    if (method !== undefined) return method;
    throw new InvalidArgumentError(`found '${name}', expected all, or some of ${VAR_METHOD_NAMES.join(', ')}.`);
  });
}

function parseLevels(text: string): number[] {
  return text.split(',').map((part) => {
    const value = Number(part);
    const level = value > 1 ? value / 100 : value;
    if (part.trim() !== '' && level > 0.5 && level < 1) return level;
    throw new InvalidArgumentError(`found '${part}', expected levels above 0.5 and below 1, as 0.95,0.99.`);
  });
}

function number(words: string, isRight: (value: number) => boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value < Infinity && isRight(value)) return value;
    throw new InvalidArgumentError(`found '${text}', expected ${words}.`);
  };
}

function isCount(least: number): (value: number) => boolean {
  return (value) => Number.isInteger(value) && value >= least && value <= 10_000_000;
}

function isShare(value: number): boolean {
  return value > 0 && value < 1;
}

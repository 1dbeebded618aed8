/** What `quotewright simulate` can be told, and what goes together. */
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { AlongsideOption } from '../backtest/simulation-header.ts';
import { parseDurationNs } from '../config/units.ts';
import { InputError } from '../data/report.ts';
import { parseSpeed } from '../session/pace.ts';
import { SCENARIOS } from '../session/scenarios.ts';
import { collectParam, paramOption, parsePort, parseSeed } from './arguments.ts';
import {
  LONGEST_NS,
  type Need,
  checkNeeds,
  checkOutputs,
  durabilityOption,
  keepOption,
  parseDuration,
} from './session-flags.ts';

const SCENARIO_HELP = SCENARIOS.map(({ name, description }) => `${name}: ${description}`).join('\n');

export function simulateOptions() {
  return new Command('simulate')
    .description('run a strategy in a living market, where its orders move what others see')
    .exitOverride()
    .option('--symbols <list>', 'instruments, separated by commas, as BTC-USD,ETH-USD', 'BTCUSDT')
    .option('--strategy <name>', 'a built-in strategy, or a file', 'microprice-maker')
    .addOption(paramOption('a parameter of the strategy'))
    .addOption(
      new Option('--alongside <strategy...>', 'one that runs beside it, as hedger or hedger:threshold=2,band=fixed')
        .argParser(alongside)
        .default([], 'none'),
    )
    .addOption(
      new Option('--speed <factor>', 'market time a wall time, as 1x or 10x; max: as fast as it goes')
        .argParser(speed)
        .default(1, '1x'),
    )
    .addOption(
      new Option('--duration <time>', 'market time, as 10m or 1h')
        .argParser(parseDuration)
        .default(LONGEST_NS / 1e9, 'until Ctrl-C, at most 104 days'),
    )
    .option('--seed <number>', 'the same seed gives the same market', parseSeed, 1)
    .addOption(
      new Option('--scenario <name>', `what happens in the market:\n${SCENARIO_HELP}`).choices(
        SCENARIOS.map(({ name }) => name),
      ),
    )
    .option('--replay <file>', 'a recording, or the folder of a session, in place of the living market')
    .option('--market <file>', 'YAML of instruments, parameters and regimes, as calibrate writes it')
    .option('--latency <delay>', 'of requests, reports and market data; VENUE=DELAY,… for several venues', '1ms')
    .option('--risk <file>', 'limits, circuit breakers and alerts; `none` for no limits')
    .option('--no-server', 'nobody serves it')
    .option('--server <file>', 'settings of the server, YAML')
    .option('--port <number>', 'of the server (default: 8080)', parsePort)
    .option('--no-journal', 'keep nothing')
    .option('--journal <dir>', 'keep the session there; one that is there already goes on (default: a new folder)')
    .addOption(durabilityOption())
    .addOption(
      new Option('--snapshot-every <time>', 'market time between snapshots of a session with a journal')
        .argParser(parseTime)
        .default(60e9, '1m'),
    )
    .addOption(keepOption())
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
    .option('--json-log', 'print the status as a line of JSON a second, and the result as the last one', false);
}

/** What a session is begun with, and cannot be changed when it goes on. */
export const SESSION_OPTIONS: ReadonlySet<string> = new Set([
  'strategy',
  'param',
  'alongside',
  'symbols',
  'market',
  'duration',
  'latency',
  'seed',
  'risk',
  'scenario',
]);

/** By the name of a flag: the option, and what the session has to have for it. */
const NEEDS: readonly Need<'journal' | 'market' | 'server'>[] = [
  ['symbols', '--symbols', 'market'],
  ['market', '--market', 'market'],
  ['scenario', '--scenario', 'market'],
  ['outage', '--outage', 'market'],
  ['unknownOrders', '--unknown-orders', 'market'],
  ['snapshotEvery', '--snapshot-every', 'market'],
  ['keep', '--keep', 'market'],
  ['port', '--port', 'server'],
  ['durability', '--durability', 'journal'],
  ['outage', '--outage', 'journal'],
  ['unknownOrders', '--unknown-orders', 'journal'],
  ['snapshotEvery', '--snapshot-every', 'journal'],
  ['keep', '--keep', 'journal'],
];

/** @throws InputError that names the option that does not go with the others */
export function checkTogether(
  given: ReadonlySet<string>,
  has: Readonly<Record<'journal' | 'market' | 'server', boolean>>,
): void {
  checkOutputs(given);
  if (given.has('symbols') && given.has('market')) {
    throw new InputError('--symbols: found --market too, expected one of them');
  }
  checkNeeds(given, NEEDS, has);
}

function speed(text: string): number | 'max' {
  const found = parseSpeed(text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError('expected a factor from 0.001 to 1000000 such as 1x or 10x, or max.');
}

function parseTime(text: string): number {
  const ns = parseDurationNs(text);
  if (ns >= 0 && ns < LONGEST_NS) return ns;
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

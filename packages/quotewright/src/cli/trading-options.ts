/** What `quotewright paper` and `quotewright live` can be told. */
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { parseDurationNs } from '../config/units.ts';
import { paramOption, parsePort, parseSeed } from './arguments.ts';
import {
  LONGEST_NS,
  type Need,
  checkNeeds,
  checkOutputs,
  durabilityOption,
  keepOption,
  parseDuration,
} from './session-flags.ts';

const MOST_THREADS = 64;

export function tradingOptions(name: string, about: string) {
  return new Command(name)
    .description(about)
    .exitOverride()
    .option(
      '--config <file>',
      'YAML: venues, instruments with a strategy and limits each, and whatever is an option here',
    )
    .option('--venues <file>', 'YAML: addresses, keys and limits of venues (default: their live addresses)')
    .option('--symbols <list>', 'instruments as venue:SYMBOL, separated by commas: coinbase:BTC-USD,kraken:BTC/USD')
    .option('--strategy <name>', 'a built-in strategy, or a file (default: microprice-maker)')
    .addOption(paramOption('a parameter of the strategy'))
    .addOption(
      new Option('--duration <time>', 'how long, as 10m or 1h')
        .argParser(parseDuration)
        .default(Number.POSITIVE_INFINITY, 'until Ctrl-C'),
    )
    .option('--seed <number>', 'of the strategies and the queue models', parseSeed)
    .option('--threads <count>', 'read market data of each venue on so many threads of its own', parseThreads)
    .option('--cash <amounts>', 'starting cash of each strategy, as USD=10000')
    .option('--risk <file>', 'limits, circuit breakers and alerts; `none` for no limits')
    .option('--no-server', 'nobody serves it')
    .option('--server <file>', 'settings of the server, YAML')
    .option('--port <number>', 'of the server (default: 8080)', parsePort)
    .option('--no-journal', 'keep nothing')
    .option('--journal <dir>', 'keep the session there; one that is there already goes on (default: a new folder)')
    .addOption(durabilityOption())
    .addOption(
      new Option('--snapshot-every <time>', 'between snapshots of a session with a journal')
        .argParser(parseTime)
        .default(60e9, '1m'),
    )
    .addOption(keepOption())
    .option('--latency <delay>', 'of requests and reports where fills are simulated; VENUE=DELAY,… (default: 1ms)')
    .option('--out <dir>', 'write result.json, tables and report.html there')
    .option('--log-events <file>', 'write what the strategy saw and did as JSON Lines')
    .option('--json', 'print the result as JSON', false)
    .option('--json-log', 'print the status as a line of JSON a second, and the result as the last one', false);
}

function parseThreads(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_THREADS) return count;
  throw new InvalidArgumentError(`expected a count of threads from 1 to ${MOST_THREADS}`);
}

/** By the name of a flag: the option, and what there has to be for it. */
const NEEDS: readonly Need<'journal' | 'server'>[] = [
  ['port', '--port', 'server'],
  ['durability', '--durability', 'journal'],
  ['snapshotEvery', '--snapshot-every', 'journal'],
  ['keep', '--keep', 'journal'],
];

/** @throws InputError that names the option that does not go with the others */
export function checkTrading(given: ReadonlySet<string>, has: Readonly<Record<'journal' | 'server', boolean>>): void {
  checkOutputs(given);
  checkNeeds(given, NEEDS, has);
}

function parseTime(text: string): number {
  const ns = parseDurationNs(text);
  if (ns > 0 && ns < LONGEST_NS) return ns;
  throw new InvalidArgumentError('expected a duration such as 30s or 1m.');
}

/** `quotewright data download`: recordings from public archives. Exit code 1: not all could be had. */
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { parseIsoDay } from '@quotewright/core/base/time';
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { ArchiveFile, Wanted } from '../download/archive.ts';
import { BINANCE_MARKETS, BINANCE_TYPES, BINANCE_URL, binanceFiles } from '../download/binance.ts';
import { download } from '../download/download.ts';
import { TARDIS_TYPES, TARDIS_URL, tardisFiles } from '../download/tardis.ts';
import { InputError } from '../data/report.ts';
import { watchInterrupt } from './interrupt.ts';

const EXIT_INCOMPLETE = 1;
const EXIT_INTERRUPTED = 130;
const MIB = 1024 * 1024;
const LOOK_MS = 100;
const MOST_DAYS = 4000;

export function dataDownloadCommand() {
  return new Command('download')
    .exitOverride()
    .description('fetch recordings from public archives: resumed, checked, several at a time')
    .addCommand(
      archive(
        'binance',
        'data.binance.vision: trades, aggregated trades, best quotes of futures',
        BINANCE_URL,
        BINANCE_TYPES,
      )
        .option('--market <name>', Object.keys(BINANCE_MARKETS).join(', '), parseMarket, 'spot')
        .option('--monthly', 'a file a month, not a day', false)
        .action(async ({ market, monthly, ...flags }) => run(binanceFiles(wantedOf(flags), market, monthly), flags)),
    )
    .addCommand(
      archive('tardis', 'datasets.tardis.dev: the first day of each month, which is free', TARDIS_URL, TARDIS_TYPES)
        .requiredOption(
          '--exchange <name>',
          'as Tardis names it: binance, binance-futures, coinbase, kraken, bitstamp, gemini, …',
          parseExchange,
        )
        .action(async ({ exchange, ...flags }) => run(tardisFiles(wantedOf(flags), exchange), flags)),
    );
}

interface Flags {
  readonly symbols: readonly string[];
  readonly type: string;
  readonly from: number;
  readonly to?: number | undefined;
  readonly out: string;
  readonly parallel: number;
  readonly baseUrl: string;
}

function archive(name: string, about: string, url: string, types: readonly string[]) {
  return new Command(name)
    .exitOverride()
    .description(about)
    .requiredOption('--symbols <list>', 'as the archive names them, separated by commas', parseList)
    .option('--type <kind>', types.join(', '), 'trades')
    .requiredOption('--from <day>', 'first UTC day, as 2024-08-01', parseDay)
    .option('--to <day>', 'last UTC day; default: the first', parseDay)
    .option('--out <folder>', 'where to, in folders as the archive has them', 'downloads')
    .option('--parallel <count>', 'files at a time', parseParallel, 4)
    .option('--base-url <url>', 'a mirror', parseUrl, url);
}

function wantedOf({ symbols, type, from, to = from, baseUrl }: Flags): Wanted {
  if (to < from) throw new InputError('--to: found a day before --from');
  if (to - from >= MOST_DAYS) throw new InputError(`--to: found ${to - from + 1} days, expected at most ${MOST_DAYS}`);
  return { symbols, type, fromDay: from, toDay: to, baseUrl };
}

async function run(files: readonly ArchiveFile[], { out, parallel }: Flags): Promise<void> {
  const interrupt = watchInterrupt();
  const stop = new AbortController();
  const look = setInterval(() => interrupt.isAsked() && stop.abort(), LOOK_MS);
  const bars = process.stderr.isTTY
    ? new MultiBar(
        {
          format: '{bar} {percentage} % of {size} MiB  {name}',
          stream: process.stderr,
          clearOnComplete: true,
          hideCursor: true,
        },
        Presets.shades_classic,
      )
    : undefined;
  const shown = new Map<ArchiveFile, SingleBar>();
  const say = (line: string): void => {
    // The bars keep the terminal for themselves.
    if (bars === undefined) process.stderr.write(`${line}\n`);
    else bars.log(`${line}\n`);
  };
  try {
    const counts = await download(files, {
      out,
      parallel,
      signal: stop.signal,
      progress: (file, done, total) => {
        if (bars === undefined || !(total > 0)) return;
        const bar = shown.get(file) ?? bars.create(total, 0, { name: file.path, size: (total / MIB).toFixed(1) });
        shown.set(file, bar);
        bar.update(done);
      },
      ended: (file, how, failure) => {
        const bar = shown.get(file);
        if (bar !== undefined) bars?.remove(bar);
        say(`${file.path}: ${WORDS[how]}${failure === '' ? '' : `: ${failure}`}`);
      },
    });
    bars?.stop();
    const { fetched, already, absent, failed } = counts;
    process.stdout.write(
      `${out}: ${fetched} fetched, ${already} there already, ${absent} not in the archive, ${failed} failed\n`,
    );
    if (interrupt.isAsked()) process.exitCode = EXIT_INTERRUPTED;
    else if (absent + failed > 0) process.exitCode = EXIT_INCOMPLETE;
  } finally {
    bars?.stop();
    clearInterval(look);
    interrupt.stop();
  }
}

const WORDS = {
  fetched: 'fetched, whole',
  already: 'there already, whole',
  absent: 'not in the archive',
  failed: 'failed',
} as const;

function parseList(text: string): string[] {
  const list = text.split(',').map((each) => each.trim());
  if (list.every((each) => /^(?!\.+$)[\w.@:-]{1,64}$/u.test(each))) return [...new Set(list)];
  throw new InvalidArgumentError('expected symbols, separated by commas.');
}

function parseExchange(text: string): string {
  if (/^[a-z0-9-]{1,64}$/u.test(text)) return text;
  throw new InvalidArgumentError('expected the name of an exchange, as binance-futures.');
}

function parseDay(text: string): number {
  const day = parseIsoDay(text);
  if (Number.isInteger(day)) return day;
  throw new InvalidArgumentError('expected a day as 2024-08-01.');
}

function parseParallel(text: string): number {
  const value = Number(text);
  if (/^\d+$/u.test(text) && value >= 1 && value <= 32) return value;
  throw new InvalidArgumentError('expected a whole number from 1 to 32.');
}

function parseMarket(text: string): string {
  if (Object.hasOwn(BINANCE_MARKETS, text)) return text;
  throw new InvalidArgumentError(`expected one of ${Object.keys(BINANCE_MARKETS).join(', ')}.`);
}

function parseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/u.test(text)) return text.replace(/\/+$/u, '');
  throw new InvalidArgumentError('expected an address, as https://data.binance.vision.');
}

/** `quotewright record`: raw frames and Parquet of a venue's market data, until it is told to stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { checkSettings, readConfig } from '../config/read-config.ts';
import { parseDurationNs } from '../config/units.ts';
import { InputError } from '../data/report.ts';
import { defaultHome } from '../home/home.ts';
import { Recorder, sizeText } from '../record/recorder.ts';
import { credentialsFor } from '../secrets/credentials.ts';
import { questionsOf } from '../secrets/questions.ts';
import { VenueError } from '../venues/contract/venue-error.ts';
import { openVenue } from '../venues/open-venue.ts';
import { type VenueSettings, venueSettings, venuesFile } from '../venues/venue-settings.ts';
import { watchInterrupt } from './interrupt.ts';

const LOOK_MS = 100;
const HOUR_NS = 3600e9;
const SIZES: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9 };
const DEFAULT_BYTES = 256e6;

interface Rotation {
  readonly ns: number;
  readonly bytes: number;
}

export function recordCommand() {
  return new Command('record')
    .exitOverride()
    .description('record market data of a venue: raw frames with both times, and Parquet, at once; Ctrl-C ends it')
    .requiredOption('--venue <name>', 'venue')
    .requiredOption('--symbols <list>', 'its own symbols, separated by commas', parseSymbols)
    .option('--venues <file>', 'YAML of how venues are reached')
    .option('--out <folder>', 'where to; one folder may hold many venues and days', 'recordings')
    .option('--duration <time>', 'end after so long; default: at Ctrl-C', parseTime)
    .addOption(
      new Option('--rotate <limits>', 'begin new files by time, by size of the raw file, or both: 1h, 64MB, 1h,64MB')
        .argParser(parseRotation)
        .default({ ns: HOUR_NS, bytes: DEFAULT_BYTES }, '1h,256MB'),
    )
    .option('--l3', 'every order, where the venue publishes them', false)
    .action(async ({ venue: name, symbols, venues, out, duration, rotate, l3 }) => {
      const { venue, settings } = await openVenue(name, await settingsOf(name, venues));
      if (l3 && !venue.abilities.hasL3) throw new InputError(`--l3: ${name} publishes levels, not orders`);
      const home = defaultHome(process.env);
      const questions = questionsOf(process.stdin);
      const tell = (line: string): void =>
        void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${name}: ${line}\n`);
      const credentials =
        settings.credentials === undefined
          ? undefined
          : await credentialsFor(venue, settings, {
              home,
              environment: process.env,
              tell,
              ...(process.stdin.isTTY ? { askPassword: async () => questions.ask('password of the vault') } : {}),
            });
      const interrupt = watchInterrupt();
      const recorder = await started({
        venue,
        settings,
        symbols,
        credentials,
        out,
        home,
        isL3: l3,
        rotateNs: rotate.ns,
        rotateBytes: rotate.bytes,
        tell,
      });
      const broken = recorder.failed.then((error) => ({ error }));
      let failure: { readonly error: unknown } | undefined;
      const endMs = performance.now() + (duration ?? Infinity) / 1e6;
      while (!interrupt.isAsked() && performance.now() < endMs && failure === undefined) {
        failure = await Promise.race([broken, sleep(LOOK_MS, undefined)]);
      }
      tell('ending');
      try {
        await recorder.stop();
      } finally {
        interrupt.stop();
      }
      if (failure !== undefined) throw failure.error;
      const { frames, rawBytes, rawFiles, events, parquetFiles, gaps } = recorder.totals;
      process.stdout.write(
        `${out}: ${frames} frames (${sizeText(rawBytes)} in ${rawFiles} files), ${events} events in ${parquetFiles} Parquet files, ${gaps} gaps\n`,
      );
    });
}

/** What the venue has against it is bad input here: a line, not a bug. */
async function started(setup: Parameters<typeof Recorder.start>[0]): Promise<Recorder> {
  try {
    return await Recorder.start(setup);
  } catch (error) {
    throw error instanceof VenueError ? new InputError(error.message) : error;
  }
}

async function settingsOf(name: string, venues: string | undefined): Promise<VenueSettings> {
  const file = venues === undefined ? {} : checkSettings(venuesFile, await readConfig(venues), venues);
  return file[name] ?? venueSettings.parse({});
}

function parseSymbols(text: string): string[] {
  const symbols = text.split(',').map((each) => each.trim());
  if (symbols.some((each) => each === '')) throw new InvalidArgumentError('expected symbols, separated by commas.');
  if (new Set(symbols).size < symbols.length) throw new InvalidArgumentError('expected each symbol once.');
  return symbols;
}

function parseTime(text: string): number {
  const ns = parseDurationNs(text);
  if (ns > 0) return ns;
  throw new InvalidArgumentError('expected a duration such as 10m.');
}

export function parseRotation(text: string): Rotation {
  let ns = HOUR_NS;
  let bytes = Infinity;
  for (const part of text.split(',')) {
    const size = /^(\d+(?:\.\d+)?)\s*(KB|MB|GB)$/u.exec(part.trim());
    const time = parseDurationNs(part);
    if (size !== null) bytes = Number(size[1]) * SIZES[size[2]!]!;
    else if (time >= 1e9) ns = time;
    else throw new InvalidArgumentError('expected a time of a second or more, a size, or both: 1h, 64MB.');
  }
  if (bytes > 0) return { ns, bytes };
  throw new InvalidArgumentError('expected a size above zero.');
}

/** `quotewright data sample`: a realistic recording from the living market, for those who have no data yet. */
import { extname } from 'node:path';
import { isoDay, parseIsoDay } from '@quotewright/core/base/time';
import { REGIME_NAMES, type RegimeName, type Schedule, type Spell } from '@quotewright/core/venue-sim/living/regimes';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { Presets, SingleBar } from 'cli-progress';
import { livingRecording } from '../calibrate/living-recording.ts';
import { type MarketConfig, readMarketConfig } from '../calibrate/market-config.ts';
import { sampleMarkets } from '../calibrate/sample-markets.ts';
import { WRITERS, convert } from '../data/convert.ts';
import { duration, grouped } from '../data/findings.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { Watch } from '../data/watch.ts';
import { parseSeed } from './arguments.ts';

const MAX_MINUTES = 60 * 24 * 30;
const DEFAULT_SPELL_MINUTES = 5;
/** How often each regime comes in a chain, and for how long, when nothing is said. */
const USUAL: readonly Spell[] = [
  { regime: 'calm', seconds: 600 },
  { regime: 'trend', seconds: 180 },
  { regime: 'calm', seconds: 600 },
  { regime: 'mean-reverting', seconds: 300 },
  { regime: 'volatile', seconds: 180 },
  { regime: 'thin', seconds: 180 },
];

export function dataSampleCommand() {
  const targets = Object.keys(WRITERS).join(', ');
  return new Command('sample')
    .exitOverride()
    .description('make a realistic recording from the living market')
    .argument(
      '<out>',
      'what to write: a Parquet directory, or by extension .npz, .npy (hftbacktest) or .csv (Tardis book)',
    )
    .option('--minutes <number>', 'length in minutes of market time', parseMinutes, 60)
    .option('--symbols <list>', 'instruments, separated by commas; BTCUSDT, ETHUSDT and SOLUSDT are known', 'BTCUSDT')
    .option('--seed <number>', 'the same seed gives the same recording', parseSeed, 1)
    .option(
      '--regimes <list>',
      `spells in turn, as calm:10,crisis:2 (minutes): ${REGIME_NAMES.join(', ')}; default: a random mix`,
    )
    .option('--l3', 'every order, not levels', false)
    .option('--config <file>', 'YAML of instruments, parameters and regimes, as calibrate writes it')
    .option('--date <day>', 'UTC day of the first event', parseDay, parseIsoDay('2026-01-05'))
    .option('--to <format>', `its format, instead of by extension: ${targets}`)
    .option('--force', 'replace what is there', false)
    .action(async (out, { minutes, symbols, seed, regimes, l3, config: file, date, to, force }) => {
      const config = await configOf(file, symbols, regimes);
      const format = to ?? formatOf(out);
      if (l3 && format !== 'parquet' && format !== 'npz' && format !== 'npy') {
        throw new InputError(`--l3: found format '${format}', expected one that holds orders: parquet, npz, npy`);
      }
      if (config.instruments.length > 1 && format !== 'parquet' && !format.startsWith('tardis')) {
        throw new InputError(
          `--symbols: found ${config.instruments.length} instruments, expected 1 in format '${format}'`,
        );
      }
      const bar = new SingleBar(
        {
          format: '{bar} {value} of {total} minutes, {eta_formatted} left',
          stream: process.stderr,
          clearOnComplete: true,
        },
        Presets.shades_classic,
      );
      const progress = process.stderr.isTTY
        ? (seconds: number): void => bar.update(Math.floor(seconds / 60))
        : undefined;
      let recording;
      try {
        recording = livingRecording({
          config,
          seed,
          seconds: minutes * 60,
          isL3: l3,
          epochDay: date,
          startNs: 0,
          ...(progress === undefined ? {} : { progress }),
        });
      } catch (error) {
        throw error instanceof RangeError ? new InputError(`${file ?? 'the market'}: ${reasonOf(error)}`) : error;
      }
      const watch = new Watch(l3);
      const started = performance.now();
      if (progress !== undefined) bar.start(minutes, 0);
      try {
        const { notes } = await convert(recording, out, format, force, (batch) => watch.see(batch));
        bar.stop();
        const seconds = (performance.now() - started) / 1000;
        const made = `${grouped(watch.events)} events of ${grouped(minutes)} minutes from seed ${seed}`;
        process.stdout.write(
          `${out}: ${made} in ${seconds.toFixed(1)} s (${format}, ${l3 ? 'L3' : 'L2'}, ${isoDay(date)})\n`,
        );
        watch.instruments.forEach(({ events, priceTicks, venue }, index) => {
          const { symbol, price } = recording.instruments[index]!;
          const range = `${price.format(priceTicks.min)} to ${price.format(priceTicks.max)}`;
          process.stdout.write(
            `  ${symbol}: ${grouped(events)} events over ${duration(venue.max - venue.min)}, prices in the book ${range}\n`,
          );
        });
        for (const note of notes) process.stdout.write(`note: ${note}\n`);
      } finally {
        bar.stop();
      }
    });
}

async function configOf(file: string | undefined, symbols: string, regimes: string | undefined): Promise<MarketConfig> {
  const schedule = regimes === undefined ? undefined : scheduleOf(regimes);
  if (file !== undefined) {
    const config = await readMarketConfig(file);
    return schedule === undefined ? config : { ...config, schedule };
  }
  return { instruments: sampleMarkets(symbols), schedule: schedule ?? { spells: USUAL, isRandom: true } };
}

/** @throws InputError when it is not a list of `regime[:minutes]` */
function scheduleOf(text: string): Schedule {
  const spells = text.split(',').map((part): Spell => {
    const [name, minutes = String(DEFAULT_SPELL_MINUTES), ...more] = part.trim().split(':');
    const regime = REGIME_NAMES.find((each): each is RegimeName => each === name);
    const seconds = Number(minutes) * 60;
    if (regime === undefined || more.length > 0 || !(seconds > 0 && seconds < Infinity)) {
      throw new InputError(
        `--regimes: found '${part}', expected a regime and minutes, as calm:10; regimes: ${REGIME_NAMES.join(', ')}`,
      );
    }
    return { regime, seconds };
  });
  return { spells, isRandom: false };
}

function formatOf(out: string): string {
  const extension = extname(out);
  if (extension === '.npz' || extension === '.npy') return extension.slice(1);
  return extension === '.csv' ? 'tardis-book' : 'parquet';
}

function parseMinutes(text: string): number {
  const value = Number(text);
  if (text !== '' && value > 0 && value <= MAX_MINUTES) return value;
  throw new InvalidArgumentError(`expected a number above 0, at most ${MAX_MINUTES}.`);
}

function parseDay(text: string): number {
  const day = parseIsoDay(text);
  if (Number.isInteger(day)) return day;
  throw new InvalidArgumentError('expected a day as 2026-01-05.');
}

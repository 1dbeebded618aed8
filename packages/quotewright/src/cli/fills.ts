/** `quotewright fills`: how far a backtest's fills can be believed, measured on recordings of single orders. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { HazardCoefficients } from '@quotewright/core/venue-sim/hazard-coefficients';
import { makeFolder } from '../data/make-folder.ts';
import { InputError } from '../data/report.ts';
import { fitHazard, type Recorded } from '../fills/fit-hazard.ts';
import { DEFAULT_MODELS, modelSpecs } from '../fills/models.ts';
import { pooled } from '../fills/pooled.ts';
import { pooledText, truthText } from '../fills/print-truth.ts';
import { readTape, type RecordedTape } from '../fills/read-tape.ts';
import { realOrders } from '../fills/real-orders.ts';
import { truthOf, type Truth } from '../fills/truth.ts';
import { parseSeed } from './arguments.ts';

/** `--train others`: each recording is judged by a fit to all the others. */
const OTHERS = 'others';
const HORIZONS_NS = [1e9, 10e9, 60e9];
const MAX_COUNT = 100_000;

export function fillsCommand() {
  return new Command('fills')
    .description('how far the fills of a backtest can be believed')
    .exitOverride()
    .addCommand(truthCommand())
    .addCommand(fitCommand());
}

function truthCommand() {
  return new Command('truth')
    .exitOverride()
    .description(
      'forecast the fate of real orders from the L2 view with each queue model, and compare with what happened',
    )
    .argument('<files...>', 'recordings of single orders (L3): LOBSTER, Coinbase full channel, Bitstamp log')
    .option('--train <files...>', `fit the hazard model to these first; '${OTHERS}': each file by a fit to the others`)
    .option('--models <list>', 'names, powers with an exponent, standard models with +draws', DEFAULT_MODELS)
    .option('--interval <ms>', 'the L2 view publishes depth at this interval; 0: every change', parseInterval, 0)
    .option('--paths <count>', 'draws of models that draw', parseCount, 64)
    .option('--resamples <count>', 'of the bootstrap', parseCount, 200)
    .option('--blocks <count>', 'of orders, that the bootstrap draws', parseCount, 100)
    .option('--seed <number>', 'the same seed gives the same figures', parseSeed, 1)
    .option('--out <dir>', 'write truth.json and a calibration plot (SVG) of each recording there')
    .option('--json', 'print JSON', false)
    .action(async (files, options) => {
      const tapes = await readAll(files);
      const train = options.train ?? [];
      const recordings = train.length > 0 && train[0] !== OTHERS ? (await readAll(train)).map(recorded) : [];
      if (train[0] === OTHERS && (tapes.length < 2 || train.length > 1)) {
        throw new InputError(`--train ${OTHERS}: found ${tapes.length} recording(s), expected two or more to judge`);
      }
      const truths: Truth[] = [];
      for (const tape of tapes) {
        const others = train[0] === OTHERS ? tapes.filter((each) => each !== tape).map(recorded) : recordings;
        const coefficients = others.length === 0 ? undefined : fitHazard(others).coefficients;
        truths.push(judge(tape, coefficients, options));
      }
      const result = { seed: options.seed, paths: options.paths, train, truths, pooled: pooled(truths) };
      if (options.out !== undefined) await write(options.out, truths, result);
      const text = options.json ? JSON.stringify(result) : [...truths.map(truthText), pooledText(truths)].join('\n');
      process.stdout.write(`${text.trimEnd()}\n`);
    });
}

interface JudgeOptions {
  readonly models: string;
  readonly interval: number;
  readonly paths: number;
  readonly resamples: number;
  readonly blocks: number;
  readonly seed: number;
}

function judge(tape: RecordedTape, coefficients: HazardCoefficients | undefined, options: JudgeOptions): Truth {
  const { models, paths, resamples, blocks, seed } = options;
  const intervalNs = options.interval * 1e6;
  const specs = modelSpecs(models, { unitLots: tape.unitLots, intervalNs, coefficients });
  return truthOf(tape, specs, { intervalNs, paths, seed, horizonsNs: HORIZONS_NS, resamples, blocks });
}

async function write(folder: string, truths: readonly Truth[], result: unknown): Promise<void> {
  makeFolder(folder);
  await writeFile(join(folder, 'truth.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  // Loaded here, so that other commands do not wait for the chart library.
  const { calibrationSvg } = await import('../fills/plot-calibration.ts');
  for (const [i, truth] of truths.entries()) {
    const name = truth.symbol.replaceAll(/[^A-Za-z0-9]/g, '-');
    await writeFile(join(folder, `calibration-${i + 1}-${name}.svg`), calibrationSvg(truth));
  }
}

function fitCommand() {
  return new Command('fit')
    .exitOverride()
    .description('fit the hazard queue model to recordings of single orders and print its constants as JSON')
    .argument('<files...>', 'recordings of single orders (L3); each counts alike')
    .action(async (files) => {
      const tapes = await readAll(files);
      process.stdout.write(`${JSON.stringify(fitHazard(tapes.map(recorded)), undefined, 2)}\n`);
    });
}

async function readAll(files: readonly string[]): Promise<RecordedTape[]> {
  const tapes: RecordedTape[] = [];
  for (const file of files) tapes.push(await readTape(file));
  return tapes;
}

function recorded({ tape }: RecordedTape): Recorded {
  return { tape, orders: realOrders(tape) };
}

function parseInterval(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value <= 60_000) return value;
  throw new InvalidArgumentError('expected milliseconds from 0 to 60000.');
}

function parseCount(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MAX_COUNT) return value;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${MAX_COUNT}.`);
}

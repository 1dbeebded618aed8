/** `quotewright calibrate`: fits the living market to a recording and says how well. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { StylisedFacts } from '@quotewright/core/analytics/stylised-facts';
import { Command } from '@commander-js/extra-typings';
import Table from 'cli-table3';
import { type Calibration, calibrate } from '../calibrate/calibrate.ts';
import { formatMarketConfig } from '../calibrate/market-config.ts';
import type { Measured } from '../calibrate/simulate.ts';
import { FORMATS } from '../data/formats.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { openWithProgress } from '../data/open.ts';
import { parseSeed } from './arguments.ts';

type Figure = readonly [name: string, of: (measured: Measured) => number];

const fact = (
  name: string,
  key: { [K in keyof StylisedFacts]: StylisedFacts[K] extends number ? K : never }[keyof StylisedFacts],
): Figure => [name, ({ facts }) => facts[key]];
const memory = (name: string, key: 'volatilityMemory' | 'signMemory', lag: number): Figure => [
  name,
  ({ facts }) => facts[key].find((each) => each.lag === lag)?.value ?? Number.NaN,
];

/** Rows of the comparison; the first eight are matched, the others come out. */
const FIGURES: readonly Figure[] = [
  fact('volatility, 10 s (ticks/√s)', 'volatility10s'),
  fact('mean spread (ticks)', 'meanSpreadTicks'),
  fact('median touch (lots)', 'medianTouchLots'),
  fact('takers a second', 'takersPerSecond'),
  fact('mean taker (lots)', 'meanTakerLots'),
  ['adds near the touch a second', ({ flow }) => flow.addsPerSecond],
  ['life of an order (s)', ({ flow }) => flow.lifeSeconds],
  fact('messages a second', 'messagesPerSecond'),
  fact('volatility, 1 s (ticks/√s)', 'volatility1s'),
  fact('median spread (ticks)', 'medianSpreadTicks'),
  fact('95 % spread (ticks)', 'highSpreadTicks'),
  fact('95 % touch (lots)', 'highTouchLots'),
  fact('excess kurtosis, 1 s', 'excessKurtosis1s'),
  fact('excess kurtosis, 10 s', 'excessKurtosis10s'),
  fact('tail index, 1 s', 'tailIndex'),
  fact('return memory, 10 s', 'returnMemory'),
  memory('|return| memory, lag 1 s', 'volatilityMemory', 1),
  memory('|return| memory, lag 10 s', 'volatilityMemory', 10),
  memory('|return| memory, lag 60 s', 'volatilityMemory', 60),
  memory('sign memory, lag 1', 'signMemory', 1),
  memory('sign memory, lag 5', 'signMemory', 5),
  memory('sign memory, lag 20', 'signMemory', 20),
  fact('imbalance half-life (s)', 'imbalanceHalfLifeSeconds'),
  fact('impact exponent', 'impactExponent'),
];

export function calibrateCommand() {
  return new Command('calibrate')
    .exitOverride()
    .description('fit the living market to a recording and compare its stylised facts')
    .argument('<file>', 'a recording, or a directory of Parquet partitions')
    .option('--out <file>', 'write the market as YAML, for data sample --config')
    .option('--force', 'replace it when it is there', false)
    .option('--symbol <name>', 'the instrument, when the recording holds several or does not say')
    .option(
      '--format <name>',
      `the recording's format, when its content does not tell: ${FORMATS.map(({ name }) => name).join(', ')}`,
    )
    .option('--tick <decimal>', 'tick size, when the recording does not state it')
    .option('--lot <decimal>', 'lot size, when the recording does not state it')
    .option('--seed <number>', 'the same seed gives the same fit', parseSeed, 1)
    .option('--json', 'print JSON', false)
    .action(async (file, { out, force, symbol, format, tick, lot, seed, json }) => {
      if (out !== undefined && existsSync(out) && !force)
        throw new InputError(`${out}: exists already; --force replaces it`);
      const open = async () => {
        const options = {
          strict: false,
          ...(tick === undefined ? {} : { tick }),
          ...(lot === undefined ? {} : { lot }),
        };
        return (await openWithProgress(file, format, { ...options, ...(symbol === undefined ? {} : { symbol }) }))
          .recording;
      };
      let result: Calibration;
      try {
        result = await calibrate(open, file, symbol, seed, told);
      } catch (error) {
        throw error instanceof RangeError ? new InputError(`${file}: no market fits it: ${reasonOf(error)}`) : error;
      } finally {
        if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
      }
      const { instrument, params } = result;
      const yaml = formatMarketConfig({ instruments: [{ instrument, params }], schedule: undefined });
      if (out !== undefined) await writeFile(out, yaml);
      if (json) process.stdout.write(`${JSON.stringify(asJson(result))}\n`);
      else process.stdout.write(`${asText(file, result)}${out === undefined ? `\n${yaml}` : `\nwritten to ${out}\n`}`);
    });
}

/** One line that is written over. */
function told(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}…`);
}

function asJson({ instrument, params, hawkes, recorded, simulated }: Calibration) {
  const comparison = FIGURES.map(([name, of]) => ({ name, recorded: of(recorded), simulated: of(simulated) }));
  return { instrument: instrument.spec, params, hawkes: hawkes ?? null, comparison };
}

function asText(file: string, { instrument, hawkes, recorded, simulated }: Calibration): string {
  const table = new Table({
    head: ['', 'recorded', 'simulated'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, of] of FIGURES) table.push([name, shown(of(recorded)), shown(of(simulated))]);
  const seconds = `${shown(recorded.facts.seconds)} s recorded, ${shown(simulated.facts.seconds)} s simulated`;
  const arrivals =
    hawkes === undefined
      ? 'too few takers for a likelihood'
      : `takers excite ${shown(hawkes.same)} of their side and ${shown(hawkes.other)} of the other, decay ${shown(hawkes.decay)}/s; ` +
        `log likelihood ${shown(hawkes.logLikelihood - hawkes.poissonLogLikelihood)} above Poisson`;
  return `${file}  ${instrument.venue} ${instrument.symbol}: ${seconds}\n${arrivals}\n\n${table.toString()}\n`;
}

const shown = (value: number): string => (Number.isNaN(value) ? '–' : String(Number(value.toPrecision(4))));

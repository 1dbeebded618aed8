/** `quotewright data inspect|validate|convert|sample|download`: look at recordings, check them, turn them into other formats, make or fetch one. */
import { constants } from 'node:os';
import { Command } from '@commander-js/extra-typings';
import { convert, WRITERS } from '../data/convert.ts';
import { type Finding, grouped, notesOf, problemsOf } from '../data/findings.ts';
import { FORMATS } from '../data/formats.ts';
import type { OpenOptions } from '../data/recording.ts';
import { Watch } from '../data/watch.ts';
import { openWithProgress } from '../data/open.ts';
import { withProgress } from './data-open.ts';
import { findingsText, inspectionJson, inspectionText } from './data-print.ts';
import { dataDownloadCommand } from './data-download.ts';
import { dataSampleCommand } from './data-sample.ts';

/** Exit code when problems were found. Bad input exits 2. */
const EXIT_PROBLEMS = 1;

export function dataCommand() {
  return new Command('data')
    .description('recorded market data: look, check, convert, make, fetch')
    .exitOverride()
    .addCommand(inspectCommand())
    .addCommand(validateCommand())
    .addCommand(convertCommand())
    .addCommand(dataSampleCommand())
    .addCommand(dataDownloadCommand());
}

function inspectCommand() {
  return reading('inspect', 'say what a recording holds')
    .argument('<file>', 'a recording, or a directory of Parquet partitions')
    .option('--json', 'print JSON', false)
    .action(async (file, { json, ...flags }) => {
      const { opened, watch, problems } = await readAll(file, flags);
      const { recording, bytes } = opened;
      if (json) process.stdout.write(inspectionJson(file, recording, watch, problems));
      else {
        process.stdout.write(inspectionText(file, bytes, recording, watch));
        process.stdout.write(`\n${findingsText(problems, notesOf(recording, watch))}`);
      }
    });
}

function validateCommand() {
  return reading('validate', 'check a recording; exit 1 when it has problems')
    .argument('<file>', 'a recording, or a directory of Parquet partitions')
    .option('--json', 'print JSON', false)
    .action(async (file, { json, ...flags }) => {
      const { opened, watch, problems } = await readAll(file, flags);
      const { recording } = opened;
      if (json) process.stdout.write(inspectionJson(file, recording, watch, problems));
      else {
        process.stdout.write(`${file}: ${grouped(recording.report.rows)} rows, ${grouped(watch.events)} events\n`);
        process.stdout.write(findingsText(problems, notesOf(recording, watch)));
      }
      if (problems.length > 0) process.exitCode = EXIT_PROBLEMS;
    });
}

function convertCommand() {
  const targets = Object.entries(WRITERS).map(([name, { description }]) => `${name} (${description})`);
  return reading('convert', 'write a recording in another format')
    .argument('<in>', 'a recording, or a directory of Parquet partitions')
    .argument('<out>', 'what to write; it appears under this name when it is complete')
    .requiredOption('--to <format>', `its format: ${targets.join(', ')}`)
    .option('--force', 'replace what is there', false)
    .action(async (file, out, { to, force, ...flags }) => {
      const opened = await openWithProgress(file, flags.format, optionsOf(flags));
      const { recording } = opened;
      // A plain exit lets `convert` take away what is half done.
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => process.exit(128 + constants.signals[signal]));
      }
      const started = performance.now();
      const { events, notes } = await withProgress(opened, (seen) => convert(recording, out, to, force, seen));
      const seconds = (performance.now() - started) / 1000;
      process.stdout.write(`${out}: ${grouped(events)} events in ${seconds.toFixed(1)} s\n`);
      for (const note of [...recording.report.notes, ...notes]) process.stdout.write(`note: ${note}\n`);
      for (const [kind, bad] of recording.report.bad) {
        process.stdout.write(
          `left out ${grouped(bad.count)} bad rows: ${kind}, first in line ${bad.firstLine}: ${bad.example}\n`,
        );
      }
    });
}

/** A command with the options that all readers take. */
function reading(name: string, description: string) {
  const formats = FORMATS.map((format) => format.name).join(', ');
  return new Command(name)
    .description(description)
    .exitOverride()
    .option('--format <name>', `the recording's format, when its content does not tell: ${formats}`)
    .option('--tick <decimal>', 'tick size, when the recording does not state it')
    .option('--lot <decimal>', 'lot size, when the recording does not state it')
    .option('--symbol <name>', 'symbol, when the recording does not state it')
    .option('--mapping <file>', 'YAML or JSON that names the columns of a CSV, or the name of a preset')
    .option('--strict', 'stop at the first bad row, gap or duplicate', false);
}

interface ReadFlags {
  readonly format?: string | undefined;
  readonly strict: boolean;
  readonly tick?: string | undefined;
  readonly lot?: string | undefined;
  readonly symbol?: string | undefined;
  readonly mapping?: string | undefined;
}

function optionsOf({ strict, tick, lot, symbol, mapping }: ReadFlags): OpenOptions {
  return {
    strict,
    ...(tick === undefined ? {} : { tick }),
    ...(lot === undefined ? {} : { lot }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(mapping === undefined ? {} : { mapping }),
  };
}

async function readAll(file: string, flags: ReadFlags) {
  const opened = await openWithProgress(file, flags.format, optionsOf(flags));
  const { recording } = opened;
  const watch = new Watch(recording.isL3);
  await withProgress(opened, async (seen) => {
    for await (const batch of recording.batches()) {
      watch.see(batch);
      seen(batch);
    }
  });
  const problems: Finding[] = problemsOf(recording, watch);
  return { opened, watch, problems };
}

/** `quotewright book show|verify FILE`: rebuild the books of a recording; look at them, check them against the truth in it. */
import { Command } from '@commander-js/extra-typings';
import Table from 'cli-table3';
import pc from 'picocolors';
import { FORMATS } from '../data/formats.ts';
import type { OpenRecordingOptions } from '../data/formats.ts';
import { agrees, unexplained, verifyRecording } from '../data/verify.ts';
import type { Check, Verdict } from '../data/verdict.ts';
import { showCommand } from './book-show.ts';

/** Exit code when a book differs from the truth, or none was found to check it against. Bad input exits 2. */
const EXIT_NOT_VERIFIED = 1;
/** Columns of a terminal, and those of a table's borders around its five columns. */
const WIDTH = 80;
const BORDERS = 6;
const PADDING = 2;
const HEAD = ['check', 'made', 'matched', 'mismatched', 'explained'];

export function bookCommand() {
  const formats = FORMATS.map((format) => format.name).join(', ');
  return new Command('book')
    .description('order books from recordings')
    .exitOverride()
    .addCommand(showCommand())
    .addCommand(
      new Command('verify')
        .exitOverride()
        .description('rebuild the book of a recording and check it against the truth that the recording holds')
        .argument('<file>', 'the recording; companions (.out, order book rows, snapshots) are found beside it')
        .option('--format <name>', `its format, when the content does not tell: ${formats}`)
        .option('--tick <decimal>', 'tick size, when the recording does not state it')
        .option('--lot <decimal>', 'lot size, when the recording does not state it')
        .option('--strict', 'stop at the first bad row, gap or duplicate', false)
        .option('--json', 'print the verdict as JSON', false)
        .action(async (file, { json, ...flags }) => {
          const verdict = await verifyRecording(file, flags satisfies OpenRecordingOptions);
          process.stdout.write(json ? `${JSON.stringify(verdictJson(verdict), undefined, 2)}\n` : verdictText(verdict));
          if (!agrees(verdict)) process.exitCode = EXIT_NOT_VERIFIED;
        }),
    );
}

/** The verdict for machines. Maps become objects. */
export function verdictJson(verdict: Verdict) {
  const { format, path, checks, notes, report } = verdict;
  return {
    format,
    path,
    ok: agrees(verdict),
    checks: checks.map((check) => ({
      name: check.name,
      made: check.made,
      matched: check.matched,
      mismatched: check.mismatched,
      explained: Object.fromEntries(check.explained),
      first: check.first ?? null,
    })),
    notes: [...notes, ...report.notes],
    rows: report.rows,
    bad: Object.fromEntries(report.bad),
    ignored: Object.fromEntries(report.ignored),
    gaps: report.gaps,
    duplicates: report.duplicates,
  };
}

/** The verdict for people. */
export function verdictText(verdict: Verdict): string {
  const { checks, notes, report } = verdict;
  const rows = checks.map((check) => [
    check.name,
    ...[check.made, check.matched, check.mismatched, explainedOf(check)].map(count),
  ]);
  // The counts take what they need, the names are wrapped in what is left.
  const widths = HEAD.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)) + PADDING);
  widths[0] = Math.min(widths[0]!, WIDTH - BORDERS - widths.slice(1).reduce((sum, width) => sum + width, 0));
  const table = new Table({
    head: HEAD,
    colWidths: widths,
    wordWrap: true,
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  rows.forEach((row, index) => {
    if (checks[index]!.mismatched > 0) row[3] = pc.red(row[3]);
    table.push(row);
  });
  const lines = [`${verdict.path} (${verdict.format}): ${count(report.rows)} rows`, table.toString()];
  for (const check of checks) {
    for (const [reason, times] of check.explained) lines.push(`  explained ${count(times)}: ${reason}`);
  }
  for (const [kind, bad] of report.bad) {
    lines.push(`  bad rows ${count(bad.count)}: ${kind}, first in line ${bad.firstLine}: ${bad.example}`);
  }
  if (report.gaps > 0) lines.push(`  sequence gaps ${count(report.gaps)}, first in line ${report.gapLines[0]}`);
  if (report.duplicates > 0) {
    lines.push(`  duplicates ${count(report.duplicates)}, first in line ${report.firstDuplicateLine}`);
  }
  for (const note of [...notes, ...report.notes]) lines.push(`  ${note}`);
  for (const check of checks) {
    if (check.first !== undefined) lines.push(pc.red(`first mismatch of '${check.name}':`), `  ${check.first}`);
  }
  lines.push(conclusion(verdict));
  return `${lines.join('\n')}\n`;
}

function conclusion(verdict: Verdict): string {
  if (agrees(verdict)) return pc.green('the book agrees with the recording');
  const wrong = unexplained(verdict);
  if (wrong > 0) return pc.red(`${count(wrong)} mismatch${wrong === 1 ? '' : 'es'}`);
  return pc.red('nothing was checked: the recording holds no truth for what was read of it (is it cut short?)');
}

function explainedOf(check: Check): number {
  let sum = 0;
  for (const times of check.explained.values()) sum += times;
  return sum;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

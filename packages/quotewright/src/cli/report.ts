/** `quotewright report`: a run's result once more, from its output folder. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { printPdf } from '../reports/pdf.ts';
import { readTables } from '../reports/read-tables.ts';
import { REPORT_FILE } from '../reports/run-files.ts';
import { readResult, resultText } from '../reports/run-result.ts';
import { terminalSummary } from '../reports/terminal-summary.ts';

interface ReportOptions {
  readonly html?: string | true | undefined;
  readonly pdf?: string | undefined;
  readonly json: boolean;
  readonly summary: boolean;
}

export function reportCommand() {
  return new Command('report')
    .exitOverride()
    .description('rebuild the report of a run from its output folder (result.json and the CSV files)')
    .argument('<dir>', 'the output folder of a run')
    .option('--html [file]', `write the HTML report (default: ${REPORT_FILE} in the folder)`)
    .option('--pdf <file>', 'print the report to a PDF (needs Chromium)')
    .option('--json', 'print result.json', false)
    .option('--summary', 'print the summary; also what is done without an option', false)
    .action((folder, options) => report(folder, options));
}

async function report(folder: string, { html, pdf, json, summary }: ReportOptions): Promise<void> {
  const result = await readResult(folder);
  if (html !== undefined || pdf !== undefined) {
    // Loaded here, so that other commands do not wait for the chart library.
    const { reportHtml } = await import('../reports/html/report-html.ts');
    const page = reportHtml(result, await readTables(folder));
    if (html !== undefined) await writeFile(html === true ? join(folder, REPORT_FILE) : html, page);
    if (pdf !== undefined) await printPage(page, pdf);
  }
  if (json) process.stdout.write(resultText(result));
  if (summary || (!json && html === undefined && pdf === undefined))
    process.stdout.write(`${terminalSummary(result)}\n`);
}

async function printPage(page: string, pdf: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'quotewright-report-'));
  try {
    const path = join(folder, REPORT_FILE);
    await writeFile(path, page);
    await printPdf(path, pdf, process.env['PATH'] ?? '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A run's result on a terminal, at most 80 columns wide. */
import type { AccountMetric } from '@quotewright/core/analytics/account-catalogue';
import type { MarketMetric } from '@quotewright/core/analytics/market-catalogue';
import { nsToIso } from '@quotewright/core/base/time';
import Table from 'cli-table3';
import pc from 'picocolors';
import { ACCOUNT_ENTRIES, MARKET_ENTRIES, NOTHING, formatMetric, formatSeconds, grouped } from './metric-format.ts';
import { RUNS, type RunMarket, type RunName, type RunResult } from './run-result.ts';

const WIDTH = 80;
/** Metrics that the summary shows; the report shows all. */
const ACCOUNT_KEYS: ReadonlySet<string> = new Set<AccountMetric>([
  'netPnl',
  'totalReturn',
  'sharpe',
  'sortino',
  'maxDrawdown',
  'spreadCapture',
  'adverseSelection',
  'inventoryPnl',
  'fees',
  'funding',
  'turnover',
  'winRate',
]);
const MARKET_KEYS: ReadonlySet<string> = new Set<MarketMetric>([
  'fills',
  'volume',
  'makerShare',
  'fillRate',
  'uptimeBoth',
  'effectiveSpreadTicks',
  'realisedSpreadTicks',
  'timeToFillMedian',
  'positionFinal',
  'positionMax',
  'messagesPerFill',
  'rejects',
]);
const SHOWN_WARNINGS = 8;
const SHOWN_TRIPS = 5;

export function terminalSummary(result: RunResult): string {
  const { modelled } = result.runs;
  const lines: string[] = ['', pc.bold(cut(`${result.strategy.name}  ${params(result)}`)), cut(period(result))];
  if (result.isPartial) lines.push(pc.yellow('stopped before the end of the data: a partial result'));
  for (const [index, { currency }] of modelled.accounts.entries()) {
    const rows = ACCOUNT_ENTRIES.filter(([key]) => ACCOUNT_KEYS.has(key));
    lines.push(
      table(result, `Account ${currency}`, (name) =>
        rows.map(([key, { unit, label }]) => [
          label,
          formatMetric(result.runs[name]?.accounts[index]?.metrics[key], unit),
        ]),
      ),
    );
  }
  for (const [index, market] of modelled.markets.entries()) {
    const lotSize = Number(result.instruments[index]!.lot);
    const rows = MARKET_ENTRIES.filter(([key]) => MARKET_KEYS.has(key));
    lines.push(
      table(result, `${market.venue} ${market.symbol}`, (name) =>
        rows.map(([key, { unit, label }]) => [
          label,
          formatMetric(result.runs[name]?.markets[index]?.metrics[key], unit, lotSize),
        ]),
      ),
      cut(markouts(market)),
    );
    if (market.rejects.length > 0) {
      lines.push(cut(`rejects: ${market.rejects.map(({ text, count }) => `${count} ${text}`).join('; ')}`));
    }
  }
  if (result.alongside !== undefined) lines.push(sideBySide(result, result.alongside));
  lines.push(...riskLines(result));
  for (const warning of result.warnings.slice(0, SHOWN_WARNINGS))
    lines.push(...wrap(`! ${warning}`).map((line) => pc.yellow(line)));
  if (result.warnings.length > SHOWN_WARNINGS)
    lines.push(pc.yellow(`! and ${result.warnings.length - SHOWN_WARNINGS} more`));
  lines.push(pc.dim(`outputs ${result.hashes.outputs}`), '');
  return lines.join('\n');
}

/** What risk did: nothing at all is a line too. */
function riskLines({ risk }: RunResult): string[] {
  if (risk === undefined) return [];
  const counts = Object.entries(risk.alerts).map(([type, count]) => `${count} ${type}`);
  const lines = [`risk: ${risk.state}; alerts: ${counts.join(', ') || 'none'}`];
  for (const { text, count } of risk.refusals) lines.push(`refused by the risk gate: ${grouped(count, 0)} × ${text}`);
  for (const { time, symbol, trigger, value, limit } of risk.trips.slice(0, SHOWN_TRIPS)) {
    const numbers = value === null || limit === null ? '' : `: ${value.toPrecision(3)} against ${limit.toPrecision(3)}`;
    lines.push(`breaker of ${symbol ?? 'all'} opened at ${time} by ${trigger}${numbers}`);
  }
  if (risk.trips.length > SHOWN_TRIPS) lines.push(`and ${risk.trips.length - SHOWN_TRIPS} trips more`);
  return lines.flatMap((line) => wrap(line));
}

/** The strategy of the run and those alongside it, by the queue model: one row per metric of the first account, one column per strategy. */
function sideBySide(result: RunResult, alongside: NonNullable<RunResult['alongside']>): string {
  const all = [{ name: result.strategy.name, summary: result.runs.modelled }, ...alongside];
  const rows = ACCOUNT_ENTRIES.filter(([key]) => ACCOUNT_KEYS.has(key));
  const view = new Table({
    head: ['Side by side', ...all.map(({ name }) => name)],
    colWidths: [WIDTH - 2 - 17 * Math.min(3, all.length), ...all.map(() => 16)],
    colAligns: ['left', ...all.map(() => 'right' as const)],
    style: pc.isColorSupported ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] },
    chars: { 'left-mid': '', mid: '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const [key, { unit, label }] of rows) {
    view.push([label, ...all.map(({ summary }) => formatMetric(summary.accounts[0]?.metrics[key], unit))]);
  }
  return view.toString();
}

/** One row per metric, one column per run. */
function table(result: RunResult, title: string, rowsOf: (name: RunName) => [string, string][]): string {
  const names = RUNS.filter((name) => result.runs[name] !== undefined);
  const columns = names.map((name) => rowsOf(name));
  const first = WIDTH - 2 - 17 * names.length;
  const view = new Table({
    head: [title, ...names],
    colWidths: [first, ...names.map(() => 16)],
    colAligns: ['left', ...names.map(() => 'right' as const)],
    // The table colours even what is no terminal, unless told not to.
    style: pc.isColorSupported ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] },
    chars: { 'left-mid': '', mid: '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const [row, [label]] of columns[0]!.entries()) view.push([label, ...columns.map((column) => column[row]![1])]);
  return view.toString();
}

function params(result: RunResult): string {
  return Object.entries(result.strategy.params)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function period(result: RunResult): string {
  const { startNs, endNs, durationSeconds } = result.runs.modelled;
  if (startNs === null || endNs === null) return 'no events';
  const from = nsToIso(startNs, result.epochDay).slice(0, 19);
  const to = nsToIso(endNs, result.epochDay).slice(0, 19);
  return `${from} to ${to} (${formatSeconds(durationSeconds)}), ${grouped(result.rows, 0)} rows, seed ${result.seed}`;
}

function markouts(market: RunMarket): string {
  const parts = market.markouts.map(
    ({ horizonSeconds, meanTicks }) =>
      `${formatSeconds(horizonSeconds)} ${meanTicks === null ? NOTHING : grouped(meanTicks, 2)}`,
  );
  return `markouts in ticks: ${parts.join(', ')}`;
}

function cut(text: string): string {
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map(cut);
}

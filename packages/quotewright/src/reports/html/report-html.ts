/** The report of a run: one HTML file that needs nothing else. */
import type { AccountMetric } from '@quotewright/core/analytics/account-catalogue';
import { nsToIso } from '@quotewright/core/base/time';
import { ACCOUNT_ENTRIES, MARKET_ENTRIES, NOTHING, formatMetric, formatSeconds, grouped } from '../metric-format.ts';
import type { MetricEntry } from '@quotewright/core/analytics/metric-entry';
import type { RunTables } from '../read-tables.ts';
import { RUNS, type RunMarket, type RunResult, type RunSummary } from '../run-result.ts';
import {
  attributionChart,
  calibrationChart,
  drawdownChart,
  equityChart,
  markoutChart,
  positionChart,
} from './charts.ts';
import { STYLE } from './style.ts';
import { timelineData } from './timeline-data.ts';
import { VIEWER_SCRIPT } from './viewer-script.ts';

const CARDS: ReadonlySet<string> = new Set<AccountMetric>([
  'netPnl',
  'totalReturn',
  'sharpe',
  'maxDrawdown',
  'fees',
  'spreadCapture',
  'adverseSelection',
  'inventoryPnl',
]);

export function reportHtml(result: RunResult, tables: RunTables): string {
  const { accounts, markets } = result.runs.modelled;
  const title = `${result.strategy.name} on ${result.instruments.map(({ symbol }) => symbol).join(', ')}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>
${pageHead(result, title)}
${warnings(result)}
${accounts.map((_, index) => cards(result, index)).join('')}
<div class="grid">
${accounts.map(({ currency }) => equityPanels(result, tables, currency)).join('')}
${markets.map((market) => marketPanels(result, tables, market)).join('')}
${calibrationPanel(result)}
</div><div class="tables">
${accounts
  .map(({ currency }, index) =>
    metricsPanel(
      `Account ${currency}`,
      ACCOUNT_ENTRIES,
      boundColumns(result, (run) => run.accounts[index]?.metrics),
    ),
  )
  .join('')}
${markets
  .map(({ venue, symbol }, index) =>
    metricsPanel(
      `${venue} ${symbol}`,
      MARKET_ENTRIES,
      boundColumns(result, (run) => run.markets[index]?.metrics),
      Number(result.instruments[index]!.lot),
    ),
  )
  .join('')}
${alongsidePanels(result)}
${markets.map((market) => detailPanel(market)).join('')}
${provenance(result)}
</div></main><script>${VIEWER_SCRIPT}</script></body></html>
`;
}

function pageHead(result: RunResult, title: string): string {
  const { startNs, endNs, durationSeconds } = result.runs.modelled;
  const time = (ns: number | null): string =>
    ns === null ? NOTHING : nsToIso(ns, result.epochDay).slice(0, 19).replace('T', ' ');
  const params = Object.entries(result.strategy.params).map(
    ([name, value]) => `${name} = ${value === '' ? NOTHING : value}`,
  );
  return `<header><h1>${escapeHtml(title)}</h1><button id="theme" type="button">light / dark</button></header>
<p class="muted">${time(startNs)} to ${time(endNs)} UTC, ${formatSeconds(durationSeconds)}, ${grouped(result.rows, 0)} rows, seed ${result.seed}</p>
<p class="muted params">${escapeHtml(params.join(', '))}</p>`;
}

function warnings(result: RunResult): string {
  const lines = [
    ...(result.isPartial ? ['The run was stopped before the end of its data: a partial result.'] : []),
    ...result.warnings,
  ];
  for (const { path, badRows, gaps, duplicates } of result.data) {
    const faults = [
      [badRows, 'bad row'],
      [gaps, 'sequence gap'],
      [duplicates, 'repeated message'],
    ] as const;
    const said = faults
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${grouped(count, 0)} ${what}${count === 1 ? '' : 's'}`);
    if (said.length > 0) lines.push(`${path}: ${said.join(', ')}`);
  }
  if (lines.length === 0) return '';
  return `<section class="panel warn"><b>Before you believe it</b><ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul></section>`;
}

function cards(result: RunResult, index: number): string {
  const account = result.runs.modelled.accounts[index]!;
  const shown = ACCOUNT_ENTRIES.filter(([key]) => CARDS.has(key)).map(([key, { label, unit, description }]) => {
    const currency = unit === 'currency' ? ` ${account.currency}` : '';
    const value = formatMetric(account.metrics[key], unit);
    return `<div class="card" title="${escapeHtml(description)}"><span>${escapeHtml(label)}${escapeHtml(currency)}</span><b>${value}</b></div>`;
  });
  return `<div class="cards">${shown.join('')}</div>`;
}

function equityPanels(result: RunResult, tables: RunTables, currency: string): string {
  const names = RUNS.filter((name) => result.runs[name] !== undefined);
  const legend = names.map((name) => `<span><i style="background:var(--${name})"></i>${name}</span>`).join('');
  return (
    panel(`Equity, ${currency}`, equityChart(result, tables.equity, currency), `<div class="legend">${legend}</div>`) +
    panel(`Drawdown, ${currency}`, drawdownChart(result, tables.equity, currency))
  );
}

function marketPanels(result: RunResult, tables: RunTables, market: RunMarket): string {
  const legend = `<div class="legend"><span><i style="background:var(--modelled)"></i>all fills, ±2 standard errors</span><span><i style="background:var(--buy)"></i>maker</span><span><i style="background:var(--sell)"></i>taker</span></div>`;
  return (
    timelinePanel(result, tables, market) +
    panel(`Position, ${market.symbol}`, positionChart(result, tables.equity, market)) +
    panel(`P&L attribution, ${market.symbol}`, attributionChart(market)) +
    panel(`Markouts, ${market.symbol}`, markoutChart(market), legend)
  );
}

function timelinePanel(result: RunResult, tables: RunTables, market: RunMarket): string {
  const data = timelineData(result, tables, market.index);
  if (data === undefined) return '';
  // A closing tag inside the data would end the script.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const buttons = [
    ['in', 'zoom in'],
    ['out', 'zoom out'],
    ['all', 'all'],
    ['previous', '‹ fill'],
    ['next', 'fill ›'],
  ].map(([act, label]) => `<button type="button" data-act="${act}">${label}</button>`);
  return `<section class="panel whole timeline"><h2>${escapeHtml(market.symbol)}: price, own quotes and fills</h2>
<div class="legend"><span><i style="background:var(--mid)"></i>mid</span><span><i style="background:var(--buy)"></i>own bids, ▲ bought</span><span><i style="background:var(--sell)"></i>own asks, ▼ sold</span><span>hollow: taker</span></div>
<div class="bar">${buttons.join('')}<span class="muted range"></span></div>
<canvas aria-label="Price with own quotes and fills, position and equity"></canvas><div class="tip"></div>
<p class="muted">${escapeHtml(data.omitted)}</p><script type="application/json">${json}</script></section>`;
}

function calibrationPanel(result: RunResult): string {
  return result.calibration === undefined
    ? ''
    : panel('Calibration of fill probabilities', calibrationChart(result.calibration));
}

type Metrics = Readonly<Record<string, number | null>> | undefined;

/** A column of a table of metrics. */
interface MetricColumn {
  readonly title: string;
  readonly metrics: Metrics;
}

/** One column per bound that was run. */
function boundColumns(result: RunResult, metricsOf: (run: RunSummary) => Metrics): MetricColumn[] {
  return RUNS.flatMap((name) => {
    const run = result.runs[name];
    return run === undefined ? [] : [{ title: name, metrics: metricsOf(run) }];
  });
}

/** Strategies of the same run side by side, one panel per account. */
function alongsidePanels(result: RunResult): string {
  if (result.alongside === undefined) return '';
  const all = [{ name: result.strategy.name, summary: result.runs.modelled }, ...result.alongside];
  return result.runs.modelled.accounts
    .map(({ currency }, index) =>
      metricsPanel(
        `Side by side, ${currency}`,
        ACCOUNT_ENTRIES,
        all.map(({ name, summary }) => ({ title: name, metrics: summary.accounts[index]?.metrics })),
      ),
    )
    .join('');
}

function metricsPanel(
  title: string,
  entries: readonly (readonly [string, MetricEntry])[],
  columns: readonly MetricColumn[],
  lotSize = 1,
): string {
  let group = '';
  const rows = entries.map(([key, entry]) => {
    const head =
      entry.group === group
        ? ''
        : `<tr class="group"><td colspan="${columns.length + 1}">${escapeHtml(entry.group)}</td></tr>`;
    group = entry.group;
    const values = columns
      .map(({ metrics }) => `<td>${formatMetric(metrics?.[key], entry.unit, lotSize)}</td>`)
      .join('');
    return `${head}<tr><td title="${escapeHtml(`${entry.description}. ${entry.source}`)}">${escapeHtml(entry.label)}</td>${values}</tr>`;
  });
  const heads = columns.map((column) => `<th>${escapeHtml(column.title)}</th>`).join('');
  return `<section class="panel"><h2>${escapeHtml(title)}</h2><div class="scroll"><table><thead><tr><th></th>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

/** Latencies and refusals of a market. */
function detailPanel(market: RunMarket): string {
  const latency = market.latency
    .filter(({ count }) => count > 0)
    .map(
      (each) =>
        `<tr><td>${each.kind}</td><td>${grouped(each.count, 0)}</td><td>${latencyText(each.p50Ns)}</td><td>${latencyText(each.p99Ns)}</td><td>${latencyText(each.maxNs)}</td></tr>`,
    );
  const rejects = market.rejects.map(
    ({ text, count }) => `<tr><td>${escapeHtml(text)}</td><td>${grouped(count, 0)}</td></tr>`,
  );
  if (latency.length === 0 && rejects.length === 0) return '';
  const latencyTable =
    latency.length === 0
      ? ''
      : `<h3>Latency</h3><table><thead><tr><th></th><th>count</th><th>p50</th><th>p99</th><th>max</th></tr></thead><tbody>${latency.join('')}</tbody></table>`;
  const rejectTable = rejects.length === 0 ? '' : `<h3>Refusals</h3><table><tbody>${rejects.join('')}</tbody></table>`;
  return `<section class="panel"><h2>${escapeHtml(market.symbol)}: the wire</h2><div class="scroll">${latencyTable}${rejectTable}</div></section>`;
}

function latencyText(ns: number | null): string {
  return ns === null ? NOTHING : formatSeconds(ns / 1e9);
}

/** The account to the last digit. */
function ledgerTable({ ledger }: RunResult): string {
  const rows = ledger.map(
    ({ currency, cash, equity }) =>
      `<tr><td>${escapeHtml(currency)}</td><td>${escapeHtml(cash)}</td><td>${escapeHtml(equity)}</td></tr>`,
  );
  return `<h3>Ledger</h3><table><thead><tr><th></th><th>cash</th><th>equity at the mark</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function provenance(result: RunResult): string {
  const files = result.data.map(
    ({ path, format, rows, notes }) =>
      `<p><b>${escapeHtml(path)}</b> <span class="muted">${escapeHtml(format)}, ${grouped(rows, 0)} rows</span></p>${notes.map((note) => `<p class="muted">${escapeHtml(note)}</p>`).join('')}`,
  );
  const config = Object.entries(result.config).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const { inputs, outputs } = result.hashes;
  const reported = Object.entries(result.reported).map(
    ([name, value]) => `<tr><td>${escapeHtml(name)}</td><td>${formatMetric(value, 'ratio')}</td></tr>`,
  );
  const reportedTable =
    reported.length === 0 ? '' : `<h3>Reported by the strategy</h3><table><tbody>${reported.join('')}</tbody></table>`;
  return `<section class="panel"><h2>Where it is from</h2>${files.join('')}${ledgerTable(result)}${reportedTable}<h3>Hashes</h3><pre>inputs ${escapeHtml(inputs)}\noutputs ${escapeHtml(outputs)}</pre><h3>Settings</h3><pre>${escapeHtml(config.join('\n'))}</pre></section>`;
}

function panel(title: string, chart: string, before = ''): string {
  return chart === '' ? '' : `<section class="panel"><h2>${escapeHtml(title)}</h2>${before}${chart}</section>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

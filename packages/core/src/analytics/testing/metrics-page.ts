/** The tables of docs/metrics.md, from the catalogues: what the page must hold, line by line. */
import type { MetricEntry } from '../metric-entry.ts';

export function metricTable(metrics: Readonly<Record<string, MetricEntry>>): string {
  const rows = Object.entries(metrics).map(
    ([name, { label, unit, description, source }]) =>
      `| \`${name}\` | ${label} | ${unit} | ${cell(description)} | ${cell(source)} |`,
  );
  return ['| name | label | unit | what it says | formula, source |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

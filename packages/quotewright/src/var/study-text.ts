/** A study as tables, at most 80 columns wide. */
import type { VarFigures } from '@quotewright/core/risk/var/figures';
import Table from 'cli-table3';
import pc from 'picocolors';
import type { Study } from './study.ts';

const STYLE = { head: [], border: [], compact: true };
const LIGHTS = { green: pc.green, yellow: pc.yellow, red: pc.red };

export function studyText(study: Study, unit: string): string {
  const parts = [headText(study), holdings(study), methods(study, unit), componentsText(study)];
  if (study.backtests.length > 0) parts.push(backtestText(study));
  if (study.stresses.length > 0) parts.push(stressText(study));
  return `${parts.join('\n')}\n`;
}

function headText({ from, to, returns, dropped }: Study): string {
  const missing = dropped === 0 ? '' : `\n${dropped} times are left out: not every asset has a price there`;
  return `${pc.bold('Value at risk')}  ${returns} returns from ${from} to ${to}${missing}`;
}

function holdings({ held, net, gross }: Study): string {
  const table = new Table({ head: ['asset', 'units', 'price', 'value'], colAligns: aligned(4), style: STYLE });
  for (const { name, units, price, value } of held) table.push([name, String(units), money(price), money(value)]);
  return `${table.toString()}\nnet ${money(net)}, gross ${money(gross)}`;
}

function methods({ estimates }: Study, unit: string): string {
  const levels = estimates[0]!.figures.map(({ level }) => percent(level));
  const table = new Table({
    head: ['method', ...levels.flatMap((level) => [`VaR ${level}`, `ES ${level}`])],
    colAligns: aligned(1 + 2 * levels.length),
    style: STYLE,
  });
  for (const { method, figures } of estimates) {
    table.push([method, ...figures.flatMap(({ valueAtRisk, shortfall }) => [money(valueAtRisk), money(shortfall)])]);
  }
  const notes = [`losses ${unit} ahead; ES = mean loss beyond VaR`];
  for (const { method, repairedEigenvalue, unfitted } of estimates) {
    if (repairedEigenvalue === repairedEigenvalue) {
      const eigenvalue = repairedEigenvalue.toExponential(1);
      notes.push(`${method}: the correlations were not positive definite (${eigenvalue}), the nearest were taken`);
    }
    if (unfitted > 0) notes.push(`${method}: ${unfitted} assets have no GARCH model, the EWMA was taken`);
  }
  return `${table.toString()}\n${notes.join('\n')}`;
}

/** Of the first method at the highest level. */
function componentsText({ held, estimates }: Study): string {
  const [{ method, figures }] = [estimates[0]!];
  const at: VarFigures = figures.reduce((most, each) => (each.level > most.level ? each : most));
  const table = new Table({
    head: ['asset', 'marginal', 'part of VaR', '%', 'part of ES', '%'],
    colAligns: aligned(6),
    style: STYLE,
  });
  held.forEach(({ name }, i) => {
    const part = at.components[i]!;
    const beyond = at.shortfallComponents[i]!;
    table.push([
      name,
      `${(100 * at.marginals[i]!).toFixed(2)} %`,
      money(part),
      share(part, at.valueAtRisk),
      money(beyond),
      share(beyond, at.shortfall),
    ]);
  });
  return `\n${pc.bold('Parts')}  ${method}, ${percent(at.level)}; marginal = VaR for a unit of value more\n${table.toString()}`;
}

function backtestText({ backtests }: Study): string {
  const table = new Table({
    head: ['method', 'level', 'hits', 'due', 'Kupiec', 'indep.', 'cond.', 'light'],
    colAligns: aligned(8),
    style: STYLE,
  });
  for (const { method, levels } of backtests) {
    for (const { level, hits, exceptions, kupiec, independence, conditional, light } of levels) {
      table.push([
        method,
        percent(level),
        String(exceptions),
        (hits.length * (1 - level)).toFixed(1),
        probability(kupiec.p),
        probability(independence.p),
        probability(conditional.p),
        LIGHTS[light](light),
      ]);
    }
  }
  const periods = backtests[0]!.levels[0]!.hits.length;
  const note = 'p-values of the tests (red below 0.05); light: Basel, the last 250 periods';
  return `\n${pc.bold('Backtest')}  ${periods} periods, one ahead, positions as they are now\n${table.toString()}\n${note}`;
}

function stressText({ stresses }: Study): string {
  const table = new Table({
    head: ['scenario', 'profit', 'cost to close', 'both'],
    colAligns: aligned(4),
    style: STYLE,
  });
  for (const { scenario, profit, closingCost } of stresses) {
    table.push([scenario.name, money(profit), money(0 - closingCost), money(profit - closingCost)]);
  }
  const note = 'cost to close: half the spread and the walk into the book (--spread, --depth)';
  return `\n${pc.bold('Stress')}\n${table.toString()}\n${note}`;
}

function aligned(columns: number): ('left' | 'right')[] {
  return Array.from({ length: columns }, (_, i) => (i === 0 ? 'left' : 'right'));
}

/** Two decimals; four significant digits of small amounts, millions of large ones, so that tables keep their width. */
function money(amount: number): string {
  const size = Math.abs(amount);
  if (size === 0) return '0.00';
  if (size < 1) return amount.toPrecision(4);
  if (size >= 1e11) return amount.toExponential(3);
  if (size >= 1e7) return `${money(amount / 1e6)} M`;
  return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function percent(level: number): string {
  return `${Number((100 * level).toFixed(4))} %`;
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : ((100 * part) / whole).toFixed(1);
}

function probability(p: number): string {
  const text = p < 1e-4 ? p.toExponential(0) : p.toFixed(4);
  return p < 0.05 ? pc.red(text) : text;
}

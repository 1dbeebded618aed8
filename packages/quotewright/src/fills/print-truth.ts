/** A truth table for a terminal. */
import Table from 'cli-table3';
import pc from 'picocolors';
import { pooled } from './pooled.ts';
import type { Truth } from './truth.ts';
import type { ModelTruth, Scored } from './truth-figures.ts';

const whole = (value: number): string => value.toLocaleString('en-US');
const percent = (value: number): string => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : '–');
/** Errors are a few in ten thousand orders; in units of 1e-6 they can be read. */
const millionths = (value: number): string => (Number.isFinite(value) ? (1e6 * value).toFixed(0) : '–');

export function truthText(truth: Truth): string {
  const feed = truth.intervalNs === 0 ? 'every change published' : `depth every ${truth.intervalNs / 1e6} ms`;
  const head = [
    `${pc.bold(truth.symbol)}   ${truth.format}, ${feed}`,
    `${whole(truth.orders)} real orders, ${percent(truth.filled / truth.orders)} filled; ${whole(truth.queued)} of them found others ahead, ${percent(truth.queuedFilled / truth.queued)} of these filled;`,
    `${truth.irregular} irregular (the venue passed over the oldest order, or a hidden order traded at the price)`,
  ];
  const fates = newTable(['model', 'fill rate', 'bias', 'Brier', 'of one path', 'of regular', 'log loss', 'AUC']);
  for (const model of truth.models) {
    fates.push([
      nameOf(model, truth),
      percent(model.fillRate.value),
      ranged(model.bias, millionths),
      ranged(model.brier, millionths),
      millionths(model.brierOfOnePath),
      ranged(model.brierRegular, millionths),
      ranged(model.logLoss, (value) => value.toFixed(4)),
      ranged(model.auc, (value) => value.toFixed(4)),
    ]);
  }
  const within = truth.horizonsNs.map((ns) => `within ${ns / 1e9} s`);
  const more = newTable(['model', 'below best', 'of regular', ...within, 'time error', 'part', 'place of cancels']);
  for (const model of truth.models) {
    more.push([
      nameOf(model, truth),
      model.gain === undefined ? '' : ranged(model.gain, percent),
      model.gainRegular === undefined ? '' : ranged(model.gainRegular, percent),
      ...model.brierByHorizon.map(millionths),
      ranged(model.timeError, (value) => `${value.toFixed(3)} s`),
      millionths(model.filledPartError),
      model.kind === 'bound' ? '' : ranged(model.placeBrier, (value) => value.toFixed(3)),
    ]);
  }
  const notes = [
    `Bias, Brier scores and errors of the filled part in millionths; in brackets 95 % by a bootstrap of blocks of orders.`,
    `Best standard model: ${truth.bestStandard}; of regular orders ${truth.bestStandardRegular}. Below best: how much lower the Brier score is.`,
    `Place of cancels: Brier score of ahead or behind, of ${whole(truth.uncertainCancels)} cancels that could have been either.`,
  ];
  return [...head, fates.toString(), more.toString(), ...notes, calibrationText(truth)].join('\n');
}

function nameOf(model: ModelTruth, truth: Truth): string {
  if (model.kind === 'hazard') return pc.green(model.name);
  return model.name === truth.bestStandard ? pc.bold(model.name) : model.name;
}

function ranged({ value, low, high }: Scored, text: (value: number) => string): string {
  if (Number.isNaN(value)) return '–';
  return Number.isNaN(low) ? text(value) : `${text(value)}\n[${text(low)}, ${text(high)}]`;
}

/** How often fills came that were forecast at about the same probability. Certain answers fill the outer deciles alone. */
function calibrationText(truth: Truth): string {
  const table = newTable(['forecast', ...truth.models.map((model) => model.name)]);
  for (let bin = 0; bin < 10; bin++) {
    table.push([
      `${bin * 10}–${bin * 10 + 10} %`,
      ...truth.models.map(({ calibration }) => {
        const { count, observed } = calibration[bin]!;
        return count === 0 ? '' : `${percent(observed)} of ${whole(count)}`;
      }),
    ]);
  }
  return `Calibration: how many of the orders so forecast were filled\n${table.toString()}`;
}

/** Several recordings taken together; '' for one. */
export function pooledText(truths: readonly Truth[]): string {
  if (truths.length < 2) return '';
  const table = newTable(['model', 'Brier ppm', 'below best standard', 'regular ppm', 'below best standard']);
  for (const { name, brier, gain, brierRegular, gainRegular } of pooled(truths)) {
    table.push([name, millionths(brier), percent(gain), millionths(brierRegular), percent(gainRegular)]);
  }
  return `${pc.bold('All recordings together')}\n${table.toString()}`;
}

function newTable(head: string[]): Table.Table {
  const colAligns = head.map((_, i) => (i === 0 ? 'left' : 'right')) satisfies Table.HorizontalAlignment[];
  return new Table({ head, colAligns, style: { head: [], border: [], compact: true } });
}

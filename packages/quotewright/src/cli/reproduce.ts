/** `quotewright reproduce`: results of published papers, computed here and laid beside what was published. */
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { type PaperResult, simulatePaper } from '@quotewright/core/analytics/paper/avellaneda-stoikov';
import {
  type GlftSetting,
  glftClosedForm,
  glftEndlessQuotes,
  glftFiniteQuotes,
} from '@quotewright/core/analytics/paper/glft';
import { PUBLISHED_ROWS, deviationsFrom } from '@quotewright/core/analytics/paper/published';
import Table from 'cli-table3';
import pc from 'picocolors';
import { parseSeed } from './arguments.ts';

const MOST_PATHS = 10_000_000;
const SHOWN_INVENTORIES = [1, 0.5, 0.25, 0.1];

export function reproduceCommand() {
  return new Command('reproduce')
    .description('results of papers, computed here and laid beside what was published')
    .exitOverride()
    .addCommand(
      new Command('avellaneda-stoikov')
        .exitOverride()
        .description('the simulation of Avellaneda and Stoikov 2008, tables 1 and 2')
        .option('--paths <count>', 'simulated sessions per row', parsePaths, 50_000)
        .option('--seed <number>', 'the same seed gives the same figures', parseSeed, 1)
        .option('--json', 'print the figures as JSON', false)
        .action(({ paths, seed, json }) => simulate(paths, seed, json)),
    )
    .addCommand(
      new Command('glft')
        .exitOverride()
        .description('the quotes of Guéant, Lehalle and Fernandez-Tapia 2013: exact, far from the end, closed form')
        .option('--sigma <number>', 'volatility of the mid, ticks per √second', positive, 0.3)
        .option('--a <number>', 'orders per second that reach the mid', positive, 0.9)
        .option('--k <number>', 'decay of their number with the distance, per tick', positive, 0.3)
        .option('--gamma <number>', 'risk aversion, per tick', positive, 0.01)
        .option('--horizon <seconds>', 'time until the end', positive, 600)
        .option('--max-inventory <units>', 'largest inventory', parseInventory, 30)
        .option('--json', 'print the figures as JSON', false)
        .action(({ json, ...setting }) => showGlft(setting, json)),
    );
}

function simulate(paths: number, seed: number, isJson: boolean): void {
  const start = performance.now();
  const rows = PUBLISHED_ROWS.map((published) => {
    const found = simulatePaper(published.gamma, paths, seed, published.variant);
    return { published, found, deviations: deviationsFrom(found, published) };
  });
  const seconds = (performance.now() - start) / 1000;
  if (isJson) {
    const figures = rows.map(({ published: { gamma, variant, ...published }, found, deviations }) => ({
      gamma,
      strategy: variant.isSymmetric ? 'symmetric' : 'inventory',
      found,
      published,
      deviations,
    }));
    process.stdout.write(`${JSON.stringify({ paths, seed, seconds: Number(seconds.toFixed(3)), rows: figures })}\n`);
    return;
  }
  const table = new Table({
    head: ['γ', 'strategy', '', 'spread', 'profit', 'sd', 'final q', 'sd of q'],
    colAligns: ['right', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { published, found, deviations } of rows) {
    const strategy = published.variant.isSymmetric ? 'symmetric' : 'inventory';
    table.push(
      [String(published.gamma), strategy, 'here', ...cells(found, 2)],
      ['', '', 'paper', ...cells(published, 1)],
      ['', '', pc.dim('z'), '', ...zCells(deviations)],
    );
  }
  const rate = `${paths.toLocaleString('en-US')} paths of 200 steps each, seed ${seed}, ${seconds.toFixed(2)} s`;
  const note = 'z: standard errors between here and the paper, which ran 1,000 paths';
  process.stdout.write(`${pc.bold('Avellaneda and Stoikov 2008')}  ${rate}\n${table.toString()}\n${note}\n`);
}

function cells(row: Omit<PaperResult, 'paths'>, digits: number): string[] {
  return [
    row.spread.toFixed(2),
    row.profit.toFixed(digits),
    row.profitDeviation.toFixed(digits),
    row.finalInventory.toFixed(2),
    row.inventoryDeviation.toFixed(digits),
  ];
}

function zCells(deviations: ReturnType<typeof deviationsFrom>): string[] {
  const { profit, profitDeviation, finalInventory, inventoryDeviation } = deviations;
  return [profit, profitDeviation, finalInventory, inventoryDeviation].map((z) => pc.dim(z.toFixed(1)));
}

function showGlft(setting: GlftSetting, isJson: boolean): void {
  const finite = glftFiniteQuotes(setting);
  const endless = glftEndlessQuotes(setting);
  const closed = glftClosedForm(setting);
  const { maxInventory } = setting;
  const rowAt = (inventory: number) => {
    const at = inventory + maxInventory;
    const sides = (quotes: typeof finite) => ({ bid: quotes.bid[at] ?? Number.NaN, ask: quotes.ask[at] ?? Number.NaN });
    return { inventory, finite: sides(finite), endless: sides(endless), closedForm: sides(closed) };
  };
  if (isJson) {
    const rows = Array.from(finite.bid, (_, i) => rowAt(i - maxInventory));
    process.stdout.write(`${JSON.stringify({ setting, rows })}\n`);
    return;
  }
  const inventories = new Set([0]);
  for (const share of SHOWN_INVENTORIES) {
    const inventory = Math.round(share * maxInventory);
    inventories.add(inventory).add(-inventory);
  }
  const table = new Table({
    head: ['q', 'bid', 'ask', 'bid ∞', 'ask ∞', 'bid ≈', 'ask ≈'],
    colAligns: ['right', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const inventory of [...inventories].toSorted((a, b) => a - b)) {
    const row = rowAt(inventory);
    const distances = [row.finite, row.endless, row.closedForm].flatMap(({ bid, ask }) => [shown(bid), shown(ask)]);
    table.push([String(inventory), ...distances]);
  }
  const { sigma, a, k, gamma, horizon } = setting;
  const head = `σ ${sigma}, A ${a}, k ${k}, γ ${gamma}, ${horizon} s left`;
  const note = 'distances from the mid in ticks: exact, endless (∞), closed form of that (≈)';
  const title = pc.bold('Guéant, Lehalle and Fernandez-Tapia 2013');
  process.stdout.write(`${title}\n${head}\n${table.toString()}\n${note}\n`);
}

/** The largest inventory has no bid, the smallest no ask. */
function shown(ticks: number): string {
  return Number.isNaN(ticks) ? '-' : ticks.toFixed(6);
}

function parsePaths(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 2 && value <= MOST_PATHS) return value;
  throw new InvalidArgumentError(`expected a whole number from 2 to ${MOST_PATHS}.`);
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < Infinity) return value;
  throw new InvalidArgumentError('expected a number above zero.');
}

function parseInventory(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError('expected a whole number from 1 to 1000.');
}

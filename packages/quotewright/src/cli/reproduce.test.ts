import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { simulatePaper } from '@quotewright/core/analytics/paper/avellaneda-stoikov';
import {
  type GlftQuotes,
  type GlftSetting,
  glftClosedForm,
  glftEndlessQuotes,
  glftFiniteQuotes,
} from '@quotewright/core/analytics/paper/glft';
import { deviationsFrom } from '@quotewright/core/analytics/paper/published';
import { sharedData } from '../data/testing/files.ts';

/** Lines such as `full lin floor 0 {0.1: [1.49, …], …} sym {…}`. */
function readVariants(text: string) {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [, spread, chance, floor, inventory, symmetric] = /^(\w+) (\w+) floor (\d) (\{.*\}) sym (\{.*\})$/.exec(
        line,
      )!;
      return [inventory!, symmetric!].flatMap((rows, i) =>
        [...rows.matchAll(/([\d.]+): \[([^\]]+)\]/g)].map(([, gamma, figures]) => ({
          name: `${line.slice(0, 20)} ${gamma} ${i === 0 ? 'inventory' : 'symmetric'}`,
          gamma: Number(gamma),
          variant: {
            isSymmetric: i === 1,
            isSpreadFull: spread === 'full',
            isChanceLinear: chance === 'lin',
            isFloored: floor === '1',
          },
          figures: figures!.split(',').map(Number),
        })),
      );
    });
}

describe('Avellaneda and Stoikov', () => {
  test('every variant of the simulation agrees with one made elsewhere', () => {
    const variants = readVariants(readFileSync(sharedData('reference/as_simulation_variants.txt'), 'utf8'));
    expect(variants.length).toBe(40);
    for (const { name, gamma, variant, figures } of variants) {
      const found = simulatePaper(gamma, 10_000, 1, variant);
      const [spread = 0, profit = 0, profitDeviation = 0, finalInventory = 0, inventoryDeviation = 0] = figures;
      expect([name, found.spread.toFixed(2)]).toEqual([name, spread.toFixed(2)]);
      // The file does not say how many paths it is made of; its means of what is zero suggest about so many.
      const published = { paths: 10_000, spread, profit, profitDeviation, finalInventory, inventoryDeviation };
      for (const [figure, z] of Object.entries(deviationsFrom(found, published))) {
        if (!(Math.abs(z) < 4)) expect([name, figure, z]).toEqual([name, figure, 'within 4 standard errors']);
      }
    }
  });
});

test('Guéant, Lehalle and Fernandez-Tapia: every printed digit', () => {
  const text = readFileSync(sharedData('reference/glft_almgren_chriss.txt'), 'utf8');
  let setting: GlftSetting | undefined;
  let quotes: readonly GlftQuotes[] = [];
  let rows = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('{')) {
      const { sigma, A, k, gamma, T, Q } = JSON.parse(line.slice(0, line.indexOf('}') + 1).replaceAll("'", '"'));
      setting = { sigma, a: A, k, gamma, horizon: T, maxInventory: Q };
      quotes = [glftFiniteQuotes(setting), glftEndlessQuotes(setting), glftClosedForm(setting)];
    }
    const row = /q (\S+) db\(0\) (\S+) da\(0\) (\S+) db_inf\(eig\) (\S+) db_closedform (\S+)/.exec(line);
    if (row === null || setting === undefined) continue;
    const at = Number(row[1]) + setting.maxInventory;
    const found = [quotes[0]!.bid[at]!, quotes[0]!.ask[at]!, quotes[1]!.bid[at]!, quotes[2]!.bid[at]!];
    expect([line, ...found.map((distance) => distance.toFixed(6))]).toEqual([line, ...row.slice(2)]);
    rows++;
  }
  expect(rows).toBe(28);
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { readTables } from './read-tables.ts';
import { readResult } from './run-result.ts';
import { writeSampleRun } from './testing/sample-run.ts';

const FILES = ['result.json', 'fills.csv', 'orders.csv', 'quotes.csv', 'equity.csv', 'report.html'];
const folder = tempFolder();

describe("a run's output folder", () => {
  it('is the same, byte for byte, when the run is', async () => {
    const [first, second] = [folder.fresh(), folder.fresh()];
    await writeSampleRun(first, 90);
    await writeSampleRun(second, 90);
    for (const name of FILES)
      expect(readFileSync(join(first, name)).equals(readFileSync(join(second, name))), name).toBe(true);
  });

  it('gives back what was written', async () => {
    const path = folder.fresh();
    const result = await writeSampleRun(path, 90);
    expect(await readResult(path)).toEqual(result);
    const { fills, quotes, equity } = await readTables(path);
    expect(equity.ns).toHaveLength(90);
    expect(equity.ns[1]! - equity.ns[0]!).toBe(1e9);
    expect(quotes).toHaveLength(180);
    expect(fills.length).toBeGreaterThan(10);
    let position = 0;
    for (const fill of fills) {
      position += fill.isBuy ? fill.size : -fill.size;
      expect(fill.position).toBeCloseTo(position, 9);
      const { order, price, isBuy, ns } = fill;
      expect(quotes.find((quote) => quote.order === order)).toMatchObject({ price, isBuy, toNs: ns });
    }
    expect([...equity.columns.keys()]).toEqual([
      'equity:USDT',
      'position:0',
      'mid:0',
      'equity:USDT:optimistic',
      'equity:USDT:pessimistic',
    ]);
  });

  it('of a former run is overwritten', async () => {
    const path = folder.fresh();
    await writeSampleRun(path, 60);
    await writeSampleRun(path, 30);
    expect((await readTables(path)).equity.ns).toHaveLength(30);
  });
});

/** A run's folder in which one file was changed. */
async function broken(name: string, change: (text: string) => string): Promise<string> {
  const path = folder.fresh();
  await writeSampleRun(path, 20);
  writeFileSync(join(path, name), change(readFileSync(join(path, name), 'utf8')));
  return path;
}

describe('an output folder that is not whole', () => {
  it.each([
    ['no JSON', () => '{', /result\.json: is not JSON/],
    ['an empty file', () => '', /result\.json: is not JSON/],
    ['another version', (text: string) => text.replace('"version": 1', '"version": 2'), /result\.json: version: /],
    ['a text for a number', (text: string) => text.replace('"seed": 1', '"seed": "1"'), /result\.json: seed: .*number/],
    ['no object', () => '[]', /result\.json: result: /],
  ])('is refused: %s', async (_, change, message) => {
    await expect(readResult(await broken('result.json', change))).rejects.toThrow(message);
  });

  it('is refused: a table with other columns, or a torn row', async () => {
    await expect(readTables(await broken('fills.csv', (text) => text.replace('local_ns', 'ns')))).rejects.toThrow(
      /fills\.csv:1: found 'time,ns,/,
    );
    await expect(readTables(await broken('quotes.csv', (text) => text.slice(0, -20)))).rejects.toThrow(
      /quotes\.csv:41: found \d+ fields, expected 8/,
    );
    await expect(readTables(folder.fresh())).rejects.toThrow(/fills\.csv: cannot be read/);
    await expect(readResult(folder.fresh())).rejects.toThrow(/holds no result\.json/);
  });
});

import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { readTables } from '../read-tables.ts';
import { writeSampleRun } from '../testing/sample-run.ts';
import { reportHtml } from './report-html.ts';
import { thin } from './thin.ts';

const folder = tempFolder();

async function pageOf(seconds: number, change?: Parameters<typeof writeSampleRun>[2]): Promise<string> {
  const path = folder.fresh();
  return reportHtml(await writeSampleRun(path, seconds, change), await readTables(path));
}

describe('the HTML report', () => {
  it('holds every chart, the three results and the warnings, and asks for nothing from outside', async () => {
    const page = await pageOf(200);
    const { document } = parseHTML(page);
    const titles = [...document.querySelectorAll('h2')].map((title) => title.textContent);
    expect(titles).toEqual([
      'Equity, USDT',
      'Drawdown, USDT',
      'BTCUSDT: price, own quotes and fills',
      'Position, BTCUSDT',
      'P&L attribution, BTCUSDT',
      'Markouts, BTCUSDT',
      'Calibration of fill probabilities',
      'Account USDT',
      'binance BTCUSDT',
      'BTCUSDT: the wire',
      'Where it is from',
    ]);
    expect([...document.querySelectorAll('th')].map((cell) => cell.textContent)).toContain('pessimistic');
    expect(document.querySelector('.warn')?.textContent).toContain('3 bad rows, 1 sequence gap');
    const addresses = page.match(/https?:\/\/[^"'\s)]+/g) ?? [];
    expect(addresses.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
    expect(document.querySelectorAll('link, img, script[src], iframe')).toHaveLength(0);
  });

  it('embeds the events as they are in the tables', async () => {
    const path = folder.fresh();
    const result = await writeSampleRun(path, 200);
    const tables = await readTables(path);
    const { document } = parseHTML(reportHtml(result, tables));
    const json = document.querySelector('script[type="application/json"]')!.textContent;
    // oxlint-disable-next-line no-unsafe-type-assertion -- our own page
    const data = JSON.parse(json) as { fills: { price: string } };
    const prices = new Float64Array(new Uint8Array(Buffer.from(data.fills.price, 'base64')).buffer);
    expect([...prices]).toEqual(tables.fills.map(({ price }) => price));
  });

  it('shows names as text, whatever is in them', async () => {
    const evil = '</script><script>alert(1)</script>&"';
    const page = await pageOf(20, {
      strategy: { name: evil, params: { note: evil } },
      warnings: [evil],
      instruments: [{ venue: evil, symbol: evil, contract: 'linear', tick: '0.1', lot: '0.001', settlement: 'USDT' }],
    });
    expect(page).not.toContain('<script>alert(1)');
  });

  it('of a run without samples, fills and bounds still is a page', async () => {
    const result = await writeSampleRun(folder.fresh(), 20);
    const { modelled } = result.runs;
    const bare = {
      ...result,
      calibration: [],
      runs: {
        modelled: {
          ...modelled,
          startNs: null,
          markets: [{ ...modelled.markets[0]!, markouts: [] }],
        },
      },
    };
    const page = reportHtml(bare, { fills: [], quotes: [], equity: { ns: [], columns: new Map() } });
    expect(parseHTML(page).document.querySelectorAll('h2').length).toBeGreaterThan(3);
  });
});

describe('thinning', () => {
  it('keeps the ends, the lowest and the highest, and the order', () => {
    for (const [count, buckets] of [
      [0, 5],
      [1, 5],
      [7, 5],
      [1000, 10],
      [999, 1000],
    ] as const) {
      const values = Array.from({ length: count }, (_, i) => Math.sin(i * 1.7) * (i % 13));
      const kept = thin(values, buckets);
      expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b));
      if (count === 0) continue;
      const seen = kept.map((i) => values[i]!);
      expect([Math.min(...seen), Math.max(...seen)]).toEqual([Math.min(...values), Math.max(...values)]);
      expect(kept.at(-1)).toBe(count - 1);
      expect(kept.length).toBeLessThanOrEqual(2 * buckets + 1);
    }
  });

  it('leaves out what is not a number', () => {
    expect(thin([Number.NaN, 1, Number.NaN, 3, Number.NaN], 5)).toEqual([1, 3]);
  });
});

import { describe, expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { parsePositions } from './positions.ts';
import { PriceTable } from './price-table.ts';

const folder = tempFolder();
let files = 0;

function file(text: string): string {
  return folder.write(`${files++}.csv`, text);
}

const BARS = 'https://example.com\nUnix,Date,Symbol,Open,High,Low,Close\n';

describe('prices', () => {
  test('from a table of assets', async () => {
    const table = await PriceTable.read([file('\uFEFFdate,BTC,eth\r\n2024-01-01,100,10\r\n2024-01-02,110,9\r\n')]);
    expect(table.names).toEqual(['BTC', 'eth']);
    expect(table.select(['eth', 'BTC'])).toEqual({
      times: ['2024-01-01', '2024-01-02'],
      prices: Float64Array.of(10, 100, 9, 110),
      dropped: 0,
    });
  });

  test('from bars, newest first, joined on the days that all files have', async () => {
    const table = await PriceTable.read([
      file(`${BARS}3,2024-01-03,BTCUSDT,1,1,1,30\n2,2024-01-02,BTCUSDT,1,1,1,20\n1,2024-01-01,BTCUSDT,1,1,1,10\n`),
      file(`${BARS}3,2024-01-03,ETHUSDT,1,1,1,3\n1,2024-01-01,ETHUSDT,1,1,1,1\n`),
    ]);
    expect(table.find('btc')).toBe('BTCUSDT');
    expect(table.find('ethusdt')).toBe('ETHUSDT');
    expect(table.select(['BTCUSDT', 'ETHUSDT'])).toEqual({
      times: ['2024-01-01', '2024-01-03'],
      prices: Float64Array.of(10, 1, 30, 3),
      dropped: 1,
    });
  });

  test('Unix times are in order as numbers', async () => {
    const table = await PriceTable.read([file('time,X\n1000,3\n999,2\n20,1\n')]);
    expect([...table.select(['X']).prices]).toEqual([1, 2, 3]);
  });

  test('an asset whose prices are not asked for may be anything', async () => {
    const table = await PriceTable.read([file('Date,BTC,NEW\n2024-01-01,1,\n2024-01-02,2,0\n')]);
    expect(table.select(['BTC']).prices.length).toBe(2);
    expect(() => table.select(['NEW'])).toThrow(/\.csv:2: NEW: found '', expected a price above 0/);
  });

  test.each([
    ['0', "found '0'"],
    ['-1', "found '-1'"],
    ['NaN', "found 'NaN'"],
    ['1e999', "found '1e999'"],
    ['１２', "found '１２'"],
    ['1 2', "found '1 2'"],
  ])('a price of %s is named with its line', async (price, words) => {
    const table = await PriceTable.read([file(`Date,BTC\n2024-01-01,1\n2024-01-02,${price}\n`)]);
    expect(() => table.select(['BTC'])).toThrow(`.csv:3: BTC: ${words}, expected a price above 0`);
  });

  test.each([
    ['Date,BTC\n2024-01-01,1\n2024-01-01,2\n', ".csv:3: found the time '2024-01-01' again, it is in line 2"],
    ['Date,BTC\nyesterday,1\n', ".csv:2: found the time 'yesterday', expected YYYY-MM-DD or a number"],
    ['Date,BTC\n2024-01-01\n', '.csv:2: found 1 columns, expected 2 as in the header'],
    ['Date,BTC,btc\n2024-01-01,1,1\n', "found 'btc' twice, expected each asset once"],
    ['Date,Symbol,Close\n2024-01-01,A,1\n2024-01-02,B,1\n', ".csv:3: found 'B', expected bars of one asset, 'A'"],
    ['banner\n', 'found no header, expected one such as Date,BTC,ETH'],
  ])('%j is refused', async (text, words) => {
    await expect(PriceTable.read([file(text)])).rejects.toThrow(words);
  });

  test('a name that is none, or could be two', async () => {
    const table = await PriceTable.read([file('Date,BTCUSDT,BTCEUR\n2024-01-01,1,1\n')]);
    expect(() => table.find('btc')).toThrow("positions: found 'btc', expected only one of BTCUSDT, BTCEUR");
    expect(() => table.find('doge')).toThrow("positions: found 'doge', expected one of BTCUSDT, BTCEUR");
  });
});

describe('positions', () => {
  test('are units by asset', () => {
    expect([...parsePositions('btc=1, eth=-2.5,X=0')]).toEqual([
      ['btc', 1],
      ['eth', -2.5],
      ['X', 0],
    ]);
  });

  test.each(['', 'btc', 'btc=', '=1', 'btc=one', 'btc=NaN', 'btc=1e999', 'btc=1,', 'btc=1,BTC=2'])(
    '%j is refused',
    (text) => {
      expect(() => parsePositions(text)).toThrow(/^positions: found/);
    },
  );
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Field } from '@quotewright/core/market/event';
import { describe, expect, it } from 'vitest';
import { presetFor, readMapping } from './mapping.ts';
import { tempFolder } from './testing/files.ts';
import { openText, records, words } from './testing/recordings.ts';
import { wideCsvFormat } from './wide-csv.ts';

const directory = tempFolder().path;

function mappingFile(text: string): string {
  const path = join(directory, `${Math.random()}.yaml`);
  writeFileSync(path, text);
  return path;
}

describe('presets', () => {
  it('reads levels side by side as a snapshot a row', async () => {
    const text =
      'timestamp,bid_price_0,bid_size_0,ask_price_0,ask_size_0,bid_price_1,bid_size_1,ask_price_1,ask_size_1\n' +
      '1700000000000000001,10.5,1,10.6,2,10.4,3,,\n';
    const recording = await openText(wideCsvFormat, text);
    const found = await records(recording);
    expect(found.map(words)).toEqual([
      'SNAPSHOT_BEGIN snapshot 0×0',
      'LEVEL buy snapshot 105×1',
      'LEVEL buy snapshot 104×3',
      'LEVEL snapshot 106×2',
      'SNAPSHOT_END snapshot last 0×0',
    ]);
    expect(found[0]![Field.VENUE_NS]! % 10).toBe(1);
  });

  it('reads distances from the mid, rounded to the grid', async () => {
    const text =
      'system_time,midpoint,bids_distance_0,asks_distance_0,bids_notional_0,asks_notional_0\n' +
      '2021-04-07 11:32:42.122161+00:00,55896.285,-0.0000000894,0.0000000894,38994.73,25\n' +
      '2021-04-07 11:32:43,oops,0,0,1,1\n';
    const recording = await openText(wideCsvFormat, text, { symbol: 'BTC-USD' });
    const found = await records(recording);
    expect(found.map((each) => each[Field.PRICE_TICKS])).toEqual([0, 5_589_628, 5_589_629, 0]);
    expect(found[1]![Field.SIZE_LOTS]).toBe(Math.round((38_994.73 / (55_896.285 * (1 - 0.000_000_089_4))) * 1e8));
    expect(recording.report.bad.get('level is no price and notional')).toEqual({
      count: 1,
      firstLine: 3,
      example: '0',
    });
    expect(recording.instruments[0]!.symbol).toBe('BTC-USD');
  });

  it('reads packed pairs and prints, and counts what cannot be', async () => {
    const depth =
      'time_seconds,bid_price_bid_size,ask_price_ask_size\n1625097600,2271.58_1.64,2279.63_28.4\n1625097601.5,2271.58,2279.63_1\nx,1_1,1_1\n';
    const quotes = await openText(wideCsvFormat, depth);
    expect((await records(quotes)).map(words)).toEqual(['QUOTE buy 227158×164000000', 'QUOTE last 227963×2840000000']);
    expect([...quotes.report.bad.keys()]).toEqual(['size is no decimal', 'time_seconds is no time']);
    const trades =
      'time_seconds,price,size,is_buyer_maker\n1625097621.647,2278.15,0.5,1\n1625097621.989,2278.15,0.5,0\n1,1,1,2\n';
    const prints = await openText(wideCsvFormat, trades);
    expect((await records(prints)).map(words)).toEqual([
      'TRADE last 227815×50000000',
      'TRADE buy last 227815×50000000',
    ]);
    expect([...prints.report.bad.keys()]).toEqual(["side is neither '0' nor '1'"]);
  });

  it('knows only headers that it can read', () => {
    expect(presetFor(['time_seconds', 'price', 'size', 'is_buyer_maker'])?.venue).toBe('gemini');
    expect(presetFor(['timestamp', 'price'])).toBeUndefined();
  });
});

describe('mapping files', () => {
  it('name any columns, in YAML or JSON', async () => {
    const yaml = `
venue: here
symbol: { column: pair }
time: { column: t, unit: ms }
localTime: { column: r, unit: us }
levels:
  firstLevel: 1
  bids: { price: 'b{i}', size: 'bq{i}' }
  asks: { packed: 'a{i}', separator: '@' }
`;
    const text =
      't,r,pair,b1,bq1,a1\n1700000000000,1700000000000500,X,9,1,10@2\n1700000000001,1700000000001500,Y,9.5,1,10@2\n';
    const recording = await openText(wideCsvFormat, text, { mapping: mappingFile(yaml) });
    const found = await records(recording);
    expect(found.map(words).slice(4)).toEqual([
      'SNAPSHOT_BEGIN snapshot 0×0',
      'LEVEL buy snapshot 95×1',
      'LEVEL snapshot 100×2',
      'SNAPSHOT_END snapshot last 0×0',
    ]);
    expect(found[0]![Field.LOCAL_NS]! - found[0]![Field.VENUE_NS]!).toBe(500_000);
    expect(recording.instruments.map((each) => `${each.venue} ${each.symbol}`)).toEqual(['here X', 'here Y']);
    const json = JSON.stringify({
      time: { column: 't', unit: 's' },
      quote: { bid: { price: 'b', size: 'q' }, ask: { price: 'a', size: 'p' } },
    });
    const quotes = await openText(wideCsvFormat, 't,b,q,a,p\n5,1,2,3,4\n', { mapping: mappingFile(json) });
    expect((await records(quotes)).map(words)).toEqual(['QUOTE buy 1×2', 'QUOTE last 3×4']);
  });

  it('are refused with the field that is wrong', async () => {
    const time = 'time: { column: t, unit: ms }\n';
    const cases: [string, RegExp][] = [
      ['time: { column: t, unit: fortnights }', /field 'time.unit'/],
      [`${time}level: 3`, /Unrecognized key.*level/],
      [`${time}tick: 0.1`, /field 'tick'/],
      [time, /found 0 of the fields/],
      ['a: [', /presets are levels/],
      ['', /field ''/],
    ];
    for (const [text, expected] of cases) await expect(readMapping(mappingFile(text))).rejects.toThrow(expected);
    await expect(readMapping(join(directory, 'none'))).rejects.toThrow(/ENOENT.*presets are/);
    const distances = `${time}distances: { mid: m, bids: { distance: d, notional: n }, asks: { distance: d, notional: n } }`;
    await expect(openText(wideCsvFormat, 't,m,d,n\n1,1,1,1\n', { mapping: mappingFile(distances) })).rejects.toThrow(
      "field 'tick'",
    );
    const missing = `${time}quote: { bid: { price: b, size: q }, ask: { price: a, size: p } }`;
    await expect(openText(wideCsvFormat, 't,b,q\n1,1,1\n', { mapping: mappingFile(missing) })).rejects.toThrow(
      "column 'a' is missing",
    );
  });
});

import { describe, expect, it } from 'vitest';
import { FORMATS, openRecording } from './formats.ts';
import { sharedData, tempFolder } from './testing/files.ts';
import { VERIFIERS, verifyRecording } from './verify.ts';

const folder = tempFolder();

describe('the registry', () => {
  it('has one format of each name, and verifiers of known formats only', () => {
    const names = FORMATS.map((format) => format.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of Object.keys(VERIFIERS)) expect(names).toContain(name);
  });

  it('knows each recording of the shared data by its content', async () => {
    for (const [file, format] of [
      ['lobster/LOBSTER_SampleFile_AAPL_2012-06-21_1.zip', 'lobster'],
      ['coinbase_l3/replay_coinbase_0.in.gz', 'coinbase-full'],
      ['coinbase_l3/btcusd_l2_snapshot_2026-08-07.json.gz', 'coinbase-rest'],
      ['bitstamp_l3/2015-05-01.log.xz', 'bitstamp-log'],
      ['bitstamp_l3/orders.csv.xz', 'bitstamp-orders'],
      ['bitfinex_l3/btcusd_R0_100k.json.xz', 'bitfinex-raw'],
    ] as const) {
      expect((await openRecording(sharedData(file))).format).toBe(format);
    }
  });

  it.each([
    ['prose', 'It was the best of times,\nit was the worst of times.\n'],
    ['JSON', '{"hello": "world"}'],
    ['binary', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) >> 3)],
    ['a header only', 'time,price\n'],
    ['one byte', '\n'],
  ])('says that %s is no recording', async (_, content) => {
    const path = folder.write('unknown', content);
    await expect(openRecording(path)).rejects.toThrow(
      /format not recognised from the content; name it with --format, one of /,
    );
    await expect(verifyRecording(path)).rejects.toThrow(/format not recognised/);
  });

  it('names the formats when one is asked for that it does not have', async () => {
    await expect(openRecording(folder.write('x', 'x'), { format: 'morse' })).rejects.toThrow(
      /^--format: found 'morse', expected one of .*lobster/,
    );
  });

  it('refuses a recording that another format was named for', async () => {
    const path = folder.write('lobster.csv', '34200.1,1,5,10,1000000,1\n');
    for (const format of ['coinbase-full', 'coinbase-rest', 'bitstamp-log', 'bitstamp-orders', 'bitfinex-raw']) {
      await expect(openRecording(path, { format })).rejects.toThrow(/lobster\.csv: /);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { openRecording } from '../formats.ts';
import { sharedData, tempFolder } from '../testing/files.ts';
import { badKinds, drain, eventTexts } from '../testing/recordings.ts';
import { verifyBitfinexRaw } from './bitfinex-verify.ts';

const folder = tempFolder();
const SUBSCRIBED = {
  event: 'subscribed',
  channel: 'book',
  chanId: 7,
  symbol: 'tBTCUSD',
  prec: 'R0',
  freq: 'F0',
  len: '25',
  pair: 'BTCUSD',
};
const SNAPSHOT = [
  7,
  [
    [101, 60_945, 0.25],
    [102, 60_940.5, 1e-7],
    [103, 60_950, -2],
  ],
];

function write(messages: readonly unknown[], name = 'book.json'): string {
  return folder.write(name, JSON.stringify(messages));
}

describe('Bitfinex raw book', () => {
  it('becomes a snapshot and order events; price 0 deletes, the sign is the side', async () => {
    const updates = [
      [7, [104, 60_944, 1]],
      [7, [101, 60_945, 0.5]],
      [7, [102, 60_941, 0.5]],
      [7, 'hb'],
      [7, [103, 0, -1]],
      [7, [999, 0, 1]],
    ];
    const recording = await openRecording(write([{ event: 'info' }, SUBSCRIBED, SNAPSHOT, ...updates]));
    expect(recording.format).toBe('bitfinex-raw');
    expect(recording.instruments[0]?.symbol).toBe('BTCUSD');
    expect(await eventTexts(recording)).toEqual([
      'SNAPSHOT_BEGIN sell 0 0 #0',
      'ORDER_ADD buy 6094500000000 25000000 #101',
      'ORDER_ADD buy 6094050000000 10 #102',
      'ORDER_ADD sell 6095000000000 200000000 #103',
      'SNAPSHOT_END sell 0 0 #0',
      'ORDER_ADD buy 6094400000000 100000000 #104',
      'ORDER_SET buy 6094500000000 50000000 #101',
      'ORDER_REMOVE buy 6094050000000 0 #102',
      'ORDER_ADD buy 6094100000000 50000000 #102',
      'ORDER_REMOVE sell 6095000000000 0 #103',
      'ORDER_REMOVE buy 0 0 #999',
    ]);
    expect(Object.fromEntries(recording.report.ignored)).toEqual({ 'event info': 1, 'event subscribed': 1, hb: 1 });
  });

  it('counts bad messages and rows by kind', async () => {
    const bad = [
      [7, [1, 60_945]],
      [7, ['x', 1, 1]],
      [7, [5, -1, 1]],
      [7, [5, 1, 0]],
      [7, [5, 1.000000001, 1]],
      [7],
      'text',
      [7, []],
      [7, [6, 60_000, 1]],
    ];
    const text = JSON.stringify([SUBSCRIBED, ...bad]).replace('"text"', '{"a":}');
    const recording = await openRecording(folder.write('bad.json', text));
    expect(await drain(recording)).toBe(1);
    expect(badKinds(recording)).toEqual({
      'row is not [id, price, amount]': '1 from line 2',
      'malformed order id': '1 from line 3',
      'malformed price': '1 from line 4',
      'amount is not a number other than zero': '1 from line 5',
      'price off the tick grid': '1 from line 6',
      'message is no [channel, data]': '1 from line 7',
      'malformed JSON': '1 from line 8',
      'message carries no orders': '1 from line 9',
    });
    await expect(async () =>
      drain(await openRecording(folder.write('bad.json', text), { strict: true })),
    ).rejects.toThrow(/bad\.json:2: row is not/);
  });

  it('that ends too early is an error', async () => {
    const path = folder.write('cut.json', JSON.stringify([SUBSCRIBED, SNAPSHOT]).slice(0, -10));
    await expect(async () => drain(await openRecording(path))).rejects.toThrow(/element 2: the array is truncated/);
  });

  it('is wrong when it names unknown orders or stays crossed', async () => {
    const crossed = Array.from({ length: 30 }, (_, i) => [7, [200 + i, 60_000 - i, 1]]);
    const path = write([
      SUBSCRIBED,
      SNAPSHOT,
      [7, [999, 0, 1]],
      [7, [105, 60_960, 1]],
      ...crossed.slice(0, 20),
      [7, [105, 0, 1]],
    ]);
    const { checks } = await verifyBitfinexRaw(path, { strict: false });
    expect(checks[0]).toMatchObject({ made: 2, mismatched: 1, first: 'message 2: order 999 is not in the book' });
    expect(checks[1]!.mismatched).toBe(0);
    expect(checks[2]).toMatchObject({ mismatched: 0, matched: 3 });
    const stuck = write([SUBSCRIBED, SNAPSHOT, [7, [105, 60_960, 1]], ...crossed], 'stuck.json');
    const verdict = await verifyBitfinexRaw(stuck, { strict: false });
    expect(verdict.checks.slice(1).map(({ mismatched }) => mismatched)).toEqual([8, 31]);
  });

  it('keeps its promises in the recorded sample', async () => {
    const { checks, report } = await verifyBitfinexRaw(sharedData('bitfinex_l3/btcusd_R0_100k.json.xz'), {
      strict: true,
    });
    expect(report).toMatchObject({ rows: 100_001, badRows: 0 });
    expect(checks.map(({ made, matched, mismatched }) => [made, matched, mismatched])).toEqual([
      [62_989, 62_989, 0],
      [99_999, 99_999, 0],
      [99_999, 99_978, 0],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { openRecording } from '../formats.ts';
import { sharedData, tempFolder } from '../testing/files.ts';
import { badKinds, drain, eventTexts } from '../testing/recordings.ts';
import { verifyCoinbaseRest } from './coinbase-verify.ts';

const folder = tempFolder();

function snapshot(level: number, bids: unknown, asks: unknown, fields: Record<string, unknown> = {}): string {
  const value = { product: 'BTC-USD', level, captured_at: '2026-08-07T20:04:10Z', sequence: 5, bids, asks, ...fields };
  return folder.write('snapshot.json', JSON.stringify(value));
}

describe('Coinbase REST snapshot', () => {
  it('of level 3 is one snapshot of orders', async () => {
    const bids = [
      ['100', '1', 'a'],
      ['100', '2', 'b'],
      ['99.99', '0.00000001', 'c'],
    ];
    const path = snapshot(3, bids, [['138991023.41', '1', 'd']]);
    const recording = await openRecording(path);
    expect(recording).toMatchObject({ format: 'coinbase-rest', isL3: true });
    expect(await eventTexts(recording)).toEqual([
      'SNAPSHOT_BEGIN sell 0 0 #0',
      'ORDER_ADD buy 10000 100000000 #1',
      'ORDER_ADD buy 10000 200000000 #2',
      'ORDER_ADD buy 9999 1 #3',
      'ORDER_ADD sell 13899102341 100000000 #4',
      'SNAPSHOT_END sell 0 0 #0',
    ]);
    const { checks } = await verifyCoinbaseRest(path, { strict: false });
    expect(checks.map(({ made, matched }) => [made, matched])).toEqual([
      [4, 4],
      [5, 5],
      [1, 1],
    ]);
  });

  it('of level 2 is one snapshot of levels', async () => {
    const recording = await openRecording(snapshot(2, [['100', '1', 2]], [['101', '1', 1]]));
    expect(recording.isL3).toBe(false);
    expect(await eventTexts(recording)).toEqual([
      'SNAPSHOT_BEGIN sell 0 0 #0',
      'LEVEL buy 10000 100000000 #0',
      'LEVEL sell 10100 100000000 #0',
      'SNAPSHOT_END sell 0 0 #0',
    ]);
  });

  it('counts bad and repeated rows', async () => {
    const bids = [['100', '1', 'a'], ['100.001', '1', 'b'], ['99', '1', 'a'], ['98', 'x', 'c'], 5, ['97', '1']];
    const recording = await openRecording(snapshot(3, bids, []));
    expect(await drain(recording)).toBe(3);
    expect(recording.report.duplicates).toBe(1);
    expect(badKinds(recording)).toEqual({
      'price off the tick grid': '1 from line 2',
      'malformed size': '1 from line 4',
      'row is not [price, size, id or count]': '2 from line 5',
    });
  });

  it('is checked without its bad rows, which are counted', async () => {
    const path = snapshot(
      3,
      [
        ['1e999', '1', 'a'],
        ['\u{1f600}', '1', 'b'],
        ['9', '1', 'c'],
      ],
      [],
    );
    const { checks, report } = await verifyCoinbaseRest(path, { strict: false });
    expect(checks.map(({ made, mismatched }) => [made, mismatched])).toEqual([
      [1, 0],
      [3, 0],
      [1, 0],
    ]);
    expect(report.badRows).toBe(2);
  });

  it('finds a crossed book and rows out of order', async () => {
    const path = snapshot(
      3,
      [
        ['99', '1', 'a'],
        ['100', '1', 'b'],
      ],
      [['100', '1', 'c']],
    );
    const { checks } = await verifyCoinbaseRest(path, { strict: false });
    expect(checks.map(({ mismatched }) => mismatched)).toEqual([1, 0, 1]);
    expect(checks[0]!.first).toBe('bids: 100.00 after 99.00');
  });

  it.each([
    ['level 4', { level: 4 }, /level: found '4'/],
    ['no time', { captured_at: 'now' }, /captured_at: found 'now'/],
    ['no asks', { asks: {} }, /bids and asks are not both arrays/],
    ['no product', { product: 1 }, /product is missing or no text/],
  ])('with %s is refused', async (_, fields, message) => {
    await expect(openRecording(snapshot(2, [], [], fields), { format: 'coinbase-rest' })).rejects.toThrow(message);
  });
});

describe('the recorded snapshots', () => {
  it.each([
    [3, 110_606, 45_416],
    [2, 45_393, 45_395],
  ])('level %i agrees with itself', async (level, rows, levels) => {
    const path = sharedData(`coinbase_l3/btcusd_l${level}_snapshot_2026-08-07.json.gz`);
    const { checks, report } = await verifyCoinbaseRest(path, { strict: true });
    expect(checks.map(({ matched, mismatched }) => [matched, mismatched])).toEqual([
      [rows, 0],
      [levels, 0],
      [1, 0],
    ]);
    expect(report.rows).toBe(rows);
  });
});

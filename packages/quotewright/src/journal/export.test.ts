import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_STRIDE, EventKind, packHead } from '@quotewright/core/market/event';
import { LIMIT_INDEX } from '@quotewright/core/risk/limits';
import { ALL_MARKETS, Command, InputKind, OrderFlag, Reject, ReportKind } from '@quotewright/core/trading/records';
import { beforeAll, describe, expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { exportJournal } from './export.ts';
import { openJournal } from './journal.ts';
import { FIELD_COLUMNS } from './record-fields.ts';
import { FIELD_NAMES, KIND_NAMES } from './record-names.ts';
import { journalStats } from './stats.ts';
import { SAMPLE_HEADER } from './testing/sample-journal.ts';

const temp = tempFolder();
const dir = temp.fresh();
const NOON = 12 * 3600e9;

/** Kind, flags, instrument, price, size, order, number, aux: what is exported of it. */
const ROWS: readonly (readonly [readonly number[], Record<string, unknown>])[] = [
  [
    [EventKind.LEVEL, 3, 0, 600_005, 1500, 0, 77, 0],
    { kind: 'level', instrument: 'BTC-USDT', side: 'buy', price: '60000.5', size: '1.500', updateId: 77, isLast: true },
  ],
  [
    [EventKind.TRADE, 0, 1, 250_001, 3, 0, 5, 9],
    {
      kind: 'trade',
      instrument: 'ETH-USDT',
      side: 'sell',
      price: '2500.01',
      size: '0.03',
      venueOrder: 0,
      tradeId: 5,
      takerOrder: 9,
    },
  ],
  [
    [EventKind.STATUS, 2, 0, 0, 2, 0, 0, 0],
    { kind: 'status', instrument: 'BTC-USDT', status: 'trading', isLast: true },
  ],
  [
    [ReportKind.FILL, 1 | OrderFlag.MAKER, 0, 600_000, 1, 65_536, 12, -50_000],
    {
      kind: 'fill',
      instrument: 'BTC-USDT',
      side: 'buy',
      price: '60000.0',
      size: '0.001',
      order: 65_536,
      execution: 12,
      feeRate: -0.00005,
      isMaker: true,
    },
  ],
  [
    [ReportKind.REJECT, 0, 0, 0, 0, 7, 0, Reject.POST_ONLY_WOULD_TAKE],
    { kind: 'reject', instrument: 'BTC-USDT', side: 'sell', order: 7, reason: 'the post-only order would take' },
  ],
  [[InputKind.WAKE, 0, 0, 0, 0, 0, 0, 0], { kind: 'wake' }],
  [[InputKind.COMMAND, 0, 0, 0, 0, -1, Command.START, 0], { kind: 'command', command: 'start' }],
  [
    [InputKind.COMMAND, 0, ALL_MARKETS, 0, 0, 0, Command.TRIP, 0],
    { kind: 'command', instrument: 'all', command: 'trip' },
  ],
  [[InputKind.COMMAND, 0, 0, 0, 0, 4, Command.ACKNOWLEDGE, 0], { kind: 'command', command: 'acknowledge', alert: 4 }],
  [
    [InputKind.COMMAND, 0, 0, 0, 0, 0, Command.PAUSE_STRATEGY, 0],
    { kind: 'command', command: 'pause-strategy', strategy: 0 },
  ],
  [[InputKind.PARAMETER, 2, 0, 1, 1, 0, 0, 0], { kind: 'parameter', strategy: 0, parameter: 'model', value: 'finite' }],
  [[InputKind.PARAMETER, 2, 0, 1, 1, 7, 0, 0], { kind: 'parameter', strategy: 7, parameter: 0, value: 1 }],
  [[InputKind.CONNECTION, 0, 1, 0, 0, 0, 0, 0], { kind: 'connection', instrument: 'ETH-USDT', connected: false }],
  [
    [InputKind.LIMIT, 0, 0, 2.5, 0, 2 * 65_536 + 1, LIMIT_INDEX.get('max_order_size')!, 0],
    { kind: 'limit', limit: 'max_order_size', scope: 'instrument 1', value: 2.5 },
  ],
  [
    [InputKind.LIMIT, 0, 0, Number.NaN, 0, 0, LIMIT_INDEX.get('max_order_size')!, 0],
    { kind: 'limit', limit: 'max_order_size', scope: 'global', value: 'none' },
  ],
  [[InputKind.VAR, 0, 0, 120.5, 150, 0, 0, 0], { kind: 'var', valueAtRisk: 120.5, expectedShortfall: 150 }],
  [
    [InputKind.FUNDING, 0, 0, 600_000.5, 0, 0, 0, 100_000],
    { kind: 'funding', instrument: 'BTC-USDT', markTicks: 600_000.5, fundingRate: 0.0001 },
  ],
];

beforeAll(async () => {
  const journal = await openJournal({ dir, durability: 'none', header: SAMPLE_HEADER });
  const record = new Float64Array(EVENT_STRIDE);
  for (const [index, [row]] of ROWS.entries()) {
    const [kind = 0, flags = 0, instrument = 0, price = 0, size = 0, order = 0, number = 0, aux = 0] = row;
    const ns = NOON + index * 1e9;
    // The venue gave no time to the first.
    record.set([
      packHead(kind, flags, instrument),
      index === 0 ? Number.NaN : ns,
      ns + 1,
      price,
      size,
      order,
      number,
      aux,
    ]);
    journal.append(record, 0);
  }
  journal.mark({ type: 'end' });
  await journal.close();
});

describe('an export', () => {
  test('names every field of every kind of record, in decimals, ISO times and words', () => {
    const out = join(temp.path, 'all.jsonl');
    expect(exportJournal(dir, out, { format: 'jsonl', kinds: new Set() })).toEqual({
      records: ROWS.length,
      damages: 0,
    });
    const lines: Record<string, unknown>[] = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ sequence: 0, kind: 'session', header: SAMPLE_HEADER });
    expect(lines.at(-1)).toMatchObject({ sequence: ROWS.length, kind: 'mark', fields: { type: 'end' } });
    for (const [index, [, expected]] of ROWS.entries()) {
      const { sequence, venueTime, localTime, ...fields } = lines[index + 1]!;
      expect(fields).toEqual(expected);
      const second = String(index).padStart(2, '0');
      expect([sequence, localTime]).toEqual([index, `2024-10-04T12:00:${second}.000000001Z`]);
      expect(venueTime).toBe(index === 0 ? undefined : `2024-10-04T12:00:${second}.000000000Z`);
    }
  });

  test('as CSV has a column for every name, and takes the kinds that are asked for', () => {
    const out = join(temp.path, 'some.csv');
    const kinds = new Set<number>([ReportKind.FILL, ReportKind.REJECT]);
    expect(exportJournal(dir, out, { format: 'csv', kinds }).records).toBe(2);
    const [head, ...rows] = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expect(head).toEqual(FIELD_COLUMNS);
    const cells = rows.map((row) =>
      Object.fromEntries(row.flatMap((cell, i) => (cell === '' ? [] : [[head![i]!, cell]]))),
    );
    expect(cells[0]).toMatchObject({ kind: 'fill', price: '60000.0', isMaker: 'true', feeRate: '-0.00005' });
    expect(cells[1]).toMatchObject({ kind: 'reject', reason: 'the post-only order would take' });
  });

  test('has a name for every kind, and a column for every name of a field', () => {
    expect(new Set(KIND_NAMES.values()).size).toBe(KIND_NAMES.size);
    const columns = new Set<string>(FIELD_COLUMNS);
    for (const kind of KIND_NAMES.keys()) {
      const { order, number, aux, value, value2, rate } = FIELD_NAMES[kind]!;
      for (const name of [order, number, aux, value, value2, rate])
        if (name !== undefined) expect(columns).toContain(name);
    }
  });

  test('leaves nothing behind when it fails', () => {
    const empty = temp.fresh();
    expect(() => exportJournal(empty, join(empty, 'out'), { format: 'csv', kinds: new Set() })).toThrow(
      'found no segment',
    );
    const folder = temp.fresh();
    expect(() => exportJournal(dir, folder, { format: 'csv', kinds: new Set() })).toThrow('EISDIR');
    expect(readdirSync(temp.path).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(existsSync(join(empty, 'out'))).toBe(false);
  });

  test('says that the journal is damaged', () => {
    const damaged = temp.fresh();
    const [name] = readdirSync(dir);
    const bytes = readFileSync(join(dir, name!));
    writeFileSync(join(damaged, name!), bytes.subarray(0, -30));
    const out = join(temp.path, 'damaged.csv');
    expect(exportJournal(damaged, out, { format: 'csv', kinds: new Set() }).damages).toBe(1);
  });
});

test('statistics count what is there', () => {
  const stats = journalStats(dir);
  expect(stats).toMatchObject({ records: ROWS.length, marks: 1, segments: 1, damages: 0 });
  expect(stats.kinds.get(InputKind.COMMAND)).toBe(4);
  expect(stats.kinds.get(InputKind.LIMIT)).toBe(2);
  expect([...stats.kinds.values()].reduce((sum, count) => sum + count, 0)).toBe(ROWS.length);
  expect(stats.bytes).toBe(readFileSync(join(dir, readdirSync(dir)[0]!)).length);
  expect(stats.sessions).toMatchObject([
    { sequence: 0, records: ROWS.length, marks: 1, firstNs: NOON + 1, lastNs: NOON + (ROWS.length - 1) * 1e9 + 1 },
  ]);
  expect(stats.busiestSecond).toBeGreaterThan(0);
  expect(stats.lastMs).toBeGreaterThanOrEqual(stats.firstMs);
});

import { EventFlag, EVENT_STRIDE, Field, headFlags } from '@quotewright/core/market/event';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../formats.ts';
import { sharedData, tempFolder } from '../testing/files.ts';
import { badKinds, drain, eventTexts } from '../testing/recordings.ts';
import { verifyCoinbaseFull } from './coinbase-verify.ts';

const folder = tempFolder();

interface Message {
  readonly type: string;
  readonly sequence: number;
  readonly [field: string]: unknown;
}

/** A line at a local time five hours behind the venue's. */
function line(message: Message, second = 0): string {
  const time = message['time'] ?? `2016-03-12T05:08:${String(second).padStart(2, '0')}.500Z`;
  return `2016-03-12 00:08:${String(second).padStart(2, '0')},750 ${JSON.stringify({ product_id: 'BTC-USD', ...message, time })}`;
}

const uuid = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;
const open = (sequence: number, n: number, side: string, price: string, size: string, time?: string): Message => ({
  type: 'open',
  sequence,
  order_id: uuid(n),
  side,
  price,
  remaining_size: size,
  ...(time === undefined ? {} : { time }),
});
const match = (sequence: number, maker: number, side: string, price: string, size: string): Message => ({
  type: 'match',
  sequence,
  maker_order_id: uuid(maker),
  taker_order_id: uuid(99),
  side,
  price,
  size,
});
const done = (sequence: number, n: number, fields: Record<string, unknown> = {}): Message => ({
  type: 'done',
  sequence,
  order_id: uuid(n),
  side: 'buy',
  reason: 'canceled',
  ...fields,
});

const STORY: readonly Message[] = [
  open(10, 1, 'buy', '100.00', '2', ''),
  open(10, 2, 'sell', '100.01', '0.00000003', ''),
  { type: 'received', sequence: 11, order_id: uuid(3), side: 'buy', price: '99', size: '1' },
  open(12, 3, 'buy', '99', '1'),
  match(13, 1, 'buy', '100.00', '0.5'),
  match(14, 1, 'buy', '100.00', '1.5'),
  done(15, 1, { reason: 'filled' }),
  { type: 'change', sequence: 16, order_id: uuid(3), side: 'buy', price: '99.00', new_size: '0.25', old_size: '1' },
  { type: 'change', sequence: 17, order_id: uuid(77), side: 'buy', price: null, new_funds: '3', old_funds: '5' },
  done(18, 3, { price: '99.00', remaining_size: '0.25' }),
  match(19, 55, 'sell', '100.02', '1'),
];

function write(messages: readonly Message[], name = 'story.in'): string {
  return folder.write(name, messages.map((message, i) => `${line(message, i)}\n`).join(''));
}

describe('Coinbase full channel', () => {
  it('becomes a snapshot and order events; ids are forgotten when the order is done', async () => {
    const recording = await openRecording(write(STORY));
    expect(recording.format).toBe('coinbase-full');
    expect(await eventTexts(recording)).toEqual([
      'SNAPSHOT_BEGIN sell 0 0 #0',
      'ORDER_ADD buy 10000 200000000 #1',
      'ORDER_ADD sell 10001 3 #2',
      'SNAPSHOT_END sell 0 0 #0',
      'ORDER_ADD buy 9900 100000000 #3',
      'ORDER_EXEC buy 10000 50000000 #1',
      'ORDER_EXEC buy 10000 150000000 #1',
      'ORDER_SET buy 9900 25000000 #3',
      'ORDER_REMOVE buy 9900 25000000 #3',
      // The venue names the maker's side; a print is the taker's.
      'TRADE buy 10002 100000000 #0',
    ]);
    expect(Object.fromEntries(recording.report.ignored)).toEqual({
      received: 1,
      'done of an order that is not in the book': 1,
      'change of an order that is not in the book': 1,
    });
  });

  it('has the local clock in UTC once a message tells its zone, and marks the last event of each message', async () => {
    const recording = await openRecording(write(STORY));
    const delays: number[] = [];
    for await (const { data, length } of recording.batches()) {
      for (let i = 0; i < length; i++) {
        const at = i * EVENT_STRIDE;
        delays.push((data[at + Field.LOCAL_NS]! - data[at + Field.VENUE_NS]!) / 1e6);
        if (i > 3) expect(headFlags(data[at]!) & EventFlag.LAST).toBe(EventFlag.LAST);
      }
    }
    expect(delays.slice(0, 4)).toEqual([NaN, NaN, NaN, NaN]);
    expect(new Set(delays.slice(4))).toEqual(new Set([250]));
  });

  it('counts gaps and repeated messages, and tells the book of a gap', async () => {
    const messages = [
      ...STORY.slice(0, 4),
      STORY[3]!,
      STORY[2]!,
      open(15, 4, 'sell', '101', '1'),
      open(16, 5, 'sell', '102', '1'),
    ];
    const path = write(messages, 'gaps.in');
    const recording = await openRecording(path);
    expect((await eventTexts(recording)).slice(4)).toEqual([
      'ORDER_ADD buy 9900 100000000 #3',
      'GAP sell 0 0 #0',
      'ORDER_ADD sell 10100 100000000 #4',
      'ORDER_ADD sell 10200 100000000 #5',
    ]);
    const { gaps, gapLines, duplicates, firstDuplicateLine } = recording.report;
    expect({ gaps, gapLines, duplicates, firstDuplicateLine }).toEqual({
      gaps: 1,
      gapLines: [7],
      duplicates: 2,
      firstDuplicateLine: 5,
    });
    await expect(async () => drain(await openRecording(path, { strict: true }))).rejects.toThrow(
      /:5: duplicate: sequence 12/,
    );
  });

  it('counts bad rows by kind', async () => {
    const bad: Message[] = [
      { type: 'strange', sequence: 13 },
      open(14, 5, 'up', '100', '1'),
      open(15, 5, 'buy', '100.001', '1'),
      open(16, 5, 'buy', 'NaN', '1'),
      open(17, 5, 'buy', '-1', '1'),
      open(18, 5, 'buy', '100', '0.000000001'),
      open(19, 5, 'buy', '100', '0'),
      open(20, 3, 'buy', '100', '1'),
      { ...open(21, 5, 'buy', '100', '1'), time: 'yesterday' },
      { ...open(1.5, 5, 'buy', '100', '1') },
      { ...open(22, 5, 'buy', '100', '1'), order_id: 7 },
    ];
    const text = [...STORY.slice(0, 4), ...bad].map((message) => line(message)).join('\n');
    const path = folder.write(
      'bad.in',
      `${text}\nnonsense\n2016-03-12 00:08:37,352 {"type"\n2016-03-12 00:08:37,352 {"type":}\n`,
    );
    const recording = await openRecording(path);
    expect(await drain(recording)).toBe(5);
    expect(badKinds(recording)).toEqual({
      'unknown message type': '1 from line 5',
      "side is neither 'buy' nor 'sell'": '1 from line 6',
      'price off the tick grid': '1 from line 7',
      'malformed price': '2 from line 8',
      'size off the lot grid': '1 from line 10',
      'size is zero': '1 from line 11',
      'order is opened twice': '1 from line 12',
      'malformed time': '1 from line 13',
      'sequence is missing or no integer': '1 from line 14',
      'order_id is missing or no text': '1 from line 15',
      "line is not 'YYYY-MM-DD HH:MM:SS,mmm {json}'": '2 from line 16',
      'malformed JSON': '1 from line 18',
    });
    expect(recording.report.gaps).toBe(0);
  });

  it('checks the tops in .out level by level', async () => {
    const path = write(STORY, 'tops.in');
    await expect(verifyCoinbaseFull(path, { strict: false })).rejects.toThrow(/no recorded tops to check against/);
    folder.write('tops.out', '{"asks": [[100.01, 3e-8]], "bids": [], "sequence": 19}');
    expect((await verifyCoinbaseFull(path, { strict: false })).checks[0]).toMatchObject({ made: 1, matched: 1 });
    folder.write('tops.out', '{"asks": [[100.01, 2e-8], [100.02, 1]], "bids": [], "sequence": 19}');
    expect((await verifyCoinbaseFull(path, { strict: false })).checks[0]).toMatchObject({
      made: 2,
      mismatched: 2,
      first: 'ask 1: book 0.00000003@100.01, recorded 2e-8@100.01',
    });
    folder.write('tops.out', '{"asks": 5}');
    await expect(verifyCoinbaseFull(path, { strict: false })).rejects.toThrow(/tops\.out: bids is no array/);
  });
});

describe('the recorded samples', () => {
  it.each([
    ['0', 9_485, 8_693],
    ['1', 10_899, 9_634],
  ])('replay %s: the top fifty of each side are exact', async (name, rows, events) => {
    const path = sharedData(`coinbase_l3/replay_coinbase_${name}.in.gz`);
    const { checks, report } = await verifyCoinbaseFull(path, { strict: true });
    expect(checks[0]).toMatchObject({ made: 100, matched: 100, mismatched: 0 });
    expect(report).toMatchObject({ rows, gaps: 0, duplicates: 0, badRows: 0 });
    expect(await drain(await openRecording(path))).toBe(events);
  });
});

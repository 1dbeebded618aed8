import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import { parseIsoDay } from '@quotewright/core/base/time';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../formats.ts';
import { sharedData, tempFolder } from '../testing/files.ts';
import { badKinds, drain, eventTexts } from '../testing/recordings.ts';
import { openSource, readWhole } from '../source.ts';
import { verifyRecording } from '../verify.ts';
import { verifyBitstampLog } from './bitstamp-verify.ts';

const folder = tempFolder();
const START_MS = 1_430_438_400_000;

/** `[event, order id, side, price, amount]` at so many milliseconds after midnight. */
type Row = readonly [event: string, id: number, side: 'buy' | 'sell', price: string, amount: string];

interface Snapshot {
  readonly bids: readonly (readonly string[])[];
  readonly asks: readonly (readonly string[])[];
}

function logLines(rows: readonly (Row | Snapshot)[]): string[] {
  return rows.map((row, i) => {
    const time = START_MS + i * 10;
    if ('bids' in row) return `${time} order_book ${JSON.stringify(row)}`;
    const [event, id, side, price, amount] = row;
    return event === 'trade'
      ? `${time} trade ${JSON.stringify({ price: Number(price), amount: Number(amount), id })}`
      : `${time} order_${event} ${JSON.stringify({ price, amount, datetime: '1430438400', id, order_type: side === 'buy' ? 0 : 1 })}`;
  });
}

function log(rows: readonly (Row | Snapshot)[], name = 'orders.log'): string {
  return folder.write(name, `${logLines(rows).join('\n')}\n`);
}

const STORY: readonly Row[] = [
  ['created', 100, 'buy', '236.47', '2.00000000'],
  ['created', 101, 'sell', '236.50', '1'],
  ['changed', 50, 'sell', '236.60', '0.5'],
  ['deleted', 51, 'buy', '236.00', '3'],
  ['created', 102, 'buy', '236.50', '1.5'],
  ['changed', 102, 'buy', '236.50', '0.5'],
  ['deleted', 101, 'sell', '236.50', '0'],
  ['trade', 9001, 'buy', '236.50', '1'],
  ['changed', 102, 'buy', '236.55', '0.25'],
  ['deleted', 102, 'buy', '236.55', '0.25'],
  ['changed', 102, 'buy', '236.55', '0.1'],
  ['deleted', 102, 'buy', '236.55', '0.1'],
  ['created', 100, 'buy', '236.47', '2'],
  ['deleted', 103, 'buy', '230', '1'],
  ['created', 103, 'buy', '230', '1'],
  ['changed', 104, 'buy', '230', '1'],
];
const EVENTS = [
  'ORDER_ADD buy 23647 200000000 #100',
  'ORDER_ADD sell 23650 100000000 #101',
  'ORDER_ADD sell 23660 50000000 #50',
  'ORDER_ADD buy 23650 150000000 #102',
  'ORDER_SET buy 23650 50000000 #102',
  'ORDER_REMOVE sell 23650 100000000 #101',
  'TRADE buy 23650 100000000 #0',
  'ORDER_REMOVE buy 23650 50000000 #102',
  'ORDER_ADD buy 23655 25000000 #102',
  'ORDER_REMOVE buy 23655 25000000 #102',
];
const REPORTED = {
  'order_deleted of an order from before the recording': 1,
  "order_changed after the order's order_deleted (a zombie if applied)": 1,
  'order_deleted before its order_created': 1,
  "order_created after the order's order_deleted (a zombie if applied)": 1,
  'order_changed of an order that was never created': 1,
};

describe('Bitstamp orders', () => {
  it('in a log become order events; what comes after a delete stays out', async () => {
    const recording = await openRecording(log(STORY));
    expect(recording).toMatchObject({ format: 'bitstamp-log', epochDay: parseIsoDay('2015-05-01') });
    expect(await eventTexts(recording)).toEqual(EVENTS);
    expect(Object.fromEntries(recording.report.ignored)).toEqual(REPORTED);
    expect(recording.report).toMatchObject({ rows: 16, duplicates: 2, firstDuplicateLine: 12, badRows: 0 });
    await expect(async () => drain(await openRecording(log(STORY), { strict: true }))).rejects.toThrow(
      /orders\.log:12: duplicate: order_deleted of order 102/,
    );
  });

  it('have the receive time only', async () => {
    const times: number[][] = [];
    for await (const { data, length } of (await openRecording(log(STORY.slice(0, 2)))).batches()) {
      for (let at = 0; at < length * EVENT_STRIDE; at += EVENT_STRIDE) {
        times.push([data[at + Field.VENUE_NS]!, data[at + Field.LOCAL_NS]!]);
      }
    }
    expect(times).toEqual([
      [NaN, 0],
      [NaN, 10e6],
    ]);
  });

  it('in a CSV of satoshi are the same events', async () => {
    const rows = STORY.filter(([event]) => event !== 'trade').map(([event, id, side, price, amount], i) => {
      const satoshi = Math.round(Number(amount) * 1e8);
      return `${id},${START_MS + i},${START_MS},${price},${satoshi},${event},${side === 'buy' ? 'bid' : 'ask'}`;
    });
    const header = 'id,timestamp,exchange.timestamp,price,volume,action,direction';
    const recording = await openRecording(folder.write('orders.csv', [header, ...rows].join('\n')));
    expect(recording.format).toBe('bitstamp-orders');
    expect(await eventTexts(recording)).toEqual(EVENTS.filter((text) => !text.startsWith('TRADE')));
    expect(Object.fromEntries(recording.report.ignored)).toEqual(REPORTED);
  });

  it('that are bad are counted by kind', async () => {
    const lines = logLines([
      STORY[0]!,
      ['created', 0.5, 'buy', '1', '1'],
      ['created', 200, 'buy', '1.001', '1'],
      ['created', 200, 'buy', '1', '0.000000001'],
      ['created', 200, 'buy', '1', '0'],
      ['eaten', 200, 'buy', '1', '1'],
    ]);
    lines.push(
      'x order_created {}',
      `${START_MS} order_created {"a"`,
      `${START_MS} order_created {"order_type":2}`,
      '',
    );
    const recording = await openRecording(folder.write('bad.log', lines.join('\r\n')));
    expect(await drain(recording)).toBe(1);
    expect(badKinds(recording)).toEqual({
      'id is missing or no integer': '1 from line 2',
      'price off the tick grid': '1 from line 3',
      'size off the lot grid': '1 from line 4',
      'size is zero': '1 from line 5',
      'unknown event': '1 from line 6',
      "line is not '<Unix ms> <event> {json}'": '2 from line 7',
      'order_type is neither 0 nor 1': '1 from line 9',
    });
    const header = 'id,timestamp,exchange.timestamp,price,volume,action,direction';
    const good = `100,${START_MS},${START_MS},1,1,created,bid`;
    const bad = ['x', '0', '1'].map((id) => good.replace('100,', `${id},`));
    bad.push(good.replace('created', 'made'), good.replace('bid', 'up'), good.replace(',1,1,', ',1,1.5,'), `${good},1`);
    const csv = await openRecording(folder.write('bad.csv', [header, good, ...bad].join('\n')));
    expect(await drain(csv)).toBe(2);
    expect(badKinds(csv)).toEqual({
      'malformed id': '2 from line 3',
      'unknown action': '1 from line 6',
      "direction is neither 'bid' nor 'ask'": '1 from line 7',
      'volume is no integer of satoshi': '1 from line 8',
      'expected 7 fields': '1 from line 9',
    });
  });
});

describe('book verify', () => {
  const A = { bids: [['100', '1']], asks: [['101', '2']] };
  const OPENING: readonly Row[] = [
    ['created', 100, 'buy', '100', '1'],
    ['created', 101, 'sell', '101', '2'],
  ];
  const summary = async (rows: readonly (Row | Snapshot)[]) => {
    const { checks, notes } = await verifyBitstampLog(log(rows, 'verify.log'), { strict: false });
    const { made, matched, mismatched, explained, first } = checks[0]!;
    return { made, matched, mismatched, explained: [...explained.keys()], first, notes };
  };

  it('matches the book of the moment', async () => {
    expect(
      await summary([...OPENING, A, ['deleted', 100, 'buy', '100', '0'], { bids: [], asks: A.asks }]),
    ).toMatchObject({
      made: 2,
      matched: 2,
    });
  });

  it('follows the size of what rested before, once a snapshot has shown it', async () => {
    const before = {
      bids: [
        ['100', '4'],
        ['99', '5'],
      ],
      asks: A.asks,
    };
    const after = {
      bids: [
        ['100', '3'],
        ['99', '5'],
      ],
      asks: A.asks,
    };
    const story = [...OPENING, before, ['deleted', 7, 'buy', '100', '1'] as Row, after];
    expect(await summary(story)).toMatchObject({ made: 2, matched: 2 });
    expect((await summary(story)).notes[0]).toMatch(/^2 sizes of levels held orders from before/);
    const wrong = {
      bids: [
        ['100', '3.5'],
        ['99', '5'],
      ],
      asks: A.asks,
    };
    expect(await summary([...story.slice(0, 4), wrong])).toMatchObject({ matched: 1, mismatched: 1 });
    // What was never there cannot appear.
    const later = {
      bids: [
        ['100', '3'],
        ['99.5', '1'],
        ['99', '5'],
      ],
      asks: A.asks,
    };
    expect(await summary([...story, later])).toMatchObject({
      mismatched: 1,
      first: 'line 6: bid 9950: book 0, unseen 0, snapshot 100000000 (ticks, lots)',
    });
  });

  it('explains a snapshot some messages early or late only by equality on every level', async () => {
    const more: readonly Row[] = [
      ['created', 102, 'buy', '99', '1'],
      ['created', 103, 'buy', '98', '1'],
    ];
    expect(await summary([...OPENING, A, ...more, A])).toMatchObject({
      matched: 1,
      explained: ['the snapshot was logged 2 order messages late: it equals the book of that moment on every level'],
    });
    const both = { bids: [...A.bids, ['99', '1'], ['98', '1']], asks: A.asks };
    expect(await summary([...OPENING, A, both, ...more])).toMatchObject({
      matched: 1,
      explained: ['the snapshot was logged 2 order messages early: it equals the book of that moment on every level'],
    });
    const neither = { bids: [...A.bids, ['98', '1']], asks: A.asks };
    expect(await summary([...OPENING, A, neither, ...more])).toMatchObject({ mismatched: 1, explained: [] });
  });

  it('finds a zombie, and would be wrong with it', async () => {
    const zombie: readonly Row[] = [
      ['created', 102, 'buy', '100.50', '3'],
      ['deleted', 102, 'buy', '100.50', '0'],
      ['changed', 102, 'buy', '100.50', '1'],
    ];
    const { notes, ...counts } = await summary([...OPENING, ...zombie, A]);
    expect(counts).toMatchObject({ matched: 1, mismatched: 0 });
    expect(notes[0]).toBe(
      'zombie found: bid 102 of 1.00000000 at 100.50: its order_deleted of 00:00:00.030 (line 4) removed it, its order_changed 10 ms later (line 5) is left out: no delete would follow',
    );
    // An order whose delete never comes at all is a mismatch: nothing explains it.
    const others = Array.from({ length: 5 }, (_, i): Row => ['created', 200 + i, 'sell', `10${i + 2}`, '1']);
    const asks = [...A.asks, ...others.map(([, , , price, amount]) => [price, amount])];
    expect(await summary([...OPENING, zombie[0]!, ...others, { bids: A.bids, asks }])).toMatchObject({
      mismatched: 1,
      explained: [],
      first: 'line 9: bid 10050: book 300000000, not in the snapshot (ticks, lots)',
    });
  });
});

describe('the recorded samples', () => {
  it('the log: 5,011 snapshots, none unexplained', async () => {
    const verdict = await verifyRecording(sharedData('bitstamp_l3/2015-05-01.log.xz'));
    expect(verdict.checks[0]).toMatchObject({ made: 5_011, matched: 4_958, mismatched: 0 });
    expect([...verdict.checks[0]!.explained.values()].toSorted((a, b) => b - a)).toEqual([45, 5, 1, 1, 1]);
    expect(verdict.notes.filter((note) => note.startsWith('zombie'))).toHaveLength(6);
    expect(verdict.notes).toContainEqual(
      'zombie found: bid 65610664 of 2.23414920 at 238.99: its order_deleted of 02:51:30.618 (line 34757) removed it, its order_changed 6 ms later (line 34759) is left out: no delete would follow',
    );
    expect(verdict.report).toMatchObject({ rows: 56_000, badRows: 0, duplicates: 21 });
  });

  it('the log with its late messages applied: wrong from the first zombie of the top twenty on', async () => {
    const path = sharedData('bitstamp_l3/2015-05-01.log.xz');
    const lines = (await readWhole(await openSource(path), 64e6)).toString('utf8').split('\n');
    const { notes } = await verifyRecording(path);
    const mismatchesWith = async (isApplied: (id: string) => boolean): Promise<number> => {
      const copy = [...lines];
      for (const note of notes) {
        const [, id, line] = /^zombie found: bid (\d+) .*\(line (\d+)\) is left out/.exec(note) ?? [];
        // Under a number of its own the order is new, which is what whoever forgets the delete takes it for.
        if (id === undefined || !isApplied(id)) continue;
        copy[Number(line) - 1] = copy[Number(line) - 1]!.replace(/order_\w+/, 'order_created').replace(id, `9${id}`);
      }
      const { checks } = await verifyRecording(folder.write('zombies.log', copy.join('\n')));
      return checks[0]!.mismatched;
    };
    expect(await mismatchesWith((id) => id === '65610664')).toBe(1_882);
    expect(await mismatchesWith(() => true)).toBe(1_980);
  });

  it('the CSV: the events of the log, but for satoshi that its maker cut off', async () => {
    const { checks } = await verifyRecording(sharedData('bitstamp_l3/orders.csv.xz'));
    expect(checks[0]).toMatchObject({ made: 50_239, matched: 46_159, mismatched: 0 });
    expect([...checks[0]!.explained.values()]).toEqual([4_080]);
  });
});

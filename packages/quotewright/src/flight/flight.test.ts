/** A seek is never wrong: moments by checkpoint are those of a replay of everything, at random events, also behind a restart. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@quotewright/core/base/random';
import { findStrategy } from '@quotewright/core/strategies/registry';
import { describe, expect, it } from 'vitest';
import { resolveParams } from '../backtest/load-strategy.ts';
import { tempFolder } from '../data/testing/files.ts';
import type { SessionHeader } from '../journal/session-header.ts';
import { SnapshotStore } from '../journal/snapshots.ts';
import type { FlightMoment } from '../server/protocol/research.ts';
import { Flight } from './flight.ts';
import { JournalSource } from './journal-source.ts';
import { Reading } from './reading.ts';
import { type NaiveJournal, loadJournal, naiveMoment, withoutDrawdown } from './testing/naive-moment.ts';
import { type SampleSession, writeSession } from './testing/sessions.ts';

const folder = tempFolder();
/** So close and so few that most looks go by a state, and states are thinned out. */
const LIMITS = { most: 8, mostBytes: 1e9, every: 64 };

async function open(dir: string, limits = LIMITS): Promise<Flight> {
  return new Flight(await Reading.read(await JournalSource.open(dir), { dir: folder.path, limits }));
}

const bare = (each: FlightMoment['fills']) => each.map((fill) => ({ ...fill, fee: 0 }));

async function compare(flight: Flight, journal: NaiveJournal, looks: number, seed: number): Promise<void> {
  const random = Random.stream(seed, 'looks');
  const events = Array.from({ length: looks }, () => random.below(flight.length));
  for (const event of [0, flight.length - 1, ...events]) {
    const { what, ...found } = flight.moment(event);
    const shown = { ...found, pnl: withoutDrawdown(found.pnl) };
    const expected = await naiveMoment(journal, event);
    expect(shown.fills.map(({ fee }) => fee)).toEqual(expected.fills.map(({ fee }) => expect.closeTo(fee, 9)));
    expect({ ...shown, fills: bare(shown.fills) }).toEqual({ ...expected, fills: bare(expected.fills) });
    expect(what?.event).toBe(event);
  }
}

const SAMPLES: readonly (readonly [string, SampleSession])[] = [
  ['a session that goes through', { seconds: 12, seed: 3 }],
  [
    'one that was restarted, disconnected and halted',
    { seconds: 16, seed: 5, restartAt: 5, disconnectAt: 9, haltAt: 13 },
  ],
  ['one whose strategy is changed, paused and started', { seconds: 24, seed: 6, changeAt: 14, symbols: 'BTCUSDT' }],
  [
    'two strategies and a breaker that opens',
    {
      seconds: 12,
      seed: 8,
      strategy: 'avellaneda-stoikov',
      alongside: [{ strategy: 'liquidity-taker', params: {} }],
      tripAt: 6,
    },
  ],
];

describe('a flight', () => {
  it.each(SAMPLES)('shows of %s what a replay of everything shows', async (_, sample) => {
    const dir = folder.fresh();
    const count = await writeSession(dir, sample);
    const flight = await open(dir);
    expect(flight.length).toBe(count);
    expect(flight.notes).toEqual([
      expect.stringMatching(/^replayed exactly: \d+ hashes that the session wrote were compared$/),
    ]);
    await compare(flight, loadJournal(dir), 12, sample.seconds);
    flight.close();
  });

  it('begins with the oldest snapshot when the records before it are gone', async () => {
    const dir = folder.fresh();
    const sample = { seconds: 16, seed: 4, snapshotEvery: 4, isCompacted: true, segmentBytes: 64 * 1024 };
    const count = await writeSession(dir, sample);
    const store = new SnapshotStore(dir, true);
    const snapshot = store.oldestFrom(0)!;
    await store.close();
    const flight = await open(dir);
    expect(flight.length).toBe(count - snapshot.sequence);
    expect(flight.notes[0]).toMatch(/^the records before [\d,]+ are not there any more: event 0 here is that record$/);
    await compare(flight, loadJournal(dir, snapshot), 8, 1);
    flight.close();
  });

  it('tells the same drawdown by whatever way one comes to a moment', async () => {
    const dir = folder.fresh();
    await writeSession(dir, { seconds: 12, seed: 3 });
    const [jumping, walking] = [await open(dir), await open(dir, { most: 2, mostBytes: 1, every: 1e9 })];
    const random = Random.stream(2, 'looks');
    const events = Array.from({ length: 30 }, () => random.below(jumping.length));
    const found = new Map(events.map((event) => [event, jumping.moment(event)]));
    for (const event of events.toSorted((a, b) => a - b)) expect(walking.moment(event)).toEqual(found.get(event));
  });

  it('lists events as moments tell them, and finds those of a kind', async () => {
    const dir = folder.fresh();
    await writeSession(dir, { seconds: 24, seed: 3, haltAt: 22 });
    const flight = await open(dir);
    const all = flight.events(0, flight.length);
    expect(all.map(({ event }) => event)).toEqual(all.map((_, i) => i));
    for (const event of [1, 999, 64, 63, 1500]) expect(flight.moment(event).what).toEqual(all[event]);
    const fills = all.filter(({ kind }) => kind === 'FILL').map(({ event }) => event);
    expect(fills.length).toBeGreaterThan(0);
    const walked: number[] = [];
    for (let at = flight.find('fill', -1, 'next'); at !== null; at = flight.find('fill', at, 'next')) walked.push(at);
    expect(walked).toEqual(fills);
    const back: number[] = [];
    for (let at = flight.find('fill', 1e9, 'previous'); at !== null; at = flight.find('fill', at, 'previous'))
      back.push(at);
    expect(back).toEqual(fills.toReversed());
    const order = all.find(({ kind, effects }) => REPORTS.has(kind) || effects.some((text) => REQUEST.test(text)));
    expect(flight.find('order', -1, 'next')).toBe(order!.event);
    const trip = flight.find('trip', -1, 'next')!;
    expect(all[trip]).toMatchObject({ kind: 'COMMAND', text: 'halt' });
    expect(all[trip]!.effects[0]).toMatch(/^alert: CRITICAL RISK_STATE ACTIVE → HALTED #1$/);
    expect(all[trip]!.effects.filter((text) => text.startsWith('cancel order')).length).toBeGreaterThan(0);
    expect(flight.find('command', trip - 1, 'next')).toBe(trip);
    const { marks, leftOut } = flight.overview();
    expect(marks.filter(({ kind }) => kind === 'fill').map(({ event }) => event)).toEqual(fills);
    expect(leftOut).toEqual({});
  });

  it('finds the last event at or before a time', async () => {
    const dir = folder.fresh();
    await writeSession(dir, { seconds: 6 });
    const flight = await open(dir);
    const all = flight.events(0, flight.length);
    for (const { timeMs } of [all[0]!, all[500]!, all[1234]!, all.at(-1)!]) {
      expect(flight.eventAt(timeMs)).toBe(all.findLastIndex((each) => each.timeMs <= timeMs));
    }
    expect(flight.eventAt(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(flight.eventAt(Number.POSITIVE_INFINITY)).toBe(flight.length - 1);
  });

  it('calls what an operator does by its names', async () => {
    const dir = folder.fresh();
    await writeSession(dir, { seconds: 9, changeAt: 3, symbols: 'BTCUSDT' });
    const flight = await open(dir);
    const told = flight.overview().marks.flatMap(({ kind, text }) => (kind === 'command' ? [text] : []));
    expect(told).toEqual([
      'command: start',
      'parameter: levels = 3 (strategy 0)',
      'parameter: levelSpacing = 2 (strategy 0)',
      'command: pause strategy 0',
      'command: start strategy 0',
      'command: stop',
    ]);
  });

  it('says where a replay is not what was', async () => {
    const dir = folder.fresh();
    await writeSession(dir, { seconds: 24, change: withAnother });
    const flight = await open(dir);
    expect(flight.notes).toEqual([
      expect.stringMatching(/^NOT AS IT WAS: from event [\d,]+ at the latest what the engine sent/),
    ]);
  });

  it('plays a strategy from the start that does not come back as it was, or saves nothing', async () => {
    for (const [save, note] of [
      ['save: () => ({}), restore: () => {}', /does not come back as it was/],
      ['', /fickle cannot be saved: every look back plays it from the start/],
    ] as const) {
      const file = join(folder.fresh(), 'fickle.ts');
      writeFileSync(file, FICKLE.replace('SAVE', save));
      const dir = folder.fresh();
      await writeSession(dir, { seconds: 8, strategy: file });
      const flight = await open(dir);
      await compare(flight, loadJournal(dir), 6, 3);
      expect(flight.notes.join()).toMatch(note);
    }
  });
});

const REPORTS = new Set([
  'ACK',
  'REJECT',
  'FILL',
  'CANCELLED',
  'CANCEL-REJECT',
  'AMENDED',
  'AMEND-REJECT',
  'ORDER-STATUS',
]);
const REQUEST = /^(new order|amend order|cancel order) \d+/;
const withAnother = (header: SessionHeader): SessionHeader => ({
  ...header,
  strategies: [{ strategy: 'basic-maker', params: resolveParams(findStrategy('basic-maker')!, {}) }],
});
/** It quotes at another distance after every hundredth book, and forgets how many there were. */
const FICKLE = `
export default {
  name: 'fickle',
  description: 'forgets',
  params: {},
  create: (ctx) => {
    let books = 0;
    return {
      onBook: (market) => {
        books++;
        if (!market.isReady || books % 20 !== 0) return;
        if (books % 60 === 0) return void ctx.quote(market);
        const away = 1 + (Math.floor(books / 100) % 7);
        ctx.quote(market).bid(market.bidTicks - away, 10).ask(market.askTicks + away, 10);
      },
      SAVE
    };
  },
};
`;

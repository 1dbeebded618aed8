import { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { expect, it } from 'vitest';
import type { FeedEvent } from '../contract/feed.ts';
import type { VenueAbilities } from '../contract/venue.ts';
import { BookWatch } from './book-watch.ts';
import { ScriptedFeed } from './testing/scripted-feed.ts';
import { specOf } from './testing/scripted-venue.ts';

const S = 1e9;

interface Watched {
  readonly watch: BookWatch;
  readonly events: FeedEvent[];
  readonly notes: string[];
  readonly frame: (frame: object, nowNs: number) => void;
}

/** A feed of one instrument, index 4, and its watch. */
function start(bestQuote: VenueAbilities['bestQuote']): Watched {
  const out = new RecordQueue();
  const [events, notes]: [FeedEvent[], string[]] = [[], []];
  const feed = new ScriptedFeed({
    instruments: [new Instrument(specOf('BTC'))],
    indices: [4],
    epochDay: 20_000,
    addresses: { rest: '', feed: '', orders: '' },
    isL3: false,
    credentials: undefined,
    host: { out, send() {}, fetch() {}, reconnect() {}, tell: (event) => events.push(event), random: () => 0 },
  });
  const watch = new BookWatch(
    feed,
    [4],
    bestQuote,
    { bookAgeMs: 60_000, quoteLagMs: 5000 },
    () => 0,
    ({ text }) => notes.push(text),
  );
  watch.opened(0);
  const frame: Watched['frame'] = (each, nowNs) => {
    feed.message(Buffer.from(JSON.stringify({ symbol: 'BTC', ...each })), nowNs);
    watch.look(out, nowNs);
    out.clear();
  };
  return { watch, events, notes, frame };
}

const snapshot = (seq: number): object => ({ type: 'snapshot', seq, bids: [['1.00', '2']], asks: [['1.01', '3']] });
const quote = (seq: number, bid: string, lots: string): object => ({
  type: 'quote',
  seq,
  bids: [[bid, lots]],
  asks: [['1.01', '3']],
});
const faults = (events: readonly FeedEvent[]): unknown[] =>
  events.filter(({ type }) => type === 'stale').map(({ fault }) => fault);

it('does not believe a book of which nothing is heard, and asks again as long as no snapshot comes', () => {
  const { watch, events, frame } = start('none');
  frame(snapshot(1), 1 * S);
  watch.poll(61 * S);
  expect(faults(events)).toEqual([]);
  watch.poll(61.1 * S);
  expect(faults(events)).toEqual(['age']);
  const asked = (): number => events.filter(({ type }) => type === 'resync').length;
  expect(asked()).toBe(1);
  // Twenty seconds, then forty.
  watch.poll(81 * S);
  expect(asked()).toBe(1);
  watch.poll(82 * S);
  expect(asked()).toBe(2);
  watch.poll(121 * S);
  expect(asked()).toBe(2);
  watch.poll(122.2 * S);
  expect(asked()).toBe(3);
  frame(snapshot(2), 123 * S);
  watch.poll(180 * S);
  expect([asked(), faults(events)]).toEqual([3, ['age']]);
});

it('does not believe a book that contradicts the best quote of the same number', () => {
  const { events, notes, frame } = start('exact');
  frame(snapshot(1), 1 * S);
  frame(quote(2, '1.00', '5'), 1.1 * S);
  frame({ type: 'delta', seq: 3, prev: 1, bids: [['1.00', '5']] }, 1.2 * S);
  frame(quote(4, '0.99', '7'), 1.3 * S);
  expect(events.at(-1)?.type).toBe('snapshot');
  // What should have been size 7 at 0.99.
  frame({ type: 'delta', seq: 5, prev: 3, bids: [['1.00', '4']] }, 1.4 * S);
  frame(quote(6, '0.98', '1'), 1.5 * S);
  expect(faults(events)).toEqual(['quote']);
  expect(notes[0]).toContain('100 / 101 ticks');
});

it('does not believe a book that the best quote leaves behind for too long', () => {
  const { watch, events, frame } = start('late');
  frame(snapshot(1), 1 * S);
  frame({ type: 'delta', seq: 2, prev: 1, bids: [['0.90', '5']] }, 1.2 * S);
  for (let i = 1; i <= 5; i++)
    frame({ type: 'quote', seq: 0, bids: [[`0.9${i}`, '1']], asks: [['0.98', '1']] }, 2 * S + i);
  watch.poll(6.9 * S);
  expect(faults(events)).toEqual([]);
  watch.poll(7.1 * S);
  expect(faults(events)).toEqual(['quote']);
  // It begins anew with the next snapshot.
  frame(snapshot(9), 8 * S);
  watch.poll(30 * S);
  expect(faults(events)).toEqual(['quote']);
});

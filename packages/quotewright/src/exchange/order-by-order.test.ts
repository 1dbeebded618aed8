/** Faces that show single orders, read by the feeds that trade: the queues are the exchange's, order by order. */
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { bitstamp } from '../venues/bitstamp/venue.ts';
import { coinbaseExchange } from '../venues/coinbase-exchange/venue.ts';
import { bitstampFace } from './bitstamp/face.ts';
import { coinbaseExchangeFace } from './coinbase-exchange/face.ts';
import { L3Line } from './testing/l3-line.ts';

function expectSameQueues(line: L3Line): void {
  for (const side of [Side.BUY, Side.SELL]) {
    const [found, expected] = line.queues(side);
    expect(found).toEqual(expected);
  }
}

function expectNoFaults(line: L3Line): void {
  expect(line.probe.feed.stats).toMatchObject({ gaps: 0, unreadable: 0 });
  const { unknownIds, overfills, duplicateIds } = line.probe.builders[0]!;
  expect([unknownIds, overfills, duplicateIds]).toEqual([0, 0, 0]);
}

describe.each([
  ['coinbase-exchange', coinbaseExchange, coinbaseExchangeFace],
  ['bitstamp', bitstamp, bitstampFace],
])('%s', (_, venue, face) => {
  it('tells the queues, through orders of accounts and those of others', () => {
    const line = new L3Line(venue, face);
    for (let i = 0; i < 40; i++) {
      if (i % 5 === 0) line.hand.exchange.place(line.hand.order({ sizeLots: 1_000_000 + i }));
      line.pass(50);
    }
    expect(line.queues(Side.BUY)[1].length).toBeGreaterThan(20);
    expectSameQueues(line);
    expectNoFaults(line);
    // The page of all orders is the same.
    const { snapshots } = line.probe.counts;
    line.probe.feed.resync(3, 'gap', 1);
    line.probe.settle(1);
    for (let i = 0; i < 5; i++) line.pass(50);
    expect(line.probe.counts.snapshots).toBeGreaterThan(snapshots);
    expectSameQueues(line);
  });

  it('goes on through halts and auctions, after which the book is laid anew', () => {
    const line = new L3Line(venue, face, {
      isRandom: false,
      spells: [{ regime: 'volatile', seconds: 1, haltSeconds: 0.2 }],
    });
    line.pass(50);
    line.pass(50);
    let halts = 0;
    for (let i = 0; i < 80; i++) {
      if (i % 5 === 0) line.hand.exchange.place(line.hand.order({ sizeLots: 1_000_000 + i }));
      if (!line.hand.exchange.isTrading(0)) halts++;
      line.pass(50);
      if (i % 4 === 0) expectSameQueues(line);
    }
    expect(halts).toBeGreaterThan(5);
    expectNoFaults(line);
  });

  it('of which a message is lost is begun anew', () => {
    const line = new L3Line(venue, face);
    for (let i = 0; i < 5; i++) line.pass(50);
    let count = 0;
    line.pass(200, (frame) => /"order_id"|live_orders/u.test(frame) && ++count === 3);
    expect(count).toBeGreaterThan(5);
    expect([line.probe.feed.stats.gaps, line.probe.counts.gaps]).toEqual([1, 1]);
    for (let i = 0; i < 10; i++) line.pass(50);
    expect(line.probe.isBelieved(0)).toBe(true);
    expectSameQueues(line);
  });
});

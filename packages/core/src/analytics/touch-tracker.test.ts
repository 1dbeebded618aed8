import { expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import { Touch, TouchTracker } from './touch-tracker.ts';

const NONE = Number.NaN;

test('uptime against counting every nanosecond', () => {
  const random = Random.stream(4, 'touch');
  const tracker = new TouchTracker();
  tracker.start(0);
  let now = 0;
  let [bid, ask, ownBid, ownAsk] = [NONE, NONE, NONE, NONE];
  const counts = { two: 0, bid: 0, ask: 0, both: 0, quoted: 0 };
  let mid = NONE;
  for (let step = 0; step < 5000; step++) {
    const wait = random.below(4);
    now += wait;
    if (bid < ask) {
      counts.two += wait;
      if (ownBid >= bid) counts.bid += wait;
      if (ownAsk <= ask) counts.ask += wait;
      if (ownBid >= bid && ownAsk <= ask) counts.both += wait;
      if (!Number.isNaN(ownBid) && !Number.isNaN(ownAsk)) counts.quoted += wait;
    }
    const what = random.below(4);
    if (what < 2) {
      // Empty sides, locked and crossed books are among them.
      bid = random.below(12) === 0 ? NONE : 100 + random.below(4);
      ask = random.below(12) === 0 ? NONE : 102 + random.below(4);
      if (bid < ask) mid = (bid + ask) / 2;
      tracker.words[Touch.NOW_NS] = now;
      tracker.words[Touch.BID_TICKS] = bid;
      tracker.words[Touch.ASK_TICKS] = ask;
      tracker.changed();
    } else if (what === 2) {
      ownBid = random.below(4) === 0 ? NONE : 99 + random.below(5);
      tracker.setOwnBest(Side.BUY, ownBid, now);
    } else {
      ownAsk = random.below(4) === 0 ? NONE : 102 + random.below(5);
      tracker.setOwnBest(Side.SELL, ownAsk, now);
    }
    expect(tracker.words[Touch.MID2]).toBe(2 * mid);
  }
  tracker.settle(now);
  expect(tracker.uptimeBid).toBe(counts.bid / counts.two);
  expect(tracker.uptimeAsk).toBe(counts.ask / counts.two);
  expect(tracker.uptimeBoth).toBe(counts.both / counts.two);
  expect(tracker.quotedBoth).toBe(counts.quoted / counts.two);
  expect(counts.both).toBeGreaterThan(100);
});

test('the mid before a venue time, against a list', () => {
  const random = Random.stream(8, 'mids');
  const tracker = new TouchTracker();
  expect(tracker.mid2Before(5)).toBeNaN();
  const mids: [number, number][] = [];
  let venueNs = 0;
  let bid = 1000;
  for (let step = 0; step < 2000; step++) {
    venueNs += random.below(3);
    bid += 1 + random.below(2);
    tracker.words[Touch.VENUE_NS] = venueNs;
    tracker.words[Touch.BID_TICKS] = bid;
    tracker.words[Touch.ASK_TICKS] = bid + 2;
    tracker.changed();
    mids.push([venueNs, 2 * bid + 2]);
    const at = venueNs - random.below(60);
    const known = mids.slice(-256);
    const [, mid2] = known.findLast(([since]) => since < at) ?? known[0]!;
    expect(tracker.mid2Before(at)).toBe(mid2);
  }
});

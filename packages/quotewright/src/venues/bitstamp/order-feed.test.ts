/** Five hours of order events of 2015 as `live_orders` frames: the feed comes to the book that the reader of the recording has. */
import { Side } from '@quotewright/core/market/side';
import { expect, it } from 'vitest';
import { bitstampLogFormat } from '../../data/l3/bitstamp-log.ts';
import { openSource, readWhole } from '../../data/source.ts';
import { sharedData } from '../../data/testing/files.ts';
import { endBooks, levelsOf } from '../../data/wire/testing/frames.ts';
import { FeedProbe } from '../testing/probe.ts';
import { BitstampOrderFeed } from './order-feed.ts';
import { bitstamp } from './venue.ts';

const FILE = 'bitstamp_l3/2015-05-01.log.xz';

it('a recorded day of orders gives the book of its reader', async () => {
  const recording = await bitstampLogFormat.open(await openSource(sharedData(FILE)), { strict: false });
  const [expected] = await endBooks(recording);
  const { epochDay } = recording;
  const instrument = recording.instruments[0]!;
  const probe = new FeedProbe({
    feed: (setup) => new BitstampOrderFeed(setup),
    instruments: [instrument],
    addresses: bitstamp.environments['live']!,
    epochDay,
    isL3: true,
  });
  const channel = `live_orders_${instrument.symbol}`;
  probe.feed.opened(0);
  probe.feed.message(Buffer.from(JSON.stringify({ event: 'bts:subscription_succeeded', channel, data: {} })), 0);
  // What stood before is not known: the day begins with no orders.
  const text = JSON.stringify({ microtimestamp: String(epochDay * 86_400e6), bids: [], asks: [] });
  probe.feed.fetched(probe.fetches[0]!.tag, { status: 200, headers: {}, text }, 0);
  probe.settle(0);
  const lines = (await readWhole(await openSource(sharedData(FILE)), 2 ** 28)).toString('utf8').split('\n');
  for (const [i, line] of lines.entries()) {
    const [ms = '', event = ''] = line.split(' ', 2);
    if (!event.startsWith('order_') || event === 'order_book') continue;
    const body = line.slice(ms.length + event.length + 2).replace('{', `{"microtimestamp":"${ms}000",`);
    probe.feed.message(Buffer.from(`{"event":"${event}","channel":"${channel}","data":${body}}`), i);
    probe.settle(i);
  }
  expect(probe.feed.stats.messages).toBeGreaterThan(20_000);
  expect(probe.feed.stats.unreadable).toBe(0);
  for (const side of [Side.BUY, Side.SELL]) {
    expect(levelsOf(probe.builders[0]!.book, instrument, side)).toEqual(levelsOf(expected!, instrument, side));
  }
});

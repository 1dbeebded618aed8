/** The feed on WebSocket v2, by frames as the venue documents them: scanned and parsed paths, damage, resync, silence. */
import { Random } from '@quotewright/core/base/random';
import { Instrument } from '@quotewright/core/market/instrument';
import { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { FeedProbe } from '../testing/probe.ts';
import { DAMAGES } from '../testing/damage.ts';
import { BookChecksum } from './checksum.ts';
import { kraken } from './venue.ts';

const instrument = new Instrument({
  venue: 'kraken',
  symbol: 'BTC/USD',
  base: 'BTC',
  quote: 'USD',
  tick: '0.1',
  lot: '0.00000001',
  contract: 'spot',
});
const EPOCH_DAY = Date.UTC(2026, 0, 1) / 86_400_000;
const TIME = '2026-01-01T12:00:00.500000Z';
const MARKET = FeedProbe.indexOf(0);

function levelsText(levels: readonly (readonly [number, number])[]): string {
  return levels
    .map(([ticks, lots]) => `{"price":${instrument.price.format(ticks)},"qty":${instrument.size.format(lots)}}`)
    .join(',');
}

function trade(id: number): string {
  return `{"symbol":"BTC/USD","side":"sell","price":59999.9,"qty":0.00100000,"ord_type":"market","trade_id":${id},"timestamp":"${TIME}"}`;
}

/** The venue's own book, and the frames that tell of it. */
class Venue {
  readonly book = new L2Book();
  readonly #checksum = new BookChecksum(instrument);

  constructor() {
    for (let i = 0; i < 30; i++) {
      this.book.set(Side.BUY, 600_000 - i, 100_000_000 + i);
      this.book.set(Side.SELL, 600_001 + i, 5 + i);
    }
  }

  frame(
    type: string,
    bids: readonly (readonly [number, number])[],
    asks: readonly (readonly [number, number])[],
  ): string {
    for (const [price, size] of bids) this.book.set(Side.BUY, price, size);
    for (const [price, size] of asks) this.book.set(Side.SELL, price, size);
    const checksum = this.#checksum.of(this.book);
    return `{"channel":"book","type":"${type}","data":[{"symbol":"BTC/USD","bids":[${levelsText(bids)}],"asks":[${levelsText(asks)}],"checksum":${checksum},"timestamp":"${TIME}"}]}`;
  }

  snapshot(): string {
    const all = (side: Side) => {
      const [prices, sizes] = [new Float64Array(100), new Float64Array(100)];
      const count = this.book.top(side, 100, prices, sizes);
      return Array.from({ length: count }, (_, i) => [prices[i]!, sizes[i]!] as const);
    };
    return this.frame('snapshot', all(Side.BUY), all(Side.SELL));
  }
}

function open(): { probe: FeedProbe; venue: Venue; take: (frame: string, nowNs?: number) => void } {
  const addresses = kraken.environments['live']!;
  const probe = new FeedProbe({
    feed: (setup) => kraken.feed(setup),
    instruments: [instrument],
    addresses,
    epochDay: EPOCH_DAY,
  });
  probe.feed.opened(1);
  return {
    probe,
    venue: new Venue(),
    take: (frame, nowNs = 2) => {
      probe.feed.message(Buffer.from(frame), nowNs);
      probe.settle(nowNs);
    },
  };
}

describe('a book', () => {
  it('is subscribed to, snapshot and updates verified, both times told', () => {
    const { probe, venue, take } = open();
    expect(probe.sent.map((frame) => /"channel":"(\w+)"/u.exec(frame)?.[1])).toEqual([
      'instrument',
      'book',
      'trade',
      'ticker',
    ]);
    take(venue.snapshot());
    take(
      venue.frame(
        'update',
        [[600_000, 0]],
        [
          [600_001, 77],
          [600_050, 3],
        ],
      ),
    );
    expect(probe.feed.stats).toMatchObject({ checksums: 2, badChecksums: 0, parsed: 0 });
    expect(probe.builders[0]!.book.bestPrice(Side.BUY)).toBe(599_999);
    expect(probe.builders[0]!.book.sizeAt(Side.SELL, 600_050)).toBe(3);
    expect(probe.counts).toMatchObject({ books: 2, snapshots: 1, gaps: 0 });
  });

  it('frames in another shape are parsed to the same', () => {
    const { probe, venue, take } = open();
    take(JSON.stringify(JSON.parse(venue.snapshot()), undefined, 1).replaceAll(/("qty": )(\d+)(,|\n)/gu, '$1$2$3'));
    expect(probe.feed.stats).toMatchObject({ parsed: 1, badChecksums: 0, checksums: 1 });
    take(
      venue
        .frame('update', [[599_990, 1]], [])
        .replace('"channel":"book",', '')
        .replace('}]}', '}],"channel":"book"}'),
    );
    expect(probe.feed.stats).toMatchObject({ parsed: 2, badChecksums: 0, checksums: 2 });
    expect(probe.builders[0]!.book.sizeAt(Side.BUY, 599_990)).toBe(1);
  });

  it('levels beyond the depth that was subscribed to are dropped', () => {
    const { probe, venue, take } = open();
    take(venue.snapshot());
    const bids = Array.from({ length: 90 }, (_, i) => [590_000 - i, 1] as const);
    take(venue.frame('update', bids, []));
    expect(probe.builders[0]!.book.levelCount(Side.BUY)).toBe(100);
    expect(probe.builders[0]!.book.sizeAt(Side.BUY, 590_000 - 69)).toBe(1);
    expect(probe.builders[0]!.book.sizeAt(Side.BUY, 590_000 - 70)).toBe(0);
  });

  it.each([
    ['a wrong checksum', 'checksum', (frame: string) => frame.replace(/"checksum":\d+/u, '"checksum":1')],
    ['a digit', 'checksum', (frame: string) => frame.replace('599999.9', '599999.8').replace('59999.9', '59999.7')],
    ['no number', 'unreadable', (frame: string) => frame.replace('59999.9', 'x')],
    ['off the grid', 'unreadable', (frame: string) => frame.replace('59999.9', '59999.95')],
    ['a negative size', 'unreadable', (frame: string) => frame.replace('"qty":', '"qty":-')],
    ['a huge price', 'unreadable', (frame: string) => frame.replace('59999.9', '1e300')],
    ['cut off', 'unreadable', (frame: string) => frame.slice(0, -30)],
  ] as const)('%s: GAP, and after a while from the snapshot again', (_, fault, damage) => {
    const { probe, venue, take } = open();
    take(venue.snapshot());
    take(damage(venue.frame('update', [[599_999, 12_345]], [])), 3);
    expect(probe.events.at(-1)).toMatchObject({ type: 'stale', market: MARKET, fault });
    expect(probe.counts.gaps).toBe(1);
    // Nothing of it before the snapshot.
    take(venue.frame('update', [[599_998, 5]], []), 4);
    expect(probe.counts).toMatchObject({ gaps: 1, books: 1 });
    probe.sent.length = 0;
    probe.feed.poll(5);
    expect(probe.sent).toEqual([]);
    probe.feed.poll(1e9);
    expect(probe.sent.map((frame) => /"method":"(\w+)"/u.exec(frame)?.[1])).toEqual(['unsubscribe', 'subscribe']);
    take(venue.snapshot(), 1e9);
    expect(probe.isBelieved(0)).toBe(true);
    expect(probe.builders[0]!.book.sizeAt(Side.BUY, 599_998)).toBe(5);
  });

  it('waits longer each time when the snapshot is wrong too', () => {
    const { probe, venue, take } = open();
    take(venue.snapshot());
    const attempts: number[] = [];
    for (let ms = 1; ms < 20_000; ms++) {
      probe.sent.length = 0;
      probe.feed.poll(ms * 1e6);
      probe.settle(ms * 1e6);
      if (ms === 1 || probe.sent.some((frame) => frame.includes('"subscribe"'))) {
        if (ms > 1) attempts.push(ms);
        take(venue.snapshot().replace(/"checksum":\d+/u, '"checksum":1'), ms * 1e6);
      }
    }
    const waits = attempts.map((ms, i) => ms - (attempts[i - 1] ?? 1));
    expect(waits.length).toBeGreaterThan(5);
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
  });

  it('is not believed when the connection goes, and silence ends the connection', () => {
    const { probe, venue, take } = open();
    take(venue.snapshot());
    probe.feed.poll(9e9);
    expect(probe.reconnects).toEqual([]);
    expect(probe.sent.at(-1)).toContain('"ping"');
    probe.feed.poll(11e9);
    expect(probe.reconnects).toHaveLength(1);
    probe.feed.closed(11e9);
    probe.settle(11e9);
    expect(probe.counts.gaps).toBe(1);
    expect(probe.events.at(-1)).toMatchObject({ type: 'stale', fault: 'disconnected' });
  });

  it('the host may cease to believe it', () => {
    const { probe, venue, take } = open();
    take(venue.snapshot());
    probe.feed.resync(MARKET, 'quote', 5);
    probe.settle(5);
    expect(probe.counts.gaps).toBe(1);
    expect(probe.feed.stats.gaps).toBe(1);
  });
});

describe('prints, quotes and status', () => {
  it('are told with the aggressor, the number and the time', () => {
    const { probe, take } = open();
    take(`{"channel":"trade","type":"update","data":[${trade(7)},${trade(8)}]}`);
    take(
      `{"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD","bid":59999.9,"bid_qty":0.5,"ask":60000.0,"ask_qty":1.25,"last":1,"volume":2}]}`,
    );
    expect(probe.counts).toMatchObject({ trades: 2, quotes: 1 });
    expect(probe.feed.stats.parsed).toBe(0);
    take('{"type":"update","channel":"trade","data":[' + trade(9) + ']}');
    expect(probe.counts.trades).toBe(3);
    expect(probe.feed.stats).toMatchObject({ parsed: 1, unreadable: 0 });
  });

  it('a refused subscription is told', () => {
    const { probe, take } = open();
    take('{"error":"Currency pair not supported BTC/USD","method":"subscribe","success":false,"symbol":"BTC/USD"}');
    expect(probe.events).toMatchObject([{ type: 'refused' }]);
  });
});

it('20,000 damaged frames: no crash, and the ten best are right whenever the book is believed', () => {
  const { probe, venue, take } = open();
  const random = Random.stream(11, 'v2');
  take(venue.snapshot());
  let nowNs = 10;
  let right = 0;
  for (let n = 0; n < 20_000; n++) {
    nowNs += 5e6;
    probe.feed.poll(nowNs);
    if (probe.sent.splice(0).some((frame) => frame.includes('"subscribe"'))) take(venue.snapshot(), nowNs);
    const side = random.nextUint32() & 1;
    const ticks = side === 0 ? 600_000 - (random.nextUint32() % 40) : 600_001 + (random.nextUint32() % 40);
    const lots = (random.nextUint32() & 3) === 0 ? 0 : 1 + random.nextUint32();
    const frame = Buffer.from(
      venue.frame('update', side === 0 ? [[ticks, lots]] : [], side === 1 ? [[ticks, lots]] : []),
    );
    const names = Object.values(DAMAGES);
    const isHarmed = (random.nextUint32() & 3) === 0;
    probe.feed.message(isHarmed ? names[random.nextUint32() % names.length]!(frame, random) : frame, nowNs);
    probe.settle(nowNs);
    if (isHarmed || !probe.isBelieved(0)) continue;
    right++;
    for (const each of [Side.BUY, Side.SELL]) {
      const found = [new Float64Array(10), new Float64Array(10)] as const;
      const wanted = [new Float64Array(10), new Float64Array(10)] as const;
      probe.builders[0]!.book.top(each, 10, ...found);
      venue.book.top(each, 10, ...wanted);
      expect(found).toEqual(wanted);
    }
  }
  expect(right).toBeGreaterThan(1000);
  expect(probe.feed.stats.resyncs).toBeGreaterThan(100);
}, 60_000);

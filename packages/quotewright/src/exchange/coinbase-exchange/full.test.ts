/** The `full` channel and the page of all orders, read by the feed that trades: the book is the exchange's, order by order. */
import { Side } from '@quotewright/core/market/side';
import type { Schedule } from '@quotewright/core/venue-sim/living/regimes';
import { describe, expect, it } from 'vitest';
import { coinbaseExchange } from '../../venues/coinbase-exchange/venue.ts';
import { FeedProbe } from '../../venues/testing/probe.ts';
import type { Face, FaceConversation } from '../contract.ts';
import { trimmed } from '../decimals.ts';
import { type HandExchange, handExchange } from '../testing/hand-exchange.ts';
import { coinbaseExchangeFace } from './face.ts';

const MOST = 1000;

/** Price and size of each level, a line each. */
function textOf(top: (prices: Float64Array, sizes: Float64Array) => number): string {
  const [prices, sizes] = [new Float64Array(MOST), new Float64Array(MOST)];
  const count = top(prices, sizes);
  return Array.from({ length: count }, (_, i) => `${prices[i]} ${sizes[i]}`).join('\n');
}

/** A living market, and a feed connected to its face. */
class Line {
  readonly hand: HandExchange;
  readonly probe: FeedProbe;
  readonly face: Face;
  readonly #frames: string[] = [];
  readonly #conversation: FaceConversation;
  #ns = 1;

  constructor(schedule?: Schedule) {
    this.hand = handExchange(coinbaseExchangeFace, { coins: ['BTC'], isAlive: true, schedule });
    this.face = coinbaseExchangeFace.make(this.hand.exchange);
    // What stands before anybody listens is in the book too.
    this.hand.pass(200);
    this.probe = new FeedProbe({
      feed: (setup) => coinbaseExchange.feed(setup),
      instruments: [this.hand.exchange.instruments[0]!],
      addresses: coinbaseExchange.environments['live']!,
      epochDay: this.hand.exchange.epochDay,
      isL3: true,
    });
    const request = { method: 'GET', path: '/', target: '/', query: new URLSearchParams(), headers: {}, body: '' };
    const socket = { send: (frame: string) => void this.#frames.push(frame), close: () => undefined };
    this.#conversation = this.face.connect(socket, request)!;
    this.probe.feed.opened(this.#ns);
    for (const frame of this.probe.sent) this.#conversation.message(frame);
  }

  /** Time passes, and what the face has sent arrives, but for those that are lost. */
  pass(ms: number, isLost: (index: number) => boolean = () => false): void {
    this.hand.pass(ms);
    const { feed, fetches } = this.probe;
    for (const [i, frame] of this.#frames.splice(0).entries()) {
      this.#ns += 1e6;
      if (!isLost(i)) feed.message(Buffer.from(frame), this.#ns);
      this.probe.settle(this.#ns);
    }
    this.#ns += 1e9;
    feed.poll(this.#ns);
    for (const { request, tag } of fetches.splice(0)) {
      const [path = '', query = ''] = request.path.split('?');
      const asked = {
        method: 'GET',
        path,
        target: request.path,
        query: new URLSearchParams(query),
        headers: {},
        body: '',
      };
      const { status, body } = this.face.http(asked);
      feed.fetched(tag, { status, headers: {}, text: body }, this.#ns);
      this.probe.settle(this.#ns);
    }
  }

  levels(side: Side): [found: string, expected: string] {
    const { book } = this.probe.builders[0]!;
    return [
      textOf((p, z) => book.top(side, MOST, p, z)),
      textOf((p, z) => this.hand.exchange.top(0, side, MOST, p, z)),
    ];
  }
}

/** The orders of a side, as the exchange has them. */
function queued({ exchange, market }: HandExchange, side: Side): string[] {
  const { price, size } = exchange.instruments[0]!;
  const book = market.book(0);
  const orders: string[] = [];
  for (let level = book.best(side); level !== 0; level = book.levelAfter(level)) {
    for (let slot = book.front(level); slot !== 0; slot = book.behind(slot)) {
      orders.push(`${trimmed(size.format(book.openLots(slot)))}@${trimmed(price.format(book.levelPrice(level)))}`);
    }
  }
  return orders;
}

describe('the full channel', () => {
  it('holds the whole book, through orders of accounts and those of others', () => {
    const line = new Line();
    for (let i = 0; i < 40; i++) {
      if (i % 5 === 0) line.hand.exchange.place(line.hand.order({ sizeLots: 1_000_000 + i }));
      line.pass(50);
    }
    for (const side of [Side.BUY, Side.SELL]) {
      const [found, expected] = line.levels(side);
      expect(found.split('\n').length).toBeGreaterThan(10);
      expect(found).toBe(expected);
    }
    expect(line.probe.feed.stats).toMatchObject({ gaps: 0, unreadable: 0, resyncs: 0 });
    const { unknownIds, overfills, duplicateIds } = line.probe.builders[0]!;
    expect([unknownIds, overfills, duplicateIds]).toEqual([0, 0, 0]);
  });

  it('goes on through halts and auctions, after which the book is laid anew', () => {
    const line = new Line({ isRandom: false, spells: [{ regime: 'volatile', seconds: 1, haltSeconds: 0.2 }] });
    let halts = 0;
    for (let i = 0; i < 80; i++) {
      if (i % 5 === 0) line.hand.exchange.place(line.hand.order({ sizeLots: 1_000_000 + i }));
      if (!line.hand.exchange.isTrading(0)) halts++;
      line.pass(50);
      for (const side of [Side.BUY, Side.SELL]) expect(line.levels(side)[0]).toBe(line.levels(side)[1]);
    }
    expect(halts).toBeGreaterThan(5);
    expect(line.probe.feed.stats).toMatchObject({ gaps: 0, unreadable: 0, resyncs: 0 });
    const { unknownIds, overfills, duplicateIds } = line.probe.builders[0]!;
    expect([unknownIds, overfills, duplicateIds]).toEqual([0, 0, 0]);
    // The page of all orders is the queues, in their order.
    const target = '/products/BTC-USD/book?level=3';
    const [path = '', query = ''] = target.split('?');
    const page = line.face.http({
      method: 'GET',
      path,
      target,
      query: new URLSearchParams(query),
      headers: {},
      body: '',
    });
    // oxlint-disable-next-line no-unsafe-type-assertion -- the face writes it
    const { bids, asks } = JSON.parse(page.body) as Record<'bids' | 'asks', [string, string, string][]>;
    expect(bids.map(([price, size]) => `${size}@${price}`)).toEqual(queued(line.hand, Side.BUY));
    expect(asks.map(([price, size]) => `${size}@${price}`)).toEqual(queued(line.hand, Side.SELL));
    expect(new Set([...bids, ...asks].map(([, , id]) => id)).size).toBe(bids.length + asks.length);
  });

  it('of which a message is lost is begun anew', () => {
    const line = new Line();
    for (let i = 0; i < 5; i++) line.pass(50);
    line.pass(200, (index) => index === 3);
    expect([line.probe.feed.stats.gaps, line.probe.counts.gaps]).toEqual([1, 1]);
    for (let i = 0; i < 10; i++) line.pass(50);
    expect(line.probe.isBelieved(0)).toBe(true);
    for (const side of [Side.BUY, Side.SELL]) expect(line.levels(side)[0]).toBe(line.levels(side)[1]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Observer } from '../strategies/observer.ts';
import type { Market } from '../strategies/strategy.ts';
import { RequestKind } from '../trading/records.ts';
import { L2ReplayVenue } from '../venue-sim/l2-replay.ts';
import { Random } from '../base/random.ts';
import type { LatencyModel } from '../venue-sim/latency.ts';
import type { Ledger } from '../trading/ledger.ts';
import { Side } from '../market/side.ts';
import { randomMarket } from './testing/market-rows.ts';
import { randomTrader } from './testing/random-trader.ts';
import { INVERSE, LINEAR, SPOT, TestSession } from './testing/session-kit.ts';

const INSTRUMENTS = [LINEAR, INVERSE, SPOT];

/** Jitter, and now and then a venue that refuses. */
class RoughLatency implements LatencyModel {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = Random.stream(seed, 'rough');
  }

  entryNs(kind: number): number {
    const ns = 100_000 + this.#random.below(2_000_000);
    // Cancels get through: one that is refused at the session's end would leave its order at work.
    return kind !== RequestKind.CANCEL && this.#random.below(30) === 0 ? -ns : ns;
  }

  reportNs(): number {
    return 50_000 + this.#random.below(3_000_000);
  }

  feedNs(): number {
    return 0;
  }
}

/** Asks the ledger at every event whether it balances, and keeps the position itself. */
class Auditor implements Observer {
  ledger: Ledger | undefined;
  readonly positions = INSTRUMENTS.map(() => 0);
  readonly requests = new Map<number, number>();
  looks = 0;
  complaint = '';

  onBook(market: Market): void {
    this.#look(market);
  }

  onFill(market: Market, { side, sizeLots }: { side: Side; sizeLots: number }): void {
    this.positions[market.index]! += side === Side.BUY ? sizeLots : -sizeLots;
    this.#look(market);
  }

  onOrder(market: Market): void {
    this.#look(market);
  }

  onRequest(market: Market, kind: number): void {
    this.requests.set(kind, (this.requests.get(kind) ?? 0) + 1);
    this.#look(market);
  }

  onFunding(market: Market): void {
    this.#look(market);
  }

  #look(market: Market): void {
    this.looks++;
    if (this.complaint !== '' || this.ledger === undefined) return;
    this.complaint = this.ledger.check();
    const held = this.positions[market.index];
    if (held !== market.positionLots) this.complaint = `position ${market.positionLots}, executions say ${held}`;
  }
}

describe('money and positions', () => {
  it.each([1, 2, 3, 4])('balance at every event of a random session, in all contract types (seed %i)', (seed) => {
    const rows = randomMarket(seed, 6000, INSTRUMENTS.length);
    const auditors = [new Auditor(), new Auditor()];
    const funding = Array.from({ length: 40 }, (_, i) => ({
      ns: 20e6 * (i + 1),
      instrument: i % 2,
      ratePpb: (i % 3 === 0 ? -1 : 1) * 123_457,
    }));
    const session = new TestSession({
      instruments: INSTRUMENTS,
      strategies: [randomTrader('a'), randomTrader('b')],
      observers: auditors.map((auditor) => [auditor]),
      latency: new RoughLatency(seed),
      funding,
      engine: { seed, ledger: { cash: { USDT: '1000', EUR: '0.01' } } },
    });
    auditors.forEach((auditor, i) => (auditor.ledger = session.engine.seats[i]!.ledger));
    session.play(rows, 512);

    expect(auditors.map(({ complaint }) => complaint)).toEqual(['', '']);
    const { engine, venues } = session;
    expect(engine.faults).toEqual({ duplicates: 0, unknownOrders: 0, overfills: 0, late: 0, missing: 0, malformed: 0 });
    for (const [index, venue] of venues.entries()) {
      const atVenue = venue instanceof L2ReplayVenue ? venue.positionLots : Number.NaN;
      expect(engine.seats.reduce((sum, { ledger }) => sum + ledger.positionLots(index), 0)).toBe(atVenue);
    }
    // Every kind of thing happened, and nothing is left at work.
    for (const { fills, markets, ledger } of engine.seats) {
      expect(fills).toBeGreaterThan(100);
      expect(markets.map(({ orderCount }) => orderCount)).toEqual([0, 0, 0]);
      expect(INSTRUMENTS.map((_, i) => ledger.fundingPaid(i) !== 0)).toEqual([true, true, false]);
    }
    for (const kind of Object.values(RequestKind)) expect(auditors[0]!.requests.get(kind)).toBeGreaterThan(50);
  });

  it('has no fill, request or report that both clocks do not order', () => {
    const rows = randomMarket(9, 3000, 1);
    const late: string[] = [];
    let lastNs = 0;
    const see = (what: string, nowNs: number, venueNs: number): void => {
      if (nowNs < lastNs) late.push(`${what} at ${nowNs} after ${lastNs}`);
      if (venueNs > nowNs) late.push(`${what} known at ${nowNs}, done at ${venueNs}`);
      lastNs = nowNs;
    };
    new TestSession({
      strategies: [randomTrader()],
      latency: new RoughLatency(9),
      observers: [
        [
          {
            onBook: ({ receivedNs }) => see('book', receivedNs, receivedNs),
            onFill: (_market, { venueNs }, nowNs) => see('fill', nowNs, venueNs),
            onOrder: (_market, _order, nowNs, venueNs) => see('order', nowNs, venueNs),
            onRequest: (_market, _kind, _order, nowNs) => see('request', nowNs, nowNs),
            onFunding: () => {},
          },
        ],
      ],
    }).play(rows, 256);
    expect(late).toEqual([]);
  });
});

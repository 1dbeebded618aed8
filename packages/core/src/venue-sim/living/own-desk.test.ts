import { beforeEach, describe, expect, it } from 'vitest';
import { Side } from '../../market/side.ts';
import { OrderFlag, Reject, ReportKind, RequestKind } from '../../trading/records.ts';
import { LivingMarket } from './living-market.ts';
import { Participant } from './order-table.ts';
import { DEFAULT_PARAMS, type MarketParams } from './params.ts';
import { Follower, instrumentOf, send } from './testing/driver.ts';

const { BUY, POST_ONLY, IOC, FOK, REDUCE_ONLY, MAKER, KEPT_PLACE } = OrderFlag;
const { NEW, CANCEL, AMEND } = RequestKind;

const { noise, makers, momentum, informed, fundamental, value } = DEFAULT_PARAMS;
/** A book of one maker's ladder that nothing moves: bids from 9,999 down, asks from 10,001 up, four levels of some 100 lots. */
const STILL: MarketParams = {
  ...DEFAULT_PARAMS,
  value: { ...value, startTicks: 10_000, volatilityTicks: 0, jumpsPerHour: 0 },
  noise: { ...noise, limitsPerSecond: 0, takesPerSecond: 0 },
  makers: { ...makers, count: 1, refreshesPerSecond: 0, errorTicks: 0, halfSpreadTicks: 1 },
  momentum: { ...momentum, count: 0 },
  informed: { ...informed, count: 0 },
  fundamental: { ...fundamental, count: 0 },
};

let market: LivingMarket;
let follower: Follower;
let nowNs: number;

function request(kind: RequestKind, id: number, flags = 0, price = 0, size = 0): string[] {
  const before = follower.reports.length;
  send(market, kind, id, flags, price, size, ++nowNs);
  follower.drain();
  follower.compare();
  expect(follower.faults).toEqual([]);
  const names = Object.entries(ReportKind);
  return follower.reports.slice(before).map((report) => {
    expect(report.venueNs).toBe(nowNs);
    const name = names.find(([, kindOf]) => kindOf === report.kind)![0];
    const of = report.kind === ReportKind.FILL || report.kind === ReportKind.ACK || report.kind === ReportKind.AMENDED;
    const why = of ? '' : ` ${Object.entries(Reject).find(([, code]) => code === report.aux)![0]}`;
    const maker = (report.flags & MAKER) === 0 ? '' : ' maker';
    const kept = (report.flags & KEPT_PLACE) === 0 ? '' : ' kept';
    return `${name} ${report.orderId} ${report.sizeLots}@${report.priceTicks}${why}${maker}${kept}`;
  });
}

/** An order of fifty lots of somebody: what kinds of reports come, and whether its number in the book is told. */
function told(id: number, owner: number, flags: number, price: number): string[] {
  const before = follower.reports.length;
  send(market, NEW, id, flags, price, 50, ++nowNs, 0, owner);
  follower.drain();
  return follower.reports.slice(before).map(({ kind, orderId, seq }) => {
    const number = kind === ReportKind.ACK ? ` as ${seq > 0}` : '';
    return `${kind} ${orderId}${number}`;
  });
}

const touch = (side: Side): number => market.book(0).bestPrice(side);
const lotsAt = (side: Side, price: number): number => market.book(0).levelLots(market.book(0).findLevel(side, price));

beforeEach(() => {
  const fees = { maker: '-0.0001', taker: '0.0005' };
  const instrument = instrumentOf('X', { minSize: '0.002', maxSize: '5', minNotional: '1', fees });
  market = new LivingMarket([{ instrument, params: STILL }], 1);
  follower = new Follower(market, false);
  follower.drain();
  nowNs = 0;
  expect([touch(Side.BUY), touch(Side.SELL)]).toEqual([9999, 10_001]);
});

describe('own orders in a living market', () => {
  it('rest, are filled by others, and say which side they were on', () => {
    expect(request(NEW, 1, BUY, 10_000, 30)).toEqual(['ACK 1 30@10000']);
    expect(touch(Side.BUY)).toBe(10_000);
    // Another order of ours takes the whole ladder's best ask.
    const asks = lotsAt(Side.SELL, 10_001);
    expect(request(NEW, 2, BUY | IOC, 10_001, asks + 5)).toEqual([
      `ACK 2 ${asks + 5}@10001`,
      `FILL 2 ${asks}@10001`,
      `CANCELLED 2 5@10001 UNFILLED_REST`,
    ]);
    const fill = follower.reports.find(({ kind }) => kind === ReportKind.FILL)!;
    expect(fill.aux).toBe(500_000);
    expect(market.positions(0)[Participant.OWN]).toBe(asks);
    expect(market.positions(0)[Participant.MAKER]).toBe(-asks);
  });

  it('walk the book level by level, and the rest stays', () => {
    const first = lotsAt(Side.SELL, 10_001);
    const second = lotsAt(Side.SELL, 10_002);
    const size = first + second + 7;
    expect(request(NEW, 1, BUY, 10_002, size)).toEqual([
      `ACK 1 ${size}@10002`,
      `FILL 1 ${first}@10001`,
      `FILL 1 ${second}@10002`,
    ]);
    expect(lotsAt(Side.BUY, 10_002)).toBe(7);
    expect(request(CANCEL, 1)).toEqual(['CANCELLED 1 7@10002 REQUESTED']);
    expect(touch(Side.BUY)).toBe(9999);
  });

  it('are refused when post-only would take, fill-or-kill cannot, or the order is known', () => {
    expect(request(NEW, 1, BUY | POST_ONLY, 10_001, 10)).toEqual(['REJECT 1 10@10001 POST_ONLY_WOULD_TAKE']);
    expect(request(NEW, 2, BUY | POST_ONLY, 10_000, 10)).toEqual(['ACK 2 10@10000']);
    expect(request(NEW, 2, BUY, 9990, 10)).toEqual(['REJECT 2 10@9990 OTHER']);
    const asks = lotsAt(Side.SELL, 10_001);
    expect(request(NEW, 3, BUY | FOK, 10_001, asks + 1)).toEqual([`REJECT 3 ${asks + 1}@10001 FOK_UNFILLED`]);
    expect(request(NEW, 4, BUY | FOK, 10_001, asks)).toEqual([`ACK 4 ${asks}@10001`, `FILL 4 ${asks}@10001`]);
  });

  it('are refused below the smallest size and value, above the largest, and off the grid', () => {
    expect(request(NEW, 1, BUY, 9990, 1)).toEqual(['REJECT 1 1@9990 BAD_SIZE']);
    expect(request(NEW, 2, BUY, 9990, 5001)).toEqual(['REJECT 2 5001@9990 BAD_SIZE']);
    expect(request(NEW, 3, BUY, 9990, 2.5)).toEqual(['REJECT 3 2.5@9990 BAD_SIZE']);
    expect(request(NEW, 4, BUY, 9990.5, 10)).toEqual(['REJECT 4 10@9990.5 BAD_PRICE']);
    expect(request(NEW, 5, BUY, Number.NaN, 10)).toEqual(['REJECT 5 10@NaN BAD_PRICE']);
    // 2 lots of 0.001 at 99.90 are worth 0.1998.
    expect(request(NEW, 6, BUY, 9990, 2)).toEqual(['REJECT 6 2@9990 BAD_NOTIONAL']);
    expect(request(NEW, 7, BUY, 9990, Number.POSITIVE_INFINITY)).toEqual(['REJECT 7 Infinity@9990 BAD_SIZE']);
  });

  it('never trade with each other: the incoming one is cut off where it would', () => {
    request(NEW, 1, 0, 10_000, 20);
    expect(request(NEW, 2, BUY, 10_001, 50)).toEqual(['ACK 2 50@10001', 'CANCELLED 2 50@10001 SELF_TRADE']);
    expect(lotsAt(Side.SELL, 10_000)).toBe(20);
  });

  it('reduce only when there is a position to reduce', () => {
    expect(request(NEW, 1, REDUCE_ONLY, 10_050, 10)).toEqual(['REJECT 1 10@10050 REDUCE_ONLY']);
    request(NEW, 2, BUY | IOC, 10_001, 20);
    expect(request(NEW, 3, REDUCE_ONLY, 10_050, 21)).toEqual(['REJECT 3 21@10050 REDUCE_ONLY']);
    expect(request(NEW, 4, REDUCE_ONLY, 10_050, 20)).toEqual(['ACK 4 20@10050']);
    expect(request(NEW, 5, REDUCE_ONLY | BUY, 9990, 20)).toEqual(['REJECT 5 20@9990 REDUCE_ONLY']);
  });

  it('are amended: in place when smaller, to the back when not, and trade when they cross', () => {
    request(NEW, 1, BUY, 9999, 40);
    const level = lotsAt(Side.BUY, 9999);
    expect(request(AMEND, 1, 0, 9999, 30)).toEqual(['AMENDED 1 30@9999 kept']);
    expect(lotsAt(Side.BUY, 9999)).toBe(level - 10);
    expect(request(AMEND, 1, 0, 10_000, 35)).toEqual(['AMENDED 1 35@10000']);
    expect(touch(Side.BUY)).toBe(10_000);
    expect(request(AMEND, 1, 0, 10_001, 35)).toEqual(['AMENDED 1 35@10001', 'FILL 1 35@10001']);
    expect(request(AMEND, 1, 0, 10_001, 35)).toEqual(['AMEND_REJECT 1 35@10001 UNKNOWN_ORDER']);
    expect(request(CANCEL, 1)).toEqual(['CANCEL_REJECT 1 0@0 UNKNOWN_ORDER']);
  });

  it('stay as they were when an amendment is refused, and end when nothing would be open', () => {
    request(NEW, 1, BUY | POST_ONLY, 9999, 40);
    expect(request(AMEND, 1, 0, 10_001, 40)).toEqual(['AMEND_REJECT 1 40@10001 POST_ONLY_WOULD_TAKE']);
    expect(request(AMEND, 1, 0, 9999.5, 40)).toEqual(['AMEND_REJECT 1 40@9999.5 BAD_PRICE']);
    expect(request(AMEND, 1, 0, 9998, 9000)).toEqual(['AMEND_REJECT 1 9000@9998 BAD_SIZE']);
    expect(request(CANCEL, 1)).toEqual(['CANCELLED 1 40@9999 REQUESTED']);
    const asks = lotsAt(Side.SELL, 10_001);
    request(NEW, 2, BUY, 10_001, asks + 10);
    expect(request(AMEND, 2, 0, 10_001, asks)).toEqual(['CANCELLED 2 10@10001 REQUESTED']);
  });

  it('fill as makers when agents take, in the order of the queue, with the maker fee', () => {
    const busy = { ...STILL, noise: { ...noise, limitsPerSecond: 0, takesPerSecond: 20 } };
    const fees = { maker: '-0.0001', taker: '0.0005' };
    market = new LivingMarket([{ instrument: instrumentOf('X', { fees }), params: busy }], 3);
    follower = new Follower(market, false);
    send(market, NEW, 1, BUY, touch(Side.BUY), 500, 0);
    while (market.nextNs < 60e9) market.step();
    follower.drain();
    const fills = follower.reports.filter(({ kind }) => kind === ReportKind.FILL);
    expect(fills.length).toBeGreaterThan(0);
    let filled = 0;
    for (const { flags, aux, sizeLots, seq } of fills) {
      filled += sizeLots;
      expect(flags).toBe(BUY | MAKER);
      expect(aux).toBe(-100_000);
      expect(seq).toBeGreaterThan(0);
    }
    expect(new Set(fills.map(({ seq }) => seq)).size).toBe(fills.length);
    expect(market.positions(0)[Participant.OWN]).toBe(filled);
  });

  it('of two owners trade with each other, and those of one do not; their numbers in the book are told', () => {
    const { ACK, FILL, CANCELLED } = ReportKind;
    expect(told(1, 7, 0, 10_000)).toEqual([`${ACK} 1 as true`]);
    expect(told(2, 7, BUY, 10_000)).toEqual([`${ACK} 2 as true`, `${CANCELLED} 2`]);
    expect(told(3, 8, BUY, 10_000)).toEqual([`${ACK} 3 as true`, `${FILL} 3`, `${FILL} 1`]);
    // An engine, which is one customer, names nobody and is told no number.
    expect(told(4, 0, 0, 10_000)).toEqual([`${ACK} 4 as false`]);
  });
});

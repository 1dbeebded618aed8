/** Requests as they arrive at the L2 replay venue, one case for each sentence of the rule. */
import { describe, expect, it } from 'vitest';
import { EventKind, TradingStatus } from '../market/event.ts';
import { OrderFlag, Reject, ReportKind } from '../trading/records.ts';
import { queueModel } from './queue-model.ts';
import { quotedMarket as market, type PlainReport } from './testing/l2-venue-driver.ts';

const { BUY, IOC, FOK, POST_ONLY, REDUCE_ONLY } = OrderFlag;
const { ACK, REJECT, FILL, CANCELLED, CANCEL_REJECT, AMENDED, AMEND_REJECT } = ReportKind;

/** Kind, price, lots, and what AUX says of refusals and ends. */
function short(reports: readonly PlainReport[]): number[][] {
  return reports.map(({ kind, price, size, aux }) => [kind, price, size, ...(kind === FILL ? [] : [aux])]);
}

describe('a taking order', () => {
  it('walks the book and rests with what is left', () => {
    const m = market();
    const reports = m.enter(1, BUY, 102, 12, 2);
    expect(short(reports)).toEqual([
      [ACK, 102, 12, 0],
      [FILL, 102, 10],
    ]);
    expect(reports[1]).toMatchObject({ flags: BUY, aux: 500_000, seq: 1 });
    // It rests at 102, where no bid is shown: the next seller at that price meets it.
    expect(short(m.trade(false, 102, 1, 3))).toEqual([[FILL, 102, 1]]);
  });

  it('does not find again what it took, until the level is shown anew', () => {
    const m = market();
    expect(short(m.enter(1, BUY | IOC, 103, 15, 2)).slice(1)).toEqual([
      [FILL, 102, 10],
      [FILL, 103, 5],
    ]);
    expect(short(m.enter(2, BUY | IOC, 103, 16, 3)).slice(1)).toEqual([
      [FILL, 103, 15],
      [CANCELLED, 103, 1, Reject.UNFILLED_REST],
    ]);
    m.level(false, 102, 3, 4);
    expect(short(m.enter(3, BUY | IOC, 103, 9, 5)).slice(1)).toEqual([
      [FILL, 102, 3],
      [CANCELLED, 103, 6, Reject.UNFILLED_REST],
    ]);
  });

  it('does not take stale levels that newer rows crossed', () => {
    const m = market();
    m.level(true, 102, 4, 2);
    // 102 was shown as an ask before: the newer bid is right.
    expect(short(m.enter(1, BUY | IOC, 103, 5, 3)).slice(1)).toEqual([[FILL, 103, 5]]);
  });

  it('with FOK takes all or is refused', () => {
    const m = market();
    expect(short(m.enter(1, BUY | FOK, 103, 31, 2))).toEqual([[REJECT, 103, 31, Reject.FOK_UNFILLED]]);
    expect(short(m.enter(2, BUY | FOK, 103, 30, 2))).toEqual([
      [ACK, 103, 30, 0],
      [FILL, 102, 10],
      [FILL, 103, 20],
    ]);
  });

  it('with IOC and nothing to take is cut off', () => {
    expect(short(market().enter(1, IOC, 101, 3, 2))).toEqual([
      [ACK, 101, 3, 0],
      [CANCELLED, 101, 3, Reject.UNFILLED_REST],
    ]);
  });
});

describe('a post-only order', () => {
  it('is refused when it would take', () => {
    const m = market();
    expect(short(m.enter(1, BUY | POST_ONLY, 102, 3, 2))).toEqual([[REJECT, 102, 3, Reject.POST_ONLY_WOULD_TAKE]]);
    expect(short(m.enter(2, BUY | POST_ONLY, 101, 3, 2))).toEqual([[ACK, 101, 3, 0]]);
    // It would take our own.
    expect(short(m.enter(3, POST_ONLY, 101, 3, 2))).toEqual([[REJECT, 101, 3, Reject.POST_ONLY_WOULD_TAKE]]);
  });
});

describe('an order that would meet an own order', () => {
  it('takes what stands before that, then is cancelled', () => {
    const m = market();
    m.enter(1, 0, 103, 5, 2);
    const reports = m.enter(2, BUY, 103, 40, 3);
    expect(short(reports).slice(1)).toEqual([
      [FILL, 102, 10],
      [FILL, 103, 20],
      [CANCELLED, 103, 10, Reject.SELF_TRADE],
    ]);
    expect(reports.at(-1)?.id).toBe(2);
  });

  it('with cancel-oldest cancels that and goes on', () => {
    const m = market({ selfTrade: 'cancel-oldest' });
    m.enter(1, 0, 101, 5, 2);
    const reports = m.enter(2, BUY | IOC, 102, 4, 3);
    expect(short(reports).slice(1)).toEqual([
      [CANCELLED, 101, 5, Reject.SELF_TRADE],
      [FILL, 102, 4],
    ]);
    expect(reports[1]?.id).toBe(1);
  });

  it('with cancel-both ends with it', () => {
    const m = market({ selfTrade: 'cancel-both' });
    m.enter(1, 0, 101, 5, 2);
    expect(m.enter(2, BUY, 102, 4, 3).map((one) => [one.kind, one.id])).toEqual([
      [ACK, 2],
      [CANCELLED, 1],
      [CANCELLED, 2],
    ]);
  });

  it('with none passes it', () => {
    const m = market({ selfTrade: 'none' });
    m.enter(1, 0, 101, 5, 2);
    expect(short(m.enter(2, BUY | POST_ONLY, 101, 4, 3))).toEqual([[ACK, 101, 4, 0]]);
  });
});

describe('a reduce-only order', () => {
  it('is refused unless all of it makes the position smaller', () => {
    const m = market();
    expect(short(m.enter(1, REDUCE_ONLY, 105, 1, 2))).toEqual([[REJECT, 105, 1, Reject.REDUCE_ONLY]]);
    m.enter(2, BUY | IOC, 102, 5, 2);
    expect(m.venue.positionLots).toBe(5);
    expect(short(m.enter(3, REDUCE_ONLY, 105, 6, 3))).toEqual([[REJECT, 105, 6, Reject.REDUCE_ONLY]]);
    expect(short(m.enter(4, BUY | REDUCE_ONLY, 95, 1, 3))).toEqual([[REJECT, 95, 1, Reject.REDUCE_ONLY]]);
    expect(short(m.enter(5, REDUCE_ONLY, 105, 5, 3))).toEqual([[ACK, 105, 5, 0]]);
  });
});

describe('a cancel', () => {
  it('ends an order once', () => {
    const m = market();
    m.enter(1, BUY, 100, 5, 2);
    expect(short(m.cancel(1, 3))).toEqual([[CANCELLED, 100, 5, Reject.REQUESTED]]);
    expect(short(m.cancel(1, 4))).toEqual([[CANCEL_REJECT, 0, 0, Reject.UNKNOWN_ORDER]]);
    expect(m.trade(false, 99, 50, 5)).toEqual([]);
  });

  it('of a filled order is refused', () => {
    const m = market({ queue: queueModel('touch') });
    m.enter(1, BUY, 100, 5, 2);
    m.trade(false, 100, 5, 3);
    expect(short(m.cancel(1, 4))).toEqual([[CANCEL_REJECT, 0, 0, Reject.UNKNOWN_ORDER]]);
  });
});

describe('an amendment', () => {
  it('that only lowers the size keeps the place', () => {
    const m = market();
    m.enter(1, BUY, 100, 5, 2);
    m.enter(2, BUY, 100, 5, 2);
    const [report] = m.amend(1, 100, 3, 3);
    expect(report).toMatchObject({ kind: AMENDED, size: 3, flags: BUY | OrderFlag.KEPT_PLACE });
    expect(m.trade(false, 100, 12, 4).map((one) => [one.id, one.size])).toEqual([[1, 2]]);
  });

  it.each([
    [100, 6],
    [99, 5],
  ])('to %i × %i loses it', (price, size) => {
    const m = market();
    m.enter(1, BUY, 100, 5, 2);
    m.enter(2, BUY, price, 5, 2);
    expect(m.amend(1, price, size, 3)).toMatchObject([{ kind: AMENDED, price, size, flags: BUY }]);
    expect(m.trade(false, price - 1, 5, 4).map((one) => [one.id, one.size])).toEqual([[2, 5]]);
  });

  it('counts what has filled, and ends an order of which nothing is left', () => {
    const m = market({ queue: queueModel('touch') });
    m.enter(1, BUY, 100, 5, 2);
    m.trade(false, 100, 3, 3);
    expect(short(m.amend(1, 99, 6, 4))).toEqual([[AMENDED, 99, 6, 0]]);
    expect(short(m.trade(false, 99, 9, 5))).toEqual([[FILL, 99, 3]]);
    m.enter(2, BUY, 100, 5, 6);
    m.trade(false, 100, 3, 7);
    expect(short(m.amend(2, 100, 3, 8))).toEqual([[CANCELLED, 100, 2, Reject.REQUESTED]]);
  });

  it('that would make a post-only order take is refused, and the order stays', () => {
    const m = market({ queue: queueModel('touch') });
    m.enter(1, BUY | POST_ONLY, 100, 5, 2);
    expect(short(m.amend(1, 102, 5, 3))).toEqual([[AMEND_REJECT, 102, 5, Reject.POST_ONLY_WOULD_TAKE]]);
    expect(short(m.trade(false, 100, 1, 4))).toEqual([[FILL, 100, 1]]);
  });

  it('that crosses takes', () => {
    const m = market();
    m.enter(1, BUY, 100, 5, 2);
    expect(short(m.amend(1, 102, 12, 3))).toEqual([
      [AMENDED, 102, 12, 0],
      [FILL, 102, 10],
    ]);
  });

  it('of an unknown order is refused', () => {
    expect(short(market().amend(9, 100, 1, 2))).toEqual([[AMEND_REJECT, 100, 1, Reject.UNKNOWN_ORDER]]);
  });
});

describe('a venue that does not trade', () => {
  it('refuses orders and amendments, and takes cancels', () => {
    const m = market();
    m.enter(1, BUY, 100, 5, 2);
    m.mark(EventKind.STATUS, 3, TradingStatus.HALTED);
    expect(short(m.enter(2, BUY, 100, 5, 4))).toEqual([[REJECT, 100, 5, Reject.HALTED]]);
    expect(short(m.amend(1, 99, 5, 4))).toEqual([[AMEND_REJECT, 99, 5, Reject.HALTED]]);
    expect(short(m.cancel(1, 4))).toEqual([[CANCELLED, 100, 5, Reject.REQUESTED]]);
    m.mark(EventKind.STATUS, 5, TradingStatus.TRADING);
    expect(short(m.enter(2, BUY, 100, 5, 6))).toEqual([[ACK, 100, 5, 0]]);
  });
});

describe('a request that makes no sense', () => {
  it.each([
    [100.5, 5, Reject.BAD_PRICE],
    [Number.NaN, 5, Reject.BAD_PRICE],
    [Infinity, 5, Reject.BAD_PRICE],
    [1e300, 5, Reject.BAD_PRICE],
    [100, 0, Reject.BAD_SIZE],
    [100, -5, Reject.BAD_SIZE],
    [100, 0.5, Reject.BAD_SIZE],
    [100, 1001, Reject.BAD_SIZE],
    [100, Number.NaN, Reject.BAD_SIZE],
    [100, 4, Reject.BAD_NOTIONAL],
  ])('%d × %d is refused', (price, size, reason) => {
    expect(short(market({}, '500').enter(1, BUY, price, size, 2))).toEqual([[REJECT, price, size, reason]]);
  });

  it('a market order is worth what it takes at, not its limit', () => {
    const m = market({}, '500');
    expect(short(m.enter(1, IOC, 1, 5, 2))).toEqual([
      [ACK, 1, 5, 0],
      [FILL, 100, 5],
    ]);
    expect(short(m.enter(2, BUY | IOC, 2 ** 40, 4, 2))).toEqual([[REJECT, 2 ** 40, 4, Reject.BAD_NOTIONAL]]);
  });

  it('a number twice is refused', () => {
    const m = market();
    m.enter(1, BUY, 100, 5, 2);
    expect(short(m.enter(1, BUY, 99, 5, 3))).toEqual([[REJECT, 99, 5, Reject.OTHER]]);
  });
});

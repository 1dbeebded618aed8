/** What recorded rows do to resting orders, one case for each sentence of the rule. */
import { describe, expect, it } from 'vitest';
import { EventKind } from '../market/event.ts';
import { OrderFlag, ReportKind } from '../trading/records.ts';
import { QueueModel, queueModel } from './queue-model.ts';
import { L2Driver, quotedMarket as market, type PlainReport } from './testing/l2-venue-driver.ts';

const BUY = OrderFlag.BUY;
const POST = OrderFlag.POST_ONLY;

/** Order, price and lots of the fills among reports. */
function fills(reports: readonly PlainReport[]): number[][] {
  return reports.filter((one) => one.kind === ReportKind.FILL).map((one) => [one.id, one.price, one.size]);
}

describe('a print at the price', () => {
  it('first takes the lots ahead, then fills with what it has left', () => {
    const m = market();
    m.enter(1, BUY | POST, 100, 8, 2);
    expect(m.trade(false, 100, 10, 3)).toEqual([]);
    const [fill] = m.trade(false, 100, 5, 4);
    expect(fill).toEqual({
      kind: ReportKind.FILL,
      flags: BUY | OrderFlag.MAKER,
      ns: 4,
      price: 100,
      size: 5,
      id: 1,
      seq: 1,
      aux: -100_000,
    });
    expect(fills(m.trade(false, 100, 5, 5))).toEqual([[1, 100, 3]]);
    expect(m.venue.positionLots).toBe(8);
    expect(m.trade(false, 100, 5, 6)).toEqual([]);
  });

  it('that the level has not shown yet is not ahead of who joins, and is no cancel when it shows', () => {
    const m = market();
    m.trade(false, 100, 6, 2);
    m.enter(1, BUY | POST, 100, 5, 3);
    // Ten were shown, four are left: a print of five reaches us by one.
    m.level(true, 100, 4, 4);
    expect(fills(m.trade(false, 100, 5, 5))).toEqual([[1, 100, 1]]);
  });

  it('of a buyer concerns resting sells only', () => {
    const m = market({ queue: queueModel('touch') });
    m.enter(1, BUY, 100, 1, 2);
    m.enter(2, 0, 102, 1, 2);
    expect(m.trade(true, 100, 5, 3)).toEqual([]);
    expect(m.trade(false, 102, 5, 3)).toEqual([]);
    expect(fills(m.trade(true, 102, 5, 3))).toEqual([[2, 102, 1]]);
    expect(fills(m.trade(false, 100, 5, 3))).toEqual([[1, 100, 1]]);
  });

  it('is shared among own orders, oldest first, each lot once', () => {
    const m = market();
    m.enter(1, BUY, 100, 4, 2);
    m.enter(2, BUY, 100, 4, 2);
    m.enter(3, BUY, 100, 4, 2);
    expect(fills(m.trade(false, 100, 16, 3))).toEqual([
      [1, 100, 4],
      [2, 100, 2],
    ]);
    // The two lots that order 2 waits for come before order 3's.
    expect(fills(m.trade(false, 100, 3, 4))).toEqual([
      [2, 100, 2],
      [3, 100, 1],
    ]);
  });

  it('passes what stands between two own orders', () => {
    const m = market();
    m.enter(1, BUY, 100, 2, 2);
    m.level(true, 100, 15, 3);
    m.enter(2, BUY, 100, 5, 4);
    // 10 before order 1, its 2, and 5 others before order 2.
    expect(fills(m.trade(false, 100, 17, 5))).toEqual([[1, 100, 2]]);
    expect(fills(m.trade(false, 100, 1, 6))).toEqual([[2, 100, 1]]);
  });
});

describe('a model that lets a younger order pass', () => {
  class Passing extends QueueModel {
    readonly answers = [8, 2];

    override depth(): number {
      return this.answers.shift() ?? 0;
    }
  }

  it('is not heeded in that', () => {
    const m = market({ queue: new Passing() });
    m.enter(1, BUY, 100, 5, 2);
    m.enter(2, BUY, 100, 5, 2);
    m.level(true, 100, 9, 3);
    expect(fills(m.trade(false, 100, 9, 4))).toEqual([[1, 100, 1]]);
  });
});

describe('a print beyond the price', () => {
  it('fills by no more than it printed, best price first, and puts the rest at the front', () => {
    const m = market();
    m.enter(1, BUY, 99, 6, 2);
    m.enter(2, BUY, 100, 6, 2);
    expect(fills(m.trade(false, 98, 8, 3))).toEqual([
      [2, 100, 6],
      [1, 99, 2],
    ]);
    expect(fills(m.trade(false, 99, 1, 4))).toEqual([[1, 99, 1]]);
  });
});

describe('a level of the other side at the price or beyond', () => {
  it('fills by what it shows, which is then taken until it is shown anew', () => {
    const m = market();
    m.enter(1, 0, 101, 10, 2);
    m.enter(2, 0, 102, 10, 2);
    expect(fills(m.level(true, 102, 4, 3))).toEqual([[1, 101, 4]]);
    // Nothing is left of the level for a taker.
    expect(m.enter(3, OrderFlag.IOC, 102, 5, 4).map((one) => one.kind)).toEqual([ReportKind.ACK, ReportKind.CANCELLED]);
    expect(fills(m.level(true, 102, 8, 5))).toEqual([
      [1, 101, 6],
      [2, 102, 2],
    ]);
  });

  it('is no fill when the level goes', () => {
    const m = market();
    m.enter(1, 0, 101, 10, 2);
    expect(m.level(true, 102, 0, 3)).toEqual([]);
  });
});

describe('a print and the change of level that it causes', () => {
  it('count once when the print comes first', () => {
    const m = market({ queue: queueModel('power3') });
    m.level(true, 100, 100, 1);
    m.enter(1, BUY, 100, 1, 2);
    m.level(true, 100, 150, 2);
    m.trade(false, 100, 60, 3);
    // Nothing was cancelled, so 40 lots stay ahead.
    m.level(true, 100, 90, 3);
    expect(m.trade(false, 100, 40, 4)).toEqual([]);
    expect(fills(m.trade(false, 100, 1, 5))).toEqual([[1, 100, 1]]);
  });

  it('count once when the level comes first, at the same time', () => {
    const m = market({ queue: queueModel('power3') });
    m.level(true, 100, 100, 1);
    m.enter(1, BUY, 100, 1, 2);
    m.level(true, 100, 150, 2);
    m.level(true, 100, 90, 3);
    m.trade(false, 100, 60, 3);
    expect(m.trade(false, 100, 40, 4)).toEqual([]);
    expect(fills(m.trade(false, 100, 1, 5))).toEqual([[1, 100, 1]]);
  });
});

describe('the rule whole', () => {
  const whole = { fillRule: 'whole' } as const;

  it('fills all of an order, each by the whole print', () => {
    const m = market(whole);
    m.enter(1, BUY, 100, 8, 2);
    m.enter(2, BUY, 100, 8, 2);
    expect(m.trade(false, 100, 10, 3)).toEqual([]);
    expect(fills(m.trade(false, 100, 1, 4))).toEqual([
      [1, 100, 8],
      [2, 100, 8],
    ]);
  });

  it('fills all when a print or the other best goes through', () => {
    const m = market(whole);
    m.enter(1, BUY, 100, 8, 2);
    m.enter(2, BUY, 99, 8, 2);
    expect(fills(m.trade(false, 99, 1, 3))).toEqual([[1, 100, 8]]);
    expect(fills(m.level(false, 99, 1, 3))).toEqual([[2, 99, 8]]);
  });

  it('takes all at the best price, and forgets what it took', () => {
    const m = market(whole);
    expect(fills(m.enter(1, BUY | OrderFlag.IOC, 105, 500, 2))).toEqual([[1, 102, 500]]);
    expect(fills(m.enter(2, BUY, 102, 500, 2))).toEqual([[2, 102, 500]]);
  });
});

describe('the bounds', () => {
  it('touch fills by any print at the price', () => {
    const m = market({ queue: queueModel('touch') });
    m.enter(1, BUY, 100, 2, 2);
    expect(fills(m.trade(false, 100, 1, 3))).toEqual([[1, 100, 1]]);
  });

  it('through fills only by what is strictly beyond the price', () => {
    const m = market({ queue: queueModel('through') });
    m.enter(1, BUY, 100, 3, 2);
    expect(m.trade(false, 100, 500, 3)).toEqual([]);
    expect(m.level(false, 100, 5, 4)).toEqual([]);
    expect(fills(m.level(false, 99, 1, 5))).toEqual([[1, 100, 1]]);
    expect(fills(m.trade(false, 99, 1, 6))).toEqual([[1, 100, 1]]);
    // Having been swept once does not make the rest fill at its price.
    expect(m.trade(false, 100, 500, 7)).toEqual([]);
  });
});

describe('a snapshot', () => {
  it('leaves no more ahead than the level shows', () => {
    const m = market();
    m.enter(1, BUY, 100, 1, 2);
    m.mark(EventKind.SNAPSHOT_BEGIN, 3);
    expect(m.level(false, 99, 5, 3)).toEqual([]);
    m.level(false, 99, 0, 3);
    m.level(true, 100, 4, 3);
    expect(m.mark(EventKind.SNAPSHOT_END, 3)).toEqual([]);
    expect(fills(m.trade(false, 100, 5, 4))).toEqual([[1, 100, 1]]);
  });

  it('that has crossed an order fills it by what it shows', () => {
    const m = market();
    m.enter(1, BUY, 100, 9, 2);
    m.mark(EventKind.SNAPSHOT_BEGIN, 3);
    m.level(false, 99, 5, 3);
    m.level(false, 100, 3, 3);
    m.level(false, 101, 3, 3);
    expect(fills(m.mark(EventKind.SNAPSHOT_END, 4))).toEqual([
      [1, 100, 5],
      [1, 100, 3],
    ]);
  });
});

it('holds many orders, and fills them in the order of price, then time', () => {
  const m = new L2Driver();
  for (let id = 1; id <= 100; id++) m.enter(id, BUY, 500 + ((id * 37) % 50), 1, id);
  const order = m.trade(false, 1, 1000, 200);
  expect(order).toEqual(order.toSorted((a, b) => b.price - a.price || a.id - b.id));
  expect(order.map((one) => one.seq)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
});

it('takes no notice of rows that make no sense', () => {
  const m = market();
  m.enter(1, BUY, 100, 9, 2);
  expect(m.trade(false, Number.NaN, 9, 3)).toEqual([]);
  expect(m.trade(false, 99, Number.NaN, 3)).toEqual([]);
  expect(m.trade(false, 99, -5, 3)).toEqual([]);
  expect(m.level(false, Number.NaN, 5, 3)).toEqual([]);
  expect(m.level(false, 99, Number.NaN, 3)).toEqual([]);
});

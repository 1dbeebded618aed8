import { beforeEach, describe, expect, it } from 'vitest';
import { EventFlag, EventKind, TradingStatus } from '../market/event.ts';
import { L3Desk, TEST_INSTRUMENT } from './testing/l3-desk.ts';

let desk: L3Desk;
beforeEach(() => {
  desk = new L3Desk();
  desk.add(1, 'buy', 99, 20);
  desk.add(2, 'buy', 98, 30);
  desk.add(3, 'sell', 101, 20);
  desk.add(4, 'sell', 102, 30);
});

describe('an own order in the real queue', () => {
  it('stands behind what was there, ahead of what comes later', () => {
    expect(desk.order(1, 'buy', 99, 10)).toEqual(['ACK 1 10@99']);
    desk.add(5, 'buy', 99, 8);
    desk.exec(1, 'buy', 99, 20);
    expect(desk.said()).toEqual([]);
    desk.exec(5, 'buy', 99, 6);
    expect(desk.said()).toEqual(['FILL 1 6@99 maker']);
    desk.exec(5, 'buy', 99, 2);
    expect(desk.said()).toEqual(['FILL 1 2@99 maker']);
  });

  it('is filled at its own price by what traded at a worse one, once for each print', () => {
    desk.order(1, 'buy', 100, 10);
    desk.order(2, 'buy', 99, 10);
    desk.exec(2, 'buy', 98, 15);
    expect(desk.said()).toEqual(['FILL 1 10@100 maker', 'FILL 2 5@99 maker']);
  });

  it('is not filled by executions of orders from before the recording, unless they traded through it', () => {
    desk.order(1, 'buy', 99, 10);
    desk.exec(77, 'buy', 99, 5);
    expect(desk.said()).toEqual([]);
    desk.exec(78, 'buy', 98, 5);
    expect(desk.said()).toEqual(['FILL 1 5@99 maker']);
    expect(desk.venue.unknownIds).toBe(2);
  });

  it('meets a recorded order that arrives at its price, which then has less for others to take', () => {
    desk.order(1, 'buy', 100, 10);
    desk.add(5, 'sell', 100, 14);
    expect(desk.said()).toEqual(['FILL 1 10@100 maker']);
    expect(desk.order(2, 'buy', 100, 10, 8)).toEqual(['ACK 2 10@100', 'FILL 2 4@100 taker', 'CANCELLED 2 6@100 r3']);
  });

  it('waits while the recording is in the middle of a match', () => {
    desk.order(1, 'buy', 99, 10);
    // A marketable order as Bitstamp tells it: first it stands, then both sides shrink, then the print.
    desk.add(5, 'sell', 98, 25);
    expect(desk.said()).toEqual([]);
    desk.row(EventKind.ORDER_REMOVE, 'buy', 99, 20, 1);
    desk.row(EventKind.ORDER_SET, 'sell', 98, 5, 5);
    desk.trade('sell', 99, 20);
    expect(desk.said()).toEqual([]);
    desk.row(EventKind.ORDER_SET, 'buy', 98, 25, 2);
    desk.row(EventKind.ORDER_REMOVE, 'sell', 98, 0, 5);
    desk.trade('sell', 98, 5);
    expect(desk.said()).toEqual(['FILL 1 5@99 maker']);
  });
});

describe('what a fill of ours spared', () => {
  it('stands in the way of our later orders until prints have eaten it', () => {
    desk.order(1, 'buy', 99, 5);
    desk.add(5, 'buy', 99, 10);
    desk.exec(1, 'buy', 99, 20);
    desk.exec(5, 'buy', 99, 8);
    expect(desk.said()).toEqual(['FILL 1 5@99 maker']);
    desk.order(2, 'buy', 99, 5);
    desk.add(6, 'buy', 99, 10);
    desk.exec(5, 'buy', 99, 2);
    // Five lots of order 5 that the recording executed still stand ahead of us.
    desk.exec(6, 'buy', 99, 7);
    expect(desk.said()).toEqual(['ACK 2 5@99', 'FILL 2 2@99 maker'].slice(1));
  });

  it('goes when its owner cancels the rest, and when the level empties', () => {
    for (const leave of [() => desk.remove(5, 'buy'), () => desk.exec(5, 'buy', 99, 2)]) {
      desk = new L3Desk();
      desk.order(1, 'buy', 99, 5);
      desk.add(5, 'buy', 99, 10);
      desk.exec(5, 'buy', 99, 8);
      desk.order(2, 'buy', 99, 5);
      leave();
      desk.add(6, 'buy', 99, 10);
      desk.said();
      desk.exec(6, 'buy', 99, 7);
      expect(desk.said()).toEqual(['FILL 2 5@99 maker']);
    }
  });
});

describe('prints of orders that are not shown', () => {
  beforeEach(() => {
    // A recording that tells executions as such.
    desk.exec(2, 'buy', 98, 1);
    desk.order(1, 'buy', 100, 10);
    desk.order(2, 'buy', 99, 10);
  });

  it('fill at our price where no recorded order is shown', () => {
    desk.trade('sell', 100, 4);
    expect(desk.said()).toEqual(['FILL 1 4@100 maker']);
  });

  it('do not fill at a price where recorded orders are shown: those would have gone first', () => {
    desk.trade('sell', 99, 12);
    expect(desk.said()).toEqual(['FILL 1 10@100 maker']);
  });

  it('fill what they traded through, and nothing on the other side', () => {
    desk.trade('buy', 90, 50);
    desk.trade('sell', 97, 15);
    expect(desk.said()).toEqual(['FILL 1 10@100 maker', 'FILL 2 5@99 maker']);
  });
});

describe('an own taker', () => {
  it('walks the recorded orders; what it took stays taken until they go', () => {
    expect(desk.order(1, 'buy', 102, 30)).toEqual(['ACK 1 30@102', 'FILL 1 20@101 taker', 'FILL 1 10@102 taker']);
    expect(desk.order(2, 'buy', 101, 5, 8)).toEqual(['ACK 2 5@101', 'CANCELLED 2 5@101 r3']);
    desk.remove(3, 'sell');
    desk.add(5, 'sell', 101, 7);
    expect(desk.order(3, 'buy', 101, 9, 8)).toEqual(['ACK 3 9@101', 'FILL 3 7@101 taker', 'CANCELLED 3 2@101 r3']);
  });

  it('finds no more than the recording leaves of a partly taken order', () => {
    desk.order(1, 'buy', 101, 15, 8);
    desk.exec(3, 'sell', 101, 3);
    expect(desk.order(2, 'buy', 101, 9, 8)).toEqual(['ACK 2 9@101', 'FILL 2 2@101 taker', 'CANCELLED 2 7@101 r3']);
  });

  it('rests with what is left, and is met by those who come', () => {
    desk.order(1, 'sell', 99, 25);
    desk.said();
    desk.add(5, 'buy', 99, 3);
    expect(desk.said()).toEqual(['FILL 1 3@99 maker']);
  });
});

describe('at a snapshot', () => {
  it('orders keep their place by their number; others are taken to be older than ours', () => {
    const snapshot = EventFlag.SNAPSHOT;
    desk.order(1, 'buy', 99, 5);
    desk.add(5, 'buy', 99, 10);
    desk.row(EventKind.GAP, 'buy', 0, 0, 0);
    desk.row(EventKind.SNAPSHOT_BEGIN, 'buy', 0, 0, 0, snapshot);
    desk.row(EventKind.ORDER_ADD, 'buy', 99, 10, 5, snapshot);
    desk.row(EventKind.ORDER_ADD, 'buy', 99, 10, 6, snapshot);
    desk.row(EventKind.ORDER_ADD, 'sell', 101, 10, 7, snapshot);
    desk.row(EventKind.SNAPSHOT_END, 'buy', 0, 0, 0, snapshot | EventFlag.LAST);
    desk.said();
    desk.exec(6, 'buy', 99, 2);
    expect(desk.said()).toEqual([]);
    desk.exec(5, 'buy', 99, 2);
    expect(desk.said()).toEqual(['FILL 1 2@99 maker']);
  });

  it('that stands through an own order, the order is filled', () => {
    desk.order(1, 'buy', 99, 5);
    desk.row(EventKind.SNAPSHOT_BEGIN, 'buy', 0, 0, 0, EventFlag.SNAPSHOT);
    desk.row(EventKind.ORDER_ADD, 'sell', 97, 3, 7, EventFlag.SNAPSHOT | EventFlag.LAST);
    expect(desk.said()).toEqual(['ACK 1 5@99'].slice(1));
    desk.row(EventKind.SNAPSHOT_END, 'buy', 0, 0, 0, EventFlag.SNAPSHOT | EventFlag.LAST);
    expect(desk.said()).toEqual(['FILL 1 3@99 maker']);
  });
});

it.each([
  ['front', ['FILL 1 1@99 maker', 'FILL 1 2@99 maker', 'FILL 1 4@99 maker']],
  ['never', ['FILL 1 4@99 maker']],
] as const)('bounds a result: own orders at the %s of each queue', (place, fills) => {
  desk = new L3Desk(TEST_INSTRUMENT, place);
  desk.add(1, 'buy', 99, 20);
  desk.add(2, 'buy', 98, 20);
  desk.order(1, 'buy', 99, 10);
  desk.exec(77, 'buy', 99, 1);
  desk.exec(1, 'buy', 99, 2);
  desk.exec(2, 'buy', 98, 4);
  expect(desk.said()).toEqual(fills);
});

it('takes no orders while trading is halted, but cancels', () => {
  desk.order(1, 'buy', 99, 5);
  desk.row(EventKind.STATUS, 'sell', 0, TradingStatus.HALTED, 0);
  expect(desk.order(2, 'buy', 99, 5)).toEqual(['REJECT 2 5@99 r12']);
  expect(desk.amend(1, 98, 5)).toEqual(['AMEND_REJECT 1 5@98 r12']);
  expect(desk.cancel(1)).toEqual(['CANCELLED 1 5@99 r1']);
  desk.row(EventKind.STATUS, 'sell', 0, TradingStatus.TRADING, 0);
  expect(desk.order(3, 'buy', 99, 5)).toEqual(['ACK 3 5@99']);
});

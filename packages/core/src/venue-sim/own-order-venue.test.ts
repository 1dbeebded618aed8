import { beforeEach, describe, expect, it } from 'vitest';
import { Instrument } from '../market/instrument.ts';
import { OrderFlag } from '../trading/records.ts';
import { L3Desk, TEST_INSTRUMENT } from './testing/l3-desk.ts';

const { POST_ONLY, IOC, FOK, REDUCE_ONLY } = OrderFlag;
let desk: L3Desk;
beforeEach(() => {
  desk = new L3Desk();
  desk.add(1, 'buy', 99, 20);
  desk.add(3, 'sell', 101, 20);
  desk.add(4, 'sell', 102, 30);
});

describe('a new order is refused', () => {
  it('for a price or size that cannot be', () => {
    for (const price of [0.5, Number.NaN, 2 ** 60, Number.POSITIVE_INFINITY]) {
      expect(desk.order(1, 'buy', price, 1)).toEqual([`REJECT 1 1@${price} r7`]);
    }
    for (const size of [0, -1, 0.5, Number.NaN, 2 ** 60]) {
      expect(desk.order(1, 'buy', 90, size)).toEqual([`REJECT 1 ${size}@90 r8`]);
    }
    const strict = new L3Desk(
      new Instrument({ ...TEST_INSTRUMENT.spec, minSize: '2', maxSize: '9', minNotional: '300' }),
    );
    expect(strict.order(1, 'buy', 200, 1)).toEqual(['REJECT 1 1@200 r8']);
    expect(strict.order(1, 'buy', 200, 10)).toEqual(['REJECT 1 10@200 r8']);
    expect(strict.order(1, 'buy', 100, 2)).toEqual(['REJECT 1 2@100 r9']);
    expect(strict.order(1, 'buy', 100, 3)).toEqual(['ACK 1 3@100']);
  });

  it('when its number is open', () => {
    desk.order(1, 'buy', 99, 1);
    expect(desk.order(1, 'buy', 98, 1)).toEqual(['REJECT 1 1@98 r15']);
  });

  it('when it is post-only and would take, from others or from us', () => {
    expect(desk.order(1, 'buy', 101, 1, POST_ONLY)).toEqual(['REJECT 1 1@101 r2']);
    expect(desk.order(2, 'sell', 100, 1, POST_ONLY)).toEqual(['ACK 2 1@100']);
    expect(desk.order(3, 'buy', 100, 1, POST_ONLY)).toEqual(['REJECT 3 1@100 r2']);
  });

  it('when it is fill-or-kill and cannot be filled', () => {
    expect(desk.order(1, 'buy', 102, 51, FOK)).toEqual(['REJECT 1 51@102 r4']);
    expect(desk.order(2, 'buy', 102, 50, FOK)).toEqual(['ACK 2 50@102', 'FILL 2 20@101 taker', 'FILL 2 30@102 taker']);
  });

  it('when it is reduce-only and could turn the position', () => {
    expect(desk.order(1, 'sell', 99, 1, REDUCE_ONLY)).toEqual(['REJECT 1 1@99 r5']);
    desk.order(2, 'buy', 101, 5);
    expect(desk.order(3, 'buy', 90, 5, REDUCE_ONLY)).toEqual(['REJECT 3 5@90 r5']);
    expect(desk.order(4, 'sell', 99, 7, REDUCE_ONLY)).toEqual(['REJECT 4 7@99 r5']);
    expect(desk.order(5, 'sell', 99, 5, REDUCE_ONLY)).toEqual(['ACK 5 5@99', 'FILL 5 5@99 taker']);
    expect(desk.venue.positionLots).toBe(0);
  });
});

describe('a market order', () => {
  it('is an immediate order with a price beyond the book', () => {
    expect(desk.order(1, 'sell', 0, 25, IOC)).toEqual(['ACK 1 25@0', 'FILL 1 20@99 taker', 'CANCELLED 1 5@0 r3']);
    expect(desk.order(2, 'buy', 2 ** 46, 25, IOC)).toEqual([
      `ACK 2 25@${2 ** 46}`,
      'FILL 2 20@101 taker',
      'FILL 2 5@102 taker',
    ]);
  });
});

describe('an order that would meet one of ours', () => {
  it('takes what stands in front of it; the rest is cut off, ours stays', () => {
    desk.order(1, 'sell', 101, 5);
    desk.add(5, 'sell', 101, 10);
    expect(desk.order(2, 'buy', 101, 30)).toEqual(['ACK 2 30@101', 'FILL 2 20@101 taker', 'CANCELLED 2 10@101 r6']);
    desk.exec(5, 'sell', 101, 3);
    expect(desk.said()).toEqual(['FILL 1 3@101 maker']);
    desk.order(3, 'sell', 100, 5);
    expect(desk.order(4, 'buy', 102, 10, FOK)).toEqual(['REJECT 4 10@102 r4']);
  });
});

describe.each(['cancel-oldest', 'cancel-both', 'none'] as const)('by the rule %s', (rule) => {
  it('what would meet an own order does not trade with it', () => {
    desk = new L3Desk(TEST_INSTRUMENT, 'real', rule);
    desk.add(3, 'sell', 101, 20);
    desk.order(1, 'sell', 101, 5);
    desk.add(5, 'sell', 101, 10);
    const rest = {
      'cancel-oldest': ['CANCELLED 1 5@101 r6', 'FILL 2 10@101 taker'],
      'cancel-both': ['CANCELLED 1 5@101 r6', 'CANCELLED 2 10@101 r6'],
      none: ['FILL 2 10@101 taker'],
    };
    expect(desk.order(2, 'buy', 101, 30)).toEqual(['ACK 2 30@101', 'FILL 2 20@101 taker', ...rest[rule]]);
  });

  it('a fill-or-kill order counts what it would get', () => {
    desk = new L3Desk(TEST_INSTRUMENT, 'real', rule);
    desk.order(1, 'sell', 101, 5);
    desk.add(5, 'sell', 101, 10);
    const isRefused = rule === 'cancel-both';
    expect(desk.order(2, 'buy', 101, 10, FOK)[0]).toBe(isRefused ? 'REJECT 2 10@101 r4' : 'ACK 2 10@101');
  });
});

describe('an amendment', () => {
  it('to a smaller size keeps the place; to a larger one or another price it does not', () => {
    desk.order(1, 'buy', 99, 10);
    desk.add(5, 'buy', 99, 10);
    expect(desk.amend(1, 99, 6)).toEqual(['AMENDED 1 6@99 kept']);
    desk.exec(5, 'buy', 99, 2);
    expect(desk.said()).toEqual(['FILL 1 2@99 maker']);
    expect(desk.amend(1, 99, 8)).toEqual(['AMENDED 1 8@99']);
    desk.exec(5, 'buy', 99, 8);
    expect(desk.said()).toEqual([]);
    desk.add(6, 'buy', 99, 9);
    desk.exec(6, 'buy', 99, 9);
    expect(desk.said()).toEqual(['FILL 1 6@99 maker']);
  });

  it('that would take is refused to a post-only order, and takes for another', () => {
    desk.order(1, 'buy', 99, 10, POST_ONLY);
    desk.order(2, 'buy', 98, 30);
    expect(desk.amend(1, 101, 10)).toEqual(['AMEND_REJECT 1 10@101 r2']);
    expect(desk.amend(2, 101, 30)).toEqual(['AMENDED 2 30@101', 'FILL 2 20@101 taker']);
    expect(desk.cancel(2)).toEqual(['CANCELLED 2 10@101 r1']);
    expect(desk.cancel(1)).toEqual(['CANCELLED 1 10@99 r1']);
  });

  it('to no more than is filled ends a reduce-only order, though the position has turned', () => {
    desk.order(1, 'buy', 101, 5);
    desk.order(2, 'sell', 100, 5, REDUCE_ONLY);
    desk.add(5, 'buy', 100, 3);
    desk.order(3, 'sell', 99, 9);
    desk.said();
    expect(desk.venue.positionLots).toBe(-7);
    expect(desk.amend(2, 101, 3)).toEqual(['CANCELLED 2 2@100 r1']);
  });

  it('to no more than is filled ends the order; of an unknown or impossible one nothing happens', () => {
    desk.order(1, 'buy', 101, 30);
    expect(desk.amend(1, 101, 20)).toEqual(['CANCELLED 1 10@101 r1']);
    expect(desk.amend(1, 101, 20)).toEqual(['AMEND_REJECT 1 20@101 r10']);
    expect(desk.cancel(1)).toEqual(['CANCEL_REJECT 1 0@0 r10']);
    desk.order(2, 'buy', 99, 5);
    expect(desk.amend(2, Number.NaN, 5)).toEqual(['AMEND_REJECT 2 5@NaN r7']);
    expect(desk.amend(2, 99, 0)).toEqual(['AMEND_REJECT 2 0@99 r8']);
  });
});

it('keeps any number of own orders apart', () => {
  for (let id = 1; id <= 200; id++) expect(desk.order(id, 'buy', 1 + (id % 90), 1)).toHaveLength(1);
  for (let id = 200; id >= 1; id--) expect(desk.cancel(id)).toEqual([`CANCELLED ${id} 1@${1 + (id % 90)} r1`]);
});

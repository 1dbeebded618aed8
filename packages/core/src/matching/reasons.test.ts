/** Every reason that the engine has words for can be reached; each by the shortest way. */
import { expect, test } from 'vitest';
import { Header } from '../market/l3-layout.ts';
import { MarketState, OrderType, PostOnly, REASON_TEXT, Reason, SelfTrade, TimeInForce } from './codes.ts';
import { Desk } from './testing/desk.ts';

const { FOK, IOC, GTD } = TimeInForce;

/** What to do for each reason, and the event that must then be the last one. */
const WAYS: Readonly<Record<Reason, readonly [(desk: Desk) => unknown, string]>> = {
  [Reason.NONE]: [(desk) => desk.buy(1, 1, 10), 'ACCEPTED 1 1@10'],
  [Reason.BAD_SIZE]: [(desk) => desk.buy(1, 0, 10), 'REJECTED 1 0@10 BAD_SIZE'],
  [Reason.BAD_PRICE]: [(desk) => desk.buy(1, 1, 0.5), 'REJECTED 1 1@0.5 BAD_PRICE'],
  [Reason.BAD_TRIGGER]: [
    (desk) => desk.buy(1, 1, 10, { type: OrderType.STOP_LIMIT, triggerTicks: 0.5 }),
    'REJECTED 1 1@10 BAD_TRIGGER',
  ],
  [Reason.BAD_EXPIRY]: [(desk) => desk.buy(1, 1, 10, { timeInForce: GTD }), 'REJECTED 1 1@10 BAD_EXPIRY'],
  [Reason.BAD_DISPLAY]: [(desk) => desk.buy(1, 5, 10, { displayLots: 5 }), 'REJECTED 1 5@10 BAD_DISPLAY'],
  [Reason.BAD_COMBINATION]: [
    (desk) => desk.buy(1, 1, 10, { postOnly: PostOnly.REJECT, timeInForce: IOC }),
    'REJECTED 1 1@10 BAD_COMBINATION',
  ],
  [Reason.POST_ONLY_WOULD_TAKE]: [
    (desk) => desk.sell(1, 1, 10) && desk.buy(2, 1, 10, { postOnly: PostOnly.REJECT }),
    'REJECTED 2 1@10 POST_ONLY_WOULD_TAKE',
  ],
  [Reason.FOK_UNFILLED]: [(desk) => desk.buy(1, 1, 10, { timeInForce: FOK }), 'REJECTED 1 1@10 FOK_UNFILLED'],
  [Reason.HALTED]: [(desk) => desk.in(MarketState.HALTED).buy(1, 1, 10), 'REJECTED 1 1@10 HALTED'],
  [Reason.NOT_IN_AUCTION]: [
    (desk) => desk.in(MarketState.AUCTION).buy(1, 1, 10, { timeInForce: IOC }),
    'REJECTED 1 1@10 NOT_IN_AUCTION',
  ],
  [Reason.UNKNOWN_ORDER]: [(desk) => desk.cancel(1), 'REJECTED 0 0@NaN UNKNOWN_ORDER'],
  [Reason.LINK_GONE]: [
    (desk) => desk.buy(1, 1, 10) && desk.cancel(1) && desk.buy(2, 1, 10, { link: 1 }),
    'REJECTED 2 1@10 LINK_GONE',
  ],
  [Reason.BOOK_FULL]: [
    (desk) => {
      // As if 2^25 records had been in use.
      desk.engine.book.words[Header.FRESH] = 2 ** 25;
      desk.buy(1, 1, 10);
    },
    'REJECTED 1 1@10 BOOK_FULL',
  ],
  [Reason.NOT_AMENDABLE]: [
    (desk) => desk.buy(1, 1, 10, { type: OrderType.STOP_LIMIT, triggerTicks: 5 }) && desk.amend(1, 1, 9),
    'REJECTED 1 1@9 NOT_AMENDABLE',
  ],
  [Reason.BAD_OWNER]: [(desk) => desk.buy(1, 1, 10, { owner: -1 }), 'REJECTED 1 1@10 BAD_OWNER'],
  [Reason.REQUESTED]: [(desk) => desk.buy(1, 1, 10) && desk.cancel(1), 'CANCELLED 1 1@10 REQUESTED gone'],
  [Reason.MASS_CANCEL]: [
    (desk) => desk.buy(1, 1, 10, { owner: 3 }) && desk.engine.massCancel(3),
    'CANCELLED 1 1@10 MASS_CANCEL gone',
  ],
  [Reason.UNFILLED_REST]: [(desk) => desk.buy(1, 1, 10, { timeInForce: IOC }), 'CANCELLED 1 1@10 UNFILLED_REST gone'],
  [Reason.SELF_TRADE]: [
    (desk) => desk.sell(1, 1, 10, { owner: 3 }) && desk.buy(2, 1, 10, { owner: 3, selfTrade: SelfTrade.CANCEL_OLDEST }),
    'CANCELLED 1 1@10 SELF_TRADE gone',
  ],
  [Reason.LINKED_ORDER]: [
    (desk) => desk.buy(1, 1, 10) && desk.buy(2, 1, 9, { link: 1 }) && desk.cancel(1),
    'CANCELLED 2 1@9 LINKED_ORDER gone',
  ],
};

test.each(Object.values(Reason))('reason %s is reached', (code) => {
  const desk = new Desk();
  const [way, last] = WAYS[code];
  way(desk);
  expect(desk.said().at(-1)).toBe(last);
});

test('there are words for each reason, and for no others', () => {
  const codes = Object.values(Reason).toSorted((a, b) => a - b);
  expect(Object.keys(REASON_TEXT).map(Number)).toEqual(codes);
});

const bad = (fields: Parameters<Desk['buy']>[3], lots = 5) => {
  const desk = new Desk();
  desk.buy(1, lots, 10, fields);
  return desk.said().at(-1)?.split(' ').at(-1);
};

test('attributes that do not go together are refused', () => {
  const market = { type: OrderType.MARKET };
  const stop = { type: OrderType.STOP, triggerTicks: 5 };
  for (const fields of [
    { ...market, displayLots: 1 },
    { ...market, postOnly: PostOnly.SLIDE },
    { ...market, timeInForce: TimeInForce.DAY },
    { timeInForce: IOC, displayLots: 1 },
    { timeInForce: FOK, postOnly: PostOnly.SLIDE },
    { ...stop, timeInForce: IOC },
    { ...stop, postOnly: PostOnly.REJECT },
    { ...stop, displayLots: 1 },
    { timeInForce: IOC, link: 9 },
  ]) {
    const desk = new Desk();
    desk.buy(9, 1, 1);
    desk.buy(1, 5, 10, fields);
    expect([fields, desk.said().at(-1)]).toEqual([fields, 'REJECTED 1 5@10 BAD_COMBINATION']);
  }
});

test('orders of two owners cannot be a pair', () => {
  const desk = new Desk();
  desk.buy(1, 1, 10, { owner: 1 });
  desk.buy(2, 1, 10, { owner: 2, link: 1 });
  expect(desk.said().at(-1)).toBe('REJECTED 2 1@10 BAD_COMBINATION');
});

test.each([-1, 1.5, Number.NaN, Infinity, 2 ** 46 + 1])('a display size of %s is refused', (displayLots) => {
  expect(bad({ displayLots })).toBe('BAD_DISPLAY');
});

test.each([-1, 1.5, Number.NaN, Infinity, -Infinity, 2 ** 46 + 1])(
  'a size of %s is refused, on the fast path too',
  (lots) => {
    expect([bad({}, lots), bad(undefined, lots)]).toEqual(['BAD_SIZE', 'BAD_SIZE']);
  },
);

import { expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { OrderDesk } from './order-desk.ts';
import { OrderFlag, Reject } from './records.ts';
import { DeskHarness, TIMEOUT_NS } from './testing/desk-harness.ts';

test('requests: what stands in them, numbered from 1', () => {
  const harness = new DeskHarness({ strategies: 2, venueOfMarket: [0, 1, 1] });
  const { desk } = harness;
  const id = desk.place(1, 2, Side.SELL, 105, 7, OrderFlag.POST_ONLY, 11);
  harness.report('ACK', id, { price: 105, size: 7 });
  desk.amend(id, 106, 9, 12);
  harness.report('AMENDED', id, { price: 106, size: 9 });
  desk.cancel(id, 13);
  const flags = OrderFlag.POST_ONLY;
  expect(harness.requests()).toEqual([
    { kind: 'NEW', id, market: 2, flags, price: 105, size: 7, seq: 1, nowNs: 11 },
    { kind: 'AMEND', id, market: 2, flags, price: 106, size: 9, seq: 2, nowNs: 12 },
    { kind: 'CANCEL', id, market: 2, flags, price: 106, size: 9, seq: 3, nowNs: 13 },
  ]);
  const slot = desk.slotOf(id);
  expect([desk.strategyAt(slot), desk.marketAt(slot), desk.sideAt(slot), desk.flagsAt(slot)]).toEqual([
    1,
    2,
    Side.SELL,
    flags,
  ]);
  expect([desk.count(1, 2), desk.count(0, 2), desk.count(1, 1)]).toEqual([1, 0, 0]);
});

test('an execution is booked once, whatever is repeated; numbers of two venues do not meet', () => {
  const harness = new DeskHarness({ venueOfMarket: [0, 1] });
  const one = harness.place();
  const other = harness.desk.place(0, 1, Side.BUY, 100, 10, 0, 0);
  expect(harness.report('FILL', one, { price: 100, size: 3, seq: 5 })).toBe('CHANGED+FILL');
  expect(harness.report('FILL', one, { price: 100, size: 3, seq: 5 })).toBe('DUPLICATE');
  expect(harness.report('FILL', other, { price: 100, size: 3, seq: 5 })).toBe('CHANGED+FILL');
  expect(harness.report('FILL', one, { price: 99, size: 7, seq: 6 })).toBe('CHANGED+FILL+FINISHED');
  expect(harness.report('FILL', one, { price: 99, size: 7, seq: 6 })).toBe('DUPLICATE');
  expect(harness.show(one)).toBe('FILLED 10/10 at 100');
});

test('a fill before the acknowledgement, which is no news then', () => {
  const harness = new DeskHarness();
  const id = harness.place();
  harness.report('FILL', id, { price: 100, size: 4, seq: 1 });
  expect(harness.report('ACK', id, { price: 100, size: 10 })).toBe('IGNORED');
  expect(harness.show(id)).toBe('LIVE 4/10 at 100');
});

test('a late fill after the cancel reaches the position once', () => {
  const harness = new DeskHarness();
  const id = harness.place();
  harness.report('ACK', id, { price: 100, size: 10 });
  harness.desk.cancel(id, 0);
  expect(harness.report('CANCELLED', id, { size: 4, aux: Reject.REQUESTED })).toBe('CHANGED+FINISHED+MISSING');
  expect(harness.report('FILL', id, { price: 100, size: 6, seq: 9 })).toBe('CHANGED+FILL+LATE');
  expect(harness.report('FILL', id, { price: 100, size: 6, seq: 9 })).toBe('DUPLICATE');
  expect(harness.show(id)).toBe('CANCELLED 6/10 at 100');
});

test('more traded than ordered is booked and flagged', () => {
  const harness = new DeskHarness();
  const id = harness.place();
  expect(harness.report('FILL', id, { price: 100, size: 11, seq: 1 })).toBe('CHANGED+FILL+FINISHED+OVERFILL');
  expect(harness.show(id)).toBe('FILLED 11/10 at 100');
});

test('while a larger size is asked for, the old size filled is not the end; a refusal then is', () => {
  const harness = new DeskHarness();
  const id = harness.place();
  harness.report('ACK', id, { price: 100, size: 10 });
  harness.desk.amend(id, 100, 15, 0);
  expect(harness.desk.openLots(0, 0, Side.BUY)).toBe(15);
  expect(harness.report('FILL', id, { price: 100, size: 10, seq: 1 })).toBe('CHANGED+FILL');
  expect(harness.desk.openLots(0, 0, Side.BUY)).toBe(5);
  expect(harness.report('AMEND_REJECT', id, { aux: Reject.UNKNOWN_ORDER })).toBe('CHANGED+FINISHED');
  expect(harness.show(id)).toBe('FILLED 10/10 at 100');
});

test('an amendment to what is filled already ends the order', () => {
  const harness = new DeskHarness();
  const id = harness.place();
  harness.report('ACK', id, { price: 100, size: 10 });
  harness.desk.amend(id, 100, 4, 0);
  harness.report('FILL', id, { price: 100, size: 4, seq: 1 });
  expect(harness.report('AMENDED', id, { price: 100, size: 4 })).toBe('CHANGED+FINISHED');
  expect(harness.show(id)).toBe('FILLED 4/4 at 100');
  const next = harness.place();
  harness.report('FILL', next, { price: 100, size: 4, seq: 2 });
  expect(harness.desk.amend(next, 100, 4, 0)).toBe(false);
});

test('the best own price counts where an order may stand, and is looked for again when the best goes', () => {
  const harness = new DeskHarness();
  const { desk } = harness;
  const low = harness.place(98);
  const high = harness.place(100);
  harness.place(103, 1, Side.SELL);
  expect([desk.bestTicks(0, 0, Side.BUY), desk.bestTicks(0, 0, Side.SELL)]).toEqual([100, 103]);
  harness.report('ACK', low, { price: 98, size: 10 });
  desk.amend(low, 101, 10, 0);
  expect(desk.bestTicks(0, 0, Side.BUY)).toBe(101);
  harness.report('AMEND_REJECT', low, { aux: Reject.POST_ONLY_WOULD_TAKE });
  expect(desk.bestTicks(0, 0, Side.BUY)).toBe(100);
  harness.report('CANCELLED', high);
  expect(desk.bestTicks(0, 0, Side.BUY)).toBe(98);
  harness.report('CANCELLED', low);
  expect(desk.bestTicks(0, 0, Side.BUY)).toBeNaN();
});

test('unfinished orders stand in the list by age, and the next can be read while one goes', () => {
  const harness = new DeskHarness();
  const { desk } = harness;
  const ids = [1, 2, 3, 4].map((size) => harness.place(100, size));
  const walk = (): number[] => {
    const found: number[] = [];
    for (let slot = desk.firstSlot(0, 0); slot >= 0; slot = desk.nextSlot(slot)) found.push(desk.idAt(slot));
    return found;
  };
  expect(walk()).toEqual(ids);
  harness.report('REJECT', ids[1]!);
  expect(walk()).toEqual([ids[0], ids[2], ids[3]]);
  harness.report('REJECT', ids[0]!);
  harness.report('REJECT', ids[3]!);
  expect(walk()).toEqual([ids[2]]);
  harness.report('REJECT', ids[2]!);
  expect([walk(), desk.count(0, 0)]).toEqual([[], 0]);
});

test('time-outs come in the order of the requests, each once', () => {
  const harness = new DeskHarness();
  const { desk } = harness;
  const first = harness.place();
  harness.nowNs = 10;
  const second = harness.place();
  harness.nowNs = 20;
  harness.report('ACK', first, { price: 100, size: 10 });
  desk.cancel(first, 20);
  expect(desk.nextTimeoutNs).toBe(10 + TIMEOUT_NS);
  expect(desk.timeOut(9 + TIMEOUT_NS)).toBe(-1);
  expect(desk.timeOut(20 + TIMEOUT_NS)).toBe(desk.slotOf(second));
  expect(desk.timeOut(20 + TIMEOUT_NS)).toBe(desk.slotOf(first));
  expect(desk.timeOut(20 + TIMEOUT_NS)).toBe(-1);
  expect(desk.nextTimeoutNs).toBe(Infinity);
});

test('65,536 orders are open at once, no more; a finished one makes room, under a number never used before', () => {
  const harness = new DeskHarness();
  const ids = Array.from({ length: 65_536 }, () => harness.place());
  expect(new Set(ids).size).toBe(65_536);
  expect(harness.place()).toBe(0);
  harness.report('REJECT', ids[777]!);
  const late = harness.place();
  expect(ids.includes(late)).toBe(false);
  expect(harness.report('FILL', ids[777]!, { price: 100, size: 1, seq: 1 })).toBe('UNKNOWN_ORDER');
  expect(harness.show(late)).toBe('PENDING_NEW 0/10 at 100');
  expect(harness.place()).toBe(0);
});

test('a finished order is kept until 1,024 others have finished after it', () => {
  const harness = new DeskHarness();
  const first = harness.place();
  harness.report('REJECT', first);
  for (let i = 0; i < 1024; i++) harness.report('REJECT', harness.place());
  expect(harness.state(first)).toBe('REJECTED');
  harness.place();
  expect(harness.show(first)).toBe('not known');
});

test('reports that are none change nothing', () => {
  const harness = new DeskHarness();
  const id = harness.place();
  for (const size of [0, -1, Number.NaN, Infinity]) {
    expect(harness.report('FILL', id, { price: 100, size, seq: 1 })).toBe('MALFORMED');
  }
  expect(harness.report('FILL', id, { size: 1, seq: 1 })).toBe('MALFORMED');
  expect(harness.report('FILL', id, { price: 100, size: 1, seq: Number.NaN })).toBe('MALFORMED');
  expect(harness.report('ACK', id, { price: Number.NaN, size: 10 })).toBe('MALFORMED');
  expect(harness.report('STATUS', id, { price: 100, size: -1 })).toBe('MALFORMED');
  for (const stranger of [0, -1, 0.5, Number.NaN, Infinity, id + 65_536, id + 1, -id, 2 ** 53]) {
    expect(harness.report('CANCELLED', stranger)).toBe('UNKNOWN_ORDER');
    expect(harness.desk.cancel(stranger, 0)).toBe(false);
  }
  expect(harness.show(id)).toBe('PENDING_NEW 0/10 at 100');
});

test('options out of range are refused by name', () => {
  expect(() => new OrderDesk({ strategies: 0, venueOfMarket: [0] })).toThrow('strategies 0');
  expect(() => new OrderDesk({ strategies: 1, venueOfMarket: [-1] })).toThrow('venueOfMarket has -1');
  expect(() => new OrderDesk({ strategies: 1, venueOfMarket: [0], ackTimeoutNs: Number.NaN })).toThrow('ackTimeoutNs');
});

test('a report of earlier terms is not the answer to the amendment in flight', () => {
  const harness = new DeskHarness();
  const id = harness.place();
  harness.report('ACK', id, { price: 100, size: 10 });
  harness.desk.amend(id, 101, 10, 0);
  harness.report('AMENDED', id, { price: 101, size: 10 });
  harness.desk.amend(id, 99, 10, 0);
  harness.report('AMENDED', id, { price: 101, size: 10 });
  expect(harness.show(id)).toBe('PENDING_AMEND 0/10 at 101');
  harness.report('AMENDED', id, { price: 99, size: 10 });
  expect(harness.show(id)).toBe('LIVE 0/10 at 99');
});

test('an order whose amendment was not answered is UNKNOWN until its terms are, also when its cancel is refused', () => {
  const harness = new DeskHarness();
  const id = harness.place();
  harness.report('ACK', id, { price: 100, size: 10 });
  harness.desk.amend(id, 103, 10, 0);
  harness.nowNs = TIMEOUT_NS;
  harness.desk.timeOut(harness.nowNs);
  harness.desk.cancel(id, harness.nowNs);
  harness.report('CANCEL_REJECT', id, { aux: Reject.OVERLOADED });
  expect(harness.state(id)).toBe('UNKNOWN');
  expect(harness.desk.bestTicks(0, 0, Side.BUY)).toBe(103);
  harness.report('STATUS', id, { price: 103, size: 10, aux: 0 });
  expect(harness.show(id)).toBe('LIVE 0/10 at 103');
});

/** The buffer of events that a caller owns: whatever it holds, no event is lost. */
import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { OrderType } from './codes.ts';
import {
  EventField,
  MatchEvent,
  MatchEventBuffer,
  eventHead,
  eventKind,
  eventReason,
  eventSide,
  isGone,
} from './events.ts';
import { Desk } from './testing/desk.ts';

/** A sweep of twenty orders, icebergs and pairs among them, which fires a stop. */
function sweep(buffer: number): string[] {
  const desk = new Desk(buffer);
  for (let ref = 1; ref <= 20; ref++) {
    if (ref % 4 === 0) desk.sell(ref, 5, 10 + ref, { displayLots: 2 });
    else if (ref % 5 === 0) desk.sell(ref, 3, 10 + ref, { link: ref - 2 });
    else desk.sell(ref, 3, 10 + ref);
  }
  desk.buy(21, 100, Number.NaN, { type: OrderType.STOP, triggerTicks: 25 });
  desk.buy(22, 45, 40);
  desk.engine.massCancel(0);
  return desk.said();
}

describe('an event buffer', () => {
  test('that fills in the middle of a sweep loses nothing and keeps the order', () => {
    const whole = sweep(1000);
    expect(whole.length).toBeGreaterThan(50);
    for (const capacity of [1, 2, 3, 7]) expect(sweep(capacity)).toEqual(whole);
  });

  test('calls its owner when it is full and another event comes, and on flush when it holds any', () => {
    const lengths: number[] = [];
    const buffer = new MatchEventBuffer(2, ({ length }) => lengths.push(length));
    buffer.flush();
    for (let i = 0; i < 5; i++) buffer.write(MatchEvent.ACCEPTED, i, 0, 0, i, i);
    expect([lengths, buffer.length]).toEqual([[2, 2], 1]);
    buffer.flush();
    buffer.flush();
    expect([lengths, buffer.length]).toEqual([[2, 2, 1], 0]);
  });

  test('gives back what was written, to the bit', () => {
    const buffer = new MatchEventBuffer(3, () => {});
    buffer.write(eventHead(MatchEvent.CANCELLED, 24, Side.SELL), -1, 2 ** 25, 0xffffff, -(2 ** 46), 2 ** 46);
    buffer.write(eventHead(MatchEvent.TRADED, 0, Side.BUY), -(2 ** 31), 1, 2 ** 31 - 1, Number.NaN, 1);
    const { ints, doubles } = buffer;
    const head = ints[EventField.HEAD]!;
    expect([eventKind(head), eventReason(head), eventSide(head), isGone(head)]).toEqual([
      MatchEvent.CANCELLED,
      24,
      Side.SELL,
      false,
    ]);
    expect([...ints.subarray(1, 4)]).toEqual([-1, 2 ** 25, 0xffffff]);
    expect([...doubles.subarray(2, 4)]).toEqual([-(2 ** 46), 2 ** 46]);
    expect([...ints.subarray(9, 12)]).toEqual([-(2 ** 31), 1, 2 ** 31 - 1]);
    expect([...doubles.subarray(6, 8)]).toEqual([Number.NaN, 1]);
  });
});

test('the book grows past its capacity in the middle of the flow, and every order is still there', () => {
  const desk = new Desk();
  for (let ref = 0; ref < 5000; ref++)
    desk.buy(ref, 1 + (ref % 7), ref % 100, ref % 3 === 0 ? { displayLots: 0 } : undefined);
  desk.said();
  for (let ref = 0; ref < 5000; ref++) expect(desk.cancel(ref)).toBe(true);
  expect(desk.said()).toEqual(
    [...Array(5000).keys()].map((ref) => `CANCELLED ${ref} ${1 + (ref % 7)}@${ref % 100} REQUESTED gone`),
  );
});

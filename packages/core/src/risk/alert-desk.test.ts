import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { AlertDesk } from './alert-desk.ts';
import { AlertField, AlertType, Severity, alertHeld, alertReason } from './alert.ts';
import type { AlertSettings } from './alert-settings.ts';
import { NaiveAlerts } from './testing/naive-alerts.ts';

const { POSITION_WARNING, DRAWDOWN_BREACH, CIRCUIT_BREAKER_OPEN, RISK_STATE, BOOK_STALE, SYSTEM_ERROR } = AlertType;
const { INFO, WARNING, CRITICAL, EMERGENCY } = Severity;
const SECOND = 1e9;

/** The numbers of the alerts that wait, with what was held back before each. */
function waiting(desk: AlertDesk): [number, number][] {
  const found: [number, number][] = [];
  const { outbox } = desk;
  while (outbox.length > 0) {
    const at = outbox.peek();
    found.push([outbox.data[at + AlertField.NUMBER]!, alertHeld(outbox.data[at + AlertField.DETAIL]!)]);
    outbox.shift();
  }
  return found;
}

const numbers = (of: readonly { number: number }[]): number[] => of.map(({ number }) => number);

describe('raising', () => {
  it('writes the record, numbered, with all its fields', () => {
    const desk = new AlertDesk();
    desk.raise(DRAWDOWN_BREACH, CRITICAL, 3, 0.06, 0.05, 17, 5 * SECOND);
    const at = desk.outbox.peek();
    expect([...desk.outbox.data.subarray(at, at + 8)]).toEqual([4, 2, 5e9, 3, 0.06, 0.05, 1, 17]);
  });

  it('holds a condition that stands back until the throttle has passed, and counts what it held', () => {
    const desk = new AlertDesk({ throttleNs: { POSITION_WARNING: 10 * SECOND } });
    for (let i = 0; i <= 25; i++) desk.raise(POSITION_WARNING, WARNING, 0, i, 8, 3, i * SECOND);
    expect(waiting(desk)).toEqual([
      [1, 0],
      [2, 9],
      [3, 9],
    ]);
    expect(desk.heldCounts[POSITION_WARNING]).toBe(23);
    expect(desk.counts[POSITION_WARNING]).toBe(3);
    const [last] = desk.query({ limit: 1 });
    expect(last).toMatchObject({ number: 3, value: 20, reason: 3, held: 9 });
  });

  it('of one instrument does not hold that of another, nor one type another', () => {
    const desk = new AlertDesk();
    for (const market of [-1, 0, 1, 40]) {
      desk.raise(POSITION_WARNING, WARNING, market, 1, 1, 0, 0);
      desk.raise(POSITION_WARNING, WARNING, market, 1, 1, 0, 1);
      desk.raise(SYSTEM_ERROR, WARNING, market, 1, 1, 0, 1);
    }
    expect(waiting(desk)).toHaveLength(8);
  });

  it('lets what has got worse pass at once, an emergency always, and what is over', () => {
    const desk = new AlertDesk();
    desk.raise(POSITION_WARNING, WARNING, 0, 1, 1, 0, 0);
    desk.raise(POSITION_WARNING, CRITICAL, 0, 1, 1, 0, 1);
    desk.raise(POSITION_WARNING, WARNING, 0, 1, 1, 0, 2);
    desk.raise(POSITION_WARNING, EMERGENCY, 0, 1, 1, 0, 3);
    desk.raise(POSITION_WARNING, EMERGENCY, 0, 1, 1, 0, 3);
    desk.raise(POSITION_WARNING, CRITICAL, 0, 1, 1, 0, 4);
    desk.raise(POSITION_WARNING, INFO, 0, 1, 1, 0, 5);
    desk.raise(POSITION_WARNING, INFO, 0, 1, 1, 0, 6);
    // It is over: when it comes back that is news.
    desk.raise(POSITION_WARNING, WARNING, 0, 1, 1, 0, 7);
    expect(waiting(desk)).toEqual([
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 0],
      [5, 1],
      [6, 1],
    ]);
  });

  it('never holds changes of state, and is not silenced by a clock that is set back', () => {
    const desk = new AlertDesk();
    for (let i = 0; i < 3; i++) desk.raise(RISK_STATE, CRITICAL, -1, 1, 0, 0, i);
    for (let i = 0; i < 3; i++) desk.raise(CIRCUIT_BREAKER_OPEN, CRITICAL, 0, 1, 0, 0, i);
    expect(waiting(desk)).toHaveLength(6);
    desk.raise(BOOK_STALE, WARNING, 0, 1, 1, 0, 1e15);
    desk.raise(BOOK_STALE, WARNING, 0, 1, 1, 0, 1e12);
    expect(waiting(desk)).toHaveLength(2);
  });

  it('lets the oldest go when nobody takes them, and says how many', () => {
    const desk = new AlertDesk({ history: 4 });
    for (let i = 0; i < 5000; i++) desk.raise(RISK_STATE, CRITICAL, -1, i, 0, 0, i);
    expect(desk.outbox.length).toBe(4096);
    expect(desk.dropped).toBe(904);
    expect(desk.outbox.data[desk.outbox.peek() + AlertField.NUMBER]).toBe(905);
    expect(desk.query().map(({ number }) => number)).toEqual([4997, 4998, 4999, 5000]);
  });

  it('does what a list of all alerts ever raised says, saved and restored on the way', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = Random.stream(seed, 'alerts');
      const settings: AlertSettings = {
        throttleNs: { POSITION_WARNING: 0, BOOK_STALE: 5, SYSTEM_ERROR: 50 },
        defaultThrottleNs: 20,
        history: 64,
      };
      let desk = new AlertDesk(settings);
      const naive = new NaiveAlerts((type) =>
        type === POSITION_WARNING || type === RISK_STATE
          ? 0
          : type === BOOK_STALE
            ? 5
            : type === SYSTEM_ERROR
              ? 50
              : 20,
      );
      let ns = 0;
      for (let step = 0; step < 600; step++) {
        ns += random.below(4);
        const type = [POSITION_WARNING, BOOK_STALE, SYSTEM_ERROR, DRAWDOWN_BREACH, RISK_STATE][random.below(5)]!;
        const severity = ([INFO, WARNING, WARNING, WARNING, CRITICAL, EMERGENCY] as const)[random.below(6)]!;
        const market = random.below(12) - 1;
        if (random.below(10) === 0) {
          desk.clear(type, market);
          naive.clear(type, market);
        } else {
          desk.raise(type, severity, market, step, 0, 7, ns);
          naive.raise(type, severity, market, ns);
        }
        if (random.below(60) === 0) {
          const next = new AlertDesk(settings);
          next.restore(structuredClone(desk.save()));
          desk = next;
        }
      }
      expect(desk.standing.map(({ number }) => number)).toEqual(naive.standing(64));
      expect(waiting(desk)).toEqual(naive.passed);
    }
  });
});

describe('what was raised', () => {
  const desk = new AlertDesk();
  desk.raise(POSITION_WARNING, WARNING, 0, 9, 8, 0, 1 * SECOND);
  desk.raise(BOOK_STALE, WARNING, 1, 900, 500, 0, 2 * SECOND);
  desk.raise(DRAWDOWN_BREACH, CRITICAL, -1, 6, 5, 0, 3 * SECOND);
  desk.raise(BOOK_STALE, INFO, 1, 0, 500, 0, 4 * SECOND);

  it('is found by type, severity, instrument and time', () => {
    expect(numbers(desk.query())).toEqual([1, 2, 3, 4]);
    expect(numbers(desk.query({ type: BOOK_STALE }))).toEqual([2, 4]);
    expect(numbers(desk.query({ severity: WARNING }))).toEqual([1, 2, 3]);
    expect(numbers(desk.query({ market: -1 }))).toEqual([3]);
    expect(numbers(desk.query({ fromNs: 2 * SECOND, toNs: 4 * SECOND }))).toEqual([2, 3]);
    expect(numbers(desk.query({ limit: 2 }))).toEqual([3, 4]);
  });

  it('stands until it is over', () => {
    expect(numbers(desk.standing)).toEqual([1, 3]);
  });

  it('is acknowledged once, by its number', () => {
    expect(desk.acknowledge(3, 9 * SECOND)).toBe(true);
    expect(desk.acknowledge(3, 10 * SECOND)).toBe(false);
    for (const number of [0, 5, -1, 1.5, Number.NaN, Infinity])
      expect(desk.acknowledge(number, 10 * SECOND)).toBe(false);
    expect(numbers(desk.query({ isAcknowledged: true }))).toEqual([3]);
    expect(numbers(desk.query({ isAcknowledged: false, severity: CRITICAL }))).toEqual([]);
    expect(desk.query({ type: DRAWDOWN_BREACH })[0]!.acknowledgedNs).toBe(9 * SECOND);
  });

  it('has its detail in two parts', () => {
    expect([alertHeld(5 * 65_536 + 12), alertReason(5 * 65_536 + 12)]).toEqual([5, 12]);
  });
});

describe('settings', () => {
  it.each<[AlertSettings, string]>([
    [{ throttleNs: { POSITION: 1 } }, "throttleNs names 'POSITION', which is no alert"],
    [{ throttleNs: { toString: 1 } }, "throttleNs names 'toString', which is no alert"],
    [{ throttleNs: { BOOK_STALE: -1 } }, 'throttleNs.BOOK_STALE -1 is not a number from 0'],
    [{ defaultThrottleNs: Number.NaN }, 'defaultThrottleNs NaN'],
    [{ history: 0 }, 'history 0 is not a whole number from 1'],
    [{ history: 1e9 }, 'history 1000000000 is not'],
  ])('%j is refused by name', (settings, message) => {
    expect(() => new AlertDesk(settings)).toThrow(RangeError);
    expect(() => new AlertDesk(settings)).toThrow(message);
  });

  it('a state of another history is refused', () => {
    expect(() => new AlertDesk().restore(new AlertDesk({ history: 7 }).save())).toThrow(RangeError);
  });
});

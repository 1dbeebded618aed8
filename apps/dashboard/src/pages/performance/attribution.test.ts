import { array, assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attributionByCurrency, PARTS, waterfall, wholeUnits } from './attribution.ts';

const money = integer({ min: -1e9, max: 1e9 }).map((value) => value / 1e6);

const of = (instrument: number, value: number) => ({
  instrument,
  figures: [],
  markouts: [],
  attribution: {
    spreadCapture: value,
    adverseSelection: -1,
    inventory: 0.5,
    fees: -0.25,
    funding: 0,
    total: value - 0.75,
  },
});

describe('attribution', () => {
  test('what is shown adds up to the total that is shown, and is within a unit of what it is', () => {
    assert(
      property(array(money, { minLength: 5, maxLength: 5 }), integer({ min: 0, max: 6 }), (parts, digits) => {
        const total = parts.reduce((sum, part) => sum + part, 0);
        const shown = wholeUnits(parts, total, digits);
        expect(shown.parts.reduce((sum, part) => sum + part, 0)).toBe(shown.total);
        expect(shown.total).toBe(Math.round(total * 10 ** digits) + 0);
        for (const [index, part] of parts.entries()) {
          expect(Math.abs((shown.parts[index] ?? 0) - part * 10 ** digits)).toBeLessThanOrEqual(1 + 1e-6);
        }
      }),
    );
  });

  test('parts that do not add up are not bent until they seem to', () => {
    expect(wholeUnits([1, 2], 100, 0)).toEqual({ parts: [1, 2], total: 100 });
  });

  test('each bar begins where the last one ended, and the last one ends at the total', () => {
    assert(
      property(array(money, { minLength: 5, maxLength: 5 }), (values) => {
        const [spreadCapture = 0, adverseSelection = 0, inventory = 0, fees = 0, funding = 0] = values;
        const parts = { spreadCapture, adverseSelection, inventory, fees, funding };
        const total = values.reduce((sum, value) => sum + value, 0);
        const steps = waterfall({ currency: 'USDT', parts, total }, 2);
        let at = 0;
        for (const step of steps.slice(0, -1)) {
          expect(step.from).toBe(at);
          at = step.to;
        }
        expect(steps.at(-1)).toMatchObject({ key: 'total', from: 0, to: at });
      }),
    );
  });

  test('markets of one currency are added up, those of another stand alone', () => {
    const sums = attributionByCurrency([of(0, 3), of(1, 5), of(2, 7)], ['USDT', 'BTC', 'USDT']);
    expect(sums.map(({ currency, total }) => [currency, total])).toEqual([
      ['USDT', 8.5],
      ['BTC', 4.25],
    ]);
    for (const { parts, total } of sums) expect(PARTS.reduce((sum, part) => sum + parts[part], 0)).toBe(total);
  });
});

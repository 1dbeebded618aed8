import { describe, expect, test } from 'vitest';
import { RiskState } from '../trading/risk-state.ts';
import { AlertDesk } from './alert-desk.ts';
import { AlertField, AlertType } from './alert.ts';
import { VarGuard } from './var-guard.ts';

function guard(figures: readonly number[], limit = 100): { guard: VarGuard; states: number[]; alerts: AlertDesk } {
  const alerts = new AlertDesk();
  const made = new VarGuard(alerts);
  const states = figures.map((figure, i) => {
    made.update(figure, figure * 1.2, limit, i * 1e9);
    return made.demanded;
  });
  return { guard: made, states, alerts };
}

const { ACTIVE, REDUCING } = RiskState;

describe('value at risk beyond its limit', () => {
  test('reduces, and says so with figure and limit', () => {
    const { states, alerts } = guard([99, 100, 101]);
    expect(states).toEqual([ACTIVE, ACTIVE, REDUCING]);
    const at = alerts.outbox.peek();
    const { data } = alerts.outbox;
    expect([data[at + AlertField.TYPE], data[at + AlertField.VALUE], data[at + AlertField.LIMIT]]).toEqual([
      AlertType.VAR_BREACH,
      101,
      100,
    ]);
  });

  test('is lifted by three figures in a row at 80 % or below, not by fewer, and not by a figure in between', () => {
    expect(guard([101, 70, 70]).states).toEqual([REDUCING, REDUCING, REDUCING]);
    expect(guard([101, 80, 80, 80]).states.at(-1)).toBe(ACTIVE);
    expect(guard([101, 80, 80, 81, 80, 80]).states.at(-1)).toBe(REDUCING);
    expect(guard([101, 80, 80, 81, 80, 80, 80]).states.at(-1)).toBe(ACTIVE);
    expect(guard([101, 70, 70, 150, 70, 70]).states.at(-1)).toBe(REDUCING);
  });

  test('a figure that could not be worked out changes nothing; without a limit nothing is a breach', () => {
    expect(guard([101, 70, Number.NaN, 70, Number.NaN, 70]).states.at(-1)).toBe(ACTIVE);
    expect(guard([Number.NaN]).states).toEqual([ACTIVE]);
    expect(guard([1e12], Infinity).states).toEqual([ACTIVE]);
  });

  test('another limit acts at once on the last figure', () => {
    const { guard: made } = guard([99]);
    made.limitChanged(50, 5e9);
    expect(made.demanded).toBe(REDUCING);
    made.limitChanged(1000, 6e9);
    expect(made.demanded).toBe(REDUCING);
    made.limitChanged(Infinity, 7e9);
    expect(made.demanded).toBe(ACTIVE);
  });

  test('an operator ends it, until the next figure above the limit', () => {
    const { guard: made } = guard([101]);
    made.release();
    expect(made.demanded).toBe(ACTIVE);
    made.update(99, 120, 100, 1e9);
    expect(made.demanded).toBe(ACTIVE);
    made.update(101, 120, 100, 2e9);
    expect(made.demanded).toBe(REDUCING);
  });

  test('saved in the middle and restored, it goes on as before', () => {
    const figures = [50, 120, 70, 70, 90, 70, 70, 70, 130, 60, 60, 60];
    for (let cut = 0; cut <= figures.length; cut++) {
      const first = guard(figures.slice(0, cut)).guard;
      const second = new VarGuard(new AlertDesk());
      second.restore(structuredClone(first.save()));
      const whole = guard(figures);
      figures.slice(cut).forEach((figure, i) => {
        second.update(figure, figure * 1.2, 100, 0);
        expect(second.demanded).toBe(whole.states[cut + i]);
      });
      expect(second.save()).toEqual(whole.guard.save());
    }
  });
});

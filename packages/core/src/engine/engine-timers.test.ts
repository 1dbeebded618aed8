import { describe, expect, it } from 'vitest';
import { Side } from '../market/side.ts';
import type { Context } from '../strategies/strategy.ts';
import { MarketRows } from './testing/market-rows.ts';
import { TestSession, strategyOf } from './testing/session-kit.ts';

/** Plays a market of two rows, at 0 and at `endNs`, and answers when which timer rang. */
function ring(
  endNs: number,
  onStart: (ctx: Context) => void,
  onTimer: (ctx: Context, timer: number) => void = () => {},
) {
  const rung: [number, number][] = [];
  const strategy = strategyOf((ctx) => ({
    onStart: () => onStart(ctx),
    onTimer: (timer) => {
      rung.push([ctx.nowNs, timer]);
      onTimer(ctx, timer);
    },
  }));
  const rows = new MarketRows()
    .level(Side.BUY, 100, 1, { venueNs: 0, localNs: 0 })
    .level(Side.BUY, 101, 1, { venueNs: endNs, localNs: endNs });
  new TestSession({ strategies: [strategy] }).play(rows);
  return rung;
}

describe('timers of a strategy', () => {
  it('ring once, or again and again, to the end of the session', () => {
    const rung = ring(100, (ctx) => {
      ctx.after(45, 1);
      ctx.every(30, 2);
    });
    expect(rung).toEqual([
      [30, 2],
      [45, 1],
      [60, 2],
      [90, 2],
    ]);
  });

  it('end when they are set to recur in no time', () => {
    let left = 3;
    const rung = ring(
      100,
      (ctx) => ctx.every(10, 1),
      (ctx) => {
        if (--left === 0) ctx.every(0, 1);
      },
    );
    expect(rung.map(([ns]) => ns)).toEqual([10, 20, 30]);
  });

  it('ring in the order in which they were set when they are due at one time, the end included', () => {
    const rung = ring(60, (ctx) => {
      ctx.after(60, 3);
      ctx.every(20, 1);
      ctx.after(20, 2);
    });
    expect(rung).toEqual([
      [20, 1],
      [20, 2],
      [40, 1],
      [60, 3],
      [60, 1],
    ]);
  });

  it('are replaced by a call with their number, also from their own handler', () => {
    const rung = ring(
      100,
      (ctx) => {
        ctx.every(10, 1);
        ctx.after(25, 1);
      },
      (ctx, timer) => {
        if (ctx.nowNs < 60) ctx.after(20, timer);
      },
    );
    expect(rung).toEqual([
      [25, 1],
      [45, 1],
      [65, 1],
    ]);
  });

  it('have whole nanoseconds, at least one, and none at NaN', () => {
    const rung = ring(9, (ctx) => {
      ctx.after(0, 1);
      ctx.after(-5, 2);
      ctx.after(2.4, 3);
      ctx.after(Number.NaN, 4);
      ctx.after(Infinity, 5);
    });
    expect(rung).toEqual([
      [1, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it('belong to one strategy', () => {
    const rung: string[] = [];
    const named = (name: string, ns: number) =>
      strategyOf((ctx) => ({ onStart: () => ctx.every(ns, 1), onTimer: () => void rung.push(`${ctx.nowNs} ${name}`) }));
    const rows = new MarketRows()
      .level(Side.BUY, 100, 1, { venueNs: 0, localNs: 0 })
      .level(Side.BUY, 101, 1, { venueNs: 10, localNs: 10 });
    new TestSession({ strategies: [named('a', 4), named('b', 5)] }).play(rows);
    expect(rung).toEqual(['4 a', '5 b', '8 a', '10 b']);
  });
});

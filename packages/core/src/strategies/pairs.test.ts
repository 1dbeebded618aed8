import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import pairs from './pairs.ts';
import { type Params, COINM, FakeContext, SHARES, USDM } from './testing/fake-context.ts';

/** Two prices of shares, the first 2 × the second + 10,000 ticks + a residual that reverts; driven second by second. */
class PairRun {
  readonly ctx: FakeContext;
  readonly #random = Random.stream(3, 'pairs');
  #x = 20_000;
  #e = 0;

  constructor(params: Params = {}) {
    this.ctx = new FakeContext(SHARES, { ...SHARES, symbol: 'AAPL' });
    this.ctx.start(pairs, { size: 10, window: 200, volatilityGate: 0, stopLoss: 0, ...params });
  }

  /** A second; the residual is given, or goes its way. */
  second(residual?: number): void {
    this.#x += this.#random.below(41) - 20;
    this.#e = residual ?? 0.9 * this.#e + this.#random.normal() * 10;
    const y = Math.round(2 * this.#x + 10_000 + this.#e);
    this.ctx.book(y, y + 2, [1000, 1000], 0.5, 0);
    this.ctx.book(this.#x, this.#x + 2, [1000, 1000], 0.5, 1);
    this.ctx.handlers.onTimer?.(1);
  }

  /** Both legs' orders are filled. */
  fillBoth(): void {
    for (const order of this.ctx.sent.slice(-2)) {
      this.ctx.sent.push(order);
      this.ctx.finish(true);
      this.ctx.sent.pop();
    }
  }

  get orders(): readonly (readonly [number, number, number])[] {
    return this.ctx.sent.map(({ market, side, lots }) => [market, side, lots] as const);
  }
}

describe('pairs', () => {
  test('sells what is dear, buys the hedge ratio of the other, and is out when it has come back', () => {
    const run = new PairRun();
    for (let i = 0; i < 220; i++) run.second(14 * Math.sin(i / 3));
    expect(run.orders).toEqual([]);
    run.second(33);
    expect(run.orders).toEqual([
      [0, Side.SELL, 10],
      [1, Side.BUY, 20],
    ]);
    run.fillBoth();
    run.second(20);
    expect(run.orders.length).toBe(2);
    run.second(0);
    expect(run.orders.slice(2)).toEqual([
      [0, Side.BUY, 10],
      [1, Side.SELL, 20],
    ]);
  });

  test('a leg that found nobody is tried again', () => {
    const run = new PairRun();
    for (let i = 0; i < 220; i++) run.second(14 * Math.sin(i / 3));
    run.second(-33);
    expect(run.orders).toEqual([
      [0, Side.BUY, 10],
      [1, Side.SELL, 20],
    ]);
    run.ctx.finish(false);
    run.second(-25);
    expect(run.orders.slice(2)).toEqual([[1, Side.SELL, 20]]);
  });

  test('gives up beyond the stop and stays out until the residual is back', () => {
    const run = new PairRun({ stop: 4 });
    for (let i = 0; i < 220; i++) run.second(14 * Math.sin(i / 3));
    run.second(33);
    run.fillBoth();
    run.second(60);
    expect(run.orders.slice(2)).toEqual([
      [0, Side.BUY, 10],
      [1, Side.SELL, 20],
    ]);
    run.fillBoth();
    for (let i = 0; i < 5; i++) run.second(33);
    expect(run.orders.length).toBe(4);
  });

  test('no position when deviations last too long, or in a window not yet full', () => {
    const slow = new PairRun({ maxHalfLife: 0.5 });
    for (let i = 0; i < 600; i++) slow.second();
    expect(slow.orders).toEqual([]);
    const short = new PairRun({ window: 1000 });
    for (let i = 0; i < 600; i++) short.second();
    expect(short.orders).toEqual([]);
  });

  test('a linear and an inverse leg are hedged by their exposure', () => {
    const ctx = new FakeContext(USDM, COINM);
    ctx.start(pairs, { size: 0.1, window: 50, volatilityGate: 0, stopLoss: 0 });
    const random = Random.stream(4, 'inverse');
    let x = 500_000;
    for (let i = 0; i < 60; i++) {
      const residual = i === 59 ? 350 : (i % 2 === 0 ? 1 : -1) * 100 + random.below(21) - 10;
      x += random.below(2001) - 1000;
      ctx.book(x + residual, x + residual + 1, [1000, 1000], 0.5, 0);
      ctx.book(x, x + 1, [1000, 1000], 0.5, 1);
      ctx.handlers.onTimer?.(1);
      if (ctx.sent.length > 0) break;
    }
    // 0.1 BTC at about 50,000 are 50 contracts of 100 USD.
    expect(ctx.sent[0]).toMatchObject({ market: 0, side: Side.SELL, lots: 100 });
    expect(ctx.sent[1]).toMatchObject({ market: 1, side: Side.BUY });
    expect(Math.abs(ctx.sent[1]!.lots - 50)).toBeLessThanOrEqual(4);
  });

  test('a run with one market is refused', () => {
    expect(() => new FakeContext(SHARES).start(pairs)).toThrow('pairs: found 1 market, expected 2 (y, then x)');
  });
});

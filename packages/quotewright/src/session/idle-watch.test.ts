import { LIMITS } from '@quotewright/core/risk/limits';
import { Refusal } from '@quotewright/core/trading/refusal';
import { StrategyState } from '@quotewright/core/trading/strategy-state';
import { expect, test } from 'vitest';
import { IdleWatch, type Watched } from './idle-watch.ts';

const S = 1e9;

/** Two instruments of one strategy; what stands and what was refused is set by the test. */
function scene(params: Record<string, number> = { warmup: 10 }) {
  const standing = [0, 0];
  const refused = new Map<number, number>();
  const seat: { state: StrategyState } & Omit<Watched['seats'][number], 'state'> = {
    index: 0,
    name: 'maker',
    state: StrategyState.RUNNING,
    params,
    ledger: { turnover: () => 0 },
  };
  const engine: Watched = {
    seats: [seat],
    instruments: [
      { venue: 'v', symbol: 'A' },
      { venue: 'v', symbol: 'B' },
    ],
    desk: { count: (_strategy: number, market: number) => standing[market]! },
    risk: { gate: { refusals: (_strategy: number, code: number) => refused.get(code) ?? 0 } },
  };
  const said: string[] = [];
  const watch = new IdleWatch(engine, (line) => said.push(line));
  let second = 0;
  return {
    seat,
    standing,
    said,
    watch,
    /** Lets seconds pass, in each of which so many orders are refused. */
    pass: (seconds: number, code: number = Refusal.NONE, count = 0): void => {
      for (let i = 0; i < seconds; i++) {
        refused.set(code, (refused.get(code) ?? 0) + count);
        watch.look(++second * S);
      }
    },
    reasons: () => [watch.reason(0, 0), watch.reason(0, 1)],
  };
}

test('warms up until its first order, for as long as its parameter says', () => {
  const { pass, reasons, standing } = scene();
  pass(3);
  expect(reasons()).toEqual(['warming up', 'warming up']);
  standing[0] = 2;
  pass(1);
  expect(reasons()).toEqual(['', 'warming up']);
  standing[0] = 0;
  pass(1);
  expect(reasons()).toEqual(['', 'warming up']);
  pass(10);
  expect(reasons()).toEqual(['', '']);
  const other = scene({});
  other.pass(1);
  expect(other.reasons()).toEqual(['', '']);
});

test('names the limit that keeps a strategy from an instrument, once, and no more once it has orders', () => {
  const { pass, reasons, standing, said, watch } = scene();
  standing[1] = 2;
  pass(4, Refusal.ORDER_SIZE, 3);
  expect(said).toEqual([]);
  pass(20, Refusal.ORDER_SIZE, 3);
  expect(reasons()).toEqual(['refused: max_order_size', '']);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('maker has no order in v:A: its orders are refused by max_order_size');
  expect(watch.notes).toEqual(said);
  standing[0] = 1;
  pass(1);
  expect(reasons()).toEqual(['', '']);
});

test('a refusal long ago is no reason, nor one of before the last order', () => {
  const { pass, reasons, standing, said } = scene({});
  standing.fill(2);
  pass(5, Refusal.POSITION, 1);
  standing.fill(0);
  pass(30);
  expect([reasons(), said]).toEqual([['', ''], []]);
  pass(30, Refusal.STALE_PRICE, 9);
  expect([reasons(), said]).toEqual([['', ''], []]);
  pass(1, Refusal.DAILY_VOLUME, 1);
  expect(reasons()[0]).toBe(`refused: ${LIMITS.find(({ refusal }) => refusal === Refusal.DAILY_VOLUME)!.name}`);
  pass(61);
  expect(reasons()).toEqual(['', '']);
});

test('says of a strategy that it is paused or stopped', () => {
  const { pass, reasons, seat } = scene();
  pass(1);
  seat.state = StrategyState.PAUSED;
  expect(reasons()[0]).toBe('paused');
  seat.state = StrategyState.STOPPED;
  expect(reasons()[0]).toBe('stopped');
});

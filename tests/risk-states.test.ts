/** The states of trading, the scopes of limits, the day, and refusals that no limit gives, end to end. */
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { quotewrightBeside } from './support/command.ts';
import { falling, recordingOf } from './support/risk-feed.ts';
import { ROGUE, backtested, oneOfFew, onlyLimits, ordersIn, outcomeOf, simulated } from './support/risk-run.ts';

const folder = tempFolder();
/** Takes a bitcoin, then rests orders of both sides far away, anew every half second. */
const HOLD_BOTH = { mode: 'hold', size: 1, away: -0.1, after: 'both', every: 0.5 };

/** From 23:59:30 on: the loss is made in the first seven seconds, and around midnight nothing is heard. */
const silentAtMidnight = (second: number) => ({
  ...falling(Math.min(second, 7)),
  isSilent: second > 20 && second < 40,
});

describe.concurrent('the state of trading', () => {
  it.each([
    ['daily_loss_limit', 60],
    ['max_drawdown_pct', 0.06],
  ])(
    'goes (RISK_STATE) to REDUCING at %s, where only what reduces works, and to HALTED beyond it, where nothing does',
    async (limit, value) => {
      const out = folder.fresh();
      const feeds = [{ seconds: 30, at: falling }];
      const risk = onlyLimits({ [limit]: value });
      const { state, refused, alerts } = await backtested({
        folder,
        params: HOLD_BOTH,
        risk,
        feeds,
        flags: ['--out', out],
      });
      expect(state).toBe('HALTED');
      expect(alerts['RISK_STATE']).toBe(2);
      expect(refused['REDUCING']).toBeGreaterThan(2);
      expect(refused['HALTED']).toBeGreaterThan(10);
      const orders = ordersIn(out).filter(({ state: end }) => end !== 'filled');
      const last = (side: string): number => orders.findLast((order) => order.side === side)!.sent;
      // With the fee 60 are lost after some seven seconds, and a fifth more after some nine.
      expect(last('buy')).toBeLessThan(last('sell'));
      expect(last('sell')).toBeLessThan(15);
      for (const { ended } of orders) expect(ended).toBeLessThan(last('sell') + 0.51);
    },
  );

  it('that is REDUCING cancels at once the working orders that do not reduce, and HALTED all of them', async () => {
    const out = folder.fresh();
    // One order a side for good, when the bitcoin is there; nothing is sent again.
    const params = { ...HOLD_BOTH, end: 2 };
    const feeds = [{ seconds: 30, at: falling }];
    await backtested({ folder, params, risk: onlyLimits({ daily_loss_limit: 60 }), feeds, flags: ['--out', out] });
    const [buy, sell] = ['buy', 'sell'].map((side) =>
      ordersIn(out).findLast((order) => order.side === side && order.filled === 0),
    );
    expect(buy!.sent).toBe(sell!.sent);
    expect([buy!.state, sell!.state]).toEqual(['cancelled', 'cancelled']);
    expect(buy!.ended).toBeGreaterThan(5);
    expect(sell!.ended).toBeGreaterThan(buy!.ended + 1);
    expect(sell!.ended).toBeLessThan(15);
  });

  it('is HALTED when a strategy has traded its loss of the day away, and is flat then', async () => {
    const params = { mode: 'churn', size: 0.5, away: -0.1, every: 0.2 };
    const { state, alerts, result, fills } = await simulated({
      folder,
      params,
      risk: onlyLimits({ daily_loss_limit: 50 }),
    });
    expect([state, alerts['DAILY_LOSS_BREACH']]).toEqual(['HALTED', 1]);
    expect(fills[0]).toBeGreaterThan(4);
    expect(result.runs.modelled.markets[0]!.metrics['positionFinal']).toBe(0);
  });

  it('that a loss of the day has reduced is ACTIVE again with the next day, also when nothing happens', async () => {
    const out = folder.fresh();
    const feeds = [{ seconds: 45, at: silentAtMidnight, begin: 86_370 }];
    const risk = onlyLimits({ daily_loss_limit: 60 });
    const { state, refused, alerts } = await backtested({
      folder,
      params: HOLD_BOTH,
      risk,
      feeds,
      flags: ['--out', out],
    });
    expect([state, alerts['RISK_STATE']]).toEqual(['ACTIVE', 2]);
    expect(refused['REDUCING']).toBeGreaterThan(20);
    const buy = ordersIn(out).find(({ side, sent }) => side === 'buy' && sent > 86_370 + 15)!;
    expect(buy.sent).toBeGreaterThanOrEqual(86_400);
    expect(buy.sent).toBeLessThan(86_400.6);
  });

  it('has another volume of the day from the configured time of day on', async () => {
    const params = { mode: 'take', size: 0.01, away: -0.1, every: 1 };
    const traded = async (dayStart: string): Promise<number> => {
      const out = folder.fresh();
      const risk = onlyLimits({ max_daily_volume: 0.05 }, { dayStart });
      await simulated({ folder, params, risk, seconds: 90, flags: ['--out', out] });
      return ordersIn(out).reduce((sum, { filled }) => sum + filled, 0);
    };
    expect(await traded('08:00')).toBeCloseTo(0.05);
    expect(await traded('00:01')).toBeCloseTo(0.1);
  });
});

describe.concurrent('an order that reduces', () => {
  it.each([
    ['max_position_size', 0.5],
    ['max_notional_exposure', 30_100],
    ['max_net_exposure', 30_100],
    ['max_gross_exposure', 30_100],
    ['max_base_position', 0.5],
    ['max_portfolio_position', 30_100],
    ['max_leverage', 0.302],
    ['max_daily_volume', 0.5],
    ['max_daily_turnover', 30_100],
  ])('passes %s, which is reached and which it improves, while one that adds is refused', async (limit, value) => {
    const out = folder.fresh();
    const params = { ...HOLD_BOTH, size: 0.5 };
    const feeds = [{ seconds: 10 }];
    const risk = onlyLimits({ [limit]: value });
    const { refused } = await backtested({ folder, params, risk, feeds, flags: ['--out', out] });
    expect(Object.keys(refused)).toHaveLength(1);
    const orders = ordersIn(out);
    expect(orders.filter(({ side }) => side === 'buy').map(({ filled }) => filled)).toEqual([0.5]);
    // One that stands while the next is asked for counts as filled, so every other one adds at worst.
    expect(orders.filter(({ side }) => side === 'sell').length).toBeGreaterThan(5);
  });
});

describe.concurrent('a limit of', () => {
  const params = { mode: 'order', market: -1 };
  const limits = { max_order_size: 0.005 };

  it.each([
    ['an instrument', { instruments: { BTCUSDT: limits } }, 'BTCUSDT,ETHUSDT', [1]],
    ['an instrument of one venue', { instruments: { 'b:BTCUSDT': limits } }, 'BTCUSDT@a,BTCUSDT@b', [0]],
    ['a venue', { venues: { a: limits } }, 'BTCUSDT@a,ETHUSDT@a,BTCUSDT-PERP@b', [2]],
    ['a strategy', { strategies: { 0: limits } }, 'BTCUSDT,ETHUSDT', []],
    ['another strategy', { strategies: { 1: limits } }, 'BTCUSDT,ETHUSDT', [0, 1]],
  ])('%s holds there and nowhere else', async (_, scoped, symbols, traded) => {
    const out = folder.fresh();
    const flags = ['--symbols', symbols, '--out', out, '--alongside', `${ROGUE}:mode=quote`];
    const { refused } = await simulated({ folder, params, risk: { limits: scoped }, flags });
    expect(Object.keys(refused)).toEqual(['ORDER_SIZE']);
    expect(new Set(ordersIn(out).map(({ market }) => market))).toEqual(new Set(traded));
  });
});

describe.concurrent('an order is refused', () => {
  it('as an amendment too', async () => {
    const out = folder.fresh();
    const params = { mode: 'grow', size: 0.01, away: 1 };
    const { refused } = await simulated({
      folder,
      params,
      risk: onlyLimits({ max_order_size: 0.05 }),
      flags: ['--out', out],
    });
    expect(Object.keys(refused)).toEqual(['ORDER_SIZE']);
    expect(ordersIn(out).map(({ size }) => size)).toEqual([0.05]);
  });

  it('when it is larger than can be counted (NO_ROOM)', async () => {
    const { refused } = await simulated({ folder, params: { mode: 'order', size: 1e16 }, risk: onlyLimits({}) });
    expect(Object.keys(refused)).toEqual(['NO_ROOM']);
  });

  it('when there is no rate for its currency (NO_RATE)', async () => {
    const market = folder.write(
      'euro.yaml',
      `instruments:
  - { symbol: BTCUSDT, base: BTC, quote: USDT, tick: '0.5', lot: '0.001' }
  - { symbol: ETHEUR, base: ETH, quote: EUR, tick: '0.05', lot: '0.01' }
`,
    );
    const params = { mode: 'order', market: 1, size: 0.1 };
    const run = (risk: object) => simulated({ folder, params, risk, flags: ['--market', market] });
    expect(Object.keys((await run({})).refused)).toEqual(['NO_RATE']);
    expect((await run({ rates: { EUR: 1.1 } })).refused).toEqual({});
  });

  it("when the venue's budget of messages is used up (MESSAGE_BUDGET)", async () => {
    const data = folder.write('calm.jsonl', recordingOf({ seconds: 20 }));
    const config = folder.write(
      'budget.yaml',
      JSON.stringify({
        strategy: ROGUE,
        params: { mode: 'order', count: 5, every: 0.5 },
        data: [data],
        tick: '0.5',
        lot: '0.001',
        bounds: false,
        messages: { rate: 4, burst: 8 },
        risk: onlyLimits({}),
      }),
    );
    const { status, stdout, stderr } = await oneOfFew(() =>
      quotewrightBeside('backtest', '--config', config, '--json'),
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(Object.keys(outcomeOf(stdout).refused)).toEqual(['MESSAGE_BUDGET']);
  });
});

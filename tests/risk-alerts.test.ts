/** Alerts that no limit and no trigger of its own has, end to end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlertType } from '@quotewright/core/risk/alert';
import { describe, expect, it } from 'vitest';
import { type Alert, alertSchema } from '../packages/quotewright/src/alerts/alert.ts';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { runAhead } from './support/clock-ahead.ts';
import { falling } from './support/risk-feed.ts';
import { backtested, onlyLimits, simulated } from './support/risk-run.ts';

const folder = tempFolder();
const HOLD = { mode: 'hold', size: 1, away: -0.1 };
const QUOTES = { mode: 'quote' };
const WARN = { alerts: { throttle: 0 } };

/** Alerts of a type in the history of a session that has ended. */
function historyOf(dir: string, type: string): Alert[] {
  const lines = readFileSync(join(dir, 'alerts.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => alertSchema.parse(JSON.parse(line))).filter((alert) => alert.type === type);
}

const skews = (aheadNs: number) => runAhead(aheadNs, 10).risk!.alerts.query({ type: AlertType.CLOCK_SKEW });

describe.concurrent('the alert', () => {
  it.each([
    { warning: 'DAILY_LOSS_WARNING', breach: 'DAILY_LOSS_BREACH', limit: 'daily_loss_limit', value: 100 },
    { warning: 'DRAWDOWN_WARNING', breach: 'DRAWDOWN_BREACH', limit: 'max_drawdown_pct', value: 0.1 },
  ])('$warning comes at four fifths of the limit, and $breach at it', async ({ warning, breach, limit, value }) => {
    const run = (seconds: number) =>
      backtested({
        folder,
        params: HOLD,
        risk: onlyLimits({ [limit]: value, warning_share: 0.8 }, WARN),
        feeds: [{ seconds, at: falling }],
      });
    // 30 are the fee: 80 are lost after ten seconds, 100 after thirteen.
    const [early, late] = await Promise.all([run(11), run(15)]);
    expect([early.alerts[warning], early.alerts[breach], early.state]).toEqual([1, undefined, 'ACTIVE']);
    expect([late.alerts[warning], late.alerts[breach], late.state]).toEqual([1, 1, 'REDUCING']);
  });

  it('POSITION_WARNING comes at 80 % of the limit, and POSITION_BREACH with the order that goes beyond', async () => {
    const params = { mode: 'take', size: 0.01, away: -0.1 };
    const run = (end: number) =>
      simulated({
        folder,
        params: { ...params, end },
        risk: onlyLimits({ max_position_size: 0.05, warning_share: 0.8 }, WARN),
      });
    // 0.05 are held after three seconds.
    const [early, late] = await Promise.all([run(3.1), run(9)]);
    expect([early.alerts['POSITION_WARNING'], early.alerts['POSITION_BREACH']]).toEqual([1, undefined]);
    expect(late.alerts['POSITION_BREACH']).toBeGreaterThan(0);
  });

  it('BOOK_STALE comes when a market is silent, and ends when it is back', async () => {
    const feeds = [{ seconds: 40, at: (second: number) => ({ isSilent: second > 10 && second < 30 }) }];
    expect((await backtested({ folder, params: QUOTES, feeds })).alerts).toEqual({ BOOK_STALE: 2 });
  });

  it('CLOCK_SKEW comes when the clock of the venue is ahead of ours', () => {
    expect(skews(700e6)).toMatchObject([{ value: 699, limit: 500 }]);
    expect(skews(300e6)).toEqual([]);
  });

  it('REGIME_CHANGE comes with a regime of the living market, and the crisis opens the breaker', async () => {
    const market = folder.write(
      'regimes.yaml',
      `instruments:
  - { symbol: BTCUSDT, base: BTC, quote: USDT, tick: '0.5', lot: '0.001', market: { value: { startTicks: 120000 } } }
schedule:
  spells: [{ regime: calm, seconds: 300 }, { regime: crisis, seconds: 300 }]
`,
    );
    const flags = ['--market', market];
    const risk = { breaker: { volatileRatio: 2, volatilityRatio: 4 } };
    const { alerts, trips } = await simulated({ folder, params: QUOTES, risk, seconds: 420, flags });
    expect(alerts['REGIME_CHANGE']).toBeGreaterThan(0);
    expect(trips.map(({ trigger }) => trigger)).toContain('VOLATILITY');
  });

  it('LATENCY_WARNING comes when the answers of the venue get late at random', async () => {
    const flags = ['--latency', '1ms+lognormal:3ms:2'];
    const params = { mode: 'order', every: 0.1 };
    const risk = { breaker: { latencyRatio: 5, latencyFloor: 0 } };
    const { alerts } = await simulated({ folder, params, risk, seconds: 60, flags });
    expect(alerts['LATENCY_WARNING']).toBeGreaterThan(0);
  });

  it('STRATEGY_ALARM comes when the hedger cannot hedge for too long', async () => {
    // The hedge has no budget of orders: strategy 1 may send none.
    const limits = { strategies: { 1: { max_order_size: 0 } } };
    const flags = ['--symbols', 'BTCUSDT@a,BTCUSDT-PERP@b', '--alongside', 'hedger:threshold=0.1'];
    const { alerts } = await simulated({
      folder,
      params: { ...HOLD, size: 0.5 },
      risk: { limits },
      seconds: 30,
      flags,
    });
    expect(alerts['STRATEGY_ALARM']).toBeGreaterThan(0);
  });

  it('VAR_BREACH comes with a figure above the limit, after which trading is REDUCING', async () => {
    const risk = onlyLimits({ max_var: 5 }, { var: { sample: '1s', every: '5s', minReturns: 5, window: 20 } });
    const params = { ...HOLD, after: 'both' };
    const feeds = [{ seconds: 30, at: (second: number) => ({ mid: 60_000 + 30 * Math.sin(second) }) }];
    const runs = [simulated({ folder, params, risk, seconds: 30 }), backtested({ folder, params, risk, feeds })];
    for (const { alerts, state, refused } of await Promise.all(runs)) {
      expect(alerts['VAR_BREACH']).toBeGreaterThan(0);
      expect(state).toBe('REDUCING');
      expect(Object.keys(refused)).toEqual(['REDUCING']);
    }
  });

  it('QUOTE_UPTIME and JOURNAL_LAG come from the host, into the history of the session', async () => {
    const dir = join(folder.fresh(), 'session');
    // It quotes for some time, and is then kept from it.
    const alerts = { quoteUptime: { share: 0.9, window: '5s' }, journalLag: 0 };
    const risk = { alerts, limits: { global: { max_daily_volume: 0.3 } } };
    const params = { mode: 'quote', size: 0.1, away: 0.001, count: 1 };
    await simulated({ folder, params, risk, seconds: 120, flags: ['--journal', dir] });
    expect(historyOf(dir, 'QUOTE_UPTIME').map(({ severity }) => severity)).toContain('WARNING');
    expect(historyOf(dir, 'JOURNAL_LAG').map(({ severity }) => severity)).toContain('WARNING');
  });
});

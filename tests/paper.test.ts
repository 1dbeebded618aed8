/** `quotewright paper` against a venue's own protocol on this machine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { quotewright } from './support/command.ts';
import { TradingWorld } from './support/trading-world.ts';

const SYMBOLS = 'coinbase:BTC-USD,coinbase:ETH-USD';

interface Reconciled {
  readonly isEqual: boolean;
  readonly isSameStrategy: boolean;
  readonly differentReports: number;
  readonly processes: number;
  readonly session: { readonly fills: number; readonly pnl: Record<string, number> };
  readonly backtest: object;
  readonly strategy: object;
}

function reconciled(dir: string): Reconciled {
  const { status, stdout, stderr } = quotewright('reconcile', 'session', dir, '--json');
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('quotewright paper', () => {
  const folder = tempFolder();
  let world: TradingWorld;
  beforeAll(async () => {
    world = await TradingWorld.open(folder.path, 'coinbase');
  });
  afterAll(async () => {
    await world.exchange.stop();
  });

  it('is its backtest on the data that it saw, to the last report', async () => {
    const session = world.begin('paper', 'plain', '--symbols', SYMBOLS);
    await session.until('fills', () => session.fills() > 4);
    expect(await session.end()).toBe(130);
    const dir = world.folder('plain');
    expect(quotewright('journal', 'replay', dir).stdout).toMatch(/\nidentical: \d+ marks compared\n$/);
    const found = reconciled(dir);
    expect(found).toMatchObject({ isEqual: true, isSameStrategy: true, differentReports: 0, processes: 1 });
    expect(found.session.fills).toBeGreaterThan(4);
    expect(found.backtest).toEqual(found.session);
    expect(found.strategy).toEqual(found.session);
    // Nothing was sent.
    expect(await world.openOrders('coinbase')).toBe(0);
  }, 120_000);

  it('goes on after a kill with the same command: its orders are gone, and what it holds is not', async () => {
    const first = world.begin('paper', 'killed', '--symbols', SYMBOLS);
    await first.until('fills', () => first.fills() > 2);
    await first.kill();
    const again = world.begin('paper', 'killed', '--symbols', SYMBOLS);
    await again.until('the recovery', () => again.said().includes('positions and balances are as the venue says'));
    const before = first.fills();
    await again.until('more fills', () => again.fills() > before + 2);
    expect(await again.end()).toBe(130);
    const dir = world.folder('killed');
    expect(quotewright('journal', 'replay', dir).stdout).toMatch(/\nidentical: \d+ marks compared\n$/);
    const found = reconciled(dir);
    expect(found).toMatchObject({ isEqual: true, differentReports: 0, processes: 2 });
    expect(found.backtest).toEqual(found.session);
  }, 120_000);

  it('comes through lost and broken market data, and is its backtest all the same', async () => {
    const session = world.begin('paper', 'storm', '--symbols', SYMBOLS);
    await session.until('fills', () => session.fills() > 2);
    for (const fault of ['gap', 'drop', 'gap', 'error-5xx', 'drop']) {
      await world.fault(fault, fault === 'error-5xx' ? { count: 2 } : {});
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
    await world.fault('none');
    const before = session.fills();
    await session.until('more fills', () => session.fills() > before + 2);
    expect(await session.end()).toBe(130);
    expect(session.said()).toMatch(/coinbase feed: stale: /u);
    expect(reconciled(world.folder('storm'))).toMatchObject({ isEqual: true, isSameStrategy: true });
  }, 120_000);

  it('gives each instrument its strategy and its limits', async () => {
    const config = world.file(
      'two.yaml',
      [
        'symbols:',
        '  coinbase:BTC-USD: { strategy: basic-maker, params: { warmup: 1, size: 0.003 }, limits: { max_order_size: 0.004 } }',
        '  coinbase:ETH-USD: { strategy: grid, limits: { max_order_size: 0.0001 } }',
        `venues: ${world.venuesFile}`,
      ].join('\n'),
    );
    const args = ['paper', '--config', config, '--duration', '8s', '--no-journal', '--no-server', '--json'];
    const { status, stdout } = quotewright(...args);
    expect(status).toBe(0);
    const { strategy, alongside } = JSON.parse(stdout);
    expect(strategy).toMatchObject({ name: 'basic-maker', params: { markets: 'BTC-USD@coinbase', size: 0.003 } });
    expect(alongside).toMatchObject([{ name: 'grid', params: { markets: 'ETH-USD@coinbase' } }]);
  }, 60_000);

  it.each([
    [['--symbols', 'coinbase:NOTHING-USD'], 'coinbase:NOTHING-USD: the venue lists no such instrument'],
    [['--symbols', 'nowhere:BTC-USD'], "venue: found 'nowhere', expected one of "],
    [['--symbols', 'BTC-USD'], 'expected VENUE:SYMBOL, as kraken:BTC/USD'],
    [[], '--symbols: found none, expected instruments such as coinbase:BTC-USD,kraken:BTC/USD'],
    [['--symbols', 'coinbase:BTC-USD,coinbase:BTC-USD'], "--symbols: found 'coinbase:BTC-USD' twice"],
    [['--symbols', SYMBOLS, '--cash', '100'], "--cash: found '100', expected CURRENCY=AMOUNT,…"],
    [['--symbols', SYMBOLS, '--latency', 'soon'], "latency latency: found 'soon', expected 1ms"],
    [['--symbols', SYMBOLS, '--strategy', 'none-such'], "strategy: found 'none-such', expected a file or one of "],
  ])('says what is wrong with %j', (args, complaint) => {
    const { status, stderr } = quotewright(
      'paper',
      '--venues',
      world.venuesFile,
      '--no-server',
      '--no-journal',
      ...args,
    );
    expect(stderr).toContain(complaint);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
  });
});

/** `quotewright live` against a venue's own protocol on this machine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { quotewright } from './support/command.ts';
import { units } from './support/money.ts';
import { type Session, TradingWorld } from './support/trading-world.ts';

const SYMBOLS = 'coinbase:BTC-USD,coinbase:ETH-USD';
const SETTLED = 'positions and balances are as the venue says';

async function expectConserved(world: TradingWorld, dir: string, before: Record<string, string>): Promise<void> {
  const replay = JSON.parse(quotewright('journal', 'replay', dir, '--json').stdout);
  const after = await world.balances('coinbase');
  const accounts: string[] = replay.accounts;
  expect(accounts.length).toBeGreaterThan(1);
  for (const account of accounts) {
    const [, text = '', currency = ''] = /: cash (\S+) (\w+), equity/u.exec(account) ?? [];
    const start = currency === 'USD' ? units('100000') : 0n;
    const ours = units(text) - start;
    const venues = units(after[currency]!) - units(before[currency]!);
    expect([currency, ours]).toEqual([currency, venues]);
  }
}

async function ended(session: Session): Promise<void> {
  expect(await session.end()).toBe(130);
  expect(session.said()).not.toMatch(/not confirmed|CANNOT CANCEL|DRIFT/u);
}

describe('quotewright live', () => {
  const folder = tempFolder();
  let world: TradingWorld;
  beforeAll(async () => {
    world = await TradingWorld.open(folder.path, 'coinbase');
  });
  afterAll(async () => {
    await world.exchange.stop();
  });

  it('does not begin without limits, journal, key, clock and --confirm, and names all that is missing at once', () => {
    const bare = world.file('bare.yaml', 'coinbase:\n  addresses: { rest: "http://127.0.0.1:9" }\n');
    const args = ['live', '--venues', bare, '--symbols', SYMBOLS, '--no-journal', '--no-server'];
    const { status, stderr } = quotewright(...args);
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    for (const what of ['limits (', 'a journal (', 'a key (', 'its clock cannot be compared', '--confirm (']) {
      expect(stderr).toContain(what);
    }
  }, 60_000);

  it('does not take limits that limit nothing', () => {
    const none = world.file('none.yaml', 'limits: { global: {} }\n');
    for (const risk of ['none', none]) {
      const args = [
        'live',
        '--venues',
        world.venuesFile,
        '--symbols',
        SYMBOLS,
        '--risk',
        risk,
        '--no-server',
        '--confirm',
      ];
      const { status, stderr } = quotewright(...args);
      expect([status, stderr]).toEqual([2, expect.stringContaining('live trading does not begin without: limits (')]);
    }
  });

  it('trades, ends with no order left, and holds what the venue says', async () => {
    const before = await world.balances('coinbase');
    const session = world.begin('live', 'plain', '--symbols', SYMBOLS, '--confirm');
    await session.until('fills', () => session.fills() > 4);
    await ended(session);
    expect(await world.openOrders('coinbase')).toBe(0);
    const dir = world.folder('plain');
    expect(quotewright('journal', 'replay', dir).stdout).toMatch(/\nidentical: \d+ marks compared\n$/);
    await expectConserved(world, dir, before);
    const { status, stdout } = quotewright('reconcile', 'session', dir);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /\nsession: \d+ fills .*\nits requests in the backtest: \d+ fills .*\nthe strategy in the backtest: /u,
    );
  }, 120_000);

  it('goes on after a kill: what traded meanwhile is booked once, and what stands there is known', async () => {
    const before = await world.balances('coinbase');
    const first = world.begin('live', 'killed', '--symbols', SYMBOLS, '--confirm');
    await first.until('fills', () => first.fills() > 2);
    await first.kill();
    const fills = first.fills();
    const again = world.begin('live', 'killed', '--symbols', SYMBOLS, '--confirm');
    await again.until('the reconciliation', () => again.said().includes(SETTLED));
    await again.until('more fills', () => again.fills() > fills + 2);
    await ended(again);
    expect(await world.openOrders('coinbase')).toBe(0);
    await expectConserved(world, world.folder('killed'), before);
  }, 120_000);

  it('comes through a storm: lines that drop, lost acknowledgements, fills told twice, gaps, failures, refusals', async () => {
    const before = await world.balances('coinbase');
    const session = world.begin('live', 'storm', '--symbols', SYMBOLS, '--confirm');
    await session.until('fills', () => session.fills() > 2);
    for (const fault of ['lost-ack', 'drop', 'duplicate-fill', 'gap', 'error-5xx', 'rate-limit', 'drop']) {
      await world.fault(fault);
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
    await world.fault('none');
    const fills = session.fills();
    await session.until('more fills', () => session.fills() > fills + 2, 120_000);
    await ended(session);
    expect(await world.openOrders('coinbase')).toBe(0);
    const dir = world.folder('storm');
    await expectConserved(world, dir, before);
    expect(quotewright('journal', 'replay', dir).stdout).toMatch(/\nidentical: \d+ marks compared\n$/);
  }, 240_000);

  it('sends nothing in a dry run, also where it never sleeps', async () => {
    const before = await world.balances('coinbase');
    const awake = world.file('awake.yaml', 'busyPoll: true\n');
    const args = ['--symbols', SYMBOLS, '--config', awake, '--dry-run', '--duration', '8s'];
    const session = world.begin('live', 'dry', ...args);
    expect((await session.started.ended).status).toBe(0);
    expect(session.said()).toMatch(/dry run: not sent: [1-9]\d* orders, /u);
    expect(await world.balances('coinbase')).toEqual(before);
  }, 60_000);
});

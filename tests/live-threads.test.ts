/** Market data on threads of its own, and a venue of ccxt's: sessions of the real program on the local exchange. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { quotewright } from './support/command.ts';
import { type Session, TradingWorld } from './support/trading-world.ts';

/** What the system says of a thread, by the name of the line. */
function field(status: string, name: string): string {
  return new RegExp(`^${name}:\\t(.*)$`, 'mu').exec(status)?.[1] ?? '';
}

/** Threads of a process by name, with the processors that each may run on. Linux. */
function threadsOf(session: Session): Map<string, string> {
  const dir = `/proc/${session.started.child.pid}/task`;
  return new Map(
    readdirSync(dir).map((task) => {
      const status = readFileSync(`${dir}/${task}/status`, 'utf8');
      return [field(status, 'Name'), field(status, 'Cpus_allowed_list')];
    }),
  );
}

/** The process of ccxt that a session has started. Linux. */
function bridgeOf(session: Session): string {
  const { pid } = session.started.child;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const found = children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('bridge'));
  if (found === undefined) throw new Error(`no process of ccxt among ${children.join(', ')}`);
  return found;
}

describe('market data on threads', () => {
  const folder = tempFolder();
  let world: TradingWorld;
  beforeAll(async () => {
    world = await TradingWorld.open(folder.path, 'kraken,coinbase', '--coins', 'BTC,ETH');
  });
  afterAll(async () => {
    await world.exchange.stop();
  });

  it('trades the instruments of all groups under one risk, named and bound to processors, and replays to the same hashes', async () => {
    const last = availableParallelism() - 1;
    const config = world.file(
      'threads.yaml',
      `threads: { count: 2, cpus: [${last}], trading: 0 }\nsymbols:\n  kraken:BTC/USD: { strategy: basic-maker, params: { warmup: 1, spread: 0.5, markets: "kraken:BTC/USD" } }\n  kraken:ETH/USD:\n  coinbase:BTC-USD:\n  coinbase:ETH-USD: { limits: { max_order_size: 0 } }\n`,
    );
    const session = world.begin('paper', 'threads', '--config', config);
    await session.until('fills', () => session.fills() > 2);
    if (process.platform === 'linux') {
      const threads = threadsOf(session);
      for (const name of ['kraken-1', 'kraken-2', 'coinbase-1', 'coinbase-2']) {
        expect([name, threads.get(name)]).toEqual([name, String(last)]);
      }
      expect(threads.get('qw-trading')).toBe('0');
    }
    await world.fault('drop', { venue: 'kraken' });
    await session.until('the drop', () => session.said().includes('kraken feed: disconnected'));
    const before = session.fills();
    await session.until('more fills', () => session.fills() > before + 1);
    expect(await session.end()).toBe(130);
    const dir = world.folder('threads');
    expect(quotewright('journal', 'replay', dir).stdout).toMatch(/\nidentical: \d+ marks compared\n$/);
    const { status, stdout } = quotewright('reconcile', 'session', dir, '--json');
    expect([status, JSON.parse(stdout).isEqual]).toEqual([0, true]);
  }, 120_000);

  it('says in one line what is no count of threads', () => {
    const { status, stderr } = quotewright('paper', '--symbols', 'kraken:BTC/USD', '--threads', '1.5');
    expect([status, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toContain('expected a count of threads from 1 to 64');
  });

  it('reads any venue of ccxt, in a process of its own that ends with ours, and does not trade live there', async () => {
    const { rest, websocket } = world.exchange.venues.find(({ venue }) => venue === 'kraken')!;
    const file = world.file(
      'ccxt.yaml',
      `ccxt-kraken:\n  addresses: { rest: "${new URL(rest).origin}", feed: "${new URL(websocket).origin}" }\n`,
    );
    const session = world.begin('paper', 'ccxt', '--venues', file, '--symbols', 'ccxt-kraken:BTC/USD');
    await session.until('fills', () => session.fills() > 0);
    const bridge = process.platform === 'linux' ? `/proc/${bridgeOf(session)}` : '';
    expect(await session.end()).toBe(130);
    await vi.waitUntil(() => !existsSync(bridge), { timeout: 10_000 });
    const live = quotewright(
      'live',
      '--confirm',
      '--venues',
      file,
      '--symbols',
      'ccxt-kraken:BTC/USD',
      '--risk',
      world.riskFile,
      '--cash',
      'USD=1000',
      '--no-server',
    );
    expect([live.status, live.stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(live.stderr).toContain('market data only');
  }, 120_000);
});

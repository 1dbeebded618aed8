/** `quotewright backtest` on real recordings: every built-in strategy, the output folder, the event log, determinism. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../packages/quotewright/src/events/event-log.ts';
import { sharedData, tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { type RunResult, runResult } from '../packages/quotewright/src/reports/run-result.ts';
import { quotewright } from './support/command.ts';

const folder = tempFolder();
const USDM = 'binance_ws/usdm_btcusdt_20240718.gz';
const SPOT = 'binance_ws/spot_btcusdt_20240808.gz';
const COINM = 'binance_ws/cm_btcusd_perp_20240808.gz';
const GOOG = 'lobster/LOBSTER_SampleFile_GOOG_2012-06-21_5.zip';

function backtest(strategy: string, data: readonly string[], ...args: readonly string[]): string {
  const { status, stdout, stderr } = quotewright('backtest', strategy, '--data', ...data.map(sharedData), ...args);
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

function result(strategy: string, data: readonly string[], ...args: readonly string[]): RunResult {
  return runResult.parse(JSON.parse(backtest(strategy, data, '--json', ...args)));
}

const requests = ({ runs }: RunResult): number =>
  runs.modelled.markets.reduce((sum, { latency }) => {
    const sent = latency.filter(({ kind }) => kind === 'new' || kind === 'cancel' || kind === 'amend');
    return sum + sent.reduce((count, each) => count + each.count, 0);
  }, 0);

const metric = ({ runs }: RunResult, name: string): number => runs.modelled.markets[0]?.metrics[name] ?? Number.NaN;

describe('backtest', () => {
  it.each([
    ['basic-maker', [USDM], 'USDT', '2024-07-18T23:58:30Z'],
    ['avellaneda-stoikov', [COINM], 'BTC', '2024-08-08T23:56:00Z'],
    ['glft', [SPOT], 'USDT', '2024-08-08T23:56:00Z'],
    ['microprice-maker', [GOOG], 'USD', '2012-06-21T14:00:00Z'],
    ['grid', [GOOG], 'USD', '2012-06-21T14:00:00Z'],
    ['liquidity-taker', [COINM], 'BTC', '2024-08-08T23:56:00Z'],
  ] as const)('runs %s on %j and settles in %s', (strategy, data, settlement, to) => {
    // The default limits are of coins: orders of a hundred shares are too large for them.
    const run = result(strategy, data, '--to', to, '--no-bounds', ...(data[0] === GOOG ? ['--risk', 'none'] : []));
    expect(run.strategy.name).toBe(strategy);
    expect(run.instruments[0]?.settlement).toBe(settlement);
    expect(run.isPartial).toBe(false);
    expect(run.warnings.filter((line) => /ledger|reports of the venue/.test(line))).toEqual([]);
    expect(requests(run)).toBeGreaterThan(5);
  });

  it('lets takers pay for what they pushed, when asked to', () => {
    const quick = ['--to', '2024-08-08T23:58:00Z', '--no-bounds'];
    const free = result('liquidity-taker', [COINM], ...quick);
    const pushed = result('liquidity-taker', [COINM], '--impact', '100', ...quick);
    expect(metric(free, 'volume')).toBeGreaterThan(0);
    expect(metric(pushed, 'volume')).toBeLessThan(metric(free, 'volume'));
  });

  it('does what the settings of a file say', () => {
    const run = (name: string, settings: string, ...args: readonly string[]): RunResult => {
      const config = folder.write(`${name}.yaml`, settings);
      return result('basic-maker', [USDM], '--no-bounds', '--config', config, ...args);
    };
    const usual = run('usual', 'seed: 1');
    const curve = folder.write('curve.csv', 'time,entry,response\n0,20000000,10000000\n');
    const slow = run('slow', 'seed: 1', '--latency-curve', curve);
    const answered = slow.runs.modelled.markets[0]?.latency.find(({ kind }) => kind === 'new')?.p50Ns ?? Number.NaN;
    expect(answered / 30e6).toBeCloseTo(1, 1);
    const overloaded = run('overloaded', `latency: { curve: '${folder.write('over.csv', '0,-5000000,0\n')}' }`);
    expect([metric(overloaded, 'fills'), metric(overloaded, 'rejects')]).toEqual([
      0,
      metric(overloaded, 'newRequests'),
    ]);
    expect(requests(run('budget', 'messages: { rate: 0.2, burst: 2 }'))).toBeLessThan(requests(usual) / 1.5);
    expect(metric(run('life', 'quoteLife: 30s'), 'amendRequests')).toBeLessThan(metric(usual, 'amendRequests') / 2);
    const funded = run('funded', 'funding: { rate: "0.01", every: 1m }');
    expect([metric(usual, 'funding'), Math.abs(metric(funded, 'funding')) > 1]).toEqual([0, true]);
    const marked = run('marked', 'mark: last');
    expect(marked.hashes.inputs).toBe(usual.hashes.inputs);
    expect(marked.ledger[0]?.equity).not.toBe(usual.ledger[0]?.equity);
  });

  it('runs pairs on two recordings, merged by the time at which their rows were received', () => {
    const events = join(folder.path, 'pairs.jsonl');
    const quick = ['--param', 'window=60', '--param', 'entry=1', '--to', '2024-08-08T23:57:00Z', '--no-bounds'];
    const run = result('pairs', [SPOT, 'binance_ws/usdm_btcusdt_20240808.gz'], '--log-events', events, ...quick);
    expect(run.instruments.map(({ contract }) => contract)).toEqual(['spot', 'linear']);
    for (const { metrics } of run.runs.modelled.markets) expect(metrics['fills']).toBeGreaterThan(0);
    const times = readFileSync(events, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): string => JSON.parse(line).ts);
    expect(times).toEqual(times.toSorted());
  });

  it('runs strategies side by side, each with an account of its own, as if it were alone', () => {
    // By the rule `whole` they do not share prints.
    const settings = ['--fills', 'whole', '--queue', 'power3', '--no-bounds'];
    const both = result('grid', [USDM], '--with', 'basic-maker', ...settings);
    const accounts = [both.runs.modelled.accounts, both.alongside?.[0]?.summary.accounts];
    expect(both.alongside?.map(({ name }) => name)).toEqual(['basic-maker']);
    for (const [i, name] of ['grid', 'basic-maker'].entries()) {
      const alone = result(name, [USDM], ...settings).runs.modelled;
      expect(alone.markets[0]?.metrics['fills']).toBeGreaterThan(0);
      expect(accounts[i]?.map(({ metrics }) => metrics)).toEqual(alone.accounts.map(({ metrics }) => metrics));
    }
  });

  it('gives three results side by side: at the touch an optimist fills most, a pessimist least', () => {
    const touch = folder.write(
      'touch.mjs',
      `export default { name: 'touch', description: '', params: {},
        create: (ctx) => ({ onBook: (m) => m.isReady && ctx.quote(m).bid(m.bidTicks, 1).ask(m.askTicks, 1) }) };`,
    );
    const { runs } = result(touch, [USDM]);
    const [optimistic = 0, modelled = 0, pessimistic = 0] = [runs.optimistic, runs.modelled, runs.pessimistic].map(
      (run) => run?.markets[0]?.metrics['fills'] ?? Number.NaN,
    );
    expect(pessimistic).toBeGreaterThan(0);
    expect(modelled).toBeGreaterThan(pessimistic);
    expect(optimistic).toBeGreaterThan(modelled);
    expect(backtest(touch, [USDM])).toMatch(/optimistic.*modelled.*pessimistic/);
  });
});

describe('the output of backtest', () => {
  const JITTER = ['--latency', '1ms+exp:500us', '--no-bounds'];

  it('is the same, byte for byte, in every run, and differs with the seed where latency has jitter', () => {
    const [first, second, third] = ['1', '1', '2'].map((seed) =>
      backtest('glft', [USDM], '--json', '--seed', seed, ...JITTER),
    );
    expect(second).toBe(first);
    const hashes = [first, third].map((each) => runResult.parse(JSON.parse(each ?? '')).hashes);
    expect(hashes[1]?.outputs).not.toBe(hashes[0]?.outputs);
  });

  it('is a folder of five files, whose report needs nothing from elsewhere', () => {
    const out = join(folder.path, 'ünï cödé ✓', 'run');
    const printed = backtest('basic-maker', [USDM], '--json', '--out', out);
    expect(readFileSync(join(out, 'result.json'), 'utf8')).toBe(printed);
    const names = readdirSync(out);
    for (const name of ['equity.csv', 'fills.csv', 'orders.csv', 'report.html', 'result.json'])
      expect(names).toContain(name);
    const html = readFileSync(join(out, 'report.html'), 'utf8');
    expect(html).not.toMatch(/<script[^>]*\ssrc|<link[^>]*\shref=["']?(?!data:)|@import|\surl\(["']?https?:/i);
    expect(html.replaceAll('http://www.w3.org/', '')).not.toMatch(/(?:src|href|fetch\(|import\()\s*=?\s*["'`]https?:/i);
    const fills = readFileSync(join(out, 'fills.csv'), 'utf8').trim().split('\n');
    expect(fills.length - 1).toBe(runResult.parse(JSON.parse(printed)).runs.modelled.markets[0]?.metrics['fills']);
  });

  it('is that of a config file which says the same as the flags', () => {
    const config = folder.write(
      'run.yaml',
      [
        'strategy: basic-maker',
        `data: [${JSON.stringify(sharedData(USDM))}]`,
        'params: { levels: 3, size: 20 }',
        'latency: { request: 2ms, report: 2ms }',
        'queue: { model: power2, exponent: 2 }',
        'fees: { maker: 0.0001, taker: 0.0004 }',
        'capital: 5000',
        'to: 2024-07-18T23:58:30Z',
        'mark: microprice',
        'bounds: false',
        'seed: 7',
      ].join('\n'),
    );
    const flags = ['--latency', '2ms', '--queue', 'power2:2', '--maker-fee', '0.0001', '--taker-fee', '0.0004'];
    const more = [
      '--capital',
      '5000',
      '--to',
      '2024-07-18T23:58:30Z',
      '--mark',
      'microprice',
      '--no-bounds',
      '--seed',
      '7',
    ];
    const byFlags = result('basic-maker', [USDM], '--param', 'levels=3', '--param', 'size=20', ...flags, ...more);
    const byFile = quotewright('backtest', '--config', config, '--json');
    expect(byFile.stderr).toBe('');
    expect(runResult.parse(JSON.parse(byFile.stdout))).toEqual(byFlags);
    // A flag overrides the file.
    const overridden = quotewright('backtest', '--config', config, '--json', '--seed', '8');
    expect(runResult.parse(JSON.parse(overridden.stdout)).seed).toBe(8);
  });

  it('is, with --log-events, a line of JSON for everything that the strategy saw and did', () => {
    const events = join(folder.path, 'events.jsonl');
    const { runs } = result('basic-maker', [USDM], '--log-events', events, '--no-bounds');
    const lines = readFileSync(events, 'utf8').trimEnd().split('\n');
    const read = lines.map((line): { type: string; ts: string; strategy: string; state?: string } => JSON.parse(line));
    expect(new Set(read.map(({ type }) => type))).toEqual(new Set(EVENT_TYPES));
    expect(new Set(read.map(({ strategy }) => strategy))).toEqual(new Set(['basic-maker']));
    expect(read[0]?.type).toBe('session_start');
    expect(read.filter(({ type }) => type === 'connection_event').map(({ state }) => state)).toEqual([
      'connected',
      'disconnected',
    ]);
    expect(read.filter(({ type }) => type === 'order_filled')).toHaveLength(
      runs.modelled.markets[0]?.metrics['fills'] ?? Number.NaN,
    );
    expect(read.every(({ ts }) => /^2024-07-1[89]T\d\d:\d\d:\d\d\.\d{9}Z$/.test(ts))).toBe(true);
  });
});

describe('backtest of a strategy in a file', () => {
  it('runs it with its parameters', () => {
    const path = join(folder.path, 'mine.mjs');
    writeFileSync(
      path,
      `export default { name: 'mine', description: '', params: { size: { type: 'integer', default: 1, min: 1, description: '' } },
        create: (ctx, { size }) => ({ onBook: (m) => m.isReady && ctx.quote(m).bid(m.bidTicks, size) }) };`,
    );
    const run = result(path, [USDM], '--param', 'size=5', '--no-bounds');
    expect(run.strategy).toEqual({ name: 'mine', params: { size: 5 } });
    expect(requests(run)).toBeGreaterThan(10);
  });
});

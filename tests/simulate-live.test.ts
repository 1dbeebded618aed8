/** `quotewright simulate` as a process that somebody watches: paced, served, ended by a signal, played again. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { runResult } from '../packages/quotewright/src/reports/run-result.ts';
import { SIMULATE, quotewright } from './support/command.ts';
import { type Started, start } from './support/session.ts';

const folder = tempFolder();

/** Resolves when a text is on standard output. */
async function said({ said: { stdout: already }, child, said: texts }: Started, words: RegExp): Promise<string> {
  let found = words.exec(already);
  while (found === null) {
    if (child.exitCode !== null) throw new Error(`ended without ${words}: ${texts.stdout}${texts.stderr}`);
    await Promise.race([once(child.stdout!, 'data'), once(child, 'close')]);
    found = words.exec(texts.stdout);
  }
  return found[1] ?? found[0];
}

/** The lines of a log, each of them JSON. */
const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));

/** Ends a session as Ctrl-C does; the milliseconds that it takes. */
async function interrupted(session: Started): Promise<number> {
  const began = performance.now();
  session.child.kill('SIGINT');
  await session.ended;
  return performance.now() - began;
}

describe('a session that is watched', () => {
  it.each(['1x', '20x', 'max'])(
    'at %s is served, journalled, and ends in under two seconds at Ctrl-C',
    // Two seconds are much for a session, and little for a machine that has many other things to do at that moment.
    { retry: 3 },
    async (speed) => {
      const home = folder.fresh();
      const session = start(['simulate', '--symbols', 'BTC-USD,ETH-USD', '--speed', speed, '--port', '0'], {
        QUOTEWRIGHT_HOME: home,
      });
      const url = await said(session, /dashboard (http:\S+)/u);
      await said(session, /session in (\S+)/u);
      const health = await fetch(`${url}/api/v1/health`);
      expect(await health.json()).toMatchObject({ status: 'ok' });
      const system = await fetch(`${url}/api/v1/system`);
      expect(await system.json()).toMatchObject({ journal: { isOn: true, failure: '' } });
      expect(await interrupted(session)).toBeLessThan(2000);
      const { status, stdout, stderr } = await session.ended;
      expect([status, stderr]).toEqual([130, '']);
      expect(stdout).toContain('Account USD');
      expect(stdout).toMatch(/token to act on it: in .*token/u);
      const [name = ''] = readdirSync(join(home, 'sessions'));
      const dir = join(home, 'sessions', name);
      expect(name).toMatch(/^\d{8}T\d{6}Z$/u);
      expect(stdout).toContain(`again: quotewright simulate --replay ${dir}`);
      const replayed = quotewright('journal', 'replay', dir);
      expect(replayed.stdout).toContain('identical');
      await expect(fetch(url)).rejects.toThrow();
    },
  );

  it('ends as it should when nobody reads what it says any more', async () => {
    const home = folder.fresh();
    const session = start(['simulate', '--port', '0', '--json-log'], { QUOTEWRIGHT_HOME: home });
    await said(session, /"type":"session"/u);
    session.child.stdout!.destroy();
    const { status, stderr } = await session.ended;
    expect([status, stderr]).toEqual([130, '']);
    const [name = ''] = readdirSync(join(home, 'sessions'));
    const marks = readFileSync(
      join(home, 'sessions', name, 'audit', readdirSync(join(home, 'sessions', name, 'audit'))[0]!),
      'utf8',
    );
    expect(marks).toContain('session.end');
  });

  it('names the limit that keeps it from quoting, once', async () => {
    const args = [
      'simulate',
      '--symbols',
      'SOL-USD',
      '--no-server',
      '--no-journal',
      '--speed',
      'max',
      '--duration',
      '1m',
      '--json',
    ];
    const { stdout, stderr } = await start(args).ended;
    expect(stderr).toMatch(
      /^microprice-maker has no order in living:SOL-USD: its orders are refused by max_order_size .*\n$/u,
    );
    expect(runResult.parse(JSON.parse(stdout)).warnings).toContain(stderr.trimEnd());
  });

  it('says how it stands as a line of JSON a second, and at the end the result', async () => {
    const args = ['simulate', '--no-server', '--no-journal', '--speed', '30x', '--duration', '90s', '--json-log'];
    const { status, stdout, stderr } = await start(args).ended;
    expect([status, stderr]).toEqual([0, '']);
    const lines = linesOf(stdout);
    expect(lines[0]).toMatchObject({ type: 'session', url: null, dir: null });
    const statuses = lines.filter(({ type }) => type === 'status');
    expect(statuses.length).toBeGreaterThanOrEqual(2);
    expect(statuses.at(-1)).toMatchObject({ speed: 30, riskState: 'ACTIVE', rows: [{ instrument: 'living:BTCUSDT' }] });
    expect(lines.at(-1)!['type']).toBe('result');
    const result = runResult.parse(lines.at(-1)!['result']);
    // The pace changes nothing of what happens.
    const unpaced = quotewright(...SIMULATE, '--duration', '90s', '--json');
    expect(result.hashes).toEqual(runResult.parse(JSON.parse(unpaced.stdout)).hashes);
  });

  it('with a server that looks on nothing else happens either', async () => {
    const args = ['--duration', '30s', '--symbols', 'BTC-USD,SOL-USD', '--json'];
    const alone = quotewright(...SIMULATE, ...args);
    const home = folder.fresh();
    const watched = start(['simulate', '--speed', 'max', '--port', '0', ...args], { QUOTEWRIGHT_HOME: home });
    expect((await watched.ended).stdout).toBe(alone.stdout);
  });

  it('names a port that is in use, begins nothing, and exits 2', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const home = folder.fresh();
    const { status, stdout, stderr } = await start(['simulate', '--port', `${port}`], { QUOTEWRIGHT_HOME: home }).ended;
    server.close();
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(String(port));
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(join(home, 'sessions'))).toBe(false);
  });
});

describe('a replay', () => {
  const journal = join(folder.path, 'journal');
  const session = quotewright(...SIMULATE, '--symbols', 'BTC-USD,ETH-USD', '--duration', '1m', '--journal', journal);

  it('of a journal trades its market again, at any speed, with a journal of its own', async () => {
    expect(session.status).toBe(0);
    const own = join(folder.fresh(), 'own');
    const args = ['simulate', '--replay', journal, '--no-server', '--strategy', 'basic-maker', '--json'];
    const slow = start([...args, '--speed', '20x', '--journal', own]);
    const fast = quotewright(...args, '--speed', 'max', '--no-journal');
    expect([fast.status, fast.stderr]).toEqual([0, '']);
    const result = runResult.parse(JSON.parse(fast.stdout));
    expect(result.instruments.map(({ symbol }) => symbol)).toEqual(['BTC-USD', 'ETH-USD']);
    for (const { metrics } of result.runs.modelled.markets) expect(metrics['fills']).toBeGreaterThan(0);
    const { status, stdout, stderr } = await slow.ended;
    expect([status, stderr]).toEqual([0, `a replay cannot be gone on with after a kill: ${own}\n`]);
    expect(runResult.parse(JSON.parse(stdout)).hashes).toEqual(result.hashes);
    expect(quotewright('journal', 'replay', own).stdout).toContain('identical');
    const again = quotewright(...SIMULATE, '--replay', journal, '--journal', own);
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('a replay cannot be gone on with')]);
    const on = quotewright(...SIMULATE, '--journal', own);
    expect([on.status, on.stderr]).toEqual([
      2,
      expect.stringContaining('holds a replay, which cannot be gone on with'),
    ]);
  });

  it('of a recording ends with it, or before', () => {
    const recording = join(folder.fresh(), 'sample');
    expect(quotewright('data', 'sample', recording, '--minutes', '1').status).toBe(0);
    const args = ['simulate', '--speed', 'max', '--no-server', '--no-journal', '--replay', recording, '--json'];
    const whole = runResult.parse(JSON.parse(quotewright(...args).stdout));
    expect(whole.runs.modelled.markets[0]!.metrics['fills']).toBeGreaterThan(0);
    expect(whole.isPartial).toBe(false);
    const part = runResult.parse(JSON.parse(quotewright(...args, '--duration', '20s').stdout));
    expect(part.rows).toBeLessThan(whole.rows);
  });
});

describe('an outage', () => {
  it('cuts the venues off, is told, and is over when the venue has been asked', () => {
    const dir = join(folder.fresh(), 'outage');
    const args = ['--scenario', 'outage', '--duration', '50s', '--journal', dir, '--json'];
    const { status, stdout } = quotewright(...SIMULATE, ...args);
    expect(status).toBe(0);
    const { risk, warnings } = runResult.parse(JSON.parse(stdout));
    expect(risk?.alerts).toMatchObject({ CONNECTIVITY_ISSUE: 2 });
    expect(risk?.state).toBe('ACTIVE');
    expect(warnings).toEqual([]);
    const alerts = quotewright('alerts', 'list', dir).stdout;
    expect(alerts).toMatch(/00:00:20\.0+Z WARNING CONNECTIVITY_ISSUE/u);
    expect(alerts).toMatch(/00:00:3\d\.\d+Z INFO CONNECTIVITY_ISSUE/u);
    expect(quotewright('journal', 'replay', dir).stdout).toContain('identical');
  });
});

describe('what cannot be', () => {
  const sample = ['--replay', 'tests'];

  it.each([
    [['--speed', '0'], 'expected a factor from 0.001'],
    [['--speed', '-2x'], 'expected a factor from 0.001'],
    [['--speed', 'fast'], 'expected a factor from 0.001'],
    [['--duration', '0s'], 'expected a duration such as 10m'],
    [['--duration', '105d'], 'at most 104 days'],
    [['--port', '65536'], 'expected a port from 0'],
    [['--port', '-1'], 'expected a port from 0'],
    [['--port', '80a'], 'expected a port from 0'],
    [['--no-server', '--port', '8080'], '--port: with --no-server nobody listens'],
    [['--server', 'none.yaml'], 'none.yaml'],
    [['--no-journal', '--keep', 'snapshots'], '--keep: with --no-journal nothing is kept'],
    [['--no-journal', '--durability', 'sync'], '--durability: with --no-journal nothing is kept'],
    [['--json', '--json-log'], '--json: found --json-log too'],
    [['--scenario', 'boom'], 'Allowed choices are calm, volatile'],
    [['--scenario', 'trend', '--market', 'examples/two-venues.yaml'], '--scenario: found'],
    [['--symbols', 'BTC-USD', '--market', 'examples/two-venues.yaml'], '--symbols: found --market too'],
    [[...sample, '--scenario', 'trend'], '--scenario: with --replay there is no living market'],
    [[...sample, '--symbols', 'BTC-USD'], '--symbols: with --replay there is no living market'],
    [[...sample, '--market', 'x.yaml'], '--market: with --replay there is no living market'],
    [[...sample, '--outage', '1s'], '--outage: with --replay there is no living market'],
    [['--replay', 'nowhere'], 'nowhere'],
    [['--replay', 'package.json'], 'package.json'],
    [['--seed', '1.5'], 'expected a whole number'],
    [['glft'], 'too many arguments'],
  ] as const)('%j is refused in one line, exit 2, and nothing is begun', async (args, words) => {
    const home = folder.fresh();
    const { status, stdout, stderr } = await start(['simulate', ...args], { QUOTEWRIGHT_HOME: home }).ended;
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(join(home, 'sessions'))).toBe(false);
  });
});

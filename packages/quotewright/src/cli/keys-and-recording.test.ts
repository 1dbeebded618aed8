/** The program itself: a vault by answers from a pipe; a doctor, a recording and its backtest at the local exchange. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const ARGUMENTS = ['-C', 'source', '--no-warnings', MAIN];
const folder = tempFolder();

function run(args: readonly string[], input = '', more: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, QUOTEWRIGHT_HOME: join(folder.path, 'home'), NO_COLOR: '1', ...more };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...ARGUMENTS, ...args], {
    input,
    env,
    cwd: folder.path,
  });
  return { status, out: stdout.toString(), err: stderr.toString() };
}

describe('quotewright secrets', () => {
  const KEY = 'k'.repeat(64);
  const SECRET = `hidden-${'s'.repeat(57)}`;

  test('keeps a key, shows its name, and never its value', () => {
    const made = run(['secrets', 'set', 'binance'], `a good password\na good password\n${KEY}\n${SECRET}\n\n\n`);
    expect(made).toMatchObject({ status: 0, out: 'binance: in the vault\n' });
    const listed = run(['secrets', 'list', '--json'], 'a good password\n');
    expect(JSON.parse(listed.out)).toMatchObject([{ name: 'binance', venue: 'binance', days: 0, isDue: false }]);
    const file = JSON.parse(readFileSync(join(folder.path, 'home/vault.json'), 'utf8'));
    expect(file.kdf).toMatchObject({ name: 'argon2id', memory: 65_536 });
    expect(file.kdf.passes).toBeGreaterThanOrEqual(3);
    const wrong = run(['secrets', 'remove', 'binance'], 'a wrong password\n');
    expect(wrong.status).toBe(2);
    expect(wrong.err).toContain('the password is wrong, or the file is damaged');
    const bad = run(['secrets', 'rotate', 'binance'], 'a good password\nshort\nhidden\n\n\n');
    expect(bad.status).toBe(2);
    for (const { out, err } of [made, listed, wrong, bad])
      expect(out + err).not.toMatch(/hidden|a good password|kkkk/u);
  });

  test('says what is missing', () => {
    const home = { QUOTEWRIGHT_HOME: join(folder.path, 'elsewhere') };
    expect(run(['secrets', 'list'], '', home)).toMatchObject({ status: 2 });
    expect(run(['secrets', 'list'], '', home).err).toContain("there is no vault; 'quotewright secrets set' makes one");
    expect(run(['secrets', 'set', 'nowhere'], '', home).err).toContain("venue: found 'nowhere', expected one of");
    expect(run(['secrets', 'set', 'binance'], 'only this\n', home).err).toContain('found the end of the input');
  });
});

describe('at the local exchange', () => {
  const venues = join(folder.path, 'venues.yaml');
  let exchange: ChildProcess;

  beforeAll(async () => {
    const args = [
      'exchange',
      '--port',
      '0',
      '--venues',
      'coinbase',
      '--coins',
      'BTC,ETH',
      '--seed',
      '6',
      '--write-venues',
      venues,
    ];
    exchange = spawn(process.execPath, [...ARGUMENTS, ...args], { stdio: 'ignore', cwd: folder.path });
    for (let i = 0; i < 600 && !existsSync(venues); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  }, 60_000);
  afterAll(() => void exchange.kill('SIGKILL'));

  test('the doctor finds all well, and fails where a key is missing', () => {
    const { status, out } = run(['doctor', '--venues', venues, '--json']);
    const { isHealthy, checks } = JSON.parse(out);
    expect(checks.filter(({ grade }: { grade: string }) => grade === 'fail')).toEqual([]);
    expect([status, isHealthy]).toEqual([0, true]);
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['way', 'ping', 'clock', 'key', 'rights', 'withdrawals', 'limits']),
    );
    const broken = join(folder.path, 'broken.yaml');
    writeFileSync(broken, readFileSync(venues, 'utf8').replace(/dir: .*/u, 'dir: /nowhere'));
    const failed = run(['doctor', '--venues', broken]);
    expect(failed.status).toBe(1);
    expect(failed.out).toMatch(/^FAIL {2}coinbase key: .*found nothing/mu);
  });

  test('what is recorded is backtested without conversion', () => {
    const args = [
      'record',
      '--venue',
      'coinbase',
      '--symbols',
      'BTC-USD,ETH-USD',
      '--venues',
      venues,
      '--out',
      'rec',
      '--duration',
      '4s',
    ];
    const recorded = run(args);
    expect(recorded.err).toContain('connected to');
    expect(recorded.status).toBe(0);
    const events = Number(/, (\d+) events in 2 Parquet files, 2 gaps$/mu.exec(recorded.out)?.[1]);
    const inspected = JSON.parse(run(['data', 'inspect', 'rec', '--json']).out);
    expect(inspected.events).toBe(events);
    expect(inspected.report?.badRows ?? 0).toBe(0);
    const { status, out } = run(['backtest', 'basic-maker', 'rec', '--json', '--no-bounds']);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toHaveProperty('strategy');
    expect(run([...args.slice(0, 4), 'NO-SUCH', ...args.slice(5)]).err).toContain(
      'coinbase:NO-SUCH: the venue lists no such',
    );
  });
});

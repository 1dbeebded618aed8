/** The kill switch and the other commands to a session that runs in a process of its own. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { auditLines } from '../packages/quotewright/src/audit/testing/audit-lines.ts';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { SIMULATE, UNHURRIED, type Ran, quotewright, quotewrightBeside } from './support/command.ts';
import { type Started, start } from './support/session.ts';

const folder = tempFolder();
const LONG = { timeout: 90_000, interval: 20 };

interface Session extends Started {
  readonly dir: string;
}

/** A session that would go on for long. */
async function session(): Promise<Session> {
  const dir = join(folder.fresh(), 'session');
  const begun = start([
    ...SIMULATE,
    ...UNHURRIED,
    '--strategy',
    'grid',
    '--symbols',
    'BTCUSDT,ETHUSDT',
    '--duration',
    '2000h',
    '--journal',
    dir,
  ]);
  const isQuoting = async (): Promise<boolean> => {
    if (!existsSync(join(dir, 'control.sock'))) return false;
    const { stdout } = await quotewrightBeside('risk', 'show', dir, '--json');
    return /"openOrders":[1-9]/.test(stdout);
  };
  await vi.waitUntil(isQuoting, LONG);
  return { ...begun, dir };
}

async function interrupted({ child, ended }: Session): Promise<Ran> {
  child.kill('SIGINT');
  return ended;
}

describe('a session in another process', () => {
  it('is killed by command: everything is cancelled, confirmed and audited', async () => {
    const running = await session();
    const { dir } = running;
    const killed = quotewright('kill', dir);
    expect([killed.status, killed.stderr]).toEqual([0, '']);
    expect(killed.stdout).toMatch(/trading is halted, orders confirmed to be gone: [1-9]/);
    const shown = quotewright('risk', 'show', dir).stdout;
    expect(shown).toContain('state: HALTED');
    expect(shown).toContain('open orders: 0');
    expect(quotewright('risk', 'set', dir, 'max_order_size', '0.5').stdout).toBe(
      'max_order_size global: 1 → 0.5 base\n',
    );
    expect(quotewright('risk', 'state', dir, 'reducing').stdout).toBe('state: HALTED → REDUCING\n');
    expect(quotewright('risk', 'trip', dir).stdout).toContain('CLOSED → OPEN');
    const alerts = quotewright('alerts', 'list', dir, '--type', 'RISK_STATE').stdout;
    const [, number = ''] = /RISK_STATE ACTIVE → HALTED #(\d+)/.exec(alerts) ?? [];
    expect(quotewright('alerts', 'ack', dir, number).status).toBe(0);
    expect(quotewright('alerts', 'list', dir, '--type', 'RISK_STATE').stdout).toMatch(
      /ACTIVE → HALTED #\d+ \(acknowledged by /,
    );
    expect((await interrupted(running)).status).toBe(130);
    const said = (await auditLines(dir)).map(({ what, who }) => `${what} ${who.role}`);
    expect(said).toEqual([
      'audit.created session',
      'session.start session',
      'kill quotewright kill',
      'kill.outcome quotewright kill',
      'limit.set quotewright risk set',
      'state.set quotewright risk state',
      'breaker.trip quotewright risk trip',
      'alert.acknowledge quotewright alerts ack',
      'session.end session',
    ]);
    expect(quotewright('audit', 'verify', dir).stdout).toMatch(/: 9 lines in 1 files, whole; anchor 9:[0-9a-f]{64}\n$/);
  });

  it('is killed by the signal, and by the file', async () => {
    const running = await session();
    const { child, said, dir } = running;
    child.kill('SIGUSR2');
    await vi.waitUntil(() => said.stderr.includes('kill switch (signal SIGUSR2): trading is halted'), LONG);
    expect(quotewright('risk', 'state', dir, 'active').stdout).toBe('state: HALTED → ACTIVE\n');
    writeFileSync(join(dir, 'KILL'), '');
    await vi.waitUntil(() => said.stderr.includes('kill switch (file KILL): trading is halted'), LONG);
    const refused = quotewright('risk', 'state', dir, 'active');
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('remove it first');
    rmSync(join(dir, 'KILL'));
    expect(quotewright('risk', 'state', dir, 'active').stdout).toBe('state: HALTED → ACTIVE\n');
    await interrupted(running);
  });

  it('that has ended is said to have, and nothing is left for it', () => {
    const dir = folder.fresh();
    expect(quotewright(...SIMULATE, '--duration', '5s', '--journal', dir).status).toBe(0);
    const { status, stdout, stderr } = quotewright('kill', dir);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe(`quotewright: ${dir}: the session has ended (over): there is nothing to halt\n`);
    expect(existsSync(join(dir, 'KILL'))).toBe(false);
  });

  it('that is gone leaves nothing confirmed, and when it comes back it is halted', async () => {
    const running = await session();
    const { child, dir, ended } = running;
    child.kill('SIGKILL');
    await ended;
    const killed = quotewright('kill', dir);
    expect([killed.status, killed.stdout]).toEqual([1, '']);
    expect(killed.stderr).toContain('no session runs there, nothing is confirmed');
    const again = start([...SIMULATE, '--journal', dir]);
    await vi.waitUntil(() => again.said.stderr.includes('kill switch (file KILL): trading is halted'), LONG);
    expect(quotewright('risk', 'show', dir).stdout).toContain('state: HALTED');
  });

  it('that hangs is halted as soon as it can be', async () => {
    const { child, dir, said } = await session();
    child.kill('SIGSTOP');
    const killed = quotewright('kill', dir, '--wait', '500ms');
    expect([killed.status, killed.stdout]).toEqual([1, '']);
    expect(killed.stderr).toContain('the session did not answer in time, nothing is confirmed');
    child.kill('SIGCONT');
    await vi.waitUntil(() => said.stderr.includes('kill switch (file KILL): trading is halted'), LONG);
  });

  it('does not share its folder', async () => {
    const { dir } = await session();
    const other = quotewright(...SIMULATE, '--journal', dir);
    expect(other.status).toBe(2);
  });

  it.each([
    [['kill', '/nonexistent'], '/nonexistent: found nothing, expected the folder of a session'],
    [['kill', folder.path], 'found a folder without audit log'],
    [['kill', folder.path, '--wait', 'long'], 'expected a duration'],
    [['risk', 'show', '/nonexistent'], '/nonexistent: found nothing'],
    [['risk', 'set', folder.path, 'max_order_size', 'big'], 'expected a number from 0, or null'],
    [['risk', 'set', folder.path, 'max_order_size', '-1'], 'error: '],
    [['risk', 'state', folder.path, 'asleep'], 'expected active, reducing, halted'],
    [['audit', 'verify', folder.path], 'found no audit log'],
    [['audit', 'verify', folder.path, '--anchor', '1:x'], 'expected the number and the hash'],
    [['audit', 'show', '/nonexistent'], 'found no audit log'],
  ] as const)('is asked wrongly by %j: one line, exit 2', (args, words) => {
    const { status, stdout, stderr } = quotewright(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder.path, 'KILL'))).toBe(false);
  });
});

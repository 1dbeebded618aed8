import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { Lease } from './lease.ts';

const temp = tempFolder();

test('a lease that is held cannot be taken, one that was given back can, with the next epoch', () => {
  const folder = join(temp.fresh(), 'new');
  const first = Lease.acquire(folder);
  expect(first.renew()).toBe(true);
  expect(() => Lease.acquire(folder)).toThrow(`process ${process.pid} on ${hostname()} trades this session`);
  first.release();
  expect(first.renew()).toBe(false);
  const second = Lease.acquire(folder);
  expect([first.epoch, second.epoch]).toEqual([1, 2]);
  expect(readdirSync(folder)).toEqual(['lease-2.json']);
});

test('a lease whose folder is gone is lost, and there is nothing to give back', () => {
  const folder = join(temp.fresh(), 'gone');
  let nowMs = 0;
  const lease = Lease.acquire(folder, { ttlMs: 1000, clock: () => nowMs });
  rmSync(folder, { recursive: true });
  nowMs = 900;
  expect([lease.renew(), lease.renew()]).toEqual([false, false]);
  expect(lease.loss).toContain('the lease of the session cannot be renewed: ENOENT');
  lease.release();
});

test('a holder that was suspended finds that its time is over, and that another has taken it', () => {
  const folder = temp.fresh();
  let nowMs = 0;
  const paused = Lease.acquire(folder, { ttlMs: 1000, clock: () => nowMs });
  nowMs = 900;
  expect(paused.renew()).toBe(true);
  // The process stands still; its sign of life grows old.
  nowMs = 5000;
  utimesSync(join(folder, 'lease-1.json'), 1, 1);
  const other = Lease.acquire(folder, { ttlMs: 1000, clock: () => nowMs });
  expect([paused.renew(), paused.renew()]).toEqual([false, false]);
  expect(other.renew()).toBe(true);
  // The loser does not take the winner's lease away when it ends.
  paused.release();
  expect(() => Lease.acquire(folder, { ttlMs: 1000 })).toThrow('only one may');
});

test('the lease of a process that was killed is free at once', async () => {
  const folder = temp.fresh();
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const text = JSON.stringify({ pid: child.pid, host: hostname(), since: 'now' });
  writeFileSync(join(folder, 'lease-7.json'), text);
  expect(() => Lease.acquire(folder)).toThrow(`process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(Lease.acquire(folder).epoch).toBe(8);
});

test('nobody has to wait until the system has cleared away who was killed a moment ago', async () => {
  const threads = `
    import { Worker } from 'node:worker_threads';
    for (let i = 0; i < 3; i++) new Worker('for (;;);', { eval: true });
    console.log('busy');`;
  const busy = spawn(process.execPath, ['--input-type=module', '-e', threads]);
  await once(busy.stdout, 'data');
  for (const child of [spawn('sleep', ['60']), busy]) {
    const folder = temp.fresh();
    writeFileSync(join(folder, 'lease-7.json'), JSON.stringify({ pid: child.pid, host: hostname(), since: 'now' }));
    child.kill('SIGKILL');
    // This process has not asked yet how it ended: a signal would still be accepted.
    expect(process.kill(child.pid!, 0)).toBe(true);
    expect(Lease.acquire(folder).epoch).toBe(8);
  }
});

test('a process that stands still holds its lease', () => {
  const folder = temp.fresh();
  const child = spawn('sleep', ['60']);
  writeFileSync(join(folder, 'lease-7.json'), JSON.stringify({ pid: child.pid, host: hostname(), since: 'now' }));
  child.kill('SIGSTOP');
  expect(() => Lease.acquire(folder)).toThrow('only one may');
  child.kill('SIGKILL');
});

test('a holder on another machine, and a file that cannot be read, count until they are silent', () => {
  for (const text of ['{"pid":1,"host":"elsewhere","since":"x"}', '{"pid', '']) {
    const folder = temp.fresh();
    writeFileSync(join(folder, 'lease-3.json'), text);
    expect(() => Lease.acquire(folder)).toThrow('only one may');
    utimesSync(join(folder, 'lease-3.json'), 1, 1);
    expect(Lease.acquire(folder).epoch).toBe(4);
  }
});

test('of processes that race for it one wins', async () => {
  const folder = temp.fresh();
  const script = `
    import { Lease } from ${JSON.stringify(join(import.meta.dirname, 'lease.ts'))};
    // The winner gives no sign of life, and on a busy machine the last one comes late.
    try { Lease.acquire(${JSON.stringify(folder)}, { ttlMs: 600_000 }); console.log('won'); setTimeout(() => {}, 60_000); }
    catch { console.log('lost'); }`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['-C', 'source', '--input-type=module', '-e', script], { cwd: import.meta.dirname }),
  );
  const answers = await Promise.all(
    children.map(async (child) => {
      child.stdout.setEncoding('utf8');
      const [text] = await once(child.stdout, 'data');
      return String(text).trim();
    }),
  );
  for (const child of children) child.kill('SIGKILL');
  expect(answers.toSorted()).toEqual(['lost', 'lost', 'lost', 'won']);
});

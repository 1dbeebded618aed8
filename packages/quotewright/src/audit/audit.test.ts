/** The audit log: its chain over segments and writers, what shows in it, and what never gets into it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, asyncProperty, constantFrom, nat } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { AuditLog } from './audit-log.ts';
import { verifyAudit } from './audit-read.ts';
import { Redactor } from './redactor.ts';
import { auditLines } from './testing/audit-lines.ts';

const folder = tempFolder();

/** A log of so many entries, with small segments. */
function logOf(entries: number, maxBytes = 1000): string {
  const dir = folder.fresh();
  const log = new AuditLog({ dir, role: 'test', maxBytes });
  for (let i = 1; i <= entries; i++) {
    log.note({ what: 'limit.set', subject: `max_order_size ünï→${i}`, before: i, after: i === 3 ? null : i + 1 });
  }
  return dir;
}

const segment = (dir: string, number: number): string => join(dir, 'audit', `audit-00000${number}.jsonl`);
const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
const faultsOf = async (dir: string): Promise<readonly string[]> => (await verifyAudit(dir)).faults;

describe('the audit log', () => {
  it('is whole over its segments, and tells who did what, from what to what', async () => {
    const dir = logOf(12);
    const verdict = await verifyAudit(dir);
    expect(verdict.faults).toEqual([]);
    expect(verdict.lines).toBe(13);
    expect(verdict.segments).toBeGreaterThan(2);
    const lines = await auditLines(dir);
    expect(lines.map(({ n }) => n)).toEqual(Array.from({ length: 13 }, (_, i) => i + 1));
    expect(lines[0]!.what).toBe('audit.created');
    expect(lines[3]).toMatchObject({
      what: 'limit.set',
      before: 3,
      after: null,
      who: { pid: process.pid, role: 'test' },
    });
  });

  it('shows the removal, the change and the moving of any line', async () => {
    await assert(
      asyncProperty(constantFrom('remove', 'change', 'swap', 'repeat'), nat(), async (act, at) => {
        const dir = logOf(8, 1e6);
        const path = segment(dir, 1);
        const lines = linesOf(path);
        const i = at % lines.length;
        if (act === 'remove') lines.splice(i, 1);
        else if (act === 'change') lines[i] = lines[i]!.replace('"pid":', '"pid":1');
        else if (act === 'repeat') lines.splice(i, 0, lines[i]!);
        else {
          const j = (i + 1) % lines.length;
          [lines[i], lines[j]] = [lines[j]!, lines[i]!];
        }
        writeFileSync(path, `${lines.join('\n')}\n`);
        expect(await faultsOf(dir)).not.toEqual([]);
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it('shows any cut at the end, to the byte', async () => {
    const dir = logOf(5, 1e6);
    const path = segment(dir, 1);
    const whole = readFileSync(path);
    for (const cut of [1, 2, 50, 300, whole.length]) {
      truncateSync(path, whole.length - cut);
      expect(await faultsOf(dir), `${cut} bytes`).not.toEqual([]);
      writeFileSync(path, whole);
    }
    expect(await faultsOf(dir)).toEqual([]);
  });

  it.each([
    ['a segment in the middle is gone', (dir: string) => rmSync(segment(dir, 2)), 'a segment is missing'],
    ['the first segment is gone', (dir: string) => rmSync(segment(dir, 1)), 'found segment 2, expected 1'],
    ['the head is gone', (dir: string) => rmSync(join(dir, 'audit', 'audit.head.json')), 'expected the head'],
    ['something else writes', (dir: string) => appendFileSync(segment(dir, 1), 'hello\n'), 'is no audit line'],
  ] as const)('says that %s', async (_, harm, words) => {
    const dir = logOf(12);
    harm(dir);
    expect((await faultsOf(dir)).join('\n')).toContain(words);
  });

  it('is told from one that was written anew by an anchor kept elsewhere', async () => {
    const { head } = await verifyAudit(logOf(4));
    const other = logOf(9);
    expect((await verifyAudit(other)).faults).toEqual([]);
    expect((await verifyAudit(other, head)).faults.join()).toContain('expected the anchor');
    const mine = logOf(4);
    const kept = (await verifyAudit(mine)).head;
    new AuditLog({ dir: mine, role: 'test' }).note({ what: 'later' });
    expect((await verifyAudit(mine, kept)).faults).toEqual([]);
  });

  it('finishes the line of a writer that died while it wrote, wherever it stopped', async () => {
    for (const left of [0, 1, 40]) {
      const dir = logOf(3, 1e6);
      const path = segment(dir, 1);
      const lines = linesOf(path);
      const before = Buffer.byteLength(`${lines.slice(0, -1).join('\n')}\n`);
      truncateSync(path, before + left);
      new AuditLog({ dir, role: 'test' }).note({ what: 'after' });
      expect(await faultsOf(dir)).toEqual([]);
      expect(linesOf(path).slice(0, -1)).toEqual(lines);
    }
  });

  it('does not go on after a log that was tampered with at its end', async () => {
    const dir = logOf(3, 1e6);
    appendFileSync(segment(dir, 1), '{"n":5}\n');
    expect(() => new AuditLog({ dir, role: 'test' }).note({ what: 'after' })).toThrow('that its head tells of');
    rmSync(join(dir, 'audit', 'audit.head.json'));
    expect(() => new AuditLog({ dir, role: 'test' }).note({ what: 'after' })).toThrow('lines without their head');
  });

  it('stays one chain when processes write at the same time', async () => {
    const dir = folder.fresh();
    const script = `import { AuditLog } from ${JSON.stringify(fileURLToPath(new URL('audit-log.ts', import.meta.url)))};
      const log = new AuditLog({ dir: process.argv[1], role: process.argv[2], maxBytes: 2000 });
      for (let i = 0; i < 15; i++) log.note({ what: 'x', after: i });`;
    const children = ['a', 'b', 'c'].map((role) =>
      spawn(process.execPath, ['--input-type=module', '-e', script, dir, role], { stdio: 'inherit' }),
    );
    for (const [code] of await Promise.all(children.map((child) => once(child, 'close')))) expect(code).toBe(0);
    expect(await faultsOf(dir)).toEqual([]);
    const lines = await auditLines(dir);
    for (const role of ['a', 'b', 'c']) {
      const own = lines.filter(({ what, who }) => what === 'x' && who.role === role).map(({ after }) => after);
      expect(own).toEqual(Array.from({ length: 15 }, (_, i) => i));
    }
  });

  it('holds no secret, whatever it is called and wherever it stands', () => {
    const dir = folder.fresh();
    const redactor = new Redactor();
    const secret = 'p4ss"wörd/ with\\all';
    redactor.register(secret);
    const log = new AuditLog({ dir, role: 'test', redactor });
    log.note({
      what: 'config.read',
      subject: `url https://x/?k=${encodeURIComponent(secret)}`,
      before: { apiKey: 'unknown-value-1', nested: [{ webhook_secret: 'unknown-value-2' }], [secret]: 1 },
      after: JSON.stringify({ basic: Buffer.from(secret).toString('base64'), plain: secret }),
    });
    const text = readFileSync(segment(dir, 1), 'utf8') + readFileSync(join(dir, 'audit', 'audit.head.json'), 'utf8');
    for (const each of ['p4ss', 'unknown-value', Buffer.from(secret).toString('base64')])
      expect(text).not.toContain(each);
    expect(text).toContain('[redacted]');
  });

  it('is not found where there is none, and nothing is made by looking', async () => {
    const dir = folder.fresh();
    await expect(verifyAudit(dir)).rejects.toThrow('found no audit log');
    expect(existsSync(join(dir, 'audit'))).toBe(false);
  });
});

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ReadReport } from '../data/report.ts';
import { tempFolder } from '../data/testing/files.ts';
import { newCheck } from '../data/verdict.ts';
import { verdictText } from './book.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const folder = tempFolder();

function quotewright(...args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-C', 'source', main, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' },
  });
  return { code: status, out: stdout, err: stderr };
}

const MESSAGES = 'X_2012-06-21_34200000_57600000_message_1.csv';
function sample(secondRow: string): string {
  folder.write(MESSAGES.replace('message', 'orderbook'), `1010000,50,1000000,100\n${secondRow}\n`);
  return folder.write(MESSAGES, '34200.1,1,1,100,1000000,1\n34200.2,1,2,30,1000000,1\n');
}

describe('quotewright book verify', () => {
  it('prints each check, and exits 0 when the book agrees', () => {
    const { code, out, err } = quotewright('book', 'verify', sample('1010000,50,1000000,130'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/one step: .*│ +1 │ +1 │ +0 │ +0 │/);
    expect(out).toContain('the book agrees with the recording');
  });

  it('fits into 80 columns and cuts no count', () => {
    const check = newCheck('one step: message applied to the book row before gives the book row after');
    check.made = 1_234_567_890;
    check.matched = 1_234_567_889;
    check.mismatched = 1;
    const report = new ReadReport('x', false);
    const text = stripVTControlCharacters(verdictText({ format: 'x', path: 'x', checks: [check], notes: [], report }));
    expect(text).toContain('│ 1,234,567,890 │ 1,234,567,889 │          1 │         0 │');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(80);
    const names = [...text.matchAll(/^│ ([^│]*) │/gm)].map(([, name]) => name!.trimEnd());
    expect(names.slice(1).join(' ')).toBe(check.name);
  });

  it('exits 1 on a mismatch, with the first one in full', () => {
    const { code, out } = quotewright('book', 'verify', sample('1010000,50,1000000,131'));
    expect(code).toBe(1);
    expect(out).toContain(
      'line 2: message 34200.2,1,2,30,1000000,1: expected asks 50@1010000, bids 130@1000000; recorded',
    );
  });

  it('exits 1 when nothing could be checked, and says so', () => {
    folder.write(MESSAGES.replace('message', 'orderbook'), '1010000,50,1000000,100\n');
    const one = folder.write(MESSAGES, '34200.1,1,1,100,1000000,1\n');
    const { code, out, err } = quotewright('book', 'verify', one);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^nothing was checked: /);
    expect(out).not.toContain('agrees');
    const json = quotewright('book', 'verify', '--json', one);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, checks: [{ made: 0 }, { made: 0 }] });
  });

  it('prints JSON for machines', () => {
    const { code, out } = quotewright('book', 'verify', '--json', sample('1010000,50,1000000,131'));
    expect(code).toBe(1);
    const verdict: unknown = JSON.parse(out);
    expect(verdict).toMatchObject({
      format: 'lobster',
      ok: false,
      rows: 2,
      gaps: 0,
      checks: [
        { made: 1, matched: 0, mismatched: 1, explained: {} },
        { made: 0, first: null },
      ],
    });
  });

  it.each([
    [['book', 'verify', 'absent.csv'], 'absent.csv: no such file'],
    [['book', 'verify', '--format', 'morse', 'absent.csv'], "--format: found 'morse', expected one of "],
    [['book', 'verify', '--nonsense', 'x'], "unknown option '--nonsense'"],
    [['book', 'verify'], "missing required argument 'file'"],
  ])('%j is bad input: one line and exit code 2', (args, message) => {
    const { code, out, err } = quotewright(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

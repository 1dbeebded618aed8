/** `quotewright data …` as a person runs it: the real launcher, real files, exit codes and what is printed. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';

const LAUNCHER = 'packages/quotewright/bin/quotewright.js';
const directory = mkdtempSync(join(tmpdir(), 'quotewright-data-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const T = 1_700_000_000_000_000;

function quotewright(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** A Tardis book whose prices never cross: bids below 600, asks above. */
function tardisBook(rows: number): string {
  const lines = ['exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount'];
  for (let i = 0; i < rows; i++) {
    const us = T + i * 40;
    const price = i % 2 === 0 ? 599 - (i % 97) : 601 + (i % 89);
    lines.push(`deribit,BTC-PERPETUAL,${us},${us + 900},${i < 50},${i % 2 === 0 ? 'bid' : 'ask'},${price}.5,${i % 31}`);
  }
  return `${lines.join('\n')}\n`;
}

describe('data inspect and validate', () => {
  const good = file('good.csv.gz', gzipSync(tardisBook(3000)));
  const bad = file('bad.csv', `${tardisBook(100)}deribit,BTC-PERPETUAL,${T},${T},false,bid,1.55,1\n`);

  it('say what a recording holds, within 80 columns', () => {
    const { status, stdout, stderr } = quotewright('data', 'inspect', good);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('3,000 rows, 0 of them bad; 3,002 events of 1 instrument');
    expect(stdout).toContain('tick 0.1, lot 1');
    expect(stdout).toContain('median 900 µs');
    expect(stdout).toContain('no problems found');
    for (const line of stdout.split('\n').slice(1)) expect(line.trimEnd().length).toBeLessThanOrEqual(80);
  });

  it('exit 0 on a good recording, 1 on problems, 2 on bad input', () => {
    expect(quotewright('data', 'validate', good).status).toBe(0);
    const found = quotewright('data', 'validate', bad, '--tick', '0.1');
    expect(found.status).toBe(1);
    expect(found.stdout).toContain('price off the tick grid');
    expect(found.stdout).toContain('line 102: 1.55');
    const strict = quotewright('data', 'validate', bad, '--tick', '0.1', '--strict');
    expect([strict.status, strict.stdout]).toEqual([2, '']);
    expect(strict.stderr).toBe(`quotewright: ${bad}:102: price off the tick grid: found '1.55'\n`);
  });

  it('say in one line what is wrong with the input', () => {
    const cases: [string[], RegExp][] = [
      [['data', 'inspect', join(directory, 'none')], /none: no such file$/],
      [['data', 'inspect', file('empty', '')], /empty: is empty$/],
      [['data', 'inspect', file('noise', 'no table at all')], /format not recognised/],
      [['data', 'inspect', good, '--format', 'nonsense'], /--format: found 'nonsense'/],
      [['data', 'inspect', good, '--tick', 'zero'], /tick: step 'zero' is not a positive decimal/],
      [['data', 'inspect', file('cut.gz', readFileSync(good).subarray(0, -20))], /cut\.gz/],
      [['data', 'inspect', good, '--mapping', join(directory, 'no.yaml')], /--mapping .*no\.yaml: ENOENT/],
      [['data', 'inspect', mkdtempSync(join(directory, 'hollow-'))], /without \.parquet files$/],
    ];
    for (const [args, expected] of cases) {
      const { status, stderr, stdout } = quotewright(...args);
      expect(stderr).toMatch(/^quotewright: [^\n]*\n$/);
      expect(stderr.trimEnd()).toMatch(expected);
      expect([status, stdout]).toEqual([2, '']);
    }
  });

  it('print JSON for machines', () => {
    const { status, stdout } = quotewright('data', 'validate', bad, '--tick', '0.1', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'tardis',
      rows: 101,
      ok: false,
      bad: { 'price off the tick grid': { count: 1, firstLine: 102 } },
    });
  });

  it('read a CSV by a mapping', () => {
    const csv = file('own.csv', 'when,b,bq,a,aq\n1700000000,10.5,1,10.6,2\n');
    const mapping = file(
      'own.yaml',
      'time: { column: when, unit: s }\nquote: { bid: { price: b, size: bq }, ask: { price: a, size: aq } }\n',
    );
    expect(quotewright('data', 'inspect', csv).status).toBe(2);
    const { status, stdout } = quotewright('data', 'inspect', csv, '--mapping', mapping, '--symbol', 'ABC-USD');
    expect(status).toBe(0);
    expect(stdout).toContain('ABC-USD');
  });
});

/** Kinds and venue times of every instrument, as `data inspect` counts them. */
function eventsOf(path: string, ...more: string[]): unknown {
  const value: { instruments: { kinds: unknown; venueTime: unknown }[] } = JSON.parse(
    quotewright('data', 'inspect', path, '--json', ...more).stdout,
  );
  return value.instruments.map(({ kinds, venueTime }) => ({ kinds, venueTime }));
}

describe('data convert', () => {
  const source = file('book.csv', tardisBook(5000));
  it('goes to every format and back without a change', () => {
    const expected = eventsOf(source);
    for (const [to, name] of [
      ['parquet', 'parquet'],
      ['npz', 'x.npz'],
      ['npy', 'x.npy'],
      ['tardis-book', 'x.csv'],
    ] as const) {
      const out = join(directory, name);
      const { status, stdout, stderr } = quotewright('data', 'convert', source, out, '--to', to);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`${out}: 5,002 events`);
      expect(eventsOf(out, '--tick', '0.1', '--lot', '1')).toEqual(expected);
    }
    // What has been through Parquet is the same CSV in the end.
    const again = join(directory, 'again.csv');
    expect(quotewright('data', 'convert', join(directory, 'parquet'), again, '--to', 'tardis-book').status).toBe(0);
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(source, 'utf8'));
  });

  it('refuses what is there already, unless forced, and leaves nothing half done', () => {
    const out = file('taken.npy', 'precious');
    const refused = quotewright('data', 'convert', source, out, '--to', 'npy');
    expect([refused.status, refused.stderr]).toEqual([2, `quotewright: ${out}: exists already; --force replaces it\n`]);
    expect(readFileSync(out, 'utf8')).toBe('precious');
    const broken = file('broken.csv', `${tardisBook(200)}x\n`);
    const failed = quotewright('data', 'convert', broken, out, '--to', 'npy', '--force', '--strict');
    expect(failed.status).toBe(2);
    expect(readFileSync(out, 'utf8')).toBe('precious');
    expect(readdirSync(directory).filter((name) => name.includes('.part'))).toEqual([]);
    expect(quotewright('data', 'convert', source, out, '--to', 'npy', '--force').status).toBe(0);
    expect(readFileSync(out).subarray(1, 6).toString()).toBe('NUMPY');
    const unknown = quotewright('data', 'convert', source, join(directory, 'y'), '--to', 'xlsx');
    expect(unknown.stderr).toMatch(/--to: found 'xlsx', expected one of parquet, npz/);
    const nowhere = quotewright('data', 'convert', source, join(directory, 'no', 'such', 'x.npy'), '--to', 'npy');
    expect([nowhere.status, nowhere.stderr.split('\n').length]).toEqual([2, 2]);
    expect(existsSync(join(directory, 'no'))).toBe(false);
  });
});

describe('an interrupted convert', () => {
  it('leaves nothing behind', async () => {
    const long = file('long.csv', tardisBook(1_000_000));
    const out = join(directory, 'interrupted');
    const child = spawn(process.execPath, [LAUNCHER, 'data', 'convert', long, out, '--to', 'parquet'], {
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    const isUnderWay = (): boolean => readdirSync(directory).some((name) => name.startsWith('interrupted.'));
    while (!isUnderWay() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isUnderWay()).toBe(true);
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(readdirSync(directory).filter((name) => name.startsWith('interrupted'))).toEqual([]);
  });
});

/** Peak resident MiB of a child that does the work. */
function peak(code: string): number {
  const script = `
    import { peakMiB } from './packages/quotewright/src/data/testing/peak-rss.ts';
    ${code}
    process.stdout.write(String(peakMiB()));`;
  const args = ['--conditions=source', '--input-type=module', '-e', script];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: process.cwd() });
  expect([status, stderr.replaceAll(/^.*Warning.*\n?/gm, '').trim()]).toEqual([0, '']);
  return Number(stdout);
}

const read = (path: string): string => `
  import { openRecording } from './packages/quotewright/src/data/formats.ts';
  import { Watch } from './packages/quotewright/src/data/watch.ts';
  const recording = await openRecording(${JSON.stringify(path)});
  const watch = new Watch(false);
  for await (const batch of recording.batches()) watch.see(batch);`;

describe('memory', () => {
  it('does not grow with the file', () => {
    const block = tardisBook(120_000);
    const small = file('small.csv', block);
    // Twenty-fold: some 180 MB.
    const large = join(directory, 'large.csv');
    const body = block.slice(block.indexOf('\n') + 1);
    writeFileSync(large, block);
    for (let i = 1; i < 20; i++) writeFileSync(large, body, { flag: 'a' });
    const write = (path: string): string => `
      import { openRecording } from './packages/quotewright/src/data/formats.ts';
      import { convert } from './packages/quotewright/src/data/convert.ts';
      const recording = await openRecording(${JSON.stringify(path)});
      await convert(recording, ${JSON.stringify(join(directory, 'memory'))}, 'parquet', true, () => {});`;
    expect(peak(read(large)) - peak(read(small))).toBeLessThan(64);
    expect(peak(write(large)) - peak(write(small))).toBeLessThan(192);
  });
});

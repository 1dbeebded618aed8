/**
 * `quotewright book …` as a person runs it: the real launcher, recordings of real venues, exit codes, what is printed. What
 * the books of `show` must hold was computed from the recordings by a few lines of Python with exact decimals.
 */
import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedData, tempFolder } from '../packages/quotewright/src/data/testing/files.ts';

const LAUNCHER = 'packages/quotewright/bin/quotewright.js';
const folder = tempFolder();

function quotewright(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, 'book', ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 1 << 26,
  });
  return { status, stdout, stderr };
}

function show(...args: string[]): { books: unknown[] } {
  const { status, stdout, stderr } = quotewright('show', '--json', ...args);
  expect([status, stderr]).toEqual([0, '']);
  const value: { books: unknown[] } = JSON.parse(stdout);
  return value;
}

function cells(row: string | undefined): string[] | undefined {
  return row?.split(/ +/);
}

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

const MESSAGES = 'X_2012-06-21_34200000_57600000_message_1.csv';
/** Two messages in LOBSTER's format; the book row after the second one shows so many shares at the bid. */
function lobster(bidShares: number): string {
  folder.write(MESSAGES.replace('message', 'orderbook'), `1010000,50,1000000,100\n1010000,50,1000000,${bidShares}\n`);
  return folder.write(MESSAGES, '34200.1,1,1,100,1000000,1\n34200.2,1,2,30,1000000,1\n');
}

describe('book verify', () => {
  it('exits 0 when the book agrees, and prints a table of at most 80 columns', () => {
    const { status, stdout, stderr } = quotewright(
      'verify',
      sharedData('lobster/LOBSTER_SampleFile_GOOG_2012-06-21_5.zip'),
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/one step: .* 112,672 │ +112,672 │ +0 │ +0 │/);
    expect(stdout).toMatch(/the book agrees with the recording\n$/);
    expect(widest(stdout.replaceAll(/^[^┌│├└].*$/gm, ''))).toBe(80);
  });

  it('exits 1 when it does not', () => {
    expect(quotewright('verify', lobster(130)).status).toBe(0);
    const path = lobster(131);
    const { status, stdout, stderr } = quotewright('verify', path);
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/\n1 mismatch\n$/);
    const json = quotewright('verify', '--json', path);
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, checks: [{ made: 1, mismatched: 1 }, { made: 0 }] });
  });

  it('exits 2 on bad input, in one line', () => {
    for (const args of [
      ['verify', 'absent.csv'],
      ['verify', folder.write('noise', 'no')],
      ['verify'],
      ['nonsense', 'x'],
    ]) {
      const { status, stdout, stderr } = quotewright(...args);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});

describe('book show', () => {
  let binance = '';
  beforeAll(() => {
    binance = sharedData('binance_ws/spot_btcusdt_20240808.gz');
  });

  it('rebuilds an L2 book from a snapshot and diffs (Binance)', () => {
    expect(show(binance, '--levels', '5', '--fill', '10')).toMatchObject({
      format: 'binance',
      badRows: 0,
      gaps: 0,
      books: [
        {
          symbol: 'BTCUSDT',
          whole: true,
          sequence: 50_093_421_584,
          levels: { bids: 1209, asks: 2196 },
          asks: [
            { price: '61686.00', size: '2.293270' },
            { price: '61686.01', size: '0.000090' },
            { price: '61686.02', size: '0.454460', cumulative: '2.747820' },
            {},
            {},
          ],
          bids: [{ price: '61685.99', size: '1.008700' }, { price: '61685.98' }, { price: '61685.57' }, {}, {}],
          mid: '61685.995',
          microprice: '61685.9931',
          imbalance: expect.closeTo(-0.283_473_513_950_667_2, 14),
          depth: [
            { ticks: 10, bids: '1.118420', asks: '2.793320' },
            { ticks: 100, bids: '1.771970', asks: '2.793320' },
            { ticks: 1000, bids: '14.611110', asks: '6.746470' },
          ],
          fill: {
            size: '10.000000',
            buy: { complete: true, distanceTicks: 1762, worst: '61703.62', vwap: '61692.9812' },
            sell: { complete: true, distanceTicks: 599, worst: '61680.00', vwap: '61681.4246' },
          },
        },
      ],
    });
  });

  it('shows a whole L3 book whose prices run from 0.01 to 138,991,023.41 (Coinbase)', () => {
    const path = sharedData('coinbase_l3/btcusd_l3_snapshot_2026-08-07.json.gz');
    const { status, stdout } = quotewright('show', path, '--levels', '100000', '--fill', '1');
    expect(status).toBe(0);
    const rows = stdout.split('\n').filter((line) => /^(ask|bid) /.test(line));
    expect(rows.filter((row) => row.startsWith('ask'))).toHaveLength(27_019);
    expect(rows).toHaveLength(27_019 + 18_395);
    expect(cells(rows[0])).toEqual(['ask', '138991023.41', '0.00000238', '4415.89717203', '1', '110606']);
    expect(cells(rows[27_018])).toEqual(['ask', '64935.38', '0.08539002', '0.08539002', '3', '57420']);
    expect(cells(rows[27_019])).toEqual(['bid', '64934.31', '0.05362050', '0.05362050', '1', '1']);
    expect(cells(rows.at(-1))?.slice(0, 4)).toEqual(['bid', '0.01', '36613.56783093', '120600.69540717']);
    expect(stdout).toMatch(
      /^to buy +1\.00000000 at 64937\.7673 on average\n +to 64938\.94, 356 ticks from the touch$/m,
    );
    expect(stdout).toMatch(/^levels +18,395 bids, 27,019 asks; 110,606 orders$/m);
    expect(stdout).toMatch(/^microprice +64934\.7227$/m);
  });

  it('shows what is known of a book that is not whole, and says so (LOBSTER)', () => {
    const path = sharedData('lobster/LOBSTER_SampleFile_GOOG_2012-06-21_5.zip');
    const { status, stdout } = quotewright('show', path, '--levels', '1');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ask +564\.01 +200 +200 +2 +279859206\nbid +576\.60 +100 +100 +1 +24044439$/m);
    expect(stdout).toMatch(/^spread +-1,259 ticks, -12\.59 \(crossed or locked\)$/m);
    expect(stdout).toMatch(/^levels +854 bids, 1,100 asks; 7,987 orders$/m);
    expect(stdout).toMatch(/^state +no snapshot/m);
    expect(widest(stdout.slice(stdout.indexOf('\n') + 1))).toBeLessThanOrEqual(80);
  });

  it('shows one book of many, and compares its checksums (Kraken)', () => {
    const path = sharedData('wire/KRAKEN.jsonl.zst');
    expect(show(path, '--levels', '1').books).toHaveLength(10);
    const { books } = show(path, '--levels', '1', '--symbol', 'ADA/XBT');
    expect(books).toMatchObject([{ symbol: 'ADA/XBT', whole: true, checksums: { failed: 0 }, levels: { bids: 707 } }]);
  });

  it('says in one line what is wrong with the input', () => {
    const cases: [string[], RegExp][] = [
      [[binance, '--symbol', 'NOPE'], /--symbol: found 'NOPE', expected one of BTCUSDT$/],
      [[binance, '--levels', '0'], /'0' is invalid\. expected a whole number from 1 to 100000/],
      [[binance, '--levels', '100001'], /expected a whole number from 1 to 100000/],
      [[binance, '--levels', '2.5'], /expected a whole number from 1 to 100000/],
      [[binance, '--fill', '0'], /expected a decimal above zero/],
      [[binance, '--fill', '-1'], /expected a decimal above zero/],
      [[binance, '--fill', '0.0000001'], /expected a size in lots of 0\.000001 \(BTCUSDT\); it is off the grid$/],
      [[binance, '--tick', 'zero'], /tick: step 'zero' is not a positive decimal/],
      [[binance, '--format', 'morse'], /--format: found 'morse'/],
      [[folder.write('empty', '')], /empty: is empty$/],
      [
        [folder.write('cut.gz', gzipSync('1723161253937085768 {"stream":"x"}\n').subarray(0, 20))],
        /cut\.gz: gzip data/,
      ],
      [['absent'], /absent: no such file$/],
      [[], /missing required argument 'file'/],
    ];
    for (const [args, expected] of cases) {
      const { status, stdout, stderr } = quotewright('show', ...args);
      expect(stderr).toMatch(/^(quotewright|error): [^\n]*\n$/);
      expect(stderr.trimEnd()).toMatch(expected);
      expect([status, stdout]).toEqual([2, '']);
    }
  });
});

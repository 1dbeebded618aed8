/** `quotewright var`: the compiled command on files, good and bad. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertSchema } from '../packages/quotewright/src/alerts/alert.ts';
import { sharedData, tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { SIMULATE, quotewright } from './support/command.ts';
import { backtested, onlyLimits } from './support/risk-run.ts';

const folder = tempFolder();

function closes(): string {
  return sharedData('reference/aligned_daily_closes_9coins.csv');
}

interface Printed {
  readonly estimates: readonly {
    readonly method: string;
    readonly figures: readonly {
      readonly valueAtRisk: number;
      readonly shortfall: number;
      readonly components: number[];
    }[];
  }[];
  readonly backtests: readonly { readonly levels: readonly { readonly exceptions: number }[] }[];
  readonly stresses: readonly { readonly scenario: { readonly name: string }; readonly profit: number }[];
}

function json(...args: readonly string[]): Printed {
  const { status, stdout, stderr } = quotewright('var', ...args, '--json');
  expect([status, stderr]).toEqual([0, '']);
  // oxlint-disable-next-line no-unsafe-type-assertion -- what the command prints
  return JSON.parse(stdout) as Printed;
}

describe('var', () => {
  it('prints every method, the parts, a backtest and stress within 80 columns', () => {
    const options =
      '--positions btc=2000000,eth=-3,doge=1 --window 1990 --paths 1000 --stress --backtest --method'.split(' ');
    const { status, stdout, stderr } = quotewright('var', closes(), ...options, 'historical,filtered-garch,t-copula');
    expect([status, stderr]).toEqual([0, '']);
    for (const line of stdout.split('\n')) expect([line, line.length <= 80]).toEqual([line, true]);
    for (const word of ['historical', 't-copula', 'Kupiec', 'covid-2020-03-12', 'part of ES', 'DOGE']) {
      expect(stdout).toContain(word);
    }
  });

  it('is the same each time, and its parts add up', () => {
    const args = [closes(), '--positions', 'btc=1,sol=-20', '--stress'];
    const [first, second] = [json(...args), json(...args)];
    expect(second).toEqual(first);
    expect(first.estimates.map(({ method }) => method)).toContain('filtered-garch');
    for (const { figures } of first.estimates) {
      for (const { valueAtRisk, shortfall, components } of figures) {
        expect(components.reduce((sum, part) => sum + part, 0) / valueAtRisk).toBeCloseTo(1, 9);
        expect(shortfall).toBeGreaterThan(valueAtRisk);
      }
    }
    const [crash] = first.stresses;
    // 39.5 % of the bitcoin; SOL was not there yet, and moves as the median did.
    expect(crash!.profit).toBeCloseTo(-0.395 * 77_552.23 + 0.424 * 20 * 86.17, 1);
  });

  it("finds the reference's exceptions of the last days, and applies a user's scenario", () => {
    const file = folder.write('own.yaml', 'scenarios:\n  mine:\n    moves: { btc: -100.0 }\n');
    expect(quotewright('var', closes(), '--positions', 'btc=1', '--stress', file).stderr).toContain(
      'scenarios.mine.moves.btc: expected a percentage above -100',
    );
    folder.write('own.yaml', 'scenarios:\n  mine:\n    moves: { btc: -50 }\n    spreadTimes: 10\n');
    const options = '--positions btc=1 --method historical --level 95,99 --window 250 --backtest --stress'.split(' ');
    const { backtests, stresses } = json(closes(), ...options, file);
    expect(backtests[0]!.levels.map(({ exceptions }) => exceptions)).toEqual([93, 23]);
    expect(stresses.find(({ scenario: { name } }) => name === 'mine')!.profit).toBeCloseTo(-0.5 * 77_552.23, 6);
  });

  it.each([
    ['nothing.csv', ['--positions', 'a=1'], 'nothing.csv'],
    ['Date,A\n', ['--positions', 'a=1'], 'prices: found 0 rows that all assets have, expected 3 or more'],
    ['Date,A\n2024-01-01,1\n', ['--positions', 'a=1'], 'prices: found 1 rows'],
    [
      'Date,A\n2024-01-01,1\n2024-01-02,0\n2024-01-03,1\n',
      ['--positions', 'a=1'],
      ":3: A: found '0', expected a price",
    ],
    ['Date,A\n2024-01-01,1\n2024-01-02,NaN\n2024-01-03,1\n', ['--positions', 'a=1'], ":3: A: found 'NaN', expected"],
    [
      'Date,A\n2024-01-01,1\n2024-01-02,2\n2024-01-03,1\n',
      ['--positions', 'b=1'],
      "positions: found 'b', expected one of A",
    ],
    [
      'Date,A\n2024-01-01,1\n2024-01-02,2\n2024-01-03,1\n',
      ['--positions', 'a=x'],
      "positions: found 'a=x', expected NAME=UNITS",
    ],
    [
      'Date,A\n2024-01-01,1\n2024-01-02,2\n2024-01-03,1\n',
      ['--positions', 'a=1', '--backtest'],
      'window: found 500, expected from 2 to 1',
    ],
    [
      'Date,A\n2024-01-01,1\n2024-01-02,2\n2024-01-03,1\n',
      ['--positions', 'a=1', '--horizon', '9', '--overlapping'],
      'found 3 rows that all assets have, expected 11',
    ],
    ['Date,A\n', ['--positions', 'a=1', '--method', 'magic'], "found 'magic', expected all, or some of historical"],
    ['Date,A\n', ['--positions', 'a=1', '--level', '40'], "found '40', expected levels above 0.5"],
    ['Date,A\n', ['--positions', 'a=1', '--stress', 'none.yaml'], 'none.yaml'],
    ['Date,A\n', [], "required option '--positions <list>' not specified"],
  ] as const)('says in one line what is wrong with %j %j, and exits 2', (text, options, words) => {
    const file = text.endsWith('.csv') ? text : folder.write('prices.csv', text);
    const { status, stdout, stderr } = quotewright('var', file, ...options);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('simulate with value at risk watched', () => {
  it('raises VAR_BREACH above the limit and reduces; a journal replays it; without a limit it trades on', () => {
    const watched = 'var: { sample: 1s, every: 2s, horizon: 1m, window: 60, minReturns: 10, method: monte-carlo }\n';
    const bound = folder.write('bound.yaml', `limits: { global: { max_var: 0.01 } }\n${watched}`);
    const free = folder.write('free.yaml', `limits: { global: { max_var: null } }\n${watched}`);
    const journal = join(folder.path, 'journal');
    const args = [...SIMULATE, '--strategy', 'basic-maker', '--symbols', 'BTCUSDT,ETHUSDT', '--duration', '40s'];
    const breached = quotewright(...args, '--risk', bound, '--journal', journal);
    expect([breached.status, breached.stderr]).toEqual([0, '']);
    expect(breached.stdout).toMatch(/risk: REDUCING; alerts: .*VAR_BREACH/);
    const replayed = quotewright('journal', 'replay', journal);
    expect([replayed.status, replayed.stdout.includes('identical')]).toEqual([0, true]);
    const trading = quotewright(...args, '--risk', free);
    expect(trading.stdout).toContain('risk: ACTIVE');
    expect(trading.stdout).not.toContain('VAR_BREACH');
  });
});

describe('backtest with value at risk watched', () => {
  const watched = { sample: '1s', every: '2s', horizon: '1m', window: 60, minReturns: 10, method: 'monte-carlo' };
  const feeds = [{ seconds: 40, at: (second: number) => ({ mid: 60_000 + 5 * (Math.floor(second) % 3) }) }];
  const run = (limit: number, flags: readonly string[] = []) =>
    backtested({
      folder,
      params: { mode: 'hold', size: 1, away: -0.1, after: 'buy' },
      risk: onlyLimits({ max_var: limit }, { var: watched }),
      feeds,
      flags,
    });

  it('raises VAR_BREACH above the limit, reduces, keeps the alert, and is the same each time', async () => {
    const out = [folder.fresh(), folder.fresh()];
    const [first, second] = await Promise.all(out.map((dir) => run(1, ['--out', dir])));
    expect([first!.alerts['VAR_BREACH'], first!.state]).toEqual([1, 'REDUCING']);
    expect(first!.refused['REDUCING']).toBeGreaterThan(0);
    expect(second!.result.hashes).toEqual(first!.result.hashes);
    const alerts = out.map((dir) => readFileSync(join(dir, 'alerts.jsonl'), 'utf8'));
    expect(alerts[1]).toBe(alerts[0]);
    const breach = alerts[0]!
      .trimEnd()
      .split('\n')
      .map((line) => alertSchema.parse(JSON.parse(line)))
      .find(({ type }) => type === 'VAR_BREACH');
    expect(breach).toMatchObject({ severity: 'CRITICAL', limit: 1 });
    // Ten returns need eleven samples, a second each.
    expect(breach!.time).toMatch(/T00:00:12\.000/);
  });

  it('changes nothing of a run that stays below the limit, though its inputs hold the figures', async () => {
    const [free, unwatched] = await Promise.all([
      run(1e9),
      backtested({ folder, params: { mode: 'hold', size: 1, away: -0.1, after: 'buy' }, risk: onlyLimits({}), feeds }),
    ]);
    expect([free.alerts['VAR_BREACH'], free.state]).toEqual([undefined, 'ACTIVE']);
    expect(free.result.hashes.outputs).toBe(unwatched.result.hashes.outputs);
    expect(free.result.hashes.inputs).not.toBe(unwatched.result.hashes.inputs);
  });
});

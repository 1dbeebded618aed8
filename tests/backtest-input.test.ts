/** What `quotewright backtest` says to input that it cannot use: one line, exit code 2. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedData, tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { quotewrightBeside } from './support/command.ts';

const folder = tempFolder();
const DATA = 'DATA';
const FOLDER = 'FOLDER';

/** Arguments after `backtest`, in which DATA is a recording and FOLDER the test's folder; and words of the complaint. */
const COMPLAINTS: readonly (readonly [args: string, words: string])[] = [
  ['', 'strategy: expected the name of a strategy or its file; data: expected one or more recordings'],
  ['grid', 'data: expected one or more recordings'],
  ['nobody --data DATA', "strategy: found 'nobody', expected a file or one of basic-maker,"],
  ['FOLDER/none.ts --data DATA', 'none.ts: no such strategy file'],
  ['FOLDER/throws.mjs --data DATA', 'throws.mjs: the strategy does not load: on purpose'],
  ['FOLDER/syntax.mjs --data DATA', 'syntax.mjs: the strategy does not load'],
  ['FOLDER/nothing.mjs --data DATA', 'expected a default export of defineStrategy'],
  ['grid --data DATA --param nope=1', 'parameter nope: grid has none of this name'],
  ['basic-maker --data DATA --param levels=1e9', "parameter levels: found '1e9', expected a whole number from 1 to"],
  ['basic-maker --data DATA --param levels=NaN', "parameter levels: found 'NaN'"],
  ['basic-maker --data DATA --param levels=1.5', "parameter levels: found '1.5'"],
  ['basic-maker --data DATA --param levels=', "parameter levels: found ''"],
  ['basic-maker --data DATA --param levels', 'expected name=value'],
  ['grid --data FOLDER/none.gz', 'none.gz: no such file'],
  ['grid --data FOLDER/empty.gz', 'empty.gz: is empty'],
  ['grid --data FOLDER', 'is a directory'],
  ['grid --data FOLDER/words.csv', 'words.csv'],
  ['grid --data DATA --format nope', "--format: found 'nope'"],
  ['grid --data DATA --tick 0', "tick: step '0' is not a positive decimal"],
  ['grid --data DATA --tick x', 'tick: expected a decimal number'],
  ['grid --data DATA --latency fast', "latency request: found 'fast', expected 1ms"],
  ['grid --data DATA --latency 1ms+exp:-200us', 'is not a delay of at least 0 ns'],
  ['grid --data DATA --latency 1ms+lognormal:1ms:x', 'expected 1ms, 1ms+exp:MEAN or 1ms+lognormal:MEDIAN:SIGMA'],
  ['grid --data DATA --latency-curve FOLDER/none.csv', 'none.csv'],
  ['grid --data DATA --latency-curve FOLDER/words.csv', 'words.csv:2: found'],
  ['grid --data DATA --from yesterday', "from: found 'yesterday', expected an ISO time such as 2024-07-18T"],
  ['grid --data DATA --to 2024-13-45', "to: found '2024-13-45'"],
  ['grid --data DATA --from 2024-07-19T00:00:00Z --to 2024-07-18T00:00:00Z', 'expected a time before'],
  ['grid --data DATA --to 2020-01-01T00:00:00Z', 'no rows between from and to'],
  ['grid --data DATA --from 2030-01-01T00:00:00Z', 'no rows between from and to'],
  ['grid --data DATA --seed abc', 'expected a whole number'],
  ['grid --data DATA --seed 1e400', 'expected a whole number'],
  ['grid --data DATA --queue magic', 'queue.model: Invalid option: expected one of "hazard"|'],
  ['grid --data DATA --queue power2:0', 'queue.exponent'],
  ['grid --data DATA --fills some', 'fills: Invalid option: expected one of "partial"|"whole"'],
  ['grid --data DATA --capital lots', 'capital: expected a decimal number'],
  ['grid --data DATA --capital -5', 'capital: expected an amount above 0'],
  ['grid --data DATA --maker-fee NaN', 'fees.maker: expected a decimal number'],
  ['grid --data DATA --clock-shift soon', 'clockShift: expected auto, or a duration such as 10ms'],
  ['grid --data DATA --funding much', 'funding.rate: expected a decimal number'],
  ['grid --data DATA --out FOLDER/empty.gz', 'file already exists'],
  ['grid --data DATA --out FOLDER/empty.gz/run', 'not a directory'],
  ['grid --data DATA --log-events FOLDER/no/such/place', 'no such file or directory'],
  ['grid --data DATA --config FOLDER/none.yaml', 'none.yaml: ENOENT'],
  ['grid --data DATA --config FOLDER/unknown-key.yaml', 'unknown-key.yaml: settings: Unrecognized key: "levrage"'],
  ['grid --data DATA --config FOLDER/broken.yaml', 'broken.yaml: '],
  ['grid --data DATA --config FOLDER/list.yaml', 'list.yaml: found a list, expected settings by name'],
  ['pairs --data DATA', 'pairs: found 1 market, expected 2'],
];

describe.concurrent('backtest', () => {
  beforeAll(() => {
    folder.write('throws.mjs', "throw new Error('on purpose');");
    folder.write('syntax.mjs', 'export default {');
    folder.write('nothing.mjs', 'export default 7;');
    folder.write('empty.gz', '');
    folder.write('words.csv', 'time,entry,response\nmany,words,here\n');
    folder.write('unknown-key.yaml', 'levrage: 3\n');
    folder.write('broken.yaml', 'strategy: [\n');
    folder.write('list.yaml', '- grid\n');
    mkdirSync(join(folder.path, 'a folder'));
  });

  it.each(COMPLAINTS)('%s: %s', async (args, words) => {
    const data = sharedData('binance_ws/usdm_btcusdt_20240718.gz');
    const given = args.split(' ').filter((arg) => arg !== '');
    const { status, stdout, stderr } = await quotewrightBeside(
      'backtest',
      ...given.map((arg) => (arg === DATA ? data : arg.replace(FOLDER, folder.path))),
    );
    expect(stderr).toContain(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([status, stdout]).toEqual([2, '']);
  });
});

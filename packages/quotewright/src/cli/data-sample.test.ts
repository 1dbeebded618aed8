import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openWithProgress } from '../data/open.ts';
import { tempFolder } from '../data/testing/files.ts';
import { dataSampleCommand } from './data-sample.ts';

const folder = tempFolder();

/** Runs the command and answers what it printed. */
async function run(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  try {
    await dataSampleCommand()
      .configureOutput({ writeErr: () => {} })
      .parseAsync(args, { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return printed.join('');
}

describe('data sample', () => {
  it('writes what it is asked for, and says what that is', async () => {
    const out = join(folder.fresh(), 'out');
    const printed = await run(out, '--minutes', '0.5', '--symbols', 'ETHUSDT,FOO', '--l3', '--date', '2025-03-04');
    expect(printed).toMatch(
      /events of 0\.5 minutes from seed 1 in .* \(parquet, L3, 2025-03-04\)\n {2}ETHUSDT: .*\n {2}FOO: /,
    );
    const { recording } = await openWithProgress(out, undefined, { strict: true });
    expect(recording.isL3).toBe(true);
    expect(recording.instruments.map(({ symbol, fees }) => [symbol, fees?.takerPpb[0]])).toEqual([
      ['ETHUSDT', 200_000],
      ['FOO', 200_000],
    ]);
  });

  it('takes instruments and regimes from a file', async () => {
    const text =
      'instruments: [{ symbol: A, tick: 0.01, lot: 1 }]\nschedule: { spells: [{ regime: thin, seconds: 10 }] }';
    const config = folder.write('market.yaml', text);
    const out = join(folder.fresh(), 'out.npy');
    expect(await run(out, '--minutes', '0.2', '--config', config)).toContain('(npy, L2, 2026-01-05)\n  A: ');
  });

  it.each([
    [['--symbols', 'A,,B'], "--symbols: found 'A,,B'"],
    [['--symbols', 'A,A'], "--symbols: found 'A,A'"],
    [['--regimes', 'calm:x'], "--regimes: found 'calm:x'"],
    [['--regimes', 'panic'], "--regimes: found 'panic'"],
    [['--minutes', '-1'], 'expected a number above 0'],
    [['--minutes', ''], 'expected a number above 0'],
    [['--seed', '1.5'], 'expected a whole number'],
    [['--date', '2026-02-30'], 'expected a day'],
    [['--l3', '--to', 'tardis-book'], "--l3: found format 'tardis-book'"],
    [['--symbols', 'A,B', '--to', 'npz'], '--symbols: found 2 instruments'],
    [['--to', 'xml'], "--to: found 'xml'"],
    [['--config', 'absent.yaml'], 'absent.yaml: cannot be read'],
  ])('refuses %j in one line', async (args, message) => {
    await expect(run(join(folder.path, 'refused'), ...args)).rejects.toThrow(message);
  });
});

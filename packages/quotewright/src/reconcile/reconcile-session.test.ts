/** Journals that cannot be laid beside the backtest, each told of by its own line. What can is tried with real sessions (tests/paper.test.ts). */
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findStrategy } from '@quotewright/core/strategies/registry';
import { resolveParams } from '../backtest/load-strategy.ts';
import { tempFolder } from '../data/testing/files.ts';
import { openJournal } from '../journal/journal.ts';
import type { SessionHeader } from '../journal/session-header.ts';
import { SAMPLE_HEADER } from '../journal/testing/sample-journal.ts';
import { reconcileSession } from './reconcile-session.ts';

const folder = tempFolder();
const simulated = {
  rule: '',
  latency: '1ms',
  queue: { model: 'hazard', exponent: 3, interval: 'auto' },
  fills: 'partial',
};
const PAPER: SessionHeader = {
  ...SAMPLE_HEADER,
  mode: 'paper',
  strategies: [{ strategy: 'basic-maker', params: resolveParams(findStrategy('basic-maker')!, {}) }],
  config: { simulated, isDryRun: false },
};

/** A session in which nothing has happened. @param outputs that it has marked */
async function sessionOf(header: SessionHeader, outputs?: string): Promise<string> {
  const dir = folder.fresh();
  const journal = await openJournal({ dir, durability: 'none', header });
  if (outputs !== undefined) journal.mark({ type: 'begun', inputs: '', outputs });
  await journal.close();
  return dir;
}

describe('the reconciliation of a session', () => {
  it('of which nothing has happened finds no difference, and tells of a torn end', async () => {
    const dir = await sessionOf(PAPER);
    appendFileSync(
      join(
        dir,
        readdirSync(dir).find((name) => name.endsWith('.qwj'))!,
      ),
      'half a fra',
    );
    const { pairs, differentReports, damages } = await reconcileSession(dir);
    expect([pairs, differentReports]).toEqual([[], 0]);
    expect(damages).toEqual([expect.stringContaining('torn-tail')]);
  });

  it('refuses one whose requests are not those that this program makes of its inputs', async () => {
    const dir = await sessionOf(PAPER, 'those of another program');
    await expect(reconcileSession(dir)).rejects.toThrow(
      /: until record 0 the session's requests were others than this program makes of its inputs/u,
    );
  });

  it('refuses one of another kind or version, and a folder without any', async () => {
    await expect(reconcileSession(await sessionOf(SAMPLE_HEADER))).rejects.toThrow("expected 'paper' or 'live'");
    await expect(reconcileSession(await sessionOf({ ...PAPER, config: {} }))).rejects.toThrow(
      "found no 'simulated' in its header, expected a session of this version",
    );
    const older = await sessionOf({ ...PAPER, strategies: [{ strategy: 'basic-maker', params: { size: 0.01 } }] });
    await expect(reconcileSession(older)).rejects.toThrow('it was begun with another version of the strategy');
    await expect(reconcileSession(folder.fresh())).rejects.toThrow('holds no journal of a session');
    await expect(reconcileSession(join(folder.path, 'nowhere'))).rejects.toThrow('expected the folder of a journal');
  });
});

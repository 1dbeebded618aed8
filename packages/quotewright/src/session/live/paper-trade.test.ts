import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { replayKept } from '../../journal/replay-kept.ts';
import { reconcileSession } from '../../reconcile/reconcile-session.ts';
import { isEqual } from '../../reconcile/reconcile-text.ts';
import { PretendFeed, paperHeader, runPaper } from './testing/paper-folder.ts';

describe('a paper session', () => {
  const folder = tempFolder();

  it.each([1, 2, 3])('is its backtest, report by report (seed %i)', async (seed) => {
    const dir = `${folder.path}/whole-${seed}`;
    const header = await paperHeader();
    await runPaper({ dir, header, feed: new PretendFeed(seed), fromS: 0, untilS: 60, isKilled: false });
    const { difference, marks } = await replayKept(dir);
    expect([difference, marks > 1]).toEqual([undefined, true]);
    const found = await reconcileSession(dir);
    expect(found.session.fills).toBeGreaterThan(5);
    expect(found.differentReports).toBe(0);
    expect(isEqual(found)).toBe(true);
    expect(found.isSameStrategy).toBe(true);
    expect(found.backtest).toEqual(found.session);
    expect(found.strategy).toEqual(found.session);
  });

  it('that was killed goes on without the orders it had, and is its backtest part by part', async () => {
    const dir = `${folder.path}/killed`;
    const header = await paperHeader();
    const feed = new PretendFeed(7);
    await runPaper({ dir, header, feed, fromS: 0, untilS: 30, isKilled: true });
    await runPaper({ dir, header, feed, fromS: 32, untilS: 60, isKilled: true });
    await runPaper({ dir, header, feed, fromS: 61, untilS: 90, isKilled: false });
    const { difference, engine } = await replayKept(dir);
    expect(difference).toBeUndefined();
    expect(engine.faults).toMatchObject({ duplicates: 0, overfills: 0, unknownOrders: 0 });
    for (const { ledger } of engine.seats) expect(ledger.check()).toBe('');
    const found = await reconcileSession(dir);
    expect(found.processes).toBe(3);
    expect(found.session.fills).toBeGreaterThan(5);
    expect([found.differentReports, isEqual(found)]).toEqual([0, true]);
    expect(found.backtest).toEqual(found.session);
  });

  it('is told apart from a backtest that is another', async () => {
    const dir = `${folder.path}/other`;
    await runPaper({
      dir,
      header: await paperHeader(),
      feed: new PretendFeed(1),
      fromS: 0,
      untilS: 60,
      isKilled: false,
    });
    const found = await reconcileSession(dir, { latency: '80ms' });
    expect(isEqual(found)).toBe(false);
    expect(found.session).not.toEqual(found.backtest);
  });
});

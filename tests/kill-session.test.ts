/** Sessions whose processes are killed with SIGKILL at random moments: nothing acknowledged is lost, nothing is booked twice. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { killSession } from './support/kill.ts';

const folder = tempFolder();

describe('a session that is killed again and again', () => {
  // `npm run kill-test -- --kills 1000` does it a thousand times.
  it.each([
    ['batch', 1],
    ['none', 2],
    ['sync', 3],
  ] as const)(
    'holds what was safe, every execution once, the positions of the venue (%s)',
    async (durability, seed) => {
      const plan = { dir: folder.fresh(), seed, seconds: 45, durability, kills: 3, longestMs: 150 };
      const { faults, kills, killsTrading, executions, records } = await killSession(plan);
      expect(faults).toEqual([]);
      expect(kills).toBeGreaterThan(0);
      expect(killsTrading).toBeGreaterThan(0);
      expect(executions).toBeGreaterThan(10);
      expect(records).toBeGreaterThan(10_000);
    },
  );

  it('comes to the same from its snapshots when the journal is compacted while it runs', async () => {
    const dir = folder.fresh();
    const plan = {
      dir,
      seed: 4,
      seconds: 60,
      durability: 'batch',
      keep: 'snapshots',
      kills: 4,
      longestMs: 400,
    } as const;
    const { faults, killsTrading, executions } = await killSession(plan);
    expect(faults).toEqual([]);
    expect(killsTrading).toBeGreaterThan(0);
    expect(executions).toBeGreaterThan(10);
    expect(existsSync(join(dir, '00000001.qwj'))).toBe(false);
  });
});

import { Random } from '@quotewright/core/base/random';
import { Engine } from '@quotewright/core/engine/engine';
import type { EngineSetup } from '@quotewright/core/engine/engine-setup';
import {
  feedInputs,
  fingerprint,
  liveThrough,
  seatOf,
  setupOf,
} from '@quotewright/core/engine/testing/recorded-session';
import { randomTrader } from '@quotewright/core/engine/testing/random-trader';
import { INVERSE, LINEAR } from '@quotewright/core/engine/testing/session-kit';
import { STRATEGIES } from '@quotewright/core/strategies/registry';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { SnapshotStore, takeSnapshot } from './snapshots.ts';

const temp = tempFolder();

describe('a session that is snapshotted as it runs', () => {
  it.each([1, 2, 3])('goes on from any of its snapshots as it went on (seed %i)', async (seed) => {
    const random = Random.stream(seed, 'snapshots');
    const setup = (): EngineSetup => {
      const strategies = [STRATEGIES[seed % STRATEGIES.length]!, STRATEGIES[(seed + 3) % STRATEGIES.length]!];
      const seats = strategies.map((definition) => seatOf(definition, { warmup: 1 }));
      return setupOf([LINEAR, INVERSE], [...seats, seatOf(randomTrader())], { risk: {} });
    };
    const { engine, log } = liveThrough(setup(), seed, 10);
    const end = fingerprint(engine);
    const store = new SnapshotStore(temp.fresh());
    const cuts = Array.from({ length: 5 }, () => random.below(log.count)).toSorted((a, b) => a - b);
    const first = new Engine(setup());
    let at = 0;
    for (const cut of cuts) {
      feedInputs(first, log, at, cut);
      at = cut;
      // oxlint-disable-next-line no-await-in-loop -- the session goes on between them
      expect(await takeSnapshot(first, store, cut)).toBe('');
    }
    for (const cut of cuts) {
      const snapshot = store.newestAtOrBefore(cut)!;
      const next = new Engine(setup());
      next.restore(snapshot.engine);
      expect([next.inputs.digest(), next.outputs.digest()]).toEqual([snapshot.inputs, snapshot.outputs]);
      feedInputs(next, log, snapshot.sequence, log.count);
      expect(fingerprint(next)).toEqual(end);
    }
    await store.close();
  });
});

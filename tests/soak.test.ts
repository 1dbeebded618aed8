import { describe, expect, it } from 'vitest';
import { runSeed } from '../soak/session.ts';

const PER_TEST = 50;

describe('sessions under seeded faults', () => {
  it.each([0, 1, 2, 3, 4, 5])('keep every invariant after every input (batch %i)', (batch) => {
    const failed: string[] = [];
    const seen: Record<string, number> = {};
    for (let seed = batch * PER_TEST + 1; seed <= (batch + 1) * PER_TEST; seed++) {
      const { violations, counts } = runSeed(seed);
      failed.push(...violations.map((each) => `seed ${seed}: ${each}`));
      for (const [name, count] of Object.entries(counts)) seen[name] = (seen[name] ?? 0) + count;
    }
    expect(failed).toEqual([]);
    // The faults did happen, and so did trading.
    for (const name of ['kills', 'disconnects', 'lost', 'frozen', 'crossed', 'reportTwice', 'requestLost', 'fills']) {
      expect(seen[name], name).toBeGreaterThan(0);
    }
  });

  it('are the same again for the same seed', () => {
    expect(runSeed(7)).toEqual(runSeed(7));
  });
});

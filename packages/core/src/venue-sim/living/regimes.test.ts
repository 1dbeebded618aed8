import { describe, expect, it } from 'vitest';
import { Random } from '../../base/random.ts';
import { RegimeClock, type Spell } from './regimes.ts';

const SPELLS: Spell[] = [
  { regime: 'calm', seconds: 60 },
  { regime: 'crisis', seconds: 20, haltSeconds: 5 },
  { regime: 'thin', seconds: 30 },
];

describe('a schedule of regimes', () => {
  it('repeats its list', () => {
    const clock = new RegimeClock({ spells: SPELLS, isRandom: false }, Random.stream(1, 'test'));
    const names = Array.from({ length: 7 }, () => clock.next().regime);
    expect(names).toEqual(['calm', 'crisis', 'thin', 'calm', 'crisis', 'thin', 'calm']);
  });

  it('is a chain without repeats when random, its lengths exponential beyond the halt', () => {
    const clock = new RegimeClock({ spells: SPELLS, isRandom: true }, Random.stream(1, 'test'));
    const sums = new Map<string, { count: number; seconds: number }>();
    let last = '';
    for (let i = 0; i < 9000; i++) {
      const { regime, seconds, haltSeconds = 0 } = clock.next();
      expect(regime).not.toBe(last);
      expect(seconds).toBeGreaterThan(2 * haltSeconds);
      last = regime;
      const sum = sums.get(regime) ?? { count: 0, seconds: 0 };
      sums.set(regime, { count: sum.count + 1, seconds: sum.seconds + seconds - 2 * haltSeconds });
    }
    for (const { regime, seconds } of SPELLS) {
      const sum = sums.get(regime)!;
      expect(sum.count / 3000).toBeCloseTo(1, 1);
      expect(sum.seconds / sum.count / seconds).toBeCloseTo(1, 1);
    }
  });

  it.each<[Spell, string]>([
    [{ regime: 'calm', seconds: 0 }, 'seconds 0 of calm'],
    [{ regime: 'calm', seconds: Number.NaN }, 'seconds NaN of calm'],
    [{ regime: 'calm', seconds: 10, haltSeconds: 5 }, 'haltSeconds 5 of calm'],
  ])('refuses %j', (spell, message) => {
    expect(() => new RegimeClock({ spells: [spell], isRandom: false }, Random.stream(1, 'test'))).toThrow(message);
  });
});

import { describe, expect, test } from 'vitest';
import type { RegimeData } from 'quotewright/server/protocol/stream';
import { POINTS, RegimeHistory, sharesOf, spansOf } from './regime-history.ts';

const data = (regime: string, volatility = 0): RegimeData => ({
  instruments: [{ instrument: 3, regime, volatility, volatilityRatio: null, spreadRatio: null }],
});

describe('the history of regimes', () => {
  test('keeps one point a quarter of a second, and every change', () => {
    const history = new RegimeHistory();
    expect(history.add(1000, data('normal'))).toBe(true);
    expect(history.add(1100, data('normal'))).toBe(false);
    expect(history.add(1150, data('volatile'))).toBe(true);
    expect(history.add(1400, data('volatile'))).toBe(true);
    expect(history.of(3).map(({ timeMs, regime }) => [timeMs, regime])).toEqual([
      [1000, 'normal'],
      [1150, 'volatile'],
      [1400, 'volatile'],
    ]);
    expect(history.of(0)).toEqual([]);
  });

  test('stays bounded however long it is open, and no change is lost while it is thinned', () => {
    const history = new RegimeHistory();
    const changes = new Set<number>();
    for (let index = 0; index < 20_000; index += 1) {
      const isCrisis = Math.floor(index / 1500) % 2 === 1;
      if (index > 0 && index % 1500 === 0) changes.add(index * 250);
      history.add(index * 250, data(isCrisis ? 'crisis' : 'normal'));
      expect(history.of(3).length).toBeLessThanOrEqual(POINTS);
    }
    const starts = spansOf(history.of(3)).map(({ fromMs }) => fromMs);
    expect(starts.slice(1)).toEqual([...changes]);
  });

  test('another session, whose time is earlier, begins anew', () => {
    const history = new RegimeHistory();
    history.add(9000, data('crisis'));
    history.add(100, data('normal'));
    expect(history.of(3)).toHaveLength(1);
  });

  test('spans join without a gap, and shares are of the time', () => {
    const points = [
      ['calm', 0],
      ['calm', 10],
      ['crisis', 30],
      ['calm', 40],
    ] as const;
    const spans = spansOf(
      points.map(([regime, timeMs]) => ({
        regime,
        timeMs,
        volatility: null,
        volatilityRatio: null,
        spreadRatio: null,
      })),
    );
    expect(spans).toEqual([
      { regime: 'calm', fromMs: 0, toMs: 30 },
      { regime: 'crisis', fromMs: 30, toMs: 40 },
      { regime: 'calm', fromMs: 40, toMs: 40 },
    ]);
    expect(sharesOf(spans)).toEqual([
      { regime: 'calm', share: 0.75 },
      { regime: 'crisis', share: 0.25 },
    ]);
    expect(spansOf([])).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import {
  RAMP_STEPS,
  fitRange,
  fromLab,
  heatLevel,
  isClearlyOther,
  packRamp,
  parseHex,
  ramp,
  toLab,
} from './heat-scale.ts';

describe.each([
  ['dark', '#151c28', '#cfe6ff'],
  ['light', '#eaf1f9', '#0a2f5e'],
])('the ramp of the %s theme', (_theme, low, high) => {
  const lightness = ramp(low, high).map((rgb) => toLab(rgb)[0]);

  test('is even in lightness: no step is half or twice another', () => {
    const steps = lightness.slice(1).map((value, at) => value - (lightness[at] ?? 0));
    const mean = ((lightness.at(-1) ?? 0) - (lightness[0] ?? 0)) / (RAMP_STEPS - 1);
    for (const step of steps) {
      expect(step / mean).toBeGreaterThan(0.5);
      expect(step / mean).toBeLessThan(1.5);
    }
  });

  test('begins and ends with the colours given', () => {
    expect(ramp(low, high)[0]).toEqual(parseHex(low));
    expect(ramp(low, high).at(-1)).toEqual(parseHex(high));
  });
});

test('OKLab goes there and back', () => {
  for (const rgb of [
    [0, 0, 0],
    [255, 255, 255],
    [79, 214, 171],
    [236, 95, 114],
  ] as const) {
    expect(fromLab(toLab(rgb))).toEqual(rgb);
  }
});

test('pixels are opaque, red in the lowest byte', () => {
  expect(packRamp([[1, 2, 3]])[0]).toBe(0xff030201);
});

describe('levels', () => {
  const range = { low: 1, high: 100 };

  test('twice the size is the same step anywhere', () => {
    const step = heatLevel(4, range) - heatLevel(2, range);
    expect(Math.abs(heatLevel(40, range) - heatLevel(20, range) - step)).toBeLessThanOrEqual(1);
  });

  test('never leave the ramp and never fall', () => {
    let before = 0;
    for (let density = 0.01; density < 1e5; density *= 1.1) {
      const level = heatLevel(density, range);
      expect(level).toBeGreaterThanOrEqual(before);
      expect(level).toBeLessThan(RAMP_STEPS);
      before = level;
    }
    expect(before).toBe(RAMP_STEPS - 1);
  });

  test('fit what was seen, a decade at least, and change only when it is clearly other', () => {
    const fitted = fitRange(Float64Array.from({ length: 1000 }, (_, at) => 1 + at / 10));
    expect(fitted.high).toBe(100);
    expect(fitted.low).toBeLessThanOrEqual(fitted.high / 10);
    expect(fitRange(new Float64Array(0)).high).toBeGreaterThan(0);
    expect(isClearlyOther(fitted, { ...fitted, high: fitted.high * 1.3 })).toBe(false);
    expect(isClearlyOther(fitted, { ...fitted, high: fitted.high * 2 })).toBe(true);
  });
});

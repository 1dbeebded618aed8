import { expect, test } from 'vitest';
import { horizonText, markoutPoints } from './markouts.ts';

test('points by horizon, with two standard errors each way; a horizon without fills has none', () => {
  const points = markoutPoints([
    { horizonSeconds: 10, fills: 4, meanTicks: -1, standardErrorTicks: 0.5 },
    { horizonSeconds: 60, fills: 0, meanTicks: null, standardErrorTicks: null },
    { horizonSeconds: 1, fills: 1, meanTicks: 2, standardErrorTicks: null },
  ]);
  expect(points.map(({ horizonSeconds, low, mean, high }) => [horizonSeconds, low, mean, high])).toEqual([
    [1, 2, 2, 2],
    [10, -2, -1, 0],
  ]);
});

test('horizons in words', () => {
  expect([0, 0.1, 1, 10, 60, 90, 300].map(horizonText)).toEqual([
    '0 s',
    '100 ms',
    '1 s',
    '10 s',
    '1 min',
    '90 s',
    '5 min',
  ]);
});

import { expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

it('doubles up to its bound, less at most a half', () => {
  for (const random of [0, 0.5, 0.999_999]) {
    const backoff = new Backoff(200, 5000, () => random);
    const waits = Array.from({ length: 8 }, () => backoff.nextMs());
    const whole = [200, 400, 800, 1600, 3200, 5000, 5000, 5000];
    expect(waits).toEqual(whole.map((ms) => ms * (1 - random / 2)));
  }
});

it('begins anew after a success, and stays at its bound however often it is tried', () => {
  const backoff = new Backoff(1, 60_000, () => 0);
  for (let i = 0; i < 5000; i++) backoff.nextMs();
  expect(backoff.nextMs()).toBe(60_000);
  expect(backoff.tries).toBe(5001);
  backoff.reset();
  expect(backoff.nextMs()).toBe(1);
});

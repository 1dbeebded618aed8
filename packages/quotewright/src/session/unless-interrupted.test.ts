import { expect, it } from 'vitest';
import { Interrupted, unlessInterrupted } from './unless-interrupted.ts';

it('answers what the work does, and does not wait for it when the end is wanted', async () => {
  await expect(unlessInterrupted(() => false, Promise.resolve(5))).resolves.toBe(5);
  await expect(unlessInterrupted(() => false, Promise.reject(new Error('no venue')))).rejects.toThrow('no venue');
  const work = Promise.withResolvers<never>();
  await expect(unlessInterrupted(() => true, work.promise)).rejects.toBeInstanceOf(Interrupted);
  // Nobody hears of it.
  work.reject(new Error('too late'));
});

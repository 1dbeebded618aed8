import { expect, test } from 'vitest';
import { watchInterrupt } from './interrupt.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const counts = () => SIGNALS.map((signal) => process.listenerCount(signal));

test.each(SIGNALS)('%s asks a run to end, and a second one would end the process', (signal) => {
  const before = counts();
  const interrupt = watchInterrupt();
  expect(interrupt.isAsked()).toBe(false);
  process.emit(signal);
  expect([interrupt.isAsked(), counts()]).toEqual([true, before]);
});

test('a run that is over listens no more', () => {
  const before = counts();
  watchInterrupt().stop();
  expect(counts()).toEqual(before);
});

import { expect, test } from 'vitest';
import { watchInterrupt } from './interrupt.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const counts = () => SIGNALS.map((signal) => process.listenerCount(signal));

test.each(SIGNALS)('%s asks a run to end; the same again at once is the same request', (signal) => {
  const before = counts();
  const interrupt = watchInterrupt();
  expect(interrupt.isAsked()).toBe(false);
  process.emit(signal);
  process.emit(signal);
  expect(interrupt.isAsked()).toBe(true);
  interrupt.stop();
  expect(counts()).toEqual(before);
});

test('a run that is over listens no more', () => {
  const before = counts();
  watchInterrupt().stop();
  expect(counts()).toEqual(before);
});

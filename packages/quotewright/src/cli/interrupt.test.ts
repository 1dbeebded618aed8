import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchInterrupt } from './interrupt.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const counts = () => SIGNALS.map((signal) => process.listenerCount(signal));

// Signals are emitted here, and other files of this process may have left somebody who would end it.
const others = new Map<(typeof SIGNALS)[number], NodeJS.SignalsListener[]>();
beforeEach(() => {
  for (const signal of SIGNALS) {
    others.set(signal, process.listeners(signal));
    process.removeAllListeners(signal);
  }
});
afterEach(() => {
  for (const [signal, listeners] of others) for (const each of listeners) process.on(signal, each);
});

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

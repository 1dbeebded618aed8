/**
 * Keys that the process holds are overwritten when it ends: at its end, after an error that nobody caught, and on a signal that nobody
 * else has taken over (who has, as a session that first cancels its orders, comes to the end of the process by itself).
 */
import { redactor } from '../audit/redactor.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const held = new Set<{ wipe(): void }>();

/** From now on it is overwritten at the end of the process. */
export function holdKeys(keys: { wipe(): void }): void {
  if (held.size === 0) watch();
  held.add(keys);
}

/** Overwrites everything that is held. */
export function wipeKeys(): void {
  for (const keys of held) keys.wipe();
  held.clear();
  redactor.forget();
  process.off('exit', wipeKeys);
  for (const signal of SIGNALS) process.off(signal, ended);
}

function watch(): void {
  // A diagnostic report would otherwise list the environment, where keys may be.
  if (process.report !== undefined) process.report.excludeEnv = true;
  process.on('exit', wipeKeys);
  for (const signal of SIGNALS) process.on(signal, ended);
}

function ended(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  wipeKeys();
  process.kill(process.pid, signal);
}

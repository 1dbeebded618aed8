/**
 * Whether a process lives. One that was killed answers to signals until the system has taken it down and its parent has asked how it
 * ended; meanwhile a write of one of its threads may still come to its end. Linux says so in /proc; elsewhere such a process counts as alive.
 */
import { readFileSync, readdirSync } from 'node:fs';

/** How long somebody who is ending is waited for, and how often is looked, milliseconds. */
const PATIENCE_MS = 2000;
const LOOK_MS = 50;
/** PF_EXITING of the kernel's sched.h, the ninth field of `stat`; SIGKILL in the set of pending signals of `status`. */
const EXITING = 0x4;
const KILL_BIT = 0x100n;

/** Waits a moment for a process that is ending. */
export function isAlive(pid: number): boolean {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const life = lifeOf(pid);
    if (life !== 'ending') return life === 'alive';
    // What takes longer hangs in a write.
    if (performance.now() > untilMs) return true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  }
}

function lifeOf(pid: number): 'alive' | 'ending' | 'gone' {
  if (!answers(pid)) return 'gone';
  try {
    // The name before it may hold anything.
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
    if (state === 'X') return 'gone';
    // The first thread of a process may be over before the others.
    if (state === 'Z') return readdirSync(`/proc/${pid}/task`).length > 1 ? 'ending' : 'gone';
    const isEnding = (Number(fields[5]) & EXITING) !== 0 || isKilled(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return isEnding ? 'ending' : 'alive';
  } catch {
    // It has gone meanwhile, or this system does not tell.
    return answers(pid) ? 'alive' : 'gone';
  }
}

function isKilled(status: string): boolean {
  const sets = [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)];
  return sets.some(([, bits]) => (BigInt(`0x${bits}`) & KILL_BIT) !== 0n);
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

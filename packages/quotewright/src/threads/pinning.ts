/**
 * Names the calling thread, and binds it to processors, where the system can (Linux, through koffi, which is optional). What cannot be done
 * is a warning: a thread runs as well without.
 */
import { availableParallelism } from 'node:os';
import { reasonOf } from '../data/reason.ts';

/** prctl(2): PR_SET_NAME; a name has at most 15 bytes. */
const SET_NAME = 15;
const NAME_BYTES = 15;
/** sched_setaffinity(2): of the calling thread. */
const OWN_THREAD = 0;
const MASK_BYTES = 128;

interface System {
  /** 0 when it is done. */
  readonly setAffinity: (thread: number, bytes: number, mask: Uint8Array) => number;
  readonly control: (option: number, name: string, a: number, b: number, c: number) => number;
}

/** @returns what could not be done; empty when all is well */
export async function placeThread(name: string, cpu: number | undefined): Promise<string> {
  let system: System;
  try {
    system = await openSystem();
  } catch (error) {
    return `thread ${name}: not named${cpu === undefined ? '' : `, and not bound to processor ${cpu}`}: ${reasonOf(error)}`;
  }
  const text = Buffer.from(name).subarray(0, NAME_BYTES).toString('latin1');
  const isNamed = system.control(SET_NAME, text, 0, 0, 0) === 0;
  const complaint = isNamed ? '' : `thread ${name}: the system does not name it`;
  if (cpu === undefined) return complaint;
  const count = availableParallelism();
  if (cpu >= count) return `thread ${name}: not bound to processor ${cpu}: there are ${count}, from 0`;
  const mask = new Uint8Array(MASK_BYTES);
  mask[cpu >> 3] = 1 << (cpu & 7);
  if (system.setAffinity(OWN_THREAD, MASK_BYTES, mask) === 0) return complaint;
  return `thread ${name}: the system does not bind it to processor ${cpu}`;
}

async function openSystem(): Promise<System> {
  if (process.platform !== 'linux') throw new Error(`not on ${process.platform}`);
  const { default: koffi } = await import('koffi');
  const libc = koffi.load('libc.so.6');
  const affinity = libc.func('int sched_setaffinity(int pid, size_t cpusetsize, const uint8_t *mask)');
  const prctl = libc.func('int prctl(int option, const char *name, ulong a, ulong b, ulong c)');
  return {
    setAffinity: (thread, bytes, mask) => Number(affinity(thread, bytes, mask)),
    control: (option, name, a, b, c) => Number(prctl(option, name, a, b, c)),
  };
}

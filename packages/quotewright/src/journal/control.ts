/** What the journal's two threads share beside the ring: counters and the reason of a failure. */

/** Int32 entries; each side writes on a cache line of its own. */
export const Shared = {
  /** Worker: records since opening that are safe as the durability says, round 2^32. Waited on. */
  COMMITTED: 0,
  /** Worker: a `JournalState`. */
  STATE: 1,
  /** Worker: counts its rounds; waited on by a producer that found the ring full. */
  ROUNDS: 2,
  /** Worker: commits so far. */
  COMMITS: 3,
  /** Worker: bytes of the text at `TEXT_BYTE`. */
  TEXT_BYTES: 4,
  /** Producer: counts its calls for attention. The worker waits on it. */
  CALLS: 16,
  /** Producer: messages posted so far. */
  POSTED: 17,
} as const;

const WORDS = 32;
const TEXT_BYTE = WORDS * 4;
const MAX_TEXT_BYTES = 1024;

export const JournalState = {
  RUNNING: 0,
  /** The disk is full; the worker tries again. */
  STALLED: 1,
  /** Nothing is written any more. */
  FAILED: 2,
  CLOSED: 3,
} as const;
export type JournalState = (typeof JournalState)[keyof typeof JournalState];

export function createControl(): SharedArrayBuffer {
  return new SharedArrayBuffer(TEXT_BYTE + MAX_TEXT_BYTES);
}

export const controlWords = (buffer: SharedArrayBuffer): Int32Array => new Int32Array(buffer, 0, WORDS);

/** Sets state and reason, and wakes who waits for records to be safe. */
export function setState(buffer: SharedArrayBuffer, state: JournalState, text: string): void {
  const words = controlWords(buffer);
  const bytes = Buffer.from(text).subarray(0, MAX_TEXT_BYTES);
  new Uint8Array(buffer, TEXT_BYTE).set(bytes);
  Atomics.store(words, Shared.TEXT_BYTES, bytes.length);
  Atomics.store(words, Shared.STATE, state);
  Atomics.notify(words, Shared.COMMITTED);
  Atomics.notify(words, Shared.ROUNDS);
}

/** The reason given with the state. */
export function stateText(buffer: SharedArrayBuffer): string {
  const length = Atomics.load(controlWords(buffer), Shared.TEXT_BYTES);
  return Buffer.from(new Uint8Array(buffer, TEXT_BYTE, length).slice()).toString();
}

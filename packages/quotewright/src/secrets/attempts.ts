/**
 * Failed attempts to open a vault, kept beside it, so that guessing is slow also for who starts the program again for each guess. An
 * attempt counts as failed before it is made: who kills the process meanwhile has used it up.
 *
 * The file is there as long as the vault is, and is written in place. Who removes it or writes
 * something else into it does not begin anew, but as after some failures of just now; so does who has copied the vault alone, once.
 */
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { z } from 'zod';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** What a missing or strange file stands for: 4 s. */
const UNKNOWN_FAILURES = 3;
/** Of the file, always. */
const LENGTH = 64;

const attemptsSchema = z.strictObject({ failed: z.int().min(0), lastMs: z.int() });
type Attempts = z.output<typeof attemptsSchema>;

export function attemptsPath(vault: string): string {
  return `${vault}.attempts`;
}

/** Milliseconds until the next attempt may be made: after one failure a second, after two 2 s, then 4 s, … up to a minute. */
export function waitMs(vault: string, nowMs: number): number {
  const { failed, lastMs } = readAttempts(vault) ?? { failed: UNKNOWN_FAILURES, lastMs: Number.POSITIVE_INFINITY };
  if (failed === 0) return 0;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (failed - 1), LONGEST_WAIT_MS);
  if (lastMs <= nowMs) return Math.max(0, lastMs + wait - nowMs);
  // Nobody knows when, or the clock was set back: the wait begins now, once, and does not last until the clock is where it was.
  writeAttempts(vault, { failed, lastMs: nowMs });
  return wait;
}

export function noteAttempt(vault: string, nowMs: number): void {
  const failed = readAttempts(vault)?.failed ?? UNKNOWN_FAILURES;
  writeAttempts(vault, { failed: failed + 1, lastMs: nowMs });
}

export function clearAttempts(vault: string): void {
  writeAttempts(vault, { failed: 0, lastMs: 0 });
}

function writeAttempts(vault: string, { failed, lastMs }: Attempts): void {
  const text = JSON.stringify({ failed, lastMs: Math.trunc(lastMs) }).padEnd(LENGTH - 1);
  const file = openSync(attemptsPath(vault), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    writeSync(file, `${text}\n`, 0);
    ftruncateSync(file, LENGTH);
  } finally {
    closeSync(file);
  }
}

/** Undefined: there are none, or they are none of ours. */
function readAttempts(vault: string): Attempts | undefined {
  try {
    const text = readFileSync(attemptsPath(vault), 'utf8');
    const found = attemptsSchema.safeParse(JSON.parse(text));
    return found.success && text.length === LENGTH ? found.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The matching engine beside the naive one on random flow. `MATCHING_OPS=10` runs ten times as many operations. On a
 * failure the seed and a shrunk list of operations are printed; `replay` runs such a list.
 */
import { expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Flow, type Profile } from './testing/flow.ts';
import { type Op, shrink, sourceOf } from './testing/ops.ts';
import { PROFILES } from './testing/profiles.ts';
import { Session } from './testing/session.ts';

const factor = Number(process.env['MATCHING_OPS'] ?? 1);

/** Runs operations from a fresh book. @returns what went wrong first, or '' */
function replay(profile: Profile, ops: readonly Op[]): string {
  const session = new Session({ ...profile, checkEvery: 1 });
  for (const op of ops) {
    const wrong = attempt(session, op);
    if (wrong !== '') return wrong;
  }
  return '';
}

function attempt(session: Session, op: Op): string {
  try {
    return session.run(op);
  } catch (error) {
    return String(error);
  }
}

function runSession(profile: Profile, seed: number): void {
  const session = new Session(profile);
  const flow = new Flow(profile, Random.stream(seed, profile.name));
  const ops: Op[] = [];
  for (let i = 0; i < profile.sessionOps; i++) {
    const op = flow.next(session);
    ops.push(op);
    const wrong = attempt(session, op);
    if (wrong === '') continue;
    const short = shrink(ops, (some) => replay(profile, some) !== '');
    const list = short.map(sourceOf).join('\n');
    expect.fail(`seed ${seed}, operation ${i}: ${wrong}\nShrunk: ${replay(profile, short)}\n${list}`);
  }
  expect(session.check()).toBe('');
}

for (const profile of PROFILES) {
  test(`agrees with the naive engine: ${profile.name}`, () => {
    const sessions = Math.ceil((profile.ops * factor) / profile.sessionOps);
    for (let seed = 1; seed <= sessions; seed++) runSession(profile, seed);
  });
}

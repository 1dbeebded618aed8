/** What the commands that begin a session have in common: how long it runs, and which options go together. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { parseDurationNs } from '../config/units.ts';
import { InputError } from '../data/report.ts';

/** Times beyond it are not exact. */
export const LONGEST_NS = 104 * 86_400e9;

const LACKS = {
  journal: 'with --no-journal nothing is kept',
  market: 'with --replay there is no living market',
  server: 'with --no-server nobody listens',
} as const;
type Needed = keyof typeof LACKS;

/** The name of a flag, the option, and what the session has to have for it. */
export type Need<Kind extends Needed> = readonly [flag: string, option: string, needed: Kind];

export const durabilityOption = () =>
  new Option('--durability <mode>', 'when an input counts as safe')
    .choices(['none', 'batch', 'sync'] as const)
    .default('batch' as const);

export const keepOption = () =>
  new Option('--keep <what>', 'of the journal: all, or what the kept snapshots do not stand for')
    .choices(['all', 'snapshots'] as const)
    .default('all' as const);

/** Seconds. */
export function parseDuration(text: string): number {
  const ns = parseDurationNs(text);
  if (ns > 0 && ns <= LONGEST_NS) return ns / 1e9;
  throw new InvalidArgumentError('expected a duration such as 10m or 1h, at most 104 days.');
}

/** @throws InputError when there are two ways to print at once */
export function checkOutputs(given: ReadonlySet<string>): void {
  if (!given.has('json') || !given.has('jsonLog')) return;
  throw new InputError('--json: found --json-log too, expected one of them');
}

/** @throws InputError that names the option that does not go with what the session lacks */
export function checkNeeds<Kind extends Needed>(
  given: ReadonlySet<string>,
  needs: readonly Need<Kind>[],
  has: Readonly<Record<Kind, boolean>>,
): void {
  for (const [flag, option, needed] of needs) {
    if (given.has(flag) && !has[needed]) throw new InputError(`${option}: ${LACKS[needed]}`);
  }
}

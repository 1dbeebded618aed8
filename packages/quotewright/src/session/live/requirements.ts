/** What a live session must have before anything is sent. All that is missing is told at once. */
import { InputError } from '../../data/report.ts';
import type { RiskFile } from '../../risk/risk-file.ts';

/** Between our clock and a venue's, beyond what the measuring leaves open. */
export const CLOCK_BOUND_MS = 500;

export interface LiveRequirements {
  readonly isConfirmed: boolean;
  readonly isDryRun: boolean;
  readonly hasJournal: boolean;
  /** As it was given; undefined: no risk file. */
  readonly riskGiven: string | Readonly<Record<string, unknown>> | undefined;
  readonly risk: RiskFile;
  /** What is wrong with keys and clocks, a text each. */
  readonly found: readonly string[];
}

/** @throws InputError, one line that names everything that is missing */
export function requireLive(requirements: LiveRequirements): void {
  const { isConfirmed, isDryRun, hasJournal, riskGiven, risk, found } = requirements;
  const missing = [
    ...(setsLimits(riskGiven, risk)
      ? []
      : ['limits (--risk FILE that sets at least one of limits.global or limits.instruments)']),
    ...(hasJournal ? [] : ['a journal (leave out --no-journal)']),
    ...found,
    ...(isConfirmed || isDryRun ? [] : ['--confirm (orders are sent with real money; --dry-run sends none)']),
  ];
  if (missing.length > 0) throw new InputError(`live trading does not begin without: ${missing.join('; ')}`);
}

function setsLimits(given: LiveRequirements['riskGiven'], { risk }: RiskFile): boolean {
  if (given === undefined || given === 'none') return false;
  const { global, instruments } = risk.limits ?? {};
  return [global ?? {}, ...Object.values(instruments ?? {})].some((limits) =>
    Object.values(limits).some((value) => typeof value === 'number'),
  );
}

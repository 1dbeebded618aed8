/** A case of the conformance suite: the same for every venue. */
import type { VenueAbilities } from '../../../packages/quotewright/src/venues/contract/venue.ts';
import type { Bench } from './bench.ts';

export interface ConformanceCase {
  /** As it stands in the table. */
  readonly name: string;
  /** Absent: every venue has it. */
  readonly needs?: (abilities: VenueAbilities) => boolean;
  /** @returns 'none' when it turns out that the venue's protocol has nothing of the kind */
  readonly run: (bench: Bench) => Promise<void | 'none'>;
}

/** `✓` passed, `—` the venue has nothing of the kind. */
export type Outcome = '✓' | '—';

/** The table venue × case in Markdown. */
export function conformanceTable(
  cases: readonly ConformanceCase[],
  outcomes: ReadonlyMap<string, ReadonlyMap<string, Outcome>>,
): string {
  const venues = [...outcomes.keys()];
  return [
    row(['case', ...venues]),
    row(['---', ...venues.map(() => ':-:')]),
    ...cases.map(({ name }) => row([name, ...venues.map((venue) => outcomes.get(venue)?.get(name) ?? '')])),
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

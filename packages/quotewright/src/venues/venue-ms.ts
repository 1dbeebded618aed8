/** The time that requests are signed with where no gateway has a clock. */
import type { Rest } from './contract/rest.ts';

/** The venue's clock as far as the way to it knows, else the machine's: Unix milliseconds. */
export function venueMs(rest: Rest): number {
  return rest.nowMs?.() ?? Date.now();
}

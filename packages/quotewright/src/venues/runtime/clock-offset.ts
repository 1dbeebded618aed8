/**
 * How far a venue's clock is from ours: its time is asked for several times, and each answer bounds the difference, as it was given between
 * question and answer (Cristian, 1989). What all of them allow is believed (Marzullo, 1984).
 *
 * A clock that is told in whole seconds bounds it to a second, however quick the answer. Such a one is asked when its second should end,
 * as far as is known by then: either answer halves what is left, until it is no more than the way takes.
 */
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { ClockOffset } from './live-clock.ts';
import type { VenueAccess } from './venue-access.ts';

const SAMPLES = 5;
/** Of a coarse clock: a second is halved to some tens of milliseconds. */
const COARSE_SAMPLES = 7;
/** What venues tell in milliseconds is up to one later than it says. */
const FINE_STEP_MS = 1;
const SECOND_MS = 1000;

/** What is possible: venue's time less ours, milliseconds. */
interface Bounds {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** The clock of the access knows it afterwards. @throws VenueError when no sample was answered */
export async function measureOffset(access: VenueAccess, samples?: number): Promise<ClockOffset> {
  const { clock, venue } = access;
  const stepMs = venue.timeStepMs ?? FINE_STEP_MS;
  const isCoarse = stepMs > FINE_STEP_MS;
  const count = samples ?? (isCoarse ? COARSE_SAMPLES : SAMPLES);
  let known: Bounds | undefined;
  let roundTripMs = Number.POSITIVE_INFINITY;
  let failure: unknown;
  for (let i = 0; i < count; i++) {
    if (isCoarse && known !== undefined) await sleepFor(untilStep(known, clock.nowMs(), stepMs));
    try {
      const found = await boundsOf(access, stepMs, isCoarse);
      roundTripMs = Math.min(roundTripMs, found.mostMs - found.leastMs - stepMs);
      known = known === undefined ? found : (both(known, found) ?? found);
    } catch (error) {
      failure = error;
      // A venue that does not answer is not asked so often that it takes minutes.
      if (known === undefined && i > 0) break;
    }
  }
  if (known === undefined) throw failure;
  const { leastMs, mostMs } = known;
  const offset: ClockOffset = {
    offsetMs: (leastMs + mostMs) / 2,
    errorMs: (mostMs - leastMs) / 2,
    roundTripMs,
    measuredNs: clock.nowNs(),
  };
  clock.setOffset(venue.name, offset);
  return offset;
}

async function boundsOf({ clock, venue, rest }: VenueAccess, stepMs: number, isCoarse: boolean): Promise<Bounds> {
  const sentMs = clock.nowMs();
  const venueMs = await venue.time(rest);
  const receivedMs = clock.nowMs();
  // Of a coarse clock it is the middle of its step, of a fine one the beginning.
  if (isCoarse) return { leastMs: venueMs - stepMs / 2 - receivedMs, mostMs: venueMs + stepMs / 2 - sentMs };
  // A whole second may be told by a clock that has no more, as some of ccxt's have.
  const upToMs = venueMs % SECOND_MS === 0 ? SECOND_MS : stepMs;
  return { leastMs: venueMs - receivedMs, mostMs: venueMs + upToMs - sentMs };
}

/** What both allow; undefined when one of the clocks was set meanwhile. */
function both(a: Bounds, b: Bounds): Bounds | undefined {
  const leastMs = Math.max(a.leastMs, b.leastMs);
  const mostMs = Math.min(a.mostMs, b.mostMs);
  return leastMs <= mostMs ? { leastMs, mostMs } : undefined;
}

/** How long until the middle of what is possible says that the venue's clock takes its next step. */
function untilStep({ leastMs, mostMs }: Bounds, nowMs: number, stepMs: number): number {
  const theirsMs = nowMs + (leastMs + mostMs) / 2;
  return stepMs - (((theirsMs % stepMs) + stepMs) % stepMs);
}

/**
 * The backtest's own venues on data whose every row is shown to them when we received it: what a paper session runs in real time, and what
 * a replay of its journal runs again. Both come to the same fills, as both know the same at the same time.
 */
import { FeedWindow } from '@quotewright/core/engine/feed-window';
import { LocalTimeVenue } from '@quotewright/core/engine/local-time-venue';
import { ReplaySession, type ReplayTrader } from '@quotewright/core/engine/replay-session';
import type { Instrument } from '@quotewright/core/market/instrument';
import { instrumentVenues } from '@quotewright/core/market/instrument-venues';
import type { ReplayVenue } from '@quotewright/core/venue-sim/venue';
import { venueLatencies } from './venue-latency.ts';
import { type VenuePlan, makeVenue } from './venues.ts';

/** What the simulated venues of a session are made of. */
export interface SimulatedVenues {
  readonly instruments: readonly Instrument[];
  readonly isL3: readonly boolean[];
  readonly settings: VenuePlan['settings'];
  readonly depthIntervalNs: VenuePlan['feed']['depthIntervalNs'];
  /** As `venueLatencies` reads it. */
  readonly latency: string;
}

export interface LocalReplay {
  readonly window: FeedWindow;
  readonly session: ReplaySession;
  /** By instrument. */
  readonly venues: readonly ReplayVenue[];
}

/**
 * @param epoch number of the process among all of the session, from 1: each has luck of its own on the way, and executions of its own numbers
 * @param startNs local time at which the strategies start, unless they run already
 * @throws InputError that names the latency
 */
export function localReplay(
  trader: ReplayTrader,
  { instruments, isL3, settings, depthIntervalNs, latency }: SimulatedVenues,
  epoch: number,
  startNs: number,
): LocalReplay {
  const { names, venueOf } = instrumentVenues(instruments);
  const stream = epoch === 1 ? 'latency' : `latency.${epoch}`;
  const latencies = venueLatencies(latency, names, settings.seed, stream);
  const window = new FeedWindow({ shiftNs: 0, assumedLatencyNs: 0, happensLocally: true });
  const plan: VenuePlan = { settings, instruments, feed: { isL3, depthIntervalNs } };
  const venues = instruments.map((_, index) => makeVenue(plan, 'modelled', index));
  const setups = venues.map((venue, index) => ({
    venue: new LocalTimeVenue(venue, epoch),
    latency: latencies[venueOf[index]!]!,
    instruments: [index],
  }));
  return { window, venues, session: new ReplaySession(trader, window, setups, startNs) };
}

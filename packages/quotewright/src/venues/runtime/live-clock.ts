/**
 * The clock of a session with the world: nanoseconds since its epoch day, monotonic, that follow the machine's wall clock by running
 * a little faster or slower. It never goes back; it steps forward when the wall clock is far ahead (a machine that has slept).
 * It also knows how far each venue's clock is from it.
 */
import { unixMsToNs } from '@quotewright/core/base/time';

const MS_PER_DAY = 86_400_000;
/** How often it is compared with the wall clock. */
const COMPARE_NS = 1e9;
/** A difference is made good over so long… */
const CORRECT_NS = 10e9;
/** …but by no more than this share of the time that passes. */
const MAX_SLEW = 0.05;
/** The wall clock is this far ahead: it is followed at once. */
const STEP_NS = 1e9;
/** The wall clock is read in whole milliseconds. */
const WALL_STEP_NS = 1e6;

export interface ClockSources {
  /** Monotonic, milliseconds with fractions. */
  readonly monotonicMs: () => number;
  /** Unix, whole milliseconds. */
  readonly wallMs: () => number;
}

const MACHINE: ClockSources = { monotonicMs: () => performance.now(), wallMs: () => Date.now() };

/** How far a venue's clock is from ours. */
export interface ClockOffset {
  /** Venue's time less ours, milliseconds. */
  readonly offsetMs: number;
  /** The offset is no further off than this. */
  readonly errorMs: number;
  /** Of the answer that came soonest. */
  readonly roundTripMs: number;
  readonly measuredNs: number;
}

export class LiveClock {
  readonly epochDay: number;
  readonly #sources: ClockSources;
  /** Ours, and the monotonic clock's, at the last comparison. */
  #anchorNs: number;
  #anchorMonotonicNs: number;
  #rate = 1;
  #lastNs: number;
  readonly #offsets = new Map<string, ClockOffset>();

  constructor(epochDay: number, sources: ClockSources = MACHINE) {
    this.epochDay = epochDay;
    this.#sources = sources;
    this.#anchorMonotonicNs = sources.monotonicMs() * 1e6;
    this.#anchorNs = unixMsToNs(sources.wallMs(), epochDay);
    this.#lastNs = this.#anchorNs;
  }

  /** Whole nanoseconds since the epoch day's UTC midnight; never less than before. */
  nowNs(): number {
    const passedNs = this.#sources.monotonicMs() * 1e6 - this.#anchorMonotonicNs;
    let now = Math.floor(this.#anchorNs + passedNs * this.#rate);
    if (passedNs >= COMPARE_NS) now = this.#compare(now, passedNs);
    if (now < this.#lastNs) return this.#lastNs;
    this.#lastNs = now;
    return now;
  }

  /** The same instant, Unix milliseconds with a fraction. */
  nowMs(): number {
    return this.unixMs(this.nowNs());
  }

  /** As the venue's own clock has it, Unix milliseconds, when it was measured; else ours. */
  venueMs(venue: string): number {
    return this.nowMs() + (this.#offsets.get(venue)?.offsetMs ?? 0);
  }

  unixMs(ns: number): number {
    return this.epochDay * MS_PER_DAY + ns / 1e6;
  }

  offset(venue: string): ClockOffset | undefined {
    return this.#offsets.get(venue);
  }

  setOffset(venue: string, offset: ClockOffset): void {
    this.#offsets.set(venue, offset);
  }

  #compare(now: number, passedNs: number): number {
    const wallNs = unixMsToNs(this.#sources.wallMs(), this.epochDay);
    // Within the millisecond that the wall clock shows, nothing is known to be wrong.
    const behindNs = now < wallNs ? wallNs - now : Math.min(0, wallNs + WALL_STEP_NS - now);
    this.#anchorMonotonicNs += passedNs;
    this.#anchorNs = behindNs > STEP_NS ? wallNs : now;
    this.#rate = behindNs > STEP_NS ? 1 : 1 + Math.min(MAX_SLEW, Math.max(-MAX_SLEW, behindNs / CORRECT_NS));
    return this.#anchorNs;
  }
}

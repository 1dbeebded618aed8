/**
 * Regimes of a market, as multipliers of its parameters, and schedules of them: a list of spells that repeats, or a seeded
 * Markov chain.
 */
import type { Random } from '../../base/random.ts';

export interface Regime {
  readonly volatility: number;
  /** Drift of the value over a minute, in standard deviations of its change in a minute; its sign is drawn at the start of a spell. */
  readonly trend: number;
  /** Fall of the value a second, in standard deviations of its change in a second; negative: it rises. */
  readonly fall: number;
  /** How fast the value returns to where the spell began, per second. */
  readonly reversion: number;
  /** Limit orders and cancels. */
  readonly activity: number;
  /** Market orders. */
  readonly taking: number;
  /** Sizes of limit orders and quotes. */
  readonly depth: number;
  /** Makers' distance from their view. */
  readonly spread: number;
  readonly jumps: number;
  readonly momentum: number;
}

export const REGIME_NAMES = [
  'calm',
  'trend',
  'mean-reverting',
  'volatile',
  'crisis',
  'thin',
  'crash',
  'rebound',
] as const;
export type RegimeName = (typeof REGIME_NAMES)[number];

export const REGIMES: Readonly<Record<RegimeName, Regime>> = {
  calm: regime({}),
  trend: regime({ trend: 1.2, momentum: 3, taking: 1.3 }),
  'mean-reverting': regime({ volatility: 1.2, reversion: 0.1, momentum: 0 }),
  volatile: regime({ volatility: 2.5, activity: 1.5, taking: 1.8, depth: 0.7, spread: 1.6, jumps: 3 }),
  crisis: regime({
    volatility: 6,
    trend: 1,
    activity: 1.8,
    taking: 3,
    depth: 0.3,
    spread: 4,
    jumps: 12,
    momentum: 3,
  }),
  // Ten seconds of it take off some two percent; what rebounds takes longer and does not reach where it came from.
  crash: regime({ volatility: 4, fall: 50, activity: 1.8, taking: 4, depth: 0.25, spread: 3, momentum: 3 }),
  rebound: regime({ volatility: 3, fall: -18, activity: 1.5, taking: 2, depth: 0.4, spread: 2 }),
  thin: regime({ volatility: 0.8, activity: 0.4, taking: 0.4, depth: 0.25, spread: 2.5 }),
};

function regime(differences: Partial<Regime>): Regime {
  const calm = {
    volatility: 1,
    trend: 0,
    fall: 0,
    reversion: 0,
    activity: 1,
    taking: 1,
    depth: 1,
    spread: 1,
    jumps: 1,
    momentum: 1,
  };
  return { ...calm, ...differences };
}

/** A spell of one regime. */
export interface Spell {
  readonly regime: RegimeName;
  readonly seconds: number;
  /** Trading is halted at the start of the spell for so long, then resumes with an auction of as long again; 0 or absent: it goes on. */
  readonly haltSeconds?: number;
}

/** The spells in turn, over and over; or with `random`, each drawn from the list and its length exponential with that mean. */
export interface Schedule {
  readonly spells: readonly Spell[];
  readonly isRandom: boolean;
}

export const CALM: Schedule = { spells: [{ regime: 'calm', seconds: 3600 }], isRandom: false };

/** Walks a schedule. */
export class RegimeClock {
  readonly #schedule: Schedule;
  readonly #random: Random;
  #next = 0;

  /** @throws RangeError when there is no spell, or one is not longer than its halt. */
  constructor(schedule: Schedule, random: Random) {
    if (schedule.spells.length === 0) throw new RangeError('schedule: has no spell');
    for (const { regime: name, seconds, haltSeconds = 0 } of schedule.spells) {
      if (!(seconds > 0 && seconds < Infinity))
        throw new RangeError(`schedule: seconds ${seconds} of ${name} is not above 0`);
      if (!(haltSeconds >= 0 && haltSeconds * 2 < seconds)) {
        throw new RangeError(
          `schedule: haltSeconds ${haltSeconds} of ${name} is not below half of its ${seconds} seconds`,
        );
      }
    }
    this.#schedule = schedule;
    this.#random = random;
  }

  /** The next spell, with its length drawn. In a random schedule no spell follows itself when there are others. */
  next(): Spell {
    const { spells, isRandom } = this.#schedule;
    if (!isRandom) return spells[this.#next++ % spells.length];
    const last = this.#next - 1;
    let index =
      last < 0 || spells.length === 1 ? this.#random.below(spells.length) : this.#random.below(spells.length - 1);
    if (last >= 0 && spells.length > 1 && index >= last) index++;
    this.#next = index + 1;
    const spell = spells[index];
    const { haltSeconds = 0 } = spell;
    return { ...spell, seconds: haltSeconds * 2 + 0.001 + this.#random.exponential() * spell.seconds };
  }
}

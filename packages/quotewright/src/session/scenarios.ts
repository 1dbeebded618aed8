/** What can be made to happen in a living market, by name: regimes of the market in turn, or a venue that cannot be reached. */
import type { Schedule, Spell } from '@quotewright/core/venue-sim/living/regimes';
import { InputError } from '../data/report.ts';
import type { OutagePlan } from './outages.ts';

export interface Scenario {
  readonly name: string;
  /** For the help. */
  readonly description: string;
  readonly schedule?: Schedule;
  readonly outages?: OutagePlan;
}

const repeated = (...spells: readonly Spell[]): Schedule => ({ isRandom: false, spells });

export const SCENARIOS: readonly Scenario[] = [
  { name: 'calm', description: 'nothing out of the ordinary' },
  {
    name: 'volatile',
    description: 'after 20 s two minutes of wild prices, wide spreads and thin books; again and again',
    schedule: repeated({ regime: 'calm', seconds: 20 }, { regime: 'volatile', seconds: 120 }),
  },
  {
    name: 'trend',
    description: 'after 20 s three minutes that go one way; again and again, up or down',
    schedule: repeated({ regime: 'calm', seconds: 20 }, { regime: 'trend', seconds: 180 }),
  },
  {
    name: 'mean-reverting',
    description: 'prices swing round one level',
    schedule: repeated({ regime: 'mean-reverting', seconds: 3600 }),
  },
  {
    name: 'flash-crash',
    description:
      'after 30 s the price falls some two percent in ten seconds, and comes back in part; every three minutes',
    schedule: repeated(
      { regime: 'calm', seconds: 30 },
      { regime: 'crash', seconds: 10 },
      { regime: 'rebound', seconds: 20 },
      { regime: 'thin', seconds: 30 },
      { regime: 'calm', seconds: 90 },
    ),
  },
  {
    name: 'thin',
    description: 'few orders, wide spreads',
    schedule: repeated({ regime: 'thin', seconds: 3600 }),
  },
  {
    name: 'halt',
    description: 'after 30 s trading is halted for 15 s and resumes with an auction of 15 s; every two minutes',
    schedule: repeated({ regime: 'calm', seconds: 30 }, { regime: 'volatile', seconds: 90, haltSeconds: 15 }),
  },
  {
    name: 'outage',
    description: 'after 20 s the venues cannot be reached for 10 s; every minute',
    outages: { firstNs: 20e9, everyNs: 60e9, forNs: 10e9 },
  },
  {
    name: 'storm',
    description: 'regimes of all kinds, drawn at random',
    schedule: {
      isRandom: true,
      spells: [
        { regime: 'calm', seconds: 60 },
        { regime: 'trend', seconds: 40 },
        { regime: 'volatile', seconds: 40 },
        { regime: 'crisis', seconds: 15 },
        { regime: 'thin', seconds: 30 },
        { regime: 'mean-reverting', seconds: 40 },
      ],
    },
  },
];

/** @throws InputError when there is no scenario of this name */
export function findScenario(name: string): Scenario {
  const found = SCENARIOS.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new InputError(`--scenario: found '${name}', expected one of ${SCENARIOS.map((each) => each.name).join(', ')}`);
}

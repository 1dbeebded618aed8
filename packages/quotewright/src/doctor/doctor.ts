/** Looks at everything that a session with real venues needs, without sending an order or showing a secret. */
import { setTimeout as sleepFor } from 'node:timers/promises';
import { checkSettings, readConfig } from '../config/read-config.ts';
import { InputError } from '../data/report.ts';
import { reasonOf } from '../data/reason.ts';
import type { CredentialOptions } from '../secrets/credentials.ts';
import type { OpenVenue } from '../venues/open-venue.ts';
import { LiveClock } from '../venues/runtime/live-clock.ts';
import { VenueAccess } from '../venues/runtime/venue-access.ts';
import { type VenueSettings, venueSettings, venuesFile } from '../venues/venue-settings.ts';
import { type Check, Findings } from './check.ts';
import { checkMachine, machineFacts } from './machine.ts';
import { checkKey, checkVenue } from './venue.ts';

const MS_PER_DAY = 86_400_000;
/** An answer is waited for so long, and room in the limits; all of a venue takes no longer than its own bound. */
const ANSWER_MS = 5000;
const VENUE_MS = 45_000;

export interface DoctorOptions {
  /** File of `--venues`. */
  readonly venues: string | undefined;
  /** Names of venues to look at; empty: all of the file. */
  readonly names: readonly string[];
  /** @throws InputError when there is no such venue */
  readonly open: (name: string, settings: VenueSettings) => Promise<OpenVenue>;
  readonly rotateDays: number;
  readonly keys: CredentialOptions;
  /** Each, those of a venue together. */
  readonly found: (check: Check) => void;
  /** Bound on one venue, milliseconds; default: 45 s. */
  readonly venueMs?: number;
}

/** @returns whether nothing has failed */
export async function examine(options: DoctorOptions): Promise<boolean> {
  let isHealthy = true;
  const found = (check: Check): void => {
    if (check.grade === 'fail') isHealthy = false;
    options.found(check);
  };
  const machine = new Findings('machine', found);
  checkMachine(machine, options.keys.home, machineFacts());
  const patients: Patient[] = [];
  // Keys first and in turn: somebody may be asked for a password.
  for (const [name, settings] of await wanted(options, machine)) {
    patients.push(await admitted(name, settings, options));
  }
  const rounds = patients.map(async (patient) => examined(patient, options));
  for (const round of rounds) for (const check of await round) found(check);
  return isHealthy;
}

/** Venues to look at, with the settings of each. */
async function wanted({ venues, names }: DoctorOptions, machine: Findings): Promise<[string, VenueSettings][]> {
  let file: Readonly<Record<string, VenueSettings>> = {};
  if (venues !== undefined) {
    try {
      file = checkSettings(venuesFile, await readConfig(venues), venues);
      machine.pass('config', `${venues}: ${Object.keys(file).length} venues`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      machine.fail('config', reasonOf(error), 'mend the file');
    }
  }
  if (venues === undefined && names.length === 0) {
    machine.warn('config', 'no venues to look at', 'name some by --venue, or a file of them by --venues');
  }
  const all = names.length === 0 ? Object.keys(file) : names;
  return all.map((name) => [name, file[name] ?? venueSettings.parse({})]);
}

/** A venue with what was found of it so far; without a way to it there is nothing more to be found. */
interface Patient {
  readonly checks: Check[];
  readonly findings: Findings;
  readonly look?: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

async function admitted(name: string, settings: VenueSettings, options: DoctorOptions): Promise<Patient> {
  const checks: Check[] = [];
  const findings = new Findings(name, (check) => checks.push(check));
  const clock = new LiveClock(Math.floor(Date.now() / MS_PER_DAY));
  let access: VenueAccess;
  try {
    const venue = await options.open(name, settings);
    access = VenueAccess.open({ ...venue, clock, answerMs: ANSWER_MS, budgetMs: ANSWER_MS });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    findings.fail('config', reasonOf(error), 'mend it in --venues');
    return { checks, findings };
  }
  const { rest, feed } = access.addresses;
  findings.pass('address', `${rest} and ${feed}, environment '${access.settings.environment}'`);
  const credentials = await checkKey(findings, access, options, clock.nowMs());
  return {
    checks,
    findings,
    look: async () => checkVenue(findings, access, credentials),
    close: async () => access.close(),
  };
}

/** What was found of it, in bounded time. */
async function examined({ checks, findings, look, close }: Patient, options: DoctorOptions): Promise<Check[]> {
  const { venueMs = VENUE_MS } = options;
  const bell = new AbortController();
  const late = sleepFor(venueMs, 'late', { signal: bell.signal }).catch(() => 'in time');
  try {
    const end = await Promise.race([look?.(), late]);
    if (end === 'late') findings.fail('time', `not all is known after ${venueMs / 1000} s`, 'try again');
  } catch (error) {
    findings.fail('venue', reasonOf(error), 'this is not foreseen: report it');
  } finally {
    bell.abort();
    await close?.();
  }
  // What comes after the bell is not told.
  return [...checks];
}

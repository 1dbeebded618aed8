/** The way to one venue: its addresses as settings have them, TLS with pins, its rate budget, REST, the clock and the tap. */
import type { VenueAddresses } from '../contract/addresses.ts';
import type { Rest } from '../contract/rest.ts';
import type { Venue } from '../contract/venue.ts';
import { InputError } from '../../data/report.ts';
import type { VenueSettings } from '../venue-settings.ts';
import type { FrameTap } from './frame-tap.ts';
import { HttpRest } from './http-rest.ts';
import type { LiveClock } from './live-clock.ts';
import { SharedBudget, type SharedMemories } from './shared-budget.ts';
import { type TlsOptions, tlsOptions } from './tls.ts';
import { EventCounter, type VenueEvent } from './venue-event.ts';

export interface AccessSetup {
  readonly venue: Venue;
  readonly settings: VenueSettings;
  readonly clock: LiveClock;
  readonly tap?: FrameTap;
  /** What the way itself tells: pins, rate limits. */
  readonly event?: (event: VenueEvent) => void;
  /** Of another thread's `VenueAccess.budget.memories`: both keep one budget. */
  readonly memories?: SharedMemories;
  /** How long an answer, and room in the budget, is waited for, milliseconds. */
  readonly answerMs?: number;
  readonly budgetMs?: number;
}

export class VenueAccess {
  readonly venue: Venue;
  readonly settings: VenueSettings;
  readonly addresses: VenueAddresses;
  readonly clock: LiveClock;
  readonly tap: FrameTap | undefined;
  readonly tls: TlsOptions;
  readonly budget: SharedBudget;
  readonly rest: Rest;
  readonly #http: HttpRest;

  /** Connects to nothing yet. @throws InputError when settings name what there is not */
  static open(setup: AccessSetup): VenueAccess {
    return new VenueAccess(setup);
  }

  private constructor(setup: AccessSetup) {
    const { venue, settings, clock, tap, event, memories, answerMs, budgetMs } = setup;
    const events = new EventCounter(venue.name, (told) => event?.(told));
    this.venue = venue;
    this.settings = settings;
    this.clock = clock;
    this.tap = tap;
    this.addresses = addressesOf(venue, settings);
    this.tls = tlsOptions(settings, (text, isRefused) =>
      events.tell(clock.nowNs(), { type: 'pin', line: 'rest', text: isRefused ? `${text}: not connected` : text }),
    );
    this.budget = new SharedBudget(venue.budgets, settings.budgetShare, memories);
    this.#http = new HttpRest({
      venue: venue.name,
      address: this.addresses.rest,
      tls: this.tls,
      budget: this.budget,
      clock,
      limited: (text) => events.tell(clock.nowNs(), { type: 'rate-limited', line: 'rest', text }),
      ...(venue.used === undefined ? {} : { used: venue.used }),
      ...(tap === undefined ? {} : { tap }),
      ...(answerMs === undefined ? {} : { answerMs }),
      ...(budgetMs === undefined ? {} : { budgetMs }),
    });
    this.rest = this.#http;
  }

  async close(): Promise<void> {
    await this.#http.close();
  }
}

/** @throws InputError when the venue has no such environment */
export function addressesOf(venue: Venue, { environment, addresses }: VenueSettings): VenueAddresses {
  if (!Object.hasOwn(venue.environments, environment)) {
    const known = Object.keys(venue.environments).join(', ');
    throw new InputError(`${venue.name}: environment: found '${environment}', expected one of ${known}`);
  }
  const of = venue.environments[environment]!;
  return {
    rest: addresses.rest ?? of.rest,
    feed: addresses.feed ?? of.feed,
    orders: addresses.orders ?? of.orders,
  };
}

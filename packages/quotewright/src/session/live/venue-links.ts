/** The ways to the venues of a session: who is reached how, by which key, and their connections once there is an engine. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';
import { placeThread } from '../../threads/pinning.ts';
import { ThreadedConnection } from '../../threads/threaded-connection.ts';
import type { Credentials } from '../../venues/contract/credentials.ts';
import type { Venue } from '../../venues/contract/venue.ts';
import { openVenue } from '../../venues/open-venue.ts';
import { measureOffset } from '../../venues/runtime/clock-offset.ts';
import { type ConnectorSetup, type VenueConnection, VenueConnector } from '../../venues/runtime/connector.ts';
import type { LiveClock } from '../../venues/runtime/live-clock.ts';
import { VenueAccess } from '../../venues/runtime/venue-access.ts';
import type { VenueEvent } from '../../venues/runtime/venue-event.ts';
import { type VenueSettings, type VenuesFile, venueSettings } from '../../venues/venue-settings.ts';
import type { TradingConfig } from './config.ts';
import type { VenueMember } from './listing.ts';
import type { LiveTrade } from './trade.ts';

export interface LinkSetup {
  /** In the order in which the session names them. */
  readonly names: readonly string[];
  readonly settings: VenuesFile;
  readonly clock: LiveClock;
  /** The key of a venue; undefined: it is not wanted. */
  readonly credentialsOf: ((venue: Venue, settings: VenueSettings) => Promise<Credentials>) | undefined;
  readonly event: (event: VenueEvent) => void;
  /** Absent: market data is read on the thread that trades. */
  readonly threads: TradingConfig['threads'];
  readonly busyPoll: boolean;
  /** Takes a line for the operator. */
  readonly say: (line: string) => void;
}

export interface ConnectSetup {
  readonly instruments: readonly Instrument[];
  readonly hasOrders: boolean;
  readonly tag: string;
  readonly seed: number;
  /** Who takes what comes; undefined until trading is set up, and nothing comes before. */
  readonly trade: () => LiveTrade | undefined;
}

export class VenueLinks {
  /** By name. */
  readonly members: ReadonlyMap<string, VenueMember>;
  connectors: readonly VenueConnection[] = [];
  readonly #setup: LinkSetup;
  #isClosed = false;

  private constructor(setup: LinkSetup, members: ReadonlyMap<string, VenueMember>) {
    this.#setup = setup;
    this.members = members;
  }

  /** Connects to nothing yet. @throws InputError that names the venue, or what its key lacks */
  static async open(setup: LinkSetup): Promise<VenueLinks> {
    const { names, settings, clock, credentialsOf, event } = setup;
    const stranger = Object.keys(settings).find((name) => settings[name] === undefined);
    if (stranger !== undefined) throw new InputError(`venues: ${stranger}: found nothing, expected settings`);
    const members = new Map<string, VenueMember>();
    try {
      for (const name of names) {
        const found = await openVenue(name, settings[name] ?? venueSettings.parse({}));
        const credentials = await credentialsOf?.(found.venue, found.settings);
        members.set(name, { access: VenueAccess.open({ ...found, clock, event }), credentials });
      }
    } catch (error) {
      await closeAll(members);
      throw error;
    }
    return new VenueLinks(setup, members);
  }

  /** How far each venue's clock is from ours. @returns what is out of bounds, a text each */
  async measureClocks(boundMs: number): Promise<string[]> {
    const found = await Promise.all(
      [...this.members].map(async ([name, { access }]) => {
        try {
          const { offsetMs, errorMs } = await measureOffset(access);
          if (Math.abs(offsetMs) - errorMs <= boundMs) return [];
          return [
            `${name}: the clock is ${Math.abs(offsetMs).toFixed(0)} ms ${offsetMs > 0 ? 'behind' : 'ahead of'} the venue's, expected within ${boundMs} ms`,
          ];
        } catch (error) {
          return [`${name}: its clock cannot be compared: ${reasonOf(error)}`];
        }
      }),
    );
    return found.flat();
  }

  /** Begins to connect. @throws InputError when a thread of market data cannot begin */
  async connect(setup: ConnectSetup): Promise<void> {
    const { instruments, hasOrders, tag, seed, trade } = setup;
    const { clock, event, threads, say, busyPoll } = this.#setup;
    if (busyPoll) this.#stayAwake();
    const setups = [...this.members].map(([name, { access, credentials }]): ConnectorSetup => {
      const indices = marketsOf(instruments, name);
      return {
        access,
        instruments: indices.map((index) => instruments[index]!),
        indices,
        markets: instruments.length,
        credentials,
        hasOrders,
        tag,
        isL3: false,
        seed,
        on: {
          records: (queue) => trade()?.records(queue),
          reports: (queue) => trade()?.reports(queue),
          connection: (kind, isUp) => {
            if (kind === 'orders') trade()?.connection(name, isUp, clock.nowNs());
          },
          event,
        },
      };
    });
    if (threads === undefined) {
      this.connectors = setups.map((each) => VenueConnector.open(each));
      return;
    }
    const { count, cpus, trading } = threads;
    const plan = { count, cpus, warn: say };
    this.connectors = await Promise.all(setups.map((each) => ThreadedConnection.open(each, plan)));
    // Last: threads that begin later would be bound as this one is.
    const warning = await placeThread('qw-trading', trading);
    if (warning !== '') say(warning);
  }

  readonly poll = (nowNs: number): void => {
    for (const connector of this.connectors) connector.poll(nowNs);
  };

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const connector of this.connectors) connector.close();
    await closeAll(this.members);
  }

  /** While something is to be done at once, the event loop asks the system for what has come and does not wait for it. */
  #stayAwake(): void {
    if (!this.#isClosed) setImmediate(() => this.#stayAwake());
  }
}

async function closeAll(members: ReadonlyMap<string, VenueMember>): Promise<void> {
  await Promise.all(
    [...members.values()].map(async ({ access, credentials }) => {
      await access.close();
      credentials?.wipe();
    }),
  );
}

export function marketsOf(instruments: readonly Instrument[], venue: string): number[] {
  return instruments.flatMap((each, index) => (each.venue === venue ? [index] : []));
}

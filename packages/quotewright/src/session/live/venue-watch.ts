/**
 * What is known of the ways to the venues, for the server's pages: gathered from what they tell, and from their counts when somebody asks.
 * It also has the venues' clocks compared with ours now and then, for the offset and the round trip.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import { reasonOf } from '../../data/reason.ts';
import type { VenueEventInfo, VenueLink, VenuesReport } from '../../server/protocol/venues.ts';
import { measureOffset } from '../../venues/runtime/clock-offset.ts';
import type { VenueConnection } from '../../venues/runtime/connector.ts';
import type { LiveClock } from '../../venues/runtime/live-clock.ts';
import type { VenueAccess } from '../../venues/runtime/venue-access.ts';
import type { VenueEvent } from '../../venues/runtime/venue-event.ts';

/** Events that are kept: each report has them all. */
const KEPT = 24;
const TEXT_CHARS = 200;
/** Between two comparisons of clocks, and between two reports. */
const CLOCK_NS = 60e9;
const REPORT_NS = 1e9;
const MS_PER_S = 1000;

export interface VenueWatchSetup {
  readonly clock: LiveClock;
  /** Of the session, in its order. */
  readonly instruments: readonly Instrument[];
  /** By the venue's name. */
  readonly members: ReadonlyMap<string, { readonly access: VenueAccess }>;
  /** Requests go to the venues. */
  readonly hasOrders: boolean;
}

type Connection = Pick<VenueConnection, 'venue' | 'stats' | 'isFeedUp' | 'areOrdersUp'>;

interface Stale {
  readonly fault: string | null;
  readonly text: string;
  readonly sinceMs: number;
}

interface Line {
  /** Connections that stand: several threads may have one each. */
  open: number;
  sinceMs: number | null;
}

/** Of one venue. */
interface Known {
  readonly lines: Map<string, Line>;
  /** By line: the books that are not believed, by index of the instrument. */
  readonly stale: Map<string, Map<number, Stale>>;
  rateLimited: number;
  messages: number;
  messagesPerSecond: number;
}

export class VenueWatch {
  readonly #setup: VenueWatchSetup;
  readonly #clock: LiveClock;
  readonly #known: ReadonlyMap<string, Known>;
  readonly #events: VenueEventInfo[] = [];
  #reportedMs = Number.NaN;
  #clockNs = Number.NEGATIVE_INFINITY;
  #reportedNs = Number.NEGATIVE_INFINITY;

  constructor(setup: VenueWatchSetup) {
    const { clock, instruments, members } = setup;
    this.#setup = setup;
    this.#clock = clock;
    const nowMs = clock.nowMs();
    this.#known = new Map(
      Array.from(members, ([name, { access }]) => {
        const names = access.settings.redundant ? ['feed', 'feed-b'] : ['feed'];
        const waiting: Stale = { fault: null, text: 'no snapshot has come yet', sinceMs: nowMs };
        const own = instruments.flatMap(({ venue }, index) => (venue === name ? [index] : []));
        return [
          name,
          {
            lines: new Map(names.map((line): [string, Line] => [line, { open: 0, sinceMs: null }])),
            stale: new Map(names.map((line) => [line, new Map(own.map((index) => [index, waiting]))])),
            rateLimited: 0,
            messages: 0,
            messagesPerSecond: 0,
          },
        ];
      }),
    );
  }

  readonly event = (event: VenueEvent): void => {
    const { type, venue, line, market, nowNs, severity, text, count } = event;
    const timeMs = this.#clock.unixMs(nowNs);
    const known = this.#known.get(venue);
    if (known !== undefined) note(known, event, timeMs);
    // That a channel was subscribed to says nothing that `connected` and `snapshot` do not.
    if (type === 'subscribed') return;
    this.#events.push({
      timeMs,
      venue,
      line,
      type,
      severity,
      instrument: market < 0 || market >= this.#setup.instruments.length ? null : market,
      text: text.slice(0, TEXT_CHARS),
      count,
    });
    if (this.#events.length > KEPT) this.#events.shift();
  };

  /**
   * Some times a second: has the clocks compared when it is time.
   * @param connections those that there are by now
   * @returns how they are, once a second
   */
  poll(nowNs: number, connections: readonly Connection[]): VenuesReport | undefined {
    if (nowNs - this.#clockNs >= CLOCK_NS) {
      this.#clockNs = nowNs;
      for (const [venue, { access }] of this.#setup.members) {
        // It costs the venue's budget some questions: what was measured at the start is not asked again at once.
        const offset = this.#clock.offset(venue);
        if (offset === undefined || nowNs - offset.measuredNs >= CLOCK_NS / 2) void this.#measure(venue, access);
      }
    }
    if (nowNs - this.#reportedNs < REPORT_NS) return undefined;
    this.#reportedNs = nowNs;
    return this.#report(connections);
  }

  async #measure(venue: string, access: VenueAccess): Promise<void> {
    const clock = this.#clock;
    try {
      await measureOffset(access);
    } catch (error) {
      const text = `the clock was not compared: ${reasonOf(error)}`;
      const nowNs = clock.nowNs();
      this.event({ type: 'notice', severity: 'info', venue, line: 'rest', market: -1, nowNs, text, count: 1 });
    }
  }

  #report(connections: readonly Connection[]): VenuesReport {
    const nowMs = this.#clock.nowMs();
    const passedMs = nowMs - this.#reportedMs;
    this.#reportedMs = nowMs;
    const links = connections.map((each): [string, VenueLink] => [each.venue, this.#link(each, nowMs, passedMs)]);
    return { links: new Map(links), events: [...this.#events] };
  }

  #link({ venue, stats, isFeedUp, areOrdersUp }: Connection, nowMs: number, passedMs: number): VenueLink {
    const { members, hasOrders } = this.#setup;
    const { budget } = members.get(venue)!.access;
    const known = this.#known.get(venue)!;
    const feeds = Object.values(stats.feeds);
    const sum = (key: keyof (typeof feeds)[number]): number => feeds.reduce((total, each) => total + each[key], 0);
    const messages = sum('messages');
    if (passedMs > 0) known.messagesPerSecond = ((messages - known.messages) * MS_PER_S) / passedMs;
    known.messages = messages;
    const { bannedUntilMs } = budget;
    return {
      isFeedUp,
      orders: hasOrders ? (areOrdersUp ? 'up' : 'down') : 'none',
      lines: Array.from(known.lines, ([name, { open, sinceMs }]) => ({ name, isUp: open > 0, sinceMs })),
      messages,
      messagesPerSecond: known.messagesPerSecond,
      staleBooks: staleBooks(known),
      counts: {
        stales: stats.stales,
        resyncs: stats.resyncs,
        reconnects: stats.reconnects,
        zombies: stats.zombies,
        rateLimited: known.rateLimited,
        switches: stats.switches,
        duplicates: stats.duplicates,
        gaps: sum('gaps'),
        badChecksums: sum('badChecksums'),
        unreadable: sum('unreadable'),
      },
      clock: this.#clockOf(venue),
      budgets: budget.uses(nowMs).map(({ rule, used, limit }) => ({ rule: rule.name, used, limit })),
      bannedUntilMs: bannedUntilMs > nowMs ? bannedUntilMs : null,
    };
  }

  #clockOf(venue: string): VenueLink['clock'] {
    const offset = this.#clock.offset(venue);
    if (offset === undefined || !Number.isFinite(offset.offsetMs)) return null;
    const { offsetMs, errorMs, roundTripMs, measuredNs } = offset;
    return { offsetMs, errorMs, roundTripMs, measuredMs: this.#clock.unixMs(measuredNs) };
  }
}

function note(known: Known, { type, line: name, market, fault, text }: VenueEvent, timeMs: number): void {
  if (type === 'rate-limited') known.rateLimited++;
  const line = known.lines.get(name);
  const stale = known.stale.get(name);
  if (line === undefined || stale === undefined) return;
  const wasUp = line.open > 0;
  if (type === 'connected') line.open++;
  else if (type === 'disconnected') line.open = Math.max(0, line.open - 1);
  if (wasUp !== line.open > 0) line.sinceMs = timeMs;
  if (type === 'snapshot') stale.delete(market);
  else if (type === 'stale') {
    const sinceMs = stale.get(market)?.sinceMs ?? timeMs;
    stale.set(market, { fault: fault ?? null, text, sinceMs });
  }
}

/** A book is not believed when none of the connections has one that is. */
function staleBooks({ stale }: Known): VenueLink['staleBooks'] {
  const [first, ...others] = stale.values();
  return Array.from(first ?? []).flatMap(([instrument, of]) => {
    const rest = others.map((each) => each.get(instrument));
    return rest.every((each) => each !== undefined)
      ? [{ instrument, ...of, sinceMs: Math.max(of.sinceMs, ...rest.map((each) => each.sinceMs)) }]
      : [];
  });
}

/** What is not as it should be, in plain words. Pure: one message of the system topic in, sentences out. */
import type { SystemInfo } from 'quotewright/server/protocol/system';
import { linkedVenues } from './venue-links.ts';
import { formatCount, formatDuration, formatNumber, formatShare, formatTime } from '../../lib/format.ts';

export interface Finding {
  /** The panel that it belongs to. */
  readonly about: 'loops' | 'rings' | 'journal' | 'replica' | 'clients' | 'redis' | 'venues' | 'machine';
  readonly isBad: boolean;
  readonly text: string;
}

const LATE_MS = 50;
const VERY_LATE_MS = 500;
const BUSY = 0.95;
const FULL = 0.8;
const JOURNAL_BEHIND = 100_000;
const REPLICA_BEHIND = 100_000;
const SILENT_MS = 30_000;
const LONG_PAUSE_MS = 100;
/** Further apart, beyond what the measurement leaves open, a live session does not begin. */
const CLOCK_MS = 500;

function* loops(system: SystemInfo): Generator<Finding> {
  for (const name of ['trading', 'server'] as const) {
    const loop = system[name];
    if (loop.p99Ms > LATE_MS) {
      const text = `The ${name} thread’s event loop is late: ${formatNumber(loop.p99Ms, { digits: 0, unit: 'ms' })} at the 99th percentile.`;
      yield { about: 'loops', isBad: loop.p99Ms > VERY_LATE_MS, text };
    }
    // At full speed the trading thread is meant to be busy.
    if (loop.utilisation > BUSY && name === 'server') {
      yield {
        about: 'loops',
        isBad: false,
        text: `The ${name} thread is busy ${formatShare(loop.utilisation, 0)} of the time.`,
      };
    }
  }
  if (system.gc.maxMs > LONG_PAUSE_MS) {
    const text = `A garbage collection stopped a thread for ${formatNumber(system.gc.maxMs, { digits: 0, unit: 'ms' })}.`;
    yield { about: 'machine', isBad: false, text };
  }
}

function* queues(system: SystemInfo): Generator<Finding> {
  for (const ring of system.rings) {
    if (ring.fill > FULL) {
      yield {
        about: 'rings',
        isBad: ring.fill >= 1,
        text: `The ring ${ring.name} is ${formatShare(ring.fill, 0)} full.`,
      };
    }
    if (ring.refused > 0) {
      yield {
        about: 'rings',
        isBad: false,
        text: `The ring ${ring.name} was full for ${formatCount(ring.refused)} records since the start.`,
      };
    }
  }
  const { journal, replica } = system;
  if (journal.failure !== '') yield { about: 'journal', isBad: true, text: `The journal failed: ${journal.failure}.` };
  else if (journal.isOn && journal.pending > JOURNAL_BEHIND) {
    yield { about: 'journal', isBad: false, text: `The journal is ${formatCount(journal.pending)} records behind.` };
  }
  if (!replica.isEqual) {
    yield {
      about: 'replica',
      isBad: true,
      text: 'The second engine differs from the trading engine: what these pages show is not to be relied on.',
    };
  }
  if (replica.lag > REPLICA_BEHIND) {
    yield {
      about: 'replica',
      isBad: false,
      text: `These pages are ${formatCount(replica.lag)} inputs behind the trading engine.`,
    };
  }
}

function* connections(system: SystemInfo): Generator<Finding> {
  if (system.clients.slow > 0) {
    const many = system.clients.slow === 1 ? 'One client does' : `${system.clients.slow} clients do`;
    yield { about: 'clients', isBad: false, text: `${many} not keep up and is sent less often.` };
  }
  if (system.redis.state === 'down') {
    yield {
      about: 'redis',
      isBad: false,
      text: `Redis does not answer: ${system.redis.detail}. Trading goes on without it.`,
    };
  }
  for (const venue of system.venues) {
    // Said in more words below.
    if (venue.link !== null && (!venue.link.isFeedUp || venue.link.orders === 'down')) continue;
    if (!venue.isConnected) yield { about: 'venues', isBad: true, text: `${venue.name} is not connected.` };
    else if (venue.lastMessageMs !== null && system.marketMs - venue.lastMessageMs > SILENT_MS) {
      const silence = formatDuration(system.marketMs - venue.lastMessageMs);
      yield {
        about: 'venues',
        isBad: false,
        text: `${venue.name} has been silent for ${silence}${venue.link === null ? ' of market time' : ''}.`,
      };
    }
  }
}

function* ways(system: SystemInfo): Generator<Finding> {
  for (const { name, link } of linkedVenues(system)) {
    if (!link.isFeedUp)
      yield { about: 'venues', isBad: true, text: `No market data comes from ${name}: nothing is quoted there.` };
    if (link.orders === 'down') {
      yield {
        about: 'venues',
        isBad: true,
        text: `There is no way for orders to ${name}: those that are open are not in our hands.`,
      };
    }
    const stale = link.staleBooks.length;
    if (link.isFeedUp && stale > 0) {
      yield {
        about: 'venues',
        isBad: false,
        text: `${stale === 1 ? 'One book' : `${stale} books`} of ${name} ${stale === 1 ? 'is' : 'are'} not believed: nothing is quoted there.`,
      };
    }
    for (const line of link.isFeedUp ? link.lines : []) {
      if (!line.isUp)
        yield {
          about: 'venues',
          isBad: false,
          text: `The connection ${line.name} of ${name} is down; the other one serves.`,
        };
    }
    if (link.bannedUntilMs !== null) {
      yield {
        about: 'venues',
        isBad: true,
        text: `${name} is sent nothing until ${formatTime(link.bannedUntilMs)}: it has said so.`,
      };
    }
    const { clock } = link;
    if (clock !== null && Math.abs(clock.offsetMs) - clock.errorMs > CLOCK_MS) {
      const apart = formatDuration(Math.abs(clock.offsetMs));
      yield { about: 'venues', isBad: false, text: `Our clock and that of ${name} are ${apart} apart.` };
    }
  }
}

/** The bad ones first. */
export function judge(system: SystemInfo): readonly Finding[] {
  const found = [...loops(system), ...queues(system), ...ways(system), ...connections(system)];
  return found.toSorted((a, b) => Number(b.isBad) - Number(a.isBad));
}

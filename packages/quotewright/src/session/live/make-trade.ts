/** Who trades in a session: simulated venues, the venues themselves, or the venues but for their orders. */
import { unixMsToNs } from '@quotewright/core/base/time';
import { type ReconcileReport, agrees } from '@quotewright/core/engine/reconcile';
import { reconcileText } from '../../journal/recovery-report.ts';
import type { SessionHeader } from '../../journal/session-header.ts';
import type { JournalSettings, LiveSession, SessionWorld } from '../live-session.ts';
import { DryRun } from './dry-run.ts';
import { headerConfig, simulatedVenues } from './header.ts';
import { PaperTrade } from './paper-trade.ts';
import type { VenueMember } from './listing.ts';
import type { LiveTrade } from './trade.ts';
import { type VenueLinks, marketsOf } from './venue-links.ts';
import { type TradedVenue, VenueTrade } from './venue-trade.ts';

/** How long the venues may take to be there, and to tell of our account. */
const START_MS = 60_000;

export interface TradeSetup {
  readonly header: SessionHeader;
  readonly session: LiveSession;
  readonly links: VenueLinks;
  readonly journal: JournalSettings | undefined;
  readonly unknownOrders: 'cancel' | 'adopt';
  readonly isDryRun: boolean;
  readonly nowNs: () => number;
  readonly world: SessionWorld;
}

export interface MadeTrade {
  readonly trade: LiveTrade;
  /** What was not sent, in words. */
  readonly dryRun?: () => string;
}

/** @throws InputError that names the latency */
export function makeTrade(setup: TradeSetup): MadeTrade {
  const { header, session, nowNs } = setup;
  if (header.mode !== 'paper') return venueTrade(setup);
  const { engine, durable } = session;
  const trade = new PaperTrade({
    engine,
    venues: simulatedVenues(header),
    epoch: durable?.lease.epoch ?? 1,
    nowNs: nowNs(),
    recovered: durable?.recovered === undefined ? undefined : (report) => noteReconciled(setup, report, undefined),
  });
  return { trade };
}

function venueTrade(setup: TradeSetup): MadeTrade {
  const { session, links, journal, unknownOrders, isDryRun, nowNs, world, header } = setup;
  const { engine, durable } = session;
  const made: { trade?: VenueTrade } = {};
  const dry: DryRun[] = [];
  const { balances = {} } = headerConfig(header.config);
  const venues = links.connectors.map((connector) => {
    const name = connector.venue;
    const connection = isDryRun ? new DryRun(connector, nowNs, (reports) => made.trade?.reports(reports)) : connector;
    if (connection instanceof DryRun) dry.push(connection);
    const markets = marketsOf(engine.instruments, name);
    const offsetNs = (links.members.get(name)?.access.clock.offset(name)?.offsetMs ?? 0) * 1e6;
    // Of a session that goes on: what was booked before is known by its number, and nothing before its beginning is its own.
    const begunNs = unixMsToNs(header.startedMs, header.epochDay) + offsetNs;
    const sinceNs = durable?.recovered === undefined ? nowNs() + offsetNs : Math.max(durable.reconciledNs, begunNs);
    const hasSpot = markets.some((market) => engine.instruments[market]!.contract === 'spot');
    const spot = hasSpot ? spotOf(links.members.get(name), balances[name]) : undefined;
    return { name, markets, connection, sinceNs, spot };
  });
  const isSync = journal?.durability === 'sync';
  const trade = new VenueTrade({
    engine,
    venues,
    epoch: durable?.lease.epoch ?? 1,
    isRecovered: durable?.recovered !== undefined,
    unknownOrders,
    nowNs,
    maySend: () => {
      if (durable === undefined) return true;
      if (!durable.lease.renew()) return false;
      const { writer } = durable;
      return !isSync || durable.failure !== '' || writer.waitCommitted(writer.appended);
    },
    say: (line) => world.say(`${line}\n`),
    reconciled: (report, sinceNs) => noteReconciled(setup, report, sinceNs),
    startMs: START_MS,
    isInterrupted: world.isInterrupted,
  });
  made.trade = trade;
  if (!isDryRun) return { trade };
  return { trade, dryRun: () => dryRunText(dry) };
}

/** What spot positions are told from, where it is known what the account had. */
function spotOf(
  member: VenueMember | undefined,
  begun: Readonly<Record<string, string>> | undefined,
): TradedVenue['spot'] {
  if (member?.credentials === undefined || begun === undefined) return undefined;
  const { access, credentials } = member;
  const takesFeesElsewhere = access.venue.abilities.takesFeesElsewhere === true;
  return { begun, takesFeesElsewhere, balances: () => access.venue.balances(access.rest, credentials) };
}

function dryRunText(venues: readonly DryRun[]): string {
  const [orders, amendments, cancels] = (['new', 'amend', 'cancel'] as const).map((kind) =>
    venues.reduce((total, { counts }) => total + counts[kind], 0),
  );
  return `dry run: not sent: ${orders} orders, ${amendments} amendments, ${cancels} cancels`;
}

/** @param sinceNs venue time before which all executions are booked; undefined: nobody can tell */
function noteReconciled({ session, world }: TradeSetup, report: ReconcileReport, sinceNs: number | undefined): void {
  const { durable } = session;
  const isSettled = agrees(report);
  if (isSettled && sinceNs !== undefined && durable !== undefined) durable.reconciledNs = sinceNs;
  const { lines: _, ...counts } = report;
  durable?.mark('reconciled', { ...counts, ...(isSettled && sinceNs !== undefined ? { venueNs: sinceNs } : {}) });
  session.reconciled(isSettled, reconcileText(report).trimEnd());
  world.say(reconcileText(report));
}

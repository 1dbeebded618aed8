/** One run of `quotewright paper` or `quotewright live`: begun, or gone on with where a process was killed, to its result. */
import { randomBytes } from 'node:crypto';
import type { Engine } from '@quotewright/core/engine/engine';
import { Instrument } from '@quotewright/core/market/instrument';
import { Reject } from '@quotewright/core/trading/records';
import { engineWarnings, resultOf } from '../../backtest/result.ts';
import { RunOutput } from '../../backtest/run-output.ts';
import { watchAgain } from '../../backtest/watch-again.ts';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';
import { recoveryText } from '../../journal/recovery-report.ts';
import { sessionIn } from '../../journal/recovery.ts';
import { headerStrategies } from '../../journal/replay-engine.ts';
import type { SessionHeader } from '../../journal/session-header.ts';
import type { RunResult } from '../../reports/run-result.ts';
import { type RiskFile, readRiskFile, riskOf } from '../../risk/risk-file.ts';
import { Credentials } from '../../venues/contract/credentials.ts';
import type { Venue } from '../../venues/contract/venue.ts';
import { LiveClock } from '../../venues/runtime/live-clock.ts';
import type { VenueEvent } from '../../venues/runtime/venue-event.ts';
import type { VenueSettings } from '../../venues/venue-settings.ts';
import { type JournalSettings, LiveSession, type SessionWorld } from '../live-session.ts';
import { unlessInterrupted } from '../unless-interrupted.ts';
import { accountBalances, accountCash } from './account-balances.ts';
import { type TradedConfig, type TradingFlags, readTradingConfig, readVenues } from './config.ts';
import { type LiveMode, checkSameSession, headerConfig, instrumentNames, liveConfigOf, liveHeader } from './header.ts';
import { lookAtKeys } from './key-rights.ts';
import { watchFaults } from './faults.ts';
import { listInstruments } from './listing.ts';
import { LiveRun } from './live-run.ts';
import { makeTrade } from './make-trade.ts';
import { missingRates } from './missing-rates.ts';
import { orderBudgets } from './order-budgets.ts';
import { CLOCK_BOUND_MS, requireLive } from './requirements.ts';
import type { LiveTrade } from './trade.ts';
import { VenueLinks } from './venue-links.ts';
import { VenueWatch } from './venue-watch.ts';

const MS_PER_DAY = 86_400_000;

export interface TradingOptions {
  readonly mode: LiveMode;
  readonly flags: TradingFlags;
  readonly seconds: number;
  readonly journal: JournalSettings | undefined;
  readonly unknownOrders: 'cancel' | 'adopt';
  readonly isDryRun: boolean;
  readonly isConfirmed: boolean;
  readonly credentialsOf: (venue: Venue, settings: VenueSettings) => Promise<Credentials>;
  readonly out?: string | undefined;
  readonly logEvents?: string | undefined;
  readonly world: SessionWorld;
  /** The session is about to run. */
  readonly onOpen?: (session: LiveSession) => void;
}

export interface TradingOutcome {
  readonly output: RunOutput;
  readonly result: RunResult;
  /** Why the session had to end; empty = it had not. */
  readonly failure: string;
}

/** Who is told of what happens on the ways to the venues, once they are there. */
interface Heard {
  session?: LiveSession;
  watch?: VenueWatch;
  /** What connections tell of their end is no part of the session. */
  isOver?: true;
}

/** @throws InputError that names what is wrong with options, files, venues or the journal */
export async function runTrading(options: TradingOptions): Promise<TradingOutcome> {
  const { mode, flags, journal, world } = options;
  const config = await readTradingConfig(flags);
  const settings = await readVenues(config);
  const kept = journal === undefined ? undefined : sessionIn(journal.dir);
  if (kept !== undefined) liveConfigOf(kept, mode, journal!.dir);
  const clock = new LiveClock(kept?.epochDay ?? Math.floor(Date.now() / MS_PER_DAY));
  const heard: Heard = {};
  const missing: string[] = [];
  const links = await VenueLinks.open({
    names: [...new Set(Object.keys(config.symbols).map((name) => name.slice(0, name.indexOf(':'))))],
    settings,
    clock,
    credentialsOf: mode === 'live' ? credentialsOr(options, missing) : undefined,
    event: (event) => {
      if (heard.isOver === true) return;
      // What a venue has against one order its strategy is told, by a report.
      if (event.type === 'refused' && event.error !== undefined && event.error.reject !== Reject.OTHER) return;
      heard.watch?.event(event);
      tellEvent(event, world, heard.session);
    },
    threads: config.threads,
    busyPoll: config.busyPoll,
    say: (line) => world.say(`${line}\n`),
  });
  try {
    const header = await unlessInterrupted(world.isInterrupted, prepare(options, config, links, clock, kept, missing));
    return await run(options, header, kept !== undefined, links, clock, heard);
  } finally {
    heard.isOver = true;
    await links.close();
  }
}

/** What there has to be before a session begins. @param missing what is known to be missing already */
async function prepare(
  options: TradingOptions,
  config: TradedConfig,
  links: VenueLinks,
  clock: LiveClock,
  kept: SessionHeader | undefined,
  missing: string[],
): Promise<SessionHeader> {
  const { mode, journal, world } = options;
  const risk = await riskOfConfig(config);
  if (mode === 'live') {
    missing.push(...(await links.measureClocks(CLOCK_BOUND_MS)));
    const { isConfirmed, isDryRun } = options;
    const hasJournal = journal !== undefined;
    const required = { isConfirmed, isDryRun, hasJournal, riskGiven: config.risk, risk };
    requireLive({ ...required, found: missing });
    const { cannotTrade, warnings } = await lookAtKeys(links.members);
    for (const warning of warnings) world.say(`${warning}\n`);
    if (!isDryRun) requireLive({ ...required, found: cannotTrade.map((name) => `a key that may trade (${name})`) });
  }
  return headerFor(options, config, risk, links, clock, kept);
}

/** A key that is missing is told with whatever else is. */
function credentialsOr({ credentialsOf }: TradingOptions, missing: string[]) {
  return async (venue: Venue, settings: VenueSettings): Promise<Credentials> => {
    if (venue.abilities.isReadOnly === true) {
      missing.push(`a venue that takes orders (${venue.name} is for market data only)`);
      return new Credentials(new Map());
    }
    try {
      return await credentialsOf(venue, settings);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      missing.push(`a key (${error.message})`);
      return new Credentials(new Map());
    }
  };
}

/** Limits of an instrument in the configuration stand beside those of the risk file. */
async function riskOfConfig(config: TradedConfig): Promise<RiskFile> {
  const own = Object.entries(config.symbols).flatMap(([name, said]) =>
    said?.limits === undefined ? [] : [[name, said.limits]],
  );
  const file = typeof config.risk === 'object' ? riskOf(config.risk, 'risk') : await readRiskFile(config.risk);
  if (own.length === 0) return file;
  const { limits = {} } = file.risk;
  const { risk } = riskOf({ limits: { instruments: Object.fromEntries(own) } }, 'symbols');
  const instruments = { ...limits.instruments };
  for (const [name, values] of Object.entries(risk.limits?.instruments ?? {})) {
    instruments[name] = { ...instruments[name], ...values };
  }
  return { ...file, risk: { ...file.risk, limits: { ...limits, instruments } } };
}

async function headerFor(
  { mode, journal, world, isDryRun }: TradingOptions,
  config: TradedConfig,
  risk: RiskFile,
  links: VenueLinks,
  clock: LiveClock,
  kept: SessionHeader | undefined,
): Promise<SessionHeader> {
  const names = Object.keys(config.symbols);
  const { instruments, notes } = await listInstruments({
    names,
    venues: links.members,
    fees: config.fees,
    home: world.home,
    mayBeOld: mode === 'paper',
  });
  for (const note of [...notes, ...missingRates(instruments, risk.risk)]) world.say(`${note}\n`);
  const tag = kept === undefined ? newTag() : headerConfig(kept.config).tag;
  const isNew = mode === 'live' && kept === undefined;
  const balances = isNew ? await accountBalances(links.members, instruments) : {};
  const isCashAsked = isNew && config.cash === undefined;
  const cash = isCashAsked ? accountCash(balances, instruments) : undefined;
  if (isCashAsked && cash === undefined) {
    throw new InputError(
      '--cash: the venues do not tell balances that can be compared; give the starting cash, as --cash USD=10000',
    );
  }
  const canAmend = [...links.members.values()].every(({ access }) => access.venue.abilities.canAmend);
  const header = await liveHeader({
    mode,
    config,
    instruments,
    risk,
    cash,
    // What is not sent changes no balance.
    ...(isNew && !isDryRun ? { balances } : {}),
    nowMs: clock.nowMs(),
    isDryRun,
    tag,
    canAmend: mode === 'paper' || canAmend,
    budgets: orderBudgets(instruments, links.members),
    depthIntervalNs: instruments.map(
      ({ venue }) => 1e6 * (links.members.get(venue)?.access.venue.abilities.depthIntervalMs ?? 0),
    ),
  });
  if (kept === undefined) return header;
  checkSameSession(journal!.dir, kept, header);
  return kept;
}

async function run(
  options: TradingOptions,
  header: SessionHeader,
  isKept: boolean,
  links: VenueLinks,
  clock: LiveClock,
  heard: Heard,
): Promise<TradingOutcome> {
  const { mode, journal, world, out, logEvents } = options;
  const { watching, isDryRun, tag } = headerConfig(header.config);
  const strategies = await headerStrategies(header);
  const { epochDay, cash, seed } = header;
  const instruments = header.instruments.map((spec) => new Instrument(spec));
  const output = new RunOutput({ instruments, epochDay, strategies, cash, sampleNs: 1e9, out, logEvents });
  const source = { mode, symbols: instrumentNames(header) };
  const session = await LiveSession.open({
    world,
    header,
    mode,
    strategies,
    observers: (strategy) => output.observers('modelled', strategy),
    journal,
    isKept,
    watching: () => Promise.resolve(watching),
  });
  heard.session = session;
  const { engine, durable } = session;
  const made: { trade?: LiveTrade } = {};
  const faults = watchFaults();
  // Inputs follow one another, whatever the clock says.
  const nowNs = (): number => Math.max(clock.nowNs(), engine.nowNs + 1);
  try {
    if (durable?.recovered !== undefined) world.say(recoveryText(durable.recovered));
    else output.start(nowNs(), source);
    options.onOpen?.(session);
    session.poll(nowNs());
    const watch = new VenueWatch({ clock, instruments, members: links.members, hasOrders: mode === 'live' });
    heard.watch = watch;
    await links.connect({ instruments, hasOrders: mode === 'live', tag, seed, trade: () => made.trade });
    const { trade, dryRun } = makeTrade({ ...options, isDryRun, header, session, links, nowNs });
    made.trade = trade;
    if (trade.ask !== undefined) session.askable(trade.ask);
    const live = new LiveRun({
      session,
      trade,
      nowNs,
      pollVenues: (atNs) => {
        links.poll(atNs);
        const report = watch.poll(atNs, links.connectors);
        if (report !== undefined) session.venues(report);
      },
      seconds: options.seconds,
      snapshotNs: journal?.snapshotNs ?? Number.POSITIVE_INFINITY,
      say: world.say,
      fault: faults.happened,
    });
    const { endNs, isPartial, failure } = await live.live();
    delete made.trade;
    heard.isOver = true;
    session.drain();
    if (failure !== '') session.alerts.raise({ type: 'SYSTEM_ERROR', severity: 'EMERGENCY', detail: failure }, endNs);
    if (dryRun !== undefined) world.say(`${dryRun()}\n`);
    // Orders, journal and server are done with before anything that takes its time.
    await links.close();
    await session.close();
    const again = { dir: journal?.dir ?? '', records: engine.inputs.count, output, epochDay, source, say: world.say };
    const { whole, notes } = durable?.recovered === undefined ? { whole: engine, notes: [] } : await watchAgain(again);
    output.end(endNs);
    return {
      output,
      result: resultFor(header, strategies, whole, isPartial, [...notes, ...session.notes], output),
      failure,
    };
  } catch (error) {
    if (!(error instanceof InputError)) {
      const detail = `the session has broken down: ${reasonOf(error)}`;
      session.alerts.raise({ type: 'SYSTEM_ERROR', severity: 'EMERGENCY', detail }, nowNs());
    }
    throw error;
  } finally {
    delete made.trade;
    heard.isOver = true;
    await session.close();
    faults.stop();
  }
}

function resultFor(
  { mode, seed, epochDay, instruments, config }: SessionHeader,
  strategies: Awaited<ReturnType<typeof headerStrategies>>,
  engine: Engine,
  isPartial: boolean,
  notes: readonly string[],
  output: RunOutput,
): RunResult {
  const symbols = instruments.map(({ venue, symbol }) => `${venue}:${symbol}`);
  const { latency } = headerConfig(config).simulated;
  return resultOf(
    {
      config: {
        mode,
        strategy: strategies[0]!.definition.name,
        symbols,
        ...(mode === 'paper' ? { latency } : {}),
        params: strategies[0]!.params,
      },
      seed,
      epochDay,
      instruments: engine.instruments,
      strategies,
      data: [],
      rows: engine.inputs.count,
      isPartial,
      engine,
      warnings: [...notes, ...engineWarnings(engine)],
    },
    output.recorders,
  );
}

/** Of client ids: six of 0-9 a-z. */
function newTag(): string {
  return Array.from(randomBytes(6), (byte) => (byte % 36).toString(36)).join('');
}

function tellEvent(
  { severity, venue, line, text, type, nowNs }: VenueEvent,
  world: SessionWorld,
  session: LiveSession | undefined,
): void {
  if (severity === 'info' && (type === 'subscribed' || type === 'snapshot' || type === 'resync')) return;
  const detail = `${venue} ${line}: ${type}: ${text}`;
  world.say(`${detail}\n`);
  if (severity === 'error') session?.alerts.raise({ type: 'SYSTEM_ERROR', severity: 'CRITICAL', detail }, nowNs);
}

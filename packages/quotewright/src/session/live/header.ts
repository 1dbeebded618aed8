/** The header of a paper or live session: from its configuration and what the venues list, and compared when it goes on. */
import { Mark } from '@quotewright/core/engine/local-market';
import { Instrument } from '@quotewright/core/market/instrument';
import hedger from '@quotewright/core/strategies/hedger';
import type { SimulatedVenues } from '../../backtest/local-replay.ts';
import { type ParamInput, loadStrategy, resolveParams } from '../../backtest/load-strategy.ts';
import type { Watching } from '../../backtest/simulation-header.ts';
import { InputError } from '../../data/report.ts';
import { type SessionHeader, sessionHeader } from '../../journal/session-header.ts';
import type { RiskFile } from '../../risk/risk-file.ts';
import type { AccountBalances } from './account-balances.ts';
import type { TradedConfig } from './config.ts';

const CAPITAL = '100000';
const MS_PER_DAY = 86_400_000;

export type LiveMode = 'paper' | 'live';

/** What of a paper or live session is no part of the engine. */
export interface LiveHeaderConfig {
  readonly watching: Watching;
  /** How orders fill that are never sent, or would have: in a paper session the fills, after a live one what it is compared with. */
  readonly simulated: {
    /** In words, for who reads the journal. */
    readonly rule: string;
    readonly latency: string;
    readonly queue: TradedConfig['queue'];
    readonly fills: TradedConfig['fills'];
  };
  /** By instrument: at what interval its feed publishes depth, for a queue interval of `auto`; 0: each change. Absent: a journal of before. */
  readonly depthIntervalNs?: readonly number[];
  /** Nothing was sent. */
  readonly isDryRun: boolean;
  /** Of client ids. */
  readonly tag: string;
  /** What each venue's account had when the session began; absent: nothing was sent, or a journal of before. */
  readonly balances?: AccountBalances;
}

const RULE =
  'the simulated venue sees each market record at its local time (when we received it); requests and reports are late by the latency; when the process ends its orders are cancelled';

export interface HeaderSetup {
  readonly mode: LiveMode;
  readonly config: TradedConfig;
  readonly instruments: readonly Instrument[];
  readonly risk: RiskFile;
  /** As the venue told it; absent: the configuration's, or an amount for a try. */
  readonly cash?: Readonly<Record<string, string>> | undefined;
  readonly balances?: AccountBalances;
  readonly nowMs: number;
  readonly isDryRun: boolean;
  readonly tag: string;
  /** Every venue of the session amends orders in place. */
  readonly canAmend: boolean;
  readonly budgets: SessionHeader['budgets'];
  readonly depthIntervalNs: readonly number[];
}

/** @throws InputError that names the strategy or parameter, or says that the cash is not told apart */
export async function liveHeader(setup: HeaderSetup): Promise<SessionHeader> {
  const { mode, config, instruments, risk: file, nowMs, isDryRun, tag, canAmend, budgets, depthIntervalNs } = setup;
  const { risk, hedge, ...watching } = file;
  const hedging = hedge === undefined ? [] : [{ strategy: hedger.name, params: hedge }];
  const strategies = [...(await seatsOf(config)), ...hedging];
  const simulated = { rule: RULE, latency: config.latency, queue: config.queue, fills: config.fills };
  if (setup.cash !== undefined && strategies.length > 1) {
    throw new InputError(
      '--cash: the venue tells one balance for all strategies; give each its own, as --cash USD=10000',
    );
  }
  const told = setup.balances === undefined ? {} : { balances: setup.balances };
  const own: LiveHeaderConfig = { watching, simulated, depthIntervalNs, isDryRun, tag, ...told };
  const header = {
    program: { name: 'quotewright', version: '0.1.0' },
    startedMs: nowMs,
    mode,
    epochDay: Math.floor(nowMs / MS_PER_DAY),
    seed: config.seed,
    instruments: instruments.map(({ spec }) => spec),
    isL3: instruments.map(() => false),
    // Executions are numbered by instrument: some venues do so, and a simulated venue has one.
    venueOf: instruments.map((_, index) => index),
    strategies,
    mark: Mark.MID,
    cash: setup.cash ?? cashOf(config, instruments),
    quoter: { canAmend },
    budgets,
    risk,
    config: own,
  };
  return sessionHeader.parse(JSON.parse(JSON.stringify(header)));
}

/** @throws InputError that names a currency that nothing settles in */
function cashOf({ cash }: TradedConfig, instruments: readonly Instrument[]): Readonly<Record<string, string>> {
  const currencies = new Set(instruments.map(({ settlement }) => settlement));
  if (cash === undefined) return { [instruments[0]!.settlement]: CAPITAL };
  const short = Object.keys(cash).find((currency) => !(Number(cash[currency]) > 0));
  if (short !== undefined) throw new InputError(`cash.${short}: found ${cash[short]}, expected an amount above 0`);
  const stranger = Object.keys(cash).find((currency) => !currencies.has(currency));
  if (stranger === undefined) return cash;
  throw new InputError(
    `cash: found ${stranger}, expected of ${[...currencies].join(', ')}, in which the instruments settle`,
  );
}

/** One strategy for all instruments that have the same one with the same parameters. */
async function seatsOf(config: TradedConfig): Promise<{ strategy: string; params: Record<string, ParamInput> }[]> {
  const groups = new Map<string, { strategy: string; params: Record<string, ParamInput>; names: string[] }>();
  const all = Object.entries(config.symbols);
  for (const [name, own] of all) {
    const strategy = own?.strategy ?? config.strategy;
    const params = { ...(own?.strategy === undefined ? config.params : {}), ...own?.params };
    const key = JSON.stringify([strategy, params]);
    const group = groups.get(key) ?? { strategy, params, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return Promise.all(
    [...groups.values()].map(async ({ strategy, params, names }) => {
      const definition = await loadStrategy(strategy);
      if (names.length === all.length) return { strategy, params: resolveParams(definition, params) };
      if (definition.params['markets'] === undefined) {
        const what = `${strategy} has no parameter 'markets', so it sees all instruments`;
        throw new InputError(`symbols: ${what}; found it for ${names.join(', ')} only`);
      }
      return { strategy, params: resolveParams(definition, { ...params, markets: names.map(marketName).join(',') }) };
    }),
  );
}

/** `kraken:BTC/USD` as strategies name it: `BTC/USD@kraken`. */
function marketName(name: string): string {
  const at = name.indexOf(':');
  return `${name.slice(at + 1)}@${name.slice(0, at)}`;
}

/** @throws InputError when the session is of another mode */
export function liveConfigOf({ mode, config }: SessionHeader, wanted: LiveMode, dir: string): LiveHeaderConfig {
  if (mode === wanted) return headerConfig(config);
  throw new InputError(`${dir}: holds a session of the mode '${mode}', expected '${wanted}'`);
}

/** Of a header that `liveHeader` has made: the modes say so. */
export function headerConfig(config: SessionHeader['config']): LiveHeaderConfig {
  // oxlint-disable-next-line no-unsafe-type-assertion -- see above
  return config as unknown as LiveHeaderConfig;
}

export function simulatedVenues(header: SessionHeader): SimulatedVenues {
  const { simulated, depthIntervalNs = header.instruments.map(() => 0) } = headerConfig(header.config);
  const { latency, queue, fills } = simulated;
  return {
    instruments: header.instruments.map((spec) => new Instrument(spec)),
    isL3: header.isL3,
    settings: { seed: header.seed, queue, fills, impact: undefined },
    depthIntervalNs,
    latency,
  };
}

/** `venue:SYMBOL`. */
export function instrumentNames({ instruments }: SessionHeader): string[] {
  return instruments.map(({ venue, symbol }) => `${venue}:${symbol}`);
}

/** What a session that is there must have in common with what is asked for. @throws InputError that names what is another */
export function checkSameSession(dir: string, kept: SessionHeader, wanted: SessionHeader): void {
  const compare = (what: string, a: unknown, b: unknown): void => {
    if (JSON.stringify(a) === JSON.stringify(b)) return;
    throw new InputError(
      `${what}: found another than the session in ${dir} was begun with; give the same, or another folder`,
    );
  };
  const [simulated, other] = [headerConfig(kept.config).simulated, headerConfig(wanted.config).simulated];
  compare('symbols', instrumentNames(kept), instrumentNames(wanted));
  compare('the tick, lot or kind of an instrument', steps(kept), steps(wanted));
  compare('strategies', kept.strategies, wanted.strategies);
  compare('risk', kept.risk, wanted.risk);
  compare('seed', kept.seed, wanted.seed);
  compare('latency, queue or fills', simulated, other);
  compare('--dry-run', headerConfig(kept.config).isDryRun, headerConfig(wanted.config).isDryRun);
}

/** What numbers in the journal are counted in. A venue may have changed it meanwhile. */
function steps({ instruments }: SessionHeader): unknown[] {
  return instruments.map(({ tick, lot, contract, multiplier }) => [tick, lot, contract, multiplier]);
}

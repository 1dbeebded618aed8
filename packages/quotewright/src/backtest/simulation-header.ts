/** The header of a simulated session: from the options of who begins it, and compared with those of who goes on with it. */
import { Mark } from '@quotewright/core/engine/local-market';
import { instrumentVenues } from '@quotewright/core/market/instrument-venues';
import hedger from '@quotewright/core/strategies/hedger';
import {
  type MarketConfig,
  formatMarketConfig,
  parseMarketConfig,
  readMarketConfig,
} from '../calibrate/market-config.ts';
import { sampleMarkets } from '../calibrate/sample-markets.ts';
import { InputError } from '../data/report.ts';
import { type SessionHeader, sessionHeader } from '../journal/session-header.ts';
import { type RiskFile, readRiskFile } from '../risk/risk-file.ts';
import type { OutagePlan } from '../session/outages.ts';
import { type Scenario, findScenario } from '../session/scenarios.ts';
import { loadStrategy, resolveParams } from './load-strategy.ts';

const CAPITAL = '100000';
/** Local midnight of the sample's day; a living market has no date of its own. */
const EPOCH_DAY = 20_458;

/** As they are given on the command line. */
export interface SimulationOptions {
  readonly strategy: string;
  readonly param: Readonly<Record<string, string>>;
  /** Strategies that run beside it. */
  readonly alongside: readonly AlongsideOption[];
  readonly symbols: string;
  /** YAML file; absent: of the symbols. */
  readonly market: string | undefined;
  readonly duration: number;
  readonly latency: string;
  readonly seed: number;
  /** File, `none`, or absent for the defaults. */
  readonly risk: string | undefined;
  /** Of `session/scenarios.ts`; absent: the market's own schedule, or none. */
  readonly scenario?: string | undefined;
}

export interface AlongsideOption {
  readonly strategy: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Of the risk file: what is watched beside the engine, and who is told. */
export type Watching = Omit<RiskFile, 'risk' | 'hedge'>;

/** What of a simulation is no part of the engine. */
export interface SimulationConfig {
  /** As `formatMarketConfig` writes it. */
  readonly market: string;
  readonly seconds: number;
  readonly latency: string;
  readonly watching: Watching;
  readonly scenario?: string;
  readonly outages?: OutagePlan;
}

/** @throws InputError that names the option, what was found and what was expected */
export async function simulationHeader(options: SimulationOptions): Promise<SessionHeader> {
  const scenario = options.scenario === undefined ? undefined : findScenario(options.scenario);
  const market = await marketConfig(options, scenario);
  const instruments = market.instruments.map(({ instrument }) => instrument);
  const { risk, hedge, ...watching } = await readRiskFile(options.risk);
  const beside =
    hedge === undefined ? options.alongside : [...options.alongside, { strategy: hedger.name, params: hedge }];
  const planned = [{ strategy: options.strategy, params: options.param }, ...beside];
  const strategies = await Promise.all(
    planned.map(async ({ strategy, params }) => ({
      strategy,
      params: resolveParams(await loadStrategy(strategy), params),
    })),
  );
  const config: SimulationConfig = {
    market: formatMarketConfig(market),
    seconds: options.duration,
    latency: options.latency,
    watching,
    ...(scenario === undefined ? {} : { scenario: scenario.name }),
    ...(scenario?.outages === undefined ? {} : { outages: scenario.outages }),
  };
  const header = {
    program: { name: 'quotewright', version: '0.1.0' },
    startedMs: Date.now(),
    mode: 'simulation',
    epochDay: EPOCH_DAY,
    seed: options.seed,
    instruments: instruments.map(({ spec }) => spec),
    isL3: instruments.map(() => false),
    venueOf: instrumentVenues(instruments).venueOf,
    strategies,
    mark: Mark.MID,
    cash: { [instruments[0]!.settlement]: CAPITAL },
    quoter: { canAmend: true },
    risk,
    config,
  };
  // As a journal gives it back, so that a session is the same with and without one.
  return sessionHeader.parse(JSON.parse(JSON.stringify(header)));
}

async function marketConfig(options: SimulationOptions, scenario: Scenario | undefined): Promise<MarketConfig> {
  if (options.market === undefined) {
    return { instruments: sampleMarkets(options.symbols), schedule: scenario?.schedule };
  }
  const market = await readMarketConfig(options.market);
  if (scenario?.schedule === undefined) return market;
  if (market.schedule === undefined) return { ...market, schedule: scenario.schedule };
  throw new InputError(
    `--scenario: found '${scenario.name}', expected none, as ${options.market} has a schedule of its own`,
  );
}

/** @throws InputError when the session is no simulation */
export function configOf({ mode, config }: SessionHeader, dir: string): SimulationConfig {
  if (mode === 'simulation') {
    // oxlint-disable-next-line no-unsafe-type-assertion -- the mode says that `simulationHeader` wrote it
    return config as unknown as SimulationConfig;
  }
  if (mode === 'replay') {
    throw new InputError(`${dir}: holds a replay, which cannot be gone on with; begin another in another folder`);
  }
  throw new InputError(`${dir}: holds a session of the mode '${mode}', expected a simulation`);
}

export function marketOf({ market }: SimulationConfig): MarketConfig {
  return parseMarketConfig(market, 'the market of the session');
}

/**
 * @param given options that the user has named
 * @param names parameters that the user has named
 * @throws InputError when one of them is not what the session was begun with
 */
export function checkSame(
  dir: string,
  kept: SessionHeader,
  wanted: SessionHeader,
  given: ReadonlySet<string>,
  names: readonly string[],
): void {
  const [config, other] = [configOf(kept, dir), configOf(wanted, dir)];
  const compare = (option: string, a: unknown, b: unknown, of = option): void => {
    if (!given.has(of) || JSON.stringify(a) === JSON.stringify(b)) return;
    const isShort = typeof a !== 'object' && option !== 'market' && option !== 'symbols';
    const what = isShort ? `${JSON.stringify(b)}, expected ${JSON.stringify(a)}` : 'another, expected the one';
    throw new InputError(`${option}: found ${what} that the session in ${dir} was begun with; leave it out to go on`);
  };
  const [main, ...beside] = kept.strategies;
  const [wantedMain, ...wantedBeside] = wanted.strategies;
  compare('strategy', main!.strategy, wantedMain!.strategy);
  for (const name of names) compare(`param ${name}`, main!.params[name], wantedMain!.params[name], 'param');
  compare('alongside', beside, wantedBeside);
  compare('market', config.market, other.market);
  compare('symbols', config.market, other.market);
  compare('scenario', config.scenario ?? 'none', other.scenario ?? 'none');
  compare('duration', `${config.seconds}s`, `${other.seconds}s`);
  compare('latency', config.latency, other.latency);
  compare('seed', kept.seed, wanted.seed);
  compare('risk', kept.risk, wanted.risk);
}

/** Reads the file that says what is risked: limits, circuit breakers, alerts. */
import { BREAKERS_OFF, breakerConfig } from '@quotewright/core/risk/breaker/settings';
import { LIMITS } from '@quotewright/core/risk/limits';
import type { RiskSettings } from '@quotewright/core/risk/risk';
import hedger from '@quotewright/core/strategies/hedger';
import type { QuoteUptime } from '../alerts/quote-watch.ts';
import type { SinkSettings } from '../alerts/sink-settings.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { type ParamInput, resolveParams } from '../backtest/load-strategy.ts';
import { checkSettings, readConfig } from '../config/read-config.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import type { SessionVarSettings } from '../var/var-settings.ts';
import { riskSettings } from './risk-settings.ts';

/** In place of a file: no limits, and breakers that only open by hand. */
export const NO_RISK = 'none';
const JOURNAL_LAG_MS = 1000;

export interface RiskFile {
  /** For the engine. */
  readonly risk: RiskSettings;
  readonly sinks: readonly SinkSettings[];
  readonly quoteUptime?: QuoteUptime;
  /** Milliseconds. */
  readonly journalLagMs: number;
  /** Parameters of the hedger that is to run beside the strategies, all of them; absent: none. */
  readonly hedge?: Readonly<Record<string, ParamInput>>;
  /** How value at risk is worked out; absent: it is not. */
  readonly var?: SessionVarSettings;
}

/**
 * @param path a file, `none`, or undefined for the defaults
 * @throws InputError that names the file, the field, what was found and what was expected
 */
export async function readRiskFile(path: string | undefined, audit?: AuditLog): Promise<RiskFile> {
  if (path === undefined) return { risk: {}, sinks: [], journalLagMs: JOURNAL_LAG_MS };
  if (path === NO_RISK) return { risk: unlimited(), sinks: [], journalLagMs: JOURNAL_LAG_MS };
  return riskOf(await readConfig(path), path, audit);
}

/** The same of settings that stand in another file. */
export function riskOf(settings: unknown, where: string, audit?: AuditLog): RiskFile {
  const found = checkSettings(riskSettings, settings, where);
  const { alerts, limits, breaker, currency, rates, dayStart } = found;
  try {
    // What no single field tells: how they go together.
    breakerConfig(breaker ?? {});
  } catch (error) {
    throw new InputError(`${where}: ${reasonOf(error)}`);
  }
  const hedge = found.hedge && hedgeOf(found.hedge, where);
  const { throttle, throttles, sinks = [], quoteUptime, journalLag } = alerts ?? {};
  const risk: RiskSettings = defined({
    limits,
    breaker,
    gate: defined({ currency, rates, dayStartNs: dayStart }),
    alerts: defined({ defaultThrottleNs: throttle, throttleNs: throttles }),
  });
  audit?.note({ what: 'config.read', subject: where, after: risk });
  const journalLagMs = journalLag === undefined ? JOURNAL_LAG_MS : journalLag / 1e6;
  return { risk, sinks, journalLagMs, ...defined({ quoteUptime, hedge, var: found.var }) };
}

function hedgeOf(given: Readonly<Record<string, ParamInput>>, where: string): Readonly<Record<string, ParamInput>> {
  try {
    return resolveParams(hedger, given);
  } catch (error) {
    throw new InputError(`${where}: hedge: ${reasonOf(error)}`);
  }
}

/** Without the fields that are absent. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what is undefined is left out
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function unlimited(): RiskSettings {
  return {
    limits: {
      global: Object.fromEntries(LIMITS.filter(({ preset }) => preset !== null).map(({ name }) => [name, null])),
    },
    breaker: BREAKERS_OFF,
  };
}

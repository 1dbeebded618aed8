/**
 * The schema of a risk file. Limits and breaker settings come from the tables that the engine reads, so that what there is, and what
 * is allowed, is said once. A setting of time in the engine (`cooldownNs`) is written without its unit and with a duration
 * (`cooldown: 60s`).
 */
import { BREAKER_RULES, type BreakerSettings } from '@quotewright/core/risk/breaker/settings';
import { LIMITS, type LimitSettings, type LimitValues, SCOPE_NAMES, Scope } from '@quotewright/core/risk/limits';
import { z } from 'zod';
import { alertTypeName } from '../alerts/alert.ts';
import type { QuoteUptime } from '../alerts/quote-watch.ts';
import { sinkSettings } from '../alerts/sink-settings.ts';
import { expected, fields, named } from '../config/fields.ts';
import { parseDurationNs } from '../config/units.ts';
import { varSettings } from '../var/var-settings.ts';

const limitValue = z
  .number(expected('a number from 0, or null for no limit'))
  .min(0, expected('a number from 0, or null for no limit'))
  .nullable()
  .exactOptional();

/** The limits that a scope can have. */
function limitsOf(scope: Scope): z.ZodType<LimitValues> {
  const names = LIMITS.filter(({ scopes }) => scopes.includes(scope)).map(({ name }) => name);
  return fields(Object.fromEntries(names.map((name) => [name, limitValue])));
}

const strategyIndex = z
  .string()
  .regex(
    /^\d+$/,
    expected(`the index of a ${SCOPE_NAMES[Scope.STRATEGY]}: 0 is the main one, 1 the first of those alongside`),
  );

const limitSettings: z.ZodType<LimitSettings> = fields({
  global: limitsOf(Scope.GLOBAL).exactOptional(),
  venues: named(limitsOf(Scope.VENUE)).exactOptional(),
  instruments: named(limitsOf(Scope.INSTRUMENT)).exactOptional(),
  strategies: z
    .record(strategyIndex, limitsOf(Scope.STRATEGY), expected('settings by index of a strategy'))
    .exactOptional(),
});

type BreakerName = keyof BreakerSettings;
const UNIT = /Ns$/;
// oxlint-disable-next-line no-unsafe-type-assertion -- the keys of a constant
const BREAKER_NAMES = Object.keys(BREAKER_RULES) as readonly BreakerName[];

/** The engine's names by those of the file. */
const BREAKER_FIELDS: ReadonlyMap<string, BreakerName> = new Map(
  BREAKER_NAMES.map((name) => [name.replace(UNIT, ''), name]),
);

function breakerField(name: BreakerName): z.ZodType<number | null | undefined> {
  const { min, max, isOpen, canBeOff } = BREAKER_RULES[name];
  const isTime = UNIT.test(name);
  const shown = (value: number): string => (isTime ? `${value / 1e9}s` : String(value));
  const lower = `${isOpen ? 'above' : 'from'} ${shown(min)}`;
  const upper = max === Number.MAX_VALUE ? '' : ` to ${shown(max)}`;
  const words = `${isTime ? 'a duration' : 'a number'} ${lower}${upper}${canBeOff ? ', or null for never' : ''}`;
  const isWithin = (value: number): boolean => (isOpen ? value > min : value >= min) && value <= max;
  const kind = isTime
    ? z.union([z.string(), z.literal(0)], expected(words)).transform((text) => parseDurationNs(String(text)))
    : z.number(expected(words));
  const value = kind.refine(isWithin, expected(words));
  return canBeOff ? value.nullable().optional() : value.optional();
}

const breakerSettings: z.ZodType<BreakerSettings> = fields(
  Object.fromEntries([...BREAKER_FIELDS].map(([name, field]) => [name, breakerField(field)])),
).transform((found) =>
  Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => {
      const field = BREAKER_FIELDS.get(name);
      return field === undefined || value === undefined ? [] : [[field, value]];
    }),
  ),
);

const time = (words: string) =>
  z
    .union([z.string(), z.literal(0)], expected(words))
    .transform((text) => parseDurationNs(String(text)))
    .refine((ns) => ns >= 0, expected(words));

const timeOfDay = z
  .string(expected("a time of day in UTC such as '08:00'"))
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, expected("a time of day in UTC such as '08:00'"))
  .transform((text) => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) * 60e9);

const positive = 'a number above 0';
const SHARE = 'a share above 0 to 1';

export const riskSettings = fields({
  /** The risk currency. Default: the first instrument's settlement currency. */
  currency: z.string(expected('the name of a currency')).min(1).exactOptional(),
  /** Risk currency per unit of another one, for those that no instrument of the run gives the price of. */
  rates: named(z.number(expected(positive)).positive(expected(positive))).exactOptional(),
  /** When the day of the daily limits begins. Default: 00:00. */
  dayStart: timeOfDay.exactOptional(),
  limits: limitSettings.exactOptional(),
  breaker: breakerSettings.exactOptional(),
  /** A hedger runs beside the strategies, with these parameters: see docs/strategies/hedger.md. */
  hedge: named(z.union([z.number(), z.boolean(), z.string()], expected('a parameter of the hedger'))).exactOptional(),
  /** Value at risk is worked out, for the limit `max_var`. */
  var: varSettings.exactOptional(),
  alerts: fields({
    /** The same alert of the same instrument is not raised again within so long. Default: 60s. */
    throttle: time('a duration such as 60s').exactOptional(),
    /** The same by type. */
    throttles: z.partialRecord(alertTypeName, time('a duration such as 60s')).exactOptional(),
    /** Least share of a window in which an instrument is to be quoted on both sides. Default: none. */
    quoteUptime: fields({
      share: z.number(expected(SHARE)).gt(0, expected(SHARE)).max(1, expected(SHARE)),
      window: time('a duration above 0 such as 10m')
        .refine((ns) => ns > 0, expected('a duration above 0 such as 10m'))
        .prefault('10m'),
    })
      .transform(({ share, window }): QuoteUptime => ({ share, windowNs: window }))
      .exactOptional(),
    /** Records of the journal are to be safe within so long. Default: 1s. */
    journalLag: time('a duration such as 1s').exactOptional(),
    /** Where alerts go, beside the history that a session with a folder keeps. */
    sinks: z.array(sinkSettings, expected('a list of sinks')).default([]),
  }).exactOptional(),
});
export type RiskFileSettings = z.output<typeof riskSettings>;

/**
 * The configuration of a living market: instruments, their parameters, which of them follows another, a schedule of regimes. A YAML or
 * JSON file; what a file does not say is that of the core's `DEFAULT_PARAMS` and `DEFAULT_FOLLOW`. `quotewright calibrate` writes such files, `data sample` reads them.
 */
import { readFile } from 'node:fs/promises';
import type { FeeSchedule } from '@quotewright/core/market/fees';
import { Instrument, type InstrumentSpec } from '@quotewright/core/market/instrument';
import type { LivingInstrument } from '@quotewright/core/venue-sim/living/living-market';
import {
  DEFAULT_FOLLOW,
  DEFAULT_PARAMS,
  type FollowParams,
  type MarketParams,
} from '@quotewright/core/venue-sim/living/params';
import { REGIME_NAMES, type Schedule } from '@quotewright/core/venue-sim/living/regimes';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';

/** An object of the defaults' names, each a number. */
function numbers<T extends object>(defaults: T): z.ZodType<T> {
  const shape: Record<string, z.ZodType<number>> = {};
  for (const [name, value] of Object.entries(defaults)) shape[name] = z.number().default(Number(value));
  // oxlint-disable-next-line no-unsafe-type-assertion -- the names are those of the defaults, which zod cannot see here
  return z.strictObject(shape).prefault({}) as unknown as z.ZodType<T>;
}

const { value, noise, makers, momentum, informed, fundamental, hawkes, impact } = DEFAULT_PARAMS;

const paramsSchema: z.ZodType<MarketParams> = z.strictObject({
  value: numbers(value),
  noise: numbers(noise),
  makers: numbers(makers),
  momentum: numbers(momentum),
  informed: numbers(informed),
  fundamental: numbers(fundamental),
  hawkes: z
    .strictObject({
      decays: z.array(z.strictObject({ perSecond: z.number(), share: z.number() })).default([...hawkes.decays]),
      children: z.array(z.array(z.number())).default(() => hawkes.children.map((row) => Array.from(row))),
    })
    .prefault({}),
  impact: numbers(impact),
});

const decimal = z.union([z.string(), z.number().transform(String)]);

const feesSchema = z.strictObject({ maker: decimal, taker: decimal, currency: z.string().optional() });

/** Symbol (SYMBOL@VENUE where several venues have it) or index of an instrument before it, alone or with how closely it is followed. */
const leaderSchema = z.union([z.string(), z.int().min(0)]);
const followSchema = z.union([
  leaderSchema.transform((instrument) => ({ ...DEFAULT_FOLLOW, instrument })),
  z.strictObject({
    instrument: leaderSchema,
    beta: z.number().default(DEFAULT_FOLLOW.beta),
    basisBps: z.number().default(DEFAULT_FOLLOW.basisBps),
    halfLifeSeconds: z.number().default(DEFAULT_FOLLOW.halfLifeSeconds),
  }),
]);

const instrumentSchema = z.strictObject({
  venue: z.string().default('living'),
  symbol: z.string(),
  base: z.string().default(''),
  quote: z.string().default('USD'),
  tick: decimal,
  lot: decimal,
  contract: z.enum(['spot', 'linear', 'inverse']).default('linear'),
  multiplier: decimal.optional(),
  minSize: decimal.optional(),
  maxSize: decimal.optional(),
  minNotional: decimal.optional(),
  fees: feesSchema.optional(),
  follows: followSchema.optional(),
  market: paramsSchema.prefault({}),
});

const configSchema = z.strictObject({
  instruments: z.array(instrumentSchema).min(1),
  schedule: z
    .strictObject({
      random: z.boolean().default(false),
      spells: z
        .array(
          z.strictObject({
            regime: z.enum(REGIME_NAMES),
            seconds: z.number(),
            haltSeconds: z.number().default(0),
          }),
        )
        .min(1),
    })
    .optional(),
});

export interface MarketConfig {
  readonly instruments: readonly LivingInstrument[];
  readonly schedule: Schedule | undefined;
}

/** @throws InputError that names the file, the field, what was found and what was expected */
export async function readMarketConfig(path: string): Promise<MarketConfig> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InputError(`${path}: cannot be read: ${reasonOf(error)}`);
  });
  return parseMarketConfig(text, path);
}

/** @throws InputError, as `readMarketConfig` */
export function parseMarketConfig(text: string, path: string): MarketConfig {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new InputError(`${path}: is no YAML: ${reasonOf(error).split('\n')[0]}`);
  }
  const checked = configSchema.safeParse(content, { reportInput: true });
  if (!checked.success) {
    const { path: field, message } = checked.error.issues[0]!;
    throw new InputError(`${path}: ${field.length === 0 ? 'the file' : field.join('.')}: ${message}`);
  }
  const { instruments, schedule } = checked.data;
  try {
    return {
      instruments: instruments.map(({ market, follows, ...spec }, index) => ({
        instrument: new Instrument(specOf(spec)),
        params: market,
        follows: follows && resolveFollow(follows, instruments, index),
      })),
      schedule: schedule && { isRandom: schedule.random, spells: schedule.spells },
    };
  } catch (error) {
    throw new InputError(`${path}: ${reasonOf(error)}`);
  }
}

/** The configuration as YAML, readable by `parseMarketConfig`. */
export function formatMarketConfig({ instruments, schedule }: MarketConfig): string {
  return stringify({
    instruments: instruments.map(({ instrument, params, follows }) => ({
      ...instrument.spec,
      ...(follows === undefined ? {} : { follows }),
      market: params,
    })),
    ...(schedule === undefined ? {} : { schedule: { random: schedule.isRandom, spells: schedule.spells } }),
  });
}

interface Named {
  readonly symbol: string;
  readonly venue: string;
}

/** @throws RangeError when the one that is followed is not among those before it, or is not the only one of its name */
function resolveFollow(
  follows: z.output<typeof followSchema>,
  instruments: readonly Named[],
  index: number,
): FollowParams {
  const { instrument: leader, ...rest } = follows;
  if (typeof leader === 'number') return { ...rest, instrument: leader };
  const found = instruments
    .slice(0, index)
    .flatMap(({ symbol, venue }, i) => (leader === symbol || leader === `${symbol}@${venue}` ? [i] : []));
  if (found.length === 1) return { ...rest, instrument: found[0]! };
  const what = found.length === 0 ? 'no instrument' : `${found.length} instruments`;
  throw new RangeError(
    `instruments.${index}.follows: found '${leader}', which is ${what} before it; expected SYMBOL or SYMBOL@VENUE`,
  );
}

/** The specification without the fields that the file left out. */
function specOf(spec: Omit<z.output<typeof instrumentSchema>, 'market' | 'follows'>): InstrumentSpec {
  const { multiplier, minSize, maxSize, minNotional, fees, ...rest } = spec;
  return {
    ...rest,
    ...(multiplier === undefined ? {} : { multiplier }),
    ...(minSize === undefined ? {} : { minSize }),
    ...(maxSize === undefined ? {} : { maxSize }),
    ...(minNotional === undefined ? {} : { minNotional }),
    ...(fees === undefined ? {} : { fees: feesOf(fees) }),
  };
}

function feesOf({ maker, taker, currency }: z.output<typeof feesSchema>): FeeSchedule {
  return { maker, taker, ...(currency === undefined ? {} : { currency }) };
}

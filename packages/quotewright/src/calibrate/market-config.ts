/**
 * The configuration of a living market: instruments, their parameters, a schedule of regimes. A YAML or JSON file; what a file does not say
 * is that of the core's `DEFAULT_PARAMS`. `quotewright calibrate` writes such files, `data sample` reads them.
 */
import { readFile } from 'node:fs/promises';
import type { FeeSchedule } from '@quotewright/core/market/fees';
import { Instrument, type InstrumentSpec } from '@quotewright/core/market/instrument';
import type { LivingInstrument } from '@quotewright/core/venue-sim/living/living-market';
import { DEFAULT_PARAMS, type MarketParams } from '@quotewright/core/venue-sim/living/params';
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
      instruments: instruments.map(({ market, ...spec }) => ({
        instrument: new Instrument(specOf(spec)),
        params: market,
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
    instruments: instruments.map(({ instrument, params }) => ({ ...instrument.spec, market: params })),
    ...(schedule === undefined ? {} : { schedule: { random: schedule.isRandom, spells: schedule.spells } }),
  });
}

/** The specification without the fields that the file left out. */
function specOf(spec: Omit<z.output<typeof instrumentSchema>, 'market'>): InstrumentSpec {
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

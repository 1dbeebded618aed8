/** What a paper or a live session trades, and where: one schema for `--config FILE` and the command line. */
import { QUEUE_MODELS } from '@quotewright/core/venue-sim/queue-model';
import { z } from 'zod';
import { FILL_RULES } from '../../backtest/settings.ts';
import { decimalText, durationNs } from '../../config/units.ts';
import { checkSettings, readConfig } from '../../config/read-config.ts';
import { InputError } from '../../data/report.ts';
import { type VenuesFile, venuesFile } from '../../venues/venue-settings.ts';

const params = z.record(z.string(), z.union([z.number(), z.boolean(), z.string()]));
/** `venue:SYMBOL`, the symbol as the venue writes it. */
const INSTRUMENT = /^[a-z][a-z0-9-]*:\S+$/u;
const rate = z.strictObject({ maker: decimalText, taker: decimalText });

export const tradingConfig = z.strictObject({
  /** A file of venue settings, or the settings themselves, by the venue's name. Absent: every venue's live addresses. */
  venues: z.union([z.string().min(1), venuesFile]).exactOptional(),
  /** By `venue:SYMBOL`. What an instrument does not say is said for all of them below. */
  symbols: z
    .record(
      z.string(),
      z
        .strictObject({
          strategy: z.string().min(1).exactOptional(),
          params: params.exactOptional(),
          /** As `limits.instruments` of a risk file; the tighter of both holds. */
          limits: z.record(z.string(), z.unknown()).exactOptional(),
        })
        .nullable(),
    )
    .exactOptional(),
  strategy: z.string().min(1).default('microprice-maker'),
  params: params.default({}),
  /** A risk file, `none`, or its settings. */
  risk: z.union([z.string(), z.record(z.string(), z.unknown())]).exactOptional(),
  /** Starting cash of each strategy by currency. */
  cash: z.record(z.string(), decimalText).exactOptional(),
  /** In place of the venue's published or told rates, by venue. */
  fees: z.record(z.string(), rate).default({}),
  seed: z.int().default(1),
  /** Of a paper session's requests and reports; VENUE=DELAY,… for several venues. */
  latency: z.string().default('1ms'),
  /** How a paper session's orders stand in queues, and how they fill: as in a backtest. */
  queue: z
    .strictObject({
      model: z.enum(['hazard', ...QUEUE_MODELS]).default('hazard'),
      exponent: z.number().positive().default(3),
      interval: z.union([z.literal('auto'), durationNs]).default('auto'),
    })
    .prefault({}),
  fills: z.enum(FILL_RULES).default('partial'),
  /**
   * Market data is received, decoded and checked on threads of its own, each with a group of a venue's instruments; strategies, risk and
   * orders stay on one thread, which sees all of them.
   */
  threads: z
    .strictObject({
      /** Of each venue. */
      count: z.int().min(1).max(64),
      /** Processors that they are bound to, in turn; empty: wherever the system puts them. */
      cpus: z.array(z.int().min(0).max(1023)).default([]),
      /** Processor of the thread that trades. */
      trading: z.int().min(0).max(1023).exactOptional(),
    })
    .exactOptional(),
  /** The thread that trades never sleeps: what comes is taken sooner, and it keeps a processor busy for itself. */
  busyPoll: z.boolean().default(false),
});
export type TradingConfig = z.output<typeof tradingConfig>;

/** As they are given on the command line; each stands above the file's. */
export interface TradingFlags {
  readonly config?: string | undefined;
  readonly venues?: string | undefined;
  /** `venue:SYMBOL,…` */
  readonly symbols?: string | undefined;
  readonly strategy?: string | undefined;
  readonly param: Readonly<Record<string, string>>;
  readonly risk?: string | undefined;
  readonly cash?: string | undefined;
  readonly seed?: number | undefined;
  readonly latency?: string | undefined;
  readonly threads?: number | undefined;
}

/** Flags that belong to the session, and cannot be others when it goes on. */
export type TradedConfig = TradingConfig & { readonly symbols: NonNullable<TradingConfig['symbols']> };

/** @throws InputError that names the file or the flag, the field, what was found and what was expected */
export async function readTradingConfig(flags: TradingFlags): Promise<TradedConfig> {
  const { config: file } = flags;
  const given = file === undefined ? {} : await readConfig(file);
  const { strategy, venues, risk, seed, latency, param } = flags;
  const symbols = flags.symbols === undefined ? given['symbols'] : symbolsOf(flags.symbols, given['symbols']);
  const cash = flags.cash === undefined ? given['cash'] : cashOf(flags.cash);
  const merged = defined({ ...given, ...defined({ strategy, venues, risk, seed, latency, symbols, cash }) });
  if (flags.threads !== undefined) merged['threads'] = { ...asRecord(given['threads']), count: flags.threads };
  if (Object.keys(param).length > 0) merged['params'] = { ...asRecord(given['params']), ...param };
  const found = checkSettings(tradingConfig, merged, file ?? 'options');
  if (found.symbols === undefined || Object.keys(found.symbols).length === 0) {
    throw new InputError('--symbols: found none, expected instruments such as coinbase:BTC-USD,kraken:BTC/USD');
  }
  const names = Object.keys(found.symbols);
  const wrong = names.find((name) => !INSTRUMENT.test(name));
  if (wrong !== undefined) {
    throw new InputError(`symbols: found '${wrong}', expected VENUE:SYMBOL, as kraken:BTC/USD`);
  }
  const stranger = Object.keys(found.fees).find((venue) => !names.some((name) => name.startsWith(`${venue}:`)));
  if (stranger === undefined) return { ...found, symbols: found.symbols };
  throw new InputError(`fees: found '${stranger}', expected a venue of the instruments`);
}

/** The settings of a venue by its name. @throws InputError as above */
export async function readVenues({ venues }: Pick<TradingConfig, 'venues'>): Promise<VenuesFile> {
  if (typeof venues !== 'string') return venues ?? {};
  return checkSettings(venuesFile, await readConfig(venues), venues);
}

/** Instruments in the order in which they are named, with what a file says of each. */
function symbolsOf(text: string, known: unknown): Record<string, unknown> {
  const settings = asRecord(known);
  const names = text.split(',').map((part) => part.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InputError(`--symbols: found '${twice}' twice`);
  return Object.fromEntries(names.map((name) => [name, settings[name] ?? null]));
}

/** `10000` of the first instrument's settlement currency, or `USD=10000,EUR=5`. */
function cashOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [currency = '', amount] = part.split('=').map((each) => each.trim());
      if (currency !== '' && amount !== undefined) return [currency, amount];
      throw new InputError(`--cash: found '${text}', expected CURRENCY=AMOUNT,… such as USD=10000`);
    }),
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

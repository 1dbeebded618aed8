/** What `quotewright exchange` serves, from its options: venues, instruments with their fees, accounts and what they have. */
import { type FeeSchedule, Fees } from '@quotewright/core/market/fees';
import { Instrument } from '@quotewright/core/market/instrument';
import { parseDecimal } from '@quotewright/core/trading/money-text';
import { readMarketConfig } from '../calibrate/market-config.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import type { ExchangeInstrument, FaceMaker } from './contract.ts';
import { LivingSource, livingInstruments } from './core/living-source.ts';
import type { MarketSource } from './core/local-exchange.ts';
import { currencyDecimals } from './core/money.ts';

/** Every account has so much of each quote currency, and of each other one what is worth about as much. */
const WORTH = 1_000_000;
const MOST_ACCOUNTS = 1000;

export interface ServedFace {
  readonly maker: FaceMaker;
  /** Its place among all faces, from 1: by how much its port is above the page's. */
  readonly offset: number;
}

/** @throws InputError that names the venue that there is not */
export function facesOf(list: string | undefined, all: readonly FaceMaker[]): ServedFace[] {
  const faces = all.map((maker, index) => ({ maker, offset: index + 1 }));
  if (list === undefined) return faces;
  const names = namesIn('--venues', list);
  for (const name of names) {
    if (all.every(({ venue }) => venue !== name)) {
      throw new InputError(`--venues: found '${name}', expected some of ${all.map(({ venue }) => venue).join(', ')}`);
    }
  }
  return faces.filter(({ maker }) => names.includes(maker.venue));
}

/** Words separated by commas, which differ. @throws InputError */
export function namesIn(option: string, list: string): string[] {
  const names = list.split(',').map((name) => name.trim());
  if (names.includes('') || new Set(names).size < names.length) {
    throw new InputError(`${option}: found '${list}', expected names that differ, separated by commas`);
  }
  return names;
}

/** @throws InputError */
export function accountNames(text: string): string[] {
  const count = Number(text);
  if (!/^\d+$/u.test(text) || count < 1 || count > MOST_ACCOUNTS) {
    throw new InputError(`--accounts: found '${text}', expected a number from 1 to ${MOST_ACCOUNTS}`);
  }
  return Array.from({ length: count }, (_, index) => `account-${index + 1}`);
}

/** `maker,taker`, as shares. @throws InputError */
export function feesIn(text: string): FeeSchedule {
  const [maker = '', taker = '', ...more] = text.split(',').map((each) => each.trim());
  const schedule = { maker, taker };
  try {
    if (more.length > 0) throw new RangeError('too many parts');
    const { makerPpb, takerPpb } = new Fees(schedule);
    if (makerPpb[0]! + takerPpb[0]! < 0) throw new RangeError('together they are a rebate');
    return schedule;
  } catch (error) {
    throw new InputError(`--fees: found '${text}', expected MAKER,TAKER as 0.0002,0.0005: ${reasonOf(error)}`);
  }
}

export interface Market {
  readonly instruments: readonly Instrument[];
  /** Prices at which accounts' coins are valued at the start, by base currency. */
  readonly prices: ReadonlyMap<string, number>;
  readonly source: (startNs: number, epochDay: number) => MarketSource;
}

export interface LivingChoice {
  readonly coins: readonly string[];
  readonly seed: number;
  readonly fees: FeeSchedule | undefined;
}

/** A market of agents in the coins. @throws InputError */
export function livingMarket(faces: readonly ServedFace[], { coins, seed, fees }: LivingChoice): Market {
  const listed = faces.flatMap(({ maker }) => maker.instruments(coins)).map((each) => withFees(each, fees));
  return marketOf(livingInstruments(listed), seed);
}

/** A market of agents as a file describes it. @throws InputError that names the file and the field */
export async function configuredMarket(
  faces: readonly ServedFace[],
  path: string,
  { seed, fees }: Pick<LivingChoice, 'seed' | 'fees'>,
): Promise<Market> {
  const { instruments, schedule } = await readMarketConfig(path);
  const venues = faces.map(({ maker }) => maker.venue);
  for (const [index, { instrument }] of instruments.entries()) {
    if (venues.includes(instrument.venue)) continue;
    const expected = `expected one of ${venues.join(', ')}`;
    throw new InputError(`${path}: instruments.${index}.venue: found '${instrument.venue}', ${expected}`);
  }
  const living = instruments.map((each) => {
    const { instrument } = withFees({ coin: each.instrument.base, instrument: each.instrument }, fees);
    return { instrument, params: each.params, follows: each.follows };
  });
  return marketOf(living, seed, schedule);
}

/** What each account has: as told, and of what is not told about `WORTH`. @throws InputError */
export function cashOf(text: string | undefined, { instruments, prices }: Market): Record<string, string> {
  let decimals: ReadonlyMap<string, number>;
  try {
    decimals = currencyDecimals(instruments);
  } catch (error) {
    throw new InputError(reasonOf(error));
  }
  const cash: Record<string, string> = {};
  for (const currency of decimals.keys()) {
    const price = prices.get(currency);
    const isQuote = instruments.some(({ quote }) => quote === currency);
    cash[currency] = isQuote || price === undefined ? String(WORTH) : String(Number((WORTH / price).toPrecision(1)));
  }
  for (const part of text === undefined ? [] : text.split(',')) {
    const [currency = '', amount = ''] = part.split('=').map((each) => each.trim());
    const count = decimals.get(currency);
    if (count === undefined) {
      const known = [...decimals.keys()].join(', ');
      throw new InputError(`--cash: found '${part}', expected CURRENCY=AMOUNT of ${known}, separated by commas`);
    }
    try {
      if (parseDecimal('amount', amount, count) < 0n) throw new RangeError('it is negative');
    } catch (error) {
      throw new InputError(`--cash: found '${part}', expected CURRENCY=AMOUNT: ${reasonOf(error)}`);
    }
    cash[currency] = amount;
  }
  return cash;
}

/** An instrument with other fee rates. */
export function withFees({ coin, instrument }: ExchangeInstrument, fees: FeeSchedule | undefined): ExchangeInstrument {
  if (fees === undefined) return { coin, instrument };
  const { currency } = instrument.spec.fees ?? {};
  const schedule = currency === undefined ? fees : { ...fees, currency };
  return { coin, instrument: new Instrument({ ...instrument.spec, fees: schedule }) };
}

function marketOf(
  living: ReturnType<typeof livingInstruments>,
  seed: number,
  schedule?: Awaited<ReturnType<typeof readMarketConfig>>['schedule'],
): Market {
  const instruments = living.map(({ instrument }) => instrument);
  const prices = new Map(
    living.map(({ instrument, params }) => [instrument.base, instrument.price.toNumber(params.value.startTicks)]),
  );
  const source = (startNs: number): MarketSource => {
    const options = { isL3: true, startNs, ...(schedule === undefined ? {} : { schedule }) };
    return new LivingSource(living, seed, options);
  };
  return { instruments, prices, source };
}

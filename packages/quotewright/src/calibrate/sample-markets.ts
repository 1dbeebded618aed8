/**
 * The markets of `data sample` and `simulate`: well-known coins against dollars as BTCUSDT, BTC-USD or BTC-USDC, and a plain instrument
 * under any other name. A name may say more: BTCUSDT-SPOT and BTCUSDT-PERP are the coin and a perpetual on it (so is a plain name),
 * and BTCUSDT@other is traded at the venue `other`. What is of the same coin as one named before it follows that one's price.
 */
import { type ContractType, Instrument } from '@quotewright/core/market/instrument';
import type { LivingInstrument } from '@quotewright/core/venue-sim/living/living-market';
import {
  DEFAULT_FOLLOW,
  DEFAULT_PARAMS,
  type FollowParams,
  type MarketParams,
} from '@quotewright/core/venue-sim/living/params';
import { InputError } from '../data/report.ts';

/** Volatility in a second as a share of the price: some 22 % a year. */
const VOLATILITY = 4e-5;
const FEES = { maker: '0', taker: '0.0002' };

/** Coin, tick, lot, ticks at the start. Lots such that usual orders are below the default limit of their size, one unit. */
const KNOWN = [
  ['BTC', '0.5', '0.001', 120_000],
  ['ETH', '0.05', '0.01', 60_000],
  ['SOL', '0.005', '0.1', 30_000],
  ['BNB', '0.02', '0.01', 30_000],
  ['XRP', '0.0001', '0.01', 20_000],
  ['ADA', '0.00005', '0.01', 10_000],
  ['DOGE', '0.00001', '0.01', 20_000],
  ['AVAX', '0.001', '0.01', 30_000],
  ['LINK', '0.0005', '0.01', 30_000],
  ['DOT', '0.0002', '0.01', 30_000],
  ['LTC', '0.005', '0.01', 16_000],
] as const;
const DOLLARS = /^(.+?)(-?)(USDT|USDC|USD)$/u;

/** The markets of a list of names, separated by commas. @throws InputError when one is empty or stands twice */
export function sampleMarkets(symbols: string): LivingInstrument[] {
  const names = symbols.split(',').map((name) => name.trim());
  const plans = names.map(planOf);
  const places = new Set(plans.map(({ symbol, venue }) => `${symbol}@${venue}`));
  const isWhole = plans.every(({ coin, venue }) => coin !== '' && venue !== '');
  if (!isWhole || places.size !== names.length) {
    throw new InputError(`--symbols: found '${symbols}', expected names that differ, separated by commas`);
  }
  return names.map((name, index) => {
    const first = plans.findIndex(({ coin }) => coin === plans[index]!.coin);
    const { instrument, params } = sampleMarket(name);
    return { instrument, params, follows: first === index ? undefined : followerOf(first) };
  });
}

function followerOf(instrument: number): FollowParams {
  return { ...DEFAULT_FOLLOW, instrument };
}

interface NamePlan {
  readonly symbol: string;
  /** What it is of: a known coin, else the symbol without what says how it is traded. */
  readonly coin: string;
  readonly base: string;
  readonly quote: string;
  readonly venue: string;
  readonly contract: ContractType;
}

function planOf(name: string): NamePlan {
  const at = name.indexOf('@');
  const symbol = at < 0 ? name : name.slice(0, at);
  const venue = at < 0 ? 'living' : name.slice(at + 1);
  const [, pair = '', kind] = /^(.*?)(-SPOT|-PERP)?$/u.exec(symbol) ?? [];
  const [, base = pair, dash, dollars = 'USDT'] = DOLLARS.exec(pair) ?? [];
  // A plain name in dollars has always been one in tethers.
  const quote = dash === '-' || dollars === 'USDC' ? dollars : 'USDT';
  const isKnown = base !== pair && KNOWN.some(([coin]) => coin === base);
  return { symbol, coin: isKnown ? base : pair, base, quote, venue, contract: kind === '-SPOT' ? 'spot' : 'linear' };
}

/** The market of a name, alone. @throws RangeError when the name is empty */
export function sampleMarket(name: string): LivingInstrument {
  const { symbol, coin, base, quote, venue, contract } = planOf(name);
  const [, tick, lot, startTicks] = KNOWN.find(([known]) => known === coin) ?? [coin, '0.01', '0.01', 100_000];
  const instrument = new Instrument({
    venue,
    symbol,
    base,
    quote,
    tick,
    lot,
    contract,
    fees: FEES,
  });
  return { instrument, params: paramsAt(startTicks) };
}

/** The default parameters for an instrument of another price. */
function paramsAt(startTicks: number): MarketParams {
  const { value } = DEFAULT_PARAMS;
  const volatilityTicks = VOLATILITY * startTicks;
  const jumpTicks = (value.jumpTicks * volatilityTicks) / value.volatilityTicks;
  return { ...DEFAULT_PARAMS, value: { ...value, startTicks, volatilityTicks, jumpTicks } };
}

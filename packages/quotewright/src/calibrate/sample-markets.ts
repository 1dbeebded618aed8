/**
 * The markets of `data sample` and `simulate`: three well-known symbols, and a plain instrument under any other name. A name may say
 * more: BTCUSDT-SPOT and BTCUSDT-PERP are the coin and a perpetual on it (so is a plain name), and BTCUSDT@other is traded at the venue
 * `other`. What is of the same coin as one named before it follows that one's price.
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

/** Symbol, base, tick, lot, ticks at the start. */
const KNOWN = [
  ['BTCUSDT', 'BTC', '0.5', '0.001', 120_000],
  ['ETHUSDT', 'ETH', '0.05', '0.01', 60_000],
  ['SOLUSDT', 'SOL', '0.005', '0.1', 30_000],
] as const;

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
  /** The symbol without what says how it is traded. */
  readonly coin: string;
  readonly venue: string;
  readonly contract: ContractType;
}

function planOf(name: string): NamePlan {
  const at = name.indexOf('@');
  const symbol = at < 0 ? name : name.slice(0, at);
  const venue = at < 0 ? 'living' : name.slice(at + 1);
  const [, coin = '', kind] = /^(.*?)(-SPOT|-PERP)?$/u.exec(symbol) ?? [];
  return { symbol, coin, venue, contract: kind === '-SPOT' ? 'spot' : 'linear' };
}

/** The market of a name, alone. @throws RangeError when the name is empty */
export function sampleMarket(name: string): LivingInstrument {
  const { symbol, coin, venue, contract } = planOf(name);
  const [, base, tick, lot, startTicks] = KNOWN.find(([known]) => known === coin) ?? [
    coin,
    coin.replace(/USDT?$/, '') || coin,
    '0.01',
    '0.01',
    100_000,
  ];
  const instrument = new Instrument({
    venue,
    symbol,
    base,
    quote: 'USDT',
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

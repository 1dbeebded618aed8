/** What a venue lists, as Quotewright describes instruments. All amounts are decimal texts. */
import type { MarketInterface } from 'ccxt';
import type { MarketData } from './exchange.ts';

/** ccxt's `TICK_SIZE`: precision is a step. Otherwise it is a count of decimals. */
const TICK_SIZE = 4;

export interface ListedMarket {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly contract: 'spot' | 'linear' | 'inverse';
  readonly tick: string;
  readonly lot: string;
  readonly multiplier: string | undefined;
  readonly minSize: string | undefined;
  readonly minNotional: string | undefined;
  readonly isTrading: boolean;
  readonly maker: string | undefined;
  readonly taker: string | undefined;
}

/** Spot markets and perpetuals whose steps are known. */
export function listedMarkets(exchange: MarketData): ListedMarket[] {
  return Object.values(exchange.markets ?? {}).flatMap((market) => {
    const listed = market === undefined ? undefined : listedMarket(exchange, market);
    return listed === undefined ? [] : [listed];
  });
}

function listedMarket(exchange: MarketData, market: MarketInterface): ListedMarket | undefined {
  const { symbol, base, quote, precision, limits } = market;
  const contract = market.spot === true ? 'spot' : perpetual(market);
  const tick = step(exchange, precision.price);
  const lot = step(exchange, precision.amount);
  if (contract === undefined || tick === undefined || lot === undefined) return undefined;
  return {
    symbol,
    base,
    quote,
    contract,
    tick,
    lot,
    multiplier: contract === 'spot' ? undefined : text(market.contractSize),
    minSize: text(limits.amount?.min),
    minNotional: text(limits.cost?.min),
    isTrading: market.active !== false,
    maker: text(market.maker),
    taker: text(market.taker),
  };
}

function perpetual({ swap, linear, inverse }: MarketInterface): 'linear' | 'inverse' | undefined {
  if (swap !== true) return undefined;
  if (linear === true) return 'linear';
  return inverse === true ? 'inverse' : undefined;
}

function step(exchange: MarketData, precision: number | undefined): string | undefined {
  if (precision === undefined) return undefined;
  return text(exchange.precisionMode === TICK_SIZE ? precision : Number(`1e${-precision}`));
}

function text(value: number | undefined): string | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? String(value) : undefined;
}

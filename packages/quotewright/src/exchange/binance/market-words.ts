/** Market data as pages have it: listing, depth, prints, tickers. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { VenueExchange } from '../contract.ts';
import { moneyText, padded, priceText, sizeText } from './numbers.ts';
import type { FaceProduct } from './product.ts';

const MAX_DEPTH = 5000;

export class MarketWords {
  readonly #exchange: VenueExchange;
  readonly #product: FaceProduct;
  readonly #prices = new Float64Array(MAX_DEPTH);
  readonly #sizes = new Float64Array(MAX_DEPTH);

  constructor(exchange: VenueExchange, product: FaceProduct) {
    this.#exchange = exchange;
    this.#product = product;
  }

  listing(only: number | undefined): unknown {
    const { instruments } = this.#exchange;
    const listed = only === undefined ? instruments : [instruments[only]!];
    return {
      timezone: 'UTC',
      serverTime: this.#nowMs(),
      ...(this.#product.isFutures ? { futuresType: 'U_MARGINED' } : {}),
      rateLimits: this.#product.limits,
      exchangeFilters: [],
      symbols: listed.map((instrument) => this.#listed(instrument, instruments.indexOf(instrument))),
    };
  }

  depth(market: number, limit: number): unknown {
    const n = Math.min(MAX_DEPTH, limit);
    const lastUpdateId = this.#exchange.sequence(market);
    const sides = { bids: this.#side(market, Side.BUY, n), asks: this.#side(market, Side.SELL, n) };
    if (!this.#product.isFutures) return { lastUpdateId, ...sides };
    const now = this.#nowMs();
    return { lastUpdateId, E: now, T: now, ...sides };
  }

  trades(market: number, limit: number): unknown[] {
    const instrument = this.#exchange.instruments[market]!;
    return this.#exchange
      .recentTrades(market)
      .slice(-limit)
      .map(({ priceTicks, sizeLots, side, number, ns }) => ({
        id: number,
        price: priceText(instrument, priceTicks),
        qty: sizeText(instrument, sizeLots),
        quoteQty: moneyText(instrument, BigInt(priceTicks) * BigInt(sizeLots)),
        time: Math.floor(this.#exchange.unixMs(ns)),
        isBuyerMaker: side === Side.SELL,
        isBestMatch: true,
      }));
  }

  /** Each print is one of its own. */
  aggregates(market: number, limit: number): unknown[] {
    const instrument = this.#exchange.instruments[market]!;
    return this.#exchange
      .recentTrades(market)
      .slice(-limit)
      .map(({ priceTicks, sizeLots, side, number, ns }) => ({
        a: number,
        p: priceText(instrument, priceTicks),
        q: sizeText(instrument, sizeLots),
        f: number,
        l: number,
        T: Math.floor(this.#exchange.unixMs(ns)),
        m: side === Side.SELL,
        M: true,
      }));
  }

  best(market: number): Record<string, unknown> {
    const instrument = this.#exchange.instruments[market]!;
    const [bid = ['0', '0']] = this.#side(market, Side.BUY, 1);
    const [ask = ['0', '0']] = this.#side(market, Side.SELL, 1);
    return { symbol: instrument.symbol, bidPrice: bid[0], bidQty: bid[1], askPrice: ask[0], askQty: ask[1] };
  }

  /** Of as many prints as are kept. */
  ticker(market: number): Record<string, unknown> {
    const instrument = this.#exchange.instruments[market]!;
    const trades = this.#exchange.recentTrades(market);
    const prices = trades.map(({ priceTicks }) => priceTicks);
    const lots = trades.reduce((sum, { sizeLots }) => sum + sizeLots, 0);
    const atoms = trades.reduce((sum, { priceTicks, sizeLots }) => sum + BigInt(priceTicks) * BigInt(sizeLots), 0n);
    const first = prices[0] ?? 0;
    const last = prices.at(-1) ?? 0;
    return {
      ...this.best(market),
      priceChange: padded(instrument.price.format(last - first), this.#product.isFutures),
      priceChangePercent: (first === 0 ? 0 : ((last - first) / first) * 100).toFixed(3),
      weightedAvgPrice: priceText(instrument, lots === 0 ? 0 : Number(atoms / BigInt(lots))),
      lastPrice: priceText(instrument, last),
      lastQty: sizeText(instrument, trades.at(-1)?.sizeLots ?? 0),
      openPrice: priceText(instrument, first),
      highPrice: priceText(
        instrument,
        prices.reduce((a, b) => Math.max(a, b), last),
      ),
      lowPrice: priceText(
        instrument,
        prices.reduce((a, b) => Math.min(a, b), last),
      ),
      volume: sizeText(instrument, lots),
      quoteVolume: moneyText(instrument, atoms),
      openTime: trades.length === 0 ? 0 : Math.floor(this.#exchange.unixMs(trades[0]!.ns)),
      closeTime: this.#nowMs(),
      firstId: trades[0]?.number ?? -1,
      lastId: trades.at(-1)?.number ?? -1,
      count: trades.length,
    };
  }

  #side(market: number, side: Side, n: number): string[][] {
    const instrument = this.#exchange.instruments[market]!;
    const count = this.#exchange.top(market, side, n, this.#prices, this.#sizes);
    return Array.from({ length: count }, (_, k) => [
      priceText(instrument, this.#prices[k]),
      sizeText(instrument, this.#sizes[k]!),
    ]);
  }

  #listed(instrument: Instrument, market: number): unknown {
    const { spec, price, size } = instrument;
    const { isFutures, orderTypes } = this.#product;
    const status = this.#exchange.isTrading(market) ? 'TRADING' : 'HALT';
    const tickSize = padded(spec.tick, isFutures);
    const stepSize = padded(spec.lot, isFutures);
    const minNotional = spec.minNotional ?? '0';
    const lotSize = {
      minQty: padded(spec.minSize ?? spec.lot, isFutures),
      maxQty: padded(spec.maxSize ?? '9000', isFutures),
      stepSize,
    };
    const filters = [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: padded('1000000', isFutures), tickSize },
      { filterType: 'LOT_SIZE', ...lotSize },
      isFutures
        ? { filterType: 'MIN_NOTIONAL', notional: minNotional }
        : { filterType: 'NOTIONAL', minNotional: padded(minNotional, false), applyMinToMarket: true, avgPriceMins: 5 },
    ];
    const common = {
      symbol: instrument.symbol,
      status,
      baseAsset: instrument.base,
      quoteAsset: instrument.quote,
      filters,
    };
    if (isFutures) {
      return {
        ...common,
        pair: instrument.symbol,
        contractType: 'PERPETUAL',
        deliveryDate: 4_133_404_800_000,
        onboardDate: 1_569_398_400_000,
        marginAsset: instrument.quote,
        pricePrecision: price.decimals,
        quantityPrecision: size.decimals,
        baseAssetPrecision: 8,
        quotePrecision: 8,
        underlyingType: 'COIN',
        orderTypes,
        timeInForce: ['GTC', 'IOC', 'FOK', 'GTX'],
      };
    }
    return {
      ...common,
      baseAssetPrecision: 8,
      quotePrecision: 8,
      quoteAssetPrecision: 8,
      orderTypes,
      icebergAllowed: false,
      ocoAllowed: false,
      quoteOrderQtyMarketAllowed: false,
      allowTrailingStop: false,
      cancelReplaceAllowed: true,
      amendAllowed: true,
      isSpotTradingAllowed: true,
      isMarginTradingAllowed: false,
      permissions: [],
      permissionSets: [['SPOT']],
      defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
      allowedSelfTradePreventionModes: ['EXPIRE_MAKER'],
    };
  }

  #nowMs(): number {
    return Math.floor(this.#exchange.nowMs());
  }
}

/** REST's public pages. Source: docs.kraken.com/api/docs/rest-api (get-server-time, get-system-status, get-asset-info, get-tradable-asset-pairs, get-ticker-information, get-order-book, get-recent-trades). */
import { Grid } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { VenueExchange } from '../contract.ts';
import { levelTexts } from '../level-texts.ts';
import { Refusal } from './auth.ts';
import { digits, type Fields, textOf } from './json.ts';
import { altnameOf, assetId, isMoney, type PairList } from './names.ts';
import { isoText, secondsOf } from './order-text.ts';

const MOST_LEVELS = 500;
const MOST_TRADES = 1000;
const RATE = new Grid('0.000000001');

export class PublicPages {
  readonly #exchange: VenueExchange;
  readonly #pairs: PairList;

  constructor(exchange: VenueExchange, pairs: PairList) {
    this.#exchange = exchange;
    this.#pairs = pairs;
  }

  /** @returns undefined when there is no such page. @throws Refusal */
  page(name: string, query: Fields): unknown {
    if (name === 'Time') return this.#time();
    if (name === 'SystemStatus') return this.#status();
    if (name === 'Assets') return this.#assets();
    if (name === 'AssetPairs') return this.#assetPairs(query);
    if (name === 'Ticker') return this.#tickers(query);
    if (name === 'Depth') return this.#depth(query);
    return name === 'Trades' ? this.#trades(query) : undefined;
  }

  #time(): object {
    const nowMs = this.#exchange.nowMs();
    return { unixtime: Math.floor(nowMs / 1000), rfc1123: new Date(nowMs).toUTCString().replace('GMT', '+0000') };
  }

  #status(): object {
    return { status: 'online', timestamp: isoText(this.#exchange, this.#exchange.nowNs()) };
  }

  #assets(): object {
    const currencies = new Set(this.#exchange.instruments.flatMap(({ base, quote }) => [base, quote]));
    return Object.fromEntries(
      [...currencies].map((currency) => [
        assetId(currency),
        {
          aclass: 'currency',
          altname: altnameOf(currency),
          decimals: isMoney(currency) ? 4 : 10,
          display_decimals: isMoney(currency) ? 2 : 5,
          status: 'enabled',
        },
      ]),
    );
  }

  #assetPairs(query: Fields): object {
    const asked = textOf(query['pair']);
    const markets =
      asked === '' ? this.#exchange.instruments.keys() : asked.split(',').map((name) => this.#market(name));
    return Object.fromEntries(
      Array.from(markets, (market) => [this.#pairs.names[market]!.id, this.#pairEntry(market)]),
    );
  }

  #pairEntry(market: number): object {
    const instrument = this.#exchange.instruments[market]!;
    const { base, quote, price, size, spec, minSizeLots } = instrument;
    const { altname, wsname } = this.#pairs.names[market]!;
    const { makers, takers } = feeTiers(instrument);
    return {
      altname,
      wsname,
      aclass_base: 'currency',
      base: assetId(base),
      aclass_quote: 'currency',
      quote: assetId(quote),
      lot: 'unit',
      cost_decimals: 5,
      pair_decimals: price.decimals,
      lot_decimals: size.decimals,
      lot_multiplier: 1,
      leverage_buy: [],
      leverage_sell: [],
      fees: takers,
      fees_maker: makers,
      fee_volume_currency: 'ZUSD',
      margin_call: 80,
      margin_stop: 40,
      ordermin: size.format(minSizeLots),
      costmin: spec.minNotional ?? '0.5',
      tick_size: price.step,
      status: this.#exchange.isTrading(market) ? 'online' : 'cancel_only',
    };
  }

  #tickers(query: Fields): object {
    const asked = textOf(query['pair']);
    const markets =
      asked === '' ? this.#exchange.instruments.keys() : asked.split(',').map((name) => this.#market(name));
    return Object.fromEntries(
      Array.from(markets, (market) => {
        const { price, size } = this.#exchange.instruments[market]!;
        const best = (side: Side) => {
          const [level] = levelTexts(this.#exchange, market, side, 1);
          return level === undefined ? ['0', '0', '0'] : [level[0], '1', level[1]];
        };
        const last = this.#exchange.recentTrades(market).at(-1);
        const lastPrice = last === undefined ? '0' : price.format(last.priceTicks);
        const both = [lastPrice, lastPrice];
        return [
          this.#pairs.names[market]!.id,
          {
            a: best(Side.SELL),
            b: best(Side.BUY),
            c: [lastPrice, last === undefined ? '0' : size.format(last.sizeLots)],
            v: ['0', '0'],
            p: both,
            t: [0, 0],
            l: both,
            h: both,
            o: lastPrice,
          },
        ];
      }),
    );
  }

  #depth(query: Fields): object {
    const market = this.#market(textOf(query['pair']));
    const count = Math.min(MOST_LEVELS, Math.max(1, Number(textOf(query['count'])) || 100));
    const seconds = Math.floor(this.#exchange.nowMs() / 1000);
    const side = (which: Side) =>
      levelTexts(this.#exchange, market, which, count).map(([price, size]) => [price, size, seconds]);
    return { [this.#pairs.names[market]!.id]: { asks: side(Side.SELL), bids: side(Side.BUY) } };
  }

  #trades(query: Fields): object {
    const market = this.#market(textOf(query['pair']));
    const { price, size } = this.#exchange.instruments[market]!;
    const count = Math.min(MOST_TRADES, Math.max(1, Number(textOf(query['count'])) || MOST_TRADES));
    const trades = this.#exchange.recentTrades(market).slice(-count);
    const entries = trades.map(({ priceTicks, sizeLots, side, number, ns }) => [
      price.format(priceTicks),
      size.format(sizeLots),
      secondsOf(this.#exchange, ns),
      side === Side.BUY ? 'b' : 's',
      'l',
      '',
      number,
    ]);
    const last = trades.at(-1)?.ns ?? this.#exchange.nowNs();
    return { [this.#pairs.names[market]!.id]: entries, last: `${this.#exchange.unixMs(last)}000000` };
  }

  #market(name: string): number {
    const market = this.#pairs.find(name);
    if (market < 0) throw new Refusal('EQuery:Unknown asset pair');
    return market;
  }
}

/** Rates in percent from each volume on. */
function feeTiers({ fees }: Instrument): { readonly makers: unknown; readonly takers: unknown } {
  const tiers = (rates: Int32Array) => Array.from(rates, (ppb, i) => [fees?.volumes[i] ?? 0, digits(percentText(ppb))]);
  return { makers: tiers(fees?.makerPpb ?? new Int32Array(1)), takers: tiers(fees?.takerPpb ?? new Int32Array(1)) };
}

/** Parts per billion as a percentage. */
export function percentText(ppb: number): string {
  return RATE.format(ppb * 100).replace(/\.?0+$/u, '') || '0';
}

/** Binance frames: streams over WebSocket, combined or not, `exchangeInfo` and `depth` over REST. */
import type { InstrumentSpec } from '@quotewright/core/market/instrument';
import { BinanceDecoder, type BinanceVenue } from '../binance/decoder.ts';
import type { WireDecoder } from './decoder.ts';
import type { Feed } from './feed.ts';
import { asDecimal, asList, asObject, asText, isObject, type JsonObject } from '../json.ts';

export class BinanceWire implements WireDecoder {
  readonly decoder: BinanceDecoder;
  readonly #feed: Feed;
  readonly #venue: BinanceVenue;

  constructor(feed: Feed, venue: BinanceVenue) {
    this.#feed = feed;
    this.#venue = venue;
    this.decoder = new BinanceDecoder(feed);
  }

  get clock() {
    return this.decoder.clock;
  }

  http(url: string, body: unknown): void {
    const path = url.split('?', 1)[0]!;
    if (path.endsWith('/exchangeInfo')) {
      for (const entry of asList(asObject(body)?.['symbols'])) this.#list(asObject(entry) ?? {});
      this.#feed.report.addIgnored('instrument listing');
    } else if (path.endsWith('/depth') && isObject(body)) {
      this.decoder.snapshot(body, /[?&]symbol=([^&]+)/.exec(url)?.[1] ?? '');
    } else this.#feed.report.addIgnored('other REST response');
  }

  receive(message: unknown): void {
    if (!isObject(message)) this.#feed.bad('message is not an object', JSON.stringify(message));
    else if ('stream' in message) this.decoder.stream(message);
    // Of a connection whose messages are not wrapped; of them the best quote of spot alone does not say what it is.
    else if (typeof message['s'] === 'string') this.decoder.stream({ stream: '@bookTicker', data: message });
    else this.#feed.report.addIgnored('control message');
  }

  /** Update ids tell whether anything was lost. */
  reconnected(): void {
    this.#feed.report.addIgnored('reconnection');
  }

  #list(entry: JsonObject): void {
    const filters = asList(entry['filters']).filter(isObject);
    const filter = (kind: string) => filters.find((each) => each['filterType'] === kind);
    const tick = asDecimal(filter('PRICE_FILTER')?.['tickSize']);
    const lotSize = filter('LOT_SIZE');
    const lot = asDecimal(lotSize?.['stepSize']);
    // A listing may carry 0 for "no filter"; such a symbol's grid is taken from the table or from its messages.
    if (!(Number(tick) > 0) || !(Number(lot) > 0)) return;
    const minSize = asDecimal(lotSize?.['minQty']);
    const minimum = filter('MIN_NOTIONAL') ?? filter('NOTIONAL');
    const minNotional = asDecimal(minimum?.['minNotional'] ?? minimum?.['notional']);
    const multiplier = asDecimal(entry['contractSize']);
    const contract = { binance: 'spot', 'binance-usdm': 'linear', 'binance-coinm': 'inverse' } as const;
    const spec: InstrumentSpec = {
      venue: this.#venue,
      symbol: asText(entry['symbol']),
      base: asText(entry['baseAsset']),
      quote: asText(entry['quoteAsset']),
      tick,
      lot,
      contract: contract[this.#venue],
      ...(multiplier === '' ? {} : { multiplier }),
      ...(Number(minSize) > 0 ? { minSize } : {}),
      ...(minNotional === '' ? {} : { minNotional }),
    };
    this.#feed.instruments.list(spec);
  }
}

/** One symbol's depth diffs at one speed: levels gather, and go out together with the update ids that they cover. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { priceText, sizeText } from './numbers.ts';

export class DepthTicker {
  readonly market: number;
  /** Of the stream: `btcusdt@depth@100ms`. */
  readonly name: string;
  readonly #instrument: Instrument;
  readonly #periodNs: number;
  #bids = new Map<number, number>();
  #asks = new Map<number, number>();
  #lastId: number;
  #sentNs = 0;

  constructor(instrument: Instrument, market: number, speed: string, periodNs: number, lastId: number) {
    this.market = market;
    this.name = `${instrument.symbol.toLowerCase()}${speed}`;
    this.#instrument = instrument;
    this.#periodNs = periodNs;
    this.#lastId = lastId;
  }

  level(isBuy: boolean, priceTicks: number, sizeLots: number): void {
    (isBuy ? this.#bids : this.#asks).set(priceTicks, sizeLots);
  }

  isDue(nowNs: number): boolean {
    return nowNs - this.#sentNs >= this.#periodNs;
  }

  /** The diff up to the update id; '' when nothing has changed. */
  take(id: number, nowNs: number, nowMs: number, isFutures: boolean): string {
    this.#sentNs = nowNs;
    if (this.#bids.size === 0 && this.#asks.size === 0) return '';
    const s = this.#instrument.symbol;
    const U = this.#lastId + 1;
    const b = this.#list(this.#bids);
    const a = this.#list(this.#asks);
    const head = { e: 'depthUpdate', E: nowMs };
    const frame = isFutures
      ? { ...head, T: nowMs, s, U, u: id, pu: this.#lastId, b, a }
      : { ...head, s, U, u: id, b, a };
    this.#lastId = id;
    this.#bids.clear();
    this.#asks.clear();
    return JSON.stringify(frame);
  }

  /** Nobody hears it: as `take`, without the text. */
  skip(id: number, nowNs: number): void {
    this.#sentNs = nowNs;
    if (this.#bids.size === 0 && this.#asks.size === 0) return;
    this.#lastId = id;
    this.#bids.clear();
    this.#asks.clear();
  }

  #list(levels: ReadonlyMap<number, number>): string[][] {
    return Array.from(levels, ([price, size]) => [
      priceText(this.#instrument, price),
      sizeText(this.#instrument, size),
    ]);
  }
}

/**
 * Own orders at the prices at which they stood: `orders.csv` has one row per order with its last price, but a maker amends, and a
 * chart wants each price for as long as it was quoted. An observer of the modelled run.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { Market, Order } from '@quotewright/core/strategies/strategy';
import { OrderState } from '@quotewright/core/trading/order-state';
import { CsvFile } from './csv-file.ts';
import { QUOTE_COLUMNS } from './run-files.ts';

interface Quote {
  readonly market: number;
  readonly isBuy: boolean;
  readonly priceTicks: number;
  readonly openLots: number;
  readonly fromNs: number;
}

export class QuoteLog implements Observer {
  readonly #instruments: readonly Instrument[];
  readonly #file: CsvFile;
  /** What stands now, by order. */
  readonly #standing = new Map<number, Quote>();

  constructor(path: string, instruments: readonly Instrument[]) {
    this.#instruments = instruments;
    this.#file = new CsvFile(path, QUOTE_COLUMNS);
  }

  onOrder(market: Market, order: Order, nowNs: number): void {
    this.note(market.index, order, nowNs);
  }

  onBook(): void {}
  onFill(): void {}
  onRequest(): void {}
  onFunding(): void {}

  /** The order's state as it is known at this local time. */
  note(market: number, order: Order, nowNs: number): void {
    const { id, state, priceTicks, openLots } = order;
    const quote = this.#standing.get(id);
    const isOver = state === OrderState.FILLED || state === OrderState.CANCELLED || state === OrderState.REJECTED;
    // While an amendment is under way the order still stands as it was.
    const isMoved = state === OrderState.LIVE && quote?.priceTicks !== priceTicks;
    if (!isOver && !isMoved) return;
    if (quote !== undefined) this.#write(id, quote, nowNs);
    if (isOver) this.#standing.delete(id);
    else this.#standing.set(id, { market, isBuy: order.side === Side.BUY, priceTicks, openLots, fromNs: nowNs });
  }

  /** The run is over: what still stands has stood until now. */
  finish(nowNs: number): void {
    for (const [id, quote] of this.#standing) this.#write(id, quote, nowNs);
    this.#file.close();
  }

  #write(id: number, { market, isBuy, priceTicks, openLots, fromNs }: Quote, toNs: number): void {
    const { price, size, symbol } = this.#instruments[market]!;
    const side = isBuy ? 'buy' : 'sell';
    this.#file.line([id, market, symbol, side, price.format(priceTicks), size.format(openLots), fromNs, toNs]);
  }
}

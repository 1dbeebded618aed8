/** An instrument as one strategy sees it: the local book, and the strategy's own part (`Market` of the strategy interface). */
import type { Book } from '../market/book.ts';
import type { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import type { Market, Order } from '../strategies/strategy.ts';
import type { Ledger } from '../trading/ledger.ts';
import type { Risk } from '../risk/risk.ts';
import type { OrderDesk } from '../trading/order-desk.ts';
import { BreakerState } from '../trading/risk-state.ts';
import type { LocalMarket } from './local-market.ts';
import { OrderView } from './views.ts';

export class MarketView implements Market {
  readonly index: number;
  readonly instrument: Instrument;
  readonly tickSize: number;
  readonly lotSize: number;
  readonly book: Book;
  readonly #local: LocalMarket;
  readonly #ledger: Ledger;
  readonly #desk: OrderDesk;
  readonly #strategy: number;
  readonly #order: OrderView;
  readonly #risk: Risk | undefined;

  constructor(local: LocalMarket, ledger: Ledger, desk: OrderDesk, strategy: number, risk: Risk | undefined) {
    this.#risk = risk;
    this.index = local.index;
    this.instrument = local.instrument;
    this.tickSize = local.instrument.price.toNumber(1);
    this.lotSize = local.instrument.size.toNumber(1);
    this.book = local.book;
    this.#local = local;
    this.#ledger = ledger;
    this.#desk = desk;
    this.#strategy = strategy;
    this.#order = new OrderView(desk);
  }

  get bidTicks(): number {
    return this.#local.bidTicks;
  }

  get askTicks(): number {
    return this.#local.askTicks;
  }

  get bidLots(): number {
    return this.book.bestSize(Side.BUY);
  }

  get askLots(): number {
    return this.book.bestSize(Side.SELL);
  }

  get midTicks(): number {
    return this.#local.midTicks;
  }

  get micropriceTicks(): number {
    return this.#local.micropriceTicks;
  }

  get lastTradeTicks(): number {
    return this.#local.lastTradeTicks;
  }

  get receivedNs(): number {
    return this.#local.receivedNs;
  }

  get venueNs(): number {
    return this.#local.venueNs;
  }

  get isReady(): boolean {
    return this.#local.isReady;
  }

  /** The venue's connection is there, as far as we were told. */
  get isConnected(): boolean {
    return this.#local.isConnected;
  }

  get breaker(): BreakerState {
    return this.#risk === undefined ? BreakerState.CLOSED : this.#risk.breakerAt(this.index);
  }

  get positionLots(): number {
    return this.#ledger.positionLots(this.index);
  }

  get entryTicks(): number {
    return this.#ledger.entryTicks(this.index);
  }

  get realisedPnl(): number {
    return this.#ledger.realised(this.index);
  }

  get unrealisedPnl(): number {
    this.mark();
    return this.#ledger.unrealised(this.index);
  }

  /** Values the position at the market as it is now. Done when somebody asks, not at each event. */
  mark(): void {
    this.#ledger.mark(this.index, this.#local.markTicks);
  }

  get orderCount(): number {
    return this.#desk.count(this.#strategy, this.index);
  }

  order(index: number): Order {
    let slot = this.#desk.firstSlot(this.#strategy, this.index);
    for (let i = 0; i < index; i++) slot = this.#desk.nextSlot(slot);
    return this.#order.of(slot);
  }
}

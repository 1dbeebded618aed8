/** What happens to an account, as the user data streams tell it: `executionReport` and `outboundAccountPosition`, on USD-M `ORDER_TRADE_UPDATE`. */
import { Reject } from '@quotewright/core/trading/records';
import type { ExchangeFill, ExchangeOrder, VenueExchange } from '../contract.ts';
import { difference } from '../decimals.ts';
import { averagePrice, moneyText, padded, priceText, sizeText } from './numbers.ts';
import { type OrderWords, sideWord } from './order-words.ts';

export type OrderChange = 'new' | 'rejected' | 'amended' | 'cancelled' | 'fill';

/** `e` is its name. */
export type UserEvent = Readonly<Record<string, unknown>> & { readonly e: string };

export class UserEvents {
  readonly #exchange: VenueExchange;
  readonly #isFutures: boolean;
  readonly #words: OrderWords;
  #executions = 0;

  constructor(exchange: VenueExchange, isFutures: boolean, words: OrderWords) {
    this.#exchange = exchange;
    this.#isFutures = isFutures;
    this.#words = words;
  }

  /** The events of a change, in order. */
  of(order: ExchangeOrder, change: OrderChange, fill: ExchangeFill | undefined): UserEvent[] {
    // What is refused at once is told in the answer alone.
    if (change === 'rejected' && order.reason !== Reject.FOK_UNFILLED) return [];
    const E = Math.floor(this.#exchange.nowMs());
    const report = this.#report(order, change, fill);
    if (this.#isFutures) return [{ e: 'ORDER_TRADE_UPDATE', T: report['T'], E, o: report }];
    const events: UserEvent[] = [{ e: 'executionReport', E, ...report }];
    if (change !== 'new' || order.filledLots > 0 || order.status === 'open') events.push(this.position(order.account));
    return events;
  }

  /** Spot: balances of everything that the account has. */
  position(account: string): UserEvent {
    const now = Math.floor(this.#exchange.nowMs());
    const B = this.#exchange.balances(account).map(({ currency, total, held }) => ({
      a: currency,
      f: padded(difference(total, held), false),
      l: padded(held, false),
    }));
    return { e: 'outboundAccountPosition', E: now, u: now, B };
  }

  #report(order: ExchangeOrder, change: OrderChange, fill: ExchangeFill | undefined): Record<string, unknown> {
    const instrument = this.#words.instrument(order);
    const client = this.#words.clientId(order);
    const isCancel = change === 'cancelled' && order.reason === Reject.REQUESTED;
    const isMine = this.#isFutures || !isCancel;
    const common = {
      s: instrument.symbol,
      c: isMine ? client : `cancel_${++this.#executions}`,
      S: sideWord(order.side),
      o: this.#words.type(order),
      f: this.#words.timeInForce(order),
      q: sizeText(instrument, order.sizeLots),
      p: priceText(instrument, order.priceTicks),
      x: this.#executionType(order, change),
      X: change === 'new' ? 'NEW' : this.#words.status(order),
      i: order.number,
      l: sizeText(instrument, fill?.sizeLots ?? 0),
      z: sizeText(instrument, change === 'new' ? 0 : order.filledLots),
      L: priceText(instrument, fill?.priceTicks),
      n: fill === undefined ? '0' : padded(fill.fee, this.#isFutures),
      N: fill === undefined ? null : fill.feeCurrency,
      T: this.#words.ms(fill?.ns ?? (change === 'new' ? order.placedNs : order.updatedNs)),
      t: fill?.number ?? (this.#isFutures ? 0 : -1),
      m: fill?.isMaker ?? false,
    };
    if (this.#isFutures) {
      return {
        ...common,
        ap: averagePrice(instrument, order),
        sp: '0',
        R: order.isReduceOnly,
        wt: 'CONTRACT_PRICE',
        ot: common.o,
        ps: 'BOTH',
        cp: false,
        rp: '0',
      };
    }
    return {
      ...common,
      P: '0.00000000',
      F: '0.00000000',
      g: -1,
      C: isCancel ? client : '',
      r: 'NONE',
      I: order.number,
      w: order.status === 'open',
      M: false,
      O: this.#words.ms(order.placedNs),
      Z: moneyText(instrument, change === 'new' ? 0n : order.filledAtoms),
      Y: moneyText(instrument, fill === undefined ? 0n : BigInt(fill.priceTicks) * BigInt(fill.sizeLots)),
      Q: '0.00000000',
      W: this.#words.ms(order.placedNs),
      V: 'EXPIRE_MAKER',
    };
  }

  #executionType(order: ExchangeOrder, change: OrderChange): string {
    if (change === 'new') return 'NEW';
    if (change === 'fill') return 'TRADE';
    if (change === 'amended') return this.#isFutures ? 'AMENDMENT' : 'REPLACED';
    if (order.reason === Reject.REQUESTED) return 'CANCELED';
    return order.reason === Reject.SELF_TRADE && !this.#isFutures ? 'TRADE_PREVENTION' : 'EXPIRED';
  }
}

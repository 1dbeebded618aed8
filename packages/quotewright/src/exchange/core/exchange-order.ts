/** An order at the exchange, and its fills, as faces see them. */
import type { Side } from '@quotewright/core/market/side';
import { decimalText } from '@quotewright/core/trading/money-text';
import { Reject } from '@quotewright/core/trading/records';
import type { ExchangeFill, ExchangeOrder, OrderTerms } from '../contract.ts';

export class OrderRecord implements ExchangeOrder {
  readonly account: string;
  readonly market: number;
  readonly side: Side;
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK';
  readonly isPostOnly: boolean;
  readonly isReduceOnly: boolean;
  readonly clientId: string;
  readonly number: number;
  readonly placedNs: number;
  readonly fills: ExchangeFill[] = [];
  bookNumber = 0;
  priceTicks: number | undefined;
  sizeLots: number;
  filledLots = 0;
  filledAtoms = 0n;
  /** Fee in units of the fee currency, and its decimals. */
  feeUnits = 0n;
  readonly feeDecimals: number;
  status: ExchangeOrder['status'] = 'open';
  reason: Reject = Reject.NONE;
  updatedNs: number;
  /** The price that it stands for in the book; of a market order the worst one that it takes. */
  limitTicks: number;
  /** What it holds of its owner's balance, in units. */
  held = 0n;

  constructor(terms: OrderTerms, number: number, nowNs: number, feeDecimals: number) {
    this.account = terms.account;
    this.market = terms.market;
    this.side = terms.side;
    this.priceTicks = terms.priceTicks;
    this.sizeLots = terms.sizeLots;
    this.timeInForce = terms.priceTicks === undefined ? 'IOC' : terms.timeInForce;
    this.isPostOnly = terms.isPostOnly;
    this.isReduceOnly = terms.isReduceOnly;
    this.clientId = terms.clientId;
    this.number = number;
    this.placedNs = nowNs;
    this.updatedNs = nowNs;
    this.limitTicks = terms.priceTicks ?? Number.NaN;
    this.feeDecimals = feeDecimals;
  }

  get feePaid(): string {
    return decimalText(this.feeUnits, this.feeDecimals);
  }

  get openLots(): number {
    return this.status === 'open' ? this.sizeLots - this.filledLots : 0;
  }
}

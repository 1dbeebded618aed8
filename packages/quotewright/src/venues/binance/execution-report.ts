/**
 * What the venue says of orders on its own: `executionReport` of spot's user data stream, `o` of `ORDER_TRADE_UPDATE` of USD-M, whose fields have
 * the same letters. Everything that happens to an order is taken from here alone; answers to requests only refuse.
 */
import { unixMsToNs } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { Reject, ReportKind } from '@quotewright/core/trading/records';
import { asDecimal, asInteger, asText, type JsonObject } from '../../data/json.ts';
import { executionNumber } from '../contract/client-ids.ts';
import type { OrderReportWriter, ReportedOrder } from '../order-reports.ts';
import { commissionPpb } from './commission.ts';
import type { OrderNames } from './order-names.ts';

export interface ExecutionSetup {
  readonly instruments: readonly Instrument[];
  readonly indices: readonly number[];
  readonly epochDay: number;
  readonly names: OrderNames;
  readonly reports: OrderReportWriter;
}

/** The number of an execution: the venue counts trades by symbol. */
export function tradeNumber(symbol: string, tradeId: string): number {
  return executionNumber(`${symbol}:${tradeId}`);
}

export class ExecutionReader {
  readonly #setup: ExecutionSetup;
  readonly #indexOf: ReadonlyMap<string, number>;
  /** Numbers of our orders that were sent, and of whose end nothing was told. */
  readonly #open = new Set<number>();

  constructor(setup: ExecutionSetup) {
    this.#setup = setup;
    this.#indexOf = new Map(setup.instruments.map(({ symbol }, i) => [symbol, i]));
  }

  /** No order of ours may stand, as far as is known. */
  get isNothingOpen(): boolean {
    return this.#open.size === 0;
  }

  /** A new order goes out. */
  sent(number: number): void {
    this.#open.add(number);
  }

  /** It was refused, or never went out. */
  refused(number: number): void {
    this.#open.delete(number);
  }

  /** @returns what cannot be read, '' when all was; of other instruments, and of others' orders but for their trades, nothing is told */
  take(report: JsonObject, localNs: number): string {
    const { instruments, indices, epochDay, names } = this.#setup;
    const symbol = asText(report['s']);
    const index = this.#indexOf.get(symbol);
    const side = sideOf(report['S']);
    const venueId = asDecimal(report['i']);
    if (index === undefined) return symbol === '' ? "no symbol 's'" : '';
    if (side === undefined || venueId === '') return "no side 'S', or no order number 'i'";
    // A cancel has a name of its own, and the order's is the original one.
    const clientId = asText(report['C']) || asText(report['c']);
    const isForeign = names.ids.number(clientId) === 0;
    // What somebody else trades in the account changes what we hold.
    if (isForeign && names.known(symbol, venueId) === undefined && report['x'] !== 'TRADE') return '';
    const number = names.known(symbol, venueId) ?? names.learn(symbol, venueId, clientId);
    const order: ReportedOrder = { number, market: indices[index]!, side };
    const status = asText(report['X']);
    if (status === 'NEW' || status === 'PARTIALLY_FILLED') this.#open.add(number);
    else this.#open.delete(number);
    return this.#report(instruments[index]!, order, report, unixMsToNs(asInteger(report['T']), epochDay), localNs);
  }

  #report(instrument: Instrument, order: ReportedOrder, report: JsonObject, venueNs: number, localNs: number): string {
    const { reports } = this.#setup;
    const sizeLots = instrument.size.parse(asText(report['q']));
    const doneLots = instrument.size.parse(asText(report['z']));
    const priceTicks = instrument.price.parse(asText(report['p']));
    if (!(sizeLots >= 0 && doneLots >= 0)) return "sizes 'q' and 'z' are not whole lots";
    const cutLots = Math.max(0, sizeLots - doneLots);
    const isWhole = priceTicks > 0 && sizeLots > 0;
    const unread = "no price 'p', or no size 'q'";
    switch (report['x']) {
      case 'NEW':
        if (!isWhole) return unread;
        reports.ack(order, priceTicks, sizeLots, venueNs, localNs);
        return '';
      case 'AMENDMENT':
        if (!isWhole) return unread;
        reports.amended(order, false, priceTicks, sizeLots, venueNs, localNs);
        return '';
      case 'TRADE':
      case 'CALCULATED':
        return this.#fill(instrument, order, report, venueNs, localNs);
      case 'CANCELED':
        reports.ended(ReportKind.CANCELLED, order, Reject.REQUESTED, cutLots, venueNs, localNs);
        return '';
      case 'TRADE_PREVENTION':
        if (report['X'] !== 'EXPIRED_IN_MATCH') return this.#decrement(instrument, order, report, venueNs, localNs);
        reports.ended(ReportKind.CANCELLED, order, endOf(report), cutLots, venueNs, localNs);
        return '';
      case 'EXPIRED':
        reports.ended(ReportKind.CANCELLED, order, endOf(report), cutLots, venueNs, localNs);
        return '';
      case 'REJECTED':
        reports.ended(ReportKind.REJECT, order, Reject.OTHER, 0, venueNs, localNs);
        return '';
      default:
        return `execution type '${asText(report['x'])}'`;
    }
  }

  /** Of an order that would have traded with another of the account, what would have is cut off (mode DECREMENT); the rest stands. */
  #decrement(
    instrument: Instrument,
    order: ReportedOrder,
    report: JsonObject,
    venueNs: number,
    localNs: number,
  ): string {
    const priceTicks = instrument.price.parse(asText(report['p']));
    const totalLots = instrument.size.parse(asText(report['q'])) - instrument.size.parse(asText(report['A']));
    if (!(priceTicks > 0 && totalLots > 0)) return "no price 'p', or no prevented quantity 'A'";
    this.#setup.reports.amended(order, true, priceTicks, totalLots, venueNs, localNs);
    return '';
  }

  #fill(instrument: Instrument, order: ReportedOrder, report: JsonObject, venueNs: number, localNs: number): string {
    const priceTicks = instrument.price.parse(asText(report['L']));
    const sizeLots = instrument.size.parse(asText(report['l']));
    const tradeId = asDecimal(report['t']);
    if (!(priceTicks > 0 && sizeLots > 0) || tradeId === '') return "no execution 'L', 'l', 't'";
    const isMaker = report['m'] === true;
    const fee = asText(report['n']) || '0';
    const ppb = commissionPpb(instrument, fee, asText(report['N']), priceTicks, sizeLots, isMaker);
    const execution = tradeNumber(instrument.symbol, tradeId);
    this.#setup.reports.fill(order, priceTicks, sizeLots, execution, ppb, isMaker, venueNs, localNs);
    return '';
  }
}

export function sideOf(value: unknown): Side | undefined {
  return value === 'BUY' ? Side.BUY : value === 'SELL' ? Side.SELL : undefined;
}

function endOf(report: JsonObject): Reject {
  if (report['X'] === 'EXPIRED_IN_MATCH' || report['x'] === 'TRADE_PREVENTION') return Reject.SELF_TRADE;
  const type = report['o'];
  if (report['f'] === 'GTX' || type === 'LIMIT_MAKER') return Reject.POST_ONLY_WOULD_TAKE;
  if (report['f'] === 'IOC') return Reject.UNFILLED_REST;
  if (report['f'] === 'FOK') return Reject.FOK_UNFILLED;
  return Reject.EXPIRED;
}

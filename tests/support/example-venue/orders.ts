/**
 * Our orders at Example: requests and what becomes of them over one private connection. What an answer does not say is not guessed: a message that
 * is missing by its number, or cannot be read, makes another connection, after which the session asks the account.
 */
import { unixMsToNs } from '@quotewright/core/base/time';
import { Field } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import {
  asInteger,
  asObject,
  asText,
  parseJson,
  type JsonObject,
} from '../../../packages/quotewright/src/data/json.ts';
import { ClientIds } from '../../../packages/quotewright/src/venues/contract/client-ids.ts';
import type { OrderGateway, OrdersSetup } from '../../../packages/quotewright/src/venues/contract/orders.ts';
import { KnownOrders, termsOf, type KnownOrder } from '../../../packages/quotewright/src/venues/known-orders.ts';
import { OrderReportWriter, type ReportedOrder } from '../../../packages/quotewright/src/venues/order-reports.ts';
import { ExampleAccount } from './account.ts';
import { errorOf } from './errors.ts';
import { executionOf } from './execution.ts';
import { COST } from './limits.ts';
import { signed } from './sign.ts';

/** Why the venue ended an order. */
const ENDS: Readonly<Record<string, Reject>> = {
  requested: Reject.REQUESTED,
  unfilled: Reject.UNFILLED_REST,
  'fill-or-kill': Reject.FOK_UNFILLED,
  'post-only': Reject.POST_ONLY_WOULD_TAKE,
  'self-trade': Reject.SELF_TRADE,
};

export class ExampleOrders implements OrderGateway {
  readonly url: string;
  isReady = false;
  readonly #setup: OrdersSetup;
  readonly #ids: ClientIds;
  readonly #reports: OrderReportWriter;
  readonly #orders = new KnownOrders();
  readonly #account: ExampleAccount;
  /** Cancels that are not answered, by our number of the order. */
  readonly #cancels = new Map<number, ReportedOrder>();
  #number = 0;

  constructor(setup: OrdersSetup) {
    this.#setup = setup;
    this.url = setup.addresses.orders;
    this.#ids = new ClientIds(setup.tag);
    this.#reports = new OrderReportWriter(setup.host.reports);
    this.#account = new ExampleAccount(setup, this.#ids);
  }

  /** A connection needs nothing that has to be fetched before. */
  async prepare(): Promise<void> {
    return Promise.resolve();
  }

  opened(): void {
    const { host, credentials } = this.#setup;
    this.#number = 0;
    host.send(JSON.stringify({ op: 'login', ...signed(credentials, 'login', host.nowMs()) }));
  }

  message(bytes: Uint8Array, nowNs: number): void {
    const { host } = this.#setup;
    const message = asObject(parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')));
    const type = asText(message?.['t']);
    if (message !== undefined && type === 'ready') {
      this.isReady = true;
      return host.tell({ type: 'ready', detail: '' });
    }
    if (message !== undefined && type === 'error') {
      const error = errorOf(asText(message['error']), asText(message['message']));
      host.tell({ type: 'refused', detail: error.message, error });
      return this.isReady ? undefined : host.reconnect(error.message);
    }
    // That a request has arrived says nothing that its outcome does not.
    if (type === 'taken') return;
    const number = asInteger(message?.['n']);
    if (number <= this.#number) return;
    if (message === undefined || number !== this.#number + 1) return this.#breakOff(`a message is missing: ${type}`);
    this.#number = number;
    if (!this.#event(type, message, nowNs)) this.#breakOff(`a message cannot be read: ${type}`);
  }

  closed(): void {
    this.isReady = false;
    // Whether these have arrived nobody knows.
    this.#cancels.clear();
  }

  /** Whoever holds the socket pings it. */
  poll(): void {
    return;
  }

  request(data: Float64Array, offset: number): void {
    const { host, budget, instruments, indices } = this.#setup;
    const kind = data[offset + Field.HEAD]! & 0xff;
    const terms = termsOf(data, offset);
    const isCancel = kind === RequestKind.CANCEL;
    const refusal = isCancel ? ReportKind.CANCEL_REJECT : ReportKind.REJECT;
    const refuse = (order: ReportedOrder, why: Reject): void =>
      this.#reports.ended(refusal, order, why, 0, Number.NaN, host.nowNs());
    if (kind === RequestKind.AMEND) {
      return this.#reports.ended(ReportKind.AMEND_REJECT, terms, Reject.OTHER, 0, Number.NaN, host.nowNs());
    }
    if (!this.isReady || !budget.take(COST, isCancel, host.nowMs())) return refuse(terms, Reject.OVERLOADED);
    const { symbol, price, size } = instruments[indices.indexOf(terms.market)]!;
    const name = this.#ids.text(terms.number);
    if (isCancel) {
      this.#cancels.set(terms.number, terms);
      const id = this.#account.foreign(terms.number);
      return host.send(JSON.stringify({ op: 'cancel', symbol, ...(id === undefined ? { name } : { id }) }));
    }
    const { side, priceTicks, sizeLots, flags } = terms;
    this.#orders.add(terms);
    const order = {
      op: 'new',
      symbol,
      name,
      side: side === Side.BUY ? 'buy' : 'sell',
      price: price.format(priceTicks),
      size: size.format(sizeLots),
      life: (flags & OrderFlag.IOC) !== 0 ? 'ioc' : (flags & OrderFlag.FOK) === 0 ? 'gtc' : 'fok',
      post: (flags & OrderFlag.POST_ONLY) !== 0,
    };
    host.send(JSON.stringify(order));
  }

  async cancelAll(): Promise<void> {
    return this.#account.cancelAll();
  }

  async account(sinceNs: number): Promise<VenueAccount> {
    return this.#account.read(sinceNs);
  }

  /** @returns false when it cannot be read */
  #event(type: string, message: JsonObject, nowNs: number): boolean {
    if (type === 'cancel-refused') return this.#cancelRefused(message, nowNs);
    // Of somebody else's orders we know those that the account has told of: we may have to cancel them.
    const number = this.#ids.number(asText(message['name'])) || this.#account.numberOf(asText(message['order']));
    if (number === 0) return true;
    const order = this.#orders.byNumber(number) ?? this.#inherited(number, message);
    const venueNs = unixMsToNs(asInteger(message['ms']), this.#setup.epochDay);
    if (order === undefined || Number.isNaN(venueNs)) return false;
    if (type === 'fill') return this.#fill(order, message, nowNs);
    if (type === 'open') this.#reports.ack(order, order.priceTicks, order.sizeLots, venueNs, nowNs);
    else if (type === 'refused') {
      const error = errorOf(asText(message['why']), asText(message['message']));
      this.#orders.end(order);
      this.#reports.ended(ReportKind.REJECT, order, error.reject, 0, venueNs, nowNs);
    } else if (type === 'ended') {
      const left = this.#instrument(order).size.parse(asText(message['left']));
      if (!(left >= 0)) return false;
      this.#orders.end(order);
      this.#cancels.delete(number);
      const why = ENDS[asText(message['why'])] ?? Reject.OTHER;
      this.#reports.ended(ReportKind.CANCELLED, order, why, left, venueNs, nowNs);
    } else return false;
    return true;
  }

  #fill(order: KnownOrder, message: JsonObject, nowNs: number): boolean {
    const { instruments, indices, epochDay } = this.#setup;
    const index = indices.indexOf(order.market);
    const fill = executionOf(instruments[index]!, order.market, order.number, message, epochDay);
    if (fill === undefined) return false;
    const { priceTicks, sizeLots, execution, feePpb, isMaker, venueNs } = fill;
    this.#reports.fill(order, priceTicks, sizeLots, execution, feePpb, isMaker, venueNs, nowNs);
    return true;
  }

  #cancelRefused(message: JsonObject, nowNs: number): boolean {
    const id = asText(message['id']);
    const number = id === '' ? this.#ids.number(asText(message['name'])) : this.#account.numberOf(id);
    const order = this.#cancels.get(number);
    this.#cancels.delete(number);
    if (order === undefined) return true;
    const error = errorOf(asText(message['why']), '');
    this.#reports.ended(ReportKind.CANCEL_REJECT, order, error.reject, 0, Number.NaN, nowNs);
    return true;
  }

  /** One of this session's process before: made of what the message says. */
  #inherited(number: number, message: JsonObject): KnownOrder | undefined {
    const { instruments, indices } = this.#setup;
    const index = instruments.findIndex(({ symbol }) => symbol === message['s']);
    if (index < 0) return undefined;
    const priceTicks = instruments[index]!.price.parse(asText(message['limit']));
    const sizeLots = instruments[index]!.size.parse(asText(message['total']));
    const side = message['side'] === 'buy' ? Side.BUY : Side.SELL;
    if (!(priceTicks > 0 && sizeLots > 0)) return undefined;
    return this.#orders.add({ number, market: indices[index]!, side, priceTicks, sizeLots, flags: 0 });
  }

  #instrument({ market }: ReportedOrder) {
    return this.#setup.instruments[this.#setup.indices.indexOf(market)]!;
  }

  /** What it said may have been an execution: the account is asked after another connection is made. */
  #breakOff(detail: string): void {
    const { host } = this.#setup;
    this.isReady = false;
    host.tell({ type: 'unreadable', detail });
    host.reconnect(detail);
  }
}

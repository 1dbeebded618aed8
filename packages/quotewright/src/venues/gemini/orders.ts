/**
 * Our orders at Gemini: placed and cancelled over REST, reported by the private order events. Answers of REST tell an order's id and
 * refusals; what becomes of it is told by the events alone, in their order. A cancel needs the venue's id, so one that comes before the
 * order is acknowledged waits for it. Without a request for 30 s the venue cancels the orders of keys that require heartbeats.
 * Source: docs.gemini.com, "New Order", "Cancel Order", "Cancel All Session Orders", "Heartbeat", "Order Events".
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { Field, headKind } from '@quotewright/core/market/event';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { asDecimal, isObject } from '../../data/json.ts';
import { answered } from '../answered.ts';
import { ClientIds, executionNumber, foreignNumber } from '../contract/client-ids.ts';
import type { OrderGateway, OrdersSetup } from '../contract/orders.ts';
import { feeRatePpb } from '../fee-rate.ts';
import { termsOf, type KnownOrder } from '../known-orders.ts';
import { OrderLife } from '../order-life.ts';
import { account } from './account.ts';
import { reasonOf, refusalOf } from './errors.ts';
import { EventReader, type OrderEvent } from './events.ts';
import { PRIVATE_COST } from './limits.ts';
import { callPrivate, type CallOptions } from './rest.ts';
import { signedHeaders, type SignedHeaders } from './sign.ts';

const EVENTS = '/v1/order/events';
/** Heartbeats of the connection come every five seconds. */
const SILENCE_NS = 15e9;
/** The venue waits for 30 s. */
const HEARTBEAT_NS = 12e9;
/** The budget was asked before, and the turn comes soon or not at all: an order that has to wait is of no use. */
const COUNTED: CallOptions = { cost: {}, turnMs: 2000 };

export class GeminiOrders implements OrderGateway {
  readonly url: string;
  headers: SignedHeaders = {};
  isReady = false;
  readonly #setup: OrdersSetup;
  readonly #ids: ClientIds;
  readonly #life: OrderLife;
  readonly #events = new EventReader();
  readonly #places: ReadonlyMap<number, number>;
  #isOpen = false;
  #heardNs = 0;
  #beatNs = 0;

  constructor(setup: OrdersSetup) {
    this.url = `${setup.addresses.orders}${EVENTS}?heartbeat=true`;
    this.#setup = setup;
    this.#ids = new ClientIds(setup.tag);
    this.#life = new OrderLife(setup.host);
    this.#places = new Map(setup.indices.map((market, place) => [market, place]));
  }

  prepare(): Promise<void> {
    const { credentials, host } = this.#setup;
    this.headers = signedHeaders(credentials, EVENTS, '', host.nowMs());
    return Promise.resolve();
  }

  opened(nowNs: number): void {
    this.#isOpen = true;
    this.#heardNs = nowNs;
    this.#events.reset();
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.#heardNs = nowNs;
    const { host } = this.#setup;
    const message = this.#events.read(bytes);
    if (message === undefined) {
      host.tell({ type: 'unreadable', detail: 'an order event cannot be read' });
      return host.reconnect('an order event cannot be read');
    }
    if (this.#events.hasGap) return host.reconnect('order events are missing');
    if (isEvents(message)) {
      for (const event of message) this.#event(event, nowNs);
    } else if (message['type'] === 'subscription_ack') {
      this.isReady = true;
      host.tell({ type: 'ready', detail: 'order events are subscribed' });
      // The first heartbeat goes at once, before any order: the venue counts from there.
      this.#beat();
    } else if (message['result'] === 'error') {
      const error = refusalOf(message, 400);
      host.tell({ type: 'refused', detail: error.message, error });
    }
  }

  closed(): void {
    this.#isOpen = false;
    this.isReady = false;
  }

  poll(nowNs: number): void {
    const { host } = this.#setup;
    if (!this.#isOpen) return;
    if (nowNs - this.#heardNs > SILENCE_NS) {
      this.#heardNs = nowNs;
      return host.reconnect('nothing was heard for 15 s, and heartbeats come every 5 s');
    }
    if (!this.isReady || nowNs - this.#beatNs < HEARTBEAT_NS) return;
    this.#beat();
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    const kind = headKind(data[offset + Field.HEAD]!);
    if (kind === RequestKind.NEW) this.#new(data, offset, nowNs);
    else if (kind === RequestKind.CANCEL) this.#cancel(data, offset, nowNs);
    else {
      // The venue cannot amend, and the engine is told so: it never asks.
      this.#life.reports.ended(ReportKind.AMEND_REJECT, termsOf(data, offset), Reject.OTHER, 0, Number.NaN, nowNs);
    }
  }

  async cancelAll(): Promise<void> {
    await this.#call('/v1/order/cancel/session', '', { isCancel: true });
  }

  async account(sinceNs: number): Promise<VenueAccount> {
    const { instruments, indices, markets, epochDay } = this.#setup;
    const setup = {
      instruments,
      indices,
      markets,
      epochDay,
      ask: (path: string, fields: string) => this.#call(path, fields),
      numberOf: (venueId: string, clientId: string) => this.#numberOf(venueId, clientId),
    };
    return account(setup, sinceNs, (order, venueId) => {
      const ours = this.#life.seen(order, venueId);
      if (ours !== undefined) this.#named(ours, venueId);
    });
  }

  #new(data: Float64Array, offset: number, nowNs: number): void {
    const terms = termsOf(data, offset);
    const instrument = this.#instrument(terms.market);
    const order = this.#life.known.add(terms);
    if (!this.isReady || !this.#setup.budget.take(PRIVATE_COST, false, this.#setup.host.nowMs())) {
      return this.#life.refuse(order, Reject.OVERLOADED, nowNs);
    }
    const side = terms.side === Side.BUY ? 'buy' : 'sell';
    const price = instrument.price.format(terms.priceTicks);
    const amount = instrument.size.format(terms.sizeLots);
    const fields =
      `,"client_order_id":"${this.#ids.text(terms.number)}","symbol":"${instrument.symbol}","amount":"${amount}"` +
      `,"price":"${price}","side":"${side}","type":"exchange limit"${optionOf(terms.flags)}`;
    answered(
      this.#setup.host,
      this.#call('/v1/order/new', fields, COUNTED),
      (answer) => this.#placed(order, answer),
      (error) => this.#life.notPlaced(order, error),
    );
  }

  #placed(order: KnownOrder, answer: unknown): void {
    const venueId = isObject(answer) ? asDecimal(answer['order_id']) : '';
    // Without events an acknowledgement is no good: what follows would not be seen. The account tells.
    if (venueId === '' || !this.isReady) return;
    this.#named(order, venueId);
    const nowNs = this.#setup.host.nowNs();
    this.#life.ack(order, nowNs, nowNs);
    this.#setup.host.flush();
  }

  #cancel(data: Float64Array, offset: number, nowNs: number): void {
    const terms = termsOf(data, offset);
    const order = this.#life.known.byNumber(terms.number);
    if (order === undefined || order.hasEnded) {
      this.#life.reports.ended(ReportKind.CANCEL_REJECT, order ?? terms, Reject.UNKNOWN_ORDER, 0, Number.NaN, nowNs);
    } else if (order.venueId === '') order.isCancelDue = true;
    else this.#sendCancel(order);
  }

  #sendCancel(order: KnownOrder): void {
    const { host } = this.#setup;
    const refuse = (reason: Reject): void => this.#life.refuseCancel(order, reason, host.nowNs());
    if (!this.#setup.budget.take(PRIVATE_COST, true, host.nowMs())) return refuse(Reject.OVERLOADED);
    answered(
      host,
      this.#call('/v1/order/cancel', `,"order_id":${order.venueId}`, { isCancel: true, ...COUNTED }),
      // The events tell when it has ended, and how much of it was filled.
      () => undefined,
      (error) => {
        this.#life.tell(error);
        if (!error.mayHaveArrived) refuse(error.reject);
        host.flush();
      },
    );
  }

  #event(event: OrderEvent, nowNs: number): void {
    const order =
      this.#life.known.byVenueId(event.venueId) ?? this.#life.known.byNumber(this.#ids.number(event.clientId));
    // Somebody else's order: the account tells of it, and from then on it is known.
    if (order === undefined) return;
    this.#named(order, event.venueId);
    if (event.type === 'accepted' || event.type === 'booked' || event.type === 'initial')
      this.#life.ack(order, nowNs, nowNs);
    else if (event.type === 'fill') this.#fill(order, event, nowNs);
    else if (event.type === 'rejected') this.#life.refuse(order, reasonOf(event.reason), nowNs);
    else if (event.type === 'cancelled' || event.type === 'closed') this.#cancelled(order, event, nowNs);
    else if (event.type === 'cancel_rejected') {
      this.#life.reports.ended(ReportKind.CANCEL_REJECT, order, reasonOf(event.reason), 0, Number.NaN, nowNs);
    } else this.#setup.host.reconnect(`an order event of a type that is not known: '${event.type.slice(0, 40)}'`);
  }

  /** The times in events are the order's own, from when it was placed: the execution's is ours. */
  #fill(order: KnownOrder, { fill }: OrderEvent, nowNs: number): void {
    const instrument = this.#instrument(order.market);
    const priceTicks = fill === undefined ? Number.NaN : instrument.price.parse(fill.price);
    const sizeLots = fill === undefined ? Number.NaN : instrument.size.parse(fill.amount);
    const feePpb = fill === undefined ? Number.NaN : feeRatePpb(fill.fee, instrument, priceTicks, sizeLots);
    if (fill === undefined || fill.tradeId === '' || !(priceTicks > 0 && sizeLots > 0) || Number.isNaN(feePpb)) {
      // Not booked in part: the account, asked after the reconnection, has it.
      return this.#setup.host.reconnect('a fill cannot be read');
    }
    this.#life.ack(order, nowNs, nowNs);
    const execution = executionNumber(fill.tradeId);
    this.#life.reports.fill(order, priceTicks, sizeLots, execution, feePpb, fill.isMaker, nowNs, nowNs);
  }

  /** It has ended: with something left, or as the end of one that was filled. */
  #cancelled(order: KnownOrder, event: OrderEvent, nowNs: number): void {
    const cutLots = this.#instrument(order.market).size.parse(event.remainingAmount);
    if (!(cutLots >= 0)) return this.#setup.host.reconnect('the end of an order cannot be read');
    if (!this.#life.known.end(order) || (cutLots === 0 && event.type === 'closed')) return;
    this.#life.reports.ended(ReportKind.CANCELLED, order, reasonOf(event.reason), cutLots, nowNs, nowNs);
  }

  #named(order: KnownOrder, venueId: string): void {
    if (!this.#life.known.name(order, venueId) || !order.isCancelDue) return;
    order.isCancelDue = false;
    this.#sendCancel(order);
  }

  #numberOf(venueId: string, clientId: string): number {
    return this.#life.known.byVenueId(venueId)?.number ?? (this.#ids.number(clientId) || foreignNumber(venueId));
  }

  #instrument(market: number): Instrument {
    return this.#setup.instruments[this.#places.get(market)!]!;
  }

  #beat(): void {
    answered(
      this.#setup.host,
      this.#call('/v1/heartbeat', ''),
      () => undefined,
      (error) => this.#setup.host.tell({ type: 'notice', detail: 'the heartbeat failed', error }),
    );
  }

  async #call(path: string, fields: string, options?: CallOptions): Promise<unknown> {
    const { rest, credentials, host } = this.#setup;
    this.#beatNs = host.nowNs();
    return callPrivate(rest, credentials, path, fields, options);
  }
}

function isEvents(message: object): message is readonly OrderEvent[] {
  return Array.isArray(message);
}

/** The option of an order, of which the venue takes one. */
function optionOf(flags: number): string {
  if ((flags & OrderFlag.FOK) !== 0) return ',"options":["fill-or-kill"]';
  if ((flags & OrderFlag.IOC) !== 0) return ',"options":["immediate-or-cancel"]';
  return (flags & OrderFlag.POST_ONLY) === 0 ? '' : ',"options":["maker-or-cancel"]';
}

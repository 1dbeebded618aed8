/**
 * Our orders at Bitstamp: placed and cancelled over REST, reported by the private channels of each market (`my_orders`, `my_trades`). Answers of
 * REST tell an order's id and refusals; fills come from the trades alone, the ends of orders from their own events. A cancel needs the
 * venue's id, so one that comes before the order is acknowledged waits for it. The venue's `replace_order` is a cancel and a new order
 * under another id and another place in the queue: the engine does the same by itself and knows both, so amendments are not offered.
 * Source: www.bitstamp.net/api ("Buy limit order", "Cancel order", "Cancel all orders", "Websockets token"), www.bitstamp.net/websocket/v2.
 */
import { parseIsoNs } from '@quotewright/core/base/time';
import { Field, headKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { asDecimal, asText, isObject } from '../../data/json.ts';
import { answered } from '../answered.ts';
import { ClientIds, executionNumber, foreignNumber } from '../contract/client-ids.ts';
import type { OrderGateway, OrdersSetup } from '../contract/orders.ts';
import { VenueError } from '../contract/venue-error.ts';
import { feeRatePpb } from '../fee-rate.ts';
import { termsOf, type KnownOrder } from '../known-orders.ts';
import { OrderLife } from '../order-life.ts';
import { account } from './account.ts';
import { readEvent, type PrivateEvent } from './events.ts';
import { wasMaker } from './liquidity.ts';
import { COST } from './limits.ts';
import { callPrivate } from './rest.ts';

const HEARTBEAT_NS = 10e9;
const SILENCE_NS = 25e9;
const READY_WITHIN_NS = 10e9;
/** Numbers of orders that were asked for are remembered, so many at most. */
const MOST_ASKED = 10_000;

export class BitstampOrders implements OrderGateway {
  readonly url: string;
  readonly #setup: OrdersSetup;
  readonly #ids: ClientIds;
  readonly #life: OrderLife;
  readonly #places: ReadonlyMap<number, number>;
  /** Channels that are not confirmed yet. */
  readonly #awaited = new Set<string>();
  /** Our number by the venue's id, of orders that only the venue could tell of. */
  readonly #asked = new Map<string, number>();
  #token = '';
  #user = '';
  #isOpen = false;
  #heardNs = 0;
  #beatNs = 0;
  #openedNs = 0;

  constructor(setup: OrdersSetup) {
    this.url = setup.addresses.orders;
    this.#setup = setup;
    this.#ids = new ClientIds(setup.tag);
    this.#life = new OrderLife(setup.host);
    this.#places = new Map(setup.indices.map((market, place) => [market, place]));
  }

  get isReady(): boolean {
    return this.#isOpen && this.#awaited.size === 0;
  }

  async prepare(): Promise<void> {
    const answer = await this.#call('/api/v2/websockets_token/', '');
    this.#token = isObject(answer) ? asText(answer['token']) : '';
    this.#user = isObject(answer) ? asDecimal(answer['user_id']) : '';
    if (this.#token === '' || this.#user === '') {
      throw new VenueError({
        venue: 'bitstamp',
        code: 'UNREADABLE',
        text: 'websockets_token: no token, or no user_id',
      });
    }
  }

  opened(nowNs: number): void {
    const { host, instruments } = this.#setup;
    this.#isOpen = true;
    this.#heardNs = nowNs;
    this.#beatNs = nowNs;
    this.#openedNs = nowNs;
    this.#awaited.clear();
    for (const { symbol } of instruments) {
      for (const kind of ['orders', 'trades']) {
        const channel = `private-my_${kind}_${symbol}-${this.#user}`;
        this.#awaited.add(channel);
        host.send(JSON.stringify({ event: 'bts:subscribe', data: { channel, auth: this.#token } }));
      }
    }
    this.#token = '';
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.#heardNs = nowNs;
    const { host, epochDay } = this.#setup;
    const event = readEvent(bytes, epochDay);
    if (event === undefined) {
      host.tell({ type: 'unreadable', detail: 'a private event cannot be read' });
      return host.reconnect('a private event cannot be read');
    }
    if (event.event === 'bts:subscription_succeeded') this.#subscribed(event.channel);
    else if (event.event === 'bts:request_reconnect') host.reconnect('the venue asks for another connection');
    else if (event.event === 'bts:error') host.tell({ type: 'refused', detail: event.message.slice(0, 300) });
    else if (event.symbol !== '') this.#event(event, nowNs);
  }

  closed(): void {
    this.#isOpen = false;
    this.#awaited.clear();
  }

  poll(nowNs: number): void {
    const { host } = this.#setup;
    if (!this.#isOpen) return;
    if (nowNs - this.#heardNs > SILENCE_NS) {
      this.#heardNs = nowNs;
      return host.reconnect('nothing was heard for 25 s, and heartbeats are asked for every 10 s');
    }
    if (this.#awaited.size > 0 && nowNs - this.#openedNs > READY_WITHIN_NS) {
      this.#openedNs = nowNs;
      return host.reconnect('the private channels were not confirmed within 10 s');
    }
    if (nowNs - this.#beatNs < HEARTBEAT_NS) return;
    this.#beatNs = nowNs;
    host.send('{"event":"bts:heartbeat"}');
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    const kind = headKind(data[offset + Field.HEAD]!);
    if (kind === RequestKind.NEW) this.#new(data, offset, nowNs);
    else if (kind === RequestKind.CANCEL) this.#cancel(data, offset, nowNs);
    else this.#life.reports.ended(ReportKind.AMEND_REJECT, termsOf(data, offset), Reject.OTHER, 0, Number.NaN, nowNs);
  }

  async cancelAll(): Promise<void> {
    for (const { symbol } of this.#setup.instruments) {
      await this.#call(`/api/v2/cancel_all_orders/${symbol}/`, '', true);
    }
  }

  async account(sinceNs: number): Promise<VenueAccount> {
    const { instruments, indices, markets, epochDay } = this.#setup;
    const setup = {
      instruments,
      indices,
      markets,
      epochDay,
      ask: (path: string, body: string) => this.#call(path, body),
      numberOf: (venueId: string, clientId: string | undefined) => this.#numberOf(venueId, clientId),
      isMaker: (venueId: string, venueNs: number) => wasMaker(this.#life.known.byVenueId(venueId), venueNs),
    };
    return account(setup, sinceNs, (order, venueId) => {
      const ours = this.#life.seen(order, venueId);
      if (ours !== undefined) this.#named(ours, venueId);
    });
  }

  #new(data: Float64Array, offset: number, nowNs: number): void {
    const terms = termsOf(data, offset);
    const { price, size, symbol } = this.#instrument(terms.market);
    const order = this.#life.known.add(terms);
    const { host, budget } = this.#setup;
    if (!this.isReady || !budget.take(COST, false, host.nowMs())) {
      return this.#life.refuse(order, Reject.OVERLOADED, nowNs);
    }
    const body =
      `amount=${size.format(terms.sizeLots)}&price=${price.format(terms.priceTicks)}` +
      `&client_order_id=${this.#ids.text(terms.number)}${optionOf(terms.flags)}`;
    answered(
      host,
      this.#call(`/api/v2/${terms.side === Side.BUY ? 'buy' : 'sell'}/${symbol}/`, body, false, {}),
      (answer) => this.#placed(order, answer),
      (error) => this.#life.notPlaced(order, error),
    );
  }

  #placed(order: KnownOrder, answer: unknown): void {
    const venueId = isObject(answer) ? asDecimal(answer['id']) : '';
    // Without events an acknowledgement is no good: what follows would not be seen. The account tells.
    if (!isObject(answer) || venueId === '' || !this.isReady) return;
    if (Number.isNaN(order.placedNs)) order.placedNs = parseIsoNs(asText(answer['datetime']), this.#setup.epochDay);
    this.#named(order, venueId);
    this.#life.ack(order, order.placedNs, this.#setup.host.nowNs());
    this.#setup.host.flush();
  }

  #cancel(data: Float64Array, offset: number, nowNs: number): void {
    const terms = termsOf(data, offset);
    const order = this.#life.known.byNumber(terms.number);
    if (order === undefined || order.hasEnded) {
      this.#life.reports.ended(ReportKind.CANCEL_REJECT, order ?? terms, Reject.UNKNOWN_ORDER, 0, Number.NaN, nowNs);
      return;
    }
    const isNamed = order.venueId !== '';
    order.isCancelDue = true;
    if (isNamed) this.#sendCancel(order);
  }

  #sendCancel(order: KnownOrder): void {
    const { host } = this.#setup;
    const refuse = (reason: Reject): void => {
      if (!order.hasEnded) order.isCancelDue = false;
      this.#life.refuseCancel(order, reason, host.nowNs());
    };
    if (!this.#setup.budget.take(COST, true, host.nowMs())) return refuse(Reject.OVERLOADED);
    answered(
      host,
      this.#call('/api/v2/cancel_order/', `id=${order.venueId}`, true, {}),
      // The channel tells when it has ended, and how much of it was filled.
      () => undefined,
      (error) => {
        this.#life.tell(error);
        if (!error.mayHaveArrived) refuse(error.reject);
        host.flush();
      },
    );
  }

  #subscribed(channel: string): void {
    if (!this.#awaited.delete(channel) || this.#awaited.size > 0) return;
    this.#setup.host.tell({ type: 'ready', detail: 'private channels are subscribed' });
  }

  #event(event: PrivateEvent, nowNs: number): void {
    const order =
      this.#life.known.byVenueId(event.venueId) ?? this.#life.known.byNumber(this.#ids.number(event.clientId));
    // Somebody else's order: the account tells of it, and from then on it is known.
    if (order === undefined) return;
    if (event.event === 'trade') return this.#fill(order, event, nowNs);
    if (event.event === 'order_created') order.placedNs = event.venueNs;
    this.#named(order, event.venueId);
    if (event.event === 'order_deleted') this.#deleted(order, event, nowNs);
    else if (event.event === 'order_created' || event.event === 'order_changed')
      this.#life.ack(order, event.venueNs, nowNs);
    else this.#setup.host.reconnect(`an event of an order that is not known: '${event.event.slice(0, 40)}'`);
  }

  #fill(order: KnownOrder, { venueId, price, amount, fee, tradeId, venueNs }: PrivateEvent, nowNs: number): void {
    const instrument = this.#instrument(order.market);
    const priceTicks = instrument.price.parse(price);
    const sizeLots = instrument.size.parse(amount);
    const feePpb = feeRatePpb(fee, instrument, priceTicks, sizeLots);
    if (tradeId === '' || !(priceTicks > 0 && sizeLots > 0) || Number.isNaN(feePpb + venueNs)) {
      // Not booked in part: the account, asked after the reconnection, has it.
      return this.#setup.host.reconnect('a trade of ours cannot be read');
    }
    const isMaker = wasMaker(order, venueNs);
    this.#named(order, venueId);
    this.#life.ack(order, venueNs, nowNs);
    this.#life.reports.fill(order, priceTicks, sizeLots, executionNumber(tradeId), feePpb, isMaker, venueNs, nowNs);
  }

  /** What is left of it is cut off; nothing is when it was filled, which its trades tell. */
  #deleted(order: KnownOrder, { amount, venueNs }: PrivateEvent, nowNs: number): void {
    const left = this.#instrument(order.market).size.parse(amount);
    if (!(left >= 0)) return this.#setup.host.reconnect('the end of an order cannot be read');
    if (!this.#life.known.end(order) || left === 0) return;
    this.#life.reports.ended(ReportKind.CANCELLED, order, endOf(order), left, venueNs, nowNs);
  }

  #named(order: KnownOrder, venueId: string): void {
    if (this.#life.known.name(order, venueId) && order.isCancelDue) this.#sendCancel(order);
  }

  async #numberOf(venueId: string, clientId: string | undefined): Promise<number> {
    const number = this.#life.known.byVenueId(venueId)?.number ?? this.#asked.get(venueId);
    if (number !== undefined) return number;
    const found = this.#ids.number(clientId ?? (await this.#clientIdOf(venueId))) || foreignNumber(venueId);
    if (this.#asked.size >= MOST_ASKED) this.#asked.clear();
    this.#asked.set(venueId, found);
    return found;
  }

  /** '' when the venue does not know it any more. */
  async #clientIdOf(venueId: string): Promise<string> {
    try {
      const answer = await this.#call('/api/v2/order_status/', `id=${venueId}&omit_transactions=true`);
      return isObject(answer) ? asText(answer['client_order_id']) : '';
    } catch (error) {
      if (error instanceof VenueError && error.code === 'UNKNOWN_ORDER') return '';
      throw error;
    }
  }

  #instrument(market: number): Instrument {
    return this.#setup.instruments[this.#places.get(market)!]!;
  }

  async #call(path: string, body: string, isCancel = false, cost?: Readonly<Record<string, number>>): Promise<unknown> {
    const { rest, credentials } = this.#setup;
    return callPrivate(rest, credentials, path, body, isCancel, cost);
  }
}

function optionOf(flags: number): string {
  if ((flags & OrderFlag.FOK) !== 0) return '&fok_order=True';
  if ((flags & OrderFlag.IOC) !== 0) return '&ioc_order=True';
  return (flags & OrderFlag.POST_ONLY) === 0 ? '' : '&moc_order=True';
}

/** Why an order ended with something left, which the venue does not tell. */
function endOf({ isCancelDue, flags }: KnownOrder): Reject {
  if (isCancelDue) return Reject.REQUESTED;
  if ((flags & OrderFlag.FOK) !== 0) return Reject.FOK_UNFILLED;
  if ((flags & OrderFlag.IOC) !== 0) return Reject.UNFILLED_REST;
  return (flags & OrderFlag.POST_ONLY) === 0 ? Reject.REQUESTED : Reject.POST_ONLY_WOULD_TAKE;
}

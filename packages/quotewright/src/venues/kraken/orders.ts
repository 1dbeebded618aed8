/**
 * Our orders at Kraken: requests over the private WebSocket v2, what becomes of them over its executions channel.
 *
 * EVIDENCE. An answer says that a request was taken, the channel says what has happened: an order is acknowledged when it is live (`new`),
 * and one that ends before was refused (post-only that would take). The channel's messages are numbered: one that is missing breaks the
 * connection off, one that comes twice is passed over. Its snapshot at subscription tells of open orders and of the last fifty fills.
 *
 * CANCEL ON DISCONNECT. `cancel_all_orders_after` is renewed while we live; when we do not, the venue cancels all orders of the account, also
 * those of others in it.
 * Source: docs.kraken.com/exchange/api-reference/spot-websocket-v2 (executions, add_order, amend_order, cancel_order, cancel_after).
 */
import { Field, headFlags, headInstrument, headKind } from '@quotewright/core/market/event';
import { NS_PER_SECOND, parseIsoNs } from '@quotewright/core/base/time';
import { Side } from '@quotewright/core/market/side';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { redactor } from '../../audit/redactor.ts';
import { asList, asObject, asText, type JsonObject } from '../../data/json.ts';
import { ClientIds, executionNumber } from '../contract/client-ids.ts';
import type { OrderGateway, OrdersSetup } from '../contract/orders.ts';
import { VenueError } from '../contract/venue-error.ts';
import { OrderReportWriter } from '../order-reports.ts';
import { KrakenAccount } from './account.ts';
import { RequestEncoder } from './encode.ts';
import { venueError } from './errors.ts';
import { exactText, parseExact } from './exact-json.ts';
import { reportedFeePpb } from './fees.ts';
import { ADD_COST, amendCost, cancelCost, PairRate } from './limits.ts';
import { ownOrder, OwnOrders, type OwnOrder, type Pending } from './own-orders.ts';
import { callPrivate } from './rest.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS, ORDER_ID } = Field;
const PING_NS = 5 * NS_PER_SECOND;
const SILENCE_NS = 10 * NS_PER_SECOND;
const LOGIN_NS = 10 * NS_PER_SECOND;
/** Orders are cancelled so long after we were heard last, which we are more often. */
const GRACE_SECONDS = 30;
const RENEWAL_NS = 10 * NS_PER_SECOND;

/** What says nothing that another report, or the answer to a request, does not say. */
const SILENT: ReadonlySet<string> = new Set(['pending_new', 'amended', 'status', 'iceberg_refill']);
/** Why the venue ended an order. */
const REASONS: readonly (readonly [part: string, reason: Reject])[] = [
  ['User requested', Reject.REQUESTED],
  ['Post only', Reject.POST_ONLY_WOULD_TAKE],
  ['Time in force', Reject.UNFILLED_REST],
  ['Immediate', Reject.UNFILLED_REST],
  ['Self trade', Reject.SELF_TRADE],
  ['Reduce only', Reject.REDUCE_ONLY],
  ['Out of funds', Reject.INSUFFICIENT_BALANCE],
  ['Insufficient', Reject.INSUFFICIENT_BALANCE],
  ['Expired', Reject.EXPIRED],
];

export class KrakenOrders implements OrderGateway {
  readonly url: string;
  readonly #setup: OrdersSetup;
  readonly #ids: ClientIds;
  readonly #encoder: RequestEncoder;
  readonly #reports: OrderReportWriter;
  readonly #account: KrakenAccount;
  readonly #orders = new OwnOrders();
  readonly #pending = new Map<number, Pending>();
  readonly #rates: readonly PairRate[];
  /** The venue's ids of orders that are not ours, by the number that we have given them. */
  readonly #foreign = new Map<number, string>();
  #token = '';
  #isReady = false;
  #isOpen = false;
  #openedNs = 0;
  #heardNs = 0;
  #pingedNs = 0;
  #renewedNs = 0;
  #requests = 0;
  #sequence = Number.NaN;

  constructor(setup: OrdersSetup) {
    const { addresses, instruments, tag, host } = setup;
    this.#setup = setup;
    this.url = addresses.orders;
    this.#ids = new ClientIds(tag);
    this.#encoder = new RequestEncoder(instruments, tag);
    this.#reports = new OrderReportWriter(host.reports);
    this.#account = new KrakenAccount({
      ...setup,
      ids: this.#ids,
      numberOf: (venueId) => this.#orders.ofVenue(venueId)?.number ?? 0,
    });
    this.#rates = instruments.map(() => new PairRate());
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  async prepare(): Promise<void> {
    const { rest, credentials } = this.#setup;
    const result = asObject(await callPrivate(rest, credentials, { page: 'GetWebSocketsToken' }));
    const token = asText(result?.['token']);
    if (token === '')
      throw new VenueError({ venue: 'kraken', code: 'UNREADABLE', text: 'GetWebSocketsToken: no token' });
    redactor.register(token);
    this.#token = token;
    this.#encoder.setToken(token);
  }

  opened(nowNs: number): void {
    this.#isOpen = true;
    this.#openedNs = nowNs;
    this.#heardNs = nowNs;
    this.#pingedNs = nowNs;
    this.#sequence = Number.NaN;
    this.#say('subscribe', { channel: 'executions', snap_orders: true, snap_trades: true, ratecounter: true });
    this.#renew(nowNs);
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.#heardNs = nowNs;
    const message = parseExact(bytes);
    if (message === undefined) return this.#breakOff('a message that is no JSON', 'unreadable');
    const channel = asText(message['channel']);
    if (channel === 'executions') this.#executions(message, nowNs);
    else if (channel === '') this.#answer(message, nowNs);
  }

  closed(_nowNs: number): void {
    this.#isOpen = false;
    this.#isReady = false;
    // Whether these have arrived nobody knows.
    this.#pending.clear();
  }

  poll(nowNs: number): void {
    if (!this.#isOpen) return;
    if (nowNs - this.#heardNs > SILENCE_NS) return this.#breakOff('nothing was heard for ten seconds', 'notice');
    if (!this.#isReady && nowNs - this.#openedNs > LOGIN_NS) return this.#breakOff('no executions', 'notice');
    if (nowNs - this.#heardNs > PING_NS && nowNs - this.#pingedNs > PING_NS) {
      this.#pingedNs = nowNs;
      this.#setup.host.send('{"method":"ping"}');
    }
    if (nowNs - this.#renewedNs > RENEWAL_NS) this.#renew(nowNs);
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    const head = data[offset + HEAD]!;
    const market = headInstrument(head);
    const instrument = this.#setup.indices.indexOf(market);
    const flags = headFlags(head);
    const number = data[offset + ORDER_ID]!;
    const side = (flags & OrderFlag.BUY) === 0 ? Side.SELL : Side.BUY;
    const priceTicks = data[offset + PRICE_TICKS]!;
    const sizeLots = data[offset + SIZE_LOTS]!;
    const kind = headKind(head);
    if (kind === RequestKind.NEW) {
      const order = ownOrder({ number, instrument, market, side, priceTicks, sizeLots }, nowNs);
      return this.#new(order, flags, nowNs);
    }
    const known = this.#orders.of(number);
    const order = known ?? ownOrder({ number, instrument, market, side, priceTicks: 0, sizeLots: 0 }, nowNs);
    if (kind === RequestKind.CANCEL) this.#cancel(order, nowNs);
    else this.#amend(order, (flags & OrderFlag.POST_ONLY) !== 0, priceTicks, sizeLots, nowNs);
  }

  closing(nowNs: number): void {
    if (this.#orders.areFinished) this.#renew(nowNs, 0);
  }

  async cancelAll(): Promise<void> {
    const open = await this.#account.open(true);
    await this.#account.cancel(open.map(({ venueId }) => venueId));
  }

  async account(sinceNs: number): Promise<VenueAccount> {
    const { account, open } = await this.#account.account(sinceNs);
    this.#foreign.clear();
    for (const { orderId, venueId, isOurs } of open) if (!isOurs) this.#foreign.set(orderId, venueId);
    return account;
  }

  #new(order: OwnOrder, flags: number, nowNs: number): void {
    const { number, instrument, priceTicks, sizeLots } = order;
    const refuse = (why: Reject) => this.#refuse(ReportKind.REJECT, order, why, nowNs);
    if (!(priceTicks > 0)) return refuse(Reject.BAD_PRICE);
    if (!(sizeLots > 0)) return refuse(Reject.BAD_SIZE);
    // The venue has nothing of the kind.
    if ((flags & OrderFlag.FOK) !== 0) return refuse(Reject.FOK_UNFILLED);
    if (!this.#isReady || !this.#rates[instrument]!.take(ADD_COST, false, nowNs)) return refuse(Reject.OVERLOADED);
    this.#orders.add(order);
    const request = this.#await({ type: 'new', order });
    this.#setup.host.send(this.#encoder.add(instrument, number, flags, priceTicks, sizeLots, request));
  }

  #cancel(order: OwnOrder, nowNs: number): void {
    const refuse = (why: Reject) => this.#refuse(ReportKind.CANCEL_REJECT, order, why, nowNs);
    if (order.isFinished) return refuse(Reject.UNKNOWN_ORDER);
    const cost = cancelCost(nowNs - order.touchedNs);
    if (!this.#isReady || !this.#rates[order.instrument]!.take(cost, true, nowNs)) return refuse(Reject.OVERLOADED);
    const request = this.#await({ type: 'cancel', order });
    const venueId = this.#foreign.get(order.number);
    const encoder = this.#encoder;
    this.#setup.host.send(
      venueId === undefined ? encoder.cancel(order.number, request) : encoder.cancelByVenueId(venueId, request),
    );
  }

  #amend(order: OwnOrder, isPostOnly: boolean, priceTicks: number, sizeLots: number, nowNs: number): void {
    const refuse = (why: Reject) => this.#refuse(ReportKind.AMEND_REJECT, order, why, nowNs);
    if (order.isFinished) return refuse(Reject.UNKNOWN_ORDER);
    if (!(priceTicks > 0)) return refuse(Reject.BAD_PRICE);
    if (!(sizeLots > 0)) return refuse(Reject.BAD_SIZE);
    const cost = amendCost(nowNs - order.touchedNs);
    if (!this.#isReady || !this.#rates[order.instrument]!.take(cost, false, nowNs)) return refuse(Reject.OVERLOADED);
    const request = this.#await({ type: 'amend', order, priceTicks, sizeLots });
    const { instrument, number } = order;
    this.#setup.host.send(this.#encoder.amend(instrument, number, isPostOnly, priceTicks, sizeLots, request));
  }

  /** The number of a request whose answer is awaited. */
  #await(pending: Pending): number {
    this.#pending.set(++this.#requests, pending);
    return this.#requests;
  }

  #answer(message: JsonObject, nowNs: number): void {
    const { host } = this.#setup;
    const method = asText(message['method']);
    const error = asText(message['error']);
    const result = asObject(message['result']) ?? {};
    const request = Number(exactText(message['req_id']));
    const pending = this.#pending.get(request);
    this.#pending.delete(request);
    if (message['success'] === true) {
      if (method === 'subscribe') {
        const most = Number(exactText(result['maxratecount']));
        if (most > 0) for (const rate of this.#rates) rate.setMost(most);
      } else if (pending !== undefined) this.#done(pending, asText(result['order_id']), nowNs);
    } else if (error !== '') {
      const refusal = venueError(error);
      host.tell({ type: 'refused', detail: `${method}: ${refusal.message}`, error: refusal });
      if (pending !== undefined) this.#refused(pending, refusal, nowNs);
      // The token is not good any more.
      if (refusal.code === 'AUTH') host.reconnect(refusal.message);
    }
  }

  #done(pending: Pending, venueId: string, nowNs: number): void {
    const { order, type } = pending;
    this.#orders.name(order, venueId);
    if (type !== 'amend' || order.isFinished) return;
    const { priceTicks, sizeLots } = pending;
    const keepsPlace = priceTicks === order.priceTicks && sizeLots <= order.sizeLots;
    order.priceTicks = priceTicks;
    order.sizeLots = sizeLots;
    order.touchedNs = nowNs;
    this.#reports.amended(order, keepsPlace, priceTicks, sizeLots, Number.NaN, nowNs);
  }

  #refused({ type, order }: Pending, error: VenueError, nowNs: number): void {
    if (error.code === 'RATE_LIMITED') this.#rates[order.instrument]!.exhaust(nowNs);
    // What became of it, the channel or the account will tell.
    if (error.mayHaveArrived) return;
    if (type === 'new') {
      if (order.isAcked || order.isFinished) return;
      this.#orders.finish(order);
      this.#refuse(ReportKind.REJECT, order, error.reject, nowNs);
    } else {
      const kind = type === 'cancel' ? ReportKind.CANCEL_REJECT : ReportKind.AMEND_REJECT;
      this.#refuse(kind, order, error.reject, nowNs);
    }
  }

  #executions(message: JsonObject, nowNs: number): void {
    const sequence = Number(exactText(message['sequence']));
    if (message['type'] === 'snapshot') {
      this.#sequence = sequence;
      for (const entry of asList(message['data'])) this.#report(asObject(entry) ?? {}, nowNs);
      if (!this.#isReady) this.#setup.host.tell({ type: 'ready', detail: 'executions are told of' });
      this.#isReady = true;
      return;
    }
    if (sequence <= this.#sequence) return;
    if (sequence !== this.#sequence + 1) {
      return this.#breakOff(`executions: found sequence ${sequence}, expected ${this.#sequence + 1}`, 'notice');
    }
    this.#sequence = sequence;
    for (const entry of asList(message['data'])) this.#report(asObject(entry) ?? {}, nowNs);
  }

  #report(entry: JsonObject, nowNs: number): void {
    const order = this.#orderOf(entry, nowNs);
    if (order === undefined) return;
    const rate = Number(exactText(entry['ratecount']));
    if (rate > 0) this.#rates[order.instrument]!.observe(rate, nowNs);
    const venueNs = parseIsoNs(asText(entry['timestamp']), this.#setup.epochDay);
    const type = asText(entry['exec_type']);
    if (type === 'new') this.#acknowledge(order, venueNs, nowNs);
    else if (type === 'trade') this.#fill(order, entry, venueNs, nowNs);
    else if (type === 'filled') this.#orders.finish(order);
    else if (type === 'canceled' || type === 'expired') this.#ended(order, entry, venueNs, nowNs);
    else if (type === 'restated') this.#restated(order, entry, venueNs, nowNs);
    else if (!SILENT.has(type)) {
      const detail = `order ${order.venueId}: exec_type '${type.slice(0, 40)}' is not known`;
      // What the snapshot says is no news: the account is asked after it anyhow.
      if (this.#isReady) this.#breakOff(detail, 'unreadable');
      else this.#setup.host.tell({ type: 'unreadable', detail });
    }
  }

  /** The venue has changed it by itself. */
  #restated(order: OwnOrder, entry: JsonObject, venueNs: number, nowNs: number): void {
    if (order.isFinished) return;
    const { price, size } = this.#setup.instruments[order.instrument]!;
    const priceTicks = price.parse(exactText(entry['limit_price']));
    const sizeLots = size.parse(exactText(entry['order_qty']));
    if (!(priceTicks > 0 && sizeLots > 0))
      return this.#breakOff('an order that was restated cannot be read', 'unreadable');
    this.#acknowledge(order, venueNs, nowNs);
    if (priceTicks === order.priceTicks && sizeLots === order.sizeLots) return;
    order.priceTicks = priceTicks;
    order.sizeLots = sizeLots;
    this.#reports.amended(order, false, priceTicks, sizeLots, venueNs, nowNs);
  }

  /** Our order that a report is of. One of this session's process before is made of what the report says. */
  #orderOf(entry: JsonObject, nowNs: number): OwnOrder | undefined {
    const venueId = asText(entry['order_id']);
    const number = this.#ids.number(asText(entry['cl_ord_id']));
    let order = this.#orders.ofVenue(venueId) ?? this.#orders.of(number);
    if (order === undefined && number > 0) order = this.#inherit(number, entry, nowNs);
    if (order !== undefined) this.#orders.name(order, venueId);
    return order;
  }

  #inherit(number: number, entry: JsonObject, nowNs: number): OwnOrder | undefined {
    const instrument = this.#setup.instruments.findIndex(({ symbol }) => symbol === asText(entry['symbol']));
    if (instrument < 0) return undefined;
    const { price, size } = this.#setup.instruments[instrument]!;
    const priceTicks = price.parse(exactText(entry['limit_price']));
    const sizeLots = size.parse(exactText(entry['order_qty']));
    const side = entry['side'] === 'buy' ? Side.BUY : Side.SELL;
    if (!(priceTicks > 0 && sizeLots > 0)) return undefined;
    const market = this.#setup.indices[instrument]!;
    const order = ownOrder({ number, instrument, market, side, priceTicks, sizeLots }, nowNs);
    order.isAcked = true;
    this.#orders.add(order);
    return order;
  }

  #acknowledge(order: OwnOrder, venueNs: number, nowNs: number): void {
    if (order.isAcked || order.isFinished) return;
    order.isAcked = true;
    this.#reports.ack(order, order.priceTicks, order.sizeLots, venueNs, nowNs);
  }

  #fill(order: OwnOrder, entry: JsonObject, venueNs: number, nowNs: number): void {
    const id = asText(entry['exec_id']);
    if (order.executions.has(id)) return;
    const instrument = this.#setup.instruments[order.instrument]!;
    const priceTicks = instrument.price.parse(exactText(entry['last_price']));
    const sizeLots = instrument.size.parse(exactText(entry['last_qty']));
    const feePpb = reportedFeePpb(entry['fees'], instrument, priceTicks, sizeLots);
    if (id === '' || !(priceTicks > 0 && sizeLots > 0) || feePpb !== feePpb) {
      return this.#breakOff(`execution ${id}: cannot be read`, 'unreadable');
    }
    this.#acknowledge(order, venueNs, nowNs);
    order.executions.add(id);
    order.filledLots += sizeLots;
    const isMaker = entry['liquidity_ind'] === 'm';
    this.#reports.fill(order, priceTicks, sizeLots, executionNumber(id), feePpb, isMaker, venueNs, nowNs);
  }

  #ended(order: OwnOrder, entry: JsonObject, venueNs: number, nowNs: number): void {
    if (order.isFinished) return;
    this.#orders.finish(order);
    const text = asText(entry['reason']) || asText(entry['cancel_reason']);
    const expired = asText(entry['exec_type']) === 'expired' ? Reject.EXPIRED : Reject.OTHER;
    const why = REASONS.find(([part]) => text.includes(part))?.[1] ?? expired;
    if (!order.isAcked && why !== Reject.REQUESTED) return this.#refuse(ReportKind.REJECT, order, why, nowNs);
    const { size } = this.#setup.instruments[order.instrument]!;
    // Without one, what was filled is what was told of.
    const told = size.parse(exactText(entry['cum_qty']));
    const filledLots = told >= 0 && told <= order.sizeLots ? told : order.filledLots;
    const cutLots = Math.max(0, order.sizeLots - filledLots);
    this.#reports.ended(ReportKind.CANCELLED, order, why, cutLots, venueNs, nowNs);
  }

  #refuse(
    kind: typeof ReportKind.REJECT | typeof ReportKind.CANCEL_REJECT | typeof ReportKind.AMEND_REJECT,
    order: OwnOrder,
    why: Reject,
    nowNs: number,
  ): void {
    this.#reports.ended(kind, order, why, 0, Number.NaN, nowNs);
  }

  /** @param seconds 0: never */
  #renew(nowNs: number, seconds = GRACE_SECONDS): void {
    this.#renewedNs = nowNs;
    this.#say('cancel_all_orders_after', { timeout: seconds });
  }

  #say(method: string, params: object): void {
    const frame = { method, params: { ...params, token: this.#token }, req_id: ++this.#requests };
    this.#setup.host.send(JSON.stringify(frame));
  }

  #breakOff(detail: string, type: 'unreadable' | 'notice'): void {
    this.#isReady = false;
    this.#setup.host.tell({ type, detail });
    this.#setup.host.reconnect(detail);
  }
}

/**
 * Our orders at Coinbase Exchange: requests over REST, what becomes of them over the `user` channel, which tells each match of ours with its
 * number and its fee rate. Orders have UUIDs for names (`client-uuid.ts`), and are cancelled by them until the venue has told its id, so that
 * a cancel need not wait for it.
 *
 * Messages of the channel are not numbered by connection. What shows that a match was lost is the order's end, which tells what was left of it:
 * when the matches do not add up, the connection is made anew, and the account is asked.
 * Source: docs.cdp.coinbase.com, "Create a new order", "Cancel an order", "Exchange WebSocket Channels" (user, full).
 */
import { NS_PER_SECOND, parseIsoNs } from '@quotewright/core/base/time';
import { headFlags, headInstrument, headKind, Field } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { Grid, Rounding } from '@quotewright/core/base/grid';
import { asInteger, asObject, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import { answered } from '../answered.ts';
import type { OrderGateway, OrdersSetup } from '../contract/orders.ts';
import { VenueError } from '../contract/venue-error.ts';
import { KnownOrders, termsOf, type KnownOrder, type OrderTerms } from '../known-orders.ts';
import { OrderNumbers } from '../order-numbers.ts';
import { OrderReportWriter } from '../order-reports.ts';
import { executionOf, openOrders, orderAtVenue, ratesOf, readAccount, type AccountView } from './account.ts';
import { ClientUuids } from './client-uuid.ts';
import { newOrderBody } from './encode.ts';
import { wordsError } from './errors.ts';
import { PRIVATE } from './limits.ts';
import { SignedRest } from './rest.ts';

const { HEAD, ORDER_ID } = Field;
const SILENCE_NS = 5 * NS_PER_SECOND;
const LOGIN_NS = 10 * NS_PER_SECOND;
const PPB = new Grid('0.000000001');
type Refusal = typeof ReportKind.REJECT | typeof ReportKind.CANCEL_REJECT;

interface Filled {
  lots: number;
  readonly executions: Set<number>;
}

export class ExchangeOrders implements OrderGateway {
  readonly url: string;
  readonly #setup: OrdersSetup;
  readonly #rest: SignedRest;
  readonly #view: AccountView;
  readonly #reports: OrderReportWriter;
  readonly #orders = new KnownOrders();
  /** Of orders that are not known, but have traded. */
  readonly #numbers = new OrderNumbers();
  /** Of orders that have not ended: what of them was reported as filled, and by which executions. */
  readonly #filled = new Map<KnownOrder, Filled>();
  #isReady = false;
  #openedNs = Number.NaN;
  #heardNs = 0;
  /** Rates of the profile, for messages that tell none: parts per billion. */
  #makerPpb = 0;
  #takerPpb = 0;

  constructor(setup: OrdersSetup) {
    this.#setup = setup;
    this.url = setup.addresses.orders;
    this.#rest = new SignedRest(setup.rest, setup.credentials);
    this.#view = { ...setup, uuids: new ClientUuids(setup.tag) };
    this.#reports = new OrderReportWriter(setup.host.reports);
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  async prepare(): Promise<void> {
    const { maker, taker } = await ratesOf(this.#rest);
    this.#makerPpb = PPB.parse(maker, Rounding.DOWN);
    this.#takerPpb = PPB.parse(taker, Rounding.DOWN);
  }

  opened(nowNs: number): void {
    this.#openedNs = nowNs;
    this.#heardNs = nowNs;
    const { host, instruments } = this.#setup;
    const product_ids = instruments.map(({ symbol }) => symbol);
    const auth = this.#rest.signer.subscription(host.nowMs());
    host.send(JSON.stringify({ type: 'subscribe', product_ids, channels: ['user', 'heartbeat'], ...auth }));
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.#heardNs = nowNs;
    const message = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    if (!isObject(message)) return this.#breakOff('unreadable message');
    const type = asText(message['type']);
    if (type === 'subscriptions') return this.#login();
    if (type === 'error') {
      const detail = `${asText(message['message'])} ${asText(message['reason'])}`.trim();
      return this.#setup.host.tell({ type: 'refused', detail, error: wordsError(detail) });
    }
    if (type === 'match') return this.#match(message, nowNs);
    const order = this.#orderOf(message);
    if (order === undefined) return;
    const venueNs = parseIsoNs(asText(message['time']), this.#setup.epochDay);
    // `received` comes first, and is the order's acknowledgement: the matching engine has it.
    if (type === 'received' || type === 'open') this.#acknowledge(order, asText(message['order_id']), venueNs, nowNs);
    else if (type === 'done') this.#done(order, message, venueNs, nowNs);
    else if (type === 'change') this.#changed(order, message, venueNs, nowNs);
    else this.#breakOff(`order ${order.venueId}: '${type}' is not known`);
  }

  closed(_nowNs: number): void {
    this.#isReady = false;
    this.#openedNs = Number.NaN;
  }

  poll(nowNs: number): void {
    if (this.#openedNs !== this.#openedNs) return;
    if (nowNs - this.#heardNs > SILENCE_NS) this.#breakOff('no heartbeat for 5 s');
    else if (!this.#isReady && nowNs - this.#openedNs > LOGIN_NS) this.#breakOff('no answer to the log-in');
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    const head = data[offset + HEAD]!;
    if (headKind(head) === RequestKind.NEW) return this.#new(termsOf(data, offset), nowNs);
    const number = data[offset + ORDER_ID]!;
    const side = (headFlags(head) & OrderFlag.BUY) === 0 ? Side.SELL : Side.BUY;
    const named = this.#orders.byNumber(number) ?? { number, market: headInstrument(head), side };
    if (headKind(head) === RequestKind.CANCEL) this.#cancel(named.number, named, nowNs);
    else this.#reports.ended(ReportKind.AMEND_REJECT, named, Reject.OTHER, 0, Number.NaN, nowNs);
  }

  async cancelAll(): Promise<void> {
    for (const { venueId } of await openOrders(this.#rest, this.#view)) {
      try {
        const path = `/orders/${venueId}`;
        await this.#rest.call({ method: 'DELETE', path, cost: PRIVATE, isCancel: true });
      } catch (error) {
        // It has ended by itself.
        if (!(error instanceof VenueError) || error.code !== 'UNKNOWN_ORDER') throw error;
      }
    }
  }

  async account(sinceNs: number): Promise<VenueAccount> {
    const { host } = this.#setup;
    const before = this.#open();
    const { account, open } = await readAccount(this.#rest, this.#view, sinceNs, this.#orders, this.#numbers);
    for (const { orderId, venueId, market, side, priceTicks, openLots, filledLots } of open) {
      const known = this.#orders.byNumber(orderId);
      if (known !== undefined) this.#orders.name(known, venueId);
      else {
        const sizeLots = openLots + filledLots;
        const adopted = this.#orders.add({ number: orderId, market, side, priceTicks, sizeLots, flags: 0 }, venueId);
        this.#filled.set(adopted, { lots: filledLots, executions: new Set() });
      }
    }
    const openIds = new Set(open.map(({ venueId }) => venueId));
    for (const order of before) {
      if (order.venueId === '' || order.hasEnded || openIds.has(order.venueId)) continue;
      // It has ended, and perhaps while we did not listen. Orders without a fill are forgotten by the venue.
      const found = await orderAtVenue(this.#rest, order.venueId);
      if (found !== undefined && found['status'] !== 'done' && found['settled'] !== true) continue;
      this.#end(order, found, account);
    }
    host.flush();
    return account;
  }

  #open(): readonly KnownOrder[] {
    return [...this.#filled.keys()].filter(({ hasEnded }) => !hasEnded);
  }

  /** An order that the venue has ended: its fills as the account tells them, then its end. */
  #end(order: KnownOrder, found: JsonObject | undefined, { executions }: VenueAccount): void {
    const nowNs = this.#setup.host.nowNs();
    const { size } = this.#setup.instruments[this.#setup.indices.indexOf(order.market)]!;
    let sum = 0;
    for (const { orderId, priceTicks, sizeLots, execution, feePpb, isMaker, venueNs } of executions) {
      if (orderId !== order.number) continue;
      sum += sizeLots;
      this.#reports.fill(order, priceTicks, sizeLots, execution, feePpb, isMaker, venueNs, nowNs);
    }
    const filled = found === undefined ? sum : size.parse(asText(found['filled_size']) || '0');
    const rest = order.sizeLots - filled;
    if (rest > 0) this.#reports.ended(ReportKind.CANCELLED, order, reasonOf(order), rest, Number.NaN, nowNs);
    this.#forget(order);
  }

  #new(terms: OrderTerms, nowNs: number): void {
    if (!this.#setup.budget.take(PRIVATE, false, this.#setup.host.nowMs())) {
      return this.#reports.ended(ReportKind.REJECT, terms, Reject.OVERLOADED, 0, Number.NaN, nowNs);
    }
    const instrument = this.#setup.instruments[this.#setup.indices.indexOf(terms.market)]!;
    const order = this.#orders.add(terms);
    this.#filled.set(order, { lots: 0, executions: new Set() });
    const { flags, priceTicks, sizeLots, number } = terms;
    const body = newOrderBody(instrument, this.#view.uuids.text(number), flags, priceTicks, sizeLots);
    const { host } = this.#setup;
    answered(
      host,
      this.#rest.call({ method: 'POST', path: '/orders', body, cost: {} }),
      (answer) => this.#created(order, answer),
      (error) => this.#failed(ReportKind.REJECT, order, error),
    );
  }

  #created(order: KnownOrder, answer: unknown): void {
    const made = asObject(answer) ?? {};
    if (made['status'] === 'rejected') {
      return this.#failed(ReportKind.REJECT, order, wordsError(asText(made['reject_reason'])));
    }
    this.#acknowledge(
      order,
      asText(made['id']),
      parseIsoNs(asText(made['created_at']), this.#setup.epochDay),
      this.#setup.host.nowNs(),
    );
    this.#setup.host.flush();
  }

  #cancel(number: number, order: Parameters<OrderReportWriter['ended']>[1], nowNs: number): void {
    const known = this.#orders.byNumber(number);
    if (known === undefined || known.hasEnded) {
      return this.#reports.ended(ReportKind.CANCEL_REJECT, order, Reject.UNKNOWN_ORDER, 0, Number.NaN, nowNs);
    }
    if (!this.#setup.budget.take(PRIVATE, true, this.#setup.host.nowMs())) {
      return this.#reports.ended(ReportKind.CANCEL_REJECT, order, Reject.OVERLOADED, 0, Number.NaN, nowNs);
    }
    const { symbol } = this.#setup.instruments[this.#setup.indices.indexOf(known.market)]!;
    // An order of somebody else has no name of ours.
    const name = known.venueId === '' ? `client:${this.#view.uuids.text(number)}` : known.venueId;
    const path = `/orders/${name}?product_id=${symbol}`;
    const { host } = this.#setup;
    answered(
      host,
      this.#rest.call({ method: 'DELETE', path, cost: {}, isCancel: true }),
      // The channel tells when it has ended, and how much of it was filled.
      () => undefined,
      (error) => this.#failed(ReportKind.CANCEL_REJECT, known, error),
    );
  }

  /** A request was refused, or it is not known what became of it: then nothing is said. */
  #failed(kind: Refusal, order: KnownOrder, error: VenueError): void {
    const { host } = this.#setup;
    host.tell({ type: error.mayHaveArrived ? 'notice' : 'refused', detail: error.message, error });
    if (error.mayHaveArrived || order.hasEnded) return;
    if (kind === ReportKind.REJECT) {
      if (order.isAcked) return;
      this.#forget(order);
    }
    this.#reports.ended(kind, order, error.reject, 0, Number.NaN, host.nowNs());
    host.flush();
  }

  #orderOf(message: JsonObject): KnownOrder | undefined {
    const number = this.#view.uuids.number(asText(message['client_oid']));
    return number > 0 ? this.#orders.byNumber(number) : this.#orders.byVenueId(asText(message['order_id']));
  }

  #acknowledge(order: KnownOrder, venueId: string, venueNs: number, nowNs: number): void {
    this.#orders.name(order, venueId);
    if (order.isAcked || order.hasEnded) return;
    order.isAcked = true;
    this.#reports.ack(order, order.priceTicks, order.sizeLots, venueNs, nowNs);
  }

  /** A match may be of one of our orders, or of two. */
  #match(message: JsonObject, nowNs: number): void {
    for (const isMaker of [true, false]) {
      const venueId = asText(message[isMaker ? 'maker_order_id' : 'taker_order_id']);
      const order = this.#orders.byVenueId(venueId);
      if (order === undefined || order.hasEnded) continue;
      const { symbol, price, size } = this.#setup.instruments[this.#setup.indices.indexOf(order.market)]!;
      const tradeId = asInteger(message['trade_id']);
      const priceTicks = price.parse(asText(message['price']));
      const sizeLots = size.parse(asText(message['size']));
      const venueNs = parseIsoNs(asText(message['time']), this.#setup.epochDay);
      if (!(tradeId >= 0 && priceTicks > 0 && sizeLots > 0)) return this.#breakOff('a match that cannot be read');
      const told = PPB.parse(asText(message[isMaker ? 'maker_fee_rate' : 'taker_fee_rate']), Rounding.DOWN);
      const usual = isMaker ? this.#makerPpb : this.#takerPpb;
      const feePpb = Number.isNaN(told) ? usual : told;
      const execution = executionOf(symbol, tradeId, isMaker);
      const filled = this.#filled.get(order);
      if (filled === undefined || filled.executions.has(execution)) continue;
      filled.executions.add(execution);
      filled.lots += sizeLots;
      this.#reports.fill(order, priceTicks, sizeLots, execution, feePpb, isMaker, venueNs, nowNs);
    }
  }

  /** The venue has made it smaller: another order of the account, that is not ours, would have traded with it. */
  #changed(order: KnownOrder, message: JsonObject, venueNs: number, nowNs: number): void {
    const filled = this.#filled.get(order);
    if (filled === undefined || order.hasEnded) return;
    const { size } = this.#setup.instruments[this.#setup.indices.indexOf(order.market)]!;
    // What stands of it, without what was filled.
    const standing = size.parse(asText(message['new_size']));
    if (!(standing > 0)) return this.#breakOff(`order ${order.venueId}: a change that cannot be read`);
    order.sizeLots = standing + filled.lots;
    this.#reports.amended(order, true, order.priceTicks, order.sizeLots, venueNs, nowNs);
  }

  #done(order: KnownOrder, message: JsonObject, venueNs: number, nowNs: number): void {
    if (order.hasEnded) return;
    const { size } = this.#setup.instruments[this.#setup.indices.indexOf(order.market)]!;
    const rest = message['reason'] === 'filled' ? 0 : size.parse(asText(message['remaining_size']) || '0');
    if ((this.#filled.get(order)?.lots ?? 0) + rest !== order.sizeLots) {
      return this.#breakOff(`order ${order.venueId} ended with ${rest} lots left: its matches do not add up`);
    }
    if (rest > 0) this.#reports.ended(ReportKind.CANCELLED, order, reasonOf(order), rest, venueNs, nowNs);
    this.#forget(order);
  }

  #forget(order: KnownOrder): void {
    this.#orders.end(order);
    this.#filled.delete(order);
  }

  #login(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#setup.host.tell({ type: 'ready', detail: 'orders by REST, reports by the user channel' });
  }

  #breakOff(reason: string): void {
    this.#isReady = false;
    this.#openedNs = Number.NaN;
    this.#setup.host.reconnect(reason);
  }
}

function reasonOf({ flags }: KnownOrder): Reject {
  if ((flags & OrderFlag.FOK) !== 0) return Reject.FOK_UNFILLED;
  return (flags & OrderFlag.IOC) === 0 ? Reject.REQUESTED : Reject.UNFILLED_REST;
}

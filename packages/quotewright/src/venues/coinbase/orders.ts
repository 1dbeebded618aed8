/**
 * Our orders at Coinbase Advanced Trade: requests over REST, what becomes of them over the `user` channel of a private connection.
 *
 * FILLS. The channel tells how much of an order was filled in all (`cumulative_quantity`), not the executions; two of them may come as
 * one message, with an average price. So the channel only says that there are fills, and `List Fills` says which: they are fetched at once,
 * again and again until those reported add up to the channel's quantity. A fill has thus the same number (from its `entry_id`), price, size and
 * fee here and in `account`, each is reported once, and an order's end is not reported before its last fill. The price is one REST answer
 * of time.
 *
 * An answer to a request that never came is not guessed: nothing is reported, until the channel or the account tells.
 * Source: docs.cdp.coinbase.com, "Create Order", "Cancel Orders", "Edit Order", "List Fills", WebSocket "User Channel".
 */
import { Field, headFlags, headInstrument, headKind } from '@quotewright/core/market/event';
import { NS_PER_SECOND } from '@quotewright/core/base/time';
import { Side } from '@quotewright/core/market/side';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { asList, asObject, asText, isObject, type JsonObject } from '../../data/json.ts';
import { ClientIds } from '../contract/client-ids.ts';
import { answered } from '../answered.ts';
import { OrderReportWriter } from '../order-reports.ts';
import type { OrderGateway, OrdersSetup } from '../contract/orders.ts';
import { VenueError } from '../contract/venue-error.ts';
import { openOrders, readAccount, readFills, type AccountView } from './account.ts';
import { amendBody, cancelBody, newOrderBody } from './encode.ts';
import { reasonError, socketError } from './errors.ts';
import { parseFrame } from './frames.ts';
import { PRIVATE } from './limits.ts';
import { OwnOrders, type OwnOrder } from './own-orders.ts';
import { SignedRest } from './rest.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS, ORDER_ID } = Field;
const SILENCE_NS = 5 * NS_PER_SECOND;
const LOGIN_NS = 10 * NS_PER_SECOND;
/** Between two requests for the same fills, by how often they brought nothing new. */
const FETCH_MS = [0, 50, 150, 400, 1000] as const;
/** States of an order that is past its first check. */
const KNOWN: ReadonlySet<string> = new Set([
  'OPEN',
  'CANCEL_QUEUED',
  'EDIT_QUEUED',
  'FILLED',
  'CANCELLED',
  'EXPIRED',
  'FAILED',
]);
/** As many orders as one request for fills, or for cancels, names. */
const MOST_IDS = 50;

export class CoinbaseOrders implements OrderGateway {
  readonly url: string;
  readonly #setup: OrdersSetup;
  readonly #rest: SignedRest;
  readonly #view: AccountView;
  readonly #reports: OrderReportWriter;
  readonly #orders = new OwnOrders();
  #isReady = false;
  #openedNs = Number.NaN;
  #heardNs = 0;
  #next = -1;
  /** Orders whose fills are to be fetched, and when. */
  readonly #dirty = new Map<OwnOrder, number>();
  #isFetching = false;

  constructor(setup: OrdersSetup) {
    this.#setup = setup;
    this.url = setup.addresses.orders;
    this.#rest = new SignedRest(setup.rest, setup.credentials);
    this.#view = { ...setup, ids: new ClientIds(setup.tag) };
    this.#reports = new OrderReportWriter(setup.host.reports);
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  async prepare(): Promise<void> {
    // The token of the subscription is made when the connection stands.
  }

  opened(nowNs: number): void {
    this.#openedNs = nowNs;
    this.#heardNs = nowNs;
    this.#next = -1;
    const symbols = this.#setup.instruments.map(({ symbol }) => symbol);
    for (const channel of ['heartbeats', 'user']) {
      const jwt = this.#rest.socketToken(this.#setup.host.nowMs());
      this.#setup.host.send(JSON.stringify({ type: 'subscribe', channel, product_ids: symbols, jwt }));
    }
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.#heardNs = nowNs;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
    const frame = parseFrame(text, this.#setup.epochDay);
    if (frame === undefined) return this.#breakOff('unreadable message');
    if (frame.error !== '') {
      return this.#setup.host.tell({ type: 'refused', detail: frame.error, error: socketError(frame.error) });
    }
    if (this.#next >= 0 && frame.seq !== this.#next) {
      return this.#breakOff(`sequence_num: found ${frame.seq}, expected ${this.#next}`);
    }
    this.#next = frame.seq + 1;
    for (const event of frame.events) {
      if (frame.channel === 'user') {
        for (const order of asList(event['orders'])) if (isObject(order)) this.#update(order, frame.sentNs, nowNs);
        this.#login();
      } else if (frame.channel === 'subscriptions' && asObject(event['subscriptions'])?.['user'] !== undefined) {
        this.#login();
      }
    }
    void this.#fetchFills();
  }

  closed(_nowNs: number): void {
    this.#isReady = false;
    this.#openedNs = Number.NaN;
  }

  poll(nowNs: number): void {
    this.#rest.refill(this.#setup.host.nowMs());
    void this.#fetchFills();
    if (this.#openedNs !== this.#openedNs) return;
    if (nowNs - this.#heardNs > SILENCE_NS) this.#breakOff('no heartbeat for 5 s');
    else if (!this.#isReady && nowNs - this.#openedNs > LOGIN_NS) this.#breakOff('no answer to the log-in');
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    const head = data[offset + HEAD]!;
    const i = this.#setup.indices.indexOf(headInstrument(head));
    const number = data[offset + ORDER_ID]!;
    const price = data[offset + PRICE_TICKS]!;
    const size = data[offset + SIZE_LOTS]!;
    const kind = headKind(head);
    if (kind === RequestKind.NEW) this.#new(i, headFlags(head), number, price, size, nowNs);
    else if (kind === RequestKind.CANCEL) this.#cancel(i, headFlags(head), number, nowNs);
    else this.#amend(i, headFlags(head), number, price, size, nowNs);
  }

  async cancelAll(): Promise<void> {
    const open = await openOrders(this.#rest, this.#view);
    const ids = open.map(({ venueId }) => venueId);
    // An order that was just sent may not be in the list yet.
    for (const order of this.#orders.all) {
      if (order.end === '' && !ids.includes(order.venueId)) {
        if (order.venueId === '') order.isCancelWanted = true;
        else ids.push(order.venueId);
      }
    }
    for (let from = 0; from < ids.length; from += MOST_IDS) {
      const some = ids.slice(from, from + MOST_IDS);
      await this.#rest.post('orders/batch_cancel', cancelBody(some), true, PRIVATE);
    }
  }

  async account(sinceNs: number): Promise<VenueAccount> {
    const before = [...this.#orders.all].filter(({ end }) => end === '');
    const { account, open } = await readAccount(this.#rest, this.#view, sinceNs, this.#orders);
    for (const { orderId, venueId, market, side, priceTicks, openLots, filledLots } of open) {
      const known = this.#orders.of(orderId);
      if (known !== undefined) {
        this.#orders.name(known, venueId);
        continue;
      }
      // An order of the session's process before this one, or of somebody else: we may have to cancel it.
      const instrument = this.#setup.indices.indexOf(market);
      const terms = { instrument, market, side, flags: 0, priceTicks, sizeLots: openLots + filledLots };
      this.#orders.add({
        ...freshOrder(orderId, terms),
        venueId,
        isAcked: true,
        filledLots,
        cumulativeLots: filledLots,
      });
    }
    const openIds = new Set(open.map(({ venueId }) => venueId));
    for (const order of before) {
      // It has ended, and perhaps while we did not listen.
      if (order.venueId !== '' && order.end === '' && !openIds.has(order.venueId)) await this.#inquire(order);
    }
    this.#setup.host.flush();
    return account;
  }

  /** What the venue says of one order, taken as if the channel had said it. */
  async #inquire(order: OwnOrder): Promise<void> {
    const { host } = this.#setup;
    const answer = await this.#rest.get(`/orders/historical/${encodeURIComponent(order.venueId)}`);
    const found = asObject(answer['order']);
    if (found === undefined || this.#orders.of(order.number) !== order) return;
    this.#update({ ...found, cumulative_quantity: found['filled_size'] }, Number.NaN, host.nowNs());
    await this.#fetchFills();
  }

  #new(i: number, flags: number, number: number, priceTicks: number, sizeLots: number, nowNs: number): void {
    const { host, instruments } = this.#setup;
    const order = { ...this.#unknown(i, flags, number), priceTicks, sizeLots };
    if (!this.#take(false))
      return this.#reports.ended(ReportKind.REJECT, order, Reject.OVERLOADED, 0, Number.NaN, nowNs);
    this.#orders.add(order);
    const body = newOrderBody(instruments[i]!, this.#view.ids.text(number), flags, priceTicks, sizeLots);
    answered(
      host,
      this.#rest.post('orders', body, false, {}),
      (answer) => this.#created(order, answer),
      (error) => this.#failed(ReportKind.REJECT, order, error),
    );
  }

  #created(order: OwnOrder, answer: JsonObject): void {
    const done = asObject(answer['success_response']);
    if (answer['success'] === true && done !== undefined) {
      // The channel may have been faster, and may have ended it.
      if (this.#orders.of(order.number) !== order) return;
      this.#orders.name(order, asText(done['order_id']));
      this.#acknowledge(order, this.#setup.host.nowNs(), Number.NaN);
      this.#settle(order);
      return this.#setup.host.flush();
    }
    const refusal = asObject(answer['error_response']) ?? {};
    const reason =
      [
        refusal['new_order_failure_reason'],
        refusal['error'],
        refusal['preview_failure_reason'],
        answer['failure_reason'],
      ]
        .map(asText)
        .find((text) => text !== '' && !text.startsWith('UNKNOWN')) ?? 'UNKNOWN_FAILURE_REASON';
    const error = reasonError(reason, asText(refusal['message']) || asText(refusal['error_details']));
    this.#failed(ReportKind.REJECT, order, error);
  }

  #cancel(i: number, flags: number, number: number, nowNs: number): void {
    const order = this.#orders.of(number);
    if (order === undefined || order.end !== '') {
      const unknown = order ?? this.#unknown(i, flags, number);
      return this.#reports.ended(ReportKind.CANCEL_REJECT, unknown, Reject.UNKNOWN_ORDER, 0, Number.NaN, nowNs);
    }
    if (order.venueId === '') {
      order.isCancelWanted = true;
      return;
    }
    if (!this.#take(true))
      return this.#reports.ended(ReportKind.CANCEL_REJECT, order, Reject.OVERLOADED, 0, Number.NaN, nowNs);
    const { host } = this.#setup;
    answered(
      host,
      this.#rest.post('orders/batch_cancel', cancelBody([order.venueId]), true, {}),
      (answer) => {
        const result = asObject(asList(answer['results'])[0]) ?? {};
        // Done: the channel tells when it has ended, and how much of it was filled.
        if (result['success'] !== true) {
          this.#failed(ReportKind.CANCEL_REJECT, order, reasonError(asText(result['failure_reason']), ''));
        }
      },
      (error) => this.#failed(ReportKind.CANCEL_REJECT, order, error),
    );
  }

  #amend(i: number, flags: number, number: number, priceTicks: number, sizeLots: number, nowNs: number): void {
    const order = this.#orders.of(number);
    if (order === undefined || order.end !== '' || order.venueId === '') {
      const unknown = order ?? this.#unknown(i, flags, number);
      return this.#reports.ended(ReportKind.AMEND_REJECT, unknown, Reject.UNKNOWN_ORDER, 0, Number.NaN, nowNs);
    }
    if (!this.#take(false))
      return this.#reports.ended(ReportKind.AMEND_REJECT, order, Reject.OVERLOADED, 0, Number.NaN, nowNs);
    const body = amendBody(this.#setup.instruments[order.instrument]!, order.venueId, priceTicks, sizeLots);
    const { host } = this.#setup;
    answered(
      host,
      this.#rest.post('orders/edit', body, false, {}),
      (answer) => {
        if (answer['success'] === true) {
          // The channel may have ended it meanwhile, with its last fill.
          if (this.#orders.of(order.number) !== order) return;
          const keepsPlace = priceTicks === order.priceTicks && sizeLots <= order.sizeLots;
          order.priceTicks = priceTicks;
          order.sizeLots = sizeLots;
          this.#reports.amended(order, keepsPlace, priceTicks, sizeLots, Number.NaN, host.nowNs());
          this.#settle(order);
          return host.flush();
        }
        const first = asObject(asList(answer['errors'])[0]) ?? asObject(answer['error_response']) ?? {};
        const reason = asText(first['edit_failure_reason']) || asText(first['preview_failure_reason']);
        return this.#failed(
          ReportKind.AMEND_REJECT,
          order,
          reasonError(reason || 'UNKNOWN_EDIT_ORDER_FAILURE_REASON', ''),
        );
      },
      (error) => this.#failed(ReportKind.AMEND_REJECT, order, error),
    );
  }

  /** A request was refused, or it is not known what became of it: then nothing is said. */
  #failed(kind: Refusal, order: OwnOrder, error: VenueError): void {
    const { host } = this.#setup;
    host.tell({ type: error.mayHaveArrived ? 'notice' : 'refused', detail: error.message, error });
    if (error.mayHaveArrived || this.#orders.of(order.number) !== order) return;
    if (kind === ReportKind.REJECT) {
      if (order.isAcked) return;
      this.#orders.remove(order);
    }
    this.#reports.ended(kind, order, error.reject, 0, Number.NaN, host.nowNs());
    host.flush();
  }

  /** Something of the private channel about one order. */
  #update(update: JsonObject, sentNs: number, nowNs: number): void {
    const number = this.#view.ids.number(asText(update['client_order_id']));
    const order = number > 0 ? this.#orders.of(number) : this.#orders.ofVenue(asText(update['order_id']));
    if (order === undefined) return;
    const { size, price } = this.#setup.instruments[order.instrument]!;
    const status = asText(update['status']);
    const cumulative = size.parse(asText(update['cumulative_quantity']) || '0');
    this.#orders.name(order, asText(update['order_id']));
    if (!(cumulative >= 0)) {
      return this.#setup.host.tell({ type: 'unreadable', detail: `order ${order.venueId}: cumulative_quantity` });
    }
    if (!order.isAcked && status === 'FAILED') {
      const detail = asText(update['reject_reason']) || asText(update['reject_Reason']);
      this.#orders.remove(order);
      this.#setup.host.tell({ type: 'refused', detail: `order ${order.venueId}: ${detail || 'failed'}` });
      return this.#reports.ended(ReportKind.REJECT, order, reasonError(detail, '').reject, 0, Number.NaN, nowNs);
    }
    if (status === 'PENDING' || status === 'QUEUED') return;
    if (!KNOWN.has(status)) {
      const detail = `order ${order.venueId}: status '${status}' is not known`;
      // The list at the beginning of a connection is no news: the account is asked after it anyhow.
      if (this.#isReady) this.#breakOff(detail);
      return this.#setup.host.tell({ type: 'unreadable', detail });
    }
    // Orders that an edit has changed come with their new price; the answer to the edit tells the same.
    const limit = price.parse(asText(update['limit_price']));
    if (limit > 0 && !order.isAcked) order.priceTicks = limit;
    this.#acknowledge(order, nowNs, sentNs);
    order.cumulativeLots = Math.max(order.cumulativeLots, cumulative);
    // One that was filled is at its end whatever size we have of it: an edit whose answer was lost may have made it smaller.
    if (status !== 'OPEN' && status !== 'CANCEL_QUEUED' && status !== 'EDIT_QUEUED') order.end = status;
    this.#settle(order);
  }

  #acknowledge(order: OwnOrder, nowNs: number, venueNs: number): void {
    if (order.isAcked) return;
    order.isAcked = true;
    this.#reports.ack(order, order.priceTicks, order.sizeLots, venueNs, nowNs);
    if (!order.isCancelWanted) return;
    order.isCancelWanted = false;
    this.#cancel(order.instrument, order.flags, order.number, nowNs);
  }

  /** Reports the end of an order whose fills are all reported; otherwise sees to it that they come. */
  #settle(order: OwnOrder): void {
    if (order.filledLots < order.cumulativeLots) {
      if (!this.#dirty.has(order)) this.#dirty.set(order, this.#setup.host.nowMs());
      return;
    }
    this.#dirty.delete(order);
    if (order.end !== '') {
      const rest = order.sizeLots - order.filledLots;
      const nowNs = this.#setup.host.nowNs();
      if (rest > 0) this.#reports.ended(ReportKind.CANCELLED, order, endReason(order), rest, Number.NaN, nowNs);
      this.#orders.remove(order);
    } else if (order.filledLots >= order.sizeLots) this.#orders.remove(order);
  }

  async #fetchFills(): Promise<void> {
    const { host } = this.#setup;
    const nowMs = host.nowMs();
    const due = [...this.#dirty].filter(([, dueMs]) => nowMs >= dueMs).map(([order]) => order);
    if (this.#isFetching || due.length === 0) return;
    this.#isFetching = true;
    const some = due.slice(0, MOST_IDS);
    try {
      const ids = some.map(({ venueId }) => `order_ids=${encodeURIComponent(venueId)}`).join('&');
      const entries = await this.#rest.list(`/orders/historical/fills?${ids}&limit=250`, 'fills');
      const nowNs = host.nowNs();
      const numberOf = (venueId: string) => this.#orders.ofVenue(venueId)?.number ?? 0;
      const before = some.map(({ filledLots }) => filledLots);
      for (const fill of readFills(entries, this.#view, numberOf)) {
        const order = this.#orders.ofVenue(fill.venueId);
        if (order === undefined || order.executions.has(fill.execution)) continue;
        order.executions.add(fill.execution);
        order.filledLots += fill.sizeLots;
        const { priceTicks, sizeLots, execution, feePpb, isMaker, venueNs } = fill;
        this.#reports.fill(order, priceTicks, sizeLots, execution, feePpb, isMaker, venueNs, nowNs);
      }
      for (const [k, order] of some.entries()) {
        order.emptyFetches = order.filledLots > before[k]! ? 0 : order.emptyFetches + 1;
        this.#settle(order);
        if (this.#dirty.has(order)) this.#dirty.set(order, host.nowMs() + waitMs(order.emptyFetches));
      }
      host.flush();
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      host.tell({ type: 'notice', detail: `fills: ${error.message}`, error });
      for (const order of some) {
        order.emptyFetches++;
        this.#dirty.set(order, host.nowMs() + waitMs(order.emptyFetches));
      }
    } finally {
      this.#isFetching = false;
    }
    void this.#fetchFills();
  }

  /** An order of which no more is known than what a request says. */
  #unknown(instrument: number, flags: number, number: number): OwnOrder {
    const market = this.#setup.indices[instrument]!;
    const side = (flags & OrderFlag.BUY) === 0 ? Side.SELL : Side.BUY;
    return freshOrder(number, { instrument, market, side, flags, priceTicks: 0, sizeLots: 0 });
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

  #take(isCancel: boolean): boolean {
    return this.#setup.budget.take(PRIVATE, isCancel, this.#setup.host.nowMs());
  }
}

type Refusal = typeof ReportKind.REJECT | typeof ReportKind.CANCEL_REJECT | typeof ReportKind.AMEND_REJECT;
type Terms = Pick<OwnOrder, 'instrument' | 'market' | 'side' | 'flags' | 'priceTicks' | 'sizeLots'>;

function freshOrder(number: number, terms: Terms): OwnOrder {
  const nothing = { venueId: '', isAcked: false, isCancelWanted: false, filledLots: 0, cumulativeLots: 0, end: '' };
  return { number, ...terms, ...nothing, executions: new Set(), emptyFetches: 0 };
}

function waitMs(emptyFetches: number): number {
  return FETCH_MS[Math.min(emptyFetches, FETCH_MS.length - 1)]!;
}

function endReason({ flags, end }: OwnOrder): Reject {
  if (end === 'EXPIRED') return Reject.EXPIRED;
  if (end === 'FAILED' || end === 'FILLED') return Reject.OTHER;
  if ((flags & OrderFlag.FOK) !== 0) return Reject.FOK_UNFILLED;
  if ((flags & OrderFlag.IOC) !== 0) return Reject.UNFILLED_REST;
  return Reject.REQUESTED;
}

/**
 * Orders on Binance spot: one connection to the WebSocket API carries requests, answers and, by `userDataStream.subscribe`, what happens to
 * orders (listen keys were retired in its favour). With an Ed25519 key the session is logged in and requests need no signature of their own; with
 * an HMAC key each is signed. What happens is taken from `executionReport` alone; an answer counts when it refuses.
 */
import { Field, headFlags } from '@quotewright/core/market/event';
import { Reject, RequestKind } from '@quotewright/core/trading/records';
import { Side } from '@quotewright/core/market/side';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { asInteger, asObject, asText, parseJson, type JsonObject } from '../../data/json.ts';
import type { OrderGateway, OrdersSetup } from '../contract/orders.ts';
import { errorOf } from './errors.ts';
import { GatewayBase, type OwnRequest } from './gateway.ts';
import { SPOT } from './product.ts';
import { observeBan, observeLimits } from './rate-limits.ts';
import { RequestLetter, SocketRequests, readRequestId, requestId } from './socket-requests.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS } = Field;
const { PLACE, CANCEL } = RequestLetter;
const PLACE_COST = { weight: 1, orders: 1, 'orders-day': 1 };
const CANCEL_COST = { weight: 1 };
const LOGON = 'logon';
const SUBSCRIBE = 'subscribe';

export class BinanceOrders implements OrderGateway {
  readonly url: string;
  isReady = false;
  readonly #base: GatewayBase;
  readonly #requests: SocketRequests;

  /** @throws VenueError AUTH when the credentials are none */
  constructor(setup: OrdersSetup) {
    this.url = setup.addresses.orders;
    this.#base = new GatewayBase(SPOT, setup);
    this.#requests = new SocketRequests(this.#base.signer);
  }

  async prepare(): Promise<void> {
    return Promise.resolve();
  }

  opened(): void {
    const { host } = this.#base.setup;
    this.#requests.isSigned = true;
    if (this.#base.signer.isEd25519) host.send(this.#requests.signed(LOGON, 'session.logon', host.nowMs()));
    else host.send(this.#requests.signed(SUBSCRIBE, 'userDataStream.subscribe.signature', host.nowMs()));
  }

  message(bytes: Uint8Array, nowNs: number): void {
    const message = asObject(parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')));
    if (message === undefined) return this.#breakOff('a message is not an object');
    const event = asObject(message['event']);
    if (event !== undefined) this.#event(event, nowNs);
    else this.#answer(message);
  }

  closed(): void {
    this.isReady = false;
  }

  /** The venue pings every twenty seconds, and whoever holds the socket answers. */
  poll(): void {
    return;
  }

  request(data: Float64Array, offset: number): void {
    const base = this.#base;
    const { host, budget } = base.setup;
    const request = base.read(data, offset);
    const nowMs = host.nowMs();
    const isCancel = request.kind === RequestKind.CANCEL;
    if (request.kind === RequestKind.AMEND) return base.refuse(request, Reject.OTHER);
    if (!this.isReady || !budget.take(isCancel ? CANCEL_COST : PLACE_COST, isCancel, nowMs)) {
      return base.refuse(request, Reject.OVERLOADED);
    }
    const { index, orderId } = request;
    const instrument = base.instrument(index);
    const flags = headFlags(data[offset + HEAD]!);
    if (isCancel) {
      const foreign = base.names.foreign(orderId);
      const id = requestId(CANCEL, orderId, index, flags);
      const frame =
        foreign === undefined
          ? this.#requests.cancel(id, 'origClientOrderId', base.names.ids.text(orderId), instrument.symbol, nowMs)
          : this.#requests.cancel(id, 'orderId', foreign, instrument.symbol, nowMs);
      return host.send(frame);
    }
    const id = requestId(PLACE, orderId, index, flags);
    const name = base.names.ids.text(orderId);
    const priceTicks = data[offset + PRICE_TICKS]!;
    host.send(this.#requests.place(id, name, instrument, flags, priceTicks, data[offset + SIZE_LOTS]!, nowMs));
  }

  async cancelAll(): Promise<void> {
    return this.#base.cancelAll('/api/v3/openOrders', 1);
  }

  async account(sinceNs: number): Promise<VenueAccount> {
    return this.#base.account(sinceNs);
  }

  #event(event: JsonObject, nowNs: number): void {
    const { host } = this.#base.setup;
    if (event['e'] === 'executionReport') {
      const fault = this.#base.executions.take(event, nowNs);
      if (fault !== '') this.#breakOff(`executionReport: ${fault}`);
    } else if (event['e'] === 'eventStreamTerminated' || event['e'] === 'serverShutdown') {
      this.isReady = false;
      host.reconnect(asText(event['e']));
    }
  }

  /** What it said may have been an execution: the account is asked. */
  #breakOff(detail: string): void {
    const { host } = this.#base.setup;
    this.isReady = false;
    host.tell({ type: 'unreadable', detail });
    host.reconnect(detail);
  }

  #answer(message: JsonObject): void {
    const { host, budget } = this.#base.setup;
    const id = asText(message['id']);
    const status = asInteger(message['status']);
    observeLimits(budget, message['rateLimits'], host.nowMs());
    const isDone = status === 200;
    if (!isDone) observeBan(budget, message['error'], status, host.nowMs());
    if (id === LOGON && isDone) {
      this.#requests.isSigned = false;
      return host.send(`{"id":"${SUBSCRIBE}","method":"userDataStream.subscribe"}`);
    }
    if (id === SUBSCRIBE && isDone) {
      this.isReady = true;
      return host.tell({ type: 'ready', detail: '' });
    }
    if (isDone) return;
    const problem = asObject(message['error']);
    const error = errorOf('binance', asInteger(problem?.['code']), asText(problem?.['msg']), status);
    host.tell({ type: 'refused', detail: error.message, error });
    if (id === LOGON || id === SUBSCRIBE) return host.reconnect(error.message);
    const request = readRequestId(id);
    const isKnown = request !== undefined && request.index < this.#base.setup.instruments.length;
    // What may have arrived is settled by evidence: a report, or the account.
    if (!isKnown || error.mayHaveArrived) return;
    const own: OwnRequest = {
      kind: request.letter === PLACE ? RequestKind.NEW : RequestKind.CANCEL,
      orderId: request.orderId,
      index: request.index,
      side: request.isBuy ? Side.BUY : Side.SELL,
    };
    this.#base.refuse(own, error.reject);
  }
}

/**
 * Orders on Binance USD-M futures: requests over REST, what happens over the user data stream of a listen key, which is renewed twice an hour.
 * While the connection stands the venue is told again and again to cancel everything unless it hears from us: cancel on disconnect.
 * Sources: "User Data Streams", "Trade" of USD-M futures. Accounts are in one-way mode.
 */
import { Field, headFlags } from '@quotewright/core/market/event';
import { OrderFlag, Reject, RequestKind } from '@quotewright/core/trading/records';
import { Side } from '@quotewright/core/market/side';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { asObject, asText, parseJson } from '../../data/json.ts';
import { bodyOf, signedRequest, type Parameters, type SignedPage } from '../binance/pages.ts';
import { errorOfResponse } from '../binance/errors.ts';
import { GatewayBase, type OwnRequest } from '../binance/gateway.ts';
import { USDM } from '../binance/product.ts';
import { timeInForce } from '../binance/socket-requests.ts';
import { answered } from '../answered.ts';
import type { OrderGateway, OrdersSetup } from '../contract/orders.ts';
import type { RestResponse } from '../contract/rest.ts';
import { VenueError } from '../contract/venue-error.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS } = Field;
const { POST_ONLY, REDUCE_ONLY } = OrderFlag;
const VENUE = 'binance-usdm';
const LISTEN_KEY = '/fapi/v1/listenKey';
/** What is told of over the connection; the venue leaves everything else out ("Important WebSocket Change Notice"). */
const EVENTS = 'ORDER_TRADE_UPDATE/listenKeyExpired';
const ORDER = '/fapi/v1/order';
const ORDER_COST = { weight: 1, orders: 1, 'orders-minute': 1 };
const CANCEL_COST = { weight: 1 };
/** A listen key lasts an hour; what could not be renewed is tried again. */
const RENEW_NS = 30 * 60e9;
const AGAIN_NS = 60e9;
/** There is no such listen key any more. */
const NO_LISTEN_KEY = '-1125';
/** The venue cancels after this long without word of us, and hears of us so often: each time costs ten of weight. */
const COUNTDOWN_MS = 45_000;
const COUNTDOWN_EVERY_NS = 15e9;

export class BinanceUsdmOrders implements OrderGateway {
  url = '';
  isReady = false;
  readonly #base: GatewayBase;
  #renewNs = 0;
  #countdownNs = 0;

  /** @throws VenueError AUTH when the credentials are none */
  constructor(setup: OrdersSetup) {
    this.#base = new GatewayBase(USDM, setup);
  }

  async prepare(): Promise<void> {
    const { rest, addresses } = this.#base.setup;
    const response = await rest.call({ method: 'POST', path: LISTEN_KEY, headers: this.#headers, cost: { weight: 1 } });
    const key = asText(asObject(bodyOf(VENUE, response))?.['listenKey']);
    if (key === '') throw new VenueError({ venue: VENUE, code: 'UNREADABLE', text: 'the answer has no listenKey' });
    this.url = `${addresses.orders}/ws?listenKey=${encodeURIComponent(key)}&events=${EVENTS}`;
  }

  opened(nowNs: number): void {
    this.isReady = true;
    this.#renewNs = nowNs + RENEW_NS;
    this.#countdownNs = nowNs;
    this.#base.setup.host.tell({ type: 'ready', detail: '' });
  }

  message(bytes: Uint8Array, nowNs: number): void {
    const { host } = this.#base.setup;
    const message = asObject(parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')));
    if (message === undefined) return this.#breakOff('a message is not an object');
    const event = asObject(message['data']) ?? message;
    if (event['e'] === 'ORDER_TRADE_UPDATE') {
      const fault = this.#base.executions.take(asObject(event['o']) ?? {}, nowNs);
      if (fault !== '') this.#breakOff(`ORDER_TRADE_UPDATE: ${fault}`);
    } else if (event['e'] === 'listenKeyExpired') {
      this.isReady = false;
      host.reconnect('the listen key has ended');
    }
  }

  closed(): void {
    this.isReady = false;
  }

  poll(nowNs: number): void {
    if (!this.isReady) return;
    if (nowNs >= this.#renewNs) {
      this.#renewNs = nowNs + AGAIN_NS;
      this.#renew(nowNs);
    }
    if (nowNs < this.#countdownNs) return;
    this.#countdownNs = nowNs + COUNTDOWN_EVERY_NS;
    this.#countDown(COUNTDOWN_MS);
  }

  #renew(nowNs: number): void {
    const { rest, host } = this.#base.setup;
    const call = rest.call({ method: 'PUT', path: LISTEN_KEY, headers: this.#headers, cost: { weight: 1 } });
    this.#background(call, (error) => {
      if (error === undefined) this.#renewNs = nowNs + RENEW_NS;
      else if (error.venueCode === NO_LISTEN_KEY && this.isReady) {
        // Nothing is told there any more.
        this.isReady = false;
        host.reconnect('the listen key has ended');
      }
    });
  }

  closing(): void {
    if (this.#base.executions.isNothingOpen) this.#countDown(0);
  }

  /** @param ms until everything of ours and of others is cancelled; 0: never */
  #countDown(ms: number): void {
    for (const { symbol } of this.#base.setup.instruments) {
      const parameters: Parameters = [
        ['symbol', symbol],
        ['countdownTime', ms],
      ];
      const path = '/fapi/v1/countdownCancelAll';
      // It may use what is kept back for cancels, and a connection that closes waits for it.
      this.#background(this.#call({ method: 'POST', path, parameters, cost: { weight: 10 }, isCancel: true }));
    }
  }

  request(data: Float64Array, offset: number): void {
    const request = this.#base.read(data, offset);
    if (!this.isReady) return this.#base.refuse(request, Reject.OVERLOADED);
    const { index, orderId, kind } = request;
    const instrument = this.#base.instrument(index);
    const flags = headFlags(data[offset + HEAD]!);
    const price = instrument.price.format(data[offset + PRICE_TICKS]!);
    const quantity = instrument.size.format(data[offset + SIZE_LOTS]!);
    const foreign = this.#base.names.foreign(orderId);
    const name = ['origClientOrderId', this.#base.names.ids.text(orderId)] as const;
    const named = foreign === undefined ? name : (['orderId', foreign] as const);
    const terms: Parameters = [
      ['symbol', instrument.symbol],
      ['side', request.side === Side.BUY ? 'BUY' : 'SELL'],
      ['quantity', quantity],
      ['price', price],
    ];
    if (kind === RequestKind.CANCEL) {
      const parameters: Parameters = [['symbol', instrument.symbol], named];
      return this.#order(request, { method: 'DELETE', path: ORDER, parameters, cost: CANCEL_COST, isCancel: true });
    }
    if (kind === RequestKind.AMEND) {
      return this.#order(request, { method: 'PUT', path: ORDER, parameters: [...terms, named], cost: ORDER_COST });
    }
    const parameters: Parameters = [
      ...terms,
      ['type', 'LIMIT'],
      ['timeInForce', (flags & POST_ONLY) === 0 ? timeInForce(flags) : 'GTX'],
      ['newClientOrderId', this.#base.names.ids.text(orderId)],
      ['newOrderRespType', 'ACK'],
      ...((flags & REDUCE_ONLY) === 0 ? [] : [['reduceOnly', 'true'] as const]),
    ];
    this.#order(request, { method: 'POST', path: ORDER, parameters, cost: ORDER_COST });
  }

  async cancelAll(): Promise<void> {
    return this.#base.cancelAll('/fapi/v1/allOpenOrders', 1);
  }

  async account(sinceNs: number): Promise<VenueAccount> {
    return this.#base.account(sinceNs);
  }

  get #headers() {
    return { 'X-MBX-APIKEY': this.#base.signer.key };
  }

  async #call(page: SignedPage) {
    return this.#base.setup.rest.call(signedRequest(this.#base.signer, page));
  }

  #order(request: OwnRequest, page: SignedPage): void {
    const { budget, host } = this.#base.setup;
    // Counted here, not by who carries it: an order that would have to wait is of no use.
    if (!budget.take(page.cost, page.isCancel === true, host.nowMs()))
      return this.#base.refuse(request, Reject.OVERLOADED);
    if (request.kind === RequestKind.NEW) this.#base.executions.sent(request.orderId);
    answered(
      host,
      this.#call({ ...page, cost: {} }),
      (response) => {
        if (response.status !== 200) this.#refused(request, errorOfResponse(VENUE, response));
      },
      (error) => this.#refused(request, error),
    );
  }

  /** What may have arrived is settled by evidence: a report, or the account. */
  #refused(request: OwnRequest, error: VenueError): void {
    const { host } = this.#base.setup;
    host.tell({ type: 'refused', detail: error.message, error });
    if (error.mayHaveArrived) return;
    this.#base.refuse(request, error.reject);
    host.flush();
  }

  /** A request whose failing is worth a line: it is made again. */
  #background(call: Promise<RestResponse>, done?: (error: VenueError | undefined) => void): void {
    const { host } = this.#base.setup;
    const failed = (error: VenueError): void => {
      host.tell({ type: 'notice', detail: `a renewal: ${error.message}`, error });
      done?.(error);
    };
    answered(
      host,
      call,
      (response) => (response.status === 200 ? done?.(undefined) : failed(errorOfResponse(VENUE, response))),
      failed,
    );
  }

  /** What it said may have been an execution: the account is asked. */
  #breakOff(detail: string): void {
    const { host } = this.#base.setup;
    this.isReady = false;
    host.tell({ type: 'unreadable', detail });
    host.reconnect(detail);
  }
}

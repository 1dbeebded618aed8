/**
 * One WebSocket v2 connection: requests with their answers, public and private channels.
 * Source: docs.kraken.com/exchange/api-reference/spot-websocket-v2 (add_order, amend_order, cancel_order, cancel_all, cancel_after, batch_add,
 * batch_cancel, balances, executions, ping).
 */
import type {
  ExchangeFill,
  ExchangeKey,
  ExchangeOrder,
  FaceConversation,
  FaceSocket,
  FrameKind,
  VenueExchange,
} from '../contract.ts';
import { type KrakenAuth, Refusal } from './auth.ts';
import type { DeadMan } from './dead-man.ts';
import type { ExecutionReports } from './executions.ts';
import { orderText, tradeText } from './ids.ts';
import { digits, type Fields, fieldsOf, parseFields, textOf, textsOf } from './json.ts';
import { type MarketChannels, PUBLIC_CHANNELS, type PublicChannel } from './market-channels.ts';
import { isTaken, type OrderEntry, type OrderName, type OrderWords } from './order-entry.ts';
import { isoText } from './order-text.ts';
import { ENGINE, type KrakenRates } from './rates.ts';

const SNAPSHOT_TRADES = 50;
/** A heartbeat comes when nothing else has for so long. */
const HEARTBEAT_NS = 1e9;

export interface ConversationSetup {
  readonly exchange: VenueExchange;
  readonly auth: KrakenAuth;
  readonly rates: KrakenRates;
  readonly entry: OrderEntry;
  readonly deadMan: DeadMan;
  readonly channels: MarketChannels;
  readonly reports: ExecutionReports;
  readonly closed: (conversation: Conversation) => void;
}

export class Conversation implements FaceConversation {
  readonly #setup: ConversationSetup;
  readonly #socket: FaceSocket;
  readonly #tokens = new Set<string>();
  /** Whose executions, and whose balances, are told. */
  #executions: { readonly account: string; readonly hasRates: boolean } | undefined;
  #balances = '';
  #sequences = { executions: 0, balances: 0 };
  /** Reports of a request that is being done come behind its answer. */
  #held: { readonly text: string; readonly kind: FrameKind }[] | undefined;
  #isSubscribed = false;
  #saidNs: number;

  constructor(setup: ConversationSetup, socket: FaceSocket, connection: number) {
    this.#setup = setup;
    const { exchange } = setup;
    this.#saidNs = exchange.nowNs();
    this.#socket = {
      send: (text, kind) => this.#say(text, kind, socket),
      close: (code, reason) => socket.close(code, reason),
    };
    const status = { version: '2.0.10', system: 'online', api_version: 'v2', connection_id: connection };
    this.#tell({ channel: 'status', type: 'update', data: [status] });
  }

  message(text: string): void {
    const timeIn = this.#now();
    const request = parseFields(text);
    if (request === undefined) return this.#tell({ error: 'Malformed request', success: false });
    const method = textOf(request['method']);
    const params = fieldsOf(request['params']);
    const id = textOf(request['req_id']);
    const answer = (fields: object, kind: 'ack' | 'other' = 'other') => {
      const reqId = /^-?\d{1,19}$/u.test(id) ? { req_id: digits(BigInt(id).toString()) } : {};
      const times = { time_in: timeIn, time_out: this.#now() };
      this.#socket.send(JSON.stringify({ method, ...reqId, ...fields, ...times }), kind);
    };
    const isOrder = !['ping', 'subscribe', 'unsubscribe'].includes(method);
    this.#held = [];
    try {
      if (method === 'ping') answer({ method: 'pong' });
      else if (method === 'subscribe') this.#subscribe(params, answer);
      else if (method === 'unsubscribe') this.#unsubscribe(params, answer);
      else this.#order(method, params, (fields) => answer(fields, 'ack'));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer({ success: false, error: error.message, ...symbolOf(params) }, isOrder ? 'ack' : 'other');
    } finally {
      const held = this.#held;
      this.#held = undefined;
      for (const { text: report, kind } of held) this.#socket.send(report, kind);
    }
  }

  closed(): void {
    this.#setup.channels.forget(this.#socket);
    this.#setup.closed(this);
  }

  /** An order of an account is another. */
  changed(
    order: ExchangeOrder,
    change: 'new' | 'rejected' | 'amended' | 'cancelled' | 'fill',
    fill?: ExchangeFill,
  ): void {
    const { reports, rates, exchange } = this.#setup;
    if (this.#executions?.account === order.account && isTaken(order)) {
      const data = change === 'fill' ? reports.filled(fill!) : reports.changed(order, change);
      const nowMs = exchange.nowMs();
      const count = this.#executions.hasRates
        ? { ratecount: Math.round(rates.count(order.account, order.market, nowMs)) }
        : {};
      // The trade comes first, behind it may be the end of the order.
      for (const [i, report] of data.entries()) {
        const kind = change === 'fill' && i === 0 ? 'fill' : 'private';
        this.#private('executions', 'update', [{ ...report, ...count }], kind);
      }
    }
    if (this.#balances === order.account && fill !== undefined) this.#tellBalances('update', fill);
  }

  turn(nowNs: number): void {
    if (this.#isSubscribed && nowNs - this.#saidNs >= HEARTBEAT_NS) this.#tell({ channel: 'heartbeat' });
  }

  #subscribe(params: Fields, answer: (fields: object) => void): void {
    const channel = textOf(params['channel']);
    if (channel === 'executions') return this.#subscribeExecutions(params, answer);
    if (channel === 'balances') {
      this.#balances = this.#keyOf(params).account;
      this.#isSubscribed = true;
      answer({ result: { channel, snapshot: true }, success: true });
      return this.#tellBalances('snapshot');
    }
    const name = publicChannel(channel);
    for (const { symbol, begin } of this.#setup.channels.subscribe(this.#socket, name, params)) {
      try {
        const { result, snapshot } = begin();
        this.#isSubscribed = true;
        answer({ result, success: true });
        if (snapshot !== undefined) this.#socket.send(JSON.stringify(snapshot), 'market');
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        answer({ success: false, error: error.message, symbol });
      }
    }
  }

  #subscribeExecutions(params: Fields, answer: (fields: object) => void): void {
    const { exchange, reports } = this.#setup;
    const { account } = this.#keyOf(params);
    this.#isSubscribed = true;
    this.#executions = { account, hasRates: textOf(params['ratecounter']) === 'true' };
    const hasOrders = textOf(params['snap_orders']) !== 'false';
    const hasTrades = textOf(params['snap_trades']) === 'true';
    const result = {
      channel: 'executions',
      maxratecount: ENGINE.most,
      snap_orders: hasOrders,
      snap_trades: hasTrades,
    };
    answer({ result, success: true });
    const trades = hasTrades ? exchange.fills(account).slice(-SNAPSHOT_TRADES) : [];
    const orders = hasOrders ? exchange.openOrders(account) : [];
    const data = [...orders.map((order) => reports.open(order)), ...trades.map((fill) => reports.trade(fill))];
    this.#private('executions', 'snapshot', data);
  }

  #unsubscribe(params: Fields, answer: (fields: object) => void): void {
    const channel = textOf(params['channel']);
    if (channel === 'executions' || channel === 'balances') {
      if (channel === 'executions') this.#executions = undefined;
      else this.#balances = '';
      return answer({ result: { channel }, success: true });
    }
    const name = publicChannel(channel);
    for (const { result } of this.#setup.channels.unsubscribe(this.#socket, name, params)) {
      answer({ result, success: true });
    }
  }

  #order(method: string, params: Fields, answer: (fields: object) => void): void {
    const { entry, deadMan } = this.#setup;
    const key = this.#keyOf(params);
    const done = (result: object) => answer({ result, success: true });
    if (method === 'add_order') return done(nameOf(entry.add(key, orderWords(params))));
    if (method === 'amend_order') {
      const order = entry.amend(key, orderName(params), textOf(params['limit_price']), textOf(params['order_qty']));
      return done({ amend_id: tradeText(order.number), ...nameOf(order) });
    }
    if (method === 'cancel_all') return done({ count: entry.cancelAll(key) });
    if (method === 'cancel_all_orders_after') {
      return done(deadMan.set(key, Number(textOf(params['timeout']))));
    }
    if (method === 'batch_add') return answer(this.#batchAdd(key, params));
    if (method === 'cancel_order') return this.#cancel(key, params, answer);
    if (method !== 'batch_cancel') throw new Refusal(`Method(s) not found ${method}`);
    let count = 0;
    const names = [...idsOf(params['orders']), ...clientIdsOf(params['cl_ord_id'])];
    for (const name of names) {
      try {
        entry.cancel(key, name);
        count++;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    answer({ result: { count }, orders_cancelled: count, success: true });
  }

  /** One answer for each order. */
  #cancel(key: ExchangeKey, params: Fields, answer: (fields: object) => void): void {
    const names = [...idsOf(params['order_id']), ...clientIdsOf(params['cl_ord_id'])];
    if (names.length === 0) throw new Refusal('EGeneral:Invalid arguments:order_id');
    for (const name of names) {
      try {
        answer({ result: nameOf(this.#setup.entry.cancel(key, name)), success: true });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        answer({ success: false, error: error.message });
      }
    }
  }

  /** All of the orders are taken or none, as far as their words go. */
  #batchAdd(key: ExchangeKey, params: Fields): object {
    const list = params['orders'];
    const words = (Array.isArray(list) ? (list as readonly unknown[]) : []).map((each) =>
      orderWords({ ...fieldsOf(each), symbol: params['symbol'] }),
    );
    if (words.length < 2 || words.length > 15) throw new Refusal('EGeneral:Invalid arguments:orders');
    for (const each of words) this.#setup.entry.terms(key, each);
    return { result: words.map((each) => nameOf(this.#setup.entry.add(key, each))), success: true };
  }

  #keyOf(params: Fields): ExchangeKey {
    const token = textOf(params['token']);
    const key = this.#setup.auth.keyOfToken(token, this.#tokens);
    if (key === undefined) throw new Refusal('ESession:Invalid session');
    this.#tokens.add(token);
    return key;
  }

  #tellBalances(type: 'snapshot' | 'update', fill?: ExchangeFill): void {
    const all = this.#setup.exchange.balances(this.#balances);
    const instrument = fill === undefined ? undefined : this.#setup.exchange.instruments[fill.order.market]!;
    const data = all
      .filter(
        ({ currency }) => instrument === undefined || currency === instrument.base || currency === instrument.quote,
      )
      .map(({ currency, total }) => {
        const balance = digits(total);
        const asset = { asset: currency, asset_class: 'currency', balance };
        return Object.assign(
          asset,
          fill === undefined
            ? { wallets: [{ type: 'spot', id: 'main', balance }] }
            : { type: 'trade', wallet_type: 'spot', wallet_id: 'main', ref_id: tradeText(fill.number) },
        );
      });
    this.#private('balances', type, data);
  }

  #private(
    channel: 'executions' | 'balances',
    type: string,
    data: readonly object[],
    kind: FrameKind = 'private',
  ): void {
    const text = JSON.stringify({ channel, type, data, sequence: ++this.#sequences[channel] });
    if (this.#held === undefined) this.#socket.send(text, kind);
    else this.#held.push({ text, kind });
  }

  #tell(fields: object): void {
    this.#socket.send(JSON.stringify(fields), 'other');
  }

  #say(text: string, kind: Parameters<FaceSocket['send']>[1], socket: FaceSocket): void {
    this.#saidNs = this.#setup.exchange.nowNs();
    socket.send(text, kind);
  }

  #now(): string {
    return isoText(this.#setup.exchange, this.#setup.exchange.nowNs());
  }
}

function publicChannel(name: string): PublicChannel {
  const channel = PUBLIC_CHANNELS.find((each) => each === name);
  if (channel === undefined) throw new Refusal('Subscription name invalid');
  return channel;
}

function symbolOf(params: Fields): object {
  const [symbol] = textsOf(params['symbol']);
  return symbol === undefined ? {} : { symbol };
}

function nameOf(order: ExchangeOrder): object {
  const id = { order_id: orderText(order.number) };
  return order.clientId === '' ? id : { ...id, cl_ord_id: order.clientId };
}

function idsOf(value: unknown): readonly OrderName[] {
  return textsOf(value).map((id) => ({ id, clientId: '' }));
}

function clientIdsOf(value: unknown): readonly OrderName[] {
  return textsOf(value).map((clientId) => ({ id: '', clientId }));
}

function orderName(params: Fields): OrderName {
  return { id: textOf(params['order_id']), clientId: textOf(params['cl_ord_id']) };
}

function orderWords(params: Fields): OrderWords {
  return {
    pair: textOf(params['symbol']),
    side: textOf(params['side']),
    type: textOf(params['order_type']),
    price: textOf(params['limit_price']),
    size: textOf(params['order_qty']),
    timeInForce: textOf(params['time_in_force']),
    isPostOnly: textOf(params['post_only']) === 'true',
    isReduceOnly: textOf(params['reduce_only']) === 'true',
    clientId: textOf(params['cl_ord_id']),
  };
}

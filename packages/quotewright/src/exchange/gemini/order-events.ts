/**
 * `wss://…/v1/order/events` of the local Gemini: what becomes of an account's orders, each message with the next `socket_sequence`.
 * Source: docs.gemini.com, "Order Events".
 */
import type {
  ExchangeFill,
  ExchangeOrder,
  FaceConversation,
  FaceRequest,
  FaceSocket,
  VenueExchange,
} from '../contract.ts';
import type { ExchangeKey } from '../contract.ts';
import { isCancelledAtOnce, optionsOf, orderFields, reasonOf } from './render.ts';
import { trimmed } from '../decimals.ts';

const HEARTBEAT_NS = 5e9;

interface Listener {
  readonly socket: FaceSocket;
  readonly key: ExchangeKey;
  readonly types: readonly string[];
  readonly symbols: readonly string[];
  readonly hasHeartbeat: boolean;
  sequence: number;
  heartbeats: number;
}

export class OrderEvents {
  readonly #exchange: VenueExchange;
  readonly #listeners = new Set<Listener>();
  /** Taken in this turn: those that stand at its end are booked. */
  readonly #fresh: ExchangeOrder[] = [];
  #heartbeatNs = 0;
  #events = 0;

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
  }

  connect(socket: FaceSocket, { query }: FaceRequest, key: ExchangeKey): FaceConversation {
    const listener: Listener = {
      socket,
      key,
      types: query.getAll('eventTypeFilter'),
      symbols: query.getAll('symbolFilter'),
      hasHeartbeat: query.get('heartbeat') !== 'false',
      sequence: 0,
      heartbeats: 0,
    };
    const acknowledgement = {
      type: 'subscription_ack',
      accountId: 1,
      subscriptionId: `ws-order-events-1-${this.#exchange.nowMs()}`,
      symbolFilter: listener.symbols,
      apiSessionFilter: [],
      eventTypeFilter: listener.types,
    };
    socket.send(JSON.stringify(acknowledgement), 'other');
    for (const order of this.#exchange.openOrders(key.account)) this.#tell(listener, order, 'initial');
    this.#listeners.add(listener);
    return { message: () => undefined, closed: () => this.#listeners.delete(listener) };
  }

  order(
    order: ExchangeOrder,
    change: 'new' | 'rejected' | 'amended' | 'cancelled' | 'fill',
    fill?: ExchangeFill,
  ): void {
    if (change === 'new') {
      this.#send(order, 'accepted');
      this.#fresh.push(order);
    } else if (change === 'fill') {
      this.#send(order, 'fill', fill);
      if (order.status === 'filled') this.#send(order, 'closed');
    } else if (change === 'cancelled' || isCancelledAtOnce(order)) {
      if (change === 'rejected') this.#send(order, 'accepted');
      this.#send(order, 'cancelled');
      this.#send(order, 'closed');
    } else if (change === 'rejected') this.#send(order, 'rejected');
  }

  turn(nowNs: number): void {
    for (const order of this.#fresh.splice(0)) if (order.status === 'open') this.#send(order, 'booked');
    if (nowNs - this.#heartbeatNs < HEARTBEAT_NS) return;
    this.#heartbeatNs = nowNs;
    for (const listener of this.#listeners) {
      if (!listener.hasHeartbeat) continue;
      const heartbeat = {
        type: 'heartbeat',
        timestampms: this.#exchange.nowMs(),
        sequence: listener.heartbeats++,
        trace_id: 'quotewright',
        socket_sequence: listener.sequence++,
      };
      listener.socket.send(JSON.stringify(heartbeat), 'other');
    }
  }

  #send(order: ExchangeOrder, type: string, fill?: ExchangeFill): void {
    for (const listener of this.#listeners)
      if (listener.key.account === order.account) this.#tell(listener, order, type, fill);
  }

  #tell(listener: Listener, order: ExchangeOrder, type: string, fill?: ExchangeFill): void {
    const { types, symbols, key, socket } = listener;
    const { price, size, symbol } = this.#exchange.instruments[order.market]!;
    if ((types.length > 0 && !types.includes(type)) || (symbols.length > 0 && !symbols.includes(symbol))) return;
    const [behavior] = optionsOf(order);
    const event = {
      ...orderFields(this.#exchange, order),
      type,
      api_session: key.key,
      order_type: 'exchange limit',
      ...(behavior === undefined ? {} : { behavior }),
      ...(type === 'initial' ? {} : { event_id: String(++this.#events) }),
      ...(type === 'rejected' ? { reason: reasonOf(order.reason) } : {}),
      ...(fill === undefined
        ? {}
        : {
            fill: {
              trade_id: String(fill.number),
              liquidity: fill.isMaker ? 'Maker' : 'Taker',
              price: price.format(fill.priceTicks),
              amount: trimmed(size.format(fill.sizeLots)),
              fee: fill.fee,
              fee_currency: fill.feeCurrency,
            },
          }),
      socket_sequence: listener.sequence++,
    };
    socket.send(JSON.stringify([event]), fill === undefined ? 'private' : 'fill');
  }
}

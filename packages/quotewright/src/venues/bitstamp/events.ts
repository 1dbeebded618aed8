/**
 * Bitstamp's private events: `private-my_orders_<symbol>-<user>` and `private-my_trades_<symbol>-<user>`.
 * Source: www.bitstamp.net/websocket/v2, "Private channels"; shapes as recorded in 2023.
 */
import { UnixUnit, unixTextToNs } from '@quotewright/core/base/time';
import { asDecimal, asObject, asText, isObject, parseJson } from '../../data/json.ts';

export interface PrivateEvent {
  /** `order_created`, `order_changed`, `order_deleted`, `trade`, `bts:…`. */
  readonly event: string;
  readonly channel: string;
  readonly symbol: string;
  /** Of an order or of the order that traded. */
  readonly venueId: string;
  readonly clientId: string;
  /** Of a trade. */
  readonly tradeId: string;
  readonly price: string;
  /** Of an order what is left, of a trade what traded. */
  readonly amount: string;
  readonly fee: string;
  readonly venueNs: number;
  /** Of `bts:error`. */
  readonly message: string;
}

const CHANNEL = /^private-my_(?:orders|trades)_(.+)-\d+$/u;

/** Undefined when it is unreadable. */
export function readEvent(bytes: Uint8Array, epochDay: number): PrivateEvent | undefined {
  const message = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  if (!isObject(message)) return undefined;
  const event = asText(message['event']);
  const channel = asText(message['channel']);
  const data = asObject(message['data']) ?? {};
  if (event === '') return undefined;
  const id = asText(data['id_str']) || asDecimal(data['id']);
  const isTrade = event === 'trade';
  return {
    event,
    channel,
    symbol: CHANNEL.exec(channel)?.[1] ?? '',
    venueId: isTrade ? asDecimal(data['order_id']) : id,
    clientId: asText(data['client_order_id']),
    tradeId: isTrade ? id : '',
    price: asText(data['price_str']) || asDecimal(data['price']),
    amount: asText(data['amount_str']) || asDecimal(data['amount']),
    fee: asDecimal(data['fee']),
    venueNs: unixTextToNs(asDecimal(data['microtimestamp']), UnixUnit.MICROS, epochDay),
    message: asDecimal(data['message']),
  };
}

/**
 * Gemini's private order events: a JSON array of events in the order in which they happened, or an object (acknowledgement, heartbeat, error).
 * Every message has a number, one more than the one before; the events of one array share it or count on.
 * Source: docs.gemini.com, "Order Events".
 */
import { asDecimal, asInteger, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';

export interface OrderEvent {
  readonly type: string;
  readonly symbol: string;
  readonly venueId: string;
  readonly clientId: string;
  readonly isBuy: boolean;
  readonly price: string;
  readonly originalAmount: string;
  readonly remainingAmount: string;
  readonly reason: string;
  /** Of `fill`. */
  readonly fill: OrderFill | undefined;
}

export interface OrderFill {
  readonly tradeId: string;
  readonly isMaker: boolean;
  readonly price: string;
  readonly amount: string;
  readonly fee: string;
}

export class EventReader {
  /** Of the last message: the number of its last event, NaN when it has none. */
  sequence = Number.NaN;
  /** Messages are missing between the last one and the one before. */
  hasGap = false;
  #last = Number.NaN;

  reset(): void {
    this.#last = Number.NaN;
    this.hasGap = false;
  }

  /** @returns the events; the object of an acknowledgement or the like; undefined when it is unreadable */
  read(bytes: Uint8Array): readonly OrderEvent[] | JsonObject | undefined {
    this.hasGap = false;
    const message = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    if (Array.isArray(message)) {
      const events: OrderEvent[] = [];
      for (const entry of message as readonly unknown[]) {
        if (!isObject(entry)) return undefined;
        this.#count(entry);
        events.push(eventOf(entry));
      }
      return events;
    }
    if (!isObject(message)) return undefined;
    this.#count(message);
    return message;
  }

  #count(entry: JsonObject): void {
    const sequence = asInteger(entry['socket_sequence']);
    this.sequence = sequence;
    if (Number.isNaN(sequence)) return;
    if (sequence !== this.#last && sequence !== this.#last + 1 && !Number.isNaN(this.#last)) this.hasGap = true;
    this.#last = sequence;
  }
}

function eventOf(entry: JsonObject): OrderEvent {
  const fill = entry['fill'];
  return {
    type: asText(entry['type']),
    symbol: asText(entry['symbol']).toLowerCase(),
    venueId: asDecimal(entry['order_id']),
    clientId: asText(entry['client_order_id']),
    isBuy: entry['side'] === 'buy',
    price: asDecimal(entry['price']),
    originalAmount: asDecimal(entry['original_amount']),
    remainingAmount: asDecimal(entry['remaining_amount']),
    reason: asText(entry['reason']),
    fill: isObject(fill)
      ? {
          tradeId: asDecimal(fill['trade_id']),
          isMaker: asText(fill['liquidity']) === 'Maker',
          price: asDecimal(fill['price']),
          amount: asDecimal(fill['amount']),
          fee: asDecimal(fill['fee']),
        }
      : undefined,
  };
}

/**
 * Coinbase Advanced Trade frames by `JSON.parse`: whatever the scanner (`decode.ts`) leaves. Reads the same as it, in any order of fields.
 * A message that cannot be read answers what is wrong with it, in words.
 */
import { Side } from '@quotewright/core/market/side';
import type { Instrument } from '@quotewright/core/market/instrument';
import { parseIsoNs } from '@quotewright/core/base/time';
import { asInteger, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { FeedBook } from '../feed-book.ts';

export interface ParsedFrame {
  readonly channel: string;
  /** NaN: it has none, as errors do. */
  readonly seq: number;
  readonly sentNs: number;
  readonly events: readonly JsonObject[];
  /** Of `type: error`. */
  readonly error: string;
}

export interface ParsedPrint {
  readonly symbol: string;
  readonly price: string;
  readonly size: string;
  readonly id: number;
  readonly venueNs: number;
  readonly taker: Side;
}

/** @returns undefined when it is no frame of this venue */
export function parseFrame(text: string, epochDay: number): ParsedFrame | undefined {
  const message = parseJson(text);
  if (!isObject(message)) return undefined;
  if (message['type'] === 'error') {
    return { channel: '', seq: Number.NaN, sentNs: Number.NaN, events: [], error: asText(message['message']) };
  }
  const channel = asText(message['channel']);
  const seq = asInteger(message['sequence_num']);
  const events = message['events'];
  if (channel === '' || !(seq >= 0) || !Array.isArray(events) || !events.every(isObject)) return undefined;
  return { channel, seq, sentNs: parseIsoNs(asText(message['timestamp']), epochDay), events, error: '' };
}

/** Stages the levels of an `l2_data` event. @returns the venue's time of the last one; NaN when one of them is unreadable */
export function stageLevels(event: JsonObject, instrument: Instrument, book: FeedBook, epochDay: number): number {
  book.begin();
  const updates = event['updates'];
  if (!Array.isArray(updates) || (event['type'] !== 'update' && event['type'] !== 'snapshot')) return Number.NaN;
  // A snapshot of an empty book has no time of its own.
  let venueNs = updates.length === 0 ? 0 : Number.NaN;
  for (const update of updates) {
    if (!isObject(update)) return Number.NaN;
    const { side } = update;
    const priceTicks = instrument.price.parse(asText(update['price_level']));
    const sizeLots = instrument.size.parse(asText(update['new_quantity']));
    venueNs = parseIsoNs(asText(update['event_time']), epochDay);
    if ((side !== 'bid' && side !== 'offer') || !(priceTicks > 0) || !(sizeLots >= 0) || venueNs !== venueNs) {
      return Number.NaN;
    }
    book.level(side === 'bid' ? Side.BUY : Side.SELL, priceTicks, sizeLots);
  }
  return venueNs;
}

/** A print of a `market_trades` event; its side is the maker's. @returns undefined when it is unreadable */
export function parsePrint(trade: unknown, epochDay: number): ParsedPrint | undefined {
  if (!isObject(trade)) return undefined;
  const { side } = trade;
  const id = asInteger(trade['trade_id']);
  const venueNs = parseIsoNs(asText(trade['time']), epochDay);
  if ((side !== 'BUY' && side !== 'SELL') || !(id >= 0) || venueNs !== venueNs) return undefined;
  return {
    symbol: asText(trade['product_id']),
    price: asText(trade['price']),
    size: asText(trade['size']),
    id,
    venueNs,
    taker: side === 'BUY' ? Side.SELL : Side.BUY,
  };
}

/**
 * Order requests of WebSocket v2, written into one buffer: no strings and no objects for a request.
 * Source: docs.kraken.com/exchange/api-reference/spot-websocket-v2 (add_order, amend_order, cancel_order).
 */
import type { Grid } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import { OrderFlag } from '@quotewright/core/trading/records';
import { ascii, DOT, MINUS, ZERO } from '../scan/bytes.ts';

const { BUY, POST_ONLY, REDUCE_ONLY, IOC } = OrderFlag;
const BYTES = 1024;
/** Digits of 2^53. */
const MOST_DIGITS = 16;

const LIMIT_PRICE = ascii(',"limit_price":');
const ORDER_QTY = ascii(',"order_qty":');
const CLIENT_ID = ascii(',"cl_ord_id":"');
const CLIENT_IDS = ascii(',"cl_ord_id":["');
const ORDER_IDS = ascii(',"order_id":["');
const QUOTE = ascii('"');
const QUOTES = ascii('"]');
const POST = ascii(',"post_only":true');
const REDUCE = ascii(',"reduce_only":true');
const IMMEDIATE = ascii(',"time_in_force":"ioc"');
const REQUEST = ascii('},"req_id":');
const END = ascii('}');

export class RequestEncoder {
  readonly #bytes = Buffer.alloc(BYTES);
  readonly #digits = new Uint8Array(MOST_DIGITS);
  readonly #instruments: readonly Instrument[];
  /** `tag-` of the client ids. */
  readonly #tag: Uint8Array;
  /** By instrument: the beginning of an order to buy, and to sell. */
  #buys: readonly Uint8Array[] = [];
  #sells: readonly Uint8Array[] = [];
  #amend: Uint8Array = new Uint8Array();
  #cancel: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(instruments: readonly Instrument[], tag: string) {
    this.#instruments = instruments;
    this.#tag = ascii(`${tag}-`);
  }

  /** Requests carry the token of the connection. */
  setToken(token: string): void {
    const text = JSON.stringify(token);
    const begin = (side: string) =>
      this.#instruments.map(({ symbol }) =>
        Buffer.from(
          `{"method":"add_order","params":{"order_type":"limit","side":"${side}","symbol":${JSON.stringify(symbol)},"fee_preference":"quote","token":${text}`,
        ),
      );
    this.#buys = begin('buy');
    this.#sells = begin('sell');
    this.#amend = Buffer.from(`{"method":"amend_order","params":{"token":${text}`);
    this.#cancel = Buffer.from(`{"method":"cancel_order","params":{"token":${text}`);
  }

  /** The frame is valid until the next one is made. */
  add(
    instrument: number,
    number: number,
    flags: number,
    priceTicks: number,
    sizeLots: number,
    request: number,
  ): Uint8Array {
    const { price, size } = this.#instruments[instrument]!;
    this.#at = 0;
    this.#put((flags & BUY) === 0 ? this.#sells[instrument]! : this.#buys[instrument]!);
    this.#put(LIMIT_PRICE);
    this.#steps(price, priceTicks);
    this.#put(ORDER_QTY);
    this.#steps(size, sizeLots);
    this.#put(CLIENT_ID);
    this.#name(number);
    this.#put(QUOTE);
    if ((flags & POST_ONLY) !== 0) this.#put(POST);
    if ((flags & REDUCE_ONLY) !== 0) this.#put(REDUCE);
    if ((flags & IOC) !== 0) this.#put(IMMEDIATE);
    return this.#end(request);
  }

  amend(
    instrument: number,
    number: number,
    isPostOnly: boolean,
    priceTicks: number,
    sizeLots: number,
    request: number,
  ): Uint8Array {
    const { price, size } = this.#instruments[instrument]!;
    this.#at = 0;
    this.#put(this.#amend);
    this.#put(LIMIT_PRICE);
    this.#steps(price, priceTicks);
    this.#put(ORDER_QTY);
    this.#steps(size, sizeLots);
    this.#put(CLIENT_ID);
    this.#name(number);
    this.#put(QUOTE);
    if (isPostOnly) this.#put(POST);
    return this.#end(request);
  }

  cancel(number: number, request: number): Uint8Array {
    this.#at = 0;
    this.#put(this.#cancel);
    this.#put(CLIENT_IDS);
    this.#name(number);
    this.#put(QUOTES);
    return this.#end(request);
  }

  /** Of an order that is not ours. */
  cancelByVenueId(venueId: string, request: number): Uint8Array {
    this.#at = 0;
    this.#put(this.#cancel);
    this.#put(ORDER_IDS);
    this.#put(ascii(venueId));
    this.#put(QUOTES);
    return this.#end(request);
  }

  #end(request: number): Uint8Array {
    this.#put(REQUEST);
    this.#integer(request, 10, 0);
    this.#put(END);
    return this.#bytes.subarray(0, this.#at);
  }

  #name(number: number): void {
    this.#put(this.#tag);
    this.#integer(number, 36, 0);
  }

  #steps({ numerator, scale }: Grid, steps: number): void {
    this.#integer(steps * numerator, 10, scale);
  }

  /** A whole number of a base, with so many decimals (negative: zeros behind it). */
  #integer(value: number, base: number, decimals: number): void {
    const bytes = this.#bytes;
    const digits = this.#digits;
    let rest = value;
    if (rest < 0) {
      bytes[this.#at++] = MINUS;
      rest = -rest;
    }
    let count = 0;
    do {
      const next = Math.floor(rest / base);
      digits[count++] = rest - next * base;
      rest = next;
    } while (rest > 0);
    for (let i = Math.max(count, decimals + 1) - 1; i >= 0; i--) {
      const digit = i < count ? digits[i]! : 0;
      bytes[this.#at++] = digit < 10 ? ZERO + digit : 87 + digit;
      if (i === decimals && decimals > 0) bytes[this.#at++] = DOT;
    }
    for (let i = decimals; i < 0; i++) bytes[this.#at++] = ZERO;
  }

  #put(part: Uint8Array): void {
    this.#bytes.set(part, this.#at);
    this.#at += part.length;
  }
}

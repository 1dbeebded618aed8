/**
 * Order requests of spot's WebSocket API as text: `order.place`, `order.cancel` ("Trading requests" of the WebSocket API). The names of the
 * parameters stand in order already, as the signature wants them. The id of a request says what it was and for which order, so that nothing
 * has to be remembered until the answer.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import { OrderFlag } from '@quotewright/core/trading/records';
import { RECEIVE_WINDOW_MS } from './pages.ts';
import type { Signer } from './sign.ts';

const { BUY, POST_ONLY, IOC, FOK } = OrderFlag;
const RADIX = 36;

export const RequestLetter = { PLACE: 'p', CANCEL: 'c' } as const;
export type RequestLetter = (typeof RequestLetter)[keyof typeof RequestLetter];

/** `p<order>.<instrument>.<side>`. */
export function requestId(letter: RequestLetter, orderId: number, index: number, flags: number): string {
  return `${letter}${orderId.toString(RADIX)}.${index.toString(RADIX)}.${flags & BUY}`;
}

export interface RequestName {
  readonly letter: RequestLetter;
  readonly orderId: number;
  readonly index: number;
  readonly isBuy: boolean;
}

export function readRequestId(id: string): RequestName | undefined {
  const parts = /^([pc])([0-9a-z]{1,11})\.([0-9a-z]{1,4})\.([01])$/u.exec(id);
  if (parts === null) return undefined;
  const letter = parts[1] === 'p' ? RequestLetter.PLACE : RequestLetter.CANCEL;
  return {
    letter,
    orderId: Number.parseInt(parts[2]!, RADIX),
    index: Number.parseInt(parts[3]!, RADIX),
    isBuy: parts[4] === '1',
  };
}

export class SocketRequests {
  readonly #signer: Signer;
  /** Requests carry key and signature; not those of a session that is logged in. */
  isSigned = true;

  constructor(signer: Signer) {
    this.#signer = signer;
  }

  place(
    id: string,
    clientId: string,
    instrument: Instrument,
    flags: number,
    priceTicks: number,
    sizeLots: number,
    unixMs: number,
  ): string {
    const price = instrument.price.format(priceTicks);
    const size = instrument.size.format(sizeLots);
    const side = (flags & BUY) === 0 ? 'SELL' : 'BUY';
    const tif = (flags & POST_ONLY) === 0 ? timeInForce(flags) : '';
    const type = tif === '' ? 'LIMIT_MAKER' : 'LIMIT';
    const ms = Math.round(unixMs);
    const json =
      `"newClientOrderId":"${clientId}","newOrderRespType":"ACK","price":"${price}","quantity":"${size}","recvWindow":${RECEIVE_WINDOW_MS},` +
      `"side":"${side}","symbol":"${instrument.symbol}",${tif === '' ? '' : `"timeInForce":"${tif}",`}"timestamp":${ms},"type":"${type}"`;
    const query = this.isSigned
      ? `newClientOrderId=${clientId}&newOrderRespType=ACK&price=${price}&quantity=${size}&recvWindow=${RECEIVE_WINDOW_MS}` +
        `&side=${side}&symbol=${instrument.symbol}${tif === '' ? '' : `&timeInForce=${tif}`}&timestamp=${ms}&type=${type}`
      : '';
    return this.#frame(id, 'order.place', json, query);
  }

  /** @param name `origClientOrderId` and our name of it as JSON and as they are, or `orderId` and the venue's */
  cancel(id: string, name: 'orderId' | 'origClientOrderId', value: string, symbol: string, unixMs: number): string {
    const ms = Math.round(unixMs);
    const quoted = name === 'orderId' ? value : `"${value}"`;
    const json = `"${name}":${quoted},"recvWindow":${RECEIVE_WINDOW_MS},"symbol":"${symbol}","timestamp":${ms}`;
    return this.#frame(
      id,
      'order.cancel',
      json,
      `${name}=${value}&recvWindow=${RECEIVE_WINDOW_MS}&symbol=${symbol}&timestamp=${ms}`,
    );
  }

  /** `session.logon`, `userDataStream.subscribe.signature`: always signed. */
  signed(id: string, method: string, unixMs: number): string {
    const ms = Math.round(unixMs);
    const signature = this.#signer.sign(`apiKey=${this.#signer.key}&recvWindow=${RECEIVE_WINDOW_MS}&timestamp=${ms}`);
    return (
      `{"id":"${id}","method":"${method}","params":{"apiKey":"${this.#signer.key}","recvWindow":${RECEIVE_WINDOW_MS},` +
      `"signature":"${signature}","timestamp":${ms}}}`
    );
  }

  #frame(id: string, method: string, json: string, query: string): string {
    if (!this.isSigned) return `{"id":"${id}","method":"${method}","params":{${json}}}`;
    const { key } = this.#signer;
    const signature = this.#signer.sign(`apiKey=${key}&${query}`);
    return `{"id":"${id}","method":"${method}","params":{"apiKey":"${key}",${json},"signature":"${signature}"}}`;
  }
}

export function timeInForce(flags: number): 'IOC' | 'FOK' | 'GTC' {
  if ((flags & IOC) !== 0) return 'IOC';
  return (flags & FOK) === 0 ? 'GTC' : 'FOK';
}

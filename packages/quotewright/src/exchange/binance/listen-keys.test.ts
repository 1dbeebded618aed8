/** The hour of a listen key, and who is told of what. */
import { Side } from '@quotewright/core/market/side';
import { expect, it } from 'vitest';
import type { FaceSocket } from '../contract.ts';
import { handExchange } from '../testing/hand-exchange.ts';
import { binanceUsdmFace } from './face.ts';
import { ListenKeys } from './listen-keys.ts';

const MINUTE_MS = 60_000;

function nameOf(text: string): string | undefined {
  const event: { e?: string } = JSON.parse(text);
  return event.e;
}

/** A connection, and the names of the events that came over it. */
function connection(): { socket: FaceSocket; told: (string | undefined)[] } {
  const told: (string | undefined)[] = [];
  return { socket: { send: (text) => void told.push(nameOf(text)), close: () => undefined }, told };
}

it('a listen key lasts an hour from its last renewal, and is told to have ended', () => {
  const keys = new ListenKeys();
  const { socket, told } = connection();
  expect(() => keys.renew('one', 0)).toThrow('This listenKey does not exist.');
  const key = keys.start('one', 0);
  expect([keys.listen(socket, 'none', null), keys.listen(socket, key, null)]).toEqual([false, true]);
  expect(keys.renew('one', 59 * MINUTE_MS)).toBe(key);
  expect(keys.start('one', 118 * MINUTE_MS)).toBe(key);
  keys.turn(177 * MINUTE_MS);
  keys.tell('one', { e: 'ORDER_TRADE_UPDATE' }, 'private');
  expect(told).toEqual(['ORDER_TRADE_UPDATE']);
  keys.turn(178 * MINUTE_MS);
  keys.tell('one', { e: 'ORDER_TRADE_UPDATE' }, 'private');
  expect(told).toEqual(['ORDER_TRADE_UPDATE', 'listenKeyExpired']);
  expect(() => keys.renew('one', 178 * MINUTE_MS)).toThrow('This listenKey does not exist.');
  expect(keys.listen(socket, key, null)).toBe(false);
  expect(keys.start('one', 179 * MINUTE_MS)).not.toBe(key);
});

it('tells of orders who listens, unless he has named other events', () => {
  const hand = handExchange(binanceUsdmFace);
  const face = binanceUsdmFace.make(hand.exchange);
  const headers = { 'x-mbx-apikey': hand.keys[0]!.key };
  const ask = (method: string): { code?: number; listenKey?: string } => {
    const path = '/fapi/v1/listenKey';
    return JSON.parse(face.http({ method, path, target: path, query: new URLSearchParams(), headers, body: '' }).body);
  };
  const listen = (more: Readonly<Record<string, string>>): (string | undefined)[] | undefined => {
    const query = new URLSearchParams(more);
    const request = { method: 'GET', path: '/private/ws', target: '/private/ws', query, headers: {}, body: '' };
    const { socket, told } = connection();
    return face.connect(socket, request) === undefined ? undefined : told;
  };
  expect([ask('PUT').code, listen({ listenKey: 'none' })]).toEqual([-1125, undefined]);
  const { listenKey = '' } = ask('POST');
  const all = listen({ listenKey })!;
  const named = listen({ listenKey, events: 'ORDER_TRADE_UPDATE/listenKeyExpired' })!;
  const others = listen({ listenKey, events: 'ACCOUNT_UPDATE' })!;
  hand.exchange.place(hand.order({ priceTicks: hand.best(0, Side.BUY) - 10 }));
  expect([all, named, others]).toEqual([['ORDER_TRADE_UPDATE'], ['ORDER_TRADE_UPDATE'], []]);
  ask('DELETE');
  expect(listen({ listenKey })).toBe(undefined);
});

/**
 * Gemini, spoken by the local exchange: public and private REST pages under `/v1`, market data on `/v2/marketdata`, order events on
 * `/v1/order/events`.
 * Source: docs.gemini.com.
 */
import { Instrument } from '@quotewright/core/market/instrument';
import { Bucket, Buckets } from '../bucket.ts';
import type { ExchangeInstrument, Face, FaceMaker, VenueExchange } from '../contract.ts';
import { notFound, refused, tooMany } from './answers.ts';
import { GeminiAuth, isRefused } from './auth.ts';
import { MarketData } from './market-data.ts';
import { OrderEvents } from './order-events.ts';
import { privatePage } from './private-pages.ts';
import { publicPage } from './public-pages.ts';
import { DeadMan } from './dead-man.ts';

/** Tick, lot and least size; others are as Bitcoin's. */
const GRIDS: Readonly<Record<string, readonly [tick: string, lot: string, least: string]>> = {
  ETH: ['0.01', '0.000001', '0.001'],
  SOL: ['0.001', '0.000001', '0.001'],
  XRP: ['0.0001', '0.000001', '0.1'],
};
const BITCOIN = ['0.01', '0.00000001', '0.00001'] as const;
const PUBLIC = 120;
const PRIVATE = 600;

export const geminiFace: FaceMaker = {
  venue: 'gemini',
  instruments: (coins) => coins.map(listed),
  make: makeFace,
};

function listed(coin: string): ExchangeInstrument {
  const [tick, lot, minSize] = GRIDS[coin] ?? BITCOIN;
  const instrument = new Instrument({
    venue: 'gemini',
    symbol: `${coin.toLowerCase()}usd`,
    base: coin,
    quote: 'USD',
    tick,
    lot,
    minSize,
    contract: 'spot',
    fees: { maker: '0.002', taker: '0.004' },
  });
  return { coin, instrument };
}

function makeFace(exchange: VenueExchange): Face {
  const auth = new GeminiAuth(exchange);
  const data = new MarketData(exchange);
  const events = new OrderEvents(exchange);
  const nowMs = () => exchange.nowMs();
  const open = new Bucket(PUBLIC, 60_000, nowMs);
  const closed = new Buckets(PRIVATE, 60_000, nowMs);
  const deadMan = new DeadMan(exchange);
  const end = exchange.listen({
    market: (market, records, from, to) => data.market(market, records, from, to),
    order: (order, change, fill) => events.order(order, change, fill),
    turn: (nowNs) => {
      deadMan.turn(nowNs);
      events.turn(nowNs);
      data.turn(nowNs);
    },
  });
  return {
    http(request) {
      const page = publicPage(exchange, request);
      if (page !== undefined) return open.take() ? page : tooMany(PUBLIC);
      if (request.method !== 'POST') return notFound;
      const checked = auth.check(request);
      if (isRefused(checked)) return checked;
      deadMan.heard(checked.key.account, request.path === '/v1/heartbeat');
      return closed.of(checked.key.key).take() ? privatePage(exchange, request.path, checked) : tooMany(PRIVATE);
    },
    connect(socket, request) {
      if (/^\/v2\/marketdata\/?$/u.test(request.path)) return data.connect(socket);
      if (request.path !== '/v1/order/events') return undefined;
      const checked = auth.check(request);
      if (!isRefused(checked)) return events.connect(socket, request, checked.key);
      socket.send(checked.body, 'other');
      return undefined;
    },
    refusal(fault) {
      if (fault === 'rate-limit') return tooMany(PRIVATE);
      if (fault === 'maintenance') {
        const words =
          'The Gemini Exchange is currently undergoing maintenance. Please check https://status.gemini.com/ for more information.';
        return refused(503, 'Maintenance', words);
      }
      // What stands before the exchange answers for it.
      return {
        status: 502,
        headers: { 'content-type': 'text/html' },
        body: '<html><title>502 Bad Gateway</title></html>',
      };
    },
    close: end,
  };
}

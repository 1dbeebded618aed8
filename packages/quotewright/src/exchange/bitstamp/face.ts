/**
 * Bitstamp, spoken by the local exchange: REST pages under `/api/v2`, and the WebSocket on any path.
 * Source: www.bitstamp.net/api, www.bitstamp.net/websocket/v2.
 */
import { Instrument } from '@quotewright/core/market/instrument';
import type { ExchangeInstrument, Face, FaceMaker, FaceResponse, VenueExchange } from '../contract.ts';
import { lettersOf } from '../letters.ts';
import { badGateway, denied, failed, notFound, ok, tooMany } from './answers.ts';
import { BitstampAuth, isDenied } from './auth.ts';
import { Channels } from './channels.ts';
import { privatePage } from './private-pages.ts';
import { publicPage } from './public-pages.ts';
import { Tokens } from './tokens.ts';
import { Windows } from './windows.ts';

/** Decimals of the price; others have two. */
const TICKS: Readonly<Record<string, string>> = {
  BTC: '1',
  ETH: '0.1',
  XRP: '0.00001',
  ADA: '0.00001',
  DOGE: '0.00001',
};

export const bitstampFace: FaceMaker = {
  venue: 'bitstamp',
  instruments: (coins) => coins.map(listed),
  make: makeFace,
  /** Thirty-two letters and digits each. */
  credential: (random) => ({ key: lettersOf(random(32)), secret: lettersOf(random(32)) }),
};

function listed(coin: string): ExchangeInstrument {
  const instrument = new Instrument({
    venue: 'bitstamp',
    symbol: `${coin.toLowerCase()}usd`,
    base: coin,
    quote: 'USD',
    tick: TICKS[coin] ?? '0.01',
    lot: '0.00000001',
    contract: 'spot',
    minNotional: '10',
    fees: { maker: '0.003', taker: '0.004' },
  });
  return { coin, instrument };
}

function makeFace(exchange: VenueExchange): Face {
  const auth = new BitstampAuth(exchange);
  const tokens = new Tokens(exchange);
  const channels = new Channels(exchange, tokens);
  const windows = new Windows(() => exchange.nowMs());
  const end = exchange.listen({
    market: (market, data, from, to) => channels.market(market, data, from, to),
    order: (order, change, fill) => channels.order(order, change, fill),
    turn: (nowNs) => channels.turn(nowNs),
  });
  const answer = (request: Parameters<Face['http']>[0]): FaceResponse => {
    if (!windows.take()) return tooMany;
    const page = publicPage(exchange, request, channels);
    if (page !== undefined) return page;
    if (request.method !== 'POST')
      return request.path.startsWith('/api/v2/') ? denied(405, '', 'Method not allowed') : notFound;
    const checked = auth.check(request);
    if (isDenied(checked)) return checked;
    if (request.path === '/api/v2/websockets_token/') return ok(tokens.make(checked.account));
    return privatePage(exchange, checked, request.path, new URLSearchParams(request.body));
  };
  return {
    http: answer,
    connect: (socket) => channels.connect(socket),
    refusal(fault) {
      if (fault === 'rate-limit') return tooMany;
      if (fault === 'maintenance') {
        return failed(503, "Bitstamp.net is under scheduled maintenance. We'll be back soon.");
      }
      return badGateway;
    },
    close: end,
  };
}

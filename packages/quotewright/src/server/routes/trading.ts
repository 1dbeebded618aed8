/** Performance, positions, orders, fills and books: all read from the second engine. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { z } from 'zod';
import { findInstrument, instrumentName } from '../../risk/operable.ts';
import type { ServerContext } from '../context.ts';
import type { App } from '../http/app.ts';
import { API } from '../http/openapi.ts';
import { Problem } from '../http/problems.ts';
import type { FillEntry } from '../protocol/stream.ts';
import {
  bookInfo,
  fillInfo,
  orderInfo,
  performanceReport,
  positionInfo,
  seriesQuery,
  seriesReport,
} from '../protocol/trading.ts';
import { bookData } from '../views/book-data.ts';
import { marketMsOrNull } from '../views/market-time.ts';
import { orderList } from './order-list.ts';

const limit = z.coerce.number().int().min(1).max(5000);
const DEPTH = 200;

export function tradingRoutes(app: App, context: ServerContext): void {
  const tags = ['trading'];
  app.get(
    `${API}/performance`,
    {
      schema: {
        tags,
        summary: 'Figures of each strategy, by account and market',
        response: { 200: performanceReport },
      },
    },
    () => context.views.performance(),
  );
  app.get(
    `${API}/performance/series`,
    {
      schema: {
        tags,
        summary: 'How one of them went',
        querystring: seriesQuery.strict(),
        response: { 200: seriesReport },
      },
    },
    ({ query }) => {
      const { engine } = context;
      if (query.strategy >= engine.seats.length) {
        throw fieldProblem('strategy', `found ${query.strategy}, expected one of 0 to ${engine.seats.length - 1}`);
      }
      if (query.instrument !== undefined) marketOf(engine.instruments, query.instrument, 'bad-request');
      if (query.from !== undefined && query.to !== undefined && query.from > query.to) {
        throw fieldProblem('from', `found ${query.from}, expected at most to, which is ${query.to}`);
      }
      return context.views.series(query);
    },
  );
  app.get(
    `${API}/positions`,
    {
      schema: {
        tags,
        summary: 'What each strategy holds of each instrument',
        response: { 200: z.array(positionInfo) },
      },
    },
    () => positionsOf(context),
  );
  app.get(
    `${API}/orders`,
    {
      schema: {
        tags,
        summary: 'Own orders: those that are open, or the last ones, newest first',
        querystring: z.strictObject({
          state: z.enum(['open', 'all']).default('open'),
          instrument: z.string().max(200).optional(),
          limit: limit.default(500),
        }),
        response: { 200: z.array(orderInfo) },
      },
    },
    ({ query }) => {
      const { engine } = context;
      const market =
        query.instrument === undefined ? -1 : marketOf(engine.instruments, query.instrument, 'bad-request');
      const filter = { isOpenOnly: query.state === 'open', market, limit: query.limit };
      return orderList(engine, context.setup.header.epochDay, filter);
    },
  );
  app.get(
    `${API}/fills`,
    {
      schema: {
        tags,
        summary: 'Own fills, newest first, as far back as they are kept',
        querystring: z.strictObject({
          limit: limit.default(500),
          /** Only those with a smaller number. */
          before: z.coerce.number().int().positive().optional(),
        }),
        response: { 200: z.array(fillInfo) },
      },
    },
    ({ query: { limit: most, before = Number.POSITIVE_INFINITY } }) => {
      const { instruments } = context.engine;
      const fills = context.views.fills.filter(({ number }) => number < before);
      return fills
        .slice(-most)
        .toReversed()
        .map((fill) => fillOf(fill, instruments[fill.instrument]!));
    },
  );
  const depth = z.coerce.number().int().min(1).max(DEPTH);
  app.get(
    `${API}/books`,
    {
      schema: {
        tags,
        summary: 'The books of all instruments',
        querystring: z.strictObject({ depth: depth.default(10) }),
        response: { 200: z.array(bookInfo) },
      },
    },
    ({ query }) => context.engine.instruments.map((_, market) => bookOf(context, market, query.depth)),
  );
  app.get(
    `${API}/books/:instrument`,
    {
      schema: {
        tags,
        summary: 'The book of one instrument, by its symbol or venue:symbol',
        params: z.object({ instrument: z.string().max(200) }),
        querystring: z.strictObject({ depth: depth.default(50) }),
        response: { 200: bookInfo },
      },
    },
    ({ params, query }) =>
      bookOf(context, marketOf(context.engine.instruments, params.instrument, 'not-found'), query.depth),
  );
}

/** Index of an instrument by its symbol or `venue:symbol`. @throws Problem */
function marketOf(instruments: readonly Instrument[], name: string, code: 'not-found' | 'bad-request'): number {
  const found = findInstrument(instruments, name);
  if (typeof found === 'number') return found;
  if (code === 'not-found') throw new Problem(code, found);
  throw fieldProblem('instrument', found.replace(/^instrument: /u, ''));
}

function fieldProblem(field: string, detail: string): Problem {
  return new Problem('bad-request', `${field}: ${detail}`, { errors: [{ field, detail }] });
}

function positionsOf({ engine }: ServerContext): z.output<typeof positionInfo>[] {
  return engine.seats.flatMap((seat) => {
    seat.mark();
    const { ledger } = seat;
    return engine.instruments.map((instrument, market) => {
      const tick = instrument.price.toNumber(1);
      const [entry, mark] = [ledger.entryTicks(market) * tick, ledger.markTicks(market) * tick];
      return {
        strategy: seat.index,
        instrument: instrumentName(instrument),
        size: instrument.size.format(ledger.positionLots(market)),
        entry: Number.isFinite(entry) ? entry : null,
        mark: Number.isFinite(mark) ? mark : null,
        currency: ledger.settlement(market),
        realised: ledger.realised(market),
        unrealised: ledger.unrealised(market),
      };
    });
  });
}

function fillOf(fill: FillEntry, instrument: Instrument): z.output<typeof fillInfo> {
  const { number, timeMs, strategy, orderId, side, ticks, lots, isMaker, fee } = fill;
  return {
    number,
    timeMs,
    strategy,
    instrument: instrumentName(instrument),
    orderId,
    side: side === 1 ? 'buy' : 'sell',
    price: instrument.price.format(ticks),
    size: instrument.size.format(lots),
    isMaker,
    fee,
    currency: instrument.settlement,
  };
}

function bookOf({ engine, setup }: ServerContext, market: number, depth: number): z.output<typeof bookInfo> {
  const instrument = engine.instruments[market]!;
  const { bids, asks, isReady } = bookData(engine, market, depth);
  const levels = (side: typeof bids): [string, string][] =>
    side.map(([ticks, lots]) => [instrument.price.format(ticks), instrument.size.format(lots)]);
  return {
    instrument: instrumentName(instrument),
    timeMs: marketMsOrNull(setup.header.epochDay, engine.seats[0]!.markets[market]!.receivedNs),
    isReady,
    bids: levels(bids),
    asks: levels(asks),
  };
}

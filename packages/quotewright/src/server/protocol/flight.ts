/** The answers of a flight as schemas: they are checked before they leave its thread. The types stand in `research.ts`. */
import { z } from 'zod';
import { FLIGHT_MARK_KINDS, type FlightEvent, type FlightMoment, type FlightOverview } from './research.ts';

const figure = z.number().nullable();
const side = z.union([z.literal(1), z.literal(-1)]);
const level = z.tuple([z.number(), z.number()]);

export const flightEvent: z.ZodType<FlightEvent> = z.object({
  event: z.int(),
  timeMs: z.number(),
  kind: z.string(),
  instrument: z.int().nullable(),
  text: z.string(),
  effects: z.array(z.string()),
});
export const flightEvents = z.object({ events: z.array(flightEvent) });
export const flightFound = z.object({ event: z.int().nullable() });

export const flightOverview: z.ZodType<FlightOverview> = z.object({
  timesMs: z.array(z.number()),
  events: z.array(z.int()),
  midTicks: z.array(z.array(figure)),
  pnl: z.array(z.array(z.number())),
  positionLots: z.array(z.array(z.array(z.number()))),
  marks: z.array(z.object({ event: z.int(), timeMs: z.number(), kind: z.enum(FLIGHT_MARK_KINDS), text: z.string() })),
  leftOut: z.partialRecord(z.enum(FLIGHT_MARK_KINDS), z.int()),
});

const bookData = z.object({ bids: z.array(level), asks: z.array(level), isReady: z.boolean(), lastTicks: figure });

const quotesData = z.object({
  orders: z.array(
    z.object({
      id: z.number(),
      strategy: z.int(),
      side,
      ticks: z.number(),
      openLots: z.number(),
      sizeLots: z.number(),
      state: z.string(),
      aheadLots: figure,
      sentMs: z.number(),
    }),
  ),
});

const position = z.object({
  instrument: z.int(),
  lots: z.number(),
  entryTicks: figure,
  markTicks: figure,
  realised: z.number(),
  unrealised: z.number(),
});

const pnlData = z.object({
  strategies: z.array(
    z.object({
      strategy: z.int(),
      currency: z.string(),
      equity: z.number(),
      capital: z.number(),
      total: z.number(),
      realised: z.number(),
      unrealised: z.number(),
      fees: z.number(),
      funding: z.number(),
      drawdown: z.number(),
      fills: z.number(),
      openOrders: z.number(),
      positions: z.array(position),
    }),
  ),
});

const fill = z.object({
  number: z.int(),
  timeMs: z.number(),
  strategy: z.int(),
  instrument: z.int(),
  orderId: z.number(),
  side,
  ticks: z.number(),
  lots: z.number(),
  isMaker: z.boolean(),
  fee: z.number(),
  positionLots: z.number(),
});

export const flightMoment: z.ZodType<FlightMoment> = z.object({
  event: z.int(),
  timeMs: z.number(),
  what: flightEvent.nullable(),
  riskState: z.string(),
  books: z.array(bookData),
  quotes: z.array(quotesData),
  pnl: pnlData,
  trades: z.array(z.array(z.tuple([z.number(), z.number(), z.number(), side]))),
  fills: z.array(fill),
});

/** The flight recorder: open a journal or a recording, and see everything at any event of it. It changes nothing, so reading is enough. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { FlightQuestion } from '../../flight/flight-link.ts';
import { FlightRefusal, type Flights } from '../../flight/flights.ts';
import type { App } from '../http/app.ts';
import { API } from '../http/openapi.ts';
import { Problem } from '../http/problems.ts';
import { flightEvents, flightFound, flightMoment, flightOverview } from '../protocol/flight.ts';
import { eventsQuery, findQuery, flightInfo, flightList, flightRequest, momentQuery } from '../protocol/research.ts';
import type { Sources } from '../research/sources.ts';

const tags = ['flight recorder'];
const params = z.object({ id: z.string().max(100) });
const access = { access: 'read' } as const;

export function flightRoutes(app: App, flights: Flights, sources: Sources): void {
  app.get(
    `${API}/flights`,
    { schema: { tags, summary: 'Those that are open, newest first', response: { 200: flightList } } },
    () => flights.list(),
  );
  app.post(
    `${API}/flights`,
    {
      config: access,
      schema: {
        tags,
        summary:
          'Open a session or a recording, as far as it is there now; a few are open at a time, the one asked longest ago gives way',
        body: flightRequest,
        response: { 201: flightInfo },
      },
    },
    async ({ body: { source } }, reply) => {
      const opened = await refusals(() => flights.open(source, sources.path(source)));
      reply.code(201);
      return opened;
    },
  );
  app.get(
    `${API}/flights/:id`,
    { schema: { tags, summary: 'How far it is read, and what it is of', params, response: { 200: flightInfo } } },
    ({ params: { id } }) => refusals(() => flights.info(id)),
  );
  app.delete(
    `${API}/flights/:id`,
    { config: access, schema: { tags, summary: 'Close it', params, response: { 204: z.null() } } },
    async ({ params: { id } }, reply) => {
      await refusals(() => flights.close(id));
      return reply.code(204).send(null);
    },
  );
  app.get(
    `${API}/flights/:id/overview`,
    {
      schema: {
        tags,
        summary: 'All of it in at most 2,000 points: mids, P&L, positions, and what happened',
        params,
        response: { 200: flightOverview },
      },
    },
    ({ params: { id } }, reply) => send(flights, id, { ask: 'overview' }, reply),
  );
  app.get(
    `${API}/flights/:id/moment`,
    {
      schema: {
        tags,
        summary: 'Everything after an event, or after the last one at or before a time',
        params,
        querystring: momentQuery,
        response: { 200: flightMoment },
      },
    },
    ({ params: { id }, query }, reply) => send(flights, id, momentOf(query), reply),
  );
  app.get(
    `${API}/flights/:id/events`,
    {
      schema: {
        tags,
        summary: 'So many events from one on, and what the engine did on account of each',
        params,
        querystring: eventsQuery,
        response: { 200: flightEvents },
      },
    },
    ({ params: { id }, query: { from, count } }, reply) => send(flights, id, { ask: 'events', from, count }, reply),
  );
  app.get(
    `${API}/flights/:id/find`,
    {
      schema: {
        tags,
        summary: 'The nearest event of a kind on one side of an event',
        params,
        querystring: findQuery,
        response: { 200: flightFound },
      },
    },
    ({ params: { id }, query }, reply) => send(flights, id, { ask: 'find', ...query }, reply),
  );
}

function momentOf({ event, timeMs }: z.output<typeof momentQuery>): FlightQuestion {
  if (event !== undefined && timeMs === undefined) return { ask: 'moment', event };
  if (timeMs !== undefined && event === undefined) return { ask: 'moment', timeMs };
  const detail = `found ${event === undefined ? 'neither' : 'both'}, expected one of event and timeMs`;
  throw new Problem('bad-request', `event: ${detail}`, { errors: [{ field: 'event', detail }] });
}

/** The flight's thread has checked the answer and written its JSON. */
async function send(flights: Flights, id: string, question: FlightQuestion, reply: FastifyReply): Promise<never> {
  const json = await refusals(() => flights.ask(id, question));
  // oxlint-disable-next-line no-unsafe-type-assertion -- the text is the answer that the schema describes
  return reply.type('application/json; charset=utf-8').serializer(asItIs).send(json) as never;
}

const asItIs = (text: string): string => text;

async function refusals<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof FlightRefusal)) throw error;
    const { code, message } = error;
    if (code === 'absent') throw new Problem('not-found', message);
    if (code === 'not-ready') throw new Problem('not-possible', message);
    if (code === 'refused') throw new Problem('bad-request', message);
    throw new Problem('bad-answer', message);
  }
}

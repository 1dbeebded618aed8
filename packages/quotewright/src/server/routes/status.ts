/** Health, readiness, the session and the machine under it. */
import type { App } from '../http/app.ts';
import { API } from '../http/openapi.ts';
import type { ServerContext } from '../context.ts';
import { sessionInfo } from '../protocol/session.ts';
import { health, readiness, systemInfo } from '../protocol/system.ts';

export function statusRoutes(app: App, context: ServerContext): void {
  app.get(
    `${API}/health`,
    { schema: { tags: ['status'], summary: 'The server answers', response: { 200: health } } },
    () => {
      const { uptimeSeconds } = context.system();
      return { status: 'ok' as const, version: context.session().version, uptimeSeconds };
    },
  );
  app.get(
    `${API}/ready`,
    {
      schema: {
        tags: ['status'],
        summary:
          'The session trades on what is so: feeds fresh, ways to venues up, recovered, reconciled; 503 while it is not',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_, reply) => {
      const now = context.readiness();
      reply.code(now.isReady ? 200 : 503);
      return now;
    },
  );
  app.get(
    `${API}/session`,
    { schema: { tags: ['status'], summary: 'What trades, with what', response: { 200: sessionInfo } } },
    () => context.session(),
  );
  app.get(
    `${API}/system`,
    {
      schema: {
        tags: ['status'],
        summary: 'Processor, memory, event loops, rings, latencies, ways to the venues',
        response: { 200: systemInfo },
      },
    },
    () => context.system(),
  );
}

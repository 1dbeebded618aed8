/** Alerts: list, acknowledge. */
import { z } from 'zod';
import { alertTypeName, severityName, severityRank } from '../../alerts/alert.ts';
import type { ServerContext } from '../context.ts';
import type { App } from '../http/app.ts';
import { actorOf, commandText } from '../http/command.ts';
import { API } from '../http/openapi.ts';
import { alertInfo, commandAnswer } from '../protocol/risk.ts';

export function alertRoutes(app: App, context: ServerContext): void {
  const tags = ['alerts'];
  app.get(
    `${API}/alerts`,
    {
      schema: {
        tags,
        summary: 'The last alerts, newest first',
        querystring: z.strictObject({
          /** The least. */
          severity: severityName.optional(),
          type: alertTypeName.optional(),
          limit: z.coerce.number().int().min(1).max(5000).default(200),
          /** Unix ms in the session's clock: only those at or after it. */
          since: z.coerce.number().optional(),
        }),
        response: { 200: z.array(alertInfo) },
      },
    },
    ({ query: { severity = 'INFO', type, limit, since = Number.NEGATIVE_INFINITY } }) =>
      context.views.alerts
        .filter((alert) => severityRank(alert.severity) >= severityRank(severity))
        .filter((alert) => (type === undefined || alert.type === type) && alert.timeMs >= since)
        .slice(-limit)
        .toReversed(),
  );
  app.post(
    `${API}/alerts/:number/acknowledge`,
    {
      config: { access: 'trade', isCommand: true },
      schema: {
        tags,
        summary: 'Somebody looks after it',
        params: z.object({ number: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) }),
        response: { 200: commandAnswer },
      },
    },
    async (request) =>
      commandText(context, { ask: 'acknowledge', who: actorOf(request), number: request.params.number }),
  );
}

/** The kill switch, and the comparison with the venue. */
import type { ServerContext } from '../context.ts';
import type { App } from '../http/app.ts';
import { actorOf, command, commandText } from '../http/command.ts';
import { API } from '../http/openapi.ts';
import { commandAnswer, killOutcome } from '../protocol/risk.ts';

export function sessionCommands(app: App, context: ServerContext): void {
  const tags = ['session'];
  app.post(
    `${API}/kill`,
    {
      // Whatever else this address does: it is not told to wait.
      config: { access: 'trade', isCommand: true, rateLimit: false },
      schema: {
        tags,
        summary:
          'The kill switch: trading is halted, every order on every venue is cancelled; answers when all are gone or the time for it is over',
        response: { 200: killOutcome },
      },
    },
    async (request) => {
      const done = await command(context, { ask: 'kill', who: actorOf(request) });
      if ('kill' in done) return done.kill;
      throw new Error('the session has answered something else than it was asked');
    },
  );
  app.post(
    `${API}/reconcile`,
    {
      config: { isCommand: true },
      schema: { tags, summary: 'Compare orders and positions with the venue’s', response: { 200: commandAnswer } },
    },
    async (request) => commandText(context, { ask: 'reconcile', who: actorOf(request) }),
  );
}

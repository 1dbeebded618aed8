/** A request that the trading thread does: who wants it, and what its refusals are as problems. */
import type { FastifyRequest } from 'fastify';
import { type Actor, thisProcess } from '../../audit/actor.ts';
import type { ControlReply, ControlRequest } from '../../risk/control-protocol.ts';
import type { ServerContext } from '../context.ts';
import { Problem } from './problems.ts';

type Done = Exclude<ControlReply, { error: string }>;

/** @throws Problem when the session refuses it or does not answer */
export async function command({ ask }: Pick<ServerContext, 'ask'>, request: ControlRequest): Promise<Done> {
  const reply = await ask(request);
  if (!('error' in reply)) return reply;
  const { error } = reply;
  if (error.startsWith('the audit log')) throw new Problem('unaudited', error);
  if (error.startsWith('the session has ended')) throw new Problem('session-over', error);
  const field = /^([a-z]\w*): /iu.exec(error)?.[1];
  throw new Problem('refused', error, field === undefined ? {} : { errors: [{ field, detail: error }] });
}

/** The same, of commands that are answered by a line. */
export async function commandText(
  context: Pick<ServerContext, 'ask'>,
  request: ControlRequest,
): Promise<{ text: string }> {
  const done = await command(context, request);
  if ('text' in done) return done;
  throw new Error('the session has answered something else than it was asked');
}

/** For the audit log: the holder of the token. */
export function actorOf({ holder }: Pick<FastifyRequest, 'holder'>): Actor {
  return thisProcess(holder === undefined ? 'server' : `server ${holder.role}/${holder.name}`);
}

/**
 * The stream's place in the server: `GET /api/v1/stream`, a WebSocket. Registered before other routes (`app.register(streamPlugin(…))`),
 * because an upgrade asked of any of those is to be refused by the WebSocket library too. The guard in front of all routes has
 * looked at host and origin before.
 */
import websocket from '@fastify/websocket';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Role } from '../config.ts';
import { Problem } from '../http/problems.ts';
import { Conversation } from './conversation.ts';
import type { StreamFormat } from './encoded-update.ts';
import type { StreamHub } from './hub.ts';
import { CLOSE, SocketClient } from './socket-client.ts';

/** Bytes of a client's message. */
const MAX_PAYLOAD = 64 * 1024;
const MAX_CLIENTS = 1000;
/** Of them from one address: a neighbour alone, who needs no token to connect, does not keep all others out. */
const MAX_OF_ADDRESS = 250;
/** How long a client may stay without a token where it needs one. */
const TOKEN_MS = 10_000;
/** How long clients have to say goodbye when the server ends. */
const ENDING_MS = 250;

export interface StreamAccess {
  /** Reading needs a token here. */
  readonly needsToken: boolean;
  /** Role of a token that comes by the stream; undefined: it is none of the server's. @param address who sends it */
  authorise(token: string, address: string): Role | undefined;
}

export function streamPlugin(hub: StreamHub, access: StreamAccess): FastifyPluginAsync {
  const { clients } = hub;
  const ofAddress = new Map<string, number>();
  const preValidation = async (request: FastifyRequest): Promise<void> => {
    formatOf(request);
    if (clients.size >= MAX_CLIENTS) throw new Problem('too-many-requests', `${MAX_CLIENTS} clients are connected`);
    if ((ofAddress.get(request.ip) ?? 0) >= MAX_OF_ADDRESS) {
      throw new Problem('too-many-requests', `${MAX_OF_ADDRESS} clients of this address are connected`);
    }
  };
  const plugin: FastifyPluginAsync = async (app) => {
    await app.register(websocket, {
      options: { maxPayload: MAX_PAYLOAD, perMessageDeflate: false, clientTracking: true },
      // The library has closed the socket with the proper code already.
      errorHandler: (error, _socket, request) => request.log.debug(error, 'stream'),
      preClose(done) {
        for (const socket of this.websocketServer.clients) {
          socket.close(CLOSE.GOING, 'the server ends');
          // Who does not read would hold up the server's end.
          setTimeout(() => socket.terminate(), ENDING_MS).unref();
        }
        done();
      },
    });
    app.get('/api/v1/stream', { websocket: true, config: { access: 'free' }, preValidation }, (socket, request) => {
      const format = formatOf(request);
      const client = new SocketClient(socket, request.raw.socket, format, clients, performance.now());
      clients.add(client);
      const { ip } = request;
      ofAddress.set(ip, (ofAddress.get(ip) ?? 0) + 1);
      const needsToken = access.needsToken && request.holder === undefined;
      const isToken = (token: string) => access.authorise(token, ip) !== undefined;
      const conversation = new Conversation({ hub, client, format, needsToken, isToken }, performance.now());
      const patience = setTimeout(() => {
        if (!conversation.isIn) client.close(CLOSE.NO_TOKEN, 'no token came');
      }, TOKEN_MS).unref();
      socket.on('message', (data, isBinary) => {
        if (Buffer.isBuffer(data)) conversation.receive(data, isBinary, performance.now());
      });
      socket.on('pong', () => client.answered());
      socket.on('close', () => {
        clearTimeout(patience);
        clients.delete(client);
        const others = ofAddress.get(ip)! - 1;
        if (others === 0) ofAddress.delete(ip);
        else ofAddress.set(ip, others);
        hub.remove(client);
      });
    });
  };
  // Its hooks are for the routes beside it as well: an upgrade that they are asked for ends there.
  Object.assign(plugin, { [Symbol.for('skip-override')]: true });

  return plugin;
}

function formatOf(request: FastifyRequest): StreamFormat {
  const { searchParams } = new URL(request.url, 'http://localhost');
  const format = searchParams.get('format') ?? 'json';
  if (format !== 'json' && format !== 'msgpack') {
    throw new Problem('bad-request', `format: found '${format}', expected json or msgpack`);
  }
  return format;
}

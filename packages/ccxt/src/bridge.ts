/**
 * A process that hands ccxt's venues on, for market data only, on a port of this machine: ccxt takes 130 MB and seconds of its own, which
 * a trading process shall not. Who starts it is told the port, and it ends when that one does.
 *
 *     GET  /kraken/markets      what the venue lists (`market-list.ts`)
 *     GET  /kraken/time         {"time": Unix milliseconds or null}
 *     WS   /kraken              {"subscribe":["BTC/USD"]}, then frames (`watch.ts`) and {"type":"alive"} once a second
 *
 * In place of `kraken` may stand `kraken~` and a base64url JSON object {"rest","feed"}: origins in place of the venue's own.
 */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Origins, makeExchange } from './exchange.ts';
import { listedMarkets } from './market-list.ts';
import { Watch } from './watch.ts';

const ALIVE_MS = 1000;
/** Of a request to subscribe. */
const MAX_BYTES = 1 << 16;

interface Asked {
  readonly id: string;
  readonly page: string;
  readonly origins: Origins;
}

function asked(target: string | undefined): Asked {
  const [, name = '', page = ''] = (target ?? '').split('/');
  const [id = '', encoded] = name.split('~');
  if (encoded === undefined) return { id, page, origins: {} };
  const origins: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  const { rest, feed } = { rest: undefined, feed: undefined, ...(typeof origins === 'object' ? origins : {}) };
  return {
    id,
    page,
    origins: { ...(typeof rest === 'string' ? { rest } : {}), ...(typeof feed === 'string' ? { feed } : {}) },
  };
}

async function answer({ id, page, origins }: Asked): Promise<unknown> {
  const exchange = makeExchange(id, origins);
  try {
    if (page === 'time') return { time: exchange.has['fetchTime'] === true ? await exchange.fetchTime() : null };
    if (page !== 'markets') throw new RangeError(`no page '${page}'`);
    await exchange.loadMarkets();
    return listedMarkets(exchange);
  } finally {
    await exchange.close();
  }
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('content-type', 'application/json');
  try {
    response.end(JSON.stringify(await answer(asked(request.url))));
  } catch (error) {
    response.statusCode = error instanceof RangeError ? 404 : 502;
    response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
  }
}

function symbolsOf(text: string): string[] {
  const request: unknown = JSON.parse(text);
  const symbols = typeof request === 'object' && request !== null && 'subscribe' in request ? request.subscribe : [];
  return Array.isArray(symbols) ? symbols.filter((each) => typeof each === 'string') : [];
}

function converse(socket: WebSocket, { id, origins }: Asked): void {
  const send = (frame: object): void => socket.send(JSON.stringify(frame));
  const timer = setInterval(() => send({ type: 'alive' }), ALIVE_MS);
  let watch: Watch | undefined;
  socket.on('message', (data: Buffer) => {
    try {
      watch ??= new Watch(makeExchange(id, origins), origins.feed?.startsWith('ws:') === true, send);
      watch.begin(symbolsOf(data.toString('utf8')));
    } catch (error) {
      socket.close(1008, String(error).slice(0, 120));
    }
  });
  // A socket that breaks closes too.
  socket.on('error', () => {});
  socket.on('close', () => {
    clearInterval(timer);
    void watch?.end();
  });
}

const server = createServer((request, response) => void serve(request, response));
const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: MAX_BYTES });
sockets.on('connection', (socket, request) => converse(socket, asked(request.url)));
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port });
});

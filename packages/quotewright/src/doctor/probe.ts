/** How long each step to an address takes: name, connection, TLS, the first byte of an answer, and a ping over the WebSocket. */
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { request as ask } from 'node:http';
import { type Socket, connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import type { TlsOptions } from '../venues/runtime/tls.ts';

const STEP_MS = 5000;
const PINGS = 5;

/** Milliseconds; TLS is absent where there is none. */
export interface WayTimes {
  readonly dns: number;
  readonly tcp: number;
  readonly tls?: number;
  readonly firstByte: number;
}

/** Steps in order; whoever fails is named by `step`. */
export class ProbeError extends Error {
  readonly step: string;

  constructor(step: string, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    const text = textOf(cause);
    super(`${step}: ${text}${text.includes(code.slice(2, -1)) ? '' : code}`, { cause });
    this.step = step;
  }
}

/** Of what OpenSSL has against a connection the reason alone, without the places in its source. */
function textOf(cause: unknown): string {
  if (!(cause instanceof Error) || cause.message === '') return String(cause);
  if (!('reason' in cause) || typeof cause.reason !== 'string' || !cause.message.includes(':error:'))
    return cause.message;
  return cause.reason === 'wrong version number' ? `${cause.reason}: what answers there speaks no TLS` : cause.reason;
}

/** A page of the address is asked for; any answer counts. @throws ProbeError */
export async function probeWay(address: string, tls: TlsOptions): Promise<WayTimes> {
  const url = new URL(address);
  const isTls = url.protocol === 'https:' || url.protocol === 'wss:';
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  const host = url.hostname.replaceAll(/[[\]]/gu, '');
  const dns = await timed('name', async () => lookup(host));
  const tcp = await timed('connection', async () => opened(connect(port, dns.value.address), 'connect'));
  let socket: Socket = tcp.value;
  try {
    let tlsMs: number | undefined;
    if (isTls) {
      const { maxCachedSessions: _, ...options } = tls;
      const secure = await timed('TLS', async () =>
        // A name is told to the server, an address is not (RFC 6066, section 3); the certificate is compared with either.
        opened(
          connectTls({
            ...options,
            socket,
            host,
            servername: isIP(host) === 0 ? host : '',
            ALPNProtocols: ['http/1.1'],
          }),
          'secureConnect',
        ),
      );
      tlsMs = secure.ms;
      socket = secure.value;
    }
    const carried = socket;
    const first = await timed('first byte', async () => firstByte(url, carried));
    return { dns: dns.ms, tcp: tcp.ms, firstByte: first.ms, ...(tlsMs === undefined ? {} : { tls: tlsMs }) };
  } finally {
    socket.destroy();
  }
}

/** Round trips of pings, milliseconds, in order. @throws ProbeError */
export async function probePings(address: string, tls: TlsOptions): Promise<number[]> {
  const { maxCachedSessions: _, ...options } = tls;
  const socket = new WebSocket(address, {
    ...options,
    perMessageDeflate: false,
    handshakeTimeout: STEP_MS,
    headers: { 'user-agent': 'quotewright' },
  });
  // Nobody waits for an error that comes while it is closed.
  socket.on('error', () => {});
  try {
    await timed('WebSocket', async () => opened(socket, 'open'));
    const times: number[] = [];
    for (let i = 0; i < PINGS; i++) {
      const { ms } = await timed('ping', async () => {
        socket.ping();
        await opened(socket, 'pong');
      });
      times.push(ms);
    }
    return times;
  } finally {
    socket.terminate();
  }
}

async function firstByte({ host, pathname }: URL, socket: Socket): Promise<void> {
  // The socket has TLS already, where there is any.
  const request = ask({
    createConnection: () => socket,
    path: pathname,
    headers: { host, 'user-agent': 'quotewright' },
  });
  request.end();
  const [response] = await once(request, 'response', { signal: AbortSignal.timeout(STEP_MS) });
  response.resume();
}

async function opened<T extends NodeJS.EventEmitter>(emitter: T, event: string): Promise<T> {
  // Node's `once` also ends with the emitter's own error.
  await once(emitter, event, { signal: AbortSignal.timeout(STEP_MS) });
  return emitter;
}

async function timed<T>(step: string, work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  try {
    const value = await work();
    return { ms: performance.now() - start, value };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'AbortError';
    throw new ProbeError(step, isLate ? new Error(`nothing within ${STEP_MS} ms`) : error);
  }
}

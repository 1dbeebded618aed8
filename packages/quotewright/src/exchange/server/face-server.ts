/** One face on a port of its own: plain HTTP and WebSockets of node, and the faults that are the same for every face. */
import { type IncomingMessage, STATUS_CODES, type Server, type ServerResponse, createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Face, FaceRequest, FaceResponse } from '../contract.ts';
import type { FaultDesk } from '../core/faults.ts';
import { FrameLine } from './frame-line.ts';
import { listenOn } from './listen-on.ts';

const MAX_BODY = 2 ** 20;
/** A customer that does not answer two pings is gone. */
const PING_MS = 20_000;
/** An answer that never comes: the connection is closed when nobody waits for it any more. */
const LOST_MS = 60_000;
const UNREADABLE: FaceResponse = { status: 400, body: '{"error":"the request cannot be read"}' };
const TOO_LARGE: FaceResponse = { status: 413, body: '{"error":"the request is too large"}' };
/** Close codes of RFC 6455. */
const GOING_AWAY = 1001;
const NO_SUCH_PLACE = 1008;

export interface FaceServerSetup {
  readonly face: Face;
  readonly faults: FaultDesk;
  /** A face has failed: what it said. */
  readonly complain: (error: unknown) => void;
}

export class FaceServer {
  readonly #setup: FaceServerSetup;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_BODY });
  readonly #lines = new Map<WebSocket, FrameLine>();
  /** Those that have said nothing since the last ping. */
  readonly #silent = new Set<WebSocket>();
  readonly #pings: NodeJS.Timeout;

  constructor(setup: FaceServerSetup) {
    this.#setup = setup;
    this.#server = createServer(
      // Some clients of HTTP (Java's, for one) ask for HTTP/2 over a plain connection; they are answered in the version that they know too.
      { shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket' },
      (request, response) => this.#read(request, response),
    );
    this.#server.keepAliveTimeout = LOST_MS;
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#pings = setInterval(() => this.#ping(), PING_MS);
  }

  /** @param port 0 = any that is free @returns the port @throws InputError that names the port */
  async listen(port: number): Promise<number> {
    return listenOn(this.#server, port);
  }

  get connections(): number {
    return this.#sockets.clients.size;
  }

  /** Whoever is connected, it is over at once. */
  close(): void {
    clearInterval(this.#pings);
    this.#setup.face.close();
    for (const line of this.#lines.values()) line.close(GOING_AWAY, 'the exchange ends');
    // The close frame is on its way, and nobody is waited for.
    setImmediate(() => {
      for (const line of this.#lines.values()) line.end();
      this.#server.closeAllConnections();
    });
    this.#sockets.close();
    this.#server.close();
  }

  #read(request: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= MAX_BODY) parts.push(part);
    });
    request.on('error', () => response.destroy());
    request.on('end', () => {
      if (length > MAX_BODY) write(response, TOO_LARGE);
      else this.#answer(request, response, Buffer.concat(parts).toString('utf8'));
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { face, faults } = this.#setup;
    const read = readRequest(request, body);
    if (read === undefined) {
      write(response, UNREADABLE);
      return;
    }
    const isDelayed = faults.take('delay');
    const { delayMs } = faults;
    const answer = this.#refusal() ?? this.#guard(() => face.http(read)) ?? face.refusal('error-5xx');
    if (answer.isAck === true && faults.take('lost-ack')) {
      setTimeout(() => response.destroy(), LOST_MS).unref();
      return;
    }
    if (isDelayed) setTimeout(() => write(response, answer), delayMs).unref();
    else write(response, answer);
  }

  /** What a fault answers instead, if one is due. */
  #refusal(): FaceResponse | undefined {
    const { face, faults } = this.#setup;
    for (const fault of ['maintenance', 'rate-limit', 'error-5xx'] as const) {
      if (faults.take(fault)) return face.refusal(fault);
    }
    return undefined;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { face, faults } = this.#setup;
    const read = readRequest(request, '');
    socket.on('error', () => socket.destroy());
    if (read === undefined || faults.take('maintenance')) {
      refuse(socket, read === undefined ? UNREADABLE : face.refusal('maintenance'));
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#converse(client, read));
  }

  #converse(client: WebSocket, request: FaceRequest): void {
    const { face, faults } = this.#setup;
    const line = new FrameLine(client, faults);
    // What is no frame ends this connection, wherever it was made to.
    client.on('error', () => client.terminate());
    const conversation = this.#guard(() => face.connect(line, request));
    if (conversation === undefined) {
      client.close(NO_SUCH_PLACE, 'there is nothing here');
      return;
    }
    this.#lines.set(client, line);
    client.on('pong', () => this.#silent.delete(client));
    client.on('message', (data) => {
      this.#silent.delete(client);
      this.#guard(() => conversation.message(textOf(data)));
    });
    client.on('close', () => {
      line.end();
      this.#lines.delete(client);
      this.#silent.delete(client);
      this.#guard(() => conversation.closed());
    });
  }

  #ping(): void {
    for (const [client, line] of this.#lines) {
      if (this.#silent.has(client)) line.end();
      else {
        this.#silent.add(client);
        client.ping();
      }
    }
  }

  /** What a face does; undefined when it fails, which is a bug of ours and ends no other customer's session. */
  #guard<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.#setup.complain(error);
      return undefined;
    }
  }
}

/** @returns undefined when the target or a header is none */
function readRequest(request: IncomingMessage, body: string): FaceRequest | undefined {
  const { method = 'GET', url: target = '/', headers } = request;
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  if (!path.startsWith('/')) return undefined;
  const lines: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) lines[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method,
    path,
    target,
    query: new URLSearchParams(at < 0 ? '' : target.slice(at + 1)),
    headers: lines,
    body,
  };
}

function write(response: ServerResponse, { status, headers, body }: FaceResponse): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** Answers an upgrade that is not made. */
function refuse(socket: Duplex, { status, headers, body }: FaceResponse): void {
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    (pair) => `${pair.join(': ')}\r\n`,
  );
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}`;
  socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}

/** A frame's text, however its bytes come. */
export function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : data.toString('utf8');
}

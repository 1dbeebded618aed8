/** A server of a test's own on loopback, WebSocket and HTTP on one port, that does what the test says. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface ScriptedServerOptions {
  /** PEM; without them it is plain. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly http?: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  /** Of each socket that is opened, the first being 1. */
  readonly connected?: (socket: WebSocket, number: number, request: IncomingMessage) => void;
  readonly message?: (text: string, socket: WebSocket) => void;
  /** Status of the answer to a handshake; 101 lets it through. */
  readonly handshake?: (number: number) => { readonly status: number; readonly headers?: string };
  /** Pings are not answered. */
  readonly isDeaf?: boolean;
}

export class ScriptedServer {
  /** Texts that came over sockets, in order. */
  readonly received: string[] = [];
  /** Sockets that are open. */
  readonly sockets = new Set<WebSocket>();
  /** TCP connections that there were, and handshakes asked for. */
  connections = 0;
  handshakes = 0;
  readonly #server: Server;
  readonly #tcp = new Set<Socket>();
  readonly #isTls: boolean;

  static async start(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
    const server = new ScriptedServer(options);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  private constructor(options: ScriptedServerOptions) {
    const { tls, http, connected, message, handshake, isDeaf = false } = options;
    this.#isTls = tls !== undefined;
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => http?.(request, response, body));
    };
    this.#server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
    this.#server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#tcp.add(socket);
      socket.on('close', () => this.#tcp.delete(socket));
      socket.on('error', () => socket.destroy());
    });
    const sockets = new WebSocketServer({ noServer: true, autoPong: !isDeaf });
    this.#server.on('upgrade', (request, stream, head) => {
      const { status, headers = '' } = handshake?.(++this.handshakes) ?? { status: 101 };
      if (status !== 101) {
        stream.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\n${headers}Content-Length: 0\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(request, stream, head, (socket) => {
        this.sockets.add(socket);
        socket.on('close', () => this.sockets.delete(socket));
        socket.on('message', (data: Buffer) => {
          const text = data.toString('utf8');
          this.received.push(text);
          message?.(text, socket);
        });
        connected?.(socket, this.sockets.size, request);
      });
    });
  }

  get port(): number {
    // oxlint-disable-next-line no-unsafe-type-assertion -- it listens on a port
    return (this.#server.address() as AddressInfo).port;
  }

  url(protocol: 'http' | 'ws', host = '127.0.0.1'): string {
    return `${protocol}${this.#isTls ? 's' : ''}://${host}:${this.port}`;
  }

  /** To every socket. */
  push(frame: object): void {
    for (const socket of this.sockets) socket.send(JSON.stringify(frame));
  }

  /** Breaks every connection, without a word. */
  drop(): void {
    for (const socket of this.#tcp) socket.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Waits until it is so; fails after some seconds. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 8000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

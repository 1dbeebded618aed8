/**
 * The reference client of docs/stream.md: it keeps each topic as the server has it, in either format, and goes on where it was after a
 * drop. Whatever the protocol does not allow is thrown from `until`.
 */
import { Packr } from 'msgpackr';
import { WebSocket } from 'ws';
import type { ClientMessage, ServerMessage, TopicUpdate } from '../../protocol/stream.ts';
import type { SessionInfo } from '../../protocol/session.ts';
import { AssembledTopic } from './assembled-topic.ts';

export interface StreamClientOptions {
  readonly url: string;
  readonly format?: 'json' | 'msgpack';
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const packr = new Packr({ useRecords: false, variableMapSize: true });

export class StreamClient {
  readonly topics = new Map<string, AssembledTopic>();
  readonly updates: TopicUpdate[] = [];
  readonly errors: Extract<ServerMessage, { op: 'error' }>[] = [];
  readonly pongs: Extract<ServerMessage, { op: 'pong' }>[] = [];
  session: SessionInfo | undefined;
  isOver = false;
  closed: { readonly code: number; readonly reason: string } | undefined;
  /** Of the upgrade that was refused. */
  status: number | undefined;
  /** Sees each update when it has been applied. */
  onUpdate: (update: TopicUpdate) => void = () => undefined;
  readonly #options: StreamClientOptions;
  #socket: WebSocket | undefined;
  #failure: unknown;
  #wake: () => void = () => undefined;

  constructor(options: StreamClientOptions) {
    this.#options = options;
  }

  get socket(): WebSocket {
    if (this.#socket === undefined) throw new Error('not connected');
    return this.#socket;
  }

  /** Until the session is known, or it is refused. */
  async connect(): Promise<this> {
    const { url, format = 'json', token, headers = {} } = this.#options;
    this.session = undefined;
    this.closed = undefined;
    const socket = new WebSocket(`${url}?format=${format}`, { perMessageDeflate: false, headers: { ...headers } });
    this.#socket = socket;
    socket.on('open', () => {
      if (token !== undefined) this.send({ op: 'auth', token });
    });
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('unexpected-response', (_request, response) => {
      this.status = response.statusCode;
      socket.terminate();
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      if (this.#socket !== socket) return;
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
    await this.until(() => this.session !== undefined || this.closed !== undefined || this.errors.length > 0);
    return this;
  }

  /** Those held already go on where they are. */
  subscribe(...topics: readonly string[]): void {
    const epoch = this.session?.epoch ?? '';
    const wanted = topics.map((topic) => {
      const seq = this.topics.get(topic)?.seq;
      return seq === undefined ? topic : { topic, epoch, seq };
    });
    this.send({ op: 'subscribe', topics: wanted });
  }

  send(message: ClientMessage): void {
    this.socket.send(this.#options.format === 'msgpack' ? packr.pack(message) : JSON.stringify(message));
  }

  topic(name: string): AssembledTopic {
    const topic = this.topics.get(name) ?? new AssembledTopic(name);
    this.topics.set(name, topic);
    return topic;
  }

  /** @throws whatever has gone wrong meanwhile */
  async until(isSo: () => boolean): Promise<void> {
    while (this.#failure === undefined && !isSo()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** As a line that breaks: nobody says goodbye. */
  drop(): void {
    const { socket } = this;
    this.#socket = undefined;
    socket.terminate();
  }

  async close(): Promise<void> {
    if (this.closed !== undefined) return;
    this.socket.close();
    await this.until(() => this.closed !== undefined);
  }

  #receive(data: WebSocket.RawData, isBinary: boolean): void {
    try {
      if (!Buffer.isBuffer(data)) throw new Error('a message in pieces');
      if (isBinary !== (this.#options.format === 'msgpack')) throw new Error('a frame of the other format');
      const message: ServerMessage = isBinary ? packr.unpack(data) : JSON.parse(data.toString());
      if (this.session === undefined && message.op !== 'hello' && message.op !== 'error') {
        throw new Error(`'${message.op}' before 'hello'`);
      }
      this.#take(message);
    } catch (error) {
      this.#failure ??= error;
    }
    this.#wake();
  }

  #take(message: ServerMessage): void {
    if (message.op === 'update') {
      this.topic(message.topic).apply(message);
      this.updates.push(message);
      this.onUpdate(message);
    } else if (message.op === 'error') {
      this.errors.push(message);
    } else if (message.op === 'pong') {
      this.pongs.push(message);
    } else {
      this.session = message.session;
      if (message.op === 'session') this.isOver = message.isOver;
    }
  }
}

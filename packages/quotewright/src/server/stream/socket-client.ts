/**
 * A WebSocket as a subscriber: what is under way to it, whether it answers, and its end when it does not.
 *
 * `bufferedAmount` knows only what this process still holds; the kernels on the way hold megabytes more, and a page that is drawn from
 * those is seconds old. So a ping follows every so many bytes, and until it is answered not much more is sent: what was sent before
 * it has then been read.
 */
import type { SessionInfo } from '../protocol/session.ts';
import type { ServerMessage } from '../protocol/stream.ts';
import type { ClientTable } from './client-table.ts';
import { type EncodedUpdate, type StreamFormat, encodeMessage } from './encoded-update.ts';
import type { Subscriber } from './hub.ts';
import type { StreamTopic } from './stream-topic.ts';

/** Bytes that may wait here, and bytes that may be under way unread. */
const MAX_BUFFERED = 256 * 1024;
const MAX_UNREAD = 256 * 1024;
const BYTES_A_PING = 32 * 1024;
const HEARTBEAT_MS = 10_000;
const MAX_SILENCE_MS = 30_000;
/** A closing handshake takes this long at most. */
const CLOSING_MS = 1000;

export const CLOSE = {
  /** Of RFC 6455: the server goes; frames of a type that was not agreed on. */
  GOING: 1001,
  UNSUPPORTED: 1003,
  /** Reading needs a token. */
  NO_TOKEN: 4401,
  /** It does not read, or does not answer. */
  TOO_SLOW: 4408,
  TOO_MANY_MESSAGES: 4429,
} as const;

/** What is needed of a `ws` socket. */
export interface Socket {
  readonly bufferedAmount: number;
  send(bytes: Buffer, options: { readonly binary: boolean }): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** Of the TCP socket under it: what is written between the two goes out in one call of the system. */
export interface Corkable {
  cork(): void;
  uncork(): void;
}

export class SocketClient implements Subscriber {
  readonly held = new Map<StreamTopic, number>();
  toldSession = 0;
  nextMs = 0;
  readonly #socket: Socket;
  readonly #tcp: Corkable;
  readonly #format: StreamFormat;
  readonly #table: ClientTable;
  #isClosing = false;
  #sentBytes = 0;
  /** Of those, known to have been read, and sent when the open ping was. */
  #readBytes = 0;
  #pingBytes = 0;
  #isPinged = false;
  #pingMs: number;

  constructor(socket: Socket, tcp: Corkable, format: StreamFormat, table: ClientTable, nowMs: number) {
    this.#socket = socket;
    this.#tcp = tcp;
    this.#format = format;
    this.#table = table;
    this.#pingMs = nowMs;
  }

  canTake(): boolean {
    return (
      !this.#isClosing && this.#socket.bufferedAmount <= MAX_BUFFERED && this.#sentBytes - this.#readBytes <= MAX_UNREAD
    );
  }

  begin(): void {
    this.#tcp.cork();
  }

  end(nowMs: number): void {
    if (!this.#isPinged && this.#sentBytes - this.#readBytes >= BYTES_A_PING) this.#ping(nowMs);
    this.#tcp.uncork();
  }

  take(update: EncodedUpdate): void {
    this.#write(update.bytes(this.#format));
  }

  takeSession(session: SessionInfo, isOver: boolean): void {
    this.send({ op: 'session', session, isOver });
  }

  /** Whoever asks without ever reading the answers is closed: they would pile up. */
  send(message: ServerMessage): void {
    if (this.#isClosing) return;
    if (this.#socket.bufferedAmount > MAX_BUFFERED) this.close(CLOSE.TOO_SLOW, 'too slow');
    else this.#write(encodeMessage(message, this.#format));
  }

  beat(nowMs: number): void {
    if (this.#isClosing) return;
    if (!this.#isPinged) {
      if (nowMs - this.#pingMs >= HEARTBEAT_MS) this.#ping(nowMs);
    } else if (nowMs - this.#pingMs > MAX_SILENCE_MS) {
      this.close(CLOSE.TOO_SLOW, 'too slow');
    }
  }

  /** The socket has answered a ping. */
  answered(): void {
    if (!this.#isPinged) return;
    this.#isPinged = false;
    this.#readBytes = this.#pingBytes;
  }

  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#socket.close(code, reason);
    // Who does not read does not read that it is closed either.
    setTimeout(() => this.#socket.terminate(), CLOSING_MS).unref();
  }

  #ping(nowMs: number): void {
    this.#isPinged = true;
    this.#pingBytes = this.#sentBytes;
    this.#pingMs = nowMs;
    this.#socket.ping();
  }

  #write(bytes: Buffer): void {
    this.#socket.send(bytes, { binary: this.#format === 'msgpack' });
    this.#sentBytes += bytes.length;
    this.#table.noteSent(bytes.length);
  }
}

/**
 * One WebSocket that is always to be there: made, watched, and made again after a while that grows. A frame's time is taken before anything
 * looks at its bytes. A connection over which nothing comes is asked (ping), and given up when it stays silent.
 */
import { WebSocket } from 'ws';
import { VenueError } from '../contract/venue-error.ts';
import { Backoff } from '../backoff.ts';
import { retryAtMs, silentUntilMs } from './retry-after.ts';
import type { VenueAccess } from './venue-access.ts';
import type { Told, VenueLineName } from './venue-event.ts';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 30_000;
/** A connection that lasted this long was a good one: the next wait is short again. */
const GOOD_NS = 10e9;
const HANDSHAKE_MS = 10_000;
const MAX_FRAME = 64 * 1024 * 1024;
/** Of ours: who does not read gets our orders late, if at all. */
const MAX_UNSENT = 1024 * 1024;
/** After this share of the silence that is allowed the other end is asked whether it is there. */
const ASK_SHARE = 1 / 3;
const GOING_AWAY = 1001;
/** A lost connection does not answer our close frame. */
const CLOSE_MS = 1000;

export interface LineUser {
  /** Before each connection. @returns where it goes @throws VenueError when it cannot be made now */
  prepare(): string | Promise<string>;
  /** Sent with the handshake, after `prepare`. */
  headers?(): Readonly<Record<string, string>>;
  opened(nowNs: number): void;
  /** The bytes are not kept. */
  message(bytes: Uint8Array, nowNs: number): void;
  closed(nowNs: number): void;
}

export interface LineSetup {
  readonly name: VenueLineName;
  readonly access: VenueAccess;
  readonly user: LineUser;
  readonly tell: (nowNs: number, told: Told) => void;
  readonly random: () => number;
  /** Its frames go to the tap. */
  readonly isTapped: boolean;
  /** How long a connection may take to be made, milliseconds. */
  readonly handshakeMs?: number;
}

export class SocketLine {
  readonly #setup: LineSetup;
  readonly #backoff: Backoff;
  readonly #silenceNs: number;
  #socket: WebSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;
  #openedNs = 0;
  #heardNs = 0;
  #hasAsked = false;
  /** How often it was tried; a preparation that comes back late knows by it that it is out of date. */
  #attempt = 0;
  #connections = 0;

  constructor(setup: LineSetup) {
    this.#setup = setup;
    this.#backoff = new Backoff(FIRST_WAIT_MS, LONGEST_WAIT_MS, setup.random);
    this.#silenceNs = setup.access.settings.silenceMs * 1e6;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Connections made so far. */
  get connections(): number {
    return this.#connections;
  }

  start(): void {
    void this.#connect();
  }

  /** Nothing happens while there is no connection: who sends learns of that by `closed`. */
  send(frame: string | Uint8Array): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.send(frame, { binary: false });
    if (this.#setup.isTapped) this.#tap('send', this.#setup.access.clock.nowNs(), frame);
  }

  /** Gives the connection up and makes another after a while. */
  reconnect(reason: string): void {
    if (this.#socket !== undefined) this.#drop(this.#socket, reason);
  }

  poll(nowNs: number): void {
    const socket = this.#socket;
    if (socket === undefined || this.#openedNs === 0) return;
    // The venue has taken its leave and does not go: `ws` would wait half a minute, in which books would be believed.
    if (socket.readyState !== WebSocket.OPEN) return this.#drop(socket, 'the venue does not end what it closes');
    if (socket.bufferedAmount > MAX_UNSENT) {
      const text = `${socket.bufferedAmount} bytes of ours are not read`;
      this.#tell(nowNs, { type: 'zombie', text });
      return this.#drop(socket, text);
    }
    const silentNs = nowNs - this.#heardNs;
    if (silentNs >= this.#silenceNs) {
      const text = `nothing was heard for ${Math.round(silentNs / 1e6)} ms`;
      this.#tell(nowNs, { type: 'zombie', text });
      this.reconnect(text);
    } else if (!this.#hasAsked && silentNs >= this.#silenceNs * ASK_SHARE) {
      this.#hasAsked = true;
      socket.ping();
    }
  }

  /** For good. `closed` is called when it was open. */
  close(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    if (socket.readyState === WebSocket.OPEN) {
      this.#setup.user.closed(this.#setup.access.clock.nowNs());
      socket.close(GOING_AWAY);
      setTimeout(() => socket.terminate(), CLOSE_MS).unref();
    } else socket.terminate();
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    let url: string;
    try {
      url = await this.#setup.user.prepare();
    } catch (error) {
      if (attempt === this.#attempt && !this.#isEnded) this.#failed(error);
      return;
    }
    if (attempt !== this.#attempt || this.#isEnded) return;
    try {
      this.#open(url);
    } catch (error) {
      this.#failed(error);
    }
  }

  #open(url: string): void {
    const { access, user, handshakeMs = HANDSHAKE_MS } = this.#setup;
    const { clock } = access;
    const { maxCachedSessions: _, ...tls } = access.tls;
    const socket = new WebSocket(url, {
      ...tls,
      perMessageDeflate: false,
      maxPayload: MAX_FRAME,
      // Who reads the bytes finds out for itself what is not text.
      skipUTF8Validation: true,
      headers: { 'user-agent': 'quotewright', ...user.headers?.() },
    });
    this.#socket = socket;
    let trouble: unknown;
    let retryMs = 0;
    // `ws` has a limit of its own, that begins anew with each byte.
    const late = setTimeout(() => {
      trouble = new Error(`no connection within ${handshakeMs} ms`);
      socket.terminate();
    }, handshakeMs);
    socket.on('open', () => {
      clearTimeout(late);
      const nowNs = clock.nowNs();
      this.#openedNs = nowNs;
      this.#heard(nowNs);
      this.#connections++;
      this.#tap('connect', nowNs, url);
      this.#tell(nowNs, { type: 'connected', text: `connected to ${withoutQuery(url)}` });
      user.opened(nowNs);
    });
    socket.on('message', (data) => {
      const nowNs = clock.nowNs();
      // A frame that was under way when we gave the connection up belongs to nobody.
      if (socket !== this.#socket) return;
      this.#heard(nowNs);
      const bytes = asBytes(data);
      this.#tap('recv', nowNs, bytes);
      user.message(bytes, nowNs);
    });
    socket.on('ping', () => this.#heard(clock.nowNs()));
    socket.on('pong', () => this.#heard(clock.nowNs()));
    socket.on('unexpected-response', (_request, response) => {
      const nowMs = clock.nowMs();
      const { statusCode = 0, headers } = response;
      trouble = new Error(`the venue answers ${statusCode} to the handshake`);
      const untilMs = silentUntilMs(statusCode, headers['retry-after'], nowMs);
      if (untilMs !== undefined) access.budget.banUntil(untilMs);
      retryMs = (untilMs ?? retryAtMs(headers['retry-after'], nowMs) ?? nowMs) - nowMs;
      socket.terminate();
    });
    socket.on('error', (error) => {
      trouble ??= error;
      // What is no frame, or one that is too long: `ws` would wait for the end of the connection.
      if (socket === this.#socket && this.#openedNs !== 0) this.#drop(socket, error.message);
    });
    socket.on('close', (code, reason) => {
      clearTimeout(late);
      if (socket !== this.#socket) return;
      this.#socket = undefined;
      if (this.#openedNs === 0) return this.#failed(trouble, retryMs);
      this.#lost(code, trouble instanceof Error ? trouble.message : reason.toString('utf8'));
    });
  }

  /** Our own end of a connection: what comes over it afterwards is not looked at. */
  #drop(socket: WebSocket, reason: string): void {
    this.#socket = undefined;
    socket.terminate();
    if (this.#openedNs === 0) this.#failed(new Error(reason));
    else this.#lost(0, reason);
  }

  #lost(code: number, reason: string): void {
    const { access, user } = this.#setup;
    const nowNs = access.clock.nowNs();
    if (nowNs - this.#openedNs >= GOOD_NS) this.#backoff.reset();
    this.#openedNs = 0;
    this.#tap('close', nowNs, reason);
    user.closed(nowNs);
    if (this.#isEnded) return;
    const waitMs = this.#wait(0);
    const words = [reason, code === 0 ? '' : `code ${code}`].filter((word) => word !== '').join(', ');
    this.#tell(nowNs, { type: 'disconnected', text: `disconnected (${words}), again in ${Math.round(waitMs)} ms` });
  }

  #failed(error: unknown, retryMs = 0): void {
    if (this.#isEnded) return;
    const waitMs = this.#wait(error instanceof VenueError ? Math.max(retryMs, error.retryAfterMs ?? 0) : retryMs);
    const text = error instanceof Error ? error.message : 'no connection';
    this.#tell(this.#setup.access.clock.nowNs(), {
      type: 'unreachable',
      text: `${text}; try ${this.#backoff.tries + 1} in ${Math.round(waitMs)} ms`,
      error: error instanceof VenueError ? error : undefined,
    });
  }

  #wait(atLeastMs: number): number {
    const waitMs = Math.max(atLeastMs, this.#backoff.nextMs());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), waitMs);
    return waitMs;
  }

  #heard(nowNs: number): void {
    this.#heardNs = nowNs;
    this.#hasAsked = false;
  }

  #tap(t: 'connect' | 'send' | 'recv' | 'close', nowNs: number, data: Uint8Array | string): void {
    const { access, name, isTapped } = this.#setup;
    if (isTapped)
      access.tap?.({ conn: `${name}-${this.#connections}`, t, nowNs, unixMs: access.clock.unixMs(nowNs), data });
  }

  #tell(nowNs: number, told: Omit<Told, 'line'>): void {
    this.#setup.tell(nowNs, { ...told, line: this.#setup.name });
  }
}

/** Addresses may carry a token or a listen key behind the question mark, or as the last part of their path. */
function withoutQuery(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

function asBytes(data: Buffer | ArrayBuffer | Buffer[]): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data);
}

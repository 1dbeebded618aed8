/**
 * The one WebSocket of the page. Topics are subscribed while somebody listens; after a drop it connects again (waiting longer each time,
 * with jitter, so that many pages do not come at once) and goes on at the epoch and seq it holds; a new epoch (the server was restarted)
 * or a gap in the numbers means a fresh snapshot. No React and no globals, so that it can be tested with a socket of paper.
 */
import type { SessionInfo } from 'quotewright/server/protocol/session';
import type { ClientMessage, ServerMessage, TopicUpdate } from 'quotewright/server/protocol/stream';
import { applyUpdate } from './topic-data.ts';

/** What the client needs of a WebSocket. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  readonly onOpen: () => void;
  readonly onMessage: (text: string) => void;
  readonly onClose: () => void;
}

export interface ClientWorld {
  connect(events: SocketEvents): Socket;
  /** Milliseconds. */
  now(): number;
  random(): number;
  after(ms: number, what: () => void): () => void;
  /** To read where reading needs a token. */
  token(): string | undefined;
  askToken(why: string): Promise<string | undefined>;
  /** The one held is wrong. */
  forgetToken(): void;
}

type ConnectionState = 'connecting' | 'live' | 'lost' | 'over';

export interface Connection {
  readonly state: ConnectionState;
  readonly session: SessionInfo | undefined;
  /** Round trip to the server's thread, milliseconds. */
  readonly latencyMs: number | undefined;
  /** Since when it is so, wall time. */
  readonly sinceMs: number;
}

export type TopicListener = (data: unknown, update: TopicUpdate) => void;

interface Topic {
  readonly listeners: Set<TopicListener>;
  data: unknown;
  /** The update that brought it; undefined: no snapshot yet. */
  last: TopicUpdate | undefined;
  /** A snapshot was asked for: deltas do not apply before it is here. */
  isStale: boolean;
}

const PING_MS = 2000;
/** Without a word for so long the connection is dead, whatever the socket says. */
const SILENCE_MS = 10_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8000;
/** A page that is left for another often wants the same topics. */
const LINGER_MS = 500;

export class StreamClient {
  private readonly world: ClientWorld;
  private readonly topics = new Map<string, Topic>();
  private readonly watchers = new Set<() => void>();
  private socket: Socket | undefined;
  private isGreeted = false;
  private epoch: string | undefined;
  private attempts = 0;
  private heardMs = 0;
  private stopPing: (() => void) | undefined;
  /** The person has given no token: asked once is enough. */
  private isDeclined = false;
  private held: Connection;

  constructor(world: ClientWorld) {
    this.world = world;
    this.held = { state: 'connecting', session: undefined, latencyMs: undefined, sinceMs: world.now() };
  }

  get connection(): Connection {
    return this.held;
  }

  /** Calls `watcher` at every change of the connection. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** What is held of a topic, and the update that brought it. */
  topic(name: string): { readonly data: unknown; readonly last: TopicUpdate | undefined } | undefined {
    return this.topics.get(name);
  }

  /** Listens to a topic; at once with what is held. */
  subscribe(name: string, listener: TopicListener): () => void {
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = { listeners: new Set(), data: undefined, last: undefined, isStale: false };
      this.topics.set(name, topic);
      if (this.isGreeted) this.say({ op: 'subscribe', topics: [name] });
    }
    topic.listeners.add(listener);
    if (topic.last !== undefined) listener(topic.data, { ...topic.last, type: 'snapshot', data: topic.data });
    const mine = topic;
    return () => {
      mine.listeners.delete(listener);
      if (mine.listeners.size === 0) this.world.after(LINGER_MS, () => this.drop(name, mine));
    };
  }

  private drop(name: string, topic: Topic): void {
    if (topic.listeners.size > 0 || this.topics.get(name) !== topic) return;
    this.topics.delete(name);
    if (this.isGreeted) this.say({ op: 'unsubscribe', topics: [name] });
  }

  connect(): void {
    let socket: Socket | undefined;
    const isMine = (): boolean => socket === this.socket;
    socket = this.world.connect({
      onOpen: () => {
        if (!isMine()) return;
        this.heardMs = this.world.now();
        const token = this.world.token();
        if (token !== undefined) this.say({ op: 'auth', token });
        this.ping();
      },
      onMessage: (text) => {
        if (isMine()) this.hear(text);
      },
      onClose: () => {
        if (isMine()) this.closed();
      },
    });
    this.socket = socket;
  }

  /** The tab is in sight, or the machine online, again: no need to wait any longer. */
  hurry(): void {
    if (this.socket !== undefined) return;
    this.attempts = 0;
    this.isDeclined = false;
    this.connect();
  }

  private closed(): void {
    this.stopPing?.();
    this.socket = undefined;
    this.isGreeted = false;
    if (this.held.state === 'live') this.change({ state: 'lost', latencyMs: undefined });
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempts++);
    this.world.after(longest * (0.5 + this.world.random() / 2), () => {
      if (this.socket === undefined) this.connect();
    });
  }

  private ping(): void {
    if (this.world.now() - this.heardMs > SILENCE_MS) {
      this.socket?.close();
      this.closed();
      return;
    }
    this.say({ op: 'ping', id: this.world.now() });
    this.stopPing = this.world.after(PING_MS, () => this.ping());
  }

  private say(message: ClientMessage): void {
    this.socket?.send(JSON.stringify(message));
  }

  private change(change: Partial<Connection>): void {
    const isOther = change.state !== undefined && change.state !== this.held.state;
    this.held = { ...this.held, ...change, ...(isOther ? { sinceMs: this.world.now() } : {}) };
    for (const watcher of this.watchers) watcher();
  }

  private hear(text: string): void {
    this.heardMs = this.world.now();
    // oxlint-disable-next-line no-unsafe-type-assertion -- the server is ours and of the same build
    const message = JSON.parse(text) as ServerMessage;
    switch (message.op) {
      case 'update':
        this.update(message);
        break;
      case 'pong':
        if (message.id !== undefined) this.change({ latencyMs: Math.max(0, this.heardMs - message.id) });
        break;
      case 'hello':
        this.greeted(message.session);
        break;
      case 'session':
        this.change({ session: message.session, ...(message.isOver ? { state: 'over' } : {}) });
        break;
      case 'error':
        this.refused(message.code, message.detail);
        break;
    }
  }

  private greeted(session: SessionInfo): void {
    const isSame = session.epoch === this.epoch;
    this.epoch = session.epoch;
    this.isGreeted = true;
    this.attempts = 0;
    this.change({ state: 'live', session });
    const wanted = [...this.topics].map(([topic, { last, isStale }]) =>
      isSame && last !== undefined && !isStale ? { topic, epoch: session.epoch, seq: last.seq } : topic,
    );
    for (const topic of this.topics.values()) if (!isSame) topic.isStale = true;
    if (wanted.length > 0) this.say({ op: 'subscribe', topics: wanted });
  }

  private update(update: TopicUpdate): void {
    const topic = this.topics.get(update.topic);
    if (topic === undefined) return;
    if (update.type === 'delta') {
      if (topic.isStale || topic.last === undefined || update.seq <= topic.last.seq) return;
      if (update.from !== topic.last.seq) {
        topic.isStale = true;
        this.say({ op: 'unsubscribe', topics: [update.topic] });
        this.say({ op: 'subscribe', topics: [update.topic] });
        return;
      }
    }
    topic.isStale = false;
    topic.data = applyUpdate(topic.data, update);
    topic.last = update;
    for (const listener of topic.listeners) listener(topic.data, update);
  }

  /** Reading needs a token here, or the one held is wrong: ask, and say hello again. */
  private refused(code: string, detail: string): void {
    if (code === 'wrong-token') this.world.forgetToken();
    else if (code !== 'no-token') return;
    if (this.isDeclined) return;
    void (async () => {
      const token = await this.world.askToken(detail);
      this.isDeclined = token === undefined;
      // Another connection by now has said it by itself.
      if (token !== undefined && !this.isGreeted) this.say({ op: 'auth', token });
    })();
  }
}

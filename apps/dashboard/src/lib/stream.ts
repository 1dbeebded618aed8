/** The stream as React and canvases use it: one client for the page. */
import { useCallback, useSyncExternalStore } from 'react';
import type { SessionInfo } from 'quotewright/server/protocol/session';
import type { TopicUpdate } from 'quotewright/server/protocol/stream';
import { type Connection, StreamClient, type TopicListener } from './stream-client.ts';
import { askToken, forgetToken, heldToken } from './token.ts';

const client = new StreamClient({
  connect: ({ onOpen, onMessage, onClose }) => {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/stream`);
    socket.addEventListener('open', onOpen);
    socket.addEventListener('message', (event: MessageEvent<string>) => onMessage(event.data));
    socket.addEventListener('close', onClose);
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.close(),
    };
  },
  now: () => performance.timeOrigin + performance.now(),
  random: Math.random,
  after: (ms, what) => {
    const timer = setTimeout(what, ms);
    return () => clearTimeout(timer);
  },
  token: heldToken,
  askToken,
  forgetToken,
});

/** Once, when the page starts. */
export function openStream(): void {
  client.connect();
  addEventListener('online', () => client.hurry());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') client.hurry();
  });
}

/** Calls back when another process answers than before: everything read from the old one is old. */
export function onEpoch(what: () => void): () => void {
  let epoch = client.connection.session?.epoch;
  return client.watch(() => {
    const now = client.connection.session?.epoch;
    if (now === epoch) return;
    const isFirst = epoch === undefined;
    epoch = now;
    if (!isFirst) what();
  });
}

/** For canvases: every update as it comes, without React. At once with what is held. */
export function subscribeRaw(topic: string, listener: TopicListener): () => void {
  return client.subscribe(topic, listener);
}

export interface TopicState<T> {
  readonly data: T | undefined;
  /** Market time and wall time of the newest event in it; 0: nothing yet. */
  readonly timeMs: number;
  readonly wallMs: number;
  readonly seq: number;
}

const NOTHING: TopicState<never> = { data: undefined, timeMs: 0, wallMs: 0, seq: 0 };

/** What React sees of a topic: changes at most once a frame, whatever comes over the wire. */
class TopicStore {
  shown: TopicState<unknown> = NOTHING;
  readonly notify = new Set<() => void>();
  private readonly name: string;
  private stop: (() => void) | undefined;
  private isWaiting = false;

  constructor(name: string) {
    this.name = name;
  }

  readonly add = (notify: () => void): (() => void) => {
    this.notify.add(notify);
    this.stop ??= client.subscribe(this.name, this.changed);
    return () => {
      this.notify.delete(notify);
      if (this.notify.size > 0) return;
      this.stop?.();
      this.stop = undefined;
      stores.delete(this.name);
    };
  };

  private readonly changed = (): void => {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      const held = client.topic(this.name);
      const last: TopicUpdate | undefined = held?.last;
      if (held === undefined || last === undefined) return;
      this.shown = { data: held.data, timeMs: last.timeMs, wallMs: last.wallMs, seq: last.seq };
      for (const notify of this.notify) notify();
    });
  };
}

const stores = new Map<string, TopicStore>();

function storeOf(topic: string): TopicStore {
  let store = stores.get(topic);
  if (store === undefined) {
    store = new TopicStore(topic);
    stores.set(topic, store);
  }
  return store;
}

const ignore = (): void => {};

/** The whole data of a topic, merged; re-renders at most once a frame. An undefined topic is not subscribed. */
export function useTopic<T>(topic: string | undefined): TopicState<T> {
  const subscribe = useCallback(
    (notify: () => void) => (topic === undefined ? ignore : storeOf(topic).add(notify)),
    [topic],
  );
  const read = (): TopicState<unknown> => (topic === undefined ? NOTHING : (stores.get(topic)?.shown ?? NOTHING));
  // oxlint-disable-next-line no-unsafe-type-assertion -- what a topic carries is said by its name
  return useSyncExternalStore(subscribe, read) as TopicState<T>;
}

const watch = (notify: () => void): (() => void) => client.watch(notify);

/** State of the connection, and the session behind it. */
export function useConnection(): Connection {
  return useSyncExternalStore(watch, () => client.connection);
}

/** The session alone: re-renders when it changes, not at every ping. */
export function useSession(): SessionInfo | undefined {
  return useSyncExternalStore(watch, () => client.connection.session);
}

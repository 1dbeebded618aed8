/**
 * Carries what changes in the topics to whoever listens. There is no queue: a subscriber is a note of which seq it holds of which
 * topic, and a tick gives each that can take something what brings it to the newest. Who cannot is passed over, and gets one larger
 * delta or a snapshot when it can again; so neither its memory nor its time grows with how slow it is.
 */
import type { SessionInfo } from '../protocol/session.ts';
import { ClientTable } from './client-table.ts';
import type { EncodedUpdate } from './encoded-update.ts';
import { type Clocks, NOTHING, StreamTopic } from './stream-topic.ts';
import type { TopicSource } from './topic-source.ts';

/** How often the session is compared with what was told of it, and clients are looked after. */
const BEAT_MS = 250;
/**
 * With many subscribers each is served less often, and not all in the same tick: what the topics of 100 clients have to say then goes out in half
 * as many calls of the system. Milliseconds for each subscriber, and at most.
 */
const MS_A_SUBSCRIBER = 0.12;
const MAX_WAIT_MS = 20;

export interface Subscriber {
  /** Seq held of each topic subscribed to; `NOTHING` before the first update. */
  readonly held: Map<StreamTopic, number>;
  /** Version of the session that it was told. */
  toldSession: number;
  /** It is not served before. */
  nextMs: number;
  /** False: it has not yet taken what it was given. */
  canTake(): boolean;
  /** Around what one tick gives. */
  begin(): void;
  end(nowMs: number): void;
  take(update: EncodedUpdate): void;
  takeSession(session: SessionInfo, isOver: boolean): void;
  /** Now and then: time to see whether it still lives. */
  beat(nowMs: number): void;
}

export interface HubOptions {
  readonly sources: readonly TopicSource[];
  newest(): Clocks;
  session(): SessionInfo;
}

export class StreamHub {
  /** Those that came by WebSocket. */
  readonly clients = new ClientTable();
  readonly #options: HubOptions;
  readonly #topics = new Map<string, StreamTopic>();
  readonly #subscribers = new Set<Subscriber>();
  readonly #newest: () => Clocks;
  readonly #epoch: string;
  /** Somebody has subscribed or was passed over: to be looked at although nothing has changed. */
  #isOwing = false;
  #sessionText = '';
  #sessionVersion = 0;
  #isOver = false;
  #nowMs = 0;
  #beatMs = -Infinity;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#newest = () => options.newest();
    this.#epoch = options.session().epoch;
    for (const source of options.sources) this.#topics.set(source.topic, new StreamTopic(source));
    this.#noteSession();
  }

  get topicNames(): readonly string[] {
    return [...this.#topics.keys()];
  }

  get session(): SessionInfo {
    return this.#options.session();
  }

  /** Called every few milliseconds with a clock that never goes back. */
  tick(nowMs: number): void {
    this.#nowMs = nowMs;
    let isChanged = false;
    for (const topic of this.#topics.values()) if (topic.poll(nowMs, this.#newest)) isChanged = true;
    if (nowMs - this.#beatMs >= BEAT_MS) {
      this.#beatMs = nowMs;
      if (this.#noteSession()) isChanged = true;
      for (const subscriber of this.#subscribers) subscriber.beat(nowMs);
    }
    if (!isChanged && !this.#isOwing) return;
    this.#isOwing = false;
    for (const subscriber of this.#subscribers) this.#serve(subscriber);
  }

  /** The session has ended: everybody is told, and nothing comes after it. */
  finish(): void {
    this.#isOver = true;
    this.#sessionVersion += 1;
    this.#isOwing = true;
    for (const subscriber of this.#subscribers) subscriber.nextMs = this.#nowMs;
    this.tick(this.#nowMs);
  }

  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    subscriber.toldSession = this.#sessionVersion;
  }

  remove(subscriber: Subscriber): void {
    if (!this.#subscribers.delete(subscriber)) return;
    for (const topic of subscriber.held.keys()) topic.leave(this.#nowMs);
    subscriber.held.clear();
  }

  /** From `seq` of `epoch` on, when that is still known; else from a snapshot on. False: there is no such topic. */
  subscribe(subscriber: Subscriber, name: string, held?: { readonly epoch: string; readonly seq: number }): boolean {
    const topic = this.#topics.get(name);
    if (topic === undefined) return false;
    if (!subscriber.held.has(topic)) topic.join();
    subscriber.held.set(topic, held?.epoch === this.#epoch ? held.seq : NOTHING);
    this.#isOwing = true;
    return true;
  }

  /** False: there is no such topic. */
  unsubscribe(subscriber: Subscriber, name: string): boolean {
    const topic = this.#topics.get(name);
    if (topic === undefined) return false;
    if (subscriber.held.delete(topic)) topic.leave(this.#nowMs);
    return true;
  }

  #serve(subscriber: Subscriber): void {
    if (this.#nowMs < subscriber.nextMs) {
      this.#isOwing = true;
      return;
    }
    let isBegun = false;
    for (const [topic, held] of subscriber.held) {
      if (held === topic.seq) continue;
      if (!subscriber.canTake()) {
        this.#isOwing = true;
        break;
      }
      const update = topic.updateFor(held);
      if (update === undefined) continue;
      if (!isBegun) subscriber.begin();
      isBegun = true;
      subscriber.take(update);
      subscriber.held.set(topic, topic.seq);
    }
    if (subscriber.toldSession !== this.#sessionVersion) this.#tellSession(subscriber);
    if (!isBegun) return;
    subscriber.end(this.#nowMs);
    subscriber.nextMs = this.#nowMs + Math.min(MAX_WAIT_MS, MS_A_SUBSCRIBER * this.#subscribers.size);
  }

  #tellSession(subscriber: Subscriber): void {
    if (!subscriber.canTake()) {
      this.#isOwing = true;
      return;
    }
    subscriber.toldSession = this.#sessionVersion;
    subscriber.takeSession(this.session, this.#isOver);
  }

  /** Whether strategies, speed or anything else of the session is not as it was told. */
  #noteSession(): boolean {
    const text = JSON.stringify(this.session);
    if (text === this.#sessionText) return false;
    this.#sessionText = text;
    this.#sessionVersion += 1;
    return true;
  }
}

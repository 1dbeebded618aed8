/**
 * Listen keys of USD-M: one for each account, good for an hour from when it was asked for or renewed last. One that ends is told to who listens, and
 * nothing else comes there any more. Source: "User Data Streams" of USD-M futures (start, keepalive, close, "Event: User Data Stream Expired").
 */
import { randomUUID } from 'node:crypto';
import type { FaceSocket, FrameKind } from '../contract.ts';
import { Refusal } from './refusal.ts';
import type { UserEvent } from './user-events.ts';

const LIFE_MS = 3_600_000;

interface ListenKey {
  readonly text: string;
  untilMs: number;
}

export class ListenKeys {
  /** By account. */
  readonly #keys = new Map<string, ListenKey>();
  /** What each connection listens to: the key, and which events; undefined: all of them. */
  readonly #listeners = new Map<
    FaceSocket,
    { readonly text: string; readonly events: readonly string[] | undefined }
  >();

  /** The account's key, whose hour begins anew. */
  start(account: string, nowMs: number): string {
    this.turn(nowMs);
    let key = this.#keys.get(account);
    if (key === undefined) {
      key = { text: (randomUUID() + randomUUID()).replaceAll('-', ''), untilMs: 0 };
      this.#keys.set(account, key);
    }
    key.untilMs = nowMs + LIFE_MS;
    return key.text;
  }

  /** @throws Refusal when there is none any more */
  renew(account: string, nowMs: number): string {
    this.turn(nowMs);
    if (!this.#keys.has(account)) throw new Refusal(-1125, 'This listenKey does not exist.');
    return this.start(account, nowMs);
  }

  end(account: string): void {
    this.#keys.delete(account);
  }

  /** @param events with a slash between two; null: all. @returns false when there is no such key */
  listen(socket: FaceSocket, text: string, events: string | null): boolean {
    if (![...this.#keys.values()].some((key) => key.text === text)) return false;
    this.#listeners.set(socket, { text, events: events?.split('/') });
    return true;
  }

  leave(socket: FaceSocket): void {
    this.#listeners.delete(socket);
  }

  tell(account: string, event: UserEvent, kind: FrameKind): void {
    const text = this.#keys.get(account)?.text;
    for (const [socket, listened] of this.#listeners) {
      if (listened.text !== text || listened.events?.includes(event.e) === false) continue;
      socket.send(JSON.stringify(event), kind);
    }
  }

  /** Keys whose hour is over end. */
  turn(nowMs: number): void {
    for (const [account, { text, untilMs }] of this.#keys) {
      if (nowMs < untilMs) continue;
      this.tell(account, { e: 'listenKeyExpired', E: Math.floor(nowMs), listenKey: text }, 'private');
      this.#keys.delete(account);
    }
  }
}

/** The alerts of a session: those that its history held when the server began, and those that were raised since. */
import type { Alert } from '../../alerts/alert.ts';
import { readHistory } from '../../alerts/alert-history.ts';
import type { AlertInfo } from '../protocol/risk.ts';
import { LIST_LENGTH } from '../protocol/stream.ts';
import type { TopicSource } from '../stream/topic-source.ts';

/** Alerts that are kept at most; when there are twice as many, the older half goes. */
const KEPT = 5000;

export class AlertList {
  /** Oldest first. */
  readonly items: AlertInfo[] = [];
  /** Is told each alert that came or changed. */
  onChange: (alert: AlertInfo) => void = () => {};
  readonly #keys = new Set<string>();
  /** What tells one from another, whoever told of it. */
  readonly #known = new Set<string>();
  #ofHost = 0;

  /** @param dir the session's folder; absent: it keeps no history */
  static async open(dir: string | undefined): Promise<AlertList> {
    const list = new AlertList();
    if (dir === undefined) return list;
    for await (const line of readHistory(dir, { lines: 0, first: 0 })) {
      if (line.kind === 'ack') list.acknowledge(line.number);
      else {
        const { kind: _, ...alert } = line;
        list.add(alert);
      }
    }
    return list;
  }

  /** One that is known already, from the history, is not taken twice. */
  add(alert: Alert): void {
    const { number, time, type, text } = alert;
    const identity = `${time} ${type} ${text}`;
    if (this.#known.has(identity)) return;
    this.#known.add(identity);
    const info = { ...alert, key: this.#keyOf(number), timeMs: Date.parse(time), isAcknowledged: false };
    this.items.push(info);
    if (this.items.length >= 2 * KEPT) {
      for (const old of this.items.splice(0, this.items.length - KEPT)) {
        this.#known.delete(`${old.time} ${old.type} ${old.text}`);
        this.#keys.delete(old.key);
      }
    }
    this.onChange(info);
  }

  /** Of alerts of one number (a crash has some given out again) the last one is meant. */
  acknowledge(number: number): void {
    const at = this.items.findLastIndex((alert) => alert.number === number);
    const alert = this.items[at];
    if (alert === undefined || alert.isAcknowledged) return;
    const acknowledged = { ...alert, isAcknowledged: true };
    this.items[at] = acknowledged;
    this.onChange(acknowledged);
  }

  #keyOf(number: number | null): string {
    const name = number === null ? `host-${++this.#ofHost}` : String(number);
    let key = name;
    for (let again = 2; this.#keys.has(key); again++) key = `${name}.${again}`;
    this.#keys.add(key);
    return key;
  }
}

/** The topic `alerts`: what came or was acknowledged; an alert replaces the one with its key. */
export class AlertTopic implements TopicSource {
  readonly topic = 'alerts';
  readonly shape = 'list';
  readonly intervalMs = 25;
  /** As told, oldest first. */
  readonly #told = new Map<string, AlertInfo>();
  readonly #changed = new Map<string, AlertInfo>();

  constructor(list: AlertList) {
    for (const alert of list.items) this.#changed.set(alert.key, alert);
    list.onChange = (alert) => this.#changed.set(alert.key, alert);
  }

  poll(): { readonly items: readonly AlertInfo[] } | undefined {
    if (this.#changed.size === 0) return undefined;
    const items = [...this.#changed.values()].slice(-LIST_LENGTH.alerts);
    this.#changed.clear();
    for (const alert of items) this.#told.set(alert.key, alert);
    for (const key of this.#told.keys()) {
      if (this.#told.size <= LIST_LENGTH.alerts) break;
      this.#told.delete(key);
    }
    return { items };
  }

  snapshot(): { readonly items: readonly AlertInfo[] } {
    if (this.#told.size === 0) this.poll();
    return { items: [...this.#told.values()] };
  }
}

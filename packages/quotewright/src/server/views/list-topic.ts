/** A topic that grows at its end: told are the entries that came, and as a whole the last ones. */
import type { TopicSource } from '../stream/topic-source.ts';

/** Entries with numbers from 0; old ones are forgotten. */
export interface NumberedList {
  /** Entries so far. */
  readonly count: number;
  /** From a number to before another one, as far as they are kept, oldest first. */
  entries(from: number, to: number): readonly unknown[];
}

export class ListTopic implements TopicSource {
  readonly topic: string;
  readonly shape = 'list';
  readonly intervalMs: number;
  readonly #list: NumberedList;
  readonly #length: number;
  /** Entries before it are told. */
  #told = 0;

  /** @param length of a snapshot at most; a delta is no longer either */
  constructor(topic: string, intervalMs: number, list: NumberedList, length: number) {
    this.topic = topic;
    this.intervalMs = intervalMs;
    this.#list = list;
    this.#length = length;
  }

  poll(): { readonly items: readonly unknown[] } | undefined {
    const { count } = this.#list;
    if (count === this.#told) return undefined;
    const items = this.#list.entries(Math.max(this.#told, count - this.#length), count);
    this.#told = count;
    return { items };
  }

  snapshot(): { readonly items: readonly unknown[] } {
    if (this.#told === 0) this.poll();
    return { items: this.#list.entries(Math.max(0, this.#told - this.#length), this.#told) };
  }
}

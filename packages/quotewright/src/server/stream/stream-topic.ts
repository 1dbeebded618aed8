/**
 * A topic: its source, the numbers of its updates, and what each client that is behind is to get. Polled only while somebody wants
 * it, and for a while after the last one left, so that who comes back can go on where it was.
 */
import { EncodedUpdate } from './encoded-update.ts';
import { TopicHistory } from './topic-history.ts';
import type { TopicSource } from './topic-source.ts';

/** A client that holds nothing of a topic. */
export const NOTHING = -1;
/** How long history goes on when nobody listens. */
const LINGER_MS = 30_000;
/** Looks at a quiet topic in one interval: what is told once a second costs more to look at, and is less in a hurry. */
const LOOKS = 10;
/** Different answers to clients at different places, kept until the next update. */
const MAX_ANSWERS = 16;

export interface Clocks {
  /** Unix ms in the session's clock, and wall time. */
  readonly timeMs: number;
  readonly wallMs: number;
}

export class StreamTopic {
  readonly name: string;
  readonly #source: TopicSource;
  readonly #history: TopicHistory;
  readonly #answers = new Map<number, EncodedUpdate>();
  #snapshot: EncodedUpdate | undefined;
  #seq = 0;
  #at: Clocks = { timeMs: 0, wallMs: 0 };
  #isAwake = false;
  #listeners = 0;
  #leftMs = 0;
  #nextMs = 0;

  constructor(source: TopicSource) {
    this.name = source.topic;
    this.#source = source;
    this.#history = new TopicHistory(source.topic, source.shape);
  }

  get seq(): number {
    return this.#seq;
  }

  join(): void {
    this.#listeners += 1;
  }

  leave(nowMs: number): void {
    this.#listeners -= 1;
    this.#leftMs = nowMs;
  }

  /** Whether there is something new. A change after a quiet time is seen almost at once; the next one no sooner than the interval after it. */
  poll(nowMs: number, newest: () => Clocks): boolean {
    if (this.#listeners === 0) {
      if (this.#isAwake && nowMs - this.#leftMs > LINGER_MS) this.#sleep();
      if (!this.#isAwake) return false;
    }
    if (!this.#isAwake) return this.#wake(nowMs, newest);
    if (nowMs < this.#nextMs) return false;
    const delta = this.#source.poll();
    if (delta === undefined) {
      this.#nextMs = nowMs + this.#source.intervalMs / LOOKS;
      return false;
    }
    this.#advance(nowMs, newest);
    this.#history.push(delta);
    return true;
  }

  /** What a client that holds `held` gets now; undefined: it has all. */
  updateFor(held: number): EncodedUpdate | undefined {
    if (held === this.#seq) return undefined;
    // Of the future: from another session, or made up.
    if (held === NOTHING || held > this.#seq) return this.#whole();
    const known = this.#answers.get(held);
    if (known !== undefined) return known;
    const data = this.#history.since(held);
    const answer = data === undefined ? this.#whole() : this.#encoded(data, held);
    if (this.#answers.size < MAX_ANSWERS) this.#answers.set(held, answer);
    return answer;
  }

  #whole(): EncodedUpdate {
    return (this.#snapshot ??= this.#encoded(this.#source.snapshot()));
  }

  #encoded(data: object, from?: number): EncodedUpdate {
    const { timeMs, wallMs } = this.#at;
    const what = from === undefined ? ({ type: 'snapshot' } as const) : ({ type: 'delta', from } as const);
    return new EncodedUpdate({ op: 'update', topic: this.name, ...what, seq: this.#seq, timeMs, wallMs, data });
  }

  /** What was made for this seq. */
  #forgetAnswers(): void {
    this.#answers.clear();
    this.#snapshot = undefined;
  }

  #wake(nowMs: number, newest: () => Clocks): true {
    this.#isAwake = true;
    // What has changed since it was looked at last is in the snapshot that everybody gets.
    this.#source.poll();
    this.#advance(nowMs, newest);
    this.#history.restart(this.#seq);
    return true;
  }

  #sleep(): void {
    this.#isAwake = false;
    this.#forgetAnswers();
    this.#history.restart(this.#seq);
  }

  #advance(nowMs: number, newest: () => Clocks): void {
    this.#seq += 1;
    this.#at = newest();
    this.#nextMs = nowMs + this.#source.intervalMs;
    this.#forgetAnswers();
  }
}

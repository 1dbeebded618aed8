/** The last deltas of a topic, for clients that missed some. Bounded by count and by the parts (levels, items) that they hold. */
import { deltaWeight, mergeDeltas } from './merge.ts';
import { listLength } from './topic-kind.ts';
import type { TopicShape } from './topic-source.ts';

const MAX_DELTAS = 2048;
/** A book's levels: some 2 MB of JavaScript arrays. */
const MAX_WEIGHT = 20_000;

export class TopicHistory {
  readonly #topic: string;
  readonly #shape: TopicShape;
  readonly #maxDeltas: number;
  readonly #maxWeight: number;
  #deltas: object[] = [];
  #weight = 0;
  /** Seq of a client that the oldest delta applies to. */
  #base = 0;

  constructor(topic: string, shape: TopicShape) {
    this.#topic = topic;
    this.#shape = shape;
    this.#maxDeltas = shape === 'state' ? 1 : MAX_DELTAS;
    // More of a list than a client keeps is never sent.
    this.#maxWeight = shape === 'list' ? 2 * listLength(topic) : MAX_WEIGHT;
  }

  /** Forgets all: only who holds `seq` goes on by deltas. */
  restart(seq: number): void {
    this.#deltas = [];
    this.#weight = 0;
    this.#base = seq;
  }

  push(delta: object): void {
    this.#deltas.push(delta);
    this.#weight += deltaWeight(delta);
    while (this.#deltas.length > this.#maxDeltas || this.#weight > this.#maxWeight) {
      const oldest = this.#deltas.shift();
      if (oldest === undefined) return;
      this.#weight -= deltaWeight(oldest);
      // The newest state is all of them.
      if (this.#shape !== 'state') this.#base += 1;
    }
  }

  /** What brings a client that holds `seq` to the newest; undefined: a snapshot does. */
  since(seq: number): object | undefined {
    if (seq < this.#base) return undefined;
    const missed = this.#shape === 'state' ? this.#deltas : this.#deltas.slice(seq - this.#base);
    return missed.length === 0 ? undefined : mergeDeltas(this.#topic, this.#shape, missed);
  }
}

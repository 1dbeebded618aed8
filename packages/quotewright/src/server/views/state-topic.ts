/** A topic whose newest data are all of it: told when they are others than before. */
import { isDeepStrictEqual } from 'node:util';
import type { TopicSource } from '../stream/topic-source.ts';

export class StateTopic implements TopicSource {
  readonly topic: string;
  readonly shape = 'state';
  readonly intervalMs: number;
  readonly #inputs: () => number;
  readonly #make: () => object;
  /** Inputs that the engine had taken when it was looked at last. */
  #looked = -1;
  #told: object | undefined;

  /**
   * @param inputs a number that is another when something may have changed
   * @param make the data as they are now
   */
  constructor(topic: string, intervalMs: number, inputs: () => number, make: () => object) {
    this.topic = topic;
    this.intervalMs = intervalMs;
    this.#inputs = inputs;
    this.#make = make;
  }

  poll(): object | undefined {
    const inputs = this.#inputs();
    if (inputs === this.#looked) return undefined;
    this.#looked = inputs;
    const data = this.#make();
    if (this.#told !== undefined && isDeepStrictEqual(data, this.#told)) return undefined;
    this.#told = data;
    return data;
  }

  snapshot(): object {
    if (this.#told === undefined) this.poll();
    return this.#told ?? this.#make();
  }
}

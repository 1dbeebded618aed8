/** A topic whose deltas a test hands over, with the whole after each. */
import type { TopicShape, TopicSource } from '../topic-source.ts';

export class ScriptedSource implements TopicSource {
  readonly topic: string;
  readonly shape: TopicShape;
  readonly intervalMs = 0;
  #whole: object;
  #delta: object | undefined;

  constructor(topic: string, shape: TopicShape, whole: object) {
    this.topic = topic;
    this.shape = shape;
    this.#whole = whole;
  }

  change(delta: object, whole: object): void {
    this.#delta = delta;
    this.#whole = whole;
  }

  poll(): object | undefined {
    const delta = this.#delta;
    this.#delta = undefined;
    return delta;
  }

  snapshot(): object {
    return this.#whole;
  }
}

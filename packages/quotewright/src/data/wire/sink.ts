/** Where decoders put events: batches that are filled one after the other, and used again once they were consumed. */
import { EVENT_STRIDE, EventBatch } from '@quotewright/core/market/event';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';

export class EventSink {
  #open = new EventBatch();
  #full: EventBatch[] = [];
  readonly #spare: EventBatch[] = [];

  /** The batch to push the next record into; it has room for one. */
  get room(): EventBatch {
    if (this.#open.isFull) {
      this.#full.push(this.#open);
      this.#open = this.#spare.pop() ?? new EventBatch();
    }
    return this.#open;
  }

  /** Takes all records out of a queue. */
  take(queue: RecordQueue): void {
    const { data } = queue;
    while (queue.length > 0) {
      const from = queue.peek();
      const batch = this.room;
      const to = batch.length++ * EVENT_STRIDE;
      for (let i = 0; i < EVENT_STRIDE; i++) batch.data[to + i] = data[from + i]!;
      queue.shift();
    }
  }

  /** The batches filled so far; with `all` the unfinished one too. Each is cleared when the next one is asked for. */
  *drain(all: boolean): Generator<EventBatch, void, undefined> {
    const full = this.#full;
    this.#full = [];
    for (const batch of full) {
      yield batch;
      batch.clear();
      this.#spare.push(batch);
    }
    if (!all || this.#open.length === 0) return;
    yield this.#open;
    this.#open.clear();
  }
}

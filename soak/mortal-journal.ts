/** A journal in memory whose process can be killed before any record has its effect, and whose last records may never have reached the disk. */
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import type { InputSink } from '@quotewright/core/trading/input-sink';

/** Thrown in the middle of whatever the engine was about to do. */
export class Killed extends Error {}

export class MortalJournal implements InputSink {
  data = new Float64Array(1 << 16);
  /** Records that it holds. */
  count = 0;
  /** The process dies when it is given so many. */
  killAt = Number.POSITIVE_INFINITY;
  /** Called before each record, when the effect of the one before is complete. */
  readonly #onRecord: (data: Float64Array, offset: number) => void;
  /** Nothing is written while a journal is replayed. */
  isReplaying = false;

  constructor(onRecord: (data: Float64Array, offset: number) => void) {
    this.#onRecord = onRecord;
  }

  append(data: Float64Array, offset: number): void {
    if (this.isReplaying) return;
    if (this.count >= this.killAt) throw new Killed();
    this.#onRecord(data, offset);
    const at = this.count++ * EVENT_STRIDE;
    if (at === this.data.length) {
      const grown = new Float64Array(at * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data.set(data.subarray(offset, offset + EVENT_STRIDE), at);
  }
}

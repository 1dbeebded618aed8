/**
 * The other end of a session's feed: hands out the engine's inputs in their order, and knows where some were lost.
 *
 * `drain` fills `batch` with inputs. It stops at two marks of the writer:
 * - A check (`checkSequence` is not -1): once the batch is applied and the requests that it led to are taken, note the hashes for that sequence;
 *   the message `digest` with the trading engine's comes with the same sequence, before or after.
 * - A loss (`awaited` is not -1): nothing more is handed out until the message `state` of that sequence has been restored and `resume`
 *   was called with it. A state of another sequence was overtaken by a further loss, or is early: keep the last one that came.
 */
import { RingReader } from '@quotewright/core/base/ring';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { FeedMark, markAt, markSequence } from './feed-marks.ts';

/** Records of a batch. */
const BATCH = 4096;

export class FeedReader {
  /** Inputs handed out last, at the start. */
  readonly batch = new Float64Array(BATCH * EVENT_STRIDE);
  /** The mark that ended the last batch: a check after so many inputs; -1 = it was ended by none. */
  checkSequence = -1;
  /** Sequence of the state without which it cannot go on; -1 = it can. */
  awaited = -1;
  /** Times that inputs were lost. */
  losses = 0;
  readonly #ring: RingReader;
  /** Of the session, those in the last batch included. */
  #sequence: number;
  /** Records of the batch that are still to be handed out lie from `#at` to `#end`. */
  #at = 0;
  #end = 0;

  /** @param sequence inputs before the feed's first one */
  constructor(buffer: SharedArrayBuffer, sequence: number) {
    this.#ring = new RingReader(buffer);
    this.#sequence = sequence;
  }

  /** Inputs of the session that were handed out. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Records that wait in the ring, its capacity, and those that found it full. */
  get pending(): number {
    return this.#ring.pending + this.#end - this.#at;
  }
  get capacity(): number {
    return this.#ring.capacity;
  }
  get refused(): number {
    return this.#ring.refused;
  }

  /**
   * Moves the next inputs to the start of `batch`; answers how many. With 0 and `checkSequence` of -1 there is nothing (yet), or a state
   * is awaited.
   * @param most inputs, up to 4096
   */
  drain(most = BATCH): number {
    const { batch } = this;
    this.checkSequence = -1;
    if (this.awaited >= 0) return 0;
    if (this.#at < this.#end) batch.copyWithin(0, this.#at * EVENT_STRIDE, this.#end * EVENT_STRIDE);
    let end = this.#end - this.#at;
    if (end === 0) end = this.#ring.drain(batch, BATCH);
    this.#end = end;
    const limit = most < end ? most : end;
    let count = 0;
    while (count < limit && markAt(batch, count * EVENT_STRIDE) === 0) count++;
    this.#at = count;
    this.#sequence += count;
    if (count < end && markAt(batch, count * EVENT_STRIDE) !== 0) this.#mark(count * EVENT_STRIDE);
    return count;
  }

  /** The engine stands where the state of this sequence says. @returns false when another one is awaited: nothing was done */
  resume(sequence: number): boolean {
    if (sequence !== this.awaited) return false;
    this.awaited = -1;
    this.#sequence = sequence;
    return true;
  }

  #mark(offset: number): void {
    this.#at++;
    const sequence = markSequence(this.batch, offset);
    if (markAt(this.batch, offset) === FeedMark.CHECK) this.checkSequence = sequence;
    else {
      this.awaited = sequence;
      this.losses++;
    }
  }
}

/** For tests: a session's journal that is written by the thread that trades, in frames of a few records. */
import { mkdirSync } from 'node:fs';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import type { InputSink } from '@quotewright/core/trading/input-sink';
import { HEADER_BYTES, RECORD_BYTES } from '../../../journal/format.ts';
import { SegmentWriter } from '../../../journal/segment-writer.ts';
import type { SessionHeader } from '../../../journal/session-header.ts';

/** Records of a frame. */
const FRAME = 256;

export class TestJournal implements InputSink {
  readonly #writer: SegmentWriter;
  readonly #records = new Float64Array(FRAME * EVENT_STRIDE);
  #count = 0;

  constructor(dir: string, header: SessionHeader) {
    mkdirSync(dir, { recursive: true });
    this.#writer = new SegmentWriter({
      dir,
      journal: '0123456789abcdef',
      segment: 1,
      sequence: 0,
      header: JSON.stringify(header),
      segmentBytes: 2 ** 26,
      isDurable: false,
    });
    this.#writer.open();
  }

  append(data: Float64Array, offset: number): void {
    this.#records.set(data.subarray(offset, offset + EVENT_STRIDE), this.#count * EVENT_STRIDE);
    if (++this.#count === FRAME) this.flush();
  }

  /** Everything so far can be read. */
  flush(): void {
    if (this.#count === 0) return;
    const frame = new Uint8Array(HEADER_BYTES + this.#count * RECORD_BYTES);
    new Float64Array(frame.buffer, HEADER_BYTES).set(this.#records.subarray(0, this.#count * EVENT_STRIDE));
    this.#writer.records(frame, this.#count);
    this.#count = 0;
  }
}

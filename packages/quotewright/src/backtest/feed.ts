/**
 * The market data of a run: one or several recordings as one stream of batches in the order in which their rows were received,
 * instruments numbered through. What the beginning tells (instruments, clocks) is known before the first batch is handed out.
 */
import { EVENT_STRIDE, type EventBatch, Field } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { NS_PER_DAY } from '@quotewright/core/base/time';
import type { Recording } from '../data/recording.ts';
import { InputError } from '../data/report.ts';
import { DepthIntervals } from './depth-interval.ts';

const { HEAD, VENUE_NS, LOCAL_NS } = Field;

/** Rows that are looked at before the run begins. */
const HEAD_ROWS = 65_536;

/** Rows as they come: `count` records in `data`. */
export interface FeedBatch {
  readonly data: Float64Array;
  readonly count: number;
}

export interface Feed {
  readonly epochDay: number;
  readonly instruments: readonly Instrument[];
  /** By instrument. */
  readonly isL3: readonly boolean[];
  /** Smallest local − venue time among the first rows that have both, nanoseconds; NaN when none has. */
  readonly headLatencyNs: number;
  /** By instrument: interval at which depth is published, nanoseconds; 0 when each change is told. */
  readonly depthIntervalNs: readonly number[];
  /** Rows of instruments that were not yet known when the run began, so far. They are left out. */
  readonly strayRows: () => number;
  batches(): AsyncGenerator<FeedBatch, void, undefined>;
}

/** @throws InputError when a recording holds no rows. */
export async function openFeed(recordings: readonly Recording[]): Promise<Feed> {
  const epochDay = Math.min(...recordings.map((recording) => recording.epochDay));
  const tapes = recordings.map((recording) => new Tape(recording, (recording.epochDay - epochDay) * NS_PER_DAY));
  const instruments: Instrument[] = [];
  const isL3: boolean[] = [];
  const depthIntervalNs: number[] = [];
  let headLatencyNs = Number.NaN;
  for (const tape of tapes) {
    const latencyNs = await tape.readHead(Math.ceil(HEAD_ROWS / tapes.length));
    if (!(latencyNs >= headLatencyNs)) headLatencyNs = latencyNs === latencyNs ? latencyNs : headLatencyNs;
    tape.firstInstrument = instruments.length;
    tape.instrumentCount = tape.recording.instruments.length;
    for (const [index, instrument] of tape.recording.instruments.entries()) {
      instruments.push(instrument);
      depthIntervalNs.push(tape.intervals.of(index));
      isL3.push(tape.recording.isL3);
    }
  }
  if (instruments.length === 0) throw new InputError('the data holds no instrument');
  return {
    epochDay,
    instruments,
    isL3,
    headLatencyNs,
    depthIntervalNs,
    strayRows: () => tapes.reduce((sum, tape) => sum + tape.strayRows, 0),
    batches: () => (tapes.length === 1 ? tapes[0]!.batches() : merge(tapes)),
  };
}

/** One recording on its way into the stream. */
class Tape {
  readonly recording: Recording;
  firstInstrument = 0;
  instrumentCount = 0;
  strayRows = 0;
  /** The batch at hand, its rows numbered through, and the next row of it. */
  at: FeedBatch = { data: new Float64Array(0), count: 0 };
  next = 0;
  readonly intervals = new DepthIntervals();
  readonly #shiftNs: number;
  readonly #head: FeedBatch[] = [];
  readonly #source: AsyncGenerator<EventBatch, void, undefined>;

  constructor(recording: Recording, shiftNs: number) {
    this.recording = recording;
    this.#shiftNs = shiftNs;
    this.#source = recording.batches();
  }

  /** Reads ahead and answers the smallest latency in it. */
  async readHead(rows: number): Promise<number> {
    let smallest = Number.NaN;
    let seen = 0;
    while (seen < rows) {
      const { value, done } = await this.#source.next();
      if (done === true) break;
      // The reader uses its batch again.
      const data = value.data.slice(0, value.length * EVENT_STRIDE);
      for (let at = 0; at < data.length; at += EVENT_STRIDE) {
        const latencyNs = data[at + LOCAL_NS]! - data[at + VENUE_NS]!;
        if (latencyNs === latencyNs && !(latencyNs >= smallest)) smallest = latencyNs;
      }
      this.intervals.see(data, value.length);
      this.#head.push({ data, count: value.length });
      seen += value.length;
    }
    return smallest;
  }

  async *batches(): AsyncGenerator<FeedBatch, void, undefined> {
    try {
      for (const batch of this.#head) {
        this.#renumber(batch.data, batch.count);
        yield { data: batch.data, count: this.#keepKnown(batch.data, batch.count) };
      }
      this.#head.length = 0;
      for await (const batch of this.#source) {
        this.#renumber(batch.data, batch.length);
        yield { data: batch.data, count: this.#keepKnown(batch.data, batch.length) };
      }
    } finally {
      // Whoever stops before the end closes the file.
      await this.#source.return();
    }
  }

  #renumber(data: Float64Array, count: number): void {
    const shift = this.firstInstrument << 16;
    if (shift === 0 && this.#shiftNs === 0) return;
    for (let at = 0; at < count * EVENT_STRIDE; at += EVENT_STRIDE) {
      data[at + HEAD]! += shift;
      data[at + VENUE_NS]! += this.#shiftNs;
      data[at + LOCAL_NS]! += this.#shiftNs;
    }
  }

  /** Leaves out rows of instruments that the run does not know; answers how many stay. */
  #keepKnown(data: Float64Array, count: number): number {
    if (this.recording.instruments.length === this.instrumentCount) return count;
    const end = this.firstInstrument + this.instrumentCount;
    let kept = 0;
    for (let at = 0; at < count * EVENT_STRIDE; at += EVENT_STRIDE) {
      if (data[at + HEAD]! >> 16 < end) data.copyWithin(EVENT_STRIDE * kept++, at, at + EVENT_STRIDE);
    }
    this.strayRows += count - kept;
    return kept;
  }
}

/** When a row was received; its venue's time when the recording does not tell. */
function receivedNs(tape: Tape): number {
  const at = tape.next * EVENT_STRIDE;
  const localNs = tape.at.data[at + LOCAL_NS]!;
  return localNs === localNs ? localNs : tape.at.data[at + VENUE_NS]!;
}

const MERGED_ROWS = 4096;

async function* merge(tapes: readonly Tape[]): AsyncGenerator<FeedBatch, void, undefined> {
  const sources = tapes.map((tape) => tape.batches());
  const isOpen = tapes.map(() => true);
  const data = new Float64Array(MERGED_ROWS * EVENT_STRIDE);
  let count = 0;
  try {
    for (;;) {
      let first: Tape | undefined;
      let firstNs = Number.POSITIVE_INFINITY;
      for (const [index, tape] of tapes.entries()) {
        while (isOpen[index] === true && tape.next === tape.at.count) {
          const { value, done } = await sources[index]!.next();
          if (done === true) isOpen[index] = false;
          else {
            tape.at = value;
            tape.next = 0;
          }
        }
        if (isOpen[index] !== true) continue;
        const ns = receivedNs(tape);
        if (first === undefined || ns < firstNs) {
          first = tape;
          firstNs = ns;
        }
      }
      if (first === undefined) break;
      const from = first.next++ * EVENT_STRIDE;
      for (let i = 0; i < EVENT_STRIDE; i++) data[count * EVENT_STRIDE + i] = first.at.data[from + i]!;
      if (++count === MERGED_ROWS) {
        yield { data, count };
        count = 0;
      }
    }
    if (count > 0) yield { data, count };
  } finally {
    for (const source of sources) await source.return();
  }
}

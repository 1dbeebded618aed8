/** Recorded market data, of any format, as a flight: an engine with a strategy that does nothing keeps its books. */
import { Engine } from '@quotewright/core/engine/engine';
import { Mark } from '@quotewright/core/engine/local-market';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Observer } from '@quotewright/core/strategies/observer';
import { defineStrategy } from '@quotewright/core/strategies/strategy';
import { type Feed, openFeed } from '../backtest/feed.ts';
import { openVisibleBook } from '../data/lobster/visible-book.ts';
import { type Opened, openWithProgress } from '../data/open.ts';
import type { FlightItem, FlightSource } from './source.ts';

const { VENUE_NS, LOCAL_NS } = Field;
const OPTIONS = { strict: false } as const;

/** An engine shows its books to strategies: somebody has to sit there. */
const nobody = defineStrategy({
  name: 'nobody',
  description: 'does nothing',
  params: {},
  create: () => ({ save: () => null, restore: () => {} }),
});

export class RecordingSource implements FlightSource {
  readonly epochDay: number;
  readonly instruments: readonly Instrument[];
  readonly strategies: readonly string[] = [];
  readonly hasTrading = false;
  readonly header = undefined;
  readonly state = undefined;
  readonly notes: string[] = [];
  readonly #opened: Opened;
  readonly #feed: Feed;

  private constructor(opened: Opened, feed: Feed) {
    this.#opened = opened;
    this.#feed = feed;
    this.epochDay = feed.epochDay;
    this.instruments = feed.instruments;
  }

  /** @throws InputError when it cannot be opened, or holds no rows */
  static async open(path: string): Promise<RecordingSource> {
    const opened = await openWithProgress(path, undefined, OPTIONS);
    // LOBSTER's messages alone make no book; with the rows of the book beside them they do.
    const visible = opened.recording.format === 'lobster' ? await openVisibleBook(path, OPTIONS) : undefined;
    const recording = visible ?? opened.recording;
    return new RecordingSource({ ...opened, recording }, await openFeed([recording]));
  }

  get progress(): number {
    const { bytes, bytesRead } = this.#opened;
    return bytes === 0 ? 0 : Math.min(1, bytesRead() / bytes);
  }

  makeEngine(observers: (strategy: number) => readonly Observer[]): Engine {
    const { instruments } = this;
    return new Engine({
      instruments,
      isL3: this.#feed.isL3,
      venueOf: instruments.map(() => 0),
      strategies: [{ definition: nobody, params: {}, observers: observers(0) }],
      seed: 1,
      mark: Mark.MID,
    });
  }

  async *items(): AsyncGenerator<FlightItem, void, undefined> {
    let lastNs = Number.NEGATIVE_INFINITY;
    for await (const { data, count } of this.#feed.batches()) {
      lastNs = setClock(data, count, lastNs);
      yield { kind: 'records', data, count };
    }
    if (lastNs === Number.NEGATIVE_INFINITY) this.notes.push('it has no times: all of it lies at midnight');
    const { report } = this.#opened.recording;
    this.notes.push(...report.notes);
    if (report.badRows > 0) this.notes.push(`${report.badRows} bad rows were left out`);
    const strays = this.#feed.strayRows();
    if (strays > 0) this.notes.push(`${strays} rows of instruments that appear later were left out`);
  }
}

/** Gives every row a local time, none before that of the row in front of it. @returns that of the last one */
function setClock(data: Float64Array, count: number, before: number): number {
  let lastNs = before;
  for (let at = 0; at < count * EVENT_STRIDE; at += EVENT_STRIDE) {
    const localNs = data[at + LOCAL_NS]!;
    const ns = localNs === localNs ? localNs : data[at + VENUE_NS]!;
    // Before the first time that is known it is midnight.
    if (ns === ns) lastNs = Math.max(lastNs, ns);
    data[at + LOCAL_NS] = lastNs === Number.NEGATIVE_INFINITY ? 0 : lastNs;
  }
  return lastNs;
}

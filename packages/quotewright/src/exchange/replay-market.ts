/** A recording that plays the market of the exchange: its levels and prints at the pace at which they happened, for every venue that is served. */
import type { FeeSchedule } from '@quotewright/core/market/fees';
import {
  EVENT_STRIDE,
  EventFlag,
  EventKind,
  Field,
  headFlags,
  headInstrument,
  headKind,
  packHead,
} from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { ReplayVenue } from '@quotewright/core/venue-sim/venue';
import { type Feed, type FeedBatch, openFeed } from '../backtest/feed.ts';
import { makeVenue } from '../backtest/venues.ts';
import { defaultSettings } from '../backtest/settings.ts';
import { openWithProgress } from '../data/open.ts';
import { InputError } from '../data/report.ts';
import type { MarketSource } from './core/local-exchange.ts';
import { type Market, type ServedFace, withFees } from './setup.ts';

const { HEAD, VENUE_NS, LOCAL_NS } = Field;
const { LEVEL, TRADE, SNAPSHOT_BEGIN, SNAPSHOT_END, STATUS } = EventKind;
/** What customers are shown; the rest of a recording is about how it was received. */
const PUBLIC: ReadonlySet<number> = new Set([LEVEL, TRADE, SNAPSHOT_BEGIN, SNAPSHOT_END, STATUS]);

export interface ReplayChoice {
  readonly path: string;
  /** Only these; undefined: all that the recording has. */
  readonly coins: readonly string[] | undefined;
  readonly fees: FeeSchedule | undefined;
  readonly seed: number;
}

/** Batches that are read ahead of the one that plays. */
const AHEAD = 8;

/** @throws InputError that names what is wrong with the recording */
export async function replayMarket(faces: readonly ServedFace[], choice: ReplayChoice): Promise<Market> {
  const { path, coins, fees, seed } = choice;
  const { recording } = await openWithProgress(path, undefined, { strict: false });
  const feed = await openFeed([recording]);
  if (feed.isL3.includes(true)) {
    throw new InputError(
      `${path}: found order-by-order data, expected a recording of levels (the market of agents has orders)`,
    );
  }
  const roles = feed.instruments.flatMap((recorded, index) => {
    const coin = coinOf(recorded);
    if (coins !== undefined && !coins.includes(coin)) return [];
    return faces.flatMap(({ maker }) => {
      const [own] = maker.instruments([coin]);
      if (own === undefined) return [];
      // The prices are the recording's, and so is their grid.
      const { tick, lot } = recorded.spec;
      const instrument = new Instrument({ ...own.instrument.spec, tick, lot });
      return [{ recorded: index, instrument: withFees({ coin, instrument }, fees).instrument }];
    });
  });
  if (roles.length === 0) {
    const found = feed.instruments.map(coinOf).join(', ');
    throw new InputError(
      `${path}: found ${found}, expected a coin that is served${coins === undefined ? '' : ` (${coins.join(', ')})`}`,
    );
  }
  const byVenue = roles.toSorted((a, b) => order(faces, a.instrument.venue) - order(faces, b.instrument.venue));
  const instruments = byVenue.map(({ instrument }) => instrument);
  const plan = {
    settings: defaultSettings({ strategy: 'observer', data: [path], seed }),
    instruments,
    feed: {
      isL3: instruments.map(() => false),
      depthIntervalNs: byVenue.map(({ recorded }) => feed.depthIntervalNs[recorded]!),
    },
  };
  const venues = instruments.map((_, index) => makeVenue(plan, 'modelled', index));
  const batches = feed.batches();
  const first = await nextRows(batches);
  if (first === undefined) throw new InputError(`${path}: no rows`);
  const source = (startNs: number): MarketSource =>
    new ReplaySource(
      instruments,
      venues,
      byVenue.map(({ recorded }) => recorded),
      batches,
      first,
      startNs,
    );
  return { instruments, prices: new Map(), source };
}

function order(faces: readonly ServedFace[], venue: string): number {
  return faces.findIndex(({ maker }) => maker.venue === venue);
}

/** What the instrument is of; a recording may tell its symbol only. */
function coinOf({ base, symbol }: Instrument): string {
  return base === '' ? symbol.toUpperCase().replace(/[-/_]?(USDT|USDC|USD)([-_]?(PERP|SPOT))?$/u, '') : base;
}

async function nextRows(batches: ReturnType<Feed['batches']>): Promise<FeedBatch | undefined> {
  for (;;) {
    const { value } = await batches.next();
    if (value === undefined) return undefined;
    if (value.count > 0) return { data: value.data.slice(0, value.count * EVENT_STRIDE), count: value.count };
  }
}

class ReplaySource implements MarketSource {
  readonly reports = new RecordQueue();
  readonly feed = new RecordQueue();
  readonly instruments: readonly Instrument[];
  nextNs: number;
  readonly #venues: readonly ReplayVenue[];
  /** By recorded instrument: those of ours that it plays. */
  readonly #roles = new Map<number, number[]>();
  readonly #batches: ReturnType<Feed['batches']>;
  /** What is read: the first batch plays, from its row `#row` on. */
  readonly #ready: FeedBatch[];
  #row = 0;
  #isReading = false;
  /** Added to the recording's times. */
  readonly #shiftNs: number;
  readonly #record = new Float64Array(EVENT_STRIDE);

  constructor(
    instruments: readonly Instrument[],
    venues: readonly ReplayVenue[],
    recorded: readonly number[],
    batches: ReturnType<Feed['batches']>,
    first: FeedBatch,
    startNs: number,
  ) {
    this.instruments = instruments;
    this.#venues = venues;
    recorded.forEach((of, index) => this.#roles.set(of, [...(this.#roles.get(of) ?? []), index]));
    this.#batches = batches;
    this.#ready = [first];
    this.#shiftNs = startNs - timeOf(first.data, 0);
    this.nextNs = startNs;
    void this.#readAhead();
  }

  queues(): undefined {
    return undefined;
  }

  /** One message: the rows up to one that is flagged so. */
  step(): void {
    const { data, count } = this.#ready[0]!;
    const from = this.#row;
    let to = from + 1;
    while (to < count && (headFlags(data[(to - 1) * EVENT_STRIDE + HEAD]!) & EventFlag.LAST) === 0) to++;
    for (const index of this.#roles.get(headInstrument(data[from * EVENT_STRIDE + HEAD]!)) ?? []) {
      this.#play(data, from, to, index);
    }
    this.#row = to;
    if (to === count) {
      this.#ready.shift();
      this.#row = 0;
      void this.#readAhead();
    }
    this.#schedule();
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    const venue = this.#venues[headInstrument(data[offset + HEAD]!)]!;
    venue.request(data, offset, nowNs);
    this.#collect(venue);
  }

  /** The rows `[from, to)` happen in one of our instruments. */
  #play(data: Float64Array, from: number, to: number, index: number): void {
    const record = this.#record;
    const venue = this.#venues[index]!;
    let last = -1;
    for (let row = from; row < to; row++) {
      const at = row * EVENT_STRIDE;
      const head = data[at + HEAD]!;
      const kind = headKind(head);
      for (let i = 0; i < EVENT_STRIDE; i++) record[i] = data[at + i]!;
      record[HEAD] = packHead(kind, headFlags(head), index);
      record[VENUE_NS] = this.nextNs;
      record[LOCAL_NS] = Number.NaN;
      venue.market(record, 0);
      if (!PUBLIC.has(kind)) continue;
      record[HEAD] = packHead(kind, headFlags(head) & ~EventFlag.LAST, index);
      last = this.feed.reserve();
      this.feed.data.set(record, last);
    }
    if (last >= 0) this.feed.data[last + HEAD]! |= EventFlag.LAST << 8;
    this.#collect(venue);
  }

  /** When the recording has ended, or its next rows are not yet read, there is no next event. */
  #schedule(): void {
    const [batch] = this.#ready;
    if (batch === undefined) this.nextNs = Infinity;
    else {
      const ns = timeOf(batch.data, this.#row * EVENT_STRIDE) + this.#shiftNs;
      // Rows that were received out of order happen when they were received.
      this.nextNs = this.nextNs === Infinity || ns > this.nextNs ? ns : this.nextNs;
    }
  }

  async #readAhead(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#ready.length < AHEAD) {
      const rows = await nextRows(this.#batches);
      if (rows === undefined) return;
      this.#ready.push(rows);
      if (this.nextNs === Infinity) this.#schedule();
    }
    this.#isReading = false;
  }

  #collect({ reports }: ReplayVenue): void {
    for (; reports.length > 0; reports.shift()) {
      const from = reports.peek();
      const to = this.reports.reserve();
      for (let i = 0; i < EVENT_STRIDE; i++) this.reports.data[to + i] = reports.data[from + i]!;
    }
  }
}

function timeOf(data: Float64Array, at: number): number {
  const local = data[at + LOCAL_NS]!;
  return local === local ? local : data[at + VENUE_NS]!;
}

/** Shadow orders: own orders of one lot beside real orders of a LOBSTER day, whose fate the recording tells. */
import {
  EVENT_STRIDE,
  EventBatch,
  EventFlag,
  EventKind,
  Field,
  headFlags,
  headKind,
  packHead,
} from '@quotewright/core/market/event';
import { OrderFlag, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { L3ReplayVenue } from '@quotewright/core/venue-sim/l3-replay';
import { expect, it } from 'vitest';
import { sharedData } from '../testing/files.ts';
import { openVisibleBook } from './visible-book.ts';

/** Every so many recorded orders are shadowed. */
const EVERY = 20;
/** More shadows than ever share a print. */
const CROWD = 10;

/** What is known of a real order: what is left of it, and whether it traded. */
interface Real {
  open: number;
  hasTraded: boolean;
  isCancelled: boolean;
}

class Shadows {
  readonly reals = new Map<number, Real>();
  fills = 0;
  refused = 0;
  early = 0;
  late = 0;
  readonly #isBehind: boolean;
  readonly #filled = new Set<number>();
  readonly #venue: L3ReplayVenue;
  readonly #request = new EventBatch(1);
  #adds = 0;

  constructor(venue: L3ReplayVenue, isBehind: boolean) {
    this.#venue = venue;
    this.#isBehind = isBehind;
  }

  /** Shows a row to the venue, a shadow joining before or after it when it is the turn of an added order. */
  step(data: Float64Array, offset: number): void {
    const head = data[offset + Field.HEAD]!;
    const kind = headKind(head);
    const id = data[offset + Field.ORDER_ID]!;
    const isPlain = (headFlags(head) & EventFlag.SNAPSHOT) === 0;
    const isTurn = kind === EventKind.ORDER_ADD && isPlain && ++this.#adds % EVERY === 0;
    const real = this.reals.get(id);
    const wasWhole = real !== undefined && !real.hasTraded;
    if (isTurn && !this.#isBehind) this.#join(data, offset, id);
    if (real !== undefined) this.#note(real, kind, data[offset + Field.SIZE_LOTS]!);
    this.#venue.market(data, offset);
    this.#collect();
    if (isTurn && this.#isBehind) this.#join(data, offset, id);
    if (isTurn) this.reals.set(id, { open: data[offset + Field.SIZE_LOTS]!, hasTraded: false, isCancelled: false });
    if (real === undefined) return;
    // In front of the order: filled no later than with the first lot that the order behind traded. A print of few lots is
    // shared with other shadows, and with what those before it spared.
    const isLarge = data[offset + Field.SIZE_LOTS]! >= CROWD;
    if (!this.#isBehind && wasWhole && real.hasTraded && isLarge && !this.#filled.has(id)) this.late++;
    if (real.isCancelled) this.#send(RequestKind.CANCEL, 0, 0, 0, id, data[offset + Field.VENUE_NS]!);
  }

  #note(real: Real, kind: number, lots: number): void {
    if (kind === EventKind.ORDER_EXEC || kind === EventKind.ORDER_REDUCE) real.open -= lots;
    if (kind === EventKind.ORDER_EXEC) real.hasTraded = true;
    else if (kind === EventKind.ORDER_REMOVE) real.isCancelled = true;
  }

  #join(data: Float64Array, offset: number, id: number): void {
    const side = headFlags(data[offset + Field.HEAD]!) & EventFlag.BUY;
    const flags = side | OrderFlag.POST_ONLY;
    this.#send(RequestKind.NEW, flags, data[offset + Field.PRICE_TICKS]!, 1, id, data[offset + Field.VENUE_NS]!);
  }

  /** The shadow has the number of its real order. */
  #send(kind: number, flags: number, price: number, lots: number, id: number, nowNs: number): void {
    this.#request.data.set([packHead(kind, flags, 0), nowNs, nowNs, price, lots, id, 0, 0]);
    this.#venue.request(this.#request.data, 0, nowNs);
    this.#collect();
  }

  #collect(): void {
    const { reports } = this.#venue;
    while (reports.length > 0) {
      const at = reports.peek();
      const kind = headKind(reports.data[at + Field.HEAD]!);
      const id = reports.data[at + Field.ORDER_ID]!;
      reports.shift();
      if (kind === ReportKind.REJECT) this.refused++;
      if (kind !== ReportKind.FILL) continue;
      this.fills++;
      this.#filled.add(id);
      // Behind the order: not before all of it has traded.
      if (this.#isBehind && (this.reals.get(id)?.open ?? 1) > 0) this.early++;
    }
  }
}

it.each([true, false])(
  'a shadow of a real order on GOOG fills when its place in the queue says (behind it: %s)',
  async (isBehind) => {
    const path = sharedData('lobster/LOBSTER_SampleFile_GOOG_2012-06-21_5.zip');
    const recording = await openVisibleBook(path, { strict: true });
    const shadows = new Shadows(new L3ReplayVenue(recording!.instruments[0]!), isBehind);
    for await (const batch of recording!.batches()) {
      for (let at = 0; at < batch.length * EVENT_STRIDE; at += EVENT_STRIDE) shadows.step(batch.data, at);
    }
    expect(shadows.reals.size).toBeGreaterThan(2000);
    expect(shadows.fills).toBeGreaterThan(100);
    // Once the venue passed over the real order and executed a younger one (`book verify` counts five such cases).
    expect([shadows.early, shadows.late, shadows.refused]).toEqual([isBehind ? 1 : 0, 0, 0]);
  },
  60_000,
);

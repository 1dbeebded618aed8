/**
 * What a simulated venue knows of our account: open orders, executions, positions, money. It is kept from the reports at the venue's
 * side, before anything can happen to them on their way.
 */
import { EVENT_STRIDE, Field, headFlags, headInstrument, headKind } from '../market/event.ts';
import type { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { Ledger, type LedgerOptions } from '../trading/ledger.ts';
import { RecordQueue } from '../trading/record-queue.ts';
import { OrderFlag, ReportKind } from '../trading/records.ts';
import type { AskableVenue, VenueAccount, VenueExecution, VenueOrder } from '../trading/venue-account.ts';
import type { LivingVenue } from './venue.ts';

const { HEAD, VENUE_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;

interface OpenOrder {
  readonly market: number;
  readonly side: Side;
  priceTicks: number;
  totalLots: number;
  filledLots: number;
}

export class AccountTracker implements AskableVenue {
  readonly #ledger: Ledger;
  readonly #markets: number;
  /** By our number, in the order of acknowledgement. */
  readonly #orders = new Map<number, OpenOrder>();
  /** FILL reports, one after another. */
  #executions = new Float64Array(64 * EVENT_STRIDE);
  #count = 0;

  /** @param ledger the starting cash of all strategies together */
  constructor(instruments: readonly Instrument[], ledger?: LedgerOptions) {
    this.#ledger = new Ledger(instruments, ledger);
    this.#markets = instruments.length;
  }

  /** The venue makes the report at `data[offset]`. */
  report(data: Float64Array, offset: number): void {
    const head = data[offset + HEAD] | 0;
    const id = data[offset + ORDER_ID];
    const kind = headKind(head);
    const side = (headFlags(head) & OrderFlag.BUY) === 0 ? Side.SELL : Side.BUY;
    if (kind === ReportKind.ACK) {
      const [priceTicks, totalLots] = [data[offset + PRICE_TICKS], data[offset + SIZE_LOTS]];
      this.#orders.set(id, { market: headInstrument(head), side, priceTicks, totalLots, filledLots: 0 });
    } else if (kind === ReportKind.CANCELLED) this.#orders.delete(id);
    else if (kind === ReportKind.AMENDED) {
      const order = this.#orders.get(id);
      if (order === undefined) return;
      order.priceTicks = data[offset + PRICE_TICKS];
      order.totalLots = data[offset + SIZE_LOTS];
    } else if (kind === ReportKind.FILL) this.#fill(data, offset, headInstrument(head), side);
  }

  account(sinceNs: number): VenueAccount {
    const orders = Array.from(this.#orders, ([orderId, order]): VenueOrder => {
      const { market, side, priceTicks, totalLots, filledLots } = order;
      return { orderId, market, side, priceTicks, openLots: totalLots - filledLots, filledLots };
    });
    const executions: VenueExecution[] = [];
    for (let at = 0; at < this.#count; at += EVENT_STRIDE) {
      if (this.#executions[at + VENUE_NS] >= sinceNs) executions.push(this.#executionAt(at));
    }
    const positionLots = Array.from({ length: this.#markets }, (_, market) => this.#ledger.positionLots(market));
    const balances = Object.fromEntries(this.#ledger.currencies.map((each) => [each, this.#ledger.cashText(each)]));
    const costs = Array.from({ length: this.#markets }, (_, market) => this.#ledger.basisText(market));
    return { orders, executions, positionLots, balances, costs };
  }

  #fill(data: Float64Array, offset: number, market: number, side: Side): void {
    const lots = data[offset + SIZE_LOTS];
    this.#ledger.fill(market, side, data[offset + PRICE_TICKS], lots, data[offset + AUX]);
    const order = this.#orders.get(data[offset + ORDER_ID]);
    if (order !== undefined) {
      order.filledLots += lots;
      if (order.filledLots >= order.totalLots) this.#orders.delete(data[offset + ORDER_ID]);
    }
    if (this.#count === this.#executions.length) {
      const grown = new Float64Array(this.#count * 2);
      grown.set(this.#executions);
      this.#executions = grown;
    }
    this.#executions.set(data.subarray(offset, offset + EVENT_STRIDE), this.#count);
    this.#count += EVENT_STRIDE;
  }

  #executionAt(at: number): VenueExecution {
    const data = this.#executions;
    const head = data[at + HEAD] | 0;
    return {
      execution: data[at + SEQ],
      orderId: data[at + ORDER_ID],
      market: headInstrument(head),
      side: (headFlags(head) & OrderFlag.BUY) === 0 ? Side.SELL : Side.BUY,
      priceTicks: data[at + PRICE_TICKS],
      sizeLots: data[at + SIZE_LOTS],
      feePpb: data[at + AUX],
      isMaker: (headFlags(head) & OrderFlag.MAKER) !== 0,
      venueNs: data[at + VENUE_NS],
    };
  }
}

/** A living venue that can be asked. */
export class TrackedVenue implements LivingVenue, AskableVenue {
  readonly reports = new RecordQueue();
  readonly tracker: AccountTracker;
  readonly #venue: LivingVenue;

  constructor(venue: LivingVenue, tracker: AccountTracker) {
    this.#venue = venue;
    this.tracker = tracker;
  }

  get feed(): RecordQueue {
    return this.#venue.feed;
  }

  get nextNs(): number {
    return this.#venue.nextNs;
  }

  step(): void {
    this.#venue.step();
    this.#collect();
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    this.#venue.request(data, offset, nowNs);
    this.#collect();
  }

  account(sinceNs: number): VenueAccount {
    return this.tracker.account(sinceNs);
  }

  #collect(): void {
    const { reports } = this.#venue;
    for (; reports.length > 0; reports.shift()) {
      const from = reports.peek();
      this.tracker.report(reports.data, from);
      copyRecord(reports.data, from, this.reports);
    }
  }
}

function copyRecord(data: Float64Array, from: number, queue: RecordQueue): void {
  const to = queue.reserve();
  for (let i = 0; i < EVENT_STRIDE; i++) queue.data[to + i] = data[from + i];
}

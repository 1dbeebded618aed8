/** For tests: a venue of order-by-order data, driven by short calls, its reports as text. */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind, packHead } from '../../market/event.ts';
import { Instrument } from '../../market/instrument.ts';
import { OrderFlag, ReportKind, RequestKind } from '../../trading/records.ts';
import { L3ReplayVenue, type QueuePlace } from '../l3-replay.ts';
import type { SelfTradeRule } from '../own-order-venue.ts';

export const TEST_INSTRUMENT = new Instrument({
  venue: 'test',
  symbol: 'TEST',
  base: 'T',
  quote: 'USD',
  tick: '1',
  lot: '1',
  contract: 'spot',
  fees: { maker: '-0.0001', taker: '0.0005' },
});

const REPORT_NAMES = new Map<number, string>(Object.entries(ReportKind).map(([name, kind]) => [kind, name]));

export type SideName = 'buy' | 'sell';
export const flagOf = (side: SideName): number => (side === 'buy' ? EventFlag.BUY : 0);

export class L3Desk {
  readonly venue: L3ReplayVenue;
  #ns = 0;
  readonly #row = new Float64Array(EVENT_STRIDE);

  constructor(instrument: Instrument = TEST_INSTRUMENT, place: QueuePlace = 'real', selfTrade?: SelfTradeRule) {
    this.venue = new L3ReplayVenue(instrument, 0, place, selfTrade);
  }

  row(kind: number, side: SideName, price: number, lots: number, id: number, flags: number = EventFlag.LAST): void {
    this.#write(packHead(kind, flagOf(side) | flags, 0), price, lots, id);
    this.venue.market(this.#row, 0);
  }

  add(id: number, side: SideName, price: number, lots: number): void {
    this.row(EventKind.ORDER_ADD, side, price, lots, id);
  }

  exec(id: number, side: SideName, price: number, lots: number): void {
    this.row(EventKind.ORDER_EXEC, side, price, lots, id);
  }

  remove(id: number, side: SideName): void {
    this.row(EventKind.ORDER_REMOVE, side, 0, 0, id);
  }

  /** A print; the side is the aggressor's. */
  trade(aggressor: SideName, price: number, lots: number): void {
    this.row(EventKind.TRADE, aggressor, price, lots, 0);
  }

  order(id: number, side: SideName, price: number, lots: number, flags = 0): string[] {
    return this.#request(packHead(RequestKind.NEW, flagOf(side) | flags, 0), price, lots, id);
  }

  cancel(id: number): string[] {
    return this.#request(packHead(RequestKind.CANCEL, 0, 0), 0, 0, id);
  }

  amend(id: number, price: number, lots: number): string[] {
    return this.#request(packHead(RequestKind.AMEND, 0, 0), price, lots, id);
  }

  /** Reports since the last call: `FILL 1 5@100 maker`, `CANCELLED 1 5@100 r3`. */
  said(): string[] {
    const { reports } = this.venue;
    const lines: string[] = [];
    while (reports.length > 0) {
      const at = reports.peek();
      const data = reports.data;
      const head = data[at + Field.HEAD]!;
      const kind = headKind(head);
      let line = `${REPORT_NAMES.get(kind)} ${data[at + Field.ORDER_ID]} ${data[at + Field.SIZE_LOTS]}@${data[at + Field.PRICE_TICKS]}`;
      if (kind === ReportKind.FILL) line += (headFlags(head) & OrderFlag.MAKER) === 0 ? ' taker' : ' maker';
      else if (kind === ReportKind.AMENDED) line += (headFlags(head) & OrderFlag.KEPT_PLACE) === 0 ? '' : ' kept';
      else if (kind !== ReportKind.ACK) line += ` r${data[at + Field.AUX]}`;
      lines.push(line);
      reports.shift();
    }
    return lines;
  }

  #request(head: number, price: number, lots: number, id: number): string[] {
    this.#write(head, price, lots, id);
    this.venue.request(this.#row, 0, this.#ns);
    return this.said();
  }

  #write(head: number, price: number, lots: number, id: number): void {
    this.#row.set([head, ++this.#ns, Number.NaN, price, lots, id, 0, 0]);
  }
}

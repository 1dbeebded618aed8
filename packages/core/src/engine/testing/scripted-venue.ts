/** A replay venue that writes down what reaches it and answers as it is told. */
import { Field, headKind, packHead } from '../../market/event.ts';
import { RecordQueue } from '../../trading/record-queue.ts';
import { ReportKind, RequestKind } from '../../trading/records.ts';
import type { ReplayVenue } from '../../venue-sim/venue.ts';

const { VENUE_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, HEAD } = Field;
const ANSWERS: Readonly<Record<number, keyof typeof ReportKind>> = {
  [RequestKind.NEW]: 'ACK',
  [RequestKind.AMEND]: 'AMENDED',
  [RequestKind.CANCEL]: 'CANCELLED',
};
const NAMES = Object.fromEntries(Object.entries(RequestKind).map(([name, kind]) => [kind, name]));

export interface Answer {
  readonly kind: keyof typeof ReportKind;
  readonly order: number;
  readonly price?: number;
  readonly size?: number;
  readonly seq?: number;
  readonly aux?: number;
}

export class ScriptedVenue implements ReplayVenue {
  readonly reports = new RecordQueue();
  readonly log: string[];
  readonly index: number;
  /** By the SEQ of a market row: what the venue reports when the row happens. */
  readonly onRow = new Map<number, readonly Answer[]>();

  constructor(log: string[] = [], index = 0) {
    this.log = log;
    this.index = index;
  }

  market(data: Float64Array, offset: number): void {
    this.log.push(`${data[offset + VENUE_NS]} venue row ${data[offset + SEQ]}`);
    for (const answer of this.onRow.get(data[offset + SEQ]!) ?? []) this.#report(answer, data[offset + VENUE_NS]!);
  }

  /** Accepts everything. */
  request(data: Float64Array, offset: number, nowNs: number): void {
    const kind = headKind(data[offset + HEAD]!);
    this.log.push(`${nowNs} ${NAMES[kind]} ${data[offset + ORDER_ID]} arrives`);
    const answer = ANSWERS[kind];
    if (answer === undefined) throw new Error(`no answer to ${kind}`);
    const order = data[offset + ORDER_ID]!;
    this.#report({ kind: answer, order, price: data[offset + PRICE_TICKS]!, size: data[offset + SIZE_LOTS]! }, nowNs);
  }

  #report({ kind, order, price = 0, size = 0, seq = 0, aux = 0 }: Answer, nowNs: number): void {
    const at = this.reports.reserve();
    const head = packHead(ReportKind[kind], 0, this.index);
    this.reports.data.set([head, nowNs, Number.NaN, price, size, order, seq, aux], at);
  }
}

/** A desk for tests: reports written by name, requests read as objects. */
import { EVENT_STRIDE, Field, headFlags, headInstrument, headKind, packHead } from '../../market/event.ts';
import { Side } from '../../market/side.ts';
import { Applied, OrderDesk, type OrderDeskOptions } from '../order-desk.ts';
import { OrderState } from '../order-state.ts';
import { ReportKind, RequestKind } from '../records.ts';

export const TIMEOUT_NS = 1000;

export interface Request {
  readonly kind: string;
  readonly id: number;
  readonly market: number;
  readonly flags: number;
  readonly price: number;
  readonly size: number;
  readonly seq: number;
  readonly nowNs: number;
}

export interface ReportFields {
  readonly price?: number;
  readonly size?: number;
  readonly seq?: number;
  readonly aux?: number;
}

export function nameOf(codes: Readonly<Record<string, number>>, code: number): string {
  return Object.keys(codes).find((name) => codes[name] === code) ?? `${code}`;
}

/** The names of the bits of an answer of `apply`, joined by '+'. */
export function bitsOf(applied: number): string {
  const names = Object.entries(Applied).filter(([, bit]) => (applied & bit) !== 0);
  return names.length === 0 ? 'IGNORED' : names.map(([name]) => name).join('+');
}

export class DeskHarness {
  readonly desk: OrderDesk;
  nowNs = 0;
  readonly #record = new Float64Array(EVENT_STRIDE);

  constructor(options: Partial<OrderDeskOptions> = {}) {
    this.desk = new OrderDesk({ strategies: 1, venueOfMarket: [0], ackTimeoutNs: TIMEOUT_NS, ...options });
  }

  /** A new order, by default a bid of 10 lots at 100. */
  place(price = 100, size = 10, side: Side = Side.BUY, flags = 0): number {
    return this.desk.place(0, 0, side, price, size, flags, this.nowNs);
  }

  report(kind: keyof typeof ReportKind, id: number, fields: ReportFields = {}): string {
    const data = this.#record;
    data[Field.HEAD] = packHead(ReportKind[kind], 0, 0);
    data[Field.VENUE_NS] = this.nowNs;
    data[Field.LOCAL_NS] = this.nowNs;
    data[Field.PRICE_TICKS] = fields.price ?? Number.NaN;
    data[Field.SIZE_LOTS] = fields.size ?? Number.NaN;
    data[Field.ORDER_ID] = id;
    data[Field.SEQ] = fields.seq ?? 0;
    data[Field.AUX] = fields.aux ?? 0;
    return bitsOf(this.desk.apply(data, 0, this.nowNs));
  }

  /** State, and price, filled and total size; of an order that may be finished. */
  show(id: number): string {
    const { desk } = this;
    const slot = desk.slotOf(id);
    if (slot < 0) return 'not known';
    const terms = `${desk.filledLotsAt(slot)}/${desk.sizeLotsAt(slot)} at ${desk.priceTicksAt(slot)}`;
    return `${nameOf(OrderState, desk.stateAt(slot))} ${terms}`;
  }

  state(id: number): string {
    return this.show(id).split(' ')[0]!;
  }

  /** Takes the requests out. */
  requests(): Request[] {
    const { outbox } = this.desk;
    const taken: Request[] = [];
    for (; outbox.length > 0; outbox.shift()) {
      const at = outbox.peek();
      const { data } = outbox;
      const head = data[at + Field.HEAD]!;
      taken.push({
        kind: nameOf(RequestKind, headKind(head)),
        id: data[at + Field.ORDER_ID]!,
        market: headInstrument(head),
        flags: headFlags(head),
        price: data[at + Field.PRICE_TICKS]!,
        size: data[at + Field.SIZE_LOTS]!,
        seq: data[at + Field.SEQ]!,
        nowNs: data[at + Field.LOCAL_NS]!,
      });
    }
    return taken;
  }
}

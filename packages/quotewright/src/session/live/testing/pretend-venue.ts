/** A venue's end of the way for orders, which answers in the very turn of the request, or not at all. */
import { Field, headFlags, headInstrument, headKind, packHead } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type { VenueAccount, VenueExecution, VenueOrder } from '@quotewright/core/trading/venue-account';
import { VenueError } from '../../../venues/contract/venue-error.ts';
import type { TradedVenue } from '../venue-trade.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { BUY, MAKER } = OrderFlag;
type Connection = TradedVenue['connection'];

export class PretendVenue implements Connection {
  areOrdersUp = true;
  /** Requests that came, by kind. */
  readonly requests: number[] = [];
  questions = 0;
  massCancels = 0;
  /** Answers are lost on their way. */
  isMute = false;
  /** Cancels have no effect. */
  isStubborn = false;
  /** Cancels are refused, as if there were no such order. */
  denies = false;
  readonly orders = new Map<number, VenueOrder>();
  readonly #executions: VenueExecution[] = [];
  readonly #reports = new RecordQueue();
  readonly #positions = new Map<number, number>();
  readonly #markets: number;
  readonly #nowNs: () => number;
  /** Takes reports, and empties the queue. */
  take: (reports: RecordQueue) => void = () => {};

  constructor(markets: number, nowNs: () => number) {
    this.#markets = markets;
    this.#nowNs = nowNs;
  }

  request(data: Float64Array, offset: number): void {
    const head = data[offset + HEAD]! | 0;
    const kind = headKind(head);
    this.requests.push(kind);
    const orderId = data[offset + ORDER_ID]!;
    const [priceTicks, sizeLots] = [data[offset + PRICE_TICKS]!, data[offset + SIZE_LOTS]!];
    const known = this.orders.get(orderId);
    if (kind === RequestKind.NEW) {
      const side = (headFlags(head) & BUY) === 0 ? Side.SELL : Side.BUY;
      const order = { orderId, market: headInstrument(head), side, priceTicks, openLots: sizeLots, filledLots: 0 };
      this.orders.set(orderId, order);
      this.#tell(ReportKind.ACK, order, priceTicks, sizeLots, 0, 0);
    } else if (known !== undefined && kind === RequestKind.AMEND) {
      const order = { ...known, priceTicks, openLots: sizeLots - known.filledLots };
      this.orders.set(orderId, order);
      this.#tell(ReportKind.AMENDED, order, priceTicks, sizeLots, 0, 0);
    } else if (known !== undefined && this.denies) {
      this.#tell(ReportKind.CANCEL_REJECT, known, 0, 0, 0, Reject.UNKNOWN_ORDER);
    } else if (known !== undefined && !this.isStubborn) {
      this.orders.delete(orderId);
      this.#tell(ReportKind.CANCELLED, known, known.priceTicks, known.openLots, 0, Reject.REQUESTED);
    }
    if (this.#reports.length > 0) this.take(this.#reports);
  }

  /** Somebody trades with an order. */
  fill(orderId: number, lots: number): void {
    const order = this.orders.get(orderId)!;
    const { market, side, priceTicks } = order;
    const execution = this.#executions.length + 1;
    const feePpb = 200_000;
    this.#executions.push({
      execution,
      orderId,
      market,
      side,
      priceTicks,
      sizeLots: lots,
      feePpb,
      isMaker: true,
      venueNs: this.#nowNs(),
    });
    this.#positions.set(market, (this.#positions.get(market) ?? 0) + (side === Side.BUY ? lots : -lots));
    const rest = { ...order, openLots: order.openLots - lots, filledLots: order.filledLots + lots };
    if (rest.openLots === 0) this.orders.delete(orderId);
    else this.orders.set(orderId, rest);
    this.#tell(ReportKind.FILL, order, priceTicks, lots, execution, feePpb);
    if (this.#reports.length > 0) this.take(this.#reports);
  }

  account(sinceNs: number): Promise<VenueAccount> {
    this.questions++;
    if (!this.areOrdersUp) return Promise.reject(new VenueError({ venue: 'pretend', code: 'NETWORK', text: 'away' }));
    const positionLots = Array.from({ length: this.#markets }, (_, market) => this.#positions.get(market) ?? 0);
    const executions = this.#executions.filter(({ venueNs }) => venueNs >= sinceNs);
    return Promise.resolve({ orders: [...this.orders.values()], executions, positionLots });
  }

  cancelAll(): Promise<void> {
    this.massCancels++;
    this.orders.clear();
    return Promise.resolve();
  }

  #tell(kind: number, order: VenueOrder, priceTicks: number, lots: number, seq: number, aux: number): void {
    if (this.isMute || !this.areOrdersUp) return;
    const nowNs = this.#nowNs();
    const flags = (order.side === Side.BUY ? BUY : 0) | (kind === ReportKind.FILL ? MAKER : 0);
    const at = this.#reports.reserve();
    const record = [packHead(kind, flags, order.market), nowNs, nowNs, priceTicks, lots, order.orderId, seq, aux];
    for (const [field, value] of [HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX].entries()) {
      this.#reports.data[at + value] = record[field]!;
    }
  }
}

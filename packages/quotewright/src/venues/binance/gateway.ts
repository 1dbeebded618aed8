/** What the gateways of spot and USD-M have in common: names, reports, the account, mass cancels. */
import { headFlags, headInstrument, Field } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { OrderFlag, type Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { ClientIds } from '../contract/client-ids.ts';
import type { OrdersSetup } from '../contract/orders.ts';
import { OrderReportWriter } from '../order-reports.ts';
import { AccountPages } from './account.ts';
import { errorOfResponse } from './errors.ts';
import { ExecutionReader } from './execution-report.ts';
import { OrderNames } from './order-names.ts';
import { signedRequest, type SignedPage } from './pages.ts';
import type { BinanceProduct } from './product.ts';
import { Signer } from './sign.ts';

const { HEAD, ORDER_ID } = Field;

const REFUSALS: Readonly<
  Record<number, typeof ReportKind.REJECT | typeof ReportKind.CANCEL_REJECT | typeof ReportKind.AMEND_REJECT>
> = {
  [RequestKind.NEW]: ReportKind.REJECT,
  [RequestKind.CANCEL]: ReportKind.CANCEL_REJECT,
  [RequestKind.AMEND]: ReportKind.AMEND_REJECT,
};

/** A request of ours, as far as an answer needs it. */
export interface OwnRequest {
  readonly kind: number;
  readonly orderId: number;
  /** Of the instrument within this venue. */
  readonly index: number;
  readonly side: Side;
}

export class GatewayBase {
  readonly setup: OrdersSetup;
  readonly signer: Signer;
  readonly names: OrderNames;
  readonly executions: ExecutionReader;
  readonly #product: BinanceProduct;
  readonly #reports: OrderReportWriter;
  readonly #account: AccountPages;
  readonly #indexOf: Int32Array;

  /** @throws VenueError AUTH when the credentials are none */
  constructor(product: BinanceProduct, setup: OrdersSetup) {
    this.setup = setup;
    this.#product = product;
    this.signer = new Signer(product.venue, setup.credentials);
    this.names = new OrderNames(new ClientIds(setup.tag));
    this.#reports = new OrderReportWriter(setup.host.reports);
    const { instruments, indices, epochDay } = setup;
    this.executions = new ExecutionReader({
      instruments,
      indices,
      epochDay,
      names: this.names,
      reports: this.#reports,
    });
    this.#account = new AccountPages(product, this.setup, this.signer, this.names);
    this.#indexOf = new Int32Array(setup.markets).fill(-1);
    indices.forEach((market, index) => (this.#indexOf[market] = index));
  }

  instrument(index: number): Instrument {
    return this.setup.instruments[index]!;
  }

  /** The request at `data[offset]`. */
  read(data: Float64Array, offset: number): OwnRequest {
    const head = data[offset + HEAD]!;
    const side = (headFlags(head) & OrderFlag.BUY) === 0 ? Side.SELL : Side.BUY;
    return { kind: head & 0xff, orderId: data[offset + ORDER_ID]!, index: this.#indexOf[headInstrument(head)]!, side };
  }

  refuse({ kind, orderId, index, side }: OwnRequest, reason: Reject): void {
    if (kind === RequestKind.NEW) this.executions.refused(orderId);
    const order = { number: orderId, market: this.setup.indices[index]!, side };
    this.#reports.ended(REFUSALS[kind]!, order, reason, 0, Number.NaN, this.setup.host.nowNs());
  }

  async account(sinceNs: number): Promise<VenueAccount> {
    return this.#account.read(sinceNs);
  }

  /** Of each instrument; that there is nothing to cancel is no error. @throws VenueError */
  async cancelAll(path: string, weight: number): Promise<void> {
    const { instruments, rest } = this.setup;
    for (const { symbol } of instruments) {
      const parameters = [['symbol', symbol]] as const;
      const page: SignedPage = { method: 'DELETE', path, parameters, cost: { weight }, isCancel: true };
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as the budget lets them
      const response = await rest.call(signedRequest(this.signer, page));
      if (response.status === 200) continue;
      const error = errorOfResponse(this.#product.venue, response);
      if (error.code !== 'UNKNOWN_ORDER') throw error;
    }
  }
}

/** Orders of the venue of tests: {"login"} is answered by {"ready"}, {"new": id} by {"ack": id}; the account is always empty. */
import { EVENT_STRIDE, Field, headKind, packHead } from '@quotewright/core/market/event';
import { ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { z } from 'zod';
import type { OrderGateway, OrdersSetup } from '../../contract/orders.ts';
import { VenueError } from '../../contract/venue-error.ts';

const frame = z.union([z.object({ ready: z.literal(true) }), z.object({ ack: z.number() })]);

export class ScriptedOrders implements OrderGateway {
  isReady = false;
  readonly #setup: OrdersSetup;
  #token = '';

  constructor(setup: OrdersSetup) {
    this.#setup = setup;
  }

  get url(): string {
    return `${this.#setup.addresses.orders}?token=${this.#token}`;
  }

  async prepare(): Promise<void> {
    const { status, text } = await this.#setup.rest.call({ method: 'POST', path: '/token', cost: {} });
    if (status !== 200) throw new VenueError({ venue: 'scripted', code: 'AUTH', text });
    this.#token = text;
  }

  opened(): void {
    this.#setup.host.send(JSON.stringify({ login: this.#token }));
  }

  message(bytes: Uint8Array, nowNs: number): void {
    const parsed = frame.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if ('ready' in parsed) {
      this.isReady = true;
      this.#setup.host.tell({ type: 'ready', detail: 'logged in' });
      return;
    }
    const { reports } = this.#setup.host;
    const at = reports.reserve();
    reports.data.fill(0, at, at + EVENT_STRIDE);
    reports.data[at + Field.HEAD] = packHead(ReportKind.ACK, 0, this.#setup.indices[0]!);
    reports.data[at + Field.LOCAL_NS] = nowNs;
    reports.data[at + Field.ORDER_ID] = parsed.ack;
  }

  closed(): void {
    this.isReady = false;
  }

  poll(): void {}

  request(data: Float64Array, offset: number): void {
    if (headKind(data[offset + Field.HEAD]!) !== RequestKind.NEW) return;
    this.#setup.host.send(JSON.stringify({ new: data[offset + Field.ORDER_ID] }));
  }

  async cancelAll(): Promise<void> {
    await this.#setup.rest.call({ method: 'DELETE', path: '/orders', cost: {}, isCancel: true });
  }

  async account(): Promise<VenueAccount> {
    return { orders: [], executions: [], positionLots: Array.from({ length: this.#setup.markets }, () => Number.NaN) };
  }
}

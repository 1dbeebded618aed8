/** In place of an engine: sends the requests that a session has sent, at the times at which it sent them, whatever comes back. */
import type { OrderCarrier } from '@quotewright/core/engine/engine-setup';
import type { ReplayTrader } from '@quotewright/core/engine/replay-session';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';

const { LOCAL_NS } = Field;

export class ScriptedTrader implements ReplayTrader, OrderCarrier {
  readonly instruments: readonly Instrument[];
  readonly isRunning = true;
  /** When the next request is sent. */
  wakeNs = Number.POSITIVE_INFINITY;
  readonly #script = new RecordQueue();
  /** The time that has come. */
  #nowNs = Number.NEGATIVE_INFINITY;
  readonly #onReport: (data: Float64Array, offset: number) => void;

  constructor(instruments: readonly Instrument[], onReport: (data: Float64Array, offset: number) => void) {
    this.instruments = instruments;
    this.#onReport = onReport;
  }

  /** The session has sent the request at `data[offset]`, at its LOCAL_NS. */
  send(data: Float64Array, offset: number): void {
    const at = this.#script.reserve();
    for (let i = 0; i < EVENT_STRIDE; i++) this.#script.data[at + i] = data[offset + i]!;
    this.#look();
  }

  wake(nowNs: number): void {
    this.#nowNs = nowNs;
    this.wakeNs = Number.POSITIVE_INFINITY;
  }

  get hasRequests(): boolean {
    return this.#isDue();
  }

  takeRequests(carrier: OrderCarrier): void {
    while (this.#isDue()) {
      const at = this.#script.peek();
      this.#script.shift();
      carrier.send(this.#script.data, at);
    }
    this.#look();
  }

  report(data: Float64Array, offset: number): void {
    this.#onReport(data, offset);
  }

  market(): boolean {
    return false;
  }

  start(): void {}
  stop(): void {}
  funding(): void {}

  #isDue(): boolean {
    return this.#script.length > 0 && this.#script.data[this.#script.peek() + LOCAL_NS]! <= this.#nowNs;
  }

  #look(): void {
    this.wakeNs =
      this.#script.length === 0 ? Number.POSITIVE_INFINITY : this.#script.data[this.#script.peek() + LOCAL_NS]!;
  }
}

/** What is watched of one strategy of the second engine: its figures, its places in queues, its fills. */
import { SessionRecorder } from '@quotewright/core/analytics/recorder';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { SessionHeader } from '../../journal/session-header.ts';
import type { PnlHistory } from './pnl-data.ts';
import { QueueTracker } from './queue-tracker.ts';

export class StrategyWatch implements PnlHistory {
  recorder: SessionRecorder;
  queue: QueueTracker;
  /** They have seen the session from its first input. */
  isWhole = true;
  readonly #instruments: readonly Instrument[];
  readonly #cash: SessionHeader['cash'];
  readonly #showsOwn: boolean;
  /** Highest equity by settlement currency. It outlives engines. */
  readonly #peaks = new Map<string, number>();

  /** @param showsOwn see `QueueTracker` */
  constructor(instruments: readonly Instrument[], cash: SessionHeader['cash'], showsOwn: boolean) {
    this.#instruments = instruments;
    this.#cash = cash;
    this.#showsOwn = showsOwn;
    this.recorder = this.#newRecorder();
    this.queue = this.#newQueue();
  }

  /** Of another engine, which begins where nothing was seen. */
  observers(): readonly Observer[] {
    this.recorder = this.#newRecorder();
    this.queue = this.#newQueue();
    return [this.recorder, this.queue];
  }

  /** NaN when some were not seen. */
  feesPaid(market: number): number {
    return this.isWhole ? this.recorder.ledger.fees(market) : Number.NaN;
  }

  peak(currency: string): number {
    return this.#peaks.get(currency) ?? Number.NaN;
  }

  /** Equity as it is at a sample. */
  noteEquity(currency: string, equity: number): void {
    if (!(this.peak(currency) >= equity)) this.#peaks.set(currency, equity);
  }

  #newRecorder(): SessionRecorder {
    const settlements = new Set(this.#instruments.map(({ settlement }) => settlement));
    const capital = Object.entries(this.#cash).filter(
      ([currency, amount]) => settlements.has(currency) && Number(amount) > 0,
    );
    return new SessionRecorder({
      instruments: this.#instruments,
      capital: Object.fromEntries(capital.map(([currency, amount]) => [currency, Number(amount)])),
    });
  }

  #newQueue(): QueueTracker {
    return new QueueTracker(this.#instruments.length, this.#showsOwn);
  }
}

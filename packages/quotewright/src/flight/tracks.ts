/** The lines of a flight's overview: mid prices, P&L and positions over time, and the peaks of equity that drawdowns are measured from. */
import type { Engine } from '@quotewright/core/engine/engine';
import type { PnlHistory } from '../server/views/pnl-data.ts';
import { pnlData } from '../server/views/pnl-data.ts';
import { finiteOrNull } from '../server/views/finite.ts';
import { marketMs } from '../server/views/market-time.ts';
import type { FlightOverview } from '../server/protocol/research.ts';
import { Buckets } from './buckets.ts';

type Lines = Pick<FlightOverview, 'timesMs' | 'events' | 'midTicks' | 'pnl' | 'positionLots'>;

export class Tracks {
  readonly #engine: Engine;
  readonly #cash: Readonly<Record<string, string>>;
  readonly #histories: readonly PnlHistory[];
  readonly #epochDay: number;
  readonly #buckets: Buckets;
  /** `strategy currency` of each account, and its highest equity at the end of a bucket so far. */
  readonly #accounts: readonly string[];
  readonly #peaks: Float64Array;

  /** @param histories by strategy, of the engine as it is; their peaks are not asked for */
  constructor(
    engine: Engine,
    cash: Readonly<Record<string, string>>,
    histories: readonly Pick<PnlHistory, 'feesPaid'>[],
    epochDay: number,
  ) {
    this.#engine = engine;
    this.#cash = cash;
    this.#histories = histories.map(({ feesPaid }) => ({ feesPaid, peak: () => Number.NaN }));
    this.#epochDay = epochDay;
    const { strategies } = pnlData(engine, cash, this.#histories);
    this.#accounts = strategies.map(({ strategy, currency }) => accountName(strategy, currency));
    this.#peaks = new Float64Array(strategies.length).fill(Number.NEGATIVE_INFINITY);
    this.#buckets = new Buckets(() => this.#sample());
  }

  /** Before the event takes effect. */
  see(event: number, ns: number): void {
    this.#buckets.see(event, ns);
  }

  end(): void {
    this.#buckets.end();
  }

  /** Highest equity of an account at the ends of buckets that lie wholly before an event; NaN when there is none. */
  peak(strategy: number, currency: string, event: number): number {
    const { events, values } = this.#buckets;
    const account = this.#accounts.indexOf(accountName(strategy, currency));
    let bucket = events.findIndex((first) => first > event);
    if (bucket < 0) bucket = events.length;
    // The last bucket that has begun is not over, or its end is not known to be before the event.
    return bucket < 2 || account < 0 ? Number.NaN : values[bucket - 2]![this.#peakAt + account]!;
  }

  get lines(): Lines {
    const { instruments, seats } = this.#engine;
    const { timesNs, events, values } = this.#buckets;
    const column = (at: number): number[] => values.map((each) => each[at]!);
    const markets = instruments.length;
    return {
      timesMs: timesNs.map((ns) => marketMs(this.#epochDay, ns)),
      events: [...events],
      midTicks: instruments.map((_, market) => column(market).map(finiteOrNull)),
      pnl: seats.map((_, seat) => column(markets + seat)),
      positionLots: seats.map((_, seat) =>
        instruments.map((__, market) => column(markets + seats.length + seat * markets + market)),
      ),
    };
  }

  get #peakAt(): number {
    const { instruments, seats } = this.#engine;
    return instruments.length + seats.length * (1 + instruments.length);
  }

  /** Mids, total P&L by strategy (of its first currency), positions by strategy and instrument, peaks by account. */
  #sample(): Float64Array {
    const { instruments, seats } = this.#engine;
    const { strategies } = pnlData(this.#engine, this.#cash, this.#histories);
    for (const [i, { equity }] of strategies.entries()) this.#peaks[i] = Math.max(this.#peaks[i]!, equity);
    return Float64Array.from([
      ...instruments.map((_, market) => seats[0]!.markets[market]!.midTicks),
      ...seats.map(({ index }) => strategies.find(({ strategy }) => strategy === index)?.total ?? Number.NaN),
      ...seats.flatMap(({ ledger }) => instruments.map((_, market) => ledger.positionLots(market))),
      ...this.#peaks,
    ]);
  }
}

const accountName = (strategy: number, currency: string): string => `${strategy} ${currency}`;

/** A live session's trade with a pretended venue and a clock that is set by hand: no socket, no journal on disk. */
import type { Engine } from '@quotewright/core/engine/engine';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { headerEngine, headerStrategies } from '../../../journal/replay-engine.ts';
import { type TradedVenue, VenueTrade, type VenueTradeOptions } from '../venue-trade.ts';
import { PretendFeed, paperHeader } from './paper-folder.ts';
import { PretendVenue } from './pretend-venue.ts';

const NOON_NS = 43_200e9;

export type SceneOptions = Partial<VenueTradeOptions> & Partial<Pick<TradedVenue, 'spot'>>;

export class LiveScene {
  readonly engine: Engine;
  readonly venue: PretendVenue;
  readonly trade: VenueTrade;
  readonly said: string[] = [];
  readonly settled: boolean[] = [];
  /** Seconds after noon. */
  seconds = 0;
  maySend = true;
  readonly #inputs: number[] = [];
  readonly #replayed: Engine;
  readonly #feed = new PretendFeed(5);

  private constructor(engines: readonly Engine[], inputs: number[], options: SceneOptions) {
    const [engine, replayed] = engines;
    const { spot, ...more } = options;
    this.engine = engine!;
    this.#replayed = replayed!;
    this.#inputs = inputs;
    this.venue = new PretendVenue(this.engine.instruments.length, this.nowNs);
    this.trade = new VenueTrade({
      engine: this.engine,
      venues: [{ name: 'pretend', markets: [0, 1], connection: this.venue, sinceNs: NOON_NS, spot }],
      epoch: 1,
      isRecovered: false,
      unknownOrders: 'cancel',
      nowNs: this.nowNs,
      maySend: () => this.maySend,
      say: (line) => this.said.push(line),
      reconciled: ({ differences }) => this.settled.push(differences.length === 0),
      startMs: 5000,
      isInterrupted: () => false,
      ...more,
    });
    this.venue.take = (reports) => this.trade.reports(reports);
  }

  static async make(options: SceneOptions = {}): Promise<LiveScene> {
    const header = await paperHeader({}, 'live');
    const strategies = await headerStrategies(header);
    const inputs: number[] = [];
    const journal = {
      append: (data: Float64Array, at: number) => inputs.push(...data.subarray(at, at + EVENT_STRIDE)),
    };
    return new LiveScene(
      [headerEngine(header, { strategies, journal }), headerEngine(header, { strategies })],
      inputs,
      options,
    );
  }

  readonly nowNs = (): number => NOON_NS + this.seconds * 1e9;

  /** The market goes on. */
  market(untilS: number): void {
    this.#feed.run(untilS, (queue, nowNs) => {
      this.seconds = Math.max(this.seconds, (nowNs - NOON_NS) / 1e9);
      this.trade.run(nowNs);
      this.trade.records(queue);
    });
    this.seconds = Math.max(this.seconds, untilS);
    this.trade.run(this.nowNs());
  }

  /** Time goes on, a tenth of a second at a time, until something is so. */
  async goOn(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      this.seconds += 0.1;
      this.trade.run(this.nowNs());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The hashes of a second engine that takes the same inputs; its requests go nowhere. */
  replay(): string {
    const data = Float64Array.from(this.#inputs);
    for (let at = 0; at < data.length; at += EVENT_STRIDE) {
      this.#replayed.input(data, at);
      this.#replayed.takeRequests({ send: () => {} });
    }
    return `${this.#replayed.inputs.digest()} ${this.#replayed.outputs.digest()}`;
  }

  get hashes(): string {
    return `${this.engine.inputs.digest()} ${this.engine.outputs.digest()}`;
  }
}

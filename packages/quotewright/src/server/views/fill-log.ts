/** The fills of all strategies of a session, numbered as they came. */
import { SettlementValue } from '@quotewright/core/analytics/settlement-value';
import type { Engine } from '@quotewright/core/engine/engine';
import { PPB } from '@quotewright/core/market/fees';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { Fill, Market } from '@quotewright/core/strategies/strategy';
import type { FillEntry } from '../protocol/stream.ts';
import { marketMs } from './market-time.ts';

/** Fills that are kept at most; when there are twice as many, the older half goes. */
const KEPT = 10_000;

const nothing = (): void => {};

export class FillLog {
  /** Fills of the session so far. */
  count = 0;
  /** The last ones, oldest first. */
  readonly kept: FillEntry[] = [];
  readonly #epochDay: number;
  readonly #values: readonly SettlementValue[];

  constructor(instruments: readonly Instrument[], epochDay: number) {
    this.#epochDay = epochDay;
    this.#values = instruments.map((instrument) => new SettlementValue(instrument));
  }

  /** An engine is there that has fills which were not seen. */
  adopt({ seats }: Pick<Engine, 'seats'>): void {
    this.count = seats.reduce((sum, { fills }) => sum + fills, 0);
  }

  /** From a number (from 0) to before another one, as far as they are kept, oldest first. */
  entries(from: number, to: number): readonly FillEntry[] {
    const { kept } = this;
    let first = kept.length;
    while (first > 0 && kept[first - 1]!.number > from) first--;
    let end = kept.length;
    while (end > first && kept[end - 1]!.number > to) end--;
    return kept.slice(first, end);
  }

  /** Notes the fills of a strategy. */
  observer(strategy: number): Observer {
    return {
      onBook: nothing,
      onOrder: nothing,
      onRequest: nothing,
      onFunding: nothing,
      onFill: (market, fill, nowNs, feePpb) => this.#add(strategy, market, fill, nowNs, feePpb),
    };
  }

  #add(strategy: number, market: Market, fill: Fill, nowNs: number, feePpb: number): void {
    const { index: instrument, positionLots } = market;
    const { orderId, side, priceTicks: ticks, sizeLots: lots, isMaker } = fill;
    const fee = (Math.abs(this.#values[instrument]!.notional(lots, ticks)) * feePpb) / PPB;
    this.kept.push({
      number: ++this.count,
      timeMs: marketMs(this.#epochDay, nowNs),
      strategy,
      instrument,
      orderId,
      side: side === Side.BUY ? 1 : -1,
      ticks,
      lots,
      isMaker,
      fee,
      positionLots,
    });
    if (this.kept.length >= 2 * KEPT) this.kept.splice(0, this.kept.length - KEPT);
  }
}

/**
 * Who watches a strategy without acting: the engine calls an observer after the strategy's own handlers, with the same views.
 * Metrics, event logs and the dashboard are observers.
 */
import type { Side } from '../market/side.ts';
import type { Fill, Market, Order } from './strategy.ts';

export interface Observer {
  /** A message changed the market's book (also while it is stale); `market.receivedNs` is now. Often called, so no number is passed. */
  onBook(market: Market): void;
  /** An own order traded; the market's position includes it. `feePpb`: the fee's rate, signed parts per billion. */
  onFill(market: Market, fill: Fill, nowNs: number, feePpb: number): void;
  /** An own order changed its state, fills included (after `onFill`). `venueNs`: when the venue did it. */
  onOrder(market: Market, order: Order, nowNs: number, venueNs: number): void;
  /** A request was sent: a `RequestKind`. */
  onRequest(market: Market, kind: number, order: Order, nowNs: number): void;
  /** Funding was booked: a signed rate in parts per billion at a mark. */
  onFunding(market: Market, ratePpb: number, markTicks: number, nowNs: number): void;
  /** The risk gate refused an order or an amendment: a `Refusal`. */
  onRefused?(market: Market, side: Side, priceTicks: number, sizeLots: number, code: number, nowNs: number): void;
  /** The strategy reported a number (`ctx.metric`). */
  onMetric?(name: string, value: number): void;
}

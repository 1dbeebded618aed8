/** Executions of a session, and those that the backtest's venues would have made of the same requests. */
import { Field, headFlags, headInstrument } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { OrderFlag } from '@quotewright/core/trading/records';

const { HEAD, LOCAL_NS, VENUE_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, AUX } = Field;

export interface FillRecord {
  readonly orderId: number;
  readonly market: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly isMaker: boolean;
  readonly feePpb: number;
  /** When it happened at the venue, by its clock, and when we knew of it. */
  readonly venueNs: number;
  readonly localNs: number;
  /** Lots before the order by the queue model, at the moment at which the session knew of its fill; NaN: it was in no queue any more. */
  readonly aheadLots: number;
}

/** Of the FILL report at `data[offset]`. */
export function fillOf(data: Float64Array, offset: number, aheadLots: number): FillRecord {
  const head = data[offset + HEAD]! | 0;
  const flags = headFlags(head);
  return {
    orderId: data[offset + ORDER_ID]!,
    market: headInstrument(head),
    side: (flags & OrderFlag.BUY) === 0 ? Side.SELL : Side.BUY,
    priceTicks: data[offset + PRICE_TICKS]!,
    sizeLots: data[offset + SIZE_LOTS]!,
    isMaker: (flags & OrderFlag.MAKER) !== 0,
    feePpb: data[offset + AUX]!,
    venueNs: data[offset + VENUE_NS]!,
    localNs: data[offset + LOCAL_NS]!,
    aheadLots,
  };
}

/** A part of a fill that both have, or that one has. */
export interface FillPair {
  readonly orderId: number;
  readonly market: number;
  readonly side: Side;
  readonly sizeLots: number;
  readonly session: FillRecord | undefined;
  readonly backtest: FillRecord | undefined;
}

/** Lays the fills of each order side by side, lot by lot from its first: what is left over only one of them has. In order of time. */
export function pairFills(session: readonly FillRecord[], backtest: readonly FillRecord[]): FillPair[] {
  const ofBacktest = byOrder(backtest);
  const ofSession = byOrder(session);
  const pairs: FillPair[] = [];
  for (const [orderId, ours] of ofSession) pairs.push(...pairOrder(ours, ofBacktest.get(orderId) ?? []));
  for (const [orderId, theirs] of ofBacktest) if (!ofSession.has(orderId)) pairs.push(...pairOrder([], theirs));
  return pairs.toSorted((a, b) => timeOf(a) - timeOf(b));
}

function byOrder(fills: readonly FillRecord[]): Map<number, FillRecord[]> {
  const of = new Map<number, FillRecord[]>();
  for (const fill of fills) {
    const known = of.get(fill.orderId);
    if (known === undefined) of.set(fill.orderId, [fill]);
    else known.push(fill);
  }
  return of;
}

function pairOrder(ours: readonly FillRecord[], theirs: readonly FillRecord[]): FillPair[] {
  const pairs: FillPair[] = [];
  let [a, b] = [0, 0];
  let [leftA, leftB] = [ours[0]?.sizeLots ?? 0, theirs[0]?.sizeLots ?? 0];
  while (a < ours.length || b < theirs.length) {
    const session = ours[a];
    const backtest = theirs[b];
    const sizeLots = session === undefined ? leftB : backtest === undefined ? leftA : Math.min(leftA, leftB);
    const { orderId, market, side } = (session ?? backtest)!;
    pairs.push({ orderId, market, side, sizeLots, session, backtest });
    if (session !== undefined) leftA -= sizeLots;
    if (backtest !== undefined) leftB -= sizeLots;
    if (session !== undefined && leftA <= 0) leftA = ours[++a]?.sizeLots ?? 0;
    if (backtest !== undefined && leftB <= 0) leftB = theirs[++b]?.sizeLots ?? 0;
  }
  return pairs;
}

const timeOf = ({ session, backtest }: FillPair): number => (session ?? backtest)!.localNs;

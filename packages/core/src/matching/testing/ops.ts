/** Operations on a matching engine as plain data, so that a failing sequence can be printed, shrunk and replayed. */
import type { Side } from '../../market/side.ts';
import { type MarketState, OrderType, PostOnly, SelfTrade, TimeInForce } from '../codes.ts';

/** What `submit` can be asked for beyond a plain limit order; what is left out is as in a plain limit GTC order. */
export interface SubmitFields {
  readonly type?: OrderType;
  readonly timeInForce?: TimeInForce;
  readonly postOnly?: PostOnly;
  readonly selfTrade?: SelfTrade;
  readonly owner?: number;
  readonly priceTicks?: number;
  readonly displayLots?: number;
  readonly triggerTicks?: number;
  readonly expiryNs?: number;
  /** REF of the order to pair with. */
  readonly link?: number;
}

export type Op =
  | {
      readonly op: 'limit';
      readonly ref: number;
      readonly side: Side;
      readonly priceTicks: number;
      readonly sizeLots: number;
      readonly owner: number;
      readonly timeInForce: TimeInForce;
      readonly selfTrade: SelfTrade;
    }
  | ({ readonly op: 'submit'; readonly ref: number; readonly side: Side; readonly sizeLots: number } & SubmitFields)
  | { readonly op: 'cancel'; readonly target: number }
  | { readonly op: 'amend'; readonly target: number; readonly priceTicks: number; readonly sizeLots: number }
  | { readonly op: 'massCancel'; readonly owner: number }
  | { readonly op: 'advance'; readonly nowNs: number }
  | { readonly op: 'setState'; readonly state: MarketState };

/** A request with every field but the link, as the naive engine and `OrderRequest` have it. */
export function completeRequest(op: Extract<Op, { op: 'submit' | 'limit' }>) {
  const more: SubmitFields = op;
  return {
    ref: op.ref,
    side: op.side,
    sizeLots: op.sizeLots,
    type: more.type ?? OrderType.LIMIT,
    timeInForce: more.timeInForce ?? TimeInForce.GTC,
    postOnly: more.postOnly ?? PostOnly.NO,
    selfTrade: more.selfTrade ?? SelfTrade.ALLOW,
    owner: more.owner ?? 0,
    priceTicks: more.priceTicks ?? Number.NaN,
    displayLots: more.displayLots ?? 0,
    triggerTicks: more.triggerTicks ?? Number.NaN,
    expiryNs: more.expiryNs ?? Number.NaN,
  };
}

/** An operation as source text (JSON has no NaN). */
export function sourceOf(op: Op): string {
  return `{ ${Object.entries(op)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? `'${value}'` : String(value)}`)
    .join(', ')} },`;
}

/** The shortest sequence that still fails, by leaving out ever smaller runs of operations. */
export function shrink(ops: readonly Op[], isFailing: (ops: readonly Op[]) => boolean, mostTries = 3000): Op[] {
  let kept = [...ops];
  let tries = 0;
  for (let run = Math.ceil(kept.length / 2); run >= 1; run = run === 1 ? 0 : Math.ceil(run / 2)) {
    for (let at = kept.length - run; at > -run && tries < mostTries; at -= run) {
      const from = Math.max(0, at);
      const without = [...kept.slice(0, from), ...kept.slice(from + run)];
      tries++;
      if (isFailing(without)) kept = without;
    }
  }
  return kept;
}

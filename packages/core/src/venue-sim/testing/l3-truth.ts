/**
 * For tests: a slow and obvious market. The same flow of orders is matched twice, without an order of ours (that is the recording) and
 * with one order of ours in it (that is the truth of its fills).
 */
import { EventKind } from '../../market/event.ts';
import type { Random } from '../../base/random.ts';
import type { L3Desk, SideName } from './l3-desk.ts';

interface Resting {
  readonly id: number;
  readonly side: SideName;
  readonly price: number;
  open: number;
}

export type FlowStep =
  | {
      readonly kind: 'limit';
      readonly id: number;
      readonly side: SideName;
      readonly price: number;
      readonly lots: number;
    }
  | { readonly kind: 'market'; readonly side: SideName; readonly lots: number }
  | { readonly kind: 'reduce'; readonly id: number; readonly lots: number };

const OURS = 0;

/** Best price first, at one price oldest first. */
class SlowMarket {
  readonly resting: Resting[] = [];
  readonly #onExecution: (order: Resting, lots: number) => void;

  constructor(onExecution: (order: Resting, lots: number) => void) {
    this.#onExecution = onExecution;
  }

  queue(side: SideName): Resting[] {
    const orders = this.resting.filter((order) => order.side === side);
    return orders.toSorted((a, b) => (side === 'buy' ? b.price - a.price : a.price - b.price));
  }

  /** Trades against the other side, no worse than `limit`; answers what is left. */
  aggress(side: SideName, limit: number, lots: number): number {
    let left = lots;
    for (const order of this.queue(side === 'buy' ? 'sell' : 'buy')) {
      if (left === 0 || (side === 'buy' ? order.price > limit : order.price < limit)) break;
      const traded = Math.min(left, order.open);
      left -= traded;
      this.#onExecution(order, traded);
      this.shrink(order, traded);
    }
    return left;
  }

  shrink(order: Resting, lots: number): void {
    order.open -= lots;
    if (order.open <= 0) this.resting.splice(this.resting.indexOf(order), 1);
  }

  rest(id: number, side: SideName, price: number, lots: number): void {
    if (lots > 0) this.resting.push({ id, side, price, open: lots });
  }

  apply(step: FlowStep): void {
    if (step.kind === 'limit') {
      this.rest(step.id, step.side, step.price, this.aggress(step.side, step.price, step.lots));
    } else if (step.kind === 'market') {
      this.aggress(step.side, step.side === 'buy' ? Number.POSITIVE_INFINITY : 0, step.lots);
    } else {
      const order = this.resting.find(({ id }) => id === step.id);
      if (order !== undefined) this.shrink(order, step.lots);
    }
  }
}

/**
 * A random flow: limit orders that do not cross the book as it is without us, market orders that it can fill, cancels in full
 * and in part. Within those bounds nothing that our order changes comes back to it, so that its fate is exactly known.
 */
export function randomFlow(random: Random, steps: number): FlowStep[] {
  const market = new SlowMarket(() => {});
  const flow: FlowStep[] = [];
  for (let i = 1; flow.length < steps; i++) {
    const step = randomStep(random, market, i);
    if (step === undefined) continue;
    market.apply(step);
    flow.push(step);
  }
  return flow;
}

function randomStep(random: Random, market: SlowMarket, id: number): FlowStep | undefined {
  const side: SideName = random.below(2) === 0 ? 'buy' : 'sell';
  const dice = random.uniform();
  if (dice < 0.5) {
    const bid = market.queue('buy')[0]?.price ?? 95;
    const ask = market.queue('sell')[0]?.price ?? 105;
    const price = side === 'buy' ? ask - 1 - random.below(5) : bid + 1 + random.below(5);
    return price < 1 ? undefined : { kind: 'limit', id, side, price, lots: 1 + random.below(9) };
  }
  if (dice < 0.75) {
    const depth = market.queue(side === 'buy' ? 'sell' : 'buy').reduce((sum, order) => sum + order.open, 0);
    return depth === 0 ? undefined : { kind: 'market', side, lots: 1 + random.below(Math.min(depth, 20)) };
  }
  const order = market.resting[random.below(Math.max(1, market.resting.length))];
  if (order === undefined) return undefined;
  return { kind: 'reduce', id: order.id, lots: random.below(2) === 0 ? order.open : 1 + random.below(order.open) };
}

/** Shows the flow, matched without us, to a venue; `act` is called before each step. */
export function replay(flow: readonly FlowStep[], desk: L3Desk, act: (step: number) => void): void {
  const market = new SlowMarket((order, lots) => desk.exec(order.id, order.side, order.price, lots));
  for (const [i, step] of flow.entries()) {
    act(i);
    const cut = step.kind === 'reduce' ? market.resting.find(({ id }) => id === step.id) : undefined;
    if (step.kind === 'reduce' && cut !== undefined) {
      if (step.lots >= cut.open) desk.remove(cut.id, cut.side);
      else desk.row(EventKind.ORDER_REDUCE, cut.side, cut.price, step.lots, cut.id);
    }
    market.apply(step);
    if (step.kind === 'limit') desk.add(step.id, step.side, step.price, step.lots);
  }
}

/** What truly happens to one order of ours that arrives before step `at`: lots filled in each step. It must not take. */
export function trueFate(
  flow: readonly FlowStep[],
  at: number,
  side: SideName,
  price: number,
  lots: number,
): readonly number[] {
  const filled = flow.map(() => 0);
  let now = 0;
  const market = new SlowMarket((order, traded) => {
    if (order.id === OURS) filled[now]! += traded;
  });
  for (const [i, step] of flow.entries()) {
    now = i;
    if (i === at) market.rest(OURS, side, price, lots);
    market.apply(step);
  }
  return filled;
}

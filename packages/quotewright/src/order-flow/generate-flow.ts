/**
 * A seeded order flow: limit orders placed at geometric distances from a wandering mid price, cancels of random resting
 * orders, and immediate orders that take from the other side. The book it makes stays near `RESTING` orders.
 */
import { Random } from '@quotewright/core/base/random';
import { BATCH_OPS, type FlowBatch, FLOW_STRIDE, FlowOp } from './read-flow.ts';

const RESTING = 10_000;
const FIRST_MID = 100_000;
/** Mean distance of a new order from the mid, in ticks. */
const MEAN_DISTANCE = 20;
/** Probability that the mid moves by a tick, per order. */
const MOVE = 0.01;
/** Shares of new orders, thin and full, and of immediate orders. */
const ADD_WHEN_THIN = 0.6;
const ADD_WHEN_FULL = 0.45;
const IMMEDIATE = 0.07;

/** The first `count` operations of a seed's flow, in the batches in which a file would give them. */
export function* generateFlow(count: number, seed: number): Generator<FlowBatch, void, undefined> {
  const generator = new FlowGenerator(seed);
  const ops = new Int32Array(BATCH_OPS * FLOW_STRIDE);
  for (let done = 0; done < count; done += BATCH_OPS) {
    const length = Math.min(count - done, BATCH_OPS);
    generator.write(ops, length);
    yield { ops, length, first: done + 1 };
  }
}

class FlowGenerator {
  readonly #random: Random;
  #mid = FIRST_MID;
  #nextId = 1;
  /** Ids of orders that were added and not cancelled; some of them have traded, and a cancel of those is a late one. */
  readonly #added: number[] = [];

  constructor(seed: number) {
    this.#random = Random.stream(seed, 'order flow');
  }

  /** Writes the next `count` operations into `ops`, five int32 each. */
  write(ops: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#writeOne(ops, i * FLOW_STRIDE);
  }

  #writeOne(ops: Int32Array, at: number): void {
    const random = this.#random;
    const added = this.#added;
    const draw = random.uniform();
    const adds = added.length < RESTING ? ADD_WHEN_THIN : ADD_WHEN_FULL;
    if (draw >= adds + IMMEDIATE && added.length > 0) {
      const index = random.below(added.length);
      const id = added[index]!;
      const last = added.pop()!;
      if (index < added.length) added[index] = last;
      ops.set([FlowOp.CANCEL, id, 0, 0, 0], at);
      return;
    }
    if (random.uniform() < MOVE) this.#mid += random.below(2) === 0 ? 1 : -1;
    const side = random.below(2);
    const outward = side === 0 ? -1 : 1;
    const id = this.#nextId++;
    if (draw >= adds) {
      ops.set([FlowOp.ADD_IOC, id, side, this.#mid - outward * 10, 1 + random.below(200)], at);
      return;
    }
    const distance = 1 + Math.floor(random.exponential() * MEAN_DISTANCE);
    ops.set([FlowOp.ADD, id, side, this.#mid + outward * distance, 1 + random.below(100)], at);
    added.push(id);
  }
}

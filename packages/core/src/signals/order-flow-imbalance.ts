/**
 * Order flow imbalance at the touch (Cont, Kukanov and Stoikov, "The price impact of order book events", 2014): what was added to
 * the bid and taken from the ask, less the reverse, over the size that usually stands there; with exponential forgetting.
 * The paper finds mid changes to be about linear in it.
 */
import { checkNumbers, checkState } from '../base/state.ts';
import { decay, timeConstantNs } from './decay.ts';
import { Ewma } from './ewma.ts';

export interface OrderFlowImbalanceState {
  readonly depth: readonly number[];
  readonly numbers: readonly number[];
}

export class OrderFlowImbalance {
  readonly #tauNs: number;
  readonly #depth: Ewma;
  #sum = 0;
  #bidTicks = Number.NaN;
  #bidLots = 0;
  #askTicks = Number.NaN;
  #askLots = 0;
  #atNs = Number.NaN;

  /** @throws RangeError when the half-life is not positive. */
  constructor(halfLifeSeconds: number) {
    this.#tauNs = timeConstantNs('halfLifeSeconds', halfLifeSeconds);
    this.#depth = new Ewma(10 * halfLifeSeconds);
  }

  /** The touch now. With a side empty nothing is counted and the next touch is a new start. */
  update(bidTicks: number, bidLots: number, askTicks: number, askLots: number, nowNs: number): void {
    const passed = nowNs - this.#atNs;
    if (passed > 0) this.#sum *= decay(passed / this.#tauNs);
    if (!(passed <= 0)) this.#atNs = nowNs;
    if (bidTicks === bidTicks && askTicks === askTicks) {
      this.#depth.update((bidLots + askLots) / 2, nowNs);
      if (this.#bidTicks === this.#bidTicks && this.#askTicks === this.#askTicks) {
        if (bidTicks >= this.#bidTicks) this.#sum += bidLots;
        if (bidTicks <= this.#bidTicks) this.#sum -= this.#bidLots;
        if (askTicks <= this.#askTicks) this.#sum -= askLots;
        if (askTicks >= this.#askTicks) this.#sum += this.#askLots;
      }
    }
    this.#bidTicks = bidTicks;
    this.#bidLots = bidLots;
    this.#askTicks = askTicks;
    this.#askLots = askLots;
  }

  save(): OrderFlowImbalanceState {
    const numbers = [this.#sum, this.#bidTicks, this.#bidLots, this.#askTicks, this.#askLots, this.#atNs];
    return { depth: this.#depth.save(), numbers };
  }

  restore(state: OrderFlowImbalanceState): void {
    checkState('an order flow imbalance', state, this.save());
    checkNumbers('an order flow imbalance', state.numbers, 6);
    this.#depth.restore(state.depth);
    [this.#sum, this.#bidTicks, this.#bidLots, this.#askTicks, this.#askLots, this.#atNs] = state.numbers;
  }

  /** In units of the usual size at the touch: positive presses upwards. 0 before there is a measure. */
  get value(): number {
    const depth = this.#depth.value;
    return depth > 0 ? this.#sum / depth : 0;
  }
}

/**
 * Where an own order stands in the queue of its level when the recording shows only the level's size (L2).
 *
 * A model estimates the lots of others that are ahead of an own order. Prints at the level take from the front; what a
 * level loses without a print was cancelled, ahead of us or behind us, and the models differ in which. With `front` lots
 * ahead and `back = shown − front` behind, p is the share of a cancelled lot that is taken to come from behind:
 *
 *   risk-averse  p = 1, until the level shows less than `front`
 *   power1       p = back^n ÷ (back^n + front^n)
 *   power2       p = back^n ÷ (back + front)^n
 *   power3       p = 1 − (front ÷ (front + back))^n
 *   log1         p = ln(1 + back) ÷ (ln(1 + back) + ln(1 + front))
 *   log2         p = ln(1 + back) ÷ ln(1 + back + front)
 *
 * These are the models of hftbacktest (nkaz001), after Rigtorp, "Estimating order queue position" (2013). Two more are the
 * ends of the scale: `touch` always stands at the front, `through` never gets there.
 *
 * Lots ahead are estimates, so fractions occur. Prints count in full and never twice: what printed since the level's
 * last change is taken out of that change before the rest is shared.
 */
import type { Side } from '../market/side.ts';

/** A model may keep state of its own for each slot: a small integer that an own order keeps until it is finished. */
export abstract class QueueModel {
  /** True when an own order fills only by trades and opposite quotes strictly beyond its price. */
  readonly isStrictlyThrough: boolean = false;

  /** An own order joins a level at which others show so many lots: the lots ahead of it. */
  join(_slot: number, _side: Side, _priceTicks: number, levelLots: number, _nowNs: number): number {
    return levelLots;
  }

  /**
   * A print of so many lots came to the order's level: the new lots ahead; below zero the print went through us. What own
   * orders that stand before this one got of the print is not in `tradedLots`.
   */
  trade(_slot: number, aheadLots: number, tradedLots: number): number {
    return aheadLots - tradedLots;
  }

  /**
   * The level's size was shown anew: the new lots ahead.
   * @param tradedLots what printed at the level since its last change, own fills included, as far as the order has seen it
   */
  abstract depth(
    slot: number,
    side: Side,
    priceTicks: number,
    aheadLots: number,
    prevLots: number,
    nextLots: number,
    tradedLots: number,
    nowNs: number,
  ): number;
}

/** Everything ahead is gone on arrival: the optimistic bound. */
class TouchModel extends QueueModel {
  override join(): number {
    return 0;
  }

  override depth(): number {
    return 0;
  }
}

/** The queue ahead never ends: the pessimistic bound. */
class ThroughModel extends QueueModel {
  override readonly isStrictlyThrough = true;

  override join(): number {
    return Infinity;
  }

  override trade(): number {
    return Infinity;
  }

  override depth(): number {
    return Infinity;
  }
}

/** Others cancel behind us as long as that is possible. */
class RiskAverseModel extends QueueModel {
  override depth(
    _slot: number,
    _side: Side,
    _price: number,
    aheadLots: number,
    _prev: number,
    nextLots: number,
  ): number {
    return aheadLots < nextLots ? aheadLots : nextLots;
  }
}

/** Shares a cancelled lot between ahead and behind by a function of where we stand. */
abstract class ShareModel extends QueueModel {
  /** n of the power models; of the log models the lots in a unit of size. */
  protected readonly parameter: number;

  constructor(parameter: number) {
    super();
    this.parameter = parameter;
  }

  override depth(
    _slot: number,
    _side: Side,
    _priceTicks: number,
    aheadLots: number,
    prevLots: number,
    nextLots: number,
    tradedLots: number,
  ): number {
    const cancelled = prevLots - nextLots - tradedLots;
    // At the front nobody is left to cancel; a level that grew did so behind us.
    if (cancelled < 0 || aheadLots <= 0) return aheadLots < nextLots ? aheadLots : nextLots;
    const back = prevLots - aheadLots;
    const behind = this.shareBehind(aheadLots, back);
    // No more can have been cancelled behind us than was there (the last term), nor ahead of us.
    const ahead = aheadLots - (1 - behind) * cancelled + Math.min(back - behind * cancelled, 0);
    if (ahead < 0) return 0;
    return ahead < nextLots ? ahead : nextLots;
  }

  /** `frontLots` is above zero. */
  protected abstract shareBehind(frontLots: number, backLots: number): number;
}

class Power1Model extends ShareModel {
  protected override shareBehind(frontLots: number, backLots: number): number {
    const behind = power(backLots, this.parameter);
    return behind / (behind + power(frontLots, this.parameter));
  }
}

class Power2Model extends ShareModel {
  protected override shareBehind(frontLots: number, backLots: number): number {
    return power(backLots, this.parameter) / power(backLots + frontLots, this.parameter);
  }
}

class Power3Model extends ShareModel {
  protected override shareBehind(frontLots: number, backLots: number): number {
    return 1 - power(frontLots / (frontLots + backLots), this.parameter);
  }
}

class Log1Model extends ShareModel {
  protected override shareBehind(frontLots: number, backLots: number): number {
    const behind = Math.log(1 + backLots / this.parameter);
    return behind / (behind + Math.log(1 + frontLots / this.parameter));
  }
}

class Log2Model extends ShareModel {
  protected override shareBehind(frontLots: number, backLots: number): number {
    return Math.log(1 + backLots / this.parameter) / Math.log(1 + (backLots + frontLots) / this.parameter);
  }
}

/** x^n; by multiplication for the small whole exponents, so that they are the same on every machine. */
function power(x: number, n: number): number {
  if (n === 1) return x;
  if (n === 2) return x * x;
  if (n === 3) return x * x * x;
  return x ** n;
}

export const QUEUE_MODELS = ['touch', 'risk-averse', 'power1', 'power2', 'power3', 'log1', 'log2', 'through'] as const;
export type QueueModelName = (typeof QUEUE_MODELS)[number];

/**
 * A standard model.
 * @param exponent n of the power models
 * @param unitLots lots in the unit in which the log models measure sizes; hftbacktest's is 1 ÷ lot size, one coin or contract
 * @throws RangeError when the name is none of `QUEUE_MODELS`, or a number is not above zero
 */
export function queueModel(name: QueueModelName, exponent = 3, unitLots = 1): QueueModel {
  if (!(exponent > 0 && exponent < Infinity))
    throw new RangeError(`exponent of the queue model: ${exponent} is not above 0`);
  if (!(unitLots > 0 && unitLots < Infinity))
    throw new RangeError(`unit of the queue model: ${unitLots} lots is not above 0`);
  switch (name) {
    case 'touch':
      return new TouchModel();
    case 'risk-averse':
      return new RiskAverseModel();
    case 'power1':
      return new Power1Model(exponent);
    case 'power2':
      return new Power2Model(exponent);
    case 'power3':
      return new Power3Model(exponent);
    case 'log1':
      return new Log1Model(unitLots);
    case 'log2':
      return new Log2Model(unitLots);
    case 'through':
      return new ThroughModel();
    default:
      throw new RangeError(`queue model '${String(name)}' is none of ${QUEUE_MODELS.join(', ')}`);
  }
}

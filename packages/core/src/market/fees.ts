/**
 * Fee schedules: signed maker and taker rates by 30-day volume.
 *
 * A rate is the share of the notional, kept as an exact integer of parts per billion: `0.0002` (2 bp) is 200,000 ppb.
 * Positive is paid by us, negative is a rebate.
 */
import { Grid } from '../base/grid.ts';

export interface FeeRates {
  /** Decimal strings, a share of the notional: `0.0002`, `-0.00005`. */
  readonly maker: string;
  readonly taker: string;
}

export interface FeeTier extends FeeRates {
  /** The rates hold from this 30-day volume on, in whole units of the quote currency. */
  readonly volume: string;
}

export interface FeeSchedule extends FeeRates {
  /** What the fee is taken in: the instrument's base or quote currency (the default), or a token by name, as `BNB`. */
  readonly currency?: string;
  /** In rising order of volume; below the first one the schedule's own rates hold. */
  readonly tiers?: readonly FeeTier[];
}

/** A rate of 1, in parts per billion. */
export const PPB = 1e9;

const RATE = new Grid('0.000000001');
const VOLUME = new Grid('1');

export class Fees {
  /** `base`, `quote` or the name of a token. */
  readonly currency: string;
  /** One entry per tier; entry 0 is the schedule's own rates, with volume 0. */
  readonly volumes: Float64Array;
  readonly makerPpb: Int32Array;
  readonly takerPpb: Int32Array;

  /** @throws RangeError when a rate is not a decimal of at most nine places between -1 and 1, or tiers do not rise. */
  constructor(schedule: FeeSchedule) {
    const tiers: readonly FeeTier[] = [
      { volume: '0', maker: schedule.maker, taker: schedule.taker },
      ...(schedule.tiers ?? []),
    ];
    this.currency = schedule.currency ?? 'quote';
    if (this.currency === '') throw new RangeError('fee currency is empty');
    this.volumes = Float64Array.from(tiers, (tier) => VOLUME.demand('fee tier volume', tier.volume));
    this.makerPpb = Int32Array.from(tiers, (tier) => parseRate('maker fee', tier.maker));
    this.takerPpb = Int32Array.from(tiers, (tier) => parseRate('taker fee', tier.taker));
    for (let i = 1; i < tiers.length; i++) {
      if (!(this.volumes[i] > this.volumes[i - 1])) {
        throw new RangeError(`fee tier volume '${tiers[i].volume}' is not above the one before it`);
      }
    }
  }

  /** Index of the tier that holds at a 30-day volume, in units of the quote currency. */
  tierAt(volume: number): number {
    let tier = this.volumes.length - 1;
    while (tier > 0 && this.volumes[tier] > volume) tier--;
    return tier;
  }
}

function parseRate(what: string, text: string): number {
  const ppb = RATE.demand(what, text);
  if (Math.abs(ppb) >= PPB) throw new RangeError(`${what} '${text}' is not between -1 and 1`);
  return ppb;
}

/**
 * An instrument: what is traded, on which grid of prices and sizes, with which limits and fees.
 *
 * Money is counted in atoms, exact integers. Spot and linear: one atom = tick × lot × multiplier of the quote currency,
 * so a fill of `sizeLots` at `priceTicks` is worth their product in atoms. Inverse: a contract is worth a fixed amount
 * of the quote currency whatever the price, so one atom = lot × multiplier of the quote currency and a fill is worth
 * `sizeLots` atoms; profit is settled in the base currency, where it lies on no grid, and is rounded by who books it.
 *
 * A product that could pass 2^53 (a tick of 0.01 with a lot of 1e-8 does so at 15 BTC) is not rounded in silence:
 * `notionalAtoms` answers NaN there, and sums are kept in two limbs (`base/wide.ts`).
 */
import { Grid, Rounding } from '../base/grid.ts';
import { Fees, type FeeSchedule } from './fees.ts';

export type ContractType = 'spot' | 'linear' | 'inverse';

/** All amounts are decimal strings. */
export interface InstrumentSpec {
  readonly venue: string;
  readonly symbol: string;
  /** Empty when a recording does not tell. */
  readonly base: string;
  readonly quote: string;
  /** Smallest step of the price, in the quote currency. */
  readonly tick: string;
  /** Smallest step of the size: in the base currency (spot), in contracts (linear, inverse). */
  readonly lot: string;
  readonly contract: ContractType;
  /** One contract is this much of the base currency (linear) or of the quote currency (inverse). Absent: 1. */
  readonly multiplier?: string;
  readonly minSize?: string;
  readonly maxSize?: string;
  /** In the quote currency. */
  readonly minNotional?: string;
  readonly fees?: FeeSchedule;
}

export class Instrument {
  readonly spec: InstrumentSpec;
  readonly venue: string;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly contract: ContractType;
  /** Decimal text ↔ ticks. */
  readonly price: Grid;
  /** Decimal text ↔ lots. */
  readonly size: Grid;
  /** Decimal text in the quote currency ↔ atoms. */
  readonly money: Grid;
  /** Currency that profit and margin are in: base when inverse, else quote. */
  readonly settlement: string;
  readonly minSizeLots: number;
  readonly maxSizeLots: number;
  readonly minNotionalAtoms: number;
  /** Highest price at which an order of the largest size is still worth an exact number of atoms below 2^53; 1 without one. */
  readonly maxExactPriceTicks: number;
  readonly fees: Fees | undefined;

  /** @throws RangeError that names the field, what was found and what was expected. */
  constructor(spec: InstrumentSpec) {
    if (spec.symbol === '') throw new RangeError(`instrument of venue '${spec.venue}': symbol is empty`);
    const where = `instrument ${spec.venue} ${spec.symbol}`;
    this.spec = spec;
    this.venue = spec.venue;
    this.symbol = spec.symbol;
    this.base = spec.base;
    this.quote = spec.quote;
    this.contract = spec.contract;
    this.settlement = spec.contract === 'inverse' ? spec.base : spec.quote;
    this.price = named(`${where}: tick`, () => new Grid(spec.tick));
    this.size = named(`${where}: lot`, () => new Grid(spec.lot));
    const multiplier = named(`${where}: multiplier`, () => new Grid(spec.multiplier ?? '1'));
    if (spec.contract === 'spot' && multiplier.numerator * 10 ** -multiplier.scale !== 1) {
      throw new RangeError(`${where}: multiplier '${spec.multiplier}' of a spot instrument is not 1`);
    }
    const factors = spec.contract === 'inverse' ? [this.size, multiplier] : [this.price, this.size, multiplier];
    this.money = named(`${where}: tick × lot × multiplier`, () => new Grid(product(factors)));

    // A limit that lies between two steps is as strict as the step on its inner side.
    this.minSizeLots = this.size.demand(`${where}: minSize`, spec.minSize ?? this.size.format(1), Rounding.UP);
    this.maxSizeLots =
      spec.maxSize === undefined
        ? Number.MAX_SAFE_INTEGER
        : this.size.demand(`${where}: maxSize`, spec.maxSize, Rounding.DOWN);
    if (this.minSizeLots < 1) throw new RangeError(`${where}: minSize '${spec.minSize}' is not above zero`);
    if (this.maxSizeLots < this.minSizeLots) {
      throw new RangeError(`${where}: maxSize '${spec.maxSize}' is below the smallest size`);
    }
    this.minNotionalAtoms = this.money.demand(`${where}: minNotional`, spec.minNotional ?? '0', Rounding.UP);
    if (this.minNotionalAtoms < 0) throw new RangeError(`${where}: minNotional '${spec.minNotional}' is negative`);
    this.maxExactPriceTicks =
      spec.contract === 'inverse' ? Number.MAX_SAFE_INTEGER : Math.floor(Number.MAX_SAFE_INTEGER / this.maxSizeLots);
    this.fees = spec.fees === undefined ? undefined : named(where, () => new Fees(spec.fees!));
  }

  /** What a fill is worth in atoms; NaN when that is not below 2^53 (take `addProduct` of `base/wide.ts` there). */
  notionalAtoms(priceTicks: number, sizeLots: number): number {
    const atoms = this.contract === 'inverse' ? sizeLots : priceTicks * sizeLots;
    return Number.isSafeInteger(atoms) ? atoms : Number.NaN;
  }
}

function named<T>(what: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new RangeError(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The exact product of steps, as decimal text. Done once per instrument, so in BigInt. */
function product(grids: readonly Grid[]): string {
  let numerator = 1n;
  let scale = 0;
  for (const grid of grids) {
    numerator *= BigInt(grid.numerator);
    scale += grid.scale;
  }
  return `${numerator}e${-scale}`;
}

/**
 * What a ledger works out once from its instruments: the currencies, the unit that each is counted in, and per instrument
 * the exact factors between ticks × lots and those units.
 *
 * The unit of a currency is 10^-decimals of it. Decimals are 18, and more (up to 24) where an instrument's grid is finer, so
 * that the value of every spot and linear trade is a whole number of units even at a price of a thousandth of a tick. Sums
 * hold 2^104 units: 2·10^13 of a currency of 18 decimals.
 */
import { Grid } from '../base/grid.ts';
import { WIDE_WORDS, setWide } from '../base/wide.ts';
import { PPB } from '../market/fees.ts';
import type { Instrument } from '../market/instrument.ts';
import { parseDecimal } from './money-text.ts';

export interface LedgerOptions {
  /** What the account holds at the start, decimal text by currency: `{ USDT: '10000' }`. Absent: nothing. */
  readonly cash?: Readonly<Record<string, string>>;
  /** The price of one fee token in each quote currency it pays fees for: `{ BNB: { USDT: '612.5' } }`. */
  readonly tokenPrices?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a fee is a share of: FEE × ticks × lots, FEE × lots, or the booked value itself. */
export const FeeBasis = { NOTIONAL: 0, SIZE: 1, VALUE: 2 } as const;

/** Entries of an instrument in `factors`; wide numbers unless said otherwise. */
export const Factor = {
  /** Spot, linear: units per tick × lot. Inverse: the numerator of units per lot; the denominator is ticks × PRICE. */
  VALUE: 0,
  /** The same for a price in thousandths of a tick. */
  VALUE_MILLI: 2,
  /** Units of the fee currency that the rate applies to, by FEE_BASIS; divided by FEE_DIVISOR after multiplying by the ppb. */
  FEE: 4,
  /** Spot: units of the base currency per lot. */
  INVENTORY: 6,
  /** One float64 each. */
  FEE_DIVISOR: 8,
  /** The mantissa of a fee token's price, 1 without one. */
  TOKEN_DIVISOR: 9,
  /** Inverse: the tick's numerator. */
  PRICE: 10,
} as const;
export const FACTOR_STRIDE = 12;

/** Entries of an instrument in `kinds`; currencies are indices of `currencies`. */
export const Kind = { SPOT: 0, INVERSE: 1, FEE_BASIS: 2, SETTLEMENT: 3, BASE: 4, FEE_CURRENCY: 5 } as const;
export const KIND_STRIDE = 8;

const LEAST_DECIMALS = 18;
/** Beyond this many decimals a fee is rounded rather than counted in a finer unit. */
const FEE_DECIMALS = 21;
const MOST_DECIMALS = 24;
/** Decimals of a rate in ppb, and of a price in thousandths of a tick. */
const RATE_DECIMALS = 9;
const MILLI_DECIMALS = 3;
const BIG_PPB = BigInt(PPB);

export interface LedgerPlan {
  readonly currencies: readonly string[];
  /** By currency. */
  readonly decimals: Int32Array;
  /** 10^decimals, by currency. */
  readonly powers: Float64Array;
  /** Wide, by currency: the cash at the start. */
  readonly initial: Float64Array;
  readonly factors: Float64Array;
  readonly kinds: Int32Array;
}

interface Terms {
  readonly where: string;
  readonly base: string;
  readonly quote: string;
  readonly settlement: string;
  readonly fee: string;
  /** The token's price as mantissa ÷ 10^scale; absent when the fee is in base or quote. */
  readonly token?: { readonly mantissa: bigint; readonly scale: number };
}

/** @throws RangeError that names the field, what was found and what was expected. */
export function planLedger(instruments: readonly Instrument[], options: LedgerOptions): LedgerPlan {
  if (instruments.length === 0) throw new RangeError('ledger: there are no instruments');
  const terms = instruments.map((instrument) => termsOf(instrument, options));
  const needed = new Map<string, number>();
  instruments.forEach((instrument, i) => {
    for (const [currency, decimals] of neededDecimals(instrument, terms[i])) {
      if (decimals > MOST_DECIMALS) {
        throw new RangeError(
          `${terms[i].where}: counting ${currency} exactly takes ${decimals} decimals, at most ${MOST_DECIMALS} are kept`,
        );
      }
      needed.set(currency, Math.max(needed.get(currency) ?? LEAST_DECIMALS, decimals));
    }
  });

  const currencies = [...needed.keys()];
  const decimals = Int32Array.from(needed.values());
  const initial = new Float64Array(currencies.length * WIDE_WORDS);
  for (const [currency, text] of Object.entries(options.cash ?? {})) {
    const index = currencies.indexOf(currency);
    if (index < 0) {
      throw new RangeError(`cash: '${currency}' is not a currency of the instruments (${currencies.join(', ')})`);
    }
    setWide(initial, index * WIDE_WORDS, parseDecimal(`cash of ${currency}`, text, decimals[index]));
  }

  const factors = new Float64Array(instruments.length * FACTOR_STRIDE);
  const kinds = new Int32Array(instruments.length * KIND_STRIDE);
  instruments.forEach((instrument, i) => {
    const term = terms[i];
    const kind = i * KIND_STRIDE;
    kinds[kind + Kind.SPOT] = instrument.contract === 'spot' ? 1 : 0;
    kinds[kind + Kind.INVERSE] = instrument.contract === 'inverse' ? 1 : 0;
    kinds[kind + Kind.SETTLEMENT] = currencies.indexOf(term.settlement);
    // Only spot keeps an inventory; elsewhere the base may be no currency of the ledger.
    kinds[kind + Kind.BASE] = currencies.indexOf(term.base);
    kinds[kind + Kind.FEE_CURRENCY] = currencies.indexOf(term.fee);
    try {
      kinds[kind + Kind.FEE_BASIS] = setFactors(
        factors,
        i * FACTOR_STRIDE,
        instrument,
        term,
        (currency) => needed.get(currency) ?? 0,
      );
    } catch (error) {
      throw new RangeError(`${term.where}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  });
  const powers = Float64Array.from(decimals, (count) => Number(`1e${count}`));
  return { currencies, decimals, powers, initial, factors, kinds };
}

function termsOf(instrument: Instrument, options: LedgerOptions): Terms {
  const where = `instrument ${instrument.venue} ${instrument.symbol}`;
  // A recording may not tell the currencies; two that are unknown are not the same one.
  const base = instrument.base === '' ? `${instrument.symbol} base` : instrument.base;
  const quote = instrument.quote === '' ? `${instrument.symbol} quote` : instrument.quote;
  const settlement = instrument.contract === 'inverse' ? base : quote;
  const named = instrument.spec.fees?.currency;
  const terms = { where, base, quote, settlement };
  if (named === undefined) return { ...terms, fee: settlement };
  if (named === 'base' || named === base) return { ...terms, fee: base };
  if (named === 'quote' || named === quote) return { ...terms, fee: quote };
  const text = options.tokenPrices?.[named]?.[quote];
  if (text === undefined)
    throw new RangeError(`${where}: fees are in ${named}, but its price in ${quote} is not given`);
  const what = `${where}: price of ${named} in ${quote}`;
  let mantissa = parseDecimal(what, text, LEAST_DECIMALS);
  let scale = LEAST_DECIMALS;
  if (mantissa <= 0n) throw new RangeError(`${what} '${text}' is not above zero`);
  for (; scale > 0 && mantissa % 10n === 0n; scale--) mantissa /= 10n;
  if (mantissa >= 1n << 52n) throw new RangeError(`${what} '${text}' has more than 15 significant digits`);
  return { ...terms, fee: named, token: { mantissa, scale } };
}

/** Decimals that fees on amounts of so many decimals are counted in. */
function withFees(scale: number): number {
  return Math.max(scale, Math.min(scale + RATE_DECIMALS, FEE_DECIMALS));
}

/** Currency and decimals, for each that the instrument moves. */
function neededDecimals(instrument: Instrument, terms: Terms): [string, number][] {
  const { money, price, size, contract } = instrument;
  const needed: [string, number][] = [];
  if (contract === 'inverse') needed.push([terms.base, Math.max(0, money.scale - price.scale)]);
  else needed.push([terms.quote, Math.max(money.scale + MILLI_DECIMALS, withFees(money.scale))]);
  if (contract === 'spot') needed.push([terms.base, withFees(size.scale)]);
  if (terms.fee === terms.settlement) return needed;
  if (terms.token !== undefined) needed.push([terms.fee, money.scale - terms.token.scale]);
  else if (terms.fee === terms.quote) needed.push([terms.fee, withFees(money.scale)]);
  else needed.push([terms.fee, withFees(size.scale + multiplierOf(instrument).scale)]);
  return needed;
}

/** Answers the fee's basis. */
function setFactors(
  factors: Float64Array,
  at: number,
  instrument: Instrument,
  terms: Terms,
  decimalsOf: (currency: string) => number,
): number {
  const { money, price, size } = instrument;
  const inverse = instrument.contract === 'inverse';
  const atoms = BigInt(money.numerator);
  // The value of an inverse trade is lots × money atom ÷ (ticks × tick), so the tick's scale multiplies.
  const exponent = decimalsOf(terms.settlement) - money.scale + (inverse ? price.scale : 0);
  const value = atoms * 10n ** BigInt(exponent);
  setWide(factors, at + Factor.VALUE, value);
  setWide(factors, at + Factor.VALUE_MILLI, inverse ? value * 1000n : value / 1000n);
  if (instrument.contract === 'spot') {
    const units = 10n ** BigInt(decimalsOf(terms.base) - size.scale);
    setWide(factors, at + Factor.INVENTORY, BigInt(size.numerator) * units);
  }
  factors[at + Factor.PRICE] = price.numerator;
  factors[at + Factor.TOKEN_DIVISOR] = 1;
  factors[at + Factor.FEE_DIVISOR] = PPB;

  let fee = value;
  let basis: number = inverse ? FeeBasis.VALUE : FeeBasis.NOTIONAL;
  if (terms.token !== undefined) {
    fee = atoms * 10n ** BigInt(decimalsOf(terms.fee) + terms.token.scale - money.scale);
    factors[at + Factor.TOKEN_DIVISOR] = Number(terms.token.mantissa);
    if (inverse) basis = FeeBasis.SIZE;
  } else if (terms.fee !== terms.settlement) {
    basis = FeeBasis.SIZE;
    // Inverse, in quote: the money atom. Spot and linear, in base: lot × multiplier.
    const multiplier = multiplierOf(instrument);
    const scale = inverse ? money.scale : size.scale + multiplier.scale;
    const perLot = inverse ? atoms : BigInt(size.numerator) * BigInt(multiplier.numerator);
    fee = perLot * 10n ** BigInt(decimalsOf(terms.fee) - scale);
  }
  // Where the unit is fine enough for whole ppb there is no division, and no rounding.
  if (basis !== FeeBasis.VALUE && fee % BIG_PPB === 0n) {
    fee /= BIG_PPB;
    factors[at + Factor.FEE_DIVISOR] = 1;
  }
  setWide(factors, at + Factor.FEE, fee);
  return basis;
}

function multiplierOf(instrument: Instrument): Grid {
  return new Grid(instrument.spec.multiplier ?? '1');
}

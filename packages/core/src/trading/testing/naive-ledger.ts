/**
 * The ledger's conventions once more, slowly: every amount an exact fraction of BigInt, with the roundings that
 * `ledger.ts` states. It knows nothing of units and limbs; the decimals of each currency are told by the test.
 */
import type { InstrumentSpec } from '../../market/instrument.ts';
import { Side } from '../../market/side.ts';

export interface Fraction {
  readonly n: bigint;
  /** Above zero. */
  readonly d: bigint;
}

export const ZERO: Fraction = { n: 0n, d: 1n };

export function fraction(text: string): Fraction {
  const [whole, decimals = ''] = text.split('.');
  return { n: BigInt(`${whole}${decimals}`), d: 10n ** BigInt(decimals.length) };
}
export function plus(a: Fraction, b: Fraction): Fraction {
  return a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}
export function minus(a: Fraction, b: Fraction): Fraction {
  return plus(a, { n: -b.n, d: b.d });
}
export function times(a: Fraction, b: Fraction | bigint): Fraction {
  return typeof b === 'bigint' ? { n: a.n * b, d: a.d } : { n: a.n * b.n, d: a.d * b.d };
}
export function over(a: Fraction, b: Fraction): Fraction {
  return b.n < 0n ? { n: -a.n * b.d, d: -a.d * b.n } : { n: a.n * b.d, d: a.d * b.n };
}

type Rounding = 'toward zero' | 'up';

/** The multiple of 10^-decimals at or beside a fraction. */
export function rounded(a: Fraction, decimals: number, rounding: Rounding): Fraction {
  const d = 10n ** BigInt(decimals);
  const product = a.n * d;
  const truncated = product / a.d;
  const up = rounding === 'up' && product > 0n && product % a.d !== 0n;
  return { n: up ? truncated + 1n : truncated, d };
}

/** Plain decimal text; the fraction must be a decimal number. */
export function decimal(a: Fraction): string {
  for (let decimals = 0; decimals < 60; decimals++) {
    const scaled = a.n * 10n ** BigInt(decimals);
    if (scaled % a.d !== 0n) continue;
    const units = scaled / a.d;
    const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
    const point = digits.length - decimals;
    return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${decimals > 0 ? '.' : ''}${digits.slice(point)}`;
  }
  throw new Error(`${a.n}/${a.d} is no decimal number`);
}

interface Account {
  lots: bigint;
  mark: Fraction | undefined;
  basis: Fraction;
  realised: Fraction;
  fees: Fraction;
  funding: Fraction;
  turnover: Fraction;
}

export interface NaiveOptions {
  readonly cash: Readonly<Record<string, string>>;
  readonly tokenPrices: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly decimals: Readonly<Record<string, number>>;
}

export class NaiveLedger {
  readonly accounts: Account[];
  readonly balances = new Map<string, Fraction>();
  readonly #specs: readonly InstrumentSpec[];
  readonly #options: NaiveOptions;

  constructor(specs: readonly InstrumentSpec[], options: NaiveOptions) {
    this.#specs = specs;
    this.#options = options;
    this.accounts = specs.map(() => ({
      lots: 0n,
      mark: undefined,
      basis: ZERO,
      realised: ZERO,
      fees: ZERO,
      funding: ZERO,
      turnover: ZERO,
    }));
    for (const currency of Object.keys(options.decimals)) {
      this.balances.set(currency, fraction(options.cash[currency] ?? '0'));
    }
  }

  settlement(i: number): string {
    const spec = this.#specs[i]!;
    return spec.contract === 'inverse' ? spec.base : spec.quote;
  }

  feeCurrency(i: number): string {
    const spec = this.#specs[i]!;
    const named = spec.fees?.currency;
    if (named === 'base') return spec.base;
    if (named === 'quote') return spec.quote;
    return named ?? this.settlement(i);
  }

  /** Base and quote amounts of so many lots, unsigned or signed as the lots are. */
  #base(i: number, lots: bigint): Fraction {
    const spec = this.#specs[i]!;
    return times(times(fraction(spec.lot), fraction(spec.multiplier ?? '1')), lots);
  }

  /** Value of signed lots at a price, as the ledger books it. */
  value(i: number, lots: bigint, price: Fraction): Fraction {
    const amount = this.#base(i, lots);
    if (this.#specs[i]!.contract !== 'inverse') return times(amount, price);
    const decimals = this.#options.decimals[this.settlement(i)]!;
    return rounded(over(times(amount, -1n), price), decimals, 'toward zero');
  }

  fill(i: number, side: Side, priceTicks: number, sizeLots: number, feePpb: number): void {
    const account = this.accounts[i]!;
    const spec = this.#specs[i]!;
    const price = times(fraction(spec.tick), BigInt(priceTicks));
    const size = BigInt(sizeLots);
    const signed = side === Side.BUY ? size : -size;
    const before = account.lots;
    const after = before + signed;
    const value = this.value(i, signed, price);
    let basis: Fraction;
    if (after === 0n) basis = ZERO;
    else if (before === 0n || before > 0n === signed > 0n) basis = plus(account.basis, value);
    else if (before > 0n === after > 0n) {
      const held = before < 0n ? -before : before;
      const exact = over(times(account.basis, size), { n: held, d: 1n });
      const released = rounded(exact, this.#options.decimals[this.settlement(i)]!, 'toward zero');
      basis = minus(account.basis, released);
    } else basis = this.value(i, after, price);
    // Proceeds and cost of what was closed: all that came in and went out, but for what is now held.
    const gain = minus(minus(basis, account.basis), value);
    account.lots = after;
    account.basis = basis;
    account.realised = plus(account.realised, gain);
    if (spec.contract === 'spot') {
      this.#pay(spec.quote, value);
      this.#pay(spec.base, this.#base(i, -signed));
    } else this.#pay(this.settlement(i), times(gain, -1n));

    const positive: Fraction = price.n < 0n ? times(price, -1n) : price;
    const inverse = spec.contract === 'inverse';
    const inQuote = inverse ? this.#base(i, size) : times(this.#base(i, size), positive);
    account.turnover = plus(account.turnover, inQuote);
    const currency = this.feeCurrency(i);
    const rate: Fraction = { n: BigInt(feePpb), d: 10n ** 9n };
    let share = inQuote;
    if (currency === spec.base) {
      const booked: Fraction = value.n < 0n ? times(value, -1n) : value;
      share = inverse ? booked : this.#base(i, size);
    } else if (currency !== spec.quote) {
      share = over(inQuote, fraction(this.#options.tokenPrices[currency]![spec.quote]!));
    }
    const fee = rounded(times(share, rate), this.#options.decimals[currency]!, 'up');
    account.fees = plus(account.fees, fee);
    this.#pay(currency, fee);
  }

  funding(i: number, ratePpb: number, markTicks: number): void {
    const account = this.accounts[i]!;
    const value = this.value(i, account.lots, this.#price(i, markTicks));
    const owed = times(value, { n: BigInt(ratePpb), d: 10n ** 9n });
    const signed = this.#specs[i]!.contract === 'inverse' ? times(owed, -1n) : owed;
    const paid = rounded(signed, this.#options.decimals[this.settlement(i)]!, 'up');
    account.funding = plus(account.funding, paid);
    this.#pay(this.settlement(i), paid);
  }

  mark(i: number, ticks: number): void {
    if (Number.isFinite(ticks)) this.accounts[i]!.mark = this.#price(i, ticks);
  }

  unrealised(i: number): Fraction {
    const { lots, mark, basis } = this.accounts[i]!;
    return lots === 0n || mark === undefined ? ZERO : minus(this.value(i, lots, mark), basis);
  }

  /** By the conservation law, not from cash. */
  equity(currency: string): Fraction {
    let sum = fraction(this.#options.cash[currency] ?? '0');
    this.accounts.forEach((account, i) => {
      if (this.settlement(i) === currency) {
        sum = minus(plus(plus(sum, account.realised), this.unrealised(i)), account.funding);
      }
      if (this.feeCurrency(i) === currency) sum = minus(sum, account.fees);
    });
    return sum;
  }

  #price(i: number, ticks: number): Fraction {
    return times(fraction(this.#specs[i]!.tick), { n: BigInt(Math.round(ticks * 1000)), d: 1000n });
  }

  #pay(currency: string, amount: Fraction): void {
    this.balances.set(currency, minus(this.balances.get(currency)!, amount));
  }
}

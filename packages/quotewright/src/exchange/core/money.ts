/**
 * How the exchange counts money: whole units of each currency, in BigInt, fine enough that no fee is rounded, and what the trades of an
 * instrument are worth in them.
 */
import { PPB } from '@quotewright/core/market/fees';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';

/** Of a rate in parts per billion. */
const RATE_DECIMALS = 9;
const RATE = BigInt(PPB);

/**
 * Decimals of the unit of each currency that the instruments hold, settle in or pay fees in: fine enough for fees in either of a spot
 * instrument's.
 * @throws RangeError as `feeIsInBase`
 */
export function currencyDecimals(instruments: readonly Instrument[]): ReadonlyMap<string, number> {
  const decimals = new Map<string, number>();
  const need = (currency: string, count: number): void => {
    decimals.set(currency, Math.max(decimals.get(currency) ?? 0, count));
  };
  for (const instrument of instruments) {
    // Refuses what cannot be counted here.
    feeIsInBase(instrument);
    need(instrument.quote, Math.max(0, instrument.money.scale) + RATE_DECIMALS);
    if (instrument.contract === 'spot') need(instrument.base, instrument.size.decimals + RATE_DECIMALS);
  }
  return decimals;
}

/** @throws RangeError when the fee is in neither of the instrument's currencies, or the contract is not one that is settled here */
function feeIsInBase(instrument: Instrument): boolean {
  const { venue, symbol, base, quote, contract, spec } = instrument;
  const where = `instrument ${venue} ${symbol}`;
  if (contract === 'inverse') throw new RangeError(`${where}: found an inverse contract, expected spot or linear`);
  if (base === '' || quote === '') throw new RangeError(`${where}: base or quote currency is empty`);
  const currency = spec.fees?.currency ?? 'quote';
  if (currency === 'quote' || currency === quote) return false;
  if (contract === 'spot' && (currency === 'base' || currency === base)) return true;
  throw new RangeError(
    `${where}: fees are in ${currency}, expected ${contract === 'spot' ? 'base or quote' : 'quote'}`,
  );
}

/** Values of one instrument in units. */
export class InstrumentMoney {
  readonly isSpot: boolean;
  readonly base: string;
  readonly quote: string;
  /** The rate that an order may have to pay at most: it is held. */
  readonly worstPpb: bigint;
  /** By side: whether the fee is in the base currency. */
  readonly #isFeeInBase: readonly boolean[];
  readonly #decimals: ReadonlyMap<string, number>;
  /** Units of quote for a tick × lot, and of base for a lot. */
  readonly #unitsPerAtom: bigint;
  readonly #unitsPerLot: bigint;

  /** @param isFeeReceived fees of spot are taken in what is received; else as the instrument's fees say */
  constructor(instrument: Instrument, decimals: ReadonlyMap<string, number>, isFeeReceived: boolean) {
    const { base, quote, money, size, fees } = instrument;
    this.isSpot = instrument.contract === 'spot';
    this.base = base;
    this.quote = quote;
    const isInBase = feeIsInBase(instrument);
    this.#isFeeInBase = [Side.BUY, Side.SELL].map((side) =>
      isFeeReceived && this.isSpot ? side === Side.BUY : isInBase,
    );
    this.#decimals = decimals;
    this.worstPpb = BigInt(Math.max(0, fees?.makerPpb[0] ?? 0, fees?.takerPpb[0] ?? 0));
    this.#unitsPerAtom = BigInt(money.numerator) * 10n ** BigInt(decimals.get(quote)! - money.scale);
    this.#unitsPerLot = this.isSpot ? BigInt(size.numerator) * 10n ** BigInt(decimals.get(base)! - size.scale) : 0n;
  }

  /** Of the quote currency. */
  value(priceTicks: number, sizeLots: number): bigint {
    return BigInt(priceTicks) * BigInt(sizeLots) * this.#unitsPerAtom;
  }

  /** Of the base currency. */
  inventory(sizeLots: number): bigint {
    return BigInt(sizeLots) * this.#unitsPerLot;
  }

  /** What an order of a side pays its fees in. */
  feeCurrency(side: Side): string {
    return this.#isFeeInBase[side]! ? this.base : this.quote;
  }

  feeDecimals(side: Side): number {
    return this.#decimals.get(this.feeCurrency(side))!;
  }

  /** Of the fee currency; negative is a rebate. */
  fee(side: Side, priceTicks: number, sizeLots: number, ppb: number): bigint {
    const basis = this.#isFeeInBase[side]! ? this.inventory(sizeLots) : this.value(priceTicks, sizeLots);
    return (basis * BigInt(ppb)) / RATE;
  }

  /** Ticks, with a fraction, at which so many lots are worth so many units: for display. */
  averageTicks(units: bigint, sizeLots: number): number {
    return Number(units) / Number(this.#unitsPerAtom) / sizeLots;
  }

  /** What a spot order holds: of quote when it buys, of base when it sells. */
  spotHold(side: Side, priceTicks: number, openLots: number): bigint {
    const isBuy = side === Side.BUY;
    const held = isBuy ? this.value(priceTicks, openLots) : this.inventory(openLots);
    // The fee comes out of what the order gives, or out of what it gets.
    return isBuy === this.#isFeeInBase[side]! ? held : held + (held * this.worstPpb) / RATE;
  }
}

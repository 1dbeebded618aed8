/** Changes of a strategy's parameters on their way: one record a parameter, and nothing takes effect before the last of them. */
import { EventFlag, Field, headFlags, packHead } from '../market/event.ts';
import { paramValue } from '../strategies/param-codes.ts';
import type { ParamSpecs } from '../strategies/strategy.ts';
import { InputKind } from '../trading/records.ts';
import { hashFraction } from './session-hash.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { LAST } = EventFlag;

export type ParamRecord = Readonly<Record<string, number | boolean | string>>;

/** A parameter by its place in the order of the strategy's schema, and the number of its value (`strategies/param-codes.ts`). */
export interface ParamChange {
  readonly parameter: number;
  readonly value: number;
}

/** Writes the record of one of several changes, to the start of `record`. */
export function writeChange(
  record: Float64Array,
  strategy: number,
  changes: readonly ParamChange[],
  index: number,
  nowNs: number,
): void {
  const { parameter, value } = changes[index];
  record[HEAD] = packHead(InputKind.PARAMETER, index === changes.length - 1 ? LAST : 0, 0);
  record[VENUE_NS] = nowNs;
  record[LOCAL_NS] = nowNs;
  record[PRICE_TICKS] = value;
  record[SIZE_LOTS] = index + 1;
  record[ORDER_ID] = strategy;
  record[SEQ] = parameter;
  record[AUX] = hashFraction(value);
}

export class SeatParameters {
  readonly #specs: ParamSpecs;
  /** Parameter and value, in turn, of those that came before the last. */
  #pending: number[] = [];

  constructor(specs: ParamSpecs) {
    this.#specs = specs;
  }

  /**
   * Takes the `PARAMETER` record at `data[offset]`.
   * @returns all parameters as they are to be when it was the last one; null when more are to come; undefined when what came is not
   *   sound: none of it is to take effect
   */
  take(data: Float64Array, offset: number, now: ParamRecord): ParamRecord | null | undefined {
    const number = data[offset + SIZE_LOTS];
    // What was broken off before its last record is forgotten.
    if (number === 1) this.#pending = [];
    const isNext = 2 * number === this.#pending.length + 2;
    const isLast = (headFlags(data[offset + HEAD] | 0) & LAST) !== 0;
    this.#pending.push(isNext ? data[offset + SEQ] : Number.NaN, data[offset + PRICE_TICKS]);
    if (!isLast) return null;
    const changes = this.#pending;
    this.#pending = [];
    const values: Record<string, number | boolean | string> = { ...now };
    const specs = Object.entries(this.#specs);
    for (let i = 0; i < changes.length; i += 2) {
      const found = specs[changes[i]];
      const value = found && paramValue(found[1], changes[i + 1]);
      if (found === undefined || value === undefined) return undefined;
      values[found[0]] = value;
    }
    return values;
  }

  save(): readonly number[] {
    return [...this.#pending];
  }

  restore(pending: readonly number[]): void {
    this.#pending = [...pending];
  }
}

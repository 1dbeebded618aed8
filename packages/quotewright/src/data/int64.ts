/** 64-bit integers in files without a BigInt per row: as two 32-bit words of one buffer (little-endian machines). */

const WORD = 2 ** 32;
const NS_PER_DAY = 86_400_000_000_000n;

/** The Unix nanoseconds of a day's midnight, split into the two words of an INT64. */
export interface EpochWords {
  readonly high: number;
  readonly low: number;
}

/** Done once per file, so in BigInt. */
export function epochWords(epochDay: number): EpochWords {
  const ns = BigInt(epochDay) * NS_PER_DAY;
  return { high: Number(ns >> 32n), low: Number(ns & 0xffff_ffffn) };
}

/** Writes the integer `value` plus the epoch as INT64 number `index`. */
export function putInt64(words: Int32Array, index: number, value: number, epoch: EpochWords): void {
  const high = Math.floor(value / WORD);
  const low = value - high * WORD + epoch.low;
  words[index * 2] = low;
  words[index * 2 + 1] = high + epoch.high + (low >= WORD ? 1 : 0);
}

/** INT64 number `index` minus the epoch; exact when the difference is a safe integer. */
export function getInt64(words: Int32Array, index: number, epoch: EpochWords): number {
  return (words[index * 2 + 1]! - epoch.high) * WORD + ((words[index * 2]! >>> 0) - epoch.low);
}

export const NO_EPOCH: EpochWords = { high: 0, low: 0 };

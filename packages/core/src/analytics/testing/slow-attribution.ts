/**
 * The attribution worked out from a list of fills and a list of mids, in exact fractions: the slow form of `attribution.ts`.
 * Times are whole numbers; the mid at a time is that of the last change at or before it, for fills as for horizons.
 */

export interface SlowFill {
  readonly ns: number;
  /** Signed. */
  readonly lots: number;
  readonly ticks: number;
  /** Twice the mid just before it. */
  readonly mid2: number;
}

export interface SlowParts {
  readonly spreadCapture: bigint;
  readonly adverseSelection: bigint;
  readonly inventory: bigint;
}

/**
 * Spot and linear, in half ticks × lots.
 * @param midAt twice the mid that held just before the events of a time
 * @param endNs last event; horizons after it are cut off there
 */
export function slowLinear(
  fills: readonly SlowFill[],
  midAt: (ns: number) => number,
  horizonNs: number,
  endNs: number,
  endMid2: number,
): SlowParts {
  let spreadCapture = 0n;
  let adverseSelection = 0n;
  let inventory = 0n;
  for (const { ns, lots, ticks, mid2 } of fills) {
    const horizonMid2 = ns + horizonNs <= endNs ? midAt(ns + horizonNs) : endMid2;
    spreadCapture += BigInt(lots) * BigInt(mid2 - 2 * ticks);
    adverseSelection += BigInt(lots) * BigInt(horizonMid2 - mid2);
    inventory += BigInt(lots) * BigInt(endMid2 - horizonMid2);
  }
  return { spreadCapture, adverseSelection, inventory };
}

/**
 * The simulation of Avellaneda and Stoikov 2008, section 3.3: a mid that steps by ±σ√dt, a maker that quotes one unit a side,
 * filled in a step with probability λ(δ)dt, λ(δ) = A·e^(-kδ). The inventory strategy quotes around the reservation price, the
 * symmetric one around the mid with the same spread.
 *
 * Probabilities depend on step and inventory only, so they are laid out in tables before the paths are run.
 */
import { Random } from '../../base/random.ts';
import { optimalSpread, reservationShift } from '../../strategies/models/avellaneda-stoikov.ts';

export interface PaperSetting {
  readonly start: number;
  readonly horizon: number;
  readonly sigma: number;
  readonly dt: number;
  readonly k: number;
  readonly a: number;
}

/** The setting of the paper's tables. */
export const PAPER_SETTING: PaperSetting = { start: 100, horizon: 1, sigma: 2, dt: 0.005, k: 1.5, a: 140 };

export interface PaperVariant {
  /** Quotes around the reservation price, or around the mid. */
  readonly isSymmetric: boolean;
  /** The spread includes γσ²(T - t), as the paper's formula has it; without, it is constant. */
  readonly isSpreadFull: boolean;
  /** The chance of a fill is λdt (at most 1), as the paper has it; else 1 - e^(-λdt). */
  readonly isChanceLinear: boolean;
  /** A distance below zero, a quote beyond the mid, is raised to zero. */
  readonly isFloored: boolean;
}

/** What reproduces the paper's tables. */
export const PAPER_VARIANT: PaperVariant = {
  isSymmetric: false,
  isSpreadFull: true,
  isChanceLinear: true,
  isFloored: false,
};

export interface PaperResult {
  readonly paths: number;
  /** Average quoted spread. */
  readonly spread: number;
  readonly profit: number;
  readonly profitDeviation: number;
  readonly finalInventory: number;
  readonly inventoryDeviation: number;
}

/** Inventories beyond this are not reached: the widest strategy has a standard deviation of 9. */
const MAX_INVENTORY = 127;
const WIDTH = 2 * MAX_INVENTORY + 1;
const TWO_32 = 2 ** 32;

/** @throws RangeError when the number of paths is not positive or the time is not a whole number of steps, at least one. */
export function simulatePaper(
  gamma: number,
  paths: number,
  seed: number,
  variant: PaperVariant = PAPER_VARIANT,
  setting: PaperSetting = PAPER_SETTING,
): PaperResult {
  const steps = Math.round(setting.horizon / setting.dt);
  if (!(steps >= 1)) throw new RangeError(`steps: found ${steps}, expected at least 1`);
  if (!(paths >= 1) || !Number.isInteger(paths)) throw new RangeError(`paths: found ${paths}, expected at least 1`);

  const tables = layTables(gamma, steps, variant, setting);
  const { askDistance, bidDistance, askChance, bidChance } = tables;
  const random = Random.stream(seed, `avellaneda-stoikov ${gamma} ${variant.isSymmetric ? 'symmetric' : 'inventory'}`);
  const move = setting.sigma * Math.sqrt(setting.dt);
  let profitSum = 0;
  let profitSquares = 0;
  let inventorySum = 0;
  let inventorySquares = 0;
  for (let path = 0; path < paths; path++) {
    let cash = 0;
    let inventory = 0;
    // Prices are counted from the start: the start itself cancels out of the profit.
    let mid = 0;
    let coins = 0;
    for (let step = 0; step < steps; step++) {
      const at = step * WIDTH + MAX_INVENTORY + inventory;
      if (random.nextUint32() < askChance[at]) {
        cash += mid + askDistance[at];
        if (inventory > -MAX_INVENTORY) inventory--;
      }
      if (random.nextUint32() < bidChance[at]) {
        cash -= mid - bidDistance[at];
        if (inventory < MAX_INVENTORY) inventory++;
      }
      if ((step & 31) === 0) coins = random.nextUint32() | 0;
      mid += (coins & 1) === 0 ? move : -move;
      coins >>= 1;
    }
    const profit = cash + inventory * mid;
    profitSum += profit;
    profitSquares += profit * profit;
    inventorySum += inventory;
    inventorySquares += inventory * inventory;
  }
  return {
    paths,
    spread: tables.spread,
    profit: profitSum / paths,
    profitDeviation: deviation(profitSum, profitSquares, paths),
    finalInventory: inventorySum / paths,
    inventoryDeviation: deviation(inventorySum, inventorySquares, paths),
  };
}

function deviation(sum: number, squares: number, count: number): number {
  return Math.sqrt(Math.max(0, squares - (sum * sum) / count) / Math.max(1, count - 1));
}

/** By step and inventory: the distances of both quotes, and the chances of a fill as thresholds for 32-bit numbers. */
function layTables(gamma: number, steps: number, variant: PaperVariant, setting: PaperSetting) {
  const size = steps * WIDTH;
  const askDistance = new Float64Array(size);
  const bidDistance = new Float64Array(size);
  const askChance = new Float64Array(size);
  const bidChance = new Float64Array(size);
  const variance = setting.sigma * setting.sigma;
  const chance = (distance: number): number => {
    const mean = setting.a * Math.exp(-setting.k * distance) * setting.dt;
    return TWO_32 * (variant.isChanceLinear ? Math.min(1, mean) : 1 - Math.exp(-mean));
  };
  const floored = (distance: number): number => (variant.isFloored ? Math.max(0, distance) : distance);
  let spreadSum = 0;
  for (let step = 0; step < steps; step++) {
    const timeLeft = setting.horizon - step * setting.dt;
    const spread = optimalSpread(gamma, variance, variant.isSpreadFull ? timeLeft : 0, setting.k);
    spreadSum += spread;
    for (let inventory = -MAX_INVENTORY; inventory <= MAX_INVENTORY; inventory++) {
      const at = step * WIDTH + MAX_INVENTORY + inventory;
      const shift = variant.isSymmetric ? 0 : reservationShift(inventory, gamma, variance, timeLeft);
      askDistance[at] = floored(spread / 2 + shift);
      bidDistance[at] = floored(spread / 2 - shift);
      askChance[at] = chance(askDistance[at]);
      bidChance[at] = chance(bidDistance[at]);
    }
  }
  return { askDistance, bidDistance, askChance, bidChance, spread: spreadSum / steps };
}

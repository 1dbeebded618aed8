/** Figures that the simulations are held against. */
import type { PaperResult, PaperVariant } from './avellaneda-stoikov.ts';
import { PAPER_VARIANT } from './avellaneda-stoikov.ts';

export interface PublishedRow extends Omit<PaperResult, 'paths'> {
  readonly gamma: number;
  readonly variant: PaperVariant;
  /** Paths that the figures were made of. */
  readonly paths: number;
}

function row(
  gamma: number,
  isSymmetric: boolean,
  figures: readonly [number, number, number, number, number],
): PublishedRow {
  const [spread, profit, profitDeviation, finalInventory, inventoryDeviation] = figures;
  const variant = { ...PAPER_VARIANT, isSymmetric };
  return { gamma, variant, paths: 1000, spread, profit, profitDeviation, finalInventory, inventoryDeviation };
}

/** Avellaneda and Stoikov 2008, tables 1 and 2. */
export const PUBLISHED_ROWS: readonly PublishedRow[] = [
  row(0.1, false, [1.49, 65.0, 6.6, 0.08, 2.9]),
  row(0.1, true, [1.49, 68.4, 12.7, 0.26, 8.4]),
  row(0.01, false, [1.35, 68.6, 8.7, 0.12, 5.1]),
  row(0.01, true, [1.35, 68.8, 12.8, 0.09, 8.7]),
];

export interface Deviations {
  readonly profit: number;
  readonly profitDeviation: number;
  readonly finalInventory: number;
  readonly inventoryDeviation: number;
}

/** How many standard errors of the difference lie between a simulation and published figures, each a mean over its paths. */
export function deviationsFrom(found: PaperResult, published: Omit<PublishedRow, 'gamma' | 'variant'>): Deviations {
  const shares = 1 / found.paths + 1 / published.paths;
  const ofMean = (deviation: number): number => deviation * Math.sqrt(shares);
  // The standard error of a standard deviation, for what is about normal.
  const ofDeviation = (deviation: number): number => deviation * Math.sqrt(shares / 2);
  return {
    profit: (found.profit - published.profit) / ofMean(found.profitDeviation),
    profitDeviation: (found.profitDeviation - published.profitDeviation) / ofDeviation(found.profitDeviation),
    finalInventory: (found.finalInventory - published.finalInventory) / ofMean(found.inventoryDeviation),
    inventoryDeviation:
      (found.inventoryDeviation - published.inventoryDeviation) / ofDeviation(found.inventoryDeviation),
  };
}

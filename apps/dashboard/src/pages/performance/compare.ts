/** Strategies side by side: the same figures of each, and how far they are from the first one's. */
import type { Figure, PerformanceReport } from 'quotewright/server/protocol/trading';

type StrategyReport = PerformanceReport['strategies'][number];

export interface ComparedRow {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly description: string;
  /** What the figure is of: a currency, or a market's name. */
  readonly of: string;
  /** By strategy; null: it has none. */
  readonly values: readonly (number | null)[];
  /** Less the first strategy's; null where either is missing, and of the first. */
  readonly differences: readonly (number | null)[];
}

/** Rows in the order of the catalogue: accounts by currency, then markets. @param marketName by index of the instrument */
export function compared(
  reports: readonly StrategyReport[],
  marketName: (instrument: number) => string,
): ComparedRow[] {
  const currencies = [...new Set(reports.flatMap(({ accounts }) => accounts.map(({ currency }) => currency)))];
  const instruments = [...new Set(reports.flatMap(({ markets }) => markets.map(({ instrument }) => instrument)))];
  return [
    ...currencies.flatMap((currency) =>
      rowsOf(
        currency,
        reports.map(({ accounts }) => accounts.find((each) => each.currency === currency)?.figures ?? []),
      ),
    ),
    ...instruments.flatMap((instrument) =>
      rowsOf(
        marketName(instrument),
        reports.map(({ markets }) => markets.find((each) => each.instrument === instrument)?.figures ?? []),
      ),
    ),
  ];
}

function rowsOf(of: string, figures: readonly (readonly Figure[])[]): ComparedRow[] {
  const specs = new Map(figures.flat().map((figure) => [figure.key, figure]));
  return [...specs.values()].map(({ key, label, unit, description }) => {
    const values = figures.map((list) => list.find((figure) => figure.key === key)?.value ?? null);
    const first = values[0] ?? null;
    const differences = values.map((value, index) =>
      index === 0 || value === null || first === null ? null : value - first,
    );
    return { key, label, unit, description, of, values, differences };
  });
}

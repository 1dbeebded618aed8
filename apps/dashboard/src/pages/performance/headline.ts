/** The figures at the head of the page: those that the `pnl` topic has of strategies, added up where a sum means something. */
import type { PnlData, StrategyPnl } from 'quotewright/server/protocol/stream';
import type { Figure, PerformanceReport } from 'quotewright/server/protocol/trading';

/** Of one strategy, or of all that account in one currency. */
export interface Headline {
  readonly currency: string;
  readonly total: number;
  readonly realised: number;
  readonly unrealised: number;
  readonly fees: number;
  readonly funding: number;
  readonly equity: number;
  readonly fills: number;
  readonly openOrders: number;
  /** Share of the peak; undefined for several strategies: their peaks were not at the same time. */
  readonly drawdown: number | undefined;
  /** Net lots by instrument. */
  readonly lots: ReadonlyMap<number, number>;
}

/** @param chosen index of a strategy; undefined: all. One entry of each currency. */
export function headlines(data: PnlData, chosen: number | undefined): Headline[] {
  const wanted = data.strategies.filter(({ strategy }) => chosen === undefined || strategy === chosen);
  const groups = Map.groupBy(wanted, ({ currency }) => currency);
  return [...groups].map(([currency, group]) => ({
    currency,
    total: sum(group, 'total'),
    realised: sum(group, 'realised'),
    unrealised: sum(group, 'unrealised'),
    fees: sum(group, 'fees'),
    funding: sum(group, 'funding'),
    equity: sum(group, 'equity'),
    fills: sum(group, 'fills'),
    openOrders: sum(group, 'openOrders'),
    drawdown: group.length === 1 ? group[0]?.drawdown : undefined,
    lots: lotsByInstrument(group),
  }));
}

function sum(
  group: readonly StrategyPnl[],
  key: 'total' | 'realised' | 'unrealised' | 'fees' | 'funding' | 'equity' | 'fills' | 'openOrders',
): number {
  return group.reduce((total, each) => total + each[key], 0);
}

function lotsByInstrument(group: readonly StrategyPnl[]): ReadonlyMap<number, number> {
  const lots = new Map<number, number>();
  for (const { positions } of group) {
    for (const each of positions) lots.set(each.instrument, (lots.get(each.instrument) ?? 0) + each.lots);
  }
  return lots;
}

type StrategyReport = PerformanceReport['strategies'][number];

/** A figure of the account in the currency, or of the first account that has it. */
export function accountFigure(report: StrategyReport | undefined, key: string, currency?: string): Figure | undefined {
  const account = report?.accounts.find((each) => currency === undefined || each.currency === currency);
  return account?.figures.find((figure) => figure.key === key);
}

/** A figure of each market of the strategy that has one. */
export function marketFigures(
  report: StrategyReport | undefined,
  key: string,
): { instrument: number; figure: Figure }[] {
  return (report?.markets ?? []).flatMap(({ instrument, figures }) => {
    const figure = figures.find((each) => each.key === key);
    return figure === undefined ? [] : [{ instrument, figure }];
  });
}

/** What a reconciliation of a session with the backtest came to, for people and for programs. */
import { nsToIso } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { REJECT_TEXT } from '@quotewright/core/trading/records';
import type { FillPair, FillRecord } from './fills.ts';
import type { SessionReconciliation } from './reconcile-session.ts';
import type { Totals } from './totals.ts';

/** Fills that are shown; --json has all. */
const SHOWN = 40;

/** How one lot of a fill differs; zeros and NaN where there is nothing to compare. */
interface PairDifference {
  readonly ms: number;
  readonly ticks: number;
}

/** True when nothing differs: the session's fills are those of the backtest, at the same times and prices. */
export function isEqual({ pairs, differentReports }: SessionReconciliation): boolean {
  return (differentReports ?? 0) === 0 && pairs.every((pair) => isSamePair(pair));
}

function isSamePair({ session, backtest }: FillPair): boolean {
  if (session === undefined || backtest === undefined) return false;
  return (
    session.localNs === backtest.localNs &&
    session.priceTicks === backtest.priceTicks &&
    session.sizeLots === backtest.sizeLots
  );
}

function differenceOf({ session, backtest }: FillPair): PairDifference {
  if (session === undefined || backtest === undefined) return { ms: Number.NaN, ticks: Number.NaN };
  return { ms: (session.localNs - backtest.localNs) / 1e6, ticks: session.priceTicks - backtest.priceTicks };
}

export interface ReconcileSummary {
  readonly both: number;
  readonly onlySession: number;
  readonly onlyBacktest: number;
  /** Of these, those of orders that the session's venue did not take. */
  readonly ofRefused: number;
  /** Of those that both have: session less backtest. */
  readonly meanMs: number | null;
  readonly meanTicks: number | null;
}

export function summaryOf({ pairs, refused }: SessionReconciliation): ReconcileSummary {
  const both = pairs.filter(({ session, backtest }) => session !== undefined && backtest !== undefined);
  const mean = (of: (pair: FillPair) => number): number | null =>
    both.length === 0 ? null : both.reduce((sum, pair) => sum + of(pair), 0) / both.length;
  return {
    both: both.length,
    onlySession: pairs.filter(({ backtest }) => backtest === undefined).length,
    onlyBacktest: pairs.filter(({ session }) => session === undefined).length,
    ofRefused: pairs.filter(({ session, orderId }) => session === undefined && refused.has(orderId)).length,
    meanMs: mean((pair) => differenceOf(pair).ms),
    meanTicks: mean((pair) => differenceOf(pair).ticks),
  };
}

export function reconciliationText(dir: string, found: SessionReconciliation): string {
  const { header, latency, isDryRun, records, requests, processes, commands, pairs, differentReports, damages } = found;
  const { both, onlySession, onlyBacktest, ofRefused, meanMs, meanTicks } = summaryOf(found);
  const verdict = isEqual(found)
    ? 'no difference: every fill of the session is that of the backtest'
    : `fills that both have: ${both}; only the session: ${onlySession}; only the backtest: ${onlyBacktest}${ofRefused === 0 ? '' : ` (${ofRefused} of orders that the venue refused)`}`;
  const reports = differentReports === undefined ? '' : `; reports that differ: ${differentReports}`;
  const means =
    meanMs === null || isEqual(found)
      ? []
      : [`of those that both have, session less backtest: ${meanMs.toFixed(3)} ms, ${meanTicks!.toFixed(3)} ticks`];
  const notes = [
    ...(isDryRun ? ['a dry run: nothing was sent, so the session has no fills'] : []),
    ...(processes > 1 ? [`${processes} processes: the strategy's backtest runs through, the session began anew`] : []),
    ...(commands > 0
      ? [
          `${commands} inputs that a backtest does not have (commands, connections): the strategy's backtest goes another way`,
        ]
      : []),
    ...damages.map((text) => `of the journal: ${text}`),
  ];
  return [
    `${dir}: ${header.mode}, ${header.strategies.map(({ strategy }) => strategy).join(' and ')}, ${count(records)} records, ${count(requests)} requests`,
    `the session's requests at the backtest's venues, latency ${latency}:`,
    ...pairs
      .filter((pair) => !isSamePair(pair))
      .slice(0, SHOWN)
      .map((pair) => `  ${pairText(found, pair)}`),
    ...(pairs.length > SHOWN && !isEqual(found) ? [`  (--json has all of ${count(pairs.length)})`] : []),
    `${verdict}${reports}`,
    ...means,
    '',
    ...totalLines(found),
    ...notes,
    '',
  ].join('\n');
}

function totalLines({ session, backtest, strategy, isSameStrategy, instruments }: SessionReconciliation): string[] {
  const rows: [string, Totals][] = [
    ['session', session],
    ['its requests in the backtest', backtest],
    [`the strategy in the backtest${isSameStrategy ? ' (the same, input by input)' : ''}`, strategy],
  ];
  return rows.map(([name, { fills, makerFills, positionLots, pnl }]) => {
    const held = instruments.map((each, market) => `${nameOf(each)} ${each.size.format(positionLots[market]!)}`);
    const gained = Object.entries(pnl).map(([currency, value]) => `${value.toFixed(4)} ${currency}`);
    return `${name}: ${fills} fills (${makerFills} as maker), holds ${held.join(', ')}, P&L ${gained.join(', ')}`;
  });
}

function pairText(found: SessionReconciliation, pair: FillPair): string {
  const { header, instruments, refused, refusedInBacktest } = found;
  const { market, side, orderId, sizeLots, session, backtest } = pair;
  const instrument = instruments[market]!;
  const { price, size } = instrument;
  const one = (fill: FillRecord): string =>
    `${nsToIso(fill.localNs, header.epochDay).slice(11)} at ${price.format(fill.priceTicks)}`;
  const what = `order ${orderId} ${nameOf(instrument)} ${side === Side.BUY ? 'buy' : 'sell'} ${size.format(sizeLots)}`;
  const reason = refusalOf(refused, orderId);
  const refusal = reason === null ? '' : ` (the venue refused the order: ${reason})`;
  if (session === undefined) return `${what}: only the backtest, ${one(backtest!)}${refusal}`;
  const { aheadLots } = session;
  const queue = aheadLots === aheadLots ? `, ${size.format(aheadLots)} before it by the queue model` : '';
  if (backtest === undefined) {
    const why = refusalOf(refusedInBacktest, orderId);
    return `${what}: only the session, ${one(session)}${queue}${why === null ? '' : ` (the backtest's venue refused the order: ${why})`}`;
  }
  const { ms, ticks } = differenceOf(pair);
  return `${what}: session ${one(session)}, backtest ${ms.toFixed(3)} ms and ${ticks} ticks off${queue}`;
}

/** Why a venue did not take an order; null: it did. */
function refusalOf(refused: ReadonlyMap<number, number>, orderId: number): string | null {
  const reason = refused.get(orderId);
  return reason === undefined ? null : (REJECT_TEXT[reason] ?? 'another reason');
}

export function reconciliationJson(dir: string, found: SessionReconciliation): string {
  const { header, latency, isDryRun, records, requests, processes, commands, pairs, instruments } = found;
  const one = (fill: FillRecord | undefined, market: number) => {
    if (fill === undefined) return null;
    const { price, size } = instruments[market]!;
    const { localNs, priceTicks, isMaker, aheadLots } = fill;
    return {
      time: nsToIso(localNs, header.epochDay),
      price: price.format(priceTicks),
      isMaker,
      ahead: aheadLots === aheadLots ? size.format(aheadLots) : null,
    };
  };
  const totals = ({ tradedLots, positionLots, ...rest }: Totals) => ({
    ...rest,
    traded: tradedLots.map((lots, market) => instruments[market]!.size.format(lots)),
    positions: positionLots.map((lots, market) => instruments[market]!.size.format(lots)),
  });
  return `${JSON.stringify({
    dir,
    mode: header.mode,
    isEqual: isEqual(found),
    latency,
    isDryRun,
    records,
    requests,
    processes,
    commands,
    differentReports: found.differentReports ?? null,
    isSameStrategy: found.isSameStrategy,
    summary: summaryOf(found),
    instruments: instruments.map((each) => nameOf(each)),
    session: totals(found.session),
    backtest: totals(found.backtest),
    strategy: totals(found.strategy),
    damages: found.damages,
    fills: pairs.map((pair) => ({
      order: pair.orderId,
      instrument: nameOf(instruments[pair.market]!),
      side: pair.side === Side.BUY ? 'buy' : 'sell',
      size: instruments[pair.market]!.size.format(pair.sizeLots),
      refused: refusalOf(found.refused, pair.orderId),
      refusedInBacktest: refusalOf(found.refusedInBacktest, pair.orderId),
      session: one(pair.session, pair.market),
      backtest: one(pair.backtest, pair.market),
    })),
  })}\n`;
}

/** Several venues may have one of a symbol. */
const nameOf = ({ venue, symbol }: Instrument): string => `${venue}:${symbol}`;

const count = (n: number): string => n.toLocaleString('en-US');

/**
 * Profit and loss of each strategy, from its ledger: total = realised + unrealised − fees − funding paid, positions valued at the
 * engine's mark. One entry for each currency that the strategy's instruments settle in, that of the first instrument first.
 *
 * Fees that a venue takes in another currency count at their value in the settlement currency when they were paid. The engine's ledger
 * does not keep that; a `SessionRecorder` does. Without one such fees are valued at the mark now (taken in the base currency) or
 * left out (in another token).
 */
import type { Engine } from '@quotewright/core/engine/engine';
import type { StrategySeat } from '@quotewright/core/engine/strategy-seat';
import type { PnlData, PnlPosition, StrategyPnl } from '../protocol/stream.ts';
import { finiteOrNull } from './finite.ts';

/** What was watched of a strategy and is not in the engine. */
export interface PnlHistory {
  /** Fees paid of a market, in its settlement currency; NaN = not all of them were seen. */
  feesPaid(market: number): number;
  /** Highest equity so far in a currency; NaN before the first. */
  peak(currency: string): number;
}

/**
 * @param capital what each strategy began with, by currency, as in a session's header
 * @param histories by strategy; absent: fees as above, and the drawdown is against the capital or the equity, whichever is higher
 */
export function pnlData(
  engine: Pick<Engine, 'seats' | 'desk' | 'instruments'>,
  capital: Readonly<Record<string, number | string>>,
  histories: readonly PnlHistory[] = [],
): PnlData {
  return { strategies: engine.seats.flatMap((seat) => accountsOf(engine, seat, capital, histories[seat.index])) };
}

function accountsOf(
  { desk, instruments }: Pick<Engine, 'desk' | 'instruments'>,
  seat: StrategySeat,
  capital: Readonly<Record<string, number | string>>,
  history: PnlHistory | undefined,
): StrategyPnl[] {
  seat.mark();
  const { ledger } = seat;
  const settlements = instruments.map((_, market) => ledger.settlement(market));
  let openOrders = 0;
  for (const market of instruments.keys()) openOrders += desk.count(seat.index, market);
  return [...new Set(settlements)].map((currency, account) => {
    let realised = 0;
    let unrealised = 0;
    let fees = 0;
    let funding = 0;
    const positions: PnlPosition[] = [];
    for (const [market, settlement] of settlements.entries()) {
      if (settlement !== currency) continue;
      const position = positionOf(seat, market);
      positions.push(position);
      realised += position.realised;
      unrealised += position.unrealised;
      fees += feesOf(seat, market, history);
      funding += ledger.fundingPaid(market);
    }
    const begun = Number(capital[currency] ?? 0);
    const total = realised + unrealised - fees - funding;
    const equity = begun + total;
    const known = history?.peak(currency) ?? Number.NaN;
    const peak = known > equity ? known : Math.max(begun, equity);
    return {
      strategy: seat.index,
      currency,
      equity,
      capital: begun,
      total,
      realised,
      unrealised,
      fees,
      funding,
      drawdown: peak > 0 ? 1 - equity / peak : 0,
      // Fills and orders are of the strategy, not of one of its accounts: they are told with the first.
      fills: account === 0 ? seat.fills : 0,
      openOrders: account === 0 ? openOrders : 0,
      positions,
    };
  });
}

function positionOf({ ledger }: StrategySeat, market: number): PnlPosition {
  return {
    instrument: market,
    lots: ledger.positionLots(market),
    entryTicks: finiteOrNull(ledger.entryTicks(market)),
    markTicks: finiteOrNull(ledger.markTicks(market)),
    realised: ledger.realised(market),
    unrealised: ledger.unrealised(market),
  };
}

function feesOf({ ledger }: StrategySeat, market: number, history: PnlHistory | undefined): number {
  const fees = ledger.fees(market);
  const currency = ledger.feeCurrency(market);
  if (currency === ledger.settlement(market)) return fees;
  const known = history?.feesPaid(market) ?? Number.NaN;
  if (known === known) return known;
  const instrument = ledger.instruments[market]!;
  const isBase = currency === instrument.base && instrument.contract !== 'inverse';
  const mark = ledger.markTicks(market);
  return isBase && mark === mark ? fees * instrument.price.toNumber(1) * mark : 0;
}

/** The figures of the reference workload, as `backtest parity --json` prints them. */
import type { BacktestPlan } from './plan.ts';
import type { BacktestOutcome } from './run-backtest.ts';

export interface ParityFigures {
  readonly steps: number;
  readonly requests: number;
  readonly fills: number;
  /** In units of size, signed. */
  readonly position: number;
  /** Cash from trades alone, fees not taken out, in the quote currency. */
  readonly balance: number;
  /** Negative: rebates. */
  readonly fee: number;
  readonly nsPerRow: number;
}

export function parityFigures(plan: BacktestPlan, outcome: BacktestOutcome): ParityFigures {
  const [run] = outcome.runs;
  const seat = run!.engine.seats[0]!;
  const { ledger } = seat;
  const { settlement, size } = plan.instruments[0]!;
  const fee = ledger.fees(0);
  const balance = ledger.cash(settlement) - Number(plan.cash[settlement] ?? 0) + fee;
  return {
    steps: seat.metrics.get('steps') ?? 0,
    requests: outcome.requests[0]!,
    fills: seat.fills,
    position: size.toNumber(ledger.positionLots(0)),
    balance: Number(balance.toFixed(8)),
    fee: Number(fee.toFixed(8)),
    nsPerRow: Number((outcome.spentNs[0]! / outcome.rows).toFixed(2)),
  };
}

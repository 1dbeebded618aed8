/** For tests: what two engines that went through the same have in common, in words and numbers that a failing test can show. */
import type { Engine } from '@quotewright/core/engine/engine';
import { openOrdersOf } from '../../../risk/operable.ts';

export function fingerprintOf(engine: Engine): unknown {
  const { inputs, outputs, seats, desk, nowNs, wakeNs, riskState } = engine;
  return {
    inputs: `${inputs.count} ${inputs.digest()}`,
    outputs: `${outputs.count} ${outputs.digest()}`,
    nowNs,
    wakeNs,
    riskState,
    requests: desk.requests,
    orders: openOrdersOf(engine),
    seats: seats.map((seat) => {
      seat.mark();
      const { ledger, fills } = seat;
      return {
        fills,
        cash: ledger.currencies.map((currency) => ledger.cashText(currency)),
        equity: ledger.currencies.map((currency) => ledger.equityText(currency)),
        positions: engine.instruments.map((_, i) => [
          ledger.positionLots(i),
          ledger.realisedText(i),
          ledger.unrealisedText(i),
          ledger.feesText(i),
        ]),
        check: ledger.check(),
      };
    }),
  };
}

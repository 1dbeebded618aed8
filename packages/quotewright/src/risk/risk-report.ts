/** What `risk show` tells of a running session. */
import { LIMITS, Scope } from '@quotewright/core/risk/limits';
import { BREAKER_STATE_NAMES, RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { STRATEGY_STATE_NAMES } from '@quotewright/core/trading/strategy-state';
import type { RiskReport } from './control-protocol.ts';
import { type Operable, instrumentName, openOrdersOf, placesOf } from './operable.ts';

export function riskReportOf(engine: Operable, alerts: Readonly<Record<string, number>>): RiskReport {
  const { risk, instruments } = engine;
  const limits = placesOf(engine).flatMap((place) =>
    LIMITS.flatMap(({ name, unit, preset }, index) => {
      const value = risk?.limits.at(index, place.scope, place.index) ?? Number.NaN;
      if (value !== value) return [];
      const found = Number.isFinite(value) ? value : null;
      const isDefault = place.scope === Scope.GLOBAL && found === preset;
      return [{ limit: name, unit, scope: place.name, value: found, isDefault }];
    }),
  );
  return {
    state: RISK_STATE_NAMES[engine.riskState],
    equity: finite(risk?.gate.equity),
    peak: finite(risk?.gate.peak),
    breakers: instruments.map((each, index) => ({
      instrument: instrumentName(each),
      state: BREAKER_STATE_NAMES[risk?.breakerAt(index) ?? 0],
    })),
    limits,
    strategies: engine.seats.map(({ index, name, state }) => ({ index, name, state: STRATEGY_STATE_NAMES[state] })),
    openOrders: openOrdersOf(engine).length,
    alerts,
  };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

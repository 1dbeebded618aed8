/** Risk as the stream and the flight recorder tell it: limits with what is used of them, breakers, value at risk, exposures. */
import type { Engine } from '@quotewright/core/engine/engine';
import { LIMITS, Scope } from '@quotewright/core/risk/limits';
import type { Risk } from '@quotewright/core/risk/risk';
import { BREAKER_STATE_NAMES, RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { instrumentName, placesOf } from '../../risk/operable.ts';
import type { BreakerInfo, LimitUse } from '../protocol/risk.ts';
import type { RiskData } from '../protocol/stream.ts';
import { finiteOrNull } from './finite.ts';
import { marketMsOrNull } from './market-time.ts';

export function riskData(engine: Engine, epochDay: number): RiskData {
  const { risk } = engine;
  const held = risk?.gate.uses.held();
  return {
    state: RISK_STATE_NAMES[engine.riskState],
    limits: limitUses(engine),
    breakers: breakerInfos(engine, epochDay),
    valueAtRisk: finiteOrNull(risk?.varGuard.valueAtRisk),
    expectedShortfall: finiteOrNull(risk?.varGuard.shortfall),
    netExposure: finiteOrNull(held?.net),
    grossExposure: finiteOrNull(held?.gross),
    equity: finiteOrNull(risk?.gate.equity),
    peak: finiteOrNull(risk?.gate.peak),
    drawdown: finiteOrNull(risk?.gate.uses.drawdown),
    currency: risk?.gate.currency ?? engine.instruments[0]?.settlement ?? '',
  };
}

/** Every limit that something is said of, by scope. */
export function limitUses(engine: Engine): LimitUse[] {
  const { risk, nowNs } = engine;
  if (risk === undefined) return [];
  return placesOf(engine).flatMap((place) =>
    LIMITS.flatMap(({ name, unit, preset, about }, index) => {
      const value = risk.limits.at(index, place.scope, place.index);
      if (value !== value) return [];
      const limit = finiteOrNull(value);
      const used = finiteOrNull(risk.uses(index, place.scope, place.index, nowNs) ?? Number.NaN);
      return [
        {
          limit: name,
          description: about,
          unit,
          scope: place.name,
          value: limit,
          isDefault: place.scope === Scope.GLOBAL && limit === preset,
          used,
          share: used === null || limit === null ? null : shareOf(used, limit),
        },
      ];
    }),
  );
}

/** The breaker of each instrument, its own state, and then that of all together. None without risk. */
export function breakerInfos({ risk, instruments }: Engine, epochDay: number): BreakerInfo[] {
  if (risk === undefined) return [];
  return [
    ...instruments.map((instrument, market) => breakerInfo(risk, market, instrumentName(instrument), epochDay)),
    breakerInfo(risk, -1, 'all', epochDay),
  ];
}

function breakerInfo({ breaker }: Risk, market: number, instrument: string, epochDay: number): BreakerInfo {
  return {
    instrument,
    state: BREAKER_STATE_NAMES[breaker.own(market)],
    untilMs: marketMsOrNull(epochDay, breaker.untilNs(market)),
    trips: breaker.tripCount(market),
  };
}

/** A limit of 0 is used up by anything, and by nothing not at all. JSON has no ∞: null. */
function shareOf(used: number, limit: number): number | null {
  if (used === 0) return 0;
  return limit === 0 ? null : Math.abs(used) / limit;
}

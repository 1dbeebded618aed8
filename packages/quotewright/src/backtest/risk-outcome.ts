/** What risk did in a run, as the result holds it. */
import { finite } from '@quotewright/core/analytics/metric-entry';
import { nsToIso } from '@quotewright/core/base/time';
import type { Engine } from '@quotewright/core/engine/engine';
import { AlertType } from '@quotewright/core/risk/alert';
import { TRIGGER_NAMES } from '@quotewright/core/risk/breaker/trigger';
import { REFUSAL_TEXT } from '@quotewright/core/trading/refusal';
import { RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import type { RunResult } from '../reports/run-result.ts';

export function riskOutcome({ risk, seats, instruments }: Engine, epochDay: number): RunResult['risk'] {
  if (risk === undefined) return undefined;
  const { gate, breaker, alerts } = risk;
  return {
    state: RISK_STATE_NAMES[risk.state],
    refusals: Object.entries(REFUSAL_TEXT).flatMap(([key, text]) => {
      const code = Number(key);
      const count = seats.reduce((sum, { index }) => sum + gate.refusals(index, code), 0);
      return count === 0 ? [] : [{ code, text, count }];
    }),
    trips: breaker.trips.map(({ ns, market, trigger, value, limit }) => ({
      time: nsToIso(ns, epochDay),
      symbol: instruments[market]?.symbol ?? null,
      trigger: TRIGGER_NAMES[trigger] ?? '',
      value: finite(value),
      limit: finite(limit),
    })),
    alerts: Object.fromEntries(
      Object.entries(AlertType).flatMap(([name, type]) => {
        const count = alerts.counts[type] ?? 0;
        return count === 0 ? [] : [[name, count]];
      }),
    ),
  };
}

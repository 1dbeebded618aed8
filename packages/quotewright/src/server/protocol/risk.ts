/** Risk, limits, breakers, value at risk and alerts as REST and the stream tell them. */
import { BREAKER_STATE_NAMES, RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { z } from 'zod';
import { alertSchema } from '../../alerts/alert.ts';
import { type KillOutcome, type OpenOrder, killOutcome } from '../../risk/control-protocol.ts';

export const limitUse = z.object({
  limit: z.string(),
  description: z.string(),
  unit: z.string(),
  /** `global`, `venue:x`, `instrument:x:y`, `strategy:n`. */
  scope: z.string(),
  /** null = no limit. */
  value: z.number().nullable(),
  isDefault: z.boolean(),
  /** In the same unit; null: it has no standing use (a check of single orders). */
  used: z.number().nullable(),
  /** used ÷ value; null as above. */
  share: z.number().nullable(),
});
export type LimitUse = z.output<typeof limitUse>;

export const breakerInfo = z.object({
  /** `venue:symbol`, or `all`. */
  instrument: z.string(),
  state: z.enum(BREAKER_STATE_NAMES),
  /** When it may close or try; null: not open. */
  untilMs: z.number().nullable(),
  trips: z.number(),
});
export type BreakerInfo = z.output<typeof breakerInfo>;

export const tripInfo = z.object({
  timeMs: z.number(),
  instrument: z.string(),
  trigger: z.string(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  from: z.enum(BREAKER_STATE_NAMES),
  to: z.enum(BREAKER_STATE_NAMES),
});
export type TripInfo = z.output<typeof tripInfo>;

export const breakerReport = z.object({ breakers: z.array(breakerInfo), history: z.array(tripInfo) });
export type BreakerReport = z.output<typeof breakerReport>;

export const riskInfo = z.object({
  state: z.enum(RISK_STATE_NAMES),
  currency: z.string(),
  equity: z.number().nullable(),
  peak: z.number().nullable(),
  drawdown: z.number().nullable(),
  netExposure: z.number().nullable(),
  grossExposure: z.number().nullable(),
  valueAtRisk: z.number().nullable(),
  expectedShortfall: z.number().nullable(),
  limits: z.array(limitUse),
  breakers: z.array(breakerInfo),
  refusals: z.array(z.object({ code: z.string(), text: z.string(), count: z.number() })),
});
export type RiskInfo = z.output<typeof riskInfo>;

export const varFigure = z.object({
  method: z.string(),
  level: z.number(),
  /** In the risk currency, positive = a loss; null: not enough prices yet. */
  valueAtRisk: z.number().nullable(),
  expectedShortfall: z.number().nullable(),
});
export const varReport = z.object({
  currency: z.string(),
  horizonSeconds: z.number(),
  /** Returns that it was estimated from, and their interval. */
  returns: z.number(),
  intervalSeconds: z.number(),
  figures: z.array(varFigure),
  components: z.array(
    z.object({
      instrument: z.string(),
      exposure: z.number(),
      component: z.number().nullable(),
      marginal: z.number().nullable(),
    }),
  ),
  stress: z.array(z.object({ scenario: z.string(), description: z.string(), pnl: z.number() })),
});
export type VarReport = z.output<typeof varReport>;

export const alertInfo = alertSchema.extend({
  /** What tells alerts apart: the engine's number, or the host's own. */
  key: z.string(),
  timeMs: z.number(),
  isAcknowledged: z.boolean(),
});
export type AlertInfo = z.output<typeof alertInfo>;

export const limitChange = z.strictObject({ scope: z.string().max(200), value: z.number().nullable() });
export const stateChange = z.strictObject({ state: z.enum(RISK_STATE_NAMES) });
/** Absent: all instruments. */
export const breakerCommand = z.strictObject({ instrument: z.string().max(200).optional() });
export const commandAnswer = z.object({ text: z.string() });
export type CommandAnswer = z.output<typeof commandAnswer>;
export { type KillOutcome, type OpenOrder, killOutcome };

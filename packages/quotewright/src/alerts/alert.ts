/** An alert as people, files and sinks see it, and the lines of the file that keeps them. */
import { AlertType, SEVERITY_NAMES } from '@quotewright/core/risk/alert';
import { z } from 'zod';
import { type Actor, actorSchema } from '../audit/actor.ts';

// oxlint-disable-next-line no-unsafe-type-assertion -- the keys of a constant
export const ALERT_TYPES = Object.keys(AlertType) as readonly (keyof typeof AlertType)[];
export const alertTypeName = z.enum(ALERT_TYPES, `expected a type of alert: ${ALERT_TYPES.join(', ')}`);
export const severityName = z.enum(SEVERITY_NAMES, `expected a severity: ${SEVERITY_NAMES.join(', ')}`);
export type AlertTypeName = z.output<typeof alertTypeName>;
export type SeverityName = z.output<typeof severityName>;

export const alertSchema = z.object({
  /** The engine's number, from 1, by which it is acknowledged; null = raised by the host. */
  number: z.number().int().positive().nullable(),
  /** ISO, the session's local time. */
  time: z.string(),
  type: alertTypeName,
  severity: severityName,
  /** `venue:symbol`; null = none in particular. */
  instrument: z.string().nullable(),
  /** What was measured, and what it was measured against; null = nothing. Units: docs/alerts.md. */
  value: z.number().nullable(),
  limit: z.number().nullable(),
  /** Which trigger, limit or state. */
  detail: z.string().nullable(),
  /** Alerts of the kind that were held back since the last one. */
  heldBack: z.number().int().nonnegative(),
  /** All of it in one line. */
  text: z.string(),
});
export type Alert = z.output<typeof alertSchema>;

export function severityRank(name: SeverityName): number {
  return SEVERITY_NAMES.indexOf(name);
}

/** An acknowledgement of an alert. */
export interface Acknowledgement {
  readonly number: number;
  /** ISO, the machine's clock. */
  readonly time: string;
  readonly who: Actor;
}

/** A line of the history: an alert, or that one was acknowledged. */
export const historyLine = z.union([
  z.object({ kind: z.literal('alert') }).extend(alertSchema.shape),
  z.object({ kind: z.literal('ack'), number: z.number(), time: z.string(), who: actorSchema }),
]);

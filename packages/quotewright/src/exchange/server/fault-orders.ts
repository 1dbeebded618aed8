/** Faults as they are asked for: in the body of `POST /faults`, and in the script of `--faults FILE`, where each has its time. */
import { z } from 'zod';
import { parseDurationNs } from '../../config/units.ts';
import { InputError } from '../../data/report.ts';
import { FAULT_NAMES } from '../contract.ts';
import type { FaultRule } from '../core/faults.ts';

const LONGEST_NS = 86_400e9;

const milliseconds = z
  .string()
  .refine((text) => parseDurationNs(text) >= 0 && parseDurationNs(text) <= LONGEST_NS, {
    error: 'expected a duration from 0 to 24h, as 500ms or 10s',
  })
  .transform((text) => parseDurationNs(text) / 1e6);

const shape = {
  /** Absent: every venue. */
  venue: z.string().exactOptional(),
  /** `none` ends every rule. */
  fault: z.enum([...FAULT_NAMES, 'none']),
  count: z.int().min(1).max(1e9).exactOptional(),
  probability: z.number().gt(0).max(1).exactOptional(),
  every: milliseconds.exactOptional(),
  for: milliseconds.exactOptional(),
  delay: milliseconds.exactOptional(),
};

const orderSchema = z.strictObject(shape);
const scriptSchema = z.array(z.strictObject({ at: milliseconds, ...shape })).min(1);

const marketSchema = z.strictObject({ paused: z.boolean() });

/** @throws InputError that names the field, what was found and what was expected */
export function parseMarketOrder(value: unknown): z.output<typeof marketSchema> {
  return checked(marketSchema, value, 'body');
}

export interface FaultOrder {
  readonly venue: string | undefined;
  /** Undefined: every rule ends. */
  readonly rule: FaultRule | undefined;
}

export interface TimedFault extends FaultOrder {
  readonly atMs: number;
}

/** @throws InputError that names the field, what was found and what was expected */
export function parseFaultOrder(value: unknown, venues: readonly string[], where: string): FaultOrder {
  return orderOf(checked(orderSchema, value, where), venues, where);
}

/** In the order of their times. @throws InputError, as `parseFaultOrder` */
export function parseFaultScript(value: unknown, venues: readonly string[], where: string): TimedFault[] {
  const lines = checked(scriptSchema, value, where);
  return lines
    .map(({ at: atMs, ...order }, index) => {
      const { venue, rule } = orderOf(order, venues, `${where}: ${index}`);
      return { atMs, venue, rule };
    })
    .toSorted((a, b) => a.atMs - b.atMs);
}

function checked<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const { path, message, input } = result.error.issues[0]!;
  const found = input === undefined ? 'nothing' : JSON.stringify(input).slice(0, 100);
  throw new InputError(`${where}: ${path.length === 0 ? 'the whole' : path.join('.')}: found ${found}: ${message}`);
}

function orderOf(order: z.output<typeof orderSchema>, venues: readonly string[], where: string): FaultOrder {
  const { venue, fault, count, probability, every, for: durationMs, delay } = order;
  if (venue !== undefined && !venues.includes(venue)) {
    throw new InputError(`${where}: venue: found '${venue}', expected one of ${venues.join(', ')}`);
  }
  if (fault === 'none') return { venue, rule: undefined };
  return { venue, rule: { fault, count, probability, periodMs: every, durationMs, delayMs: delay } };
}

/** Amounts with units, as people write them in files and on the command line: durations, latencies. */
import { z } from 'zod';

const NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

/** Nanoseconds of `1ms`, `250us`, `1.5s`, `10m`, `2h`; NaN when malformed. A bare 0 needs no unit. */
export function parseDurationNs(text: string): number {
  const found = /^(-?\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m|h|d)$/.exec(text.trim());
  if (found === null) return text.trim() === '0' ? 0 : Number.NaN;
  return Math.round(Number(found[1]) * NS[found[2]!]!);
}

/** A duration in a config: text such as `10ms`; becomes nanoseconds. */
export const durationNs = z.string().transform((text, context) => {
  const ns = parseDurationNs(text);
  if (ns === ns) return ns;
  context.addIssue(`found '${text}', expected a duration such as 10ms, 1.5s or 2h`);
  return z.NEVER;
});

/** A decimal number kept as text, so that no digit is lost; numbers of a YAML file are taken as they print. */
export const decimalText = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => /^-?\d+(\.\d+)?$/.test(text), 'expected a decimal number such as 0.0002');

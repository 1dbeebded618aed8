/** `var:` of a risk file: how value at risk of a running session is worked out. Its limit is `max_var` among the limits. */
import { VAR_DEFAULTS, VAR_METHOD_NAMES, type VarMethod, type VarSettings } from '@quotewright/core/risk/var/estimate';
import { z } from 'zod';
import { parseDurationNs } from '../config/units.ts';
import { expected, fields } from '../config/fields.ts';

/** Market time is nanoseconds. */
export interface SessionVarSettings {
  readonly method: VarMethod;
  readonly level: number;
  /** How far ahead. */
  readonly horizonNs: number;
  /** Prices are sampled at this interval; returns are those between samples. */
  readonly sampleNs: number;
  /** VaR is worked out at this interval. */
  readonly everyNs: number;
  /** Returns that are looked back on, and how many there must be before there is a figure. */
  readonly window: number;
  readonly minReturns: number;
  readonly decay: number;
  readonly degrees: number;
  readonly paths: number;
  readonly seed: number;
}

const TIME = 'a duration above 0 such as 1m';
const time = z
  .string(expected(TIME))
  .refine((text) => parseDurationNs(text) > 0, expected(TIME))
  .transform(parseDurationNs);

function within(words: string, isRight: (value: number) => boolean): z.ZodType<number, number> {
  return z.number(expected(words)).refine(isRight, expected(words));
}

function count(least: number, most: number): z.ZodType<number, number> {
  return within(`a whole number from ${least} to ${most}`, (x) => Number.isInteger(x) && x >= least && x <= most);
}

export const varSettings = fields({
  method: z.enum(VAR_METHOD_NAMES, expected(`one of ${VAR_METHOD_NAMES.join(', ')}`)).default('historical'),
  level: within('a number above 0.5 and below 1', (x) => x > 0.5 && x < 1).default(0.99),
  horizon: time.prefault('1d'),
  sample: time.prefault('1m'),
  every: time.prefault('1m'),
  window: count(2, 100_000).default(500),
  minReturns: count(2, 100_000).default(60),
  decay: within('a number above 0 and below 1', (x) => x > 0 && x < 1).default(VAR_DEFAULTS.decay),
  degrees: within('a number above 2, to 1000', (x) => x > 2 && x <= 1000).default(VAR_DEFAULTS.degrees),
  paths: count(100, 10_000_000).default(VAR_DEFAULTS.paths),
  seed: within('a whole number', Number.isSafeInteger).default(VAR_DEFAULTS.seed),
})
  .superRefine(({ window, minReturns }, context) => {
    if (minReturns <= window) return;
    const message = `found ${minReturns}, expected at most as many as the window has`;
    context.addIssue({ code: 'custom', path: ['minReturns'], message });
  })
  .transform(({ horizon, sample, every, ...rest }): SessionVarSettings => ({
    ...rest,
    horizonNs: horizon,
    sampleNs: sample,
    everyNs: every,
  }));

/** For the worker. A horizon of so many samples is come to by the square root of time. */
export function estimateSettings(settings: SessionVarSettings): VarSettings {
  const { method, level, horizonNs, sampleNs, decay, degrees, paths, seed } = settings;
  return { method, levels: [level], horizon: horizonNs / sampleNs, decay, degrees, paths, seed };
}

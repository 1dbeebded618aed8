/**
 * Settings of the circuit breakers: thresholds by trigger (units as of `Trigger`), and how a breaker opens, recovers and closes.
 * A threshold of null turns its trigger off; what is absent has its default.
 */

export interface BreakerSettings {
  /** Share of the price. */
  readonly move1m?: number | null;
  readonly move5m?: number | null;
  /** Multiple of the median spread. */
  readonly spreadRatio?: number | null;
  /** A spread below this share of the price is never wide. */
  readonly spreadFloor?: number;
  /** Multiple of the volume of a second with prints. */
  readonly volumeRatio?: number | null;
  /** Multiple of the usual latency of answers. */
  readonly latencyRatio?: number | null;
  /** An answer faster than this is never late. */
  readonly latencyFloorNs?: number;
  /** Answers slower than this are late whatever is usual. */
  readonly latencyCapNs?: number | null;
  /** Market data later than usual by so much. */
  readonly feedDelayNs?: number | null;
  /** A connection that is away for so long; 0 = at once. */
  readonly disconnectNs?: number | null;
  /** Volatility over its long average, times the spread over its median: where a crisis begins, and the breaker opens. */
  readonly volatilityRatio?: number | null;
  /** The same of the regimes volatile and calm: alerts only. */
  readonly volatileRatio?: number;
  readonly calmRatio?: number;
  /** Share of the peak of equity. */
  readonly drawdown?: number | null;
  /** Risk currency. */
  readonly lossPerMinute?: number | null;
  /** The global breaker opens when so large a share of the instruments' breakers (two at least) is open. */
  readonly openShare?: number | null;

  /** From opening to the canary; times `cooldownGrowth` with every further trip, up to `maxCooldownNs`. */
  readonly cooldownNs?: number;
  readonly cooldownGrowth?: number;
  readonly maxCooldownNs?: number;
  /** A breaker that has been closed for so long starts again with the first cool-down. */
  readonly forgetNs?: number;
  /** The breaker closes after so long without a trip. */
  readonly canaryNs?: number;
  /** Share of a quote's size that the canary may have. */
  readonly canaryShare?: number;
  /** Thresholds of the canary, as a share of the usual ones. */
  readonly canaryTightness?: number;
  /** What tripped is over below this share of its threshold. Below `canaryTightness`, or the canary would not live. */
  readonly release?: number;
  /** Warnings are raised from this share of a threshold on. */
  readonly warning?: number;
  /** Seconds of data before a norm is believed, in nanoseconds. */
  readonly warmupNs?: number;

  /** Alerts only: a connected market whose book is silent, or not fit to be quoted on, for so long. */
  readonly staleNs?: number | null;
  readonly notReadyNs?: number | null;
  /** Alert only: a message received before it was sent by more than this. */
  readonly clockSkewNs?: number | null;
}

/** All of them; Infinity = off. */
export type BreakerConfig = { readonly [Name in keyof BreakerSettings]-?: number };

/** No breaker opens but by hand, and nothing is warned of. */
export const BREAKERS_OFF: BreakerSettings = {
  move1m: null,
  move5m: null,
  spreadRatio: null,
  volumeRatio: null,
  latencyRatio: null,
  latencyCapNs: null,
  feedDelayNs: null,
  disconnectNs: null,
  volatilityRatio: null,
  drawdown: null,
  lossPerMinute: null,
  openShare: null,
  staleNs: null,
  notReadyNs: null,
  clockSkewNs: null,
};

/** Nothing above is needed to be known of a field but these: its default, its bounds (the lower excluded if open), whether null is allowed. */
interface Rule {
  readonly usual: number;
  readonly min: number;
  readonly max: number;
  readonly canBeOff: boolean;
  readonly isOpen: boolean;
}

const above = (min: number, usual: number, max = Number.MAX_VALUE): Rule => ({
  usual,
  min,
  max,
  canBeOff: false,
  isOpen: true,
});
const from = (min: number, usual: number, max = Number.MAX_VALUE): Rule => ({
  ...above(min, usual, max),
  isOpen: false,
});
const off = (rule: Rule): Rule => ({ ...rule, canBeOff: true });

export const BREAKER_RULES: { readonly [Name in keyof BreakerSettings]-?: Rule } = {
  move1m: off(above(0, 0.015, 1)),
  move5m: off(above(0, 0.03, 1)),
  spreadRatio: off(above(1, 10)),
  spreadFloor: from(0, 1e-4, 1),
  volumeRatio: off(above(1, 30)),
  latencyRatio: off(above(1, 10)),
  latencyFloorNs: from(0, 100e6),
  latencyCapNs: off(above(0, 2e9)),
  feedDelayNs: off(above(0, 1e9)),
  disconnectNs: off(from(0, 5e9)),
  volatilityRatio: off(above(1, 10)),
  volatileRatio: above(1, 4),
  calmRatio: from(0, 0.4, 1),
  drawdown: off(above(0, 0.04, 1)),
  lossPerMinute: off(above(0, 2500)),
  openShare: off(above(0, 0.6, 1)),
  cooldownNs: above(0, 60e9),
  cooldownGrowth: from(1, 2, 100),
  maxCooldownNs: above(0, 900e9),
  forgetNs: from(0, 1800e9),
  canaryNs: above(0, 60e9),
  canaryShare: above(0, 0.1, 1),
  canaryTightness: above(0, 0.75, 1),
  release: above(0, 0.5, 1),
  warning: above(0, 0.6, 1),
  warmupNs: from(0, 120e9),
  staleNs: off(above(0, 10e9)),
  notReadyNs: off(above(0, 1e9)),
  clockSkewNs: off(above(0, 500e6)),
};

/** @throws RangeError that names the field, what was found and what was expected */
export function breakerConfig(settings: BreakerSettings): BreakerConfig {
  const unknown = Object.keys(settings).find((name) => !(name in BREAKER_RULES));
  if (unknown !== undefined) throw new RangeError(`breaker: there is no setting '${unknown}'`);
  const given: Readonly<Record<string, number | null>> = { ...settings };
  const read = Object.entries(BREAKER_RULES).map(([name, rule]) => [name, readField(name, given[name], rule)] as const);
  // oxlint-disable-next-line no-unsafe-type-assertion -- the rules have every name
  const all = Object.fromEntries(read) as BreakerConfig;
  const { release, canaryTightness, cooldownNs, maxCooldownNs, volatileRatio, volatilityRatio } = all;
  if (!(release < canaryTightness)) {
    throw new RangeError(`breaker: release ${release} is not below canaryTightness ${canaryTightness}`);
  }
  if (maxCooldownNs < cooldownNs) {
    throw new RangeError(`breaker: maxCooldownNs ${maxCooldownNs} is below cooldownNs ${cooldownNs}`);
  }
  if (!(volatileRatio < volatilityRatio)) {
    throw new RangeError(`breaker: volatileRatio ${volatileRatio} is not below volatilityRatio ${volatilityRatio}`);
  }
  return all;
}

function readField(
  name: string,
  value: number | null | undefined,
  { usual, min, max, canBeOff, isOpen }: Rule,
): number {
  if (value === undefined) return usual;
  if (value === null) {
    if (canBeOff) return Number.POSITIVE_INFINITY;
    throw new RangeError(`breaker: ${name} cannot be null`);
  }
  if (typeof value === 'number' && (isOpen ? value > min : value >= min) && value <= max) return value;
  const lower = isOpen ? `above ${min}` : `from ${min}`;
  const upper = max === Number.MAX_VALUE ? '' : ` up to ${max}`;
  throw new RangeError(`breaker: ${name} ${String(value)} is not a number ${lower}${upper}`);
}

/** The queue models of a truth table by their names on the command line: `power2:3`, `log1+draws`, `hazard`. */
import { Random } from '@quotewright/core/base/random';
import {
  HAZARD_COEFFICIENTS,
  HAZARD_TERMS,
  type HazardCoefficients,
} from '@quotewright/core/venue-sim/hazard-coefficients';
import { aheadProbability, HazardQueue, hazardTerms } from '@quotewright/core/venue-sim/hazard-queue';
import {
  QUEUE_MODELS,
  queueModel,
  type QueueModel,
  type QueueModelName,
} from '@quotewright/core/venue-sim/queue-model';
import { InputError } from '../data/report.ts';
import { DrawnModel } from './drawn-model.ts';
import type { Cancel } from './queue-walk.ts';

/** `standard`: as simulators use it, one answer. `bound`: optimistic or pessimistic on purpose. The others draw. */
export type ModelKind = 'standard' | 'bound' | 'standard-drawn' | 'hazard';

export interface ModelSpec {
  readonly name: string;
  readonly kind: ModelKind;
  /** A model for one path; paths of different numbers draw differently. */
  make(seed: number, path: number): { readonly model: QueueModel; draws(): number };
  /** The probability that a cancel fell ahead of us; for a fluid model the share that it takes from there. */
  aheadChance(cancel: Cancel, ownAgeNs: number): number;
}

export interface ModelSettings {
  /** Lots in one unit, in which the log models measure sizes. */
  readonly unitLots: number;
  readonly intervalNs: number;
  /** Fitted ones, in place of the built-in. */
  readonly coefficients: HazardCoefficients | undefined;
}

export const DEFAULT_MODELS =
  'touch,risk-averse,power1:1,power1:3,power2:2,power2:3,power3:2,power3:3,log1,log2,power2:2+draws,log1+draws,hazard';

const SPEC = /^([a-z0-9-]+)(?::(\d+(?:\.\d+)?))?(\+draws)?$/;

/** @throws InputError for a name that is none. */
export function modelSpecs(list: string, settings: ModelSettings): ModelSpec[] {
  return list.split(',').map((text) => modelSpec(text.trim(), settings));
}

function modelSpec(text: string, settings: ModelSettings): ModelSpec {
  const match = SPEC.exec(text);
  const name = QUEUE_MODELS.find((each) => each === match?.[1]);
  if (text === 'hazard') return hazardSpec(settings);
  const exponent = match?.[2] === undefined ? undefined : Number(match[2]);
  const hasExponent = name?.startsWith('power') === true;
  if (match === null || name === undefined || exponent === 0 || (exponent !== undefined && !hasExponent)) {
    throw new InputError(
      `--models: found '${text}', expected hazard, ${QUEUE_MODELS.join(', ')}; powers take an exponent (power2:3), all but hazard '+draws'`,
    );
  }
  return standardSpec(text, name, exponent, match[3] !== undefined, settings.unitLots);
}

function standardSpec(
  text: string,
  name: QueueModelName,
  exponent: number | undefined,
  isDrawn: boolean,
  unitLots: number,
): ModelSpec {
  const kind = name === 'touch' || name === 'through' ? 'bound' : isDrawn ? 'standard-drawn' : 'standard';
  return {
    name: text,
    kind,
    make(seed, path) {
      const shares = queueModel(name, exponent, unitLots);
      if (!isDrawn) return { model: shares, draws: () => 0 };
      const model = new DrawnModel(shares, Random.stream(seed, `fills ${text} ${path}`));
      return { model, draws: () => model.draws };
    },
    aheadChance: ({ aheadLots, behindLots, lots, timeNs }) => {
      const shown = aheadLots + behindLots;
      const left = queueModel(name, exponent, unitLots).depth(0, 0, 0, aheadLots, shown, shown - lots, 0, timeNs);
      return Math.min(1, Math.max(0, (aheadLots - left) / lots));
    },
  };
}

function hazardSpec({ intervalNs, coefficients }: ModelSettings): ModelSpec {
  const terms = new Float64Array(HAZARD_TERMS);
  return {
    name: 'hazard',
    kind: 'hazard',
    make(seed, path) {
      const random = Random.stream(seed, `fills hazard ${path}`);
      const options = coefficients === undefined ? { intervalNs } : { intervalNs, coefficients };
      const model = new HazardQueue(random, options);
      return { model, draws: () => model.draws };
    },
    aheadChance: ({ youngestAgeNs, sincePrintNs }, ownAgeNs) => {
      hazardTerms(terms, youngestAgeNs, ownAgeNs, sincePrintNs);
      return aheadProbability(coefficients ?? HAZARD_COEFFICIENTS, terms);
    },
  };
}

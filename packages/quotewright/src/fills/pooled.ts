/** Truth tables of several recordings taken together, every order counting alike. */
import type { Truth } from './truth.ts';

export interface PooledModel {
  readonly name: string;
  readonly brier: number;
  readonly brierRegular: number;
  /** 1 − Brier score ÷ the lowest of a standard model, pooled the same way. */
  readonly gain: number;
  readonly gainRegular: number;
}

/** The models that all tables have, in the order of the first. */
export function pooled(truths: readonly Truth[]): PooledModel[] {
  const first = truths[0];
  if (first === undefined) return [];
  const rows = first.models.map((model) => ({
    name: model.name,
    kind: model.kind,
    brier: weighted(truths, model.name, false),
    brierRegular: weighted(truths, model.name, true),
  }));
  const standard = rows.filter((row) => row.kind === 'standard');
  const best = Math.min(...standard.map((row) => row.brier));
  const bestRegular = Math.min(...standard.map((row) => row.brierRegular));
  return rows.map(({ name, brier, brierRegular }) => ({
    name,
    brier,
    brierRegular,
    gain: 1 - brier / best,
    gainRegular: 1 - brierRegular / bestRegular,
  }));
}

function weighted(truths: readonly Truth[], name: string, onlyRegular: boolean): number {
  let sum = 0;
  let orders = 0;
  for (const truth of truths) {
    const model = truth.models.find((each) => each.name === name)!;
    const count = onlyRegular ? truth.orders - truth.irregular : truth.orders;
    sum += count * (onlyRegular ? model.brierRegular.value : model.brier.value);
    orders += count;
  }
  return sum / orders;
}

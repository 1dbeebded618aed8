/** The calibration of a queue model, from the `truth.json` that `quotewright fills truth --out` writes: all its recordings together. */
import { z } from 'zod';
import { checkSettings, readConfig } from '../config/read-config.ts';
import { InputError } from '../data/report.ts';
import type { RunResult } from '../reports/run-result.ts';

const bin = z.object({ forecast: z.number().nullable(), observed: z.number().nullable(), count: z.number() });
const truth = z.object({
  truths: z.array(z.object({ models: z.array(z.object({ name: z.string(), calibration: z.array(bin) })) })),
});

/** @throws InputError when the file is not one, or holds nothing of the model. */
export async function readCalibration(
  path: string,
  queue: { readonly model: string; readonly exponent: number },
): Promise<NonNullable<RunResult['calibration']>> {
  const { truths } = checkSettings(truth, await readConfig(path), path);
  const names = new Set([queue.model, `${queue.model}:${queue.exponent}`]);
  const tables = truths.flatMap(({ models }) => models.filter(({ name }) => names.has(name)));
  if (tables.length === 0) throw new InputError(`${path}: holds no figures of the queue model '${queue.model}'`);
  const bins = Math.max(...tables.map(({ calibration }) => calibration.length));
  return Array.from({ length: bins }, (_, index) => {
    const cells = tables
      .flatMap(({ calibration }) => calibration.slice(index, index + 1))
      .filter(({ count }) => count > 0);
    const count = cells.reduce((sum, cell) => sum + cell.count, 0);
    const mean = (key: 'forecast' | 'observed'): number =>
      cells.reduce((sum, cell) => sum + (cell[key] ?? 0) * cell.count, 0) / count;
    return { predicted: mean('forecast'), observed: mean('observed'), count };
  }).filter(({ count }) => count > 0);
}

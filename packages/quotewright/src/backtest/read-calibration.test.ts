import { expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { readCalibration } from './read-calibration.ts';

const folder = tempFolder();
const file = (content: unknown): string => folder.write('truth.json', JSON.stringify(content));
const cell = (forecast: number | null, observed: number | null, count: number) => ({ forecast, observed, count });

it('adds the recordings of a model up, bin by bin, and leaves empty bins out', async () => {
  const path = file({
    truths: [
      { models: [{ name: 'hazard', calibration: [cell(0.1, 0.2, 30), cell(null, null, 0)] }] },
      { models: [{ name: 'log1', calibration: [cell(0.5, 0.5, 9)] }] },
      { models: [{ name: 'hazard', calibration: [cell(0.3, 0.4, 10), cell(null, null, 0), cell(0.9, 1, 5)] }] },
    ],
  });
  const [first, second, ...more] = await readCalibration(path, { model: 'hazard', exponent: 3 });
  expect(first?.count).toBe(40);
  expect(first?.predicted).toBeCloseTo(0.15, 12);
  expect(first?.observed).toBeCloseTo(0.25, 12);
  expect(second).toEqual({ predicted: 0.9, observed: 1, count: 5 });
  expect(more).toEqual([]);
});

it('finds a power model by its exponent, and says when there is none of a model', async () => {
  const path = file({ truths: [{ models: [{ name: 'power3:2', calibration: [cell(0.5, 0.4, 2)] }] }] });
  expect(await readCalibration(path, { model: 'power3', exponent: 2 })).toHaveLength(1);
  await expect(readCalibration(path, { model: 'power3', exponent: 3 })).rejects.toThrow(
    /truth\.json: holds no figures of the queue model 'power3'/,
  );
  await expect(readCalibration(file({ seed: 1 }), { model: 'hazard', exponent: 3 })).rejects.toThrow(/truths/);
});

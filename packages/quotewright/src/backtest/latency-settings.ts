/** Latency as people write it → a latency model of the core. */
import { readFile } from 'node:fs/promises';
import { RecordedLatency } from '@quotewright/core/venue-sim/latency-curve';
import { type Delay, DelayLatency, type LatencyModel } from '@quotewright/core/venue-sim/latency';
import { parseDurationNs } from '../config/units.ts';
import { InputError } from '../data/report.ts';
import type { BacktestSettings } from './settings.ts';

/** @throws InputError that names the setting. */
export async function latencyModel(settings: BacktestSettings, name: string): Promise<LatencyModel> {
  const { curve, request, report, ...others } = settings.latency;
  if (curve !== undefined) return readCurve(curve, settings.feedLatency);
  const kinds = Object.fromEntries(
    Object.entries(others).flatMap(([kind, text]) => (text === undefined ? [] : [[kind, parseDelay(kind, text)]])),
  );
  try {
    return new DelayLatency(
      { request: parseDelay('request', request), report: parseDelay('report', report), ...kinds },
      settings.seed,
      name,
    );
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : String(error));
  }
}

/** `1ms`, `1ms+exp:200us` (exponential beyond the floor, by its mean), `1ms+lognormal:300us:0.6` (by its median and sigma). */
export function parseDelay(kind: string, text: string): Delay {
  const found = /^([^+]+)(?:\+(exp|lognormal):([^:]+)(?::(\d+(?:\.\d+)?))?)?$/.exec(text);
  const floorNs = found === null ? Number.NaN : parseDurationNs(found[1]!);
  const scaleNs = found?.[3] === undefined ? 0 : parseDurationNs(found[3]);
  if (found !== null && floorNs === floorNs && scaleNs === scaleNs) {
    if (found[2] === undefined) return floorNs;
    if (found[2] === 'exp' && found[4] === undefined) return { floorNs, exponentialMeanNs: scaleNs };
    if (found[2] === 'lognormal' && found[4] !== undefined) {
      return { floorNs, lognormalMedianNs: scaleNs, sigma: Number(found[4]) };
    }
  }
  throw new InputError(`latency ${kind}: found '${text}', expected 1ms, 1ms+exp:MEAN or 1ms+lognormal:MEDIAN:SIGMA`);
}

/** A CSV of `time,entry,response`, nanoseconds; a header line is allowed. Time counts from the run's epoch day. */
async function readCurve(path: string, feedNs: number): Promise<LatencyModel> {
  const text = await readFile(path, 'utf8');
  const columns = { timeNs: [] as number[], entryNs: [] as number[], responseNs: [] as number[] };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || (index === 0 && /[a-z]/i.test(line))) continue;
    const values = line.split(',').map(Number);
    if (values.length !== 3 || values.some((value) => !Number.isFinite(value))) {
      throw new InputError(`${path}:${index + 1}: found '${line}', expected time,entry,response in nanoseconds`);
    }
    columns.timeNs.push(values[0]!);
    columns.entryNs.push(values[1]!);
    columns.responseNs.push(values[2]!);
  }
  try {
    return new RecordedLatency(columns, feedNs);
  } catch (error) {
    throw new InputError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Latency from a recording of it: points of (local time of a request, its entry latency, the response latency of its answer),
 * interpolated linearly in time and constant before the first and after the last point.
 *
 * A point with a negative entry latency is a request that the overloaded venue refused; its absolute value is the round
 * trip. Between two points of which one was refused, requests are refused, with the round trip interpolated. Such points
 * say nothing of response latency, which is interpolated over the venue's time of the others.
 */
import type { LatencyModel } from './latency.ts';

/** Columns of equal length, in rising order of time. */
export interface LatencyPoints {
  readonly timeNs: ArrayLike<number>;
  /** Negative: refused. */
  readonly entryNs: ArrayLike<number>;
  /** Not read where the entry is negative. */
  readonly responseNs: ArrayLike<number>;
}

export class RecordedLatency implements LatencyModel {
  readonly #entryAtNs: Float64Array;
  readonly #entryNs: Float64Array;
  readonly #roundTripNs: Float64Array;
  readonly #responseAtNs: Float64Array;
  readonly #responseNs: Float64Array;
  readonly #feedNs: number;

  /**
   * @param feedNs latency of market data where the market has none recorded
   * @throws RangeError that names the point and what is wrong with it
   */
  constructor(points: LatencyPoints, feedNs = 0) {
    const { timeNs, entryNs, responseNs } = points;
    const count = timeNs.length;
    if (count === 0) throw new RangeError('latency curve: there is no point');
    if (entryNs.length !== count || responseNs.length !== count) {
      throw new RangeError(
        `latency curve: ${count} times, ${entryNs.length} entry latencies and ${responseNs.length} response latencies`,
      );
    }
    if (!(feedNs >= 0 && feedNs < Infinity)) throw new RangeError(`feed latency ${feedNs} is not at least 0 ns`);
    const answered: number[] = [];
    for (let i = 0; i < count; i++) {
      const isSound =
        Number.isFinite(timeNs[i]) && Number.isFinite(entryNs[i]) && (i === 0 || timeNs[i] > timeNs[i - 1]);
      if (!isSound)
        throw new RangeError(`latency curve: point ${i} (${timeNs[i]}, ${entryNs[i]}) is not after the one before`);
      if (entryNs[i] < 0) continue;
      if (!(responseNs[i] >= 0 && responseNs[i] < Infinity)) {
        throw new RangeError(`latency curve: point ${i} has response latency ${responseNs[i]}, not at least 0 ns`);
      }
      answered.push(i);
    }
    answered.sort((a, b) => timeNs[a] + entryNs[a] - (timeNs[b] + entryNs[b]));
    this.#entryAtNs = Float64Array.from(timeNs);
    this.#entryNs = Float64Array.from(entryNs);
    this.#roundTripNs = Float64Array.from(entryNs, (entry, i) => (entry < 0 ? -entry : entry + responseNs[i]));
    this.#responseAtNs = Float64Array.from(answered, (i) => timeNs[i] + entryNs[i]);
    this.#responseNs = Float64Array.from(answered, (i) => responseNs[i]);
    this.#feedNs = feedNs;
  }

  entryNs(_kind: number, nowNs: number): number {
    const at = this.#entryAtNs;
    const next = firstAfter(at, nowNs);
    const left = next === 0 ? 0 : next - 1;
    const right = next === at.length ? left : next;
    const isRefused = this.#entryNs[left] < 0 || this.#entryNs[right] < 0;
    const latencyNs = between(at, isRefused ? this.#roundTripNs : this.#entryNs, left, right, nowNs);
    // At least 1, so that a refusal is negative.
    return isRefused ? -Math.max(latencyNs, 1) : latencyNs;
  }

  reportNs(_kind: number, venueNs: number): number {
    const at = this.#responseAtNs;
    if (at.length === 0) return 0;
    const next = firstAfter(at, venueNs);
    const left = next === 0 ? 0 : next - 1;
    return between(at, this.#responseNs, left, next === at.length ? left : next, venueNs);
  }

  feedNs(_venueNs: number): number {
    return this.#feedNs;
  }
}

/** Index of the first time that is after `ns`. */
function firstAfter(times: Float64Array, ns: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] > ns) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whole nanoseconds on the line between two points; at the ends of the curve they are the same point. */
function between(times: Float64Array, values: Float64Array, left: number, right: number, ns: number): number {
  const span = times[right] - times[left];
  if (!(span > 0)) return values[left];
  return Math.round(values[left] + ((values[right] - values[left]) * (ns - times[left])) / span);
}

import { describe, expect, it } from 'vitest';
import { RecordedLatency } from './latency-curve.ts';

const points = { timeNs: [1000, 2000, 3000], entryNs: [10, 30, 50], responseNs: [100, 200, 400] };

function entries(curve: RecordedLatency, times: number[]): number[] {
  return times.map((ns) => curve.entryNs(64, ns));
}

describe('recorded latency', () => {
  it('is interpolated between points and constant beyond them', () => {
    const curve = new RecordedLatency(points, 9);
    expect(entries(curve, [0, 1000, 1500, 1999, 2000, 2250, 3000, 9000])).toEqual([10, 10, 20, 30, 30, 35, 50, 50]);
    // Responses left the venue at 1010, 2030 and 3050.
    expect([0, 1010, 1520, 2030, 2540, 3050, 9000].map((ns) => curve.reportNs(32, ns))).toEqual([
      100, 100, 150, 200, 300, 400, 400,
    ]);
    expect(curve.feedNs(0)).toBe(9);
  });

  it('refuses between points of which one was refused, with the round trip', () => {
    const curve = new RecordedLatency({ ...points, entryNs: [10, -530, 50], responseNs: [100, Number.NaN, 400] });
    expect(entries(curve, [0, 500, 1500, 2000, 2500, 2999, 3000])).toEqual([10, 10, -320, -530, -490, -450, 50]);
    // The refused point has no response: the line goes from 1010 to 3050.
    expect(curve.reportNs(32, 2030)).toBe(250);
  });

  it('may be one point, or all refused', () => {
    const one = new RecordedLatency({ timeNs: [5], entryNs: [7], responseNs: [8] });
    expect([one.entryNs(64, 0), one.entryNs(64, 9), one.reportNs(32, 0), one.reportNs(32, 99)]).toEqual([7, 7, 8, 8]);
    const none = new RecordedLatency({ timeNs: [5], entryNs: [-7], responseNs: [0] });
    expect([none.entryNs(64, 0), none.reportNs(32, 0)]).toEqual([-7, 0]);
  });

  it('answers the points themselves, and values between its neighbours', () => {
    const timeNs = Array.from({ length: 50 }, (_, i) => i * 100 + (i % 7));
    const entryNs = timeNs.map((_, i) => (i * 37) % 91);
    const curve = new RecordedLatency({ timeNs, entryNs, responseNs: entryNs });
    expect(entries(curve, timeNs)).toEqual(entryNs);
    for (let ns = 0; ns < 4900; ns += 3) {
      const right = timeNs.findIndex((time) => time > ns);
      const neighbours = entryNs.slice(right - 1, right + 1);
      const got = curve.entryNs(64, ns);
      expect(got).toBeGreaterThanOrEqual(Math.min(...neighbours));
      expect(got).toBeLessThanOrEqual(Math.max(...neighbours));
    }
  });

  it('names what is wrong with its points', () => {
    expect(() => new RecordedLatency({ timeNs: [], entryNs: [], responseNs: [] })).toThrow('there is no point');
    expect(() => new RecordedLatency({ ...points, entryNs: [1] })).toThrow('3 times, 1 entry latencies and 3 response');
    expect(() => new RecordedLatency({ ...points, timeNs: [1, 1, 2] })).toThrow('point 1');
    expect(() => new RecordedLatency({ ...points, entryNs: [1, Number.NaN, 2] })).toThrow('point 1');
    expect(() => new RecordedLatency({ ...points, responseNs: [1, 2, -3] })).toThrow('point 2 has response latency -3');
    expect(() => new RecordedLatency(points, -1)).toThrow('feed latency -1');
  });
});

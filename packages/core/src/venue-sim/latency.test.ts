import { describe, expect, it } from 'vitest';
import { ReportKind, RequestKind } from '../trading/records.ts';
import { DelayLatency } from './latency.ts';

const { NEW, CANCEL, AMEND } = RequestKind;
const { ACK, REJECT, FILL, CANCELLED, CANCEL_REJECT, AMENDED, AMEND_REJECT } = ReportKind;
const N = 100_000;

/** Draws of request latency, in rising order. */
function draws(model: DelayLatency): number[] {
  return Array.from({ length: N }, () => model.entryNs(NEW, 0)).toSorted((a, b) => a - b);
}

describe('constant latency', () => {
  it('is by kind of message, with two defaults', () => {
    const model = new DelayLatency({
      request: 10,
      report: 20,
      cancel: 11,
      amend: 12,
      fill: 21,
      cancelled: 22,
      ack: 23,
    });
    expect([NEW, CANCEL, AMEND].map((kind) => model.entryNs(kind, 5))).toEqual([10, 11, 12]);
    const kinds = [ACK, REJECT, AMENDED, AMEND_REJECT, FILL, CANCELLED, CANCEL_REJECT];
    expect(kinds.map((kind) => model.reportNs(kind, 5))).toEqual([23, 23, 23, 23, 21, 22, 22]);
    expect(model.feedNs(5)).toBe(0);
    const plain = new DelayLatency({ request: 10, report: 20, newOrder: 9, marketData: 7 });
    expect([NEW, CANCEL, AMEND].map((kind) => plain.entryNs(kind, 5))).toEqual([9, 10, 10]);
    expect(kinds.map((kind) => plain.reportNs(kind, 5))).toEqual([20, 20, 20, 20, 20, 20, 20]);
    expect(plain.feedNs(5)).toBe(7);
  });

  it('below zero refuses a request', () => {
    expect(new DelayLatency({ request: -10, report: 20 }).entryNs(NEW, 0)).toBe(-10);
  });
});

describe('jitter', () => {
  it('is exponential beyond the floor', () => {
    const sorted = draws(new DelayLatency({ request: { floorNs: 1e6, exponentialMeanNs: 2e5 }, report: 0 }, 1));
    expect(sorted[0]).toBeGreaterThanOrEqual(1e6);
    let sum = 0;
    for (const ns of sorted) sum += ns;
    // Five standard errors.
    expect(Math.abs(sum / N - 1.2e6)).toBeLessThan((5 * 2e5) / Math.sqrt(N));
    expect(sorted[N / 2]).toBeGreaterThan(1e6 + 2e5 * (Math.LN2 - 0.02));
    expect(sorted[N / 2]).toBeLessThan(1e6 + 2e5 * (Math.LN2 + 0.02));
    expect(sorted.every(Number.isInteger)).toBe(true);
  });

  it('is lognormal beyond the floor', () => {
    const sorted = draws(
      new DelayLatency({ request: { floorNs: 1e6, lognormalMedianNs: 2e5, sigma: 0.5 }, report: 0 }, 1),
    );
    const quantile = (share: number): number => Math.log(((sorted[Math.floor(share * N)] ?? 0) - 1e6) / 2e5);
    expect(quantile(0.5)).toBeCloseTo(0, 1);
    expect(quantile(0.8413)).toBeCloseTo(0.5, 1);
    expect(quantile(0.1587)).toBeCloseTo(-0.5, 1);
  });

  it('is the same for a seed, and of its own for requests, reports and data', () => {
    const jitter = { floorNs: 0, exponentialMeanNs: 1e6 };
    const delays = { request: jitter, report: jitter, marketData: jitter };
    const one = new DelayLatency(delays, 7);
    const two = new DelayLatency(delays, 7);
    for (let i = 0; i < 10; i++) two.feedNs(0);
    const entries = Array.from({ length: 20 }, () => one.entryNs(NEW, 0));
    expect(Array.from({ length: 20 }, () => two.entryNs(NEW, 0))).toEqual(entries);
    expect(Array.from({ length: 20 }, () => one.reportNs(ACK, 0))).not.toEqual(entries);
    expect(Array.from({ length: 20 }, () => new DelayLatency(delays, 7, 'b').entryNs(NEW, 0))).not.toEqual(entries);
  });

  it('without spread is a constant', () => {
    const model = new DelayLatency({
      request: { floorNs: 5, lognormalMedianNs: 3, sigma: 0 },
      report: { floorNs: 4, exponentialMeanNs: 0 },
    });
    expect([model.entryNs(NEW, 0), model.reportNs(ACK, 0)]).toEqual([8, 4]);
  });
});

it('refuses delays that are none, by name', () => {
  expect(() => new DelayLatency({ request: 1, report: -1 })).toThrow('latency of ack: -1 is not');
  expect(() => new DelayLatency({ request: Number.NaN, report: 1 })).toThrow('latency of newOrder: null is not');
  expect(() => new DelayLatency({ request: 1, report: 1, marketData: -1 })).toThrow('latency of marketData');
  const negative = { floorNs: -1, exponentialMeanNs: 5 };
  expect(() => new DelayLatency({ request: 1, report: 1, cancel: negative })).toThrow('latency of cancel');
  const endless = { floorNs: 1, lognormalMedianNs: Infinity, sigma: 1 };
  expect(() => new DelayLatency({ request: 1, report: 1, fill: endless })).toThrow('latency of fill');
});

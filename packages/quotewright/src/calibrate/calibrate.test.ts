import { Random } from '@quotewright/core/base/random';
import { lomax } from '@quotewright/core/venue-sim/living/draw-table';
import { describe, expect, it } from 'vitest';
import { openWithProgress } from '../data/open.ts';
import type { Recording } from '../data/recording.ts';
import { sharedData } from '../data/testing/files.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import { fitLomax } from './fit-market.ts';
import { livingRecording } from './living-recording.ts';
import { sampleMarket } from './sample-markets.ts';

const told = (): void => {};

function living(seconds: number): () => Promise<Recording> {
  const config = { instruments: [sampleMarket('ETHUSDT'), sampleMarket('BTCUSDT')], schedule: undefined };
  return () => Promise.resolve(livingRecording({ config, seed: 3, seconds, isL3: false, epochDay: 0, startNs: 0 }));
}

/** Simulated over recorded figure. */
const ratio = ({ recorded, simulated }: Calibration, of: (each: Calibration['recorded']) => number): number =>
  of(simulated) / of(recorded);

describe('calibration', () => {
  it('finds a living market again: volatility, spread, depth and rates', async () => {
    const result = await calibrate(living(400), 'x', 'BTCUSDT', 1, told);
    expect(result.instrument.symbol).toBe('BTCUSDT');
    for (const of of [
      ({ facts }: Calibration['recorded']) => facts.volatility10s,
      ({ facts }: Calibration['recorded']) => facts.meanSpreadTicks,
      ({ facts }: Calibration['recorded']) => facts.medianTouchLots,
      ({ facts }: Calibration['recorded']) => facts.takersPerSecond,
      ({ facts }: Calibration['recorded']) => facts.meanTakerLots,
      ({ flow }: Calibration['recorded']) => flow.addsPerSecond,
    ]) {
      expect(ratio(result, of)).toBeGreaterThan(0.6);
      expect(ratio(result, of)).toBeLessThan(1.6);
    }
  });

  it('fits a recorded day of orders', async () => {
    const path = sharedData('lobster/LOBSTER_SampleFile_GOOG_2012-06-21_5.zip');
    const open = async (): Promise<Recording> => (await openWithProgress(path, undefined, { strict: false })).recording;
    const result = await calibrate(open, path, undefined, 1, told);
    for (const of of [
      ({ facts }: Calibration['recorded']) => facts.volatility10s,
      ({ facts }: Calibration['recorded']) => facts.meanSpreadTicks,
      ({ facts }: Calibration['recorded']) => facts.medianTouchLots,
      ({ facts }: Calibration['recorded']) => facts.meanTakerLots,
    ]) {
      expect(ratio(result, of)).toBeGreaterThan(0.7);
      expect(ratio(result, of)).toBeLessThan(1.4);
    }
    expect(result.recorded.facts.takersPerSecond).toBeGreaterThan(0.1);
  });

  it('says what is missing', async () => {
    await expect(calibrate(living(10), 'x', 'BTCUSDT', 1, told)).rejects.toThrow('at least 30 s');
    await expect(calibrate(living(60), 'x', 'DOGE', 1, told)).rejects.toThrow(
      "x: --symbol: found 'DOGE', expected one of ETHUSDT, BTCUSDT",
    );
  });

  it('knows the law of placement from its quantiles', () => {
    const random = Random.stream(1, 'test');
    for (const [scale, exponent] of [
      [30, 2],
      [100, 3],
    ] as const) {
      const table = lomax(scale, exponent);
      const fit = fitLomax(Float64Array.from({ length: 100_000 }, () => table.draw(random)));
      // A tick is 3 % of the smaller scale.
      expect(Math.abs(fit.exponent / exponent - 1)).toBeLessThan(0.1);
      expect(Math.abs(fit.scale / scale - 1)).toBeLessThan(0.1);
    }
    expect(fitLomax(new Float64Array(0))).toEqual({ scale: 1, exponent: 3 });
  });
});

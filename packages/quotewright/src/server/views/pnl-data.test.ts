import { summarise } from '@quotewright/core/analytics/summarise';
import type { InstrumentSpec } from '@quotewright/core/market/instrument';
import { describe, expect, it } from 'vitest';
import { LivingReplica } from '../replica/testing/living-replica.ts';
import { pnlData } from './pnl-data.ts';

const SECOND = 1e9;
const RATES = { maker: '0.0003', taker: '0.0005' };

const KINDS: readonly (readonly [name: string, spec: Partial<InstrumentSpec>, cash: string])[] = [
  ['linear', { contract: 'linear', fees: RATES }, 'USDT'],
  ['spot', { contract: 'spot', fees: RATES }, 'USDT'],
  ['spot with fees in the base currency', { contract: 'spot', fees: { ...RATES, currency: 'BTC' } }, 'USDT'],
  ['linear with rebates', { contract: 'linear', fees: { maker: '-0.0001', taker: '0.0005' } }, 'USDT'],
  ['inverse', { contract: 'inverse', lot: '1', multiplier: '100', quote: 'USDT', fees: RATES }, 'BTC'],
];

describe('profit and loss', () => {
  it.each(KINDS)('is the recorder’s and the ledger’s: %s', async (_name, spec, currency) => {
    const pair = await LivingReplica.open({ seed: 21, strategy: 'basic-maker', spec });
    const { session, engine, header, views } = pair;
    session.start(0);
    for (let second = 10; second <= 120; second += 10) {
      session.run(second * SECOND);
      pair.drain();
    }
    const [account] = pnlOf(views);
    const [recorder] = views.recorders;
    const [seat] = engine.seats;
    recorder!.settle(engine.nowNs);
    const { metrics } = summarise(recorder!).accounts[0]!;
    expect(account!.currency).toBe(currency);
    expect(account!.fills).toBe(seat!.fills);
    expect(account!.fills).toBeGreaterThan(5);
    expect(account!.total).toBeCloseTo(metrics.netPnl!, 6);
    expect(account!.fees).toBeCloseTo(-metrics.fees!, 9);
    expect(Math.abs(account!.fees)).toBeGreaterThan(0);
    expect(account!.total).toBe(account!.realised + account!.unrealised - account!.fees - account!.funding);
    expect(account!.equity).toBe(account!.capital + account!.total);
    expect(account!.capital).toBe(Number(header.cash[currency] ?? 0));
    if (spec.fees?.currency === undefined) {
      seat!.mark();
      expect(account!.equity).toBeCloseTo(seat!.ledger.equity(currency), 6);
    }
    const [position] = account!.positions;
    expect(position).toMatchObject({ instrument: 0, lots: seat!.ledger.positionLots(0) });
    // What the flight recorder has to do without the history: the same but for fees in another currency.
    const [bare] = pnlData(engine, header.cash).strategies;
    expect(bare!.realised).toBe(account!.realised);
    if (spec.fees?.currency === undefined) expect(bare!.total).toBe(account!.total);
  });

  it('falls from its peak', async () => {
    const pair = await LivingReplica.open({ seed: 22, strategy: 'basic-maker' });
    const { session, views } = pair;
    session.start(0);
    let peak = 100_000;
    let hasFallen = false;
    for (let second = 1; second <= 200; second++) {
      // Just past the second, which is when it is sampled.
      session.run(second * SECOND + 1);
      session.carry();
      pair.drain();
      const [account] = pnlOf(views);
      const { equity, drawdown } = account!;
      expect(drawdown).toBeGreaterThanOrEqual(0);
      if (drawdown > 0) hasFallen = true;
      // The peak is that of the samples, or equity itself.
      const found = equity / (1 - drawdown);
      expect(found).toBeGreaterThanOrEqual(peak - 1e-6);
      peak = Math.max(peak, found - 1e-6);
    }
    expect(hasFallen).toBe(true);
    const series = views.series({ metric: 'equity', strategy: 0 });
    expect(Math.max(...series.values.map((value) => value ?? 0), 100_000)).toBeLessThanOrEqual(peak + 1e-3);
  });
});

function pnlOf({ topics }: LivingReplica['views']): ReturnType<typeof pnlData>['strategies'] {
  const topic = topics.find((each) => each.topic === 'pnl')!;
  topic.poll();
  // oxlint-disable-next-line no-unsafe-type-assertion -- what the topic `pnl` tells
  return (topic.snapshot() as ReturnType<typeof pnlData>).strategies;
}

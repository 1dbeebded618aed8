import { Command } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { LIMITS } from '@quotewright/core/risk/limits';
import { breakerInfo, limitUse } from '../protocol/risk.ts';
import { instrumentInfo, strategyInfo } from '../protocol/session.ts';
import { performanceReport } from '../protocol/trading.ts';
import { LivingReplica } from '../replica/testing/living-replica.ts';
import { instrumentInfos, strategyInfos } from './instrument-info.ts';
import { regimeData } from './regime-data.ts';
import { riskData } from './risk-data.ts';

const SECOND = 1e9;

/** What is told is what the schema knows, no more and no less, and survives JSON. */
function check<T>(schema: z.ZodType<T>, found: T): void {
  expect(schema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
}

describe('what is told of a session', () => {
  it('is as the protocol says', async () => {
    const pair = await LivingReplica.open({ symbols: 'BTCUSDT,ETHUSDT', seed: 51, strategy: 'basic-maker' });
    const { session, engine, replica, views, header } = pair;
    session.start(0);
    session.run(45 * SECOND);
    pair.drain();
    session.run(90 * SECOND);
    engine.operate(Command.TRIP, 1, 0, 90 * SECOND);
    engine.operate(Command.REDUCE, -1, 0, 90 * SECOND);
    session.carry();
    pair.drain();
    for (const info of instrumentInfos(replica.engine.instruments)) check(instrumentInfo, info);
    expect(instrumentInfos(replica.engine.instruments)[1]).toMatchObject({
      index: 1,
      name: 'living:ETHUSDT',
      priceDigits: 2,
    });
    for (const info of strategyInfos(replica.engine)) check(strategyInfo, info);
    check(performanceReport, views.performance());

    const risk = riskData(replica.engine, header.epochDay);
    for (const use of risk.limits) check(limitUse, use);
    for (const breaker of risk.breakers) check(breakerInfo, breaker);
    expect(risk.state).toBe('REDUCING');
    expect(risk.breakers.map(({ instrument, state, trips, untilMs }) => [instrument, state, trips, untilMs])).toEqual([
      ['living:BTCUSDT', 'CLOSED', 0, null],
      ['living:ETHUSDT', 'OPEN', 1, null],
      ['all', 'CLOSED', 0, null],
    ]);
    const global = risk.limits.filter(({ scope }) => scope === 'global');
    expect(global.map(({ limit }) => limit)).toEqual(LIMITS.map(({ name }) => name));
    expect(global.every(({ isDefault }) => isDefault)).toBe(true);
    const gross = global.find(({ limit }) => limit === 'max_gross_exposure');
    expect(gross!.share).toBeCloseTo(gross!.used! / gross!.value!, 12);
    expect(risk.equity).toBeGreaterThan(90_000);

    const { instruments } = regimeData(replica.engine);
    expect(instruments.map(({ instrument }) => instrument)).toEqual([0, 1]);
    expect(instruments.every(({ regime }) => ['calm', 'normal', 'volatile', 'crisis'].includes(regime))).toBe(true);
  });

  it('has no numbers of performance before there is any', async () => {
    const pair = await LivingReplica.open({ seed: 52 });
    check(performanceReport, pair.views.performance());
    for (const topic of pair.views.topics) expect(JSON.stringify(topic.snapshot())).not.toContain('undefined');
  });
});

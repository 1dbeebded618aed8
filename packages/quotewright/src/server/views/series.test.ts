import { Command } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { seriesQuery, seriesReport } from '../protocol/trading.ts';
import { LivingReplica } from '../replica/testing/living-replica.ts';
import { epochDayMs } from './market-time.ts';

const SECOND = 1e9;

/** As REST reads it. */
function queryOf(text: string) {
  return seriesQuery.parse(Object.fromEntries(new URLSearchParams(text)));
}

describe('a series', () => {
  it('is the state at each second, at any resolution', async () => {
    const pair = await LivingReplica.open({ symbols: 'BTCUSDT,ETHUSDT', seed: 41, strategy: 'basic-maker' });
    const { session, engine, views, header } = pair;
    const [seat] = engine.seats;
    const start = epochDayMs(header.epochDay);
    /** By second. */
    const mids: number[] = [];
    const positions: number[] = [];
    const realised: number[] = [];
    session.start(0);
    for (let second = 0; second <= 90; second++) {
      // All that lies before the second, and nothing at it.
      session.run(second * SECOND);
      session.carry();
      pair.drain();
      mids.push(seat!.markets[1]!.midTicks);
      positions.push(seat!.ledger.positionLots(1));
      realised.push(seat!.ledger.realised(0) + seat!.ledger.realised(1));
    }
    session.run(91 * SECOND);
    pair.drain();
    const mid = views.series(queryOf(`metric=mid&instrument=living:ETHUSDT&resolution=1&to=${start + 90_000}`));
    expect(seriesReport.parse(mid)).toEqual(mid);
    expect(mid).toMatchObject({ unit: 'ticks', resolutionSeconds: 1 });
    expect(mid.timesMs).toEqual(Array.from({ length: 90 }, (_, i) => start + 1000 * (i + 1)));
    expect(mid.values).toEqual(mids.slice(1));
    const position = views.series(queryOf(`metric=position&instrument=ETHUSDT&resolution=1&to=${start + 90_000}`));
    expect(position.values).toEqual(positions.slice(1));
    const coarse = views.series(queryOf(`metric=realised&resolution=7&from=${start + 20_000}&to=${start + 60_000}`));
    expect(coarse.timesMs).toEqual([21, 28, 35, 42, 49, 56].map((second) => start + second * 1000));
    expect(coarse.values).toEqual([21, 28, 35, 42, 49, 56].map((second) => realised[second]));
    expect(positions.some((lots) => lots !== 0)).toBe(true);
  });

  it('has no points beyond the session, nor of what is not there', async () => {
    const pair = await LivingReplica.open({ seed: 42 });
    expect(pair.views.series(queryOf('metric=pnl')).timesMs).toEqual([]);
    pair.session.start(0);
    pair.session.run(30 * SECOND);
    pair.drain();
    const { views } = pair;
    const whole = views.series(queryOf('metric=pnl'));
    expect(whole.timesMs.length).toBeGreaterThan(25);
    expect(views.series(queryOf('metric=pnl&from=0&to=1e15'))).toEqual(whole);
    expect(views.series(queryOf('metric=pnl&from=1e15')).timesMs).toEqual([]);
    expect(views.series(queryOf('metric=pnl&to=0')).timesMs).toEqual([]);
    expect(views.series(queryOf('metric=pnl&strategy=1')).timesMs).toEqual([]);
    expect(views.series(queryOf('metric=mid&instrument=nothing')).timesMs).toEqual([]);
    // Finer than there is.
    expect(views.series(queryOf('metric=pnl&resolution=0.001'))).toEqual(whole);
  });

  it('has nothing between a process that died and the next one', async () => {
    const pair = await LivingReplica.open({ seed: 43 });
    const { session, engine, views } = pair;
    session.start(0);
    session.run(10 * SECOND);
    engine.restart(2, 60 * SECOND);
    engine.operate(Command.ACTIVATE, -1, 0, 61.5 * SECOND);
    engine.operate(Command.ACTIVATE, -1, 0, 62.5 * SECOND);
    session.carry();
    pair.drain();
    const { values } = views.series(queryOf('metric=mid&resolution=1'));
    const known = values.flatMap((value, i) => (value === null ? [] : [i + 1]));
    expect(known).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 61, 62]);
  });
});

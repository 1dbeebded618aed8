import { createRing } from '@quotewright/core/base/ring';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { Command } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { pnlData } from '../views/pnl-data.ts';
import { SessionViews } from '../views/session-views.ts';
import { Replica } from './replica.ts';
import { fingerprintOf } from './testing/fingerprint.ts';
import { LivingReplica } from './testing/living-replica.ts';

const SECOND = 1e9;
const folder = tempFolder();

describe('a second engine behind a ring', () => {
  it('is the trading engine, at every look', async () => {
    const pair = await LivingReplica.open({
      symbols: 'BTCUSDT,ETHUSDT',
      seed: 5,
      alongside: [{ strategy: 'basic-maker', params: {} }],
    });
    const { engine, session, replica } = pair;
    session.start(0);
    for (let second = 1; second <= 40; second++) {
      session.run(second * SECOND);
      // An operator's commands are inputs too.
      if (second === 15) engine.operate(Command.TRIP, 0, 0, second * SECOND);
      if (second === 20) engine.operate(Command.RESET, 0, 0, second * SECOND);
      if (second === 25) engine.pause(second * SECOND);
      if (second === 27) engine.resume(second * SECOND);
      session.carry();
      pair.check();
      pair.drain();
      expect(fingerprintOf(replica.engine)).toEqual(fingerprintOf(engine));
    }
    expect(replica.info()).toEqual({
      inputs: engine.inputs.count,
      lag: 0,
      comparisons: 40,
      isEqual: true,
      restarts: 0,
    });
    expect(engine.seats.every(({ fills }) => fills > 0)).toBe(true);
    expect(pair.views.fills).toHaveLength(engine.seats[0]!.fills + engine.seats[1]!.fills);
  });

  it('goes on behind a state after the ring was full', async () => {
    const pair = await LivingReplica.open({ capacity: 1024, seed: 6, strategy: 'basic-maker' });
    const { engine, session, replica } = pair;
    session.start(0);
    let losses = 0;
    for (let second = 1; second <= 30; second++) {
      session.run(second * SECOND);
      session.carry();
      pair.check();
      if (second > 10 && second % 5 !== 0) continue;
      pair.drain();
      if (pair.writer.isLost) losses++;
      pair.resume();
      pair.check();
      pair.drain();
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await replica.settled();
      pair.drain();
      expect(fingerprintOf(replica.engine)).toEqual(fingerprintOf(engine));
    }
    expect(losses).toBeGreaterThan(1);
    // What was not seen is not told, and what is told goes on.
    for (let second = 31; second <= 90; second++) {
      session.run(second * SECOND);
      session.carry();
      pair.drain();
    }
    expect(fingerprintOf(replica.engine)).toEqual(fingerprintOf(engine));
    const { fills } = engine.seats[0]!;
    expect(pair.views.fills.at(-1)!.number).toBe(fills);
    expect(pair.views.fills.length).toBeLessThan(fills);
    // oxlint-disable-next-line no-unsafe-type-assertion -- what the topic tells
    const [account] = toldOf(pair, 'pnl')['strategies'] as { total: number }[];
    expect(account!.total).toBe(pnlData(engine, pair.header.cash).strategies[0]!.total);
    // oxlint-disable-next-line no-unsafe-type-assertion -- as above
    const orders = toldOf(pair, 'quotes:living:BTCUSDT')['orders'] as { aheadLots: number | null }[];
    expect(orders.some(({ aheadLots }) => aheadLots !== null)).toBe(true);
    const { isEqual, restarts, comparisons } = replica.info();
    expect({ isEqual, restarts }).toEqual({ isEqual: true, restarts: losses });
    expect(comparisons).toBeGreaterThan(10);
  });

  it('reads from the journal what the ring has lost, and nobody notices', async () => {
    const pair = await LivingReplica.open({ capacity: 1024, seed: 7, dir: folder.fresh() });
    const whole = await LivingReplica.open({ seed: 7 });
    const begun = pair.replica.engine;
    pair.session.start(0);
    whole.session.start(0);
    for (let second = 5; second <= 60; second += 5) {
      for (const each of [pair, whole]) {
        each.session.run(second * SECOND);
        each.session.carry();
        each.drain();
        each.resume();
        each.drain();
      }
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await pair.replica.settled();
      pair.check();
      pair.drain();
      expect(fingerprintOf(pair.replica.engine)).toEqual(fingerprintOf(pair.engine));
    }
    const { isEqual, restarts, comparisons } = pair.replica.info();
    expect({ isEqual, restarts, comparisons }).toEqual({ isEqual: true, restarts: 12, comparisons: 12 });
    expect(pair.replica.engine).toBe(begun);
    expect(pair.views.performance()).toEqual(whole.views.performance());
    expect(pair.views.fills).toEqual(whole.views.fills);
    for (const [i, topic] of pair.views.topics.entries()) {
      if (topic.topic.startsWith('book')) continue;
      expect(topic.snapshot()).toEqual(whole.views.topics[i]!.snapshot());
    }
  });

  it('knows what was before a restart', async () => {
    const dir = folder.fresh();
    const first = await LivingReplica.open({ seed: 8, dir, strategy: 'basic-maker' });
    first.session.start(0);
    first.session.run(60 * SECOND);
    first.session.carry();
    first.journal!.flush();
    first.drain();
    const { engine, setup } = first;
    const sequence = first.writer.sequence;
    const feed = createRing(2 ** 16, EVENT_STRIDE);
    const again = { ...setup, dir, feed, sequence, state: structuredClone(engine.save()) };
    const views = await SessionViews.open(again);
    const replica = await Replica.open(again, views);
    expect(fingerprintOf(replica.engine)).toEqual(fingerprintOf(engine));
    expect(views.fills.length).toBeGreaterThan(5);
    expect(views.fills).toEqual(first.views.fills);
    expect(views.performance()).toEqual(first.views.performance());
    const query = { metric: 'pnl', strategy: 0 } as const;
    expect(views.series(query)).toEqual(first.views.series(query));

    // Without the journal: from the state, from here on.
    const bare = { ...again, dir: folder.fresh() };
    const later = await SessionViews.open(bare);
    const restored = await Replica.open(bare, later);
    expect(fingerprintOf(restored.engine)).toEqual(fingerprintOf(engine));
    expect(later.fills).toEqual([]);
  });

  it('says so when it is not the trading engine', async () => {
    const pair = await LivingReplica.open({ seed: 9 });
    pair.session.start(0);
    pair.session.run(SECOND);
    pair.session.carry();
    expect(pair.writer.check()).toBe(true);
    const { inputs } = pair.engine;
    const sequence = pair.writer.sequence;
    pair.replica.take({ type: 'digest', sequence, inputs: inputs.digest(), outputs: '0'.repeat(32) });
    expect(pair.replica.info().comparisons).toBe(0);
    pair.drain();
    expect(pair.replica.info()).toMatchObject({ comparisons: 1, isEqual: false });
    expect(pair.replica.failure).toBe(`the second engine is not the trading engine's equal from input ${sequence} on`);
  });

  it('stands still when a state cannot be taken over', async () => {
    const pair = await LivingReplica.open({ capacity: 256, seed: 10 });
    pair.session.start(0);
    pair.session.run(3 * SECOND);
    pair.drain();
    const state = { ...structuredClone(pair.engine.save()), unsaved: ['mine'] };
    pair.replica.take({ type: 'state', state, sequence: pair.writer.sequence });
    pair.writer.resume();
    pair.drain();
    await pair.replica.settled();
    expect(pair.replica.failure).toContain('nothing was saved of mine');
    expect(pair.replica.info().isEqual).toBe(false);
  });
});

function toldOf({ views }: LivingReplica, name: string): Record<string, unknown> {
  const topic = views.topics.find((each) => each.topic === name)!;
  topic.poll();
  return { ...topic.snapshot() };
}

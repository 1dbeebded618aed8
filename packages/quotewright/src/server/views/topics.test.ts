import { Random } from '@quotewright/core/base/random';
import { Side } from '@quotewright/core/market/side';
import { L2Book } from '@quotewright/core/market/l2-book';
import { Command } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../alerts/alert.ts';
import { fingerprintOf } from '../replica/testing/fingerprint.ts';
import { LivingReplica } from '../replica/testing/living-replica.ts';
import { bookData } from './book-data.ts';
import { LevelWindow } from './level-window.ts';
import { TopicClient } from './testing/topic-client.ts';

const SECOND = 1e9;

describe('topics of a living session', () => {
  it('are told whole by a snapshot and its deltas, however seldom they are polled', async () => {
    const pair = await LivingReplica.open({ symbols: 'BTCUSDT,ETHUSDT', seed: 11, strategy: 'basic-maker' });
    const { session, engine, views, replica } = pair;
    const random = Random.stream(3, 'polls');
    session.start(0);
    session.run(SECOND);
    pair.drain();
    const clients = new Map(views.topics.map((source) => [source.topic, new TopicClient(source)]));
    let number = 0;
    for (let i = 1; i <= 400; i++) {
      session.run(SECOND + (i * SECOND) / 10);
      if (i === 100) engine.operate(Command.TRIP, 1, 0, SECOND + (i * SECOND) / 10);
      if (i === 150) engine.operate(Command.RESET, -1, 0, SECOND + (i * SECOND) / 10);
      session.carry();
      if (random.uniform() < 0.1) views.take({ type: 'alert', alert: alertOf(++number) });
      if (random.uniform() < 0.1) views.take({ type: 'acknowledged', number: random.below(number + 1) });
      pair.drain();
      for (const client of clients.values()) {
        if (random.uniform() < 0.7) continue;
        client.poll();
        expect(client.held).toEqual(client.told);
      }
    }
    for (const [topic, client] of clients) {
      client.poll();
      expect([topic, client.deltas > 1]).toEqual([topic, true]);
    }
    // Whoever looks changes nothing.
    expect(fingerprintOf(replica.engine)).toEqual(fingerprintOf(engine));
    // And what is told is what is.
    for (const [market, name] of ['living:BTCUSDT', 'living:ETHUSDT'].entries()) {
      expect(clients.get(`book:${name}`)?.held).toEqual(
        JSON.parse(JSON.stringify(bookData(replica.engine, market, 200))),
      );
    }
    expect(views.fills.length).toBeGreaterThan(3);
    expect(clients.get('fills')?.held).toEqual({ items: JSON.parse(JSON.stringify(views.fills.slice(-500))) });
  });

  it('have nothing to tell when nothing has changed', async () => {
    const pair = await LivingReplica.open({ seed: 12 });
    pair.session.start(0);
    pair.session.run(3 * SECOND);
    pair.drain();
    for (const source of pair.views.topics) {
      source.poll();
      expect([source.topic, source.poll()]).toEqual([source.topic, undefined]);
    }
  });
});

describe('the best levels of a book', () => {
  it('are told by what is different, as the levels come and go', () => {
    const random = Random.stream(1, 'window');
    const book = new L2Book();
    const window = new LevelWindow(Side.BUY, 8);
    const held = new Map<number, number>();
    let deltas = 0;
    for (let i = 0; i < 4000; i++) {
      const changes = random.below(12);
      for (let k = 0; k < changes; k++) book.set(Side.BUY, 1000 + random.below(30), random.below(4) * random.below(5));
      if (random.below(500) === 0) book.clear();
      for (const [ticks, lots] of window.look(book)) {
        deltas++;
        if (lots === 0) expect(held.delete(ticks)).toBe(true);
        else {
          expect(held.get(ticks)).not.toBe(lots);
          held.set(ticks, lots);
        }
      }
      const best = naiveBest(book, 8);
      expect([...held].toSorted(([a], [b]) => b - a)).toEqual(best);
      expect(window.told()).toEqual(best);
    }
    expect(deltas).toBeGreaterThan(1000);
  });
});

function naiveBest(book: L2Book, count: number): [number, number][] {
  const all = Array.from({ length: 40 }, (_, i): [number, number] => [1039 - i, book.sizeAt(Side.BUY, 1039 - i)]);
  return all.filter(([, lots]) => lots > 0).slice(0, count);
}

function alertOf(number: number): Alert {
  return {
    number: number % 3 === 0 ? null : number,
    time: new Date(1_767_571_200_000 + number).toISOString(),
    type: 'BOOK_STALE',
    severity: 'WARNING',
    instrument: null,
    value: number,
    limit: null,
    detail: null,
    heldBack: 0,
    text: `WARNING BOOK_STALE ${number}`,
  };
}

/** Whatever is missed, late or merged: what a client holds in the end is what the source is. */
import { expect, test } from 'vitest';
import type { SessionInfo } from '../protocol/session.ts';
import type { TopicUpdate } from '../protocol/stream.ts';
import type { EncodedUpdate } from './encoded-update.ts';
import { StreamHub, type Subscriber } from './hub.ts';
import type { StreamTopic } from './stream-topic.ts';
import { listen } from './listener.ts';
import { AssembledTopic } from './testing/assembled-topic.ts';
import { RandomBook, RandomList, type RandomSource, RandomState, below, seeded } from './testing/random-source.ts';
import { SESSION } from './testing/socket-server.ts';

/** A client that reads when it likes, and loses its connection but not what it holds. */
class Reader implements Subscriber {
  readonly held = new Map<StreamTopic, number>();
  toldSession = 0;
  nextMs = 0;
  readonly topics = new Map<string, AssembledTopic>();
  readonly updates: TopicUpdate[] = [];
  readonly sessions: boolean[] = [];
  isSlow = false;

  canTake(): boolean {
    return !this.isSlow;
  }

  take({ update }: EncodedUpdate): void {
    this.updates.push(update);
    const topic = this.topics.get(update.topic) ?? new AssembledTopic(update.topic);
    this.topics.set(update.topic, topic);
    topic.apply(update);
  }

  takeSession(_session: SessionInfo, isOver: boolean): void {
    this.sessions.push(isOver);
  }

  begin(): void {
    // Nothing to hold together.
  }

  end(): void {
    // As above.
  }

  beat(): void {
    // It lives.
  }
}

function sourcesOf(seed: number): RandomSource[] {
  const random = seeded(seed);
  return [
    new RandomBook('book:x:A', 25, random),
    new RandomList('trades:x:A', 50, random),
    new RandomList('alerts', 100, random),
    new RandomState('pnl', 100, random),
  ];
}

function hubOf(sources: readonly RandomSource[], session: () => SessionInfo = () => SESSION): StreamHub {
  return new StreamHub({ sources, newest: () => ({ timeMs: 1, wallMs: 2 }), session });
}

test.each(Array.from({ length: 40 }, (_, index) => index + 1))(
  'after any drops, slowness and resumption a client holds what the source is (seed %i)',
  (seed) => {
    const random = seeded(seed * 7919);
    const sources = sourcesOf(seed);
    const hub = hubOf(sources);
    const readers = Array.from({ length: 5 }, () => new Reader());
    const connected = new Set<Reader>();
    let nowMs = 1000;
    const connect = (reader: Reader): void => {
      hub.add(reader);
      connected.add(reader);
      for (const { topic } of sources) {
        const seq = reader.topics.get(topic)?.seq;
        const isHonest = random() < 0.9;
        hub.subscribe(reader, topic, seq === undefined ? undefined : { epoch: isHonest ? 'e1' : 'e0', seq });
      }
    };
    const disconnect = (reader: Reader): void => {
      hub.remove(reader);
      connected.delete(reader);
    };
    for (let step = 0; step < 600; step++) {
      for (const source of sources) if (random() < 0.3) source.change();
      for (const reader of readers) {
        if (random() < 0.03) reader.isSlow = !reader.isSlow;
        if (random() > 0.02) continue;
        if (connected.has(reader)) disconnect(reader);
        else connect(reader);
      }
      // Sometimes everybody is away for longer than history is kept.
      if (random() < 0.003) {
        for (const reader of connected) disconnect(reader);
        hub.tick(nowMs);
        nowMs += 31_000;
      }
      nowMs += 1 + below(random, 10);
      hub.tick(nowMs);
    }
    for (const reader of readers) {
      if (!connected.has(reader)) connect(reader);
      reader.isSlow = false;
    }
    hub.tick(nowMs + 1000);
    for (const source of sources) {
      const whole = source.snapshot();
      for (const reader of readers) expect(reader.topics.get(source.topic)?.data).toEqual(whole);
    }
    // Not by snapshots alone.
    for (const { topic } of sources) {
      const deltas = readers.reduce((sum, reader) => sum + (reader.topics.get(topic)?.deltas ?? 0), 0);
      expect(deltas).toBeGreaterThan(5);
    }
  },
);

test('a change after a quiet time goes out at the next tick, the one after it when the interval is over', () => {
  const book = new RandomBook('book:x:A', 25, seeded(1));
  const hub = hubOf([book]);
  const reader = new Reader();
  hub.add(reader);
  hub.subscribe(reader, 'book:x:A');
  const updatesAt: number[] = [];
  for (let nowMs = 1000; nowMs < 1200; nowMs += 4) {
    if (nowMs >= 1100) book.change();
    const before = reader.updates.length;
    hub.tick(nowMs);
    if (reader.updates.length > before) updatesAt.push(nowMs);
  }
  expect(updatesAt).toEqual([1000, 1100, 1128, 1156, 1184]);
});

test('many clients are served in turn, so that each has all it missed in one go', () => {
  const book = new RandomBook('book:x:A', 4, seeded(1));
  const hub = hubOf([book]);
  const readers = Array.from({ length: 100 }, () => new Reader());
  for (const [index, reader] of readers.entries()) {
    hub.add(reader);
    hub.subscribe(reader, book.topic);
    if (index % 25 === 24) hub.tick(index);
  }
  for (let nowMs = 100; nowMs < 1100; nowMs += 4) {
    book.change();
    hub.tick(nowMs);
  }
  for (const reader of readers) {
    // 12 ms each.
    expect(reader.updates.length).toBeGreaterThan(70);
    expect(reader.updates.length).toBeLessThan(100);
  }
});

test('a source that nobody listens to is not polled; its history goes 30 seconds after the last one left', () => {
  let polls = 0;
  const source = new RandomState('pnl', 10, seeded(1));
  const poll = (): object | undefined => {
    polls += 1;
    return source.poll();
  };
  const hub = new StreamHub({
    sources: [{ topic: 'pnl', shape: 'state', intervalMs: 10, poll, snapshot: () => source.snapshot() }],
    newest: () => ({ timeMs: 1, wallMs: 2 }),
    session: () => SESSION,
  });
  hub.tick(0);
  expect(polls).toBe(0);
  const reader = new Reader();
  hub.add(reader);
  hub.subscribe(reader, 'pnl');
  hub.tick(100);
  hub.remove(reader);
  hub.tick(20_000);
  expect(polls).toBe(2);
  hub.tick(30_101);
  hub.tick(40_000);
  expect(polls).toBe(2);
});

test('who comes back gets what it missed as one delta', () => {
  const trades = new RandomList('trades:x:A', 0, seeded(3));
  const hub = hubOf([trades]);
  const reader = new Reader();
  hub.add(reader);
  hub.subscribe(reader, trades.topic);
  hub.tick(0);
  const held = reader.topics.get(trades.topic)!.seq!;
  hub.remove(reader);
  for (let n = 1; n <= 5; n++) {
    trades.change();
    hub.tick(n * 1000);
  }
  hub.add(reader);
  hub.subscribe(reader, trades.topic, { epoch: 'e1', seq: held });
  hub.tick(6000);
  expect(reader.updates.map(({ type, from, seq }) => ({ type, from, seq }))).toEqual([
    { type: 'snapshot', from: undefined, seq: held },
    { type: 'delta', from: held, seq: held + 5 },
  ]);
  expect(reader.topics.get(trades.topic)?.data).toEqual(trades.snapshot());
});

test.each([
  ['of another session', { epoch: 'e0', seq: 1 }],
  ['that was never given', { epoch: 'e1', seq: 99 }],
])('a seq %s is answered by a snapshot', (_, held) => {
  const book = new RandomBook('book:x:A', 25, seeded(1));
  const hub = hubOf([book]);
  const [first, second] = [new Reader(), new Reader()];
  hub.add(first);
  hub.subscribe(first, book.topic);
  hub.tick(0);
  hub.add(second);
  hub.subscribe(second, book.topic, held);
  hub.tick(4);
  expect(second.updates.map(({ type, seq }) => ({ type, seq }))).toEqual([{ type: 'snapshot', seq: 1 }]);
});

test('clients at the same place share the bytes of an update', () => {
  const book = new RandomBook('book:x:A', 0, seeded(1));
  const hub = hubOf([book]);
  const seen: EncodedUpdate[][] = [];
  for (let n = 0; n < 3; n++) {
    const reader = new Reader();
    const mine: EncodedUpdate[] = [];
    seen.push(mine);
    reader.take = (update) => mine.push(update);
    hub.add(reader);
    hub.subscribe(reader, book.topic);
  }
  for (let nowMs = 0; nowMs < 5; nowMs++) {
    book.change();
    hub.tick(nowMs);
  }
  const [first] = seen;
  expect(first!.length).toBeGreaterThan(2);
  for (const [index, update] of first!.entries()) {
    for (const other of seen) expect(other[index]).toBe(update);
    expect(update.bytes('json')).toBe(update.bytes('json'));
  }
});

test('clients that take nothing for long get snapshots, and hold what the source is', () => {
  const sources = sourcesOf(5);
  const hub = hubOf(sources);
  const readers = Array.from({ length: 50 }, () => new Reader());
  for (const reader of readers) {
    reader.isSlow = true;
    hub.add(reader);
    for (const { topic } of sources) hub.subscribe(reader, topic);
  }
  for (let nowMs = 0; nowMs < 100_000; nowMs += 100) {
    for (const source of sources) source.change();
    hub.tick(nowMs);
  }
  for (const reader of readers) reader.isSlow = false;
  hub.tick(200_000);
  for (const reader of readers) {
    expect(reader.updates.map(({ type }) => type)).toEqual(sources.map(() => 'snapshot'));
    for (const source of sources) expect(reader.topics.get(source.topic)?.data).toEqual(source.snapshot());
  }
});

test('a change of the session is told, and its end', () => {
  let session = SESSION;
  const hub = hubOf([], () => session);
  const reader = new Reader();
  hub.add(reader);
  hub.tick(0);
  expect(reader.sessions).toEqual([]);
  session = { ...SESSION, speed: 10 };
  hub.tick(300);
  hub.tick(600);
  expect(reader.sessions).toEqual([false]);
  hub.finish();
  expect(reader.sessions).toEqual([false, true]);
});

test('a listener inside the process gets what clients get, merged while it cannot take it, and nothing once it has left', () => {
  const book = new RandomBook('book:x:A', 0, seeded(1));
  const hub = hubOf([book]);
  const topic = new AssembledTopic(book.topic);
  let isOpen = true;
  const leave = listen(
    hub,
    hub.topicNames,
    ({ update }) => topic.apply(update),
    () => isOpen,
  );
  hub.tick(0);
  isOpen = false;
  for (let nowMs = 1; nowMs < 20; nowMs++) {
    book.change();
    hub.tick(nowMs);
  }
  expect(topic).toMatchObject({ snapshots: 1, deltas: 0 });
  isOpen = true;
  hub.tick(20);
  expect(topic).toMatchObject({ snapshots: 1, deltas: 1 });
  expect(topic.data).toEqual(book.snapshot());
  leave();
  book.change();
  hub.tick(21);
  expect(topic.deltas).toBe(1);
  expect(() =>
    listen(
      hub,
      ['none'],
      () => undefined,
      () => true,
    ),
  ).toThrow("there is no topic 'none'");
});

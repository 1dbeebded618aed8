/** The stream of a running session: what clients assemble from it is what the session is, in both formats, after drops, to the end. */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { INSTRUMENT_TOPICS, SESSION_TOPICS } from '../packages/quotewright/src/server/protocol/stream.ts';
import { bookInfo } from '../packages/quotewright/src/server/protocol/trading.ts';
import { StreamClient } from '../packages/quotewright/src/server/stream/testing/stream-client.ts';
import { type LivingSession, startLiving } from './support/living-session.ts';

const folder = tempFolder();

let session: LivingSession;
let stream: string;

beforeAll(async () => {
  session = await startLiving(folder.path, '--symbols', 'BTC-USD,ETH-USD', '--speed', '0.2x');
  stream = `${session.url.replace('http', 'ws')}/api/v1/stream`;
});

afterAll(async () => session.stop());

function topicsOf({ session: info }: StreamClient): string[] {
  return [
    ...info!.instruments.flatMap(({ name }) => INSTRUMENT_TOPICS.map((kind) => `${kind}:${name}`)),
    ...SESSION_TOPICS,
  ];
}

test('every topic gives a snapshot, then deltas; both formats hold the same at the same seq', async () => {
  const clients = [new StreamClient({ url: stream }), new StreamClient({ url: stream, format: 'msgpack' })];
  const states = clients.map(() => new Map<string, unknown>());
  let compared = 0;
  for (const [index, client] of clients.entries()) {
    client.onUpdate = ({ topic, seq }) => {
      const key = `${topic} ${seq}`;
      const mine = structuredClone(client.topic(topic).data);
      const other = states[1 - index]!.get(key);
      states[index]!.set(key, mine);
      if (other === undefined) return;
      expect(mine, key).toEqual(other);
      compared += 1;
    };
    await client.connect();
    client.subscribe(...topicsOf(client));
  }
  const topics = topicsOf(clients[0]!);
  expect(topics).toHaveLength(14);
  const busy = topics.filter((topic) => /^(book|trades|heatmap):|^(pnl|system)$/u.test(topic));
  for (const client of clients) {
    await client.until(() => topics.every((topic) => client.topic(topic).snapshots === 1));
    await client.until(() => busy.every((topic) => client.topic(topic).deltas >= 3));
    expect(client.errors).toEqual([]);
  }
  await clients[0]!.until(() => compared > 100);
  for (const client of clients) await client.close();
});

test('a book that was made of deltas is the one of /books', async () => {
  const client = await new StreamClient({ url: stream }).connect();
  const { name, symbol, tick, lot } = client.session!.instruments[0]!;
  const topic = client.topic(`book:${name}`);
  client.subscribe(topic.topic);
  await client.until(() => topic.deltas > 5);
  const equal = new Set<number>();
  while (equal.size < 5) {
    const answer = await fetch(`${session.url}/api/v1/books/${symbol}?depth=200`);
    const { bids, asks } = bookInfo.parse(await answer.json());
    const inUnits = ([price, size]: readonly [string, string]): [number, number] => [
      Math.round(Number(price) / Number(tick)),
      Math.round(Number(size) / Number(lot)),
    ];
    const told = { bids: bids.map(inUnits), asks: asks.map(inUnits) };
    // The market goes on meanwhile: the stream comes to where REST was, or is past it and the next answer is tried.
    const { seq = 0 } = topic;
    const isEqual = () =>
      isDeepStrictEqual(
        { ...Object(topic.data), isReady: undefined, lastTicks: undefined },
        { ...told, isReady: undefined, lastTicks: undefined },
      );
    await client.until(() => isEqual() || topic.seq! > seq);
    if (isEqual()) equal.add(topic.seq!);
  }
  expect(topic.snapshots).toBe(1);
  await client.close();
});

test('a client whose line breaks goes on by deltas, and then holds what a new client is told', async () => {
  const client = await new StreamClient({ url: stream }).connect();
  const names = client.session!.instruments.map(({ name }) => name);
  const topics = [...names.flatMap((name) => [`book:${name}`, `trades:${name}`]), 'pnl'];
  client.subscribe(...topics);
  const other = await new StreamClient({ url: stream }).connect();
  other.subscribe(...topics);
  await other.until(() => topics.every((topic) => other.topic(topic).snapshots === 1));
  for (let drops = 1; drops <= 3; drops++) {
    await client.until(() => topics.every((topic) => client.topic(topic).snapshots === 1));
    client.drop();
    const held = new Map(topics.map((topic) => [topic, client.topic(topic).seq!]));
    await other.until(() => topics.every((topic) => other.topic(topic).seq! >= held.get(topic)! + 3));
    await client.connect();
    const before = client.updates.length;
    client.subscribe(...topics);
    await client.until(() => topics.every((topic) => client.topic(topic).seq! >= held.get(topic)! + 3));
    const first = new Map(
      client.updates
        .slice(before)
        .toReversed()
        .map((update) => [update.topic, update]),
    );
    for (const topic of topics) expect(first.get(topic)).toMatchObject({ type: 'delta', from: held.get(topic) });
  }
  const fresh = await new StreamClient({ url: stream }).connect();
  for (const topic of topics) {
    const [mine, its] = [client.topic(topic), fresh.topic(topic)];
    const atSeq = new Map<number, unknown>();
    client.onUpdate = (update) => {
      if (update.topic === topic) atSeq.set(update.seq, structuredClone(mine.data));
    };
    atSeq.set(mine.seq!, structuredClone(mine.data));
    fresh.subscribe(topic);
    await fresh.until(() => its.snapshots === 1);
    const [seq, data] = [its.seq!, structuredClone(its.data)];
    await client.until(() => atSeq.has(seq));
    expect(atSeq.get(seq)).toEqual(data);
  }
  for (const each of [client, other, fresh]) await each.close();
});

test('what happens to a strategy is told, and the end of the session', async () => {
  const client = await new StreamClient({ url: stream, format: 'msgpack' }).connect();
  const token = readFileSync(session.tokenFile, 'utf8').trim();
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${session.url}/api/v1/strategies/0/pause`, { method: 'POST', headers });
  expect(answer.status).toBe(200);
  await client.until(() => client.session?.strategies[0]?.state === 'paused');
  expect(client.isOver).toBe(false);
  const ended = session.stop();
  await client.until(() => client.isOver);
  await client.until(() => client.closed !== undefined);
  expect(client.closed?.code).toBe(1001);
  expect(await ended).toEqual({ status: 130, stderr: '' });
});

/** Clients that do not read: what they cost is bounded, others do not notice, and they are closed in the end. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { ClientTable } from './client-table.ts';
import { EncodedUpdate } from './encoded-update.ts';
import { type Socket, SocketClient } from './socket-client.ts';
import { RandomBook, RandomList, seeded } from './testing/random-source.ts';
import { startSocketServer } from './testing/socket-server.ts';
import { StreamClient } from './testing/stream-client.ts';

/** A socket that takes everything and delivers nothing until told. */
class StuckSocket implements Socket {
  bufferedAmount = 0;
  pings = 0;
  closed: number | undefined;
  isTerminated = false;

  send(bytes: Buffer): void {
    this.bufferedAmount += bytes.length;
  }

  ping(): void {
    this.pings += 1;
  }

  close(code: number): void {
    this.closed = code;
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

const TCP = { cork: () => undefined, uncork: () => undefined };

function updateOf(bytes: number): EncodedUpdate {
  return new EncodedUpdate({
    op: 'update',
    topic: 'pnl',
    type: 'snapshot',
    seq: 1,
    timeMs: 0,
    wallMs: 0,
    data: 'x'.repeat(bytes),
  });
}

test('a client is given no more than a bound while it reads nothing, and more once it has answered', () => {
  const socket = new StuckSocket();
  const table = new ClientTable();
  const client = new SocketClient(socket, TCP, 'json', table, 0);
  let given = 0;
  for (let n = 0; n < 1000 && client.canTake(); n++) {
    client.begin();
    client.take(updateOf(1000));
    client.end(n);
    given += 1;
  }
  expect(given).toBeGreaterThan(200);
  expect(socket.bufferedAmount).toBeLessThan(270_000);
  expect(socket.pings).toBe(1);
  // The kernels have taken it, but nobody has read it.
  socket.bufferedAmount = 0;
  expect(client.canTake()).toBe(false);
  client.answered();
  expect(client.canTake()).toBe(true);
  expect(table.counts).toMatchObject({ sentMessages: given });
});

test('who does not answer a ping for 30 seconds is closed with 4408', () => {
  const socket = new StuckSocket();
  const client = new SocketClient(socket, TCP, 'json', new ClientTable(), 0);
  for (let nowMs = 0; nowMs <= 40_000; nowMs += 250) client.beat(nowMs);
  expect(socket).toMatchObject({ pings: 1, closed: undefined });
  client.answered();
  for (let nowMs = 40_250; nowMs <= 70_250; nowMs += 250) client.beat(nowMs);
  expect(socket).toMatchObject({ pings: 2, closed: undefined });
  client.beat(70_500);
  expect(socket.closed).toBe(4408);
  expect(client.canTake()).toBe(false);
});

test('who asks and never reads the answers is closed', () => {
  const socket = new StuckSocket();
  const client = new SocketClient(socket, TCP, 'json', new ClientTable(), 0);
  for (let n = 0; n < 20_000; n++) client.send({ op: 'pong', wallMs: 0 });
  expect(socket.closed).toBe(4408);
  expect(socket.bufferedAmount).toBeLessThan(270_000);
});

test('twenty clients that never read: what is held for them stops growing, and another one goes on', async () => {
  const random = seeded(4);
  const sources = [new RandomBook('book:x:A', 1, random), new RandomList('trades:x:A', 1, random)];
  await using server = await startSocketServer(sources);
  const { hub } = server;
  const stuck = await Promise.all(Array.from({ length: 20 }, async () => new StreamClient(server).connect()));
  const reader = await new StreamClient(server).connect();
  for (const client of [...stuck, reader]) {
    client.subscribe(...hub.topicNames);
    client.send({ op: 'ping' });
    await client.until(() => client.pongs.length === 1);
  }
  for (const client of stuck) client.socket.pause();
  let nowMs = 0;
  const change = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n++) {
      for (const source of sources) source.change();
      hub.tick((nowMs += 2));
      // The sockets' turn.
      await nextTurn();
    }
  };
  await change(3000);
  expect(hub.clients.counts).toMatchObject({ connected: 21, slow: 20 });
  const before = { ...hub.clients.counts, own: reader.updates.length };
  await change(1000);
  // Only the one that reads has been sent anything since.
  const since = hub.clients.counts;
  expect(since.sentMessages - before.sentMessages).toBeLessThanOrEqual(reader.updates.length - before.own + 10);
  expect(reader.updates.length - before.own).toBeGreaterThan(500);
  for (const client of stuck) client.socket.resume();
  const timer = setInterval(() => hub.tick((nowMs += 2)), 1);
  for (const client of [...stuck, reader]) {
    for (const source of sources) {
      await client.until(() => isDeepStrictEqual(client.topic(source.topic).data, source.snapshot()));
    }
  }
  clearInterval(timer);
  for (const client of [...stuck, reader]) await client.close();
});

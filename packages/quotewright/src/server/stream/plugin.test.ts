/** The stream on real sockets: what it says, what it refuses, and what becomes of those that do not read. */
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { RandomBook, RandomList, RandomState, seeded } from './testing/random-source.ts';
import { SESSION, startSocketServer } from './testing/socket-server.ts';
import { StreamClient } from './testing/stream-client.ts';

function randomSources() {
  const random = seeded(11);
  return [
    new RandomBook('book:x:A', 5, random),
    new RandomList('trades:x:A', 5, random),
    new RandomList('alerts', 5, random),
    new RandomState('pnl', 5, random),
  ];
}

test('both formats: hello, snapshots, deltas, and the data are the same', async () => {
  const sources = randomSources();
  await using server = await startSocketServer(sources);
  const { url, hub } = server;
  const clients = [new StreamClient({ url }), new StreamClient({ url, format: 'msgpack' })];
  for (const client of clients) {
    await client.connect();
    expect(client.session).toEqual(SESSION);
    client.subscribe(...hub.topicNames);
    client.send({ op: 'ping', id: 7 });
    await client.until(() => client.pongs.length === 1);
    expect(client.pongs[0]).toEqual({ op: 'pong', id: 7, wallMs: expect.any(Number) });
  }
  for (let nowMs = 0; nowMs < 500; nowMs += 5) {
    for (const source of sources) source.change();
    hub.tick(nowMs);
  }
  // What counts as unread is let through when the pings come back.
  const timer = setInterval(() => hub.tick(600), 1);
  for (const client of clients) {
    for (const source of sources) {
      await client.until(() => isDeepStrictEqual(client.topic(source.topic).data, source.snapshot()));
    }
    expect(client.updates[0]).toMatchObject({ type: 'snapshot', seq: 1, timeMs: 1.5, wallMs: 2.5 });
  }
  clearInterval(timer);
  expect(hub.clients.counts).toMatchObject({ connected: 2, slow: 0 });
  expect(hub.clients.counts.sentMessages).toBeGreaterThan(8);
  for (const client of clients) await client.close();
});

test('a client whose line breaks goes on where it was', async () => {
  const sources = randomSources();
  await using server = await startSocketServer(sources, { tickMs: 2 });
  const { url, hub } = server;
  const client = await new StreamClient({ url }).connect();
  client.subscribe(...hub.topicNames);
  const book = sources[0]!;
  await client.until(() => client.topics.size === 4);
  for (let n = 1; n <= 5; n++) {
    client.drop();
    book.change();
    book.change();
    await client.connect();
    client.subscribe(...hub.topicNames);
    await client.until(() => client.topic(book.topic).deltas >= n);
  }
  expect(client.topic(book.topic).snapshots).toBe(1);
  expect(client.topic('pnl').snapshots).toBe(1);
  expect(client.topic(book.topic).data).toEqual(book.snapshot());
  await client.close();
});

test.each([
  ['not JSON', '{"op":', 'bad-request', 'the message is not JSON'],
  ['no object', '7', 'bad-request', /^the message: /u],
  ['an unknown op', '{"op":"sing"}', 'bad-request', /^op: /u],
  ['an unknown field', '{"op":"ping","x":1}', 'bad-request', /x/u],
  ['no topics', '{"op":"subscribe","topics":[]}', 'bad-request', /^topics: /u],
  ['too many topics', JSON.stringify({ op: 'subscribe', topics: Array(201).fill('pnl') }), 'bad-request', /^topics: /u],
  ['a wrong seq', '{"op":"subscribe","topics":[{"topic":"pnl","epoch":"e","seq":-1}]}', 'bad-request', /^topics\.0/u],
  [
    'an unknown topic',
    '{"op":"subscribe","topics":["book:x:Ж"]}',
    'not-found',
    /no topic 'book:x:Ж'; there are book:V.*system$/u,
  ],
  ['a name of the language', '{"op":"subscribe","topics":["__proto__"]}', 'not-found', /^no topic '__proto__'/u],
  ['nothing to leave', '{"op":"unsubscribe","topics":["nothing"]}', 'not-found', /^no topic 'nothing'/u],
])('%s is answered by an error, and the client stays', async (_, text, code, detail) => {
  await using server = await startSocketServer(randomSources());
  const client = await new StreamClient(server).connect();
  client.socket.send(text);
  await client.until(() => client.errors.length === 1);
  const [error] = client.errors;
  expect(error).toMatchObject({ code, detail: expect.stringMatching(detail) });
  client.send({ op: 'ping' });
  await client.until(() => client.pongs.length === 1);
  await client.close();
});

test.each([
  ['a binary frame where text is expected', 'json', Buffer.from([1, 2]), 1003],
  ['text where MessagePack is expected', 'msgpack', '{"op":"ping"}', 1003],
  ['a huge frame', 'json', 'x'.repeat(70_000), 1009],
] as const)('%s closes', async (_, format, frame, code) => {
  await using server = await startSocketServer(randomSources());
  const client = await new StreamClient({ ...server, format }).connect();
  client.socket.send(frame);
  await client.until(() => client.closed !== undefined);
  expect(client.closed?.code).toBe(code);
});

test('MessagePack that is none, or is too deep, is answered by an error', async () => {
  await using server = await startSocketServer(randomSources());
  const client = await new StreamClient({ ...server, format: 'msgpack' }).connect();
  for (const frame of [Buffer.alloc(60_000, 0x91), Buffer.from([0xc1]), Buffer.from([0x85, 1])]) {
    client.socket.send(frame);
    const before = client.errors.length;
    await client.until(() => client.errors.length > before);
    expect(client.errors.at(-1)?.code).toBe('bad-request');
  }
  await client.close();
});

test('a flood is told once that it is one, then closed', async () => {
  await using server = await startSocketServer(randomSources());
  const client = await new StreamClient(server).connect();
  for (let n = 0; n < 200; n++) client.send({ op: 'ping' });
  await client.until(() => client.errors.length === 1);
  expect(client.errors[0]).toMatchObject({ code: 'too-many-requests' });
  for (let n = 0; n < 2000; n++) client.send({ op: 'ping' });
  await client.until(() => client.closed !== undefined);
  expect(client.closed?.code).toBe(4429);
});

test('thousands of subscriptions to the same topics are as many as there are topics', async () => {
  const sources = randomSources();
  await using server = await startSocketServer(sources);
  const client = await new StreamClient(server).connect();
  const topics = Array.from({ length: 200 }, (_, index) => sources[index % 4]!.topic);
  for (let n = 0; n < 20; n++) client.send({ op: 'subscribe', topics });
  client.send({ op: 'ping' });
  await client.until(() => client.pongs.length === 1);
  server.hub.tick(0);
  client.send({ op: 'ping' });
  await client.until(() => client.pongs.length === 2);
  expect(client.updates).toHaveLength(4);
  client.send({ op: 'unsubscribe', topics });
  client.send({ op: 'ping' });
  await client.until(() => client.pongs.length === 3);
  for (const source of sources) source.change();
  server.hub.tick(1000);
  client.send({ op: 'ping' });
  await client.until(() => client.pongs.length === 4);
  expect(client.updates).toHaveLength(4);
  await client.close();
});

test('where a token is needed nothing is told before it', async () => {
  const access = {
    needsToken: true,
    authorise: (token: string) => (token === 'right' ? ('read' as const) : undefined),
  };
  await using server = await startSocketServer(randomSources(), { access });
  const stranger = new StreamClient({ ...server, token: 'wrong' });
  await stranger.connect();
  expect(stranger.session).toBeUndefined();
  expect(stranger.errors).toMatchObject([{ code: 'wrong-token' }]);
  stranger.send({ op: 'subscribe', topics: ['pnl'] });
  await stranger.until(() => stranger.errors.length === 2);
  expect(stranger.errors[1]).toMatchObject({ code: 'no-token' });
  server.hub.tick(0);
  for (let n = 0; n < 2; n++) stranger.send({ op: 'auth', token: 'wrong' });
  await stranger.until(() => stranger.closed !== undefined);
  expect(stranger.closed?.code).toBe(4401);
  expect(stranger.updates).toEqual([]);

  const friend = await new StreamClient({ ...server, token: 'right' }).connect();
  expect(friend.session).toEqual(SESSION);
  await friend.close();
});

test('an unknown format is refused before there is a socket', async () => {
  await using server = await startSocketServer(randomSources());
  const socket = new WebSocket(`${server.url}?format=xml`);
  const [, response] = await once(socket, 'unexpected-response');
  expect(response.statusCode).toBe(400);
  socket.on('error', () => undefined);
  socket.terminate();
});

test('an upgrade asked of another path is closed', async () => {
  await using server = await startSocketServer(randomSources());
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/elsewhere`);
  const [code] = await once(socket, 'close');
  expect(code).toBe(1005);
  expect(server.hub.clients.counts.connected).toBe(0);
});

test('one address keeps nobody else out: so many clients of it, and again when some have gone', async () => {
  await using server = await startSocketServer(randomSources());
  const sockets = Array.from({ length: 250 }, () => new WebSocket(server.url));
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  const refused = new WebSocket(server.url);
  refused.on('error', () => undefined);
  const [, response] = await once(refused, 'unexpected-response');
  expect(response.statusCode).toBe(429);
  refused.terminate();
  const elsewhere = new WebSocket(server.url, { localAddress: '127.0.0.2' });
  await once(elsewhere, 'open');
  sockets[0]!.close();
  await once(sockets[0]!, 'close');
  const next = new WebSocket(server.url);
  await once(next, 'open');
  for (const socket of [...sockets, elsewhere, next]) socket.terminate();
});

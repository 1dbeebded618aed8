/** Servers that are slow, broken or hostile: each ends in one clear error or event and another try, within bounds of time and memory. */
import { hash } from 'node:crypto';
import { type Server, type Socket, createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Credentials } from '../contract/credentials.ts';
import type { VenueError } from '../contract/venue-error.ts';
import { venueSettings } from '../venue-settings.ts';
import { LiveClock } from './live-clock.ts';
import { OrderLine } from './order-line.ts';
import { SocketLine } from './socket-line.ts';
import { ScriptedServer, until } from './testing/scripted-server.ts';
import { scriptedVenue, settingsFor } from './testing/scripted-venue.ts';
import { VenueAccess } from './venue-access.ts';
import type { Told } from './venue-event.ts';

const MEGABYTE = 1024 * 1024;
const UPGRADED =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ';
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** A server of bytes: what it does with each connection is the test's affair. */
async function bytesServer(serve: (socket: Socket, number: number) => void): Promise<number> {
  const sockets = new Set<Socket>();
  let count = 0;
  // It does not end what the other end has ended.
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    serve(socket, ++count);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  // oxlint-disable-next-line no-unsafe-type-assertion -- it listens on a port
  return (server.address() as { port: number }).port;
}

function accessTo(addresses: Readonly<Record<string, string>>, answerMs: number): VenueAccess {
  const access = VenueAccess.open({
    venue: scriptedVenue(),
    settings: venueSettings.parse({ addresses }),
    clock: new LiveClock(20_000),
    answerMs,
    budgetMs: 50,
  });
  open.push(access);
  return access;
}

async function errorOf(access: VenueAccess): Promise<VenueError | string> {
  return access.rest.call({ method: 'POST', path: '/order?secret=1', body: '{}', cost: {} }).then(
    ({ status, text }) => `${status} ${text}`,
    (error: VenueError) => error,
  );
}

const rest = async (serve: (socket: Socket) => void, answerMs = 10_000, scheme = 'http') =>
  accessTo({ rest: `${scheme}://127.0.0.1:${await bytesServer(serve)}` }, answerMs);

it('gives up a page that never comes, or comes byte by byte', async () => {
  const late = {
    code: 'TIMEOUT',
    mayHaveArrived: true,
    message: expect.stringContaining('POST /order: no answer within'),
  };
  expect(await errorOf(await rest(() => {}, 150))).toMatchObject(late);
  const trickle = await rest((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
    const drip = setInterval(() => socket.write('x'), 10);
    socket.on('close', () => clearInterval(drip));
  }, 150);
  expect(await errorOf(trickle)).toMatchObject(late);
});

it('gives up TLS that is never answered: nothing was sent', async () => {
  const error = await errorOf(await rest(() => {}, 3000, 'https'));
  expect(error).toMatchObject({ code: 'NETWORK', venueCode: 'UND_ERR_CONNECT_TIMEOUT', mayHaveArrived: false });
});

it('does not take in a page that is too long', async () => {
  const before = process.memoryUsage().rss;
  const part = Buffer.alloc(MEGABYTE, 32);
  let sent = 0;
  const access = await rest((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${1000 * MEGABYTE}\r\n\r\n`);
    const pour = (): void => {
      while (!socket.destroyed && sent < 1000) {
        sent++;
        if (!socket.write(part)) return void socket.once('drain', pour);
      }
    };
    pour();
  });
  expect(await errorOf(access)).toMatchObject({ code: 'NETWORK', venueCode: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
  expect(sent).toBeLessThan(200);
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * MEGABYTE);
});

it('follows nobody, and makes one line of a page for people', async () => {
  const answers = [
    'HTTP/1.1 301 Moved\r\nlocation: https://elsewhere.test/login?x=1\r\ncontent-length: 0\r\n\r\n',
    'HTTP/1.1 503 No\r\ncontent-type: text/html; charset=UTF-8\r\ncontent-length: 64\r\n\r\n' +
      '<!DOCTYPE html>\n<html><title>Bad\n gateway</title>\n<body>xx</body>\n'.padEnd(64),
    'HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n  <html>\n<p>x</html>\n',
  ];
  const access = await rest((socket) => socket.on('data', () => socket.write(answers.shift() ?? '')));
  const error = await errorOf(access);
  expect(error).toMatchObject({ code: 'UNREADABLE', mayHaveArrived: false });
  expect(String(error)).toMatch(/POST \/order: the answer is 301, another address to https:\/\/elsewhere\.test: see/u);
  expect(await errorOf(access)).toBe('503 a web page: Bad gateway');
  expect(await errorOf(access)).toBe('200 a web page');
});

interface Line {
  readonly line: SocketLine;
  readonly access: VenueAccess;
  readonly told: Told[];
  readonly what: string[];
}

function lineTo(port: number, handshakeMs = 10_000): Line {
  const access = accessTo({ feed: `ws://127.0.0.1:${port}` }, 1000);
  const [told, what]: [Told[], string[]] = [[], []];
  const line = new SocketLine({
    name: 'feed',
    access,
    random: () => 0.5,
    isTapped: false,
    handshakeMs,
    tell: (_, each) => told.push(each),
    user: {
      prepare: () => access.addresses.feed,
      opened: () => what.push('opened'),
      message: (bytes) => what.push(`${bytes.length} bytes`),
      closed: () => what.push('closed'),
    },
  });
  open.push(line);
  line.start();
  return { line, access, told, what };
}

const types = ({ told }: Line): string[] => told.map(({ type }) => type);

/** Answers the handshake, and then serves. */
function upgraded(serve: (socket: Socket, number: number) => void) {
  return (socket: Socket, number: number): void => {
    socket.once('data', (data: Buffer) => {
      const [, key] = /Sec-WebSocket-Key: (.*)\r\n/iu.exec(data.toString('latin1'))!;
      socket.write(`${UPGRADED}${hash('sha1', `${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`, 'base64')}\r\n\r\n`);
      serve(socket, number);
    });
  };
}

it('gives up a handshake that comes byte by byte', async () => {
  const port = await bytesServer((socket) => {
    const drip = setInterval(() => socket.write('H'), 10);
    socket.on('close', () => clearInterval(drip));
  });
  const slow = lineTo(
    await bytesServer((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nx: ');
      const drip = setInterval(() => socket.write('y'), 10);
      socket.on('close', () => clearInterval(drip));
    }),
    150,
  );
  const broken = lineTo(port, 5000);
  await until(() => slow.told.length > 1 && broken.told.length > 1, 'two tries of each');
  expect(new Set([...types(slow), ...types(broken)])).toEqual(new Set(['unreachable']));
  expect(slow.told[0]?.text).toMatch(/^no connection within 150 ms; try 2 in/u);
});

it('ends at once with a frame that is too long, and with a venue that closes and does not go', async () => {
  const huge = Buffer.alloc(10);
  huge[0] = 0x82;
  huge[1] = 127;
  huge.writeBigUInt64BE(2n ** 30n, 2);
  const closing = Buffer.from([0x88, 2, 1000 >> 8, 1000 & 0xff]);
  const port = await bytesServer(upgraded((socket, number) => socket.write(number === 1 ? huge : closing)));
  const heard = lineTo(port);
  await until(() => {
    // At a time at which nobody is silent yet.
    heard.line.poll(0);
    return heard.line.connections > 2;
  }, 'a third connection');
  expect(types(heard).filter((type) => type === 'disconnected').length).toBeGreaterThan(1);
  expect(heard.told[1]?.text).toMatch(/^disconnected \(Max payload size exceeded/u);
  expect(heard.told[3]?.text).toMatch(/^disconnected \(the venue does not end what it closes\)/u);
  expect(heard.what.slice(0, 4)).toEqual(['opened', 'closed', 'opened', 'closed']);
});

it('gives up a venue that does not read what we send', async () => {
  const port = await bytesServer(upgraded((socket) => socket.pause()));
  const heard = lineTo(port);
  await until(() => heard.line.isOpen, 'open');
  const frame = Buffer.alloc(MEGABYTE, 32);
  // What the system takes is no backlog of ours.
  for (let i = 0; i < 40; i++) heard.line.send(frame);
  heard.line.poll(0);
  expect(types(heard)).toEqual(['connected', 'zombie', 'disconnected']);
  expect(heard.told[1]?.text).toMatch(/bytes of ours are not read$/u);
});

it('sends nothing at all when a handshake is answered by 418 or 429', async () => {
  for (const [status, least] of [
    ['418 Teapot', 119_000],
    ['429 Slow\r\nRetry-After: 7', 6000],
  ] as const) {
    const heard = lineTo(
      await bytesServer((socket) =>
        socket.on('data', () => socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`)),
      ),
    );
    await until(() => heard.told.length > 0, 'a word of it');
    expect(types(heard)).toEqual(['unreachable']);
    expect(Number(/try 2 in (\d+) ms/u.exec(heard.told[0]!.text)![1])).toBeGreaterThan(least);
    expect(await errorOf(heard.access)).toMatchObject({ code: 'RATE_LIMITED', mayHaveArrived: false });
    heard.line.close();
  }
});

it('asks again of a venue that only pings and lets nobody in', async () => {
  const server = await ScriptedServer.start({
    connected: (socket) => socket.ping(),
    http: (_, response) => response.end('token'),
  });
  open.push(server);
  const access = VenueAccess.open({
    venue: scriptedVenue(),
    settings: settingsFor(server, { silenceMs: 600_000 }),
    clock: new LiveClock(20_000),
  });
  const told: Told[] = [];
  const line = new OrderLine({
    access,
    instruments: [],
    indices: [],
    markets: 0,
    credentials: new Credentials(new Map()),
    tag: 'test00',
    random: () => 0.5,
    tell: (_, each) => told.push(each),
    reports: () => {},
    ready: () => {},
  });
  open.push(access, line);
  line.start();
  await until(() => line.connections === 1, 'a connection');
  const nowNs = access.clock.nowNs();
  line.poll(nowNs);
  line.poll(nowNs + 14e9);
  expect(told.map(({ type }) => type)).toEqual(['connected']);
  line.poll(nowNs + 31e9);
  expect(told.at(-1)).toMatchObject({
    type: 'disconnected',
    text: expect.stringMatching(/no requests are taken for 30 s/u),
  });
});

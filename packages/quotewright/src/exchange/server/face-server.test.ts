/** Faults of the server, over a face that does next to nothing. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Face, FaceSocket, FaultName } from '../contract.ts';
import { FaultDesk } from '../core/faults.ts';
import { FaceServer, textOf } from './face-server.ts';

/** By the fault: its status. */
const REFUSALS = { 'error-5xx': 503, 'rate-limit': 429, maintenance: 520 } as const;

class EchoFace implements Face {
  readonly sockets: FaceSocket[] = [];
  http({ method, path, query, body }: Parameters<Face['http']>[0]): ReturnType<Face['http']> {
    if (path === '/fails') throw new Error('a bug');
    return { status: 200, body: `${method} ${path} ${query.get('a') ?? ''} ${body}`, isAck: path === '/order' };
  }

  connect(socket: FaceSocket, { path }: Parameters<Face['connect']>[1]): ReturnType<Face['connect']> {
    if (path !== '/ws') return undefined;
    this.sockets.push(socket);
    return {
      message: (text) => {
        if (text === 'fail') throw new Error('a bug');
        socket.send(`echo ${text}`, 'other');
      },
      closed: () => void this.sockets.splice(this.sockets.indexOf(socket), 1),
    };
  }

  refusal(fault: keyof typeof REFUSALS): ReturnType<Face['http']> {
    return { status: REFUSALS[fault], body: fault };
  }

  close(): void {
    this.sockets.length = 0;
  }
}

let nowMs = 0;
const open: FaceServer[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function serve() {
  nowMs = 0;
  const face = new EchoFace();
  const faults = new FaultDesk('echo', 1, () => nowMs);
  const complaints: string[] = [];
  const server = new FaceServer({ face, faults, complain: (error) => complaints.push(String(error)) });
  open.push(server);
  const port = await server.listen(0);
  return { face, faults, complaints, port, server, url: `http://127.0.0.1:${port}` };
}

async function connected(port: number) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  const frames: string[] = [];
  socket.on('message', (data) => frames.push(textOf(data)));
  await once(socket, 'open');
  return { socket, frames };
}

test('requests are read as they came, and a failing face is told of and answers as its venue would', async () => {
  const { url, complaints, port } = await serve();
  const answer = await fetch(`${url}/x/y?a=b%20c&d=1`, { method: 'POST', body: 'body' });
  expect(await answer.text()).toBe('POST /x/y b c body');
  expect((await fetch(`${url}/fails`)).status).toBe(REFUSALS['error-5xx']);
  expect((await fetch(`${url}/`, { method: 'POST', body: 'x'.repeat(2 ** 20 + 1) })).status).toBe(413);
  const { socket, frames } = await connected(port);
  socket.send('fail');
  socket.send('hello');
  await once(socket, 'message');
  expect(frames).toEqual(['echo hello']);
  expect(complaints).toEqual(['Error: a bug', 'Error: a bug']);
});

test.each(['error-5xx', 'rate-limit', 'maintenance'] as const)(
  '%s is answered in the venue’s words, once',
  async (fault) => {
    const { url, faults } = await serve();
    faults.add({ fault });
    expect((await fetch(url)).status).toBe(REFUSALS[fault]);
    expect((await fetch(url)).status).toBe(200);
    expect(faults.done.get(fault)).toBe(1);
  },
);

test('maintenance lasts, and no WebSocket is opened in it', async () => {
  const { url, faults, port } = await serve();
  faults.add({ fault: 'maintenance', durationMs: 1000 });
  expect([(await fetch(url)).status, (await fetch(url)).status]).toEqual([520, 520]);
  const refused = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  const [error]: Error[] = await once(refused, 'error');
  expect(String(error)).toContain('520');
  nowMs = 1000;
  expect((await fetch(url)).status).toBe(200);
});

test('frames are lost, doubled, delayed in their order, or the connection breaks', async () => {
  const { face, faults, port } = await serve();
  const { socket, frames } = await connected(port);
  const send = (fault: FaultName | undefined, frame: string, kind: Parameters<FaceSocket['send']>[1]): void => {
    if (fault !== undefined) faults.add({ fault, ...(fault === 'delay' ? { delayMs: 30 } : {}) });
    face.sockets[0]!.send(frame, kind);
  };
  send(undefined, 'a', 'market');
  send('gap', 'lost', 'market');
  send('lost-ack', 'not asked for', 'market');
  send(undefined, 'lost too', 'ack');
  send('duplicate-fill', 'no fill', 'private');
  send(undefined, 'twice', 'fill');
  send('delay', 'late', 'other');
  send(undefined, 'behind it', 'market');
  while (frames.length < 7) await once(socket, 'message');
  expect(frames).toEqual(['a', 'not asked for', 'no fill', 'twice', 'twice', 'late', 'behind it']);
  send('drop', 'never', 'market');
  const [code]: number[] = await once(socket, 'close');
  // Without a word of closing.
  expect(code).toBe(1006);
  expect(Object.fromEntries(faults.done)).toEqual({ gap: 1, 'lost-ack': 1, 'duplicate-fill': 1, delay: 1, drop: 1 });
});

test('the answer to an order never comes, while others do', async () => {
  const { url, faults } = await serve();
  faults.add({ fault: 'lost-ack' });
  expect((await fetch(url)).status).toBe(200);
  await expect(fetch(`${url}/order`, { signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
  expect((await fetch(`${url}/order`)).status).toBe(200);
});

test('who does not read is cut off, and an end is an end for all', async () => {
  const { face, port, server } = await serve();
  const slow = await connected(port);
  slow.socket.pause();
  const frame = 'x'.repeat(2 ** 20);
  for (let i = 0; i < 64 && face.sockets.length > 0; i++) {
    face.sockets[0]!.send(frame, 'market');
    await new Promise(setImmediate);
  }
  expect(face.sockets).toHaveLength(0);
  slow.socket.terminate();
  const other = await connected(port);
  server.close();
  await once(other.socket, 'close');
  expect(face.sockets).toHaveLength(0);
});

test('a WebSocket at another place is not a conversation', async () => {
  const { port } = await serve();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/elsewhere`);
  const [code]: number[] = await once(socket, 'close');
  expect(code).toBe(1008);
});

/** What comes back over a bare connection, up to its end or the text that is waited for. */
async function rawly(port: number, bytes: string, end = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.setEncoding('latin1').on('error', () => {});
  socket.write(bytes, 'latin1');
  for await (const part of socket) {
    said += String(part);
    if (end !== '' && said.includes(end)) break;
  }
  return said;
}

const UPGRADE = [
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
];

test.each(['/ws', '/elsewhere'])(
  'what is no frame, sent with the upgrade of %s, ends that connection alone',
  async (path) => {
    const { port, url, complaints } = await serve();
    const head = [`GET ${path} HTTP/1.1`, ...UPGRADE].join('\r\n');
    expect(await rawly(port, `${head}\r\n\r\n\xff\xff\xff\xff\xff\xff`)).toContain('101');
    expect((await fetch(url)).status).toBe(200);
    expect(complaints).toEqual([]);
  },
);

test('who asks for HTTP/2 over a plain connection is answered in HTTP/1.1', async () => {
  const { port } = await serve();
  const head =
    'GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk';
  expect(await rawly(port, `${head}\r\n\r\n`, 'GET /x')).toContain('HTTP/1.1 200');
});

test('a frame that is delayed for a customer who is gone keeps nothing alive', async () => {
  const { face, faults, port } = await serve();
  const { socket } = await connected(port);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    faults.add({ fault: 'delay', delayMs: 86_400_000 });
    face.sockets[0]!.send('never', 'market');
    expect(vi.getTimerCount()).toBe(1);
    socket.terminate();
    while (face.sockets.length > 0) await new Promise(setImmediate);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

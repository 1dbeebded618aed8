import { X509Certificate } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { testAuthority } from './testing/certificates.ts';
import { pinOf } from './tls.ts';
import { LiveClock } from './live-clock.ts';
import { SocketLine } from './socket-line.ts';
import { ScriptedServer, type ScriptedServerOptions, until } from './testing/scripted-server.ts';
import { scriptedVenue, settingsFor } from './testing/scripted-venue.ts';
import type { Frame } from './frame-tap.ts';
import { VenueAccess } from './venue-access.ts';
import { VenueError } from '../contract/venue-error.ts';
import type { Told } from './venue-event.ts';

const folder = tempFolder();
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

interface Heard {
  readonly what: string[];
  readonly told: Told[];
  readonly frames: Frame[];
}

async function start(
  options: ScriptedServerOptions,
  silenceMs = 15_000,
  prepare?: (url: string) => string | Promise<string>,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Heard & { server: ScriptedServer; line: SocketLine; clock: LiveClock }> {
  const server = await ScriptedServer.start(options);
  const clock = new LiveClock(20_000);
  const [what, told, frames]: [string[], Told[], Frame[]] = [[], [], []];
  const access = VenueAccess.open({
    venue: scriptedVenue(),
    settings: settingsFor(server, { silenceMs, ...settings }),
    clock,
    tap: (frame) => frames.push({ ...frame, data: frame.data.toString() }),
  });
  const url = access.addresses.feed;
  const line = new SocketLine({
    name: 'feed',
    access,
    random: () => 0.5,
    isTapped: true,
    tell: (_, each) => told.push(each),
    user: {
      prepare: () => (prepare === undefined ? url : prepare(url)),
      opened: () => what.push('opened'),
      message: (bytes, nowNs) => {
        expect(nowNs).toBeLessThanOrEqual(clock.nowNs());
        what.push(Buffer.from(bytes).toString('utf8'));
      },
      closed: () => what.push('closed'),
    },
  });
  open.push(server, access, line);
  line.start();
  return { server, line, what, told, frames, clock };
}

it('hands frames on, sends, and shows everything to the tap with both times', async () => {
  const { line, what, frames, clock } = await start({ message: (text, socket) => socket.send(`echo ${text}`) });
  await until(() => line.isOpen, 'open');
  line.send('one');
  await until(() => what.length === 2, 'an echo');
  expect(what).toEqual(['opened', 'echo one']);
  expect(frames.map(({ conn, t, data }) => [conn, t, t === 'connect' ? '' : data])).toEqual([
    ['feed-1', 'connect', ''],
    ['feed-1', 'send', 'one'],
    ['feed-1', 'recv', 'echo one'],
  ]);
  for (const { nowNs, unixMs } of frames) expect(unixMs).toBeCloseTo(clock.unixMs(nowNs), 6);
  line.close();
  expect(what.at(-1)).toBe('closed');
});

it('comes back after each break, tells of it, and ends when it is closed', async () => {
  const { server, line, what, told } = await start({});
  for (let times = 1; times <= 3; times++) {
    await until(() => line.connections === times, `connection ${times}`);
    server.drop();
    await until(() => what.length === 2 * times, 'closed');
  }
  await until(() => line.isOpen, 'open again');
  line.close();
  line.close();
  expect(what).toEqual(['opened', 'closed', 'opened', 'closed', 'opened', 'closed', 'opened', 'closed']);
  expect(told.map(({ type }) => type)).toEqual([
    'connected',
    'disconnected',
    'connected',
    'disconnected',
    'connected',
    'disconnected',
    'connected',
  ]);
  // Each wait is twice as long as the one before it, of which the random part is a quarter here.
  expect(
    told.filter(({ type }) => type === 'disconnected').map(({ text }) => /again in (\d+) ms/u.exec(text)?.[1]),
  ).toEqual(['150', '300', '600']);
});

it('waits as long as a refused handshake says', async () => {
  const { told, line, server } = await start({
    handshake: (number) => (number === 1 ? { status: 503, headers: 'Retry-After: 1\r\n' } : { status: 101 }),
  });
  await until(() => line.isOpen, 'open');
  expect(server.handshakes).toBe(2);
  expect(told.map(({ type }) => type)).toEqual(['unreachable', 'connected']);
  expect(told[0]?.text).toMatch(/503 to the handshake; try 2 in (?:99\d|1000) ms/u);
});

it('tries preparations again that fail, and keeps the error', async () => {
  let tries = 0;
  const { told, line } = await start({}, 15_000, async (url) => {
    if (++tries < 3) throw new VenueError({ venue: 'scripted', code: 'AUTH', text: 'no such key' });
    return url;
  });
  await until(() => line.isOpen, 'open');
  expect(told.map(({ type, error }) => [type, error?.code])).toEqual([
    ['unreachable', 'AUTH'],
    ['unreachable', 'AUTH'],
    ['connected', undefined],
  ]);
});

it('asks who is silent, and gives up who does not answer', async () => {
  const deaf = await start({ isDeaf: true }, 120);
  await until(() => {
    deaf.line.poll(deaf.clock.nowNs());
    return deaf.told.some(({ type }) => type === 'zombie');
  }, 'a zombie');
  await until(() => deaf.line.connections === 2, 'another connection');
  expect(deaf.told.map(({ type }) => type)).toEqual(['connected', 'zombie', 'disconnected', 'connected']);

  const quiet = await start({}, 120);
  await until(() => quiet.line.isOpen, 'open');
  const end = performance.now() + 500;
  await until(() => {
    quiet.line.poll(quiet.clock.nowNs());
    return performance.now() > end;
  }, 'a while');
  expect(quiet.told.map(({ type }) => type)).toEqual(['connected']);
});

it('leaves out what still comes over a connection that it has given up', async () => {
  const { server, line, what } = await start({ connected: (socket, number) => number === 1 && socket.send('first') });
  await until(() => what.includes('first'), 'the first frame');
  server.push({ late: 1 });
  line.reconnect('a test');
  await until(() => line.connections === 2, 'another connection');
  expect(what.filter((each) => each !== 'first')).toEqual(['opened', 'closed', 'opened']);
});

it('holds sockets to authority, name and pins too', async () => {
  const authority = testAuthority(folder.path);
  const good = authority.issue('good', 'IP:127.0.0.1');
  const pin = pinOf(new X509Certificate(good.cert).raw);
  const settings = { ca: authority.caFile, pins: { mode: 'enforce', sha256: [pin] } };
  const pinned = await start({ tls: good }, 15_000, undefined, settings);
  await until(() => pinned.line.isOpen, 'open');
  pinned.server.drop();
  await until(() => pinned.line.connections === 2, 'open again');

  for (const [tls, more, text] of [
    [good, { ca: undefined }, /unable to (?:get|verify)|self.signed/iu],
    [authority.issue('other', 'DNS:elsewhere.test'), {}, /altnames/u],
    [authority.issue('stranger', 'IP:127.0.0.1'), {}, /none of the 1 pinned/u],
  ] as const) {
    const refused = await start({ tls }, 15_000, undefined, JSON.parse(JSON.stringify({ ...settings, ...more })));
    await until(() => refused.told.length > 0, 'a refusal');
    expect(refused.told[0]).toMatchObject({ type: 'unreachable', text: expect.stringMatching(text) });
    expect(refused.line.connections).toBe(0);
    refused.line.close();
  }
});

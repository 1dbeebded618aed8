import { afterEach, beforeAll, expect, it } from 'vitest';
import { X509Certificate } from 'node:crypto';
import { tempFolder } from '../../data/testing/files.ts';
import { VenueError } from '../contract/venue-error.ts';
import type { Frame, FrameTap } from './frame-tap.ts';
import { LiveClock } from './live-clock.ts';
import { retryAtMs } from './retry-after.ts';
import { type TestAuthority, testAuthority } from './testing/certificates.ts';
import { ScriptedServer, type ScriptedServerOptions } from './testing/scripted-server.ts';
import { type ScriptedVenueOptions, scriptedVenue, settingsFor } from './testing/scripted-venue.ts';
import { pinOf } from './tls.ts';
import { VenueAccess } from './venue-access.ts';
import type { VenueEvent } from './venue-event.ts';

const folder = tempFolder();
let authority: TestAuthority;
let good: { key: string; cert: string };
const open: { close(): Promise<void> }[] = [];

beforeAll(() => {
  authority = testAuthority(folder.path);
  good = authority.issue('good', 'IP:127.0.0.1,DNS:localhost');
});
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

interface Started {
  readonly server: ScriptedServer;
  readonly access: VenueAccess;
  readonly events: VenueEvent[];
}

async function start(
  options: ScriptedServerOptions,
  settings: Readonly<Record<string, unknown>> = {},
  venue: ScriptedVenueOptions = {},
  waits: { answerMs?: number; budgetMs?: number; tap?: FrameTap } = {},
): Promise<Started> {
  const server = await ScriptedServer.start(options);
  const events: VenueEvent[] = [];
  const access = VenueAccess.open({
    venue: scriptedVenue(venue),
    settings: settingsFor(server, settings),
    clock: new LiveClock(20_000),
    event: (event) => events.push(event),
    ...waits,
  });
  open.push(server, access);
  return { server, access, events };
}

async function failure(access: VenueAccess): Promise<VenueError> {
  const error: unknown = await access.rest.call({ method: 'POST', path: '/order', body: '{}', cost: {} }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof VenueError)) throw new Error(`found ${String(error)}, expected a VenueError`);
  return error;
}

async function statusOf({ access }: Started): Promise<number> {
  return (await access.rest.call({ method: 'GET', path: '/', cost: {} })).status;
}

const echo: ScriptedServerOptions['http'] = (request, response, body) => {
  response.setHeader('X-Mbx-Used-Weight', '12');
  response.statusCode = request.url === '/bad' ? 500 : 200;
  response.end(`${request.method} ${request.url} ${String(request.headers['api-key'])} ${body}`);
};

it('answers whatever the status is, text as it came, over a connection that is kept', async () => {
  const { server, access } = await start({ http: echo });
  const { rest } = access;
  const answer = await rest.call({
    method: 'POST',
    path: '/a?b=%20c',
    headers: { 'API-Key': 'k' },
    body: '{"x":1.10}',
    cost: {},
  });
  expect(answer).toMatchObject({
    status: 200,
    text: 'POST /a?b=%20c k {"x":1.10}',
    headers: { 'x-mbx-used-weight': '12' },
  });
  expect((await rest.call({ method: 'GET', path: '/bad', cost: {} })).status).toBe(500);
  for (let i = 0; i < 20; i++) await rest.call({ method: 'GET', path: '/', cost: {} });
  // A second one is made when the first has not quite done with the answer before.
  expect(server.connections).toBeLessThan(3);
});

it('knows what cannot have arrived from what may have', async () => {
  const refused = await start({});
  await refused.server.close();
  expect(await failure(refused.access)).toMatchObject({
    code: 'NETWORK',
    venueCode: 'ECONNREFUSED',
    mayHaveArrived: false,
  });

  const silent = await start({ http: () => {} }, {}, {}, { answerMs: 80 });
  expect(await failure(silent.access)).toMatchObject({ code: 'TIMEOUT', mayHaveArrived: true });

  const broken = await start({ http: (request) => request.socket.destroy() });
  expect(await failure(broken.access)).toMatchObject({ code: 'NETWORK', mayHaveArrived: true });
  // No path of an error holds what was signed.
  expect((await failure(broken.access)).message).toContain('POST /order');
});

it('keeps silent after 429 and 418 for as long as it is told', async () => {
  let status = 429;
  const { access, events } = await start(
    {
      http: (_, response) => {
        response.statusCode = status;
        response.setHeader('Retry-After', '30');
        response.end('slow down');
      },
    },
    {},
    {},
    { budgetMs: 50 },
  );
  expect((await access.rest.call({ method: 'GET', path: '/a', cost: {} })).status).toBe(429);
  status = 200;
  const error = await failure(access);
  expect(error).toMatchObject({ code: 'RATE_LIMITED', mayHaveArrived: false });
  expect(error.retryAfterMs).toBeGreaterThan(29_000);
  expect(events.map(({ type }) => type)).toEqual(['rate-limited']);
});

it('waits for room in the budget, and says when there is none in time', async () => {
  const budgets = [{ name: 'requests', limit: 10, perMs: 400, kind: 'bucket', scope: 'key' }] as const;
  const { access } = await start({ http: echo }, { budgetShare: 1 }, { budgets }, { budgetMs: 2000 });
  const cost = { requests: 1 };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => access.rest.call({ method: 'GET', path: '/', cost })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  access.budget.observe('requests', 1000, access.clock.nowMs());
  const late = access.rest.call({ method: 'GET', path: '/', cost });
  await expect(late).rejects.toMatchObject({ code: 'RATE_LIMITED', mayHaveArrived: false });
});

it('signs when a request leaves, not before it waits, and shows nobody what was signed', async () => {
  const budgets = [{ name: 'requests', limit: 10, perMs: 1000, kind: 'bucket', scope: 'key' }] as const;
  const shown: Frame[] = [];
  const tap = (frame: Frame): void => void shown.push(frame);
  const { access } = await start({ http: echo }, { budgetShare: 1 }, { budgets }, { tap });
  const beganMs = access.clock.nowMs();
  access.budget.observe('requests', 12, beganMs);
  const signedMs: number[] = [];
  const sign = (unixMs: number) => {
    signedMs.push(unixMs);
    return { path: `/page?at=${unixMs}`, headers: { 'api-key': 'mine' } };
  };
  const signed = access.rest.call({ method: 'GET', path: '/page', sign, cost: { requests: 1 } });
  expect(signedMs).toEqual([]);
  const { text } = await signed;
  expect(text).toBe(`GET /page?at=${signedMs[0]} mine `);
  expect(signedMs[0]! - beganMs).toBeGreaterThan(100);
  expect(shown).toEqual([]);
  await access.rest.call({ method: 'GET', path: '/public', cost: {} });
  expect(shown).toHaveLength(1);
});

it('takes over what the headers say is used, of any page', async () => {
  const budgets = [{ name: 'weight', limit: 100, perMs: 60_000, kind: 'window', scope: 'address' }] as const;
  const { access } = await start(
    { http: (_, response) => response.writeHead(200, { 'X-Used': '77' }).end() },
    { budgetShare: 1 },
    { budgets, used: (headers) => ({ weight: Number(headers['x-used']) }) },
  );
  await access.rest.call({ method: 'GET', path: '/', cost: { weight: 1 } });
  // Unless another minute has begun.
  expect([0, 77]).toContain(access.budget.uses(access.clock.nowMs())[0]!.used);
});

it('trusts its own authority and the name in the certificate, and nobody else', async () => {
  const trusted = await start({ http: echo, tls: good }, { ca: authority.caFile });
  expect(await statusOf(trusted)).toBe(200);
  const unknown = await start({ http: echo, tls: good });
  expect(await failure(unknown.access)).toMatchObject({ code: 'NETWORK', mayHaveArrived: false });
  const misnamed = await start(
    { http: echo, tls: authority.issue('other', 'DNS:elsewhere.test') },
    { ca: authority.caFile },
  );
  expect(await failure(misnamed.access)).toMatchObject({
    code: 'NETWORK',
    venueCode: 'ERR_TLS_CERT_ALTNAME_INVALID',
    mayHaveArrived: false,
  });
  expect(() =>
    VenueAccess.open({
      venue: scriptedVenue(),
      settings: settingsFor(trusted.server, { ca: folder.write('empty.pem', '') }),
      clock: new LiveClock(1),
    }),
  ).toThrow(/holds no certificate/u);
});

it('holds the venue to its pins: one of several, of EC and RSA keys, enforced or only told', async () => {
  const next = authority.issue('next', 'IP:127.0.0.1', 'rsa');
  const pins = [good, next].map(({ cert }) => pinOf(new X509Certificate(cert).raw));
  const stranger = authority.issue('stranger', 'IP:127.0.0.1');
  for (const tls of [good, next]) {
    const pinned = await start({ http: echo, tls }, { ca: authority.caFile, pins: { mode: 'enforce', sha256: pins } });
    expect(await statusOf(pinned)).toBe(200);
    // Each new connection is looked at: no session is resumed without its certificate.
    pinned.server.drop();
    expect(await statusOf(pinned)).toBe(200);
    expect(pinned.events).toEqual([]);
  }
  const enforced = await start(
    { http: echo, tls: stranger },
    { ca: authority.caFile, pins: { mode: 'enforce', sha256: pins } },
  );
  expect(await failure(enforced.access)).toMatchObject({ code: 'NETWORK', venueCode: 'PIN', mayHaveArrived: false });
  expect(enforced.events).toMatchObject([{ type: 'pin', severity: 'error' }]);
  const reported = await start(
    { http: echo, tls: stranger },
    { ca: authority.caFile, pins: { mode: 'report', sha256: pins } },
  );
  expect(await statusOf(reported)).toBe(200);
  expect(
    reported.events.map(({ type, text }) => [type, text.includes(pinOf(new X509Certificate(stranger.cert).raw))]),
  ).toEqual([['pin', true]]);
});

it('reads Retry-After as seconds and as a date', () => {
  const now = Date.parse('2026-11-21T10:00:00Z');
  expect(retryAtMs('5', now)).toBe(now + 5000);
  expect(retryAtMs('Sat, 21 Nov 2026 10:00:30 GMT', now)).toBe(now + 30_000);
  expect(retryAtMs('Sat, 21 Nov 2020 10:00:30 GMT', now)).toBe(now);
  for (const bad of [undefined, '', '-1', 'soon', 'NaN', '1e9', '99999999999999'])
    expect(retryAtMs(bad, now)).toBeUndefined();
});

/** Who may do what on a server, and what it refuses: asked as a page, a program and an attacker would. */
import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { auditLines } from '../../audit/testing/audit-lines.ts';
import { tempFolder } from '../../data/testing/files.ts';
import { PROBLEM_CODES } from '../http/problems.ts';
import { type LivingOptions, type LivingServer, livingServer } from '../testing/living-server.ts';

const folder = tempFolder();
const READ = 'reader-token-0123456789';
const TRADE = 'trader-token-0123456789';
const tokens = [
  { name: 'watcher', role: 'read', token: READ },
  { name: 'alice', role: 'trade', token: TRADE },
] as const;

const running: LivingServer[] = [];
afterEach(async () => {
  for (const session of running.splice(0)) await session.close();
});
async function start(options: LivingOptions = {}): Promise<LivingServer> {
  const session = await livingServer(folder.fresh(), { symbols: 'BTCUSDT', ...options });
  running.push(session);
  await session.pass(20);
  return session;
}
const port = ({ server }: LivingServer): number => Number(new URL(server.url).port);

describe('on loopback', () => {
  let session: LivingServer;
  beforeAll(async () => {
    session = await livingServer(folder.fresh(), {
      symbols: 'BTCUSDT',
      config: { tokens: [...tokens], origins: ['http://desk.example'] },
    });
    await session.pass(20);
  });
  afterAll(() => session.close());

  it('reading is free, also the metrics and the description', async () => {
    for (const path of ['/api/v1/health', '/api/v1/positions', '/metrics', '/openapi.json'])
      expect((await session.ask(path)).status, path).toBe(200);
  });

  const asked = async (path: string, headers: Record<string, string>) =>
    (await session.ask(path, { headers: { 'sec-fetch-site': 'cross-site', ...headers } })).status;

  it('a page elsewhere cannot have it work by pictures, scripts and frames; links and allowed pages can', async () => {
    for (const path of ['/api/v1/sessions', '/metrics', '/openapi.json']) {
      expect(await asked(path, { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }), path).toBe(403);
      expect(await asked(path, { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }), path).toBe(403);
      expect(await asked(path, { 'sec-fetch-mode': 'cors', origin: 'http://evil.example' }), path).toBe(403);
      expect(await asked(path, { 'sec-fetch-site': 'same-site' }), path).toBe(403);
      expect(await asked(path, { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }), path).toBe(200);
      expect(await asked(path, { 'sec-fetch-mode': 'cors', origin: 'http://desk.example' }), path).toBe(200);
      for (const site of ['same-origin', 'none']) expect(await asked(path, { 'sec-fetch-site': site }), path).toBe(200);
    }
  });

  it('every change needs a token, and it says which', async () => {
    for (const [method, path, body] of [
      ['POST', '/api/v1/kill', undefined],
      ['POST', '/api/v1/reconcile', undefined],
      ['PUT', '/api/v1/risk/state', { state: 'HALTED' }],
      ['PUT', '/api/v1/risk/limits/max_order_size', { scope: 'global', value: 1 }],
      ['POST', '/api/v1/risk/breaker/trip', {}],
      ['POST', '/api/v1/strategies/0/stop', undefined],
      ['PUT', '/api/v1/strategies/0/parameters', { parameters: {} }],
      ['POST', '/api/v1/alerts/1/acknowledge', undefined],
      ['POST', '/api/v1/backtests', { source: { kind: 'session', id: 'test' }, strategy: 'basic-maker' }],
    ] as const) {
      const { status, headers, json } = await session.ask(path, { method, body });
      expect([status, json.code, headers['content-type']], path).toEqual([401, 'no-token', 'application/problem+json']);
      expect(headers['www-authenticate']).toBe('Bearer realm="quotewright"');
    }
  });

  it('a role does what it may and no more', async () => {
    const state = (token: string, to: string) =>
      session.act('/api/v1/risk/state', { method: 'PUT', token, body: { state: to } });
    const refused = await state(READ, 'REDUCING');
    expect([refused.status, refused.json.code]).toEqual([403, 'wrong-role']);
    expect(refused.headers['www-authenticate']).toContain('error="insufficient_scope"');
    expect((await state(TRADE, 'REDUCING')).status).toBe(200);
    const back = await state(TRADE, 'ACTIVE');
    expect([back.status, back.json.code]).toEqual([403, 'wrong-role']);
    expect((await state(session.token, 'ACTIVE')).json).toEqual({ text: 'state: REDUCING → ACTIVE' });
    const limit = { method: 'PUT', body: { scope: 'global', value: 5 } };
    expect((await session.act('/api/v1/risk/limits/max_order_size', { ...limit, token: TRADE })).status).toBe(403);
    expect((await session.act('/api/v1/risk/limits/max_order_size', limit)).status).toBe(200);
    const lines = (await auditLines(session.dir)).map(({ what, who, subject, after }) => [
      what,
      who.role,
      subject,
      after,
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        ['server.refused', 'server read/watcher', 'PUT /api/v1/risk/state', expect.stringContaining('wrong-role')],
        ['state.set', 'server trade/alice', undefined, 'REDUCING'],
        ['server.refused', 'server trade/alice', 'PUT /api/v1/risk/state', expect.stringContaining('wrong-role')],
        ['state.set', 'server admin/home', undefined, 'ACTIVE'],
        ['limit.set', 'server admin/home', 'max_order_size global', '5'],
      ]),
    );
  });

  it('a token that is not known is refused also where none is needed', async () => {
    const { status, json, headers } = await session.ask('/api/v1/health', { token: 'a-wrong-token-0123456789' });
    expect([status, json.code]).toEqual([401, 'wrong-token']);
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
    for (const authorization of ['Basic YTpi', 'Bearer', 'Bearer a b', `Bearer ${'x'.repeat(2000)}`, 'Bearer \u00e4'])
      expect((await session.ask('/api/v1/health', { headers: { authorization } })).json.code).toBe('wrong-token');
  });

  it('a page elsewhere may not act, nor use a name of its own for this machine', async () => {
    const act = { method: 'POST', token: session.token, body: {} };
    const path = '/api/v1/risk/breaker/trip';
    for (const origin of [
      'http://evil.example',
      'null',
      `http://evil.example:${port(session)}`,
      `https://127.0.0.1:${port(session)}`,
    ]) {
      const { status, json } = await session.ask(path, { ...act, headers: { origin } });
      expect([status, json.code], origin).toEqual([403, 'wrong-origin']);
    }
    for (const host of [
      'evil.example',
      `evil.example:${port(session)}`,
      '192.168.1.5',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'a b',
    ]) {
      const { status, json } = await session.ask('/api/v1/positions', { headers: { host } });
      expect([status, json.code], host).toEqual([403, 'wrong-host']);
    }
    for (const host of [`localhost:${port(session)}`, '127.0.0.1', '[::1]:80', 'LOCALHOST'])
      expect((await session.ask('/api/v1/positions', { headers: { host } })).status, host).toBe(200);
    const own = await session.act(path, { ...act, headers: { origin: session.server.url } });
    expect(own.status).toBe(200);
    expect((await session.act('/api/v1/risk/breaker/reset', { body: {} })).status).toBe(200);
  });

  it('a page that is allowed may, and is told so', async () => {
    const origin = 'http://desk.example';
    const preflight = await session.ask('/api/v1/kill', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'authorization, content-type',
    });
    const { status, headers } = await session.ask('/api/v1/positions', { headers: { origin } });
    expect([status, headers['access-control-allow-origin']]).toEqual([200, origin]);
    const other = await session.ask('/api/v1/positions', { headers: { origin: 'http://evil.example' } });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    const refused = await session.ask('/api/v1/kill', {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example' },
    });
    expect(refused.json.code).toBe('wrong-origin');
  });

  it('a WebSocket of a page elsewhere is refused', async () => {
    const dial = async (headers: Record<string, string>): Promise<number> => {
      const socket = new WebSocket(`ws://127.0.0.1:${port(session)}/api/v1/stream`, { headers });
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      socket.on('open', () => resolve(101));
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
      socket.on('error', reject);
      const status = await promise;
      socket.on('error', () => {});
      socket.terminate();
      return status;
    };
    expect(await dial({})).toBe(101);
    expect(await dial({ origin: session.server.url })).toBe(101);
    expect(await dial({ origin: 'http://evil.example' })).toBe(403);
    expect(await dial({ host: 'evil.example' })).toBe(403);
  });

  it('sends the usual headers with everything', async () => {
    for (const path of ['/', '/api/v1/health', '/nothing']) {
      const { headers } = await session.ask(path);
      expect(headers['content-security-policy'], path).toBe(
        "default-src 'self';img-src 'self' data: blob:;object-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      );
      expect(headers, path).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['strict-transport-security'], path).toBeUndefined();
      expect(headers['server'] ?? headers['x-powered-by'], path).toBeUndefined();
    }
  });

  it('answers each kind of wrong request with a problem that says what was expected', async () => {
    const put = { method: 'PUT', token: session.token };
    const cases = [
      ['/api/v1/nothing', {}, 404, 'not-found', /path of this server/u],
      ['/api/v1/books/NOPE', {}, 404, 'not-found', /living:BTCUSDT/u],
      ['/api/v1/strategies/9', {}, 404, 'not-found', /0 to 0/u],
      ['/api/v1/strategies/x', {}, 400, 'bad-request', /index/u],
      ['/api/v1/health', { method: 'POST', body: {} }, 405, 'wrong-method', /GET or HEAD/u],
      ['/api/v1/kill', {}, 405, 'wrong-method', /expected POST/u],
      ['/api/v1/orders?limit=0', {}, 400, 'bad-request', /limit/u],
      ['/api/v1/orders?lmit=5', {}, 400, 'bad-request', /lmit/u],
      ['/api/v1/orders?instrument=NOPE', {}, 400, 'bad-request', /instrument/u],
      ['/api/v1/books?depth=1e9', {}, 400, 'bad-request', /depth/u],
      ['/api/v1/performance/series?metric=nope', {}, 400, 'bad-request', /metric/u],
      ['/api/v1/performance/series?metric=pnl&strategy=5', {}, 400, 'bad-request', /strategy/u],
      ['/api/v1/performance/series?metric=pnl&from=5&to=1', {}, 400, 'bad-request', /from/u],
      ['/api/v1/performance/series?metric=pnl&from=NaN', {}, 400, 'bad-request', /from/u],
      ['/api/v1/alerts?severity=LOUD', {}, 400, 'bad-request', /severity/u],
      ['/api/v1/alerts/0/acknowledge', { ...put, method: 'POST' }, 400, 'bad-request', /number/u],
      ['/api/v1/books/%E0%A4%A', {}, 400, 'bad-request', /UTF-8/u],
      [`/api/v1/books/${'A'.repeat(700)}`, {}, 404, 'not-found', /./u],
      ['/api/v1/risk/state', { ...put, text: '{' }, 400, 'bad-request', /not JSON/u],
      ['/api/v1/risk/state', { ...put, text: '' }, 400, 'bad-request', /./u],
      ['/api/v1/risk/state', { ...put, body: { state: 'ACTIVE', more: 1 } }, 400, 'bad-request', /more/u],
      ['/api/v1/risk/state', { ...put, text: '{"__proto__":{"state":"ACTIVE"}}' }, 400, 'bad-request', /./u],
      [
        '/api/v1/risk/limits/nope',
        { ...put, body: { scope: 'global', value: 1 } },
        400,
        'refused',
        /limit: found 'nope'/u,
      ],
      [
        '/api/v1/risk/limits/max_order_size',
        { ...put, body: { scope: 'global', value: -1 } },
        400,
        'refused',
        /found -1/u,
      ],
      [
        '/api/v1/risk/limits/max_order_size',
        { ...put, body: { scope: 'moon', value: 1 } },
        400,
        'refused',
        /scope: found 'moon'/u,
      ],
      [
        '/api/v1/risk/limits/max_order_size',
        { ...put, text: '{"scope":"global","value":1e999}' },
        400,
        'bad-request',
        /value/u,
      ],
      [
        '/api/v1/risk/state',
        { ...put, text: 'x', headers: { 'content-type': 'text/plain' } },
        415,
        'wrong-type',
        /json/u,
      ],
      ['/api/v1/risk/state', { ...put, text: `{"state":"${'x'.repeat(70_000)}"}` }, 413, 'too-large', /64 kB/u],
    ] as const;
    for (const [path, asking, status, code, detail] of cases) {
      const answer = await session.act(path, { method: 'GET', token: undefined, ...asking });
      expect([answer.status, answer.json?.code], `${path} ${answer.text.slice(0, 300)}`).toEqual([status, code]);
      expect(answer.headers['content-type'], path).toBe('application/problem+json');
      expect(answer.json, path).toMatchObject({
        status,
        type: `urn:quotewright:problem:${code}`,
        detail: expect.stringMatching(detail),
      });
      expect(PROBLEM_CODES).toContain(answer.json.code);
    }
    expect((await session.ask('/api/v1/kill')).headers['allow']).toBe('POST');
  });

  it('takes what is no HTTP for what it is', async () => {
    const socket = connect(port(session), '127.0.0.1');
    socket.write('GET / HTTP/9\r\n\r\n');
    const [bytes] = await once(socket, 'data');
    expect(String(bytes)).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json.*"code":"bad-request"/su);
    socket.destroy();
  });

  it('cuts who is told that and stays', async () => {
    const socket = connect({ port: port(session), host: '127.0.0.1', allowHalfOpen: true });
    socket.write('GET / HTTP/9\r\n\r\n');
    socket.resume();
    await once(socket, 'end');
    const more = setInterval(() => socket.write('more'), 50);
    const [error] = await once(socket, 'error');
    clearInterval(more);
    expect(['ECONNRESET', 'EPIPE']).toContain(error.code);
  });

  it('gives no file away that is not of the page', async () => {
    const paths = [
      '/../package.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/..\\package.json',
      '/.env',
      '//etc/passwd',
      '/assets/../../package.json',
      '/%00',
      '/api/v1/reports/..%2f..%2ftoken/x',
      '/api/v1/reports/%2e%2e/token',
      '/api/v1/sessions/..%2f..',
      '/api/v1/reports/a/..%2f..%2f..%2ftoken',
    ];
    for (const path of paths) {
      const { status, text } = await session.ask(path);
      expect([400, 403, 404], `${path}: ${text.slice(0, 200)}`).toContain(status);
      expect(text).not.toContain(session.token);
      expect(text).not.toContain('"version"');
    }
  });

  it('tells its tokens nowhere', async () => {
    const everything = [
      JSON.stringify(await auditLines(session.dir)),
      JSON.stringify(session.said),
      ...readdirSync(session.dir, { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile())
        .map((each) => readFileSync(join(each.parentPath, each.name), 'latin1')),
    ].join('\n');
    for (const token of [session.token, READ, TRADE]) expect(everything).not.toContain(token);
  });
});

describe('the page', () => {
  it('is served with its own policy, and its hashed files for ever', async () => {
    const page = folder.fresh();
    mkdirSync(join(page, 'assets'));
    writeFileSync(join(page, 'index.html'), '<!doctype html><title>q</title>');
    writeFileSync(join(page, 'assets', 'a-123.js'), '1');
    writeFileSync(join(page, '.secret'), 'hidden');
    symlinkSync('/etc/hostname', join(page, 'link'));
    const session = await start({ page });
    const index = await session.ask('/');
    expect([index.status, index.headers['content-type'], index.headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ]);
    const asset = await session.ask('/assets/a-123.js');
    expect([asset.status, asset.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect((await session.ask('/.secret')).json.code).toBe('not-found');
    expect((await session.ask('/assets/none.js')).json.code).toBe('not-found');
    expect((await session.ask('/assets/')).status).not.toBe(200);
  });
});

describe('bound elsewhere', () => {
  it('everything but the page needs a token, and a missing TLS is told', async () => {
    const session = await start({ config: { host: '0.0.0.0', tokens: [...tokens] } });
    expect(session.said).toContainEqual(
      expect.objectContaining({
        type: 'complaint',
        severity: 'WARNING',
        detail: expect.stringContaining('without TLS'),
      }),
    );
    for (const path of ['/api/v1/health', '/api/v1/positions', '/metrics', '/openapi.json', '/api/v1/flights']) {
      const { status, json } = await session.ask(path, { headers: { host: 'desk.example' } });
      expect([status, json.code], path).toEqual([401, 'no-token']);
      expect((await session.ask(path, { token: READ, headers: { host: 'desk.example' } })).status, path).toBe(200);
    }
    expect((await session.ask('/', { headers: { host: 'desk.example' } })).status).not.toBe(401);
  });
});

describe('the stream, bound elsewhere', () => {
  it('tells nothing before a token', async () => {
    const session = await start({ config: { host: '0.0.0.0', tokens: [...tokens] } });
    const dial = async (headers: Record<string, string>, ...says: object[]): Promise<string[]> => {
      const socket = new WebSocket(`ws://127.0.0.1:${port(session)}/api/v1/stream`, { headers });
      const heard: string[] = [];
      socket.on('message', (bytes) => {
        const message: { op: string; code?: string } = JSON.parse(Buffer.isBuffer(bytes) ? bytes.toString() : '{}');
        heard.push(message.code ?? message.op);
      });
      await once(socket, 'open');
      for (const each of says) socket.send(JSON.stringify(each));
      while (heard.length < Math.max(1, says.length)) await once(socket, 'message');
      socket.terminate();
      return heard.slice(0, Math.max(1, says.length));
    };
    const subscribe = { op: 'subscribe', topics: ['pnl'] };
    expect(await dial({}, subscribe)).toEqual(['no-token']);
    expect(await dial({}, { op: 'auth', token: 'a-wrong-token-0123456789' }, subscribe)).toEqual([
      'wrong-token',
      'no-token',
    ]);
    expect(await dial({}, { op: 'auth', token: READ }, subscribe)).toEqual(['hello', 'update']);
    expect(await dial({ authorization: `Bearer ${READ}` })).toEqual(['hello']);
  });
});

describe('limits of rate', () => {
  it('holds back an address that asks too often, but not its kill switch', async () => {
    const session = await start({ config: { requestsPerMinute: 5 } });
    for (let i = 0; i < 5; i++) expect((await session.ask('/api/v1/health')).status).toBe(200);
    const { status, json, headers } = await session.ask('/api/v1/health');
    expect([status, json.code]).toEqual([429, 'too-many-requests']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    const killed = await session.act('/api/v1/kill');
    expect([killed.status, killed.json.unconfirmed]).toEqual([200, []]);
  });

  it('counts whoever has a token alone, and pages elsewhere apart', async () => {
    const session = await start({ config: { requestsPerMinute: 5, tokens: [...tokens] } });
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    for (let i = 0; i < 7; i++) await session.ask('/', { headers });
    for (let i = 0; i < 5; i++) expect((await session.ask('/api/v1/health')).status).toBe(200);
    expect((await session.ask('/api/v1/health')).status).toBe(429);
    const stop = () => session.act('/api/v1/strategies/0/stop', { token: TRADE });
    for (let i = 0; i < 5; i++) expect((await stop()).status).toBe(200);
    expect((await stop()).status).toBe(429);
  });

  it('has the kill switch work for its holder, however many wrong tokens the address has sent', async () => {
    const session = await start({ config: { tokens: [...tokens] } });
    const kill = (token: string) => session.act('/api/v1/kill', { token });
    for (let i = 0; i < 32; i++) await kill(`guess-number-${i}-0123456789`);
    expect((await kill('guess-number-33-0123456789')).json.code).toBe('too-many-failures');
    expect((await kill(READ)).json.code).toBe('wrong-role');
    expect((await session.ask('/api/v1/health', { token: TRADE })).status).toBe(429);
    expect((await kill(TRADE)).json.unconfirmed).toEqual([]);
  });

  it('lets nobody try tokens', async () => {
    const session = await start();
    const codes: string[] = [];
    for (let i = 0; i < 32; i++) {
      codes.push((await session.ask('/api/v1/health', { token: `guess-number-${i}-0123456789` })).json.code);
    }
    expect(codes.filter((code) => code === 'wrong-token')).toHaveLength(30);
    const { status, headers } = await session.ask('/api/v1/health', { token: session.token });
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect((await session.ask('/api/v1/health')).status).toBe(200);
  });
});

describe('the token of the home', () => {
  it('is made once, with a mode that lets its owner read only', async () => {
    const session = await start();
    const path = join(session.home, 'token');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(Buffer.from(session.token, 'base64url').length).toBeGreaterThanOrEqual(32);
  });
});

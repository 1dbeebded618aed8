import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { tempFolder } from '../data/testing/files.ts';
import { InputError } from '../data/report.ts';
import { Home } from '../home/home.ts';
import { keyVenue } from '../secrets/testing/key-venue.ts';
import { CHEAP, bytesOf } from '../secrets/testing/small-vaults.ts';
import { Vault } from '../secrets/vault.ts';
import { vaultPath } from '../secrets/vault-place.ts';
import { testAuthority } from '../venues/runtime/testing/certificates.ts';
import { ScriptedServer } from '../venues/runtime/testing/scripted-server.ts';
import type { Rest } from '../venues/contract/rest.ts';
import { VenueError } from '../venues/contract/venue-error.ts';
import type { Venue } from '../venues/contract/venue.ts';
import type { Check } from './check.ts';
import { examine } from './doctor.ts';
import { type MachineFacts, checkMachine } from './machine.ts';
import { Findings } from './check.ts';

const folder = tempFolder();
const SECRET = 'swordfish and chips';
const PASSWORD = 'correct horse battery';

/** What the venue of these tests says just now. */
const says = {
  offsetMs: 0,
  stepMs: 1,
  listing: 2,
  /** How many of them cannot be counted. */
  odd: 0,
  canTrade: true as boolean | undefined,
  canWithdraw: false as boolean | undefined,
  error: undefined as VenueError | undefined,
};

let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.statusCode = 404;
    response.end(String(Date.now()));
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/stream') sockets.handleUpgrade(request, socket, head, () => {});
    else socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => void server.close());

function scripted(): Venue {
  const addresses = {
    rest: `http://127.0.0.1:${port}`,
    feed: `ws://127.0.0.1:${port}`,
    orders: `ws://127.0.0.1:${port}`,
  };
  const spec = { venue: 'scripted', base: 'BTC', quote: 'USD', tick: '0.01', lot: '0.001', contract: 'spot' } as const;
  return {
    ...keyVenue('scripted'),
    environments: { live: addresses },
    budgets: [{ name: 'requests', limit: 100, perMs: 60_000, kind: 'window', scope: 'address' }],
    time: async (rest: Rest) => told((await rest.call({ method: 'GET', path: '/time', cost: { requests: 1 } })).text),
    listing: async () =>
      Array.from({ length: 3 }, (_, i) => ({
        isTrading: i < says.listing,
        spec: { ...spec, symbol: `S${i}`, ...(i < says.odd ? { lot: '0' } : {}) },
      })),
    ...(says.stepMs > 1 ? { timeStepMs: says.stepMs } : {}),
    keyRights: async () => {
      if (says.error !== undefined) throw says.error;
      return { canTrade: says.canTrade, canWithdraw: says.canWithdraw, notes: ['ends 2027'] };
    },
    feed: ({ addresses: { feed } }) => ({ ...notUsed, url: `${feed}/stream` }),
  };
}

function told(text: string): number {
  const ms = Number(text) + says.offsetMs;
  return says.stepMs > 1 ? ms - (ms % says.stepMs) + says.stepMs / 2 : ms;
}

const nothing = (): void => {};
const notUsed = {
  stats: { messages: 0, parsed: 0, unreadable: 0, gaps: 0, checksums: 0, badChecksums: 0, resyncs: 0 },
  opened: nothing,
  message: nothing,
  fetched: nothing,
  closed: nothing,
  poll: nothing,
  resync: nothing,
  book: () => undefined,
};

function homeWithKey(days = 3): Home {
  const home = new Home(folder.fresh());
  const vault = Vault.create(vaultPath(home), Buffer.from(PASSWORD), CHEAP);
  const rotatedMs = Date.now() - days * 86_400_000 - 1000;
  vault.add(
    { name: 'scripted', venue: 'scripted', createdMs: 1, rotatedMs },
    bytesOf({ key: 'abcdefgh', secret: SECRET }),
  );
  return home;
}

async function run(
  venues: string | undefined,
  names: string[] = [],
  home = homeWithKey(),
  venueMs = 45_000,
): Promise<{ isHealthy: boolean; by: (name: string) => Check | undefined; all: Check[] }> {
  const all: Check[] = [];
  const isHealthy = await examine({
    venues: venues === undefined ? undefined : folder.write(`venues-${all.length}.yaml`, venues),
    names,
    open: async (name, settings) => {
      if (name !== 'scripted') throw new InputError(`there is no venue '${name}'`);
      return { venue: scripted(), settings };
    },
    venueMs,
    rotateDays: 90,
    keys: { home, environment: {}, askPassword: async () => PASSWORD },
    found: (check) => all.push(check),
  });
  expect(JSON.stringify(all)).not.toMatch(/swordfish|horse|abcdefgh/u);
  return { isHealthy, all, by: (name) => all.find((check) => check.name === name && check.of === 'scripted') };
}

const HEALTHY = 'scripted: { credentials: { vault: scripted } }';

describe('the doctor', () => {
  test('finds a venue healthy that is', async () => {
    const { isHealthy, all, by } = await run(HEALTHY);
    expect(all.filter(({ grade, of }) => grade !== 'pass' && of !== 'machine')).toEqual([]);
    expect(isHealthy).toBe(true);
    expect(by('way')?.text).toMatch(/^name [\d.]+ ms, TCP [\d.]+ ms, no TLS, first byte [\d.]+ ms$/u);
    expect(by('ping')?.text).toMatch(/^[\d.]+ ms \([\d.]+ ms to [\d.]+ ms of 5\): (excellent|good|fair|slow)$/u);
    expect(by('listing')?.text).toBe('3 instruments, 2 of them trading');
    expect(by('key')?.text).toBe("'scripted' in the vault, 3 days old");
    expect(by('rights')?.text).toBe('the key may trade; ends 2027');
    expect(by('withdrawals')?.text).toBe('the key cannot withdraw');
    // Five questions for the time out of the eighty that are ours of a hundred.
    expect(by('limits')?.text).toBe('left of ours: requests 75 of 80');
  });

  test('warns of a key that can withdraw, and of one that is old', async () => {
    says.canWithdraw = true;
    const { isHealthy, by } = await run(HEALTHY, [], homeWithKey(120));
    says.canWithdraw = false;
    expect(isHealthy).toBe(true);
    expect(by('withdrawals')).toMatchObject({ grade: 'warn', todo: 'take that right from it at scripted' });
    expect(by('key')).toMatchObject({
      grade: 'warn',
      text: "key 'scripted' of scripted is 120 days old",
      todo: "replace it at the venue, then 'quotewright secrets rotate scripted'",
    });
  });

  test('fails on a key that may not trade, or that the venue does not know', async () => {
    says.canTrade = false;
    expect((await run(HEALTHY)).by('rights')).toMatchObject({ grade: 'fail' });
    says.canTrade = true;
    says.error = new VenueError({ venue: 'scripted', code: 'AUTH', text: 'invalid key' });
    const { isHealthy, by } = await run(HEALTHY);
    says.error = undefined;
    expect(by('rights')).toMatchObject({ grade: 'fail', text: 'scripted: AUTH: invalid key' });
    expect(isHealthy).toBe(false);
  });

  test.each([
    [400, 'warn'],
    [-400, 'warn'],
    [5000, 'fail'],
    [0, 'pass'],
  ])('a clock that is %d ms off: %s', async (offsetMs, grade) => {
    says.offsetMs = offsetMs;
    const { by } = await run(HEALTHY);
    says.offsetMs = 0;
    expect(by('clock')?.grade).toBe(grade);
  });

  test.each([
    [0, 'pass'],
    [600, 'warn'],
  ])('a clock that is told in whole seconds and is %d ms off: %s', async (offsetMs, grade) => {
    says.stepMs = 1000;
    says.offsetMs = offsetMs;
    const { by } = await run(HEALTHY);
    says.stepMs = 1;
    says.offsetMs = 0;
    expect(by('clock')?.text).toMatch(/ms (ahead|behind), to within [\d.]+ ms; it tells whole seconds$/u);
    expect(by('clock')?.grade).toBe(grade);
  });

  test('fails when nothing trades', async () => {
    says.listing = 0;
    const { by } = await run(HEALTHY);
    says.listing = 2;
    expect(by('listing')).toMatchObject({ grade: 'fail', text: '3 instruments, none of them trading' });
  });

  test('lives with instruments that cannot be counted, and fails when there is no other', async () => {
    says.odd = 1;
    const some = await run(HEALTHY);
    expect(some.by('listing')).toMatchObject({
      grade: 'pass',
      text: expect.stringMatching(/^3 instruments, 2 of them trading; 1 that cannot be counted, as .*S0: lot/),
    });
    expect(some.by('ping')?.grade).toBe('pass');
    says.odd = 2;
    const none = await run(HEALTHY);
    says.odd = 0;
    expect(none.by('listing')?.grade).toBe('fail');
    expect(none.isHealthy).toBe(false);
  });

  test('fails when the venue cannot be reached, and asks it nothing more', async () => {
    const { isHealthy, by } = await run(
      'scripted: { addresses: { rest: http://127.0.0.1:1 }, credentials: { vault: scripted } }',
    );
    expect(by('way')).toMatchObject({ grade: 'fail' });
    expect(by('way')?.text).toContain('connection: connect ECONNREFUSED');
    expect([by('key')?.grade, by('clock'), by('ping')]).toEqual(['pass', undefined, undefined]);
    expect(isHealthy).toBe(false);
  });

  test('fails when the feed is not where it is said to be', async () => {
    const { by } = await run(
      `scripted: { addresses: { feed: ws://127.0.0.1:${port}/elsewhere }, credentials: { vault: scripted } }`,
    );
    expect(by('ping')).toMatchObject({ grade: 'fail' });
    expect(by('ping')?.text).toContain('404');
  });

  test('says what is wrong with the file, a name, an environment, a missing key', async () => {
    expect((await run('scripted: { pins: 7 }')).all.find(({ name }) => name === 'config')).toMatchObject({
      grade: 'fail',
    });
    expect((await run('other: {}')).all.at(-1)).toMatchObject({
      of: 'other',
      name: 'config',
      grade: 'fail',
      text: "there is no venue 'other'",
    });
    expect((await run('scripted: { environment: moon }')).by('config')).toMatchObject({
      grade: 'fail',
      text: "scripted: environment: found 'moon', expected one of live",
    });
    expect((await run('scripted: { credentials: { env: NONE } }')).by('key')).toMatchObject({ grade: 'fail' });
    const { isHealthy, by } = await run(undefined, ['scripted'], new Home(join(folder.path, 'no-home')));
    expect(by('key')).toMatchObject({
      grade: 'warn',
      todo: "'quotewright secrets set scripted', when orders are to be sent",
    });
    expect(isHealthy).toBe(true);
  });
});

describe('the way to an address with TLS', () => {
  test('is timed step by step, and fails by name where nobody vouches for the server', async () => {
    const authority = testAuthority(folder.fresh());
    const { caFile } = authority;
    const secure = await ScriptedServer.start({
      tls: authority.issue('localhost', 'DNS:localhost'),
      http: (_request, response) => response.end(String(Date.now())),
    });
    const addresses = `addresses: { rest: '${secure.url('http', 'localhost')}', feed: '${secure.url('ws', 'localhost')}' }, credentials: { vault: scripted }`;
    const trusted = await run(`scripted: { ${addresses}, ca: '${caFile}' }`);
    expect(trusted.by('way')?.text).toMatch(/^name [\d.]+ ms, TCP [\d.]+ ms, TLS [\d.]+ ms, first byte [\d.]+ ms$/u);
    expect(trusted.by('ping')?.grade).toBe('pass');
    expect(trusted.isHealthy).toBe(true);
    const other = await run(`scripted: { ${addresses} }`);
    expect(other.by('way')).toMatchObject({
      grade: 'fail',
      todo: "look at 'ca' and 'pins' in --venues; somebody may stand in between",
    });
    expect(other.by('way')?.text).toContain('TLS: ');
    const pinned = await run(
      `scripted: { ${addresses}, ca: '${caFile}', pins: { mode: enforce, sha256: ['${'A'.repeat(43)}='] } }`,
    );
    expect(pinned.by('way')?.text).toContain('which is none of the 1 pinned');
    const plain = await run(
      `scripted: { addresses: { rest: 'https://127.0.0.1:${port}' }, credentials: { vault: scripted } }`,
    );
    expect(plain.by('way')?.text).toBe(
      `https://127.0.0.1:${port}: TLS: wrong version number: what answers there speaks no TLS (ERR_SSL_WRONG_VERSION_NUMBER)`,
    );
    await secure.close();
  });
});

describe('the machine', () => {
  const FACTS: MachineFacts = {
    version: 'v24.21.0',
    execArgv: [],
    environment: {},
    limits:
      'Max core file size        0                    unlimited            bytes\nMax open files            20000                20000                files\n',
  };
  const checked = (home: Home, facts: Partial<MachineFacts>): string[] => {
    const lines: string[] = [];
    checkMachine(new Findings('machine', ({ name, grade }) => lines.push(`${name} ${grade}`)), home, {
      ...FACTS,
      ...facts,
    });
    return lines.filter((line) => !line.startsWith('disk'));
  };

  test('passes when it is as it should be', () => {
    const home = homeWithKey();
    expect(checked(home, {})).toEqual([
      'node pass',
      'home pass',
      'vault pass',
      'open files pass',
      'core dumps pass',
      'dumps pass',
    ]);
  });

  test('is told apart where it is not', () => {
    const home = homeWithKey();
    chmodSync(vaultPath(home), 0o640);
    const limits =
      'Max core file size        unlimited            unlimited            bytes\nMax open files            256                20000                files\n';
    const environment = { NODE_OPTIONS: '--heapsnapshot-signal=SIGUSR2' };
    expect(checked(home, { version: 'v24.14.9', limits, environment })).toEqual([
      'node fail',
      'home pass',
      'vault warn',
      'open files warn',
      'core dumps warn',
      'dumps warn',
    ]);
    expect(checked(new Home(join(folder.path, 'none')), { execArgv: ['--inspect'], limits: '' })).toEqual([
      'node pass',
      'home warn',
      'dumps warn',
    ]);
  });
});

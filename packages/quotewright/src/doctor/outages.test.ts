/** Venues that do not answer, answer badly, or have had enough of us. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { InputError } from '../data/report.ts';
import { tempFolder } from '../data/testing/files.ts';
import { Home } from '../home/home.ts';
import type { BudgetRule } from '../venues/contract/budget.ts';
import type { Rest } from '../venues/contract/rest.ts';
import { testAuthority } from '../venues/runtime/testing/certificates.ts';
import { ScriptedServer, type ScriptedServerOptions } from '../venues/runtime/testing/scripted-server.ts';
import { scriptedVenue, settingsFor, specOf } from '../venues/runtime/testing/scripted-venue.ts';
import type { VenueSettings } from '../venues/venue-settings.ts';
import type { Check } from './check.ts';
import { examine } from './doctor.ts';

const folder = tempFolder();
const servers: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(options: ScriptedServerOptions): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(options);
  servers.push(server);
  return server;
}

const healthy: ScriptedServerOptions['http'] = (request, response) =>
  response.end(request.url === '/time' ? String(Date.now()) : JSON.stringify([specOf('BTC')]));

async function budgeted(rest: Rest): Promise<number> {
  return Number((await rest.call({ method: 'GET', path: '/time', cost: { requests: 1 } })).text);
}

/** Examines venues of the given names, each at its server. */
async function run(
  venues: Readonly<Record<string, VenueSettings>>,
  venueMs = 45_000,
  budgets: readonly BudgetRule[] = [],
): Promise<{ isHealthy: boolean; all: Check[]; by: (name: string) => Check | undefined }> {
  const all: Check[] = [];
  const isHealthy = await examine({
    venues: undefined,
    names: Object.keys(venues),
    open: async (name) => {
      const settings = venues[name];
      if (settings === undefined) throw new InputError('no such venue');
      const venue = scriptedVenue({ budgets });
      return { settings, venue: { ...venue, name, ...(budgets.length === 0 ? {} : { time: budgeted }) } };
    },
    rotateDays: 90,
    keys: { home: new Home(folder.fresh()), environment: {} },
    found: (check) => all.push(check),
    venueMs,
  });
  return { isHealthy, all, by: (name) => all.find((check) => check.name === name && check.of !== 'machine') };
}

test('a venue that never answers holds up neither the doctor nor what is found of others', async () => {
  const silent = settingsFor(await serve({ http: () => {} }));
  const well = settingsFor(await serve({ http: healthy }));
  const { isHealthy, all } = await run({ silent, well }, 1500);
  expect(isHealthy).toBe(false);
  const of = (name: string): string[] => all.filter((check) => check.of === name).map((check) => check.name);
  expect(of('silent')).toEqual(['address', 'key', 'time']);
  expect(all.find(({ name }) => name === 'time')).toMatchObject({
    grade: 'fail',
    text: 'not all is known after 1.5 s',
  });
  expect(of('well')).toContain('clock');
  // In the order in which they were named.
  expect(all.map((check) => check.of).filter((each, i, every) => each !== every[i - 1])).toEqual([
    'machine',
    'silent',
    'well',
  ]);
});

test('a WebSocket that answers no ping is told of', async () => {
  const { by } = await run({ deaf: settingsFor(await serve({ http: healthy, isDeaf: true })) });
  expect(by('ping')).toMatchObject({ grade: 'fail' });
  expect(by('ping')?.text).toContain('ping: nothing within 5000 ms');
  expect(by('clock')?.grade).toBe('pass');
});

test('a venue that has shut us out, and limits that are used up, are told of', async () => {
  const full = await serve({
    http: (request, response) => {
      if (request.url === '/time') response.writeHead(429, { 'retry-after': '60' }).end('too many');
      else healthy(request, response, '');
    },
  });
  const banned = await run({ banned: settingsFor(full) }, 45_000, [
    { name: 'requests', limit: 100, perMs: 60_000, kind: 'window', scope: 'address' },
  ]);
  expect(banned.by('limits')).toMatchObject({ grade: 'fail' });
  expect(banned.by('limits')?.text).toMatch(/^the venue takes nothing for \d+ s$/u);
  expect(banned.isHealthy).toBe(false);
  const little = await run({ little: settingsFor(await serve({ http: healthy })) }, 45_000, [
    // A window of a minute might begin anew meanwhile.
    { name: 'requests', limit: 7, perMs: 86_400_000, kind: 'window', scope: 'address' },
  ]);
  expect(little.by('limits')).toMatchObject({
    grade: 'warn',
    text: expect.stringMatching(/^left of ours: requests [01] of 5$/u),
  });
});

test('a listing that is no listing fails, and the rest is looked at all the same', async () => {
  const server = await serve({
    http: (request, response) => (request.url === '/time' ? response.end(String(Date.now())) : response.end('<html>')),
  });
  const { by } = await run({ odd: settingsFor(server) });
  expect(by('listing')?.grade).toBe('fail');
  expect([by('ping')?.grade, by('clock')?.grade]).toEqual(['pass', 'pass']);
});

test('a certificate of another name, and one that is over, are called that', async () => {
  const dir = folder.fresh();
  const authority = testAuthority(dir);
  const other = await serve({ http: healthy, tls: authority.issue('other', 'DNS:elsewhere.example') });
  const settings = (server: ScriptedServer): VenueSettings => ({
    ...settingsFor(server),
    addresses: { rest: server.url('http', 'localhost'), feed: server.url('ws', 'localhost') },
    ca: authority.caFile,
  });
  const wrong = await run({ wrong: settings(other) });
  expect(wrong.by('way')?.text).toContain("TLS: Hostname/IP does not match certificate's altnames");

  const { key } = authority.issue('over', 'DNS:localhost');
  const file = (name: string): string => join(dir, name);
  const of = ['-in', file('over.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-extfile', file('over.ext')];
  execFileSync('openssl', ['x509', '-req', ...of, '-days', '-1', '-out', file('over.pem')], { stdio: 'pipe' });
  const over = await serve({ http: healthy, tls: { key, cert: readFileSync(file('over.pem'), 'utf8') } });
  const expired = await run({ expired: settings(over) });
  expect(expired.by('way')?.text).toMatch(/TLS: certificate (?:has expired|is not yet valid)/u);
  expect(expired.isHealthy).toBe(false);
});

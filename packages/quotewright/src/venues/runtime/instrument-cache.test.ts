import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { Home } from '../../home/home.ts';
import { fetchListing } from './instrument-cache.ts';
import { LiveClock } from './live-clock.ts';
import { measureOffset } from './clock-offset.ts';
import { ScriptedServer } from './testing/scripted-server.ts';
import { scriptedVenue, settingsFor, specOf } from './testing/scripted-venue.ts';
import { VenueAccess } from './venue-access.ts';

const folder = tempFolder();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function start(page: (path: string) => string): Promise<{ access: VenueAccess; server: ScriptedServer }> {
  const server = await ScriptedServer.start({ http: (request, response) => response.end(page(request.url ?? '')) });
  const access = VenueAccess.open({
    venue: scriptedVenue(),
    settings: settingsFor(server),
    clock: new LiveClock(20_000),
  });
  open.push(access, server);
  return { access, server };
}

it('keeps what is listed, tells what has changed, and does without the venue for who only reads', async () => {
  const home = new Home(folder.fresh());
  let specs = [specOf('BTC'), specOf('ETH')];
  const { access, server } = await start(() => JSON.stringify(specs));
  expect(await fetchListing(access, home, false)).toMatchObject({ version: 1, changes: [], failure: undefined });
  expect(await fetchListing(access, home, false)).toMatchObject({ version: 1, changes: [] });
  specs = [{ ...specOf('BTC'), tick: '0.05', minSize: '0.002' }, specOf('SOL')];
  const changed = await fetchListing(access, home, false);
  expect(changed.version).toBe(2);
  expect(changed.changes).toEqual([
    'BTC: tick "0.01" → "0.05"',
    'BTC: minSize none → "0.002"',
    'SOL: new',
    'ETH: gone',
  ]);

  await server.close();
  const old = await fetchListing(access, home, true);
  expect(old).toMatchObject({ version: 2, changes: [], failure: { code: 'NETWORK' } });
  expect(old.instruments).toEqual(changed.instruments);
  await expect(fetchListing(access, home, false)).rejects.toMatchObject({ code: 'NETWORK' });
});

it('takes no file that is damaged, and none of another address', async () => {
  const home = new Home(folder.fresh());
  const specs = [specOf('BTC')];
  const { access, server } = await start(() => JSON.stringify(specs));
  await fetchListing(access, home, false);
  const file = join(home.instruments, 'scripted.json');
  expect(readdirSync(home.instruments)).toEqual(['scripted.json']);
  await server.close();
  const other = await start(() => '');
  await other.server.close();
  await expect(fetchListing(other.access, home, true)).rejects.toMatchObject({ code: 'NETWORK' });
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20));
  await expect(fetchListing(access, home, true)).rejects.toMatchObject({ code: 'NETWORK' });
});

it('measures how far the venue’s clock is from ours', async () => {
  const { access } = await start(() => String(access.clock.nowMs() + 2500));
  const offset = await measureOffset(access);
  expect(Math.abs(offset.offsetMs - 2500)).toBeLessThanOrEqual(offset.errorMs + 0.1);
  expect(access.clock.offset('scripted')).toBe(offset);
  const dead = await start(() => '');
  await dead.server.close();
  await expect(measureOffset(dead.access, 2)).rejects.toMatchObject({ code: 'NETWORK' });
});

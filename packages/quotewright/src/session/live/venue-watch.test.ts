/** What is gathered of the ways to the venues, as the server is told it. */
import { Instrument } from '@quotewright/core/market/instrument';
import { afterEach, expect, it } from 'vitest';
import type { ConnectorStats } from '../../venues/runtime/connector.ts';
import { LiveClock } from '../../venues/runtime/live-clock.ts';
import { ScriptedServer, until } from '../../venues/runtime/testing/scripted-server.ts';
import { scriptedVenue, settingsFor, specOf } from '../../venues/runtime/testing/scripted-venue.ts';
import { VenueAccess } from '../../venues/runtime/venue-access.ts';
import type { VenueEvent } from '../../venues/runtime/venue-event.ts';
import type { VenuesReport } from '../../server/protocol/venues.ts';
import { VenueWatch } from './venue-watch.ts';

const DAY = 20_000;
const MS_PER_DAY = 86_400_000;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const NOTHING = { messages: 0, parsed: 0, unreadable: 0, gaps: 0, checksums: 0, badChecksums: 0, resyncs: 0 };

async function scene(settings: Readonly<Record<string, unknown>> = {}, hasOrders = false) {
  const machine = { ms: 0, polledNs: 0 };
  const clock = new LiveClock(DAY, { monotonicMs: () => machine.ms, wallMs: () => DAY * MS_PER_DAY + machine.ms });
  const server = await ScriptedServer.start({
    message: () => undefined,
    http: (_, response) => response.end('[]'),
  });
  const access = VenueAccess.open({ venue: scriptedVenue(), settings: settingsFor(server, settings), clock });
  closers.push(
    () => server.close(),
    async () => access.close(),
  );
  const { name } = access.venue;
  const instruments = ['BTC', 'ETH'].map((symbol) => new Instrument(specOf(symbol)));
  const stats: { -readonly [K in keyof ConnectorStats]: ConnectorStats[K] } = {
    feeds: { feed: NOTHING },
    duplicates: 0,
    reconnects: 0,
    zombies: 0,
    stales: 0,
    resyncs: 0,
    switches: 0,
  };
  const connection = { venue: name, stats, isFeedUp: true, areOrdersUp: false };
  const watch = new VenueWatch({ clock, instruments, members: new Map([[name, { access }]]), hasOrders });
  const tell = (type: VenueEvent['type'], more: Partial<VenueEvent> = {}): void =>
    watch.event({
      type,
      severity: 'info',
      venue: name,
      line: 'feed',
      market: -1,
      nowNs: clock.nowNs(),
      text: type,
      count: 1,
      ...more,
    });
  const pass = (ms: number): void => {
    machine.ms += ms;
  };
  const report = (): VenuesReport => {
    machine.polledNs += 1e9;
    const found = watch.poll(machine.polledNs, [connection]);
    if (found === undefined) throw new Error('no report');
    return found;
  };
  const link = () => report().links.get(name)!;
  return { access, clock, connection, stats, watch, tell, pass, report, link };
}

it('says of each book why it is not believed, from when on, and nothing once it is', async () => {
  const { link, tell, pass } = await scene();
  expect(link().staleBooks).toMatchObject([
    { instrument: 0, fault: null, text: 'no snapshot has come yet', sinceMs: DAY * MS_PER_DAY },
    { instrument: 1, fault: null },
  ]);
  tell('snapshot', { market: 0 });
  tell('snapshot', { market: 1 });
  expect(link().staleBooks).toEqual([]);
  pass(1500);
  tell('stale', { market: 1, fault: 'checksum', text: 'the checksum is another' });
  pass(500);
  tell('stale', { market: 1, fault: 'disconnected', text: 'the connection is gone' });
  const sinceMs = DAY * MS_PER_DAY + 1500;
  expect(link().staleBooks).toEqual([
    { instrument: 1, fault: 'disconnected', text: 'the connection is gone', sinceMs },
  ]);
});

it('believes a book as long as one of two connections has it', async () => {
  const { link, tell } = await scene({ redundant: true });
  for (const market of [0, 1]) tell('snapshot', { market, line: 'feed-b' });
  expect(link().staleBooks).toEqual([]);
  tell('snapshot', { market: 0 });
  tell('stale', { market: 0, line: 'feed-b', fault: 'gap' });
  expect(link().staleBooks).toEqual([]);
  tell('stale', { market: 0, fault: 'crossed' });
  expect(link().staleBooks).toMatchObject([{ instrument: 0, fault: 'crossed' }]);
});

it('tells which connections stand, and since when', async () => {
  const { link, tell, pass } = await scene({ redundant: true });
  expect(link().lines).toEqual([
    { name: 'feed', isUp: false, sinceMs: null },
    { name: 'feed-b', isUp: false, sinceMs: null },
  ]);
  tell('connected');
  pass(10);
  tell('connected', { line: 'feed-b' });
  // Of a connection that could not be made nothing has changed.
  tell('unreachable');
  pass(10);
  tell('disconnected');
  expect(link().lines).toEqual([
    { name: 'feed', isUp: false, sinceMs: DAY * MS_PER_DAY + 20 },
    { name: 'feed-b', isUp: true, sinceMs: DAY * MS_PER_DAY + 10 },
  ]);
});

it('counts messages a second between two reports, and what was held back', async () => {
  const { link, stats, pass, tell } = await scene();
  link();
  stats.feeds = { 'feed 1': { ...NOTHING, messages: 300 }, 'feed 2': { ...NOTHING, messages: 100, badChecksums: 2 } };
  pass(2000);
  tell('rate-limited', { line: 'rest' });
  expect(link()).toMatchObject({ messages: 400, messagesPerSecond: 200, counts: { badChecksums: 2, rateLimited: 1 } });
  pass(1000);
  expect(link().messagesPerSecond).toBe(0);
});

it('knows whether orders can be sent, of a session that sends any', async () => {
  expect((await scene()).link().orders).toBe('none');
  const { link, connection } = await scene({}, true);
  expect(link().orders).toBe('down');
  connection.areOrdersUp = true;
  expect(link().orders).toBe('up');
});

it('keeps the last events, with instrument and wall time', async () => {
  const { report, tell, pass } = await scene();
  tell('subscribed');
  pass(250);
  for (let count = 1; count <= 30; count++)
    tell('stale', { market: count === 30 ? 1 : -1, count, text: 'x'.repeat(999) });
  const { events } = report();
  expect([events.length, events[0]!.count]).toEqual([24, 7]);
  expect(events.at(-1)).toMatchObject({ instrument: 1, count: 30, timeMs: DAY * MS_PER_DAY + 250, type: 'stale' });
  expect(events[0]!.instrument).toBeNull();
  expect(events[0]!.text.length).toBe(200);
});

it('reports once a second, and has the clocks compared now and then', async () => {
  const { watch, clock, access, link, connection } = await scene();
  let asked = 0;
  access.venue.time = () => {
    asked++;
    return Promise.resolve(clock.nowMs() + 40);
  };
  expect(watch.poll(0, [connection])?.links.size).toBe(1);
  expect(watch.poll(0.9e9, [connection])).toBeUndefined();
  await until(() => asked > 1, 'questions');
  await new Promise(setImmediate);
  // The venue's clock is told in milliseconds.
  expect(link()).toMatchObject({ clock: { offsetMs: 40.5, errorMs: 0.5, roundTripMs: 0 } });
  const before = asked;
  watch.poll(59e9, []);
  expect(asked).toBe(before);
  access.venue.time = () => Promise.reject(new Error('out of reach'));
  const failed = (nowNs: number): string | undefined => watch.poll(nowNs, [])?.events.at(-1)?.text;
  let nowNs = 60e9;
  await until(() => failed((nowNs += 1e9)) === 'the clock was not compared: out of reach', 'a notice');
});

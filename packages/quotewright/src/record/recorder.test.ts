import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENT_STRIDE, EventKind, Field, headKind } from '@quotewright/core/market/event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openPartitions } from '../data/parquet/read.ts';
import { tempFolder } from '../data/testing/files.ts';
import { Home } from '../home/home.ts';
import { ScriptedServer, until } from '../venues/runtime/testing/scripted-server.ts';
import { scriptedVenue, settingsFor, specOf } from '../venues/runtime/testing/scripted-venue.ts';
import { Recorder, type RecordSetup } from './recorder.ts';
import { frameContents } from './whole-frames.ts';

const folder = tempFolder();
const HOUR_NS = 3600e9;
let server: ScriptedServer | undefined;
afterEach(async () => server?.close());

/** Answers subscriptions with a snapshot, and tells what is listed. */
async function start(): Promise<ScriptedServer> {
  server = await ScriptedServer.start({
    http: (request, response) =>
      response.end(request.url === '/time' ? String(Date.now()) : JSON.stringify([specOf('BTC'), specOf('ETH')])),
    message: (text, socket) => {
      const { subscribe: symbol } = JSON.parse(text);
      socket.send(
        JSON.stringify({
          type: 'snapshot',
          symbol,
          seq: 1,
          ms: Date.now(),
          bids: [['99.00', '1']],
          asks: [['101.00', '2']],
        }),
      );
    },
  });
  return server;
}

/** Deltas after a snapshot, of one level each. */
function deltas(to: ScriptedServer, symbol: string, from: number, count: number): void {
  for (let seq = from; seq < from + count; seq++) {
    to.push({ type: 'delta', symbol, seq, prev: seq - 1, ms: Date.now(), bids: [['98.00', String(seq)]], asks: [] });
  }
}

function setup(
  to: ScriptedServer,
  out: string,
  more: Partial<RecordSetup> = {},
): RecordSetup & { readonly told: string[] } {
  const told: string[] = [];
  return {
    venue: scriptedVenue(),
    settings: settingsFor(to),
    symbols: ['BTC', 'ETH'],
    credentials: undefined,
    out,
    home: new Home(folder.fresh()),
    isL3: false,
    rotateNs: HOUR_NS * 24,
    rotateBytes: 1e9,
    tell: (line) => told.push(line),
    told,
    ...more,
  };
}

interface Read {
  readonly kinds: number[];
  readonly sizes: number[];
  readonly locals: number[];
}

async function read(out: string): Promise<Read> {
  const recording = await openPartitions(out, { strict: true });
  const found: Read = { kinds: [], sizes: [], locals: [] };
  for await (const { data, length } of recording.batches()) {
    for (let at = 0; at < length * EVENT_STRIDE; at += EVENT_STRIDE) {
      found.kinds.push(headKind(data[at + Field.HEAD]!));
      found.sizes.push(data[at + Field.SIZE_LOTS]!);
      found.locals.push(data[at + Field.LOCAL_NS]!);
    }
  }
  return found;
}

function rawFiles(out: string): string[] {
  const dir = join(out, 'raw/scripted');
  return readdirSync(dir)
    .filter((name) => name.endsWith('.jsonl.zst'))
    .map((name) => join(dir, name))
    .toSorted();
}

function rawLines(path: string): Record<string, unknown>[] {
  const text = Buffer.concat([...frameContents(path)]).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const count = (kinds: readonly number[], kind: number): number => kinds.filter((each) => each === kind).length;

describe('a recorder', () => {
  test('writes frames and records at once, and marks what a lost connection cost', async () => {
    const to = await start();
    const out = folder.fresh();
    const recorder = await Recorder.start(setup(to, out));
    await until(() => recorder.totals.events >= 8, 'two snapshots');
    deltas(to, 'BTC', 2, 5);
    await until(() => recorder.totals.events >= 13, 'five deltas');
    to.drop();
    await until(() => recorder.totals.gaps === 2, 'both books lost');
    await until(() => recorder.totals.events >= 23, 'two more snapshots');
    to.push({ type: 'trade', symbol: 'ETH', seq: 7, ms: Date.now(), price: '100.00', size: '3' });
    await until(() => recorder.totals.events >= 24, 'a trade');
    await recorder.stop();
    // The end of the recording is where its books end.
    expect(recorder.totals).toMatchObject({ events: 26, gaps: 4, rawFiles: 1, parquetFiles: 2 });

    const { kinds, locals } = await read(out);
    expect(kinds).toHaveLength(26);
    expect(count(kinds, EventKind.SNAPSHOT_BEGIN)).toBe(4);
    expect(count(kinds, EventKind.GAP)).toBe(4);
    expect(count(kinds, EventKind.TRADE)).toBe(1);
    expect(locals).toEqual(locals.toSorted((a, b) => a - b));

    const lines = rawLines(rawFiles(out)[0]!);
    expect(lines.map(({ t }) => t).join(' ')).toMatch(
      /^header http connect (?:send )+(?:(?:send|recv) )+close connect (?:(?:send|recv) )*recv$/u,
    );
    expect(lines.filter(({ t }) => t === 'recv')).toHaveLength(10);
    expect(lines[0]).toMatchObject({ venue: 'scripted', instruments: [specOf('BTC'), specOf('ETH')] });
    expect(lines[1]).toMatchObject({ t: 'http', url: `${to.url('http')}/instruments`, status: 200 });
    for (const { ts } of lines.slice(1)) expect(ts).toMatch(/^\d{10}\.\d{9}$/u);
    // Both of a message's times: ours beside it, the venue's in it.
    const trade = lines.find(({ data }) => String(data).includes('trade'));
    expect(Math.abs(Number(trade?.['ts']) * 1000 - JSON.parse(String(trade?.['data'])).ms)).toBeLessThan(60_000);
  });

  test('begins new files by size, and all of them are one recording', async () => {
    const to = await start();
    const out = folder.fresh();
    const recorder = await Recorder.start(setup(to, out, { rotateBytes: 1, symbols: ['BTC'] }));
    await until(() => recorder.totals.events >= 4, 'a snapshot');
    for (let seq = 2; recorder.totals.rawFiles < 2; seq++) {
      deltas(to, 'BTC', seq, 1);
      await until(() => recorder.totals.events >= 3 + seq, 'a delta');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await recorder.stop();
    const { kinds, sizes } = await read(out);
    expect(kinds).toHaveLength(recorder.totals.events);
    const deltaSizes = sizes.slice(4, -1);
    expect(deltaSizes).toEqual(deltaSizes.map((_, i) => (i + 2) * 1000));
    expect(rawFiles(out).length).toBeGreaterThanOrEqual(3);
    const frames = rawFiles(out)
      .flatMap((path) => rawLines(path))
      .filter(({ data }) => String(data).includes('delta'));
    expect(frames.map(({ data }) => JSON.parse(String(data)).seq)).toEqual(deltaSizes.map((_, i) => i + 2));
    for (const path of rawFiles(out)) expect(rawLines(path)[0]).toMatchObject({ t: 'header', exchange: 'SCRIPTED' });
  });

  test('takes nothing while the disk is behind, with a gap that says so, and goes on afterwards', async () => {
    const to = await start();
    const out = folder.fresh();
    const options = setup(to, out, { symbols: ['BTC'], mostWaiting: 20_000 });
    const recorder = await Recorder.start(options);
    await until(() => recorder.totals.events >= 4, 'a snapshot');
    // More than it may keep, within a second.
    deltas(to, 'BTC', 2, 200);
    await until(() => recorder.totals.pauses === 1, 'a pause');
    // Nobody listens.
    to.push({ type: 'trade', symbol: 'BTC', seq: 7, ms: Date.now(), price: '100.00', size: '3' });
    const before = recorder.totals.events;
    await until(() => recorder.totals.events >= before + 4, 'a snapshot again');
    deltas(to, 'BTC', 2, 3);
    await until(() => recorder.totals.events >= before + 7, 'deltas again');
    await recorder.stop();
    expect(options.told.join('\n')).toMatch(
      /warning: the disk is behind by [\d.]+ [kM]B: nothing is taken [^\n]*\n(?:.*\n)*the disk has caught up/u,
    );
    const { kinds } = await read(out);
    expect(kinds).toHaveLength(recorder.totals.events);
    expect(count(kinds, EventKind.TRADE)).toBe(0);
    const gap = kinds.indexOf(EventKind.GAP);
    expect(kinds[gap + 1]).toBe(EventKind.SNAPSHOT_BEGIN);
    expect(
      rawLines(rawFiles(out)[0]!)
        .map(({ t }) => t)
        .join(' '),
    ).toMatch(/recv connect send recv recv/u);
  });

  test('writes over nothing when its clock says again what it said before', async () => {
    const to = await start();
    const out = folder.fresh();
    // The second is the same for all of them, as after quick restarts or with a clock that was set back.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-21T23:59:59.500Z') });
    try {
      for (let run = 0; run < 3; run++) {
        const recorder = await Recorder.start(setup(to, out, { symbols: ['BTC'] }));
        await until(() => recorder.totals.events >= 4, 'a snapshot');
        await recorder.stop();
      }
    } finally {
      vi.useRealTimers();
    }
    expect(rawFiles(out)).toHaveLength(3);
    expect((await read(out)).kinds).toHaveLength(15);
  });

  test('cuts at midnight, and goes on in the folder of the next day', async () => {
    const to = await start();
    const out = folder.fresh();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-21T23:59:57.700Z') });
    try {
      const recorder = await Recorder.start(setup(to, out, { symbols: ['BTC'], rotateNs: HOUR_NS }));
      await until(() => recorder.totals.events >= 4, 'a snapshot');
      vi.setSystemTime(Date.parse('2026-11-22T00:00:02Z'));
      await until(() => recorder.totals.rawFiles === 1, 'another file');
      deltas(to, 'BTC', 2, 3);
      await until(() => recorder.totals.events >= 7, 'deltas');
      await recorder.stop();
    } finally {
      vi.useRealTimers();
    }
    expect(rawFiles(out).map((path) => basename(path).slice(0, 16))).toEqual(['2026-11-21T23-59', '2026-11-22T00-00']);
    const days = readdirSync(join(out, 'venue=scripted/symbol=BTC'));
    expect(days.toSorted()).toEqual(['date=2026-11-21', 'date=2026-11-22']);
    const { kinds, sizes, locals } = await read(out);
    expect(kinds).toHaveLength(8);
    expect(sizes.slice(4, 7)).toEqual([2000, 3000, 4000]);
    expect(locals).toEqual(locals.toSorted((a, b) => a - b));
  });

  test(
    'goes on after it was killed: the torn end is cut and said, the books that stood are ended',
    { timeout: 60_000 },
    async () => {
      const to = await start();
      const out = folder.fresh();
      const script = folder.write(
        'killed.ts',
        `import { Home } from ${here('../home/home.ts')};
       import { venueSettings } from ${here('../venues/venue-settings.ts')};
       import { scriptedVenue } from ${here('../venues/runtime/testing/scripted-venue.ts')};
       import { Recorder } from ${here('recorder.ts')};
       const [out, rest, socket] = process.argv.slice(2);
       const settings = venueSettings.parse({ addresses: { rest, feed: socket + '/feed', orders: socket } });
       const recorder = await Recorder.start({ venue: scriptedVenue(), settings, symbols: ['BTC'], credentials: undefined, out, home: new Home(out + '-home'),
         isL3: false, rotateNs: ${HOUR_NS * 24}, rotateBytes: 1e9, tell: () => {} });
       setInterval(() => process.stdout.write(recorder.totals.events + ' ' + recorder.progress() + '\\n'), 50);`,
      );
      const child = spawn(
        process.execPath,
        ['-C', 'source', '--no-warnings', script, out, to.url('http'), to.url('ws')],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let said = '';
      child.stdout.on('data', (part: Buffer) => (said = part.toString()));
      // It begins when the machine lets it.
      await once(child.stdout, 'data');
      await until(() => Number(said.split(' ')[0]) >= 4, 'a snapshot there');
      deltas(to, 'BTC', 2, 10);
      const dir = join(out, 'raw/scripted');
      const growing = (end: string): string =>
        join(dir, readdirSync(dir).find((name) => name.endsWith(`${end}.part`)) ?? '');
      // It writes once a second: all ten are on the disk when they are in its files.
      const isThere = (): boolean => {
        const path = growing('.jsonl.zst');
        return (
          existsSync(path) &&
          statSync(path).isFile() &&
          Buffer.concat([...frameContents(path)])
            .toString()
            .includes(String.raw`\"seq\":11`)
        );
      };
      await until(isThere, 'the deltas on the disk');
      const spooled = (): number =>
        [...frameContents(growing('.spool'))].slice(1).reduce((sum, content) => sum + content.length / 64, 0);
      await until(() => spooled() === 14, 'the records on the disk');
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      for (const end of ['.jsonl.zst', '.spool'])
        appendFileSync(growing(end), readFileSync(growing(end)).subarray(0, 40));

      const again = setup(to, out, { symbols: ['BTC'] });
      const recorder = await Recorder.start(again);
      expect(again.told.slice(0, 3).map((line) => line.replace(/^.*: /u, ''))).toEqual([
        '40 bytes of a torn end were cut',
        '40 bytes of a torn end were cut',
        '15 events of a recording that was cut off are in 1 Parquet files',
      ]);
      await until(() => recorder.totals.events >= 4, 'a snapshot again');
      await recorder.stop();
      const { kinds, sizes, locals } = await read(out);
      expect(kinds).toHaveLength(15 + 5);
      expect(sizes.slice(4, 14)).toEqual(Array.from({ length: 10 }, (_, i) => (i + 2) * 1000));
      expect([kinds[14], kinds[15]]).toEqual([EventKind.GAP, EventKind.SNAPSHOT_BEGIN]);
      expect(locals[14]).toBe(locals[13]);
      expect(rawFiles(out)).toHaveLength(2);
    },
  );

  test('refuses symbols that are not listed, and a folder in which another one writes', async () => {
    const to = await start();
    const out = folder.fresh();
    await expect(Recorder.start(setup(to, out, { symbols: ['BTC', 'BTX'] }))).rejects.toThrow(
      'scripted:BTX: the venue lists no such instrument',
    );
    const recorder = await Recorder.start(setup(to, out));
    await expect(Recorder.start(setup(to, out))).rejects.toThrow('found another recorder that writes there');
    await recorder.stop();
    await (await Recorder.start(setup(to, out))).stop();
  });
});

/** Path of a file beside this one, as text of a program. */
function here(name: string): string {
  return JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
}

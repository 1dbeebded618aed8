/** The flights that are open: closed when nobody looks at them, failed when their thread is, read anew when more is written. */
import { appendFileSync, readFileSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import type { FlightInfo } from '../server/protocol/research.ts';
import { Flights } from './flights.ts';
import { writeSession } from './testing/sessions.ts';

const folder = tempFolder();
const SOURCE = { kind: 'session', id: 'one' } as const;
let flights: Flights | undefined;
afterEach(() => {
  vi.restoreAllMocks();
  flights?.closeAll();
});

async function read(of: Flights, info: FlightInfo): Promise<FlightInfo> {
  for (let now = info; ; now = of.info(info.id)) {
    if (now.state !== 'reading') return now;
    await pause(5);
  }
}

describe('flights', () => {
  it('are closed when nobody has looked at them for ten minutes', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const dir = folder.fresh();
      await writeSession(dir, { seconds: 2 });
      flights = new Flights(folder.path);
      const { id } = await read(flights, flights.open(SOURCE, dir));
      const nowMs = performance.now();
      const clock = vi.spyOn(performance, 'now').mockReturnValue(nowMs + 9 * 60_000);
      vi.advanceTimersByTime(60_000);
      expect(flights.list().map((each) => each.id)).toEqual([id]);
      clock.mockReturnValue(nowMs + 11 * 60_000);
      vi.advanceTimersByTime(60_000);
      expect(flights.list()).toEqual([]);
      await expect(flights.ask(id, { ask: 'overview' })).rejects.toMatchObject({ code: 'absent' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('are read anew when more has been written, and leave nothing on the disk', async () => {
    const dir = folder.fresh();
    const records = folder.fresh();
    await writeSession(dir, { seconds: 4 });
    const file = join(dir, '00000001.qwj');
    const all = readFileSync(file);
    truncateSync(file, Math.floor(all.length / 2));
    flights = new Flights(records);
    const first = await read(flights, flights.open(SOURCE, dir));
    expect(flights.open(SOURCE, dir).id).toBe(first.id);
    appendFileSync(file, all.subarray(statSync(file).size));
    const second = await read(flights, flights.open(SOURCE, dir));
    expect(second.events).toBeGreaterThan(first.events);
    expect(flights.list().map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(readdirSync(records)).toEqual([]);
  });

  it('are not opened of what has gone meanwhile', () => {
    flights = new Flights(folder.path);
    expect(() => flights!.open(SOURCE, join(folder.fresh(), 'gone'))).toThrow(
      "the session 'one' is not there any more",
    );
    expect(flights.list()).toEqual([]);
  });

  it('do not answer while they are read, nor when they are closed meanwhile', async () => {
    const dir = folder.fresh();
    await writeSession(dir, { seconds: 4 });
    flights = new Flights(folder.path);
    const { id } = flights.open(SOURCE, dir);
    await expect(flights.ask(id, { ask: 'overview' })).rejects.toMatchObject({ code: 'not-ready' });
    await read(flights, flights.info(id));
    const asked = flights.ask(id, { ask: 'moment', event: 0 });
    flights.close(id);
    await expect(asked).rejects.toThrow('it was closed');
    expect(() => flights!.close(id)).toThrow(`no flight '${id}' is open`);
  });
});

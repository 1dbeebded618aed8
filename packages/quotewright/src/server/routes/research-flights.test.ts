/** The flight recorder as REST: opened, asked, refused. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { writeSession } from '../../flight/testing/sessions.ts';
import type { FlightInfo } from '../protocol/research.ts';
import { type ResearchApp, researchApp } from '../research/testing/research-app.ts';

const folder = tempFolder();
let app: ResearchApp;
let events: number;

beforeAll(async () => {
  const dir = folder.fresh();
  app = await researchApp(dir);
  events = await writeSession(join(app.home.sessions, 'one'), { seconds: 20, restartAt: 11 });
});
afterAll(() => app.app.close());

/** Opens and waits until it is read. */
async function open(kind: 'session' | 'recording', id: string): Promise<FlightInfo> {
  const opened = await app.send('POST', '/flights', { source: { kind, id } });
  expect(opened.status, opened.text).toBe(201);
  let info: FlightInfo = opened.json;
  while (info.state === 'reading') {
    await pause(5);
    info = (await app.get(`/flights/${info.id}`)).json;
  }
  return info;
}

describe('flights', () => {
  it('are read, and answer moments, events, what is next, and an overview', async () => {
    const info = await open('session', 'one');
    expect(info).toMatchObject({
      state: 'ready',
      failure: '',
      events,
      hasTrading: true,
      strategies: ['microprice-maker'],
    });
    expect(info.notes).toEqual(['replayed exactly: 4 hashes that the session wrote were compared']);
    const overview = await app.get(`/flights/${info.id}/overview`);
    expect(overview.json.marks.map(({ kind }: { kind: string }) => kind)).toContain('restart');
    const fill = await app.get(`/flights/${info.id}/find?from=0&kind=fill`);
    const { event } = fill.json;
    const moment = await app.get(`/flights/${info.id}/moment?event=${event}`);
    expect(moment.json.what).toMatchObject({ event, kind: 'FILL' });
    expect(moment.json.fills.at(-1).timeMs).toBe(moment.json.timeMs);
    const atTime = await app.get(`/flights/${info.id}/moment?timeMs=${info.toMs}`);
    expect(atTime.json.event).toBe(events - 1);
    const list = await app.get(`/flights/${info.id}/events?from=${event - 2}&count=5`);
    expect(list.json.events.map((each: { event: number }) => each.event)).toEqual(
      [-2, -1, 0, 1, 2].map((i) => event + i),
    );
    expect(list.json.events[2]).toEqual(moment.json.what);
    expect(app.said).toEqual([]);
  });

  it('are the same one while nothing has been written', async () => {
    const [a, b] = [await open('session', 'one'), await open('session', 'one')];
    expect(b.id).toBe(a.id);
  });

  it.each([
    ['moment', 400],
    ['moment?event=1&timeMs=2', 400],
    ['moment?event=-1', 400],
    ['moment?event=1.5', 400],
    ['moment?event=999999999', 400],
    ['moment?event=abc', 400],
    ['moment?timeMs=NaN', 400],
    ['events?from=0&count=0', 400],
    ['events?from=0&count=100000', 400],
    ['events?from=999999999&count=1', 400],
    ['find?from=0&kind=nonsense', 400],
    ['find?from=0&kind=fill&direction=up', 400],
  ])('refuse %s', async (path, status) => {
    const { id } = await open('session', 'one');
    const answer = await app.get(`/flights/${id}/${path}`);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.json.type).toBe('urn:quotewright:problem:bad-request');
  });

  it('find nothing beyond the ends, and answer what lies outside of the times', async () => {
    const { id } = await open('session', 'one');
    expect((await app.get(`/flights/${id}/find?from=0&kind=trade&direction=previous`)).json).toEqual({ event: null });
    expect((await app.get(`/flights/${id}/find?from=99999999&kind=fill&direction=next`)).json).toEqual({ event: null });
    expect((await app.get(`/flights/${id}/moment?timeMs=0`)).json.event).toBe(0);
    expect((await app.get(`/flights/${id}/moment?timeMs=9e15`)).json.event).toBe(events - 1);
  });

  it('of what is not there are refused', async () => {
    for (const source of [
      { kind: 'session', id: 'none' },
      { kind: 'recording', id: 'one' },
    ]) {
      expect((await app.send('POST', '/flights', { source })).json.code).toBe('not-found');
    }
    expect((await app.get('/flights/nonsense/overview')).json.code).toBe('not-found');
    expect((await app.send('DELETE', '/flights/nonsense')).json.code).toBe('not-found');
  });

  it('fail with one line when a strategy is gone, or no journal is there', async () => {
    await writeSession(join(app.home.sessions, 'gone'), {
      seconds: 1,
      change: (header) => ({ ...header, strategies: [{ strategy: '/nowhere/gone.ts', params: {} }] }),
    });
    const gone = await open('session', 'gone');
    expect(gone).toMatchObject({ state: 'failed', failure: '/nowhere/gone.ts: no such strategy file' });
    const answer = await app.get(`/flights/${gone.id}/overview`);
    expect(answer.json).toMatchObject({ code: 'not-possible', detail: gone.failure });
    cpSync(join(app.home.sessions, 'one'), join(app.home.sessions, 'empty'), { recursive: true });
    rmSync(join(app.home.sessions, 'empty', '00000001.qwj'));
    expect((await open('session', 'empty')).failure).toMatch(
      /^empty: the records before [\d,]+ are not there any more, and nothing says where it stood then: /,
    );
  });

  it('give way: at most four are open', async () => {
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      cpSync(join(app.home.sessions, 'one'), join(app.home.sessions, name), { recursive: true });
      ids.push((await open('session', name)).id);
    }
    const flights = (await app.get('/flights')).json;
    expect(flights.map((each: FlightInfo) => each.id)).toEqual(ids.slice(1).toReversed());
    expect((await app.get(`/flights/${ids[0]}`)).status).toBe(404);
    expect((await app.send('DELETE', `/flights/${ids[1]}`)).status).toBe(204);
    expect((await app.get(`/flights/${ids[1]}`)).status).toBe(404);
  });
});

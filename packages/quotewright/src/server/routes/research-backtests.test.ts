/** Backtests as REST: started, watched, cancelled, deleted, known after a restart. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { writeSession } from '../../flight/testing/sessions.ts';
import type { BacktestInfo } from '../protocol/research.ts';
import { type ResearchApp, researchApp } from '../research/testing/research-app.ts';

const folder = tempFolder();
const dir = folder.fresh();
const source = { kind: 'session', id: 'one' };
let app: ResearchApp;

beforeAll(async () => {
  app = await researchApp(dir);
  await writeSession(join(app.home.sessions, 'one'), { seconds: 15, symbols: 'BTCUSDT' });
  writeFileSync(join(app.home.recordings, 'broken.csv'), 'nothing of a market\n');
});
afterAll(() => app.app.close());

async function start(body: object): Promise<BacktestInfo> {
  const started = await app.send('POST', '/backtests', body);
  expect(started.status, started.text).toBe(202);
  return started.json;
}

async function ended(id: string): Promise<BacktestInfo> {
  for (;;) {
    const { json } = await app.get(`/backtests/${id}`);
    if (json.state !== 'waiting' && json.state !== 'running') return json;
    await pause(20);
  }
}

describe('backtests', () => {
  it('run over a session, wait for one another, and leave a result and a report', async () => {
    const first = await start({ source, strategy: 'avellaneda-stoikov', params: { riskAversion: '0.2' }, seed: 4 });
    const second = await start({ source, strategy: 'basic-maker' });
    expect([first.state, second.state]).toEqual(['running', 'waiting']);
    expect(first.params).toMatchObject({ riskAversion: 0.2 });
    const done = await ended(first.id);
    expect(done).toMatchObject({
      state: 'done',
      failure: '',
      progress: 1,
      hasReport: true,
      strategy: 'avellaneda-stoikov',
    });
    expect(done.fills).toEqual(expect.any(Number));
    expect(done.endedMs).toBeGreaterThanOrEqual(done.createdMs);
    const result = await app.get(`/backtests/${first.id}/result`);
    expect(result.json).toMatchObject({ seed: 4, strategy: { name: 'avellaneda-stoikov' }, isPartial: false });
    const kept = JSON.parse(readFileSync(join(app.home.backtests, first.id, 'result.json'), 'utf8'));
    expect(result.json).toEqual(kept);
    expect((await ended(second.id)).state).toBe('done');
    const list = await app.get('/backtests');
    expect(list.json.map(({ id }: BacktestInfo) => id)).toEqual([second.id, first.id]);
    expect(app.said).toEqual([]);
  });

  it('fail with their one line', async () => {
    const { id } = await start({ source: { kind: 'recording', id: 'broken.csv' }, strategy: 'basic-maker' });
    const failed = await ended(id);
    expect(failed.state).toBe('failed');
    expect(failed.failure).toMatch(/^broken\.csv: /);
    expect(failed.failure).not.toContain(dir);
    expect((await app.get(`/backtests/${id}/result`)).json).toMatchObject({ status: 409, code: 'not-possible' });
  });

  it('fail when a parameter is what no program can be given', async () => {
    const { id } = await start({ source, strategy: 'basic-maker', params: { hours: 'a\0b' } });
    expect((await ended(id)).failure).toMatch(/^the program could not be started: /);
  });

  it('are cancelled while they run or wait, and deleted', async () => {
    const running = await start({ source, strategy: 'basic-maker' });
    const waiting = await start({ source, strategy: 'basic-maker' });
    for (const { id } of [waiting, running]) {
      const cancelled = await app.send('POST', `/backtests/${id}/cancel`);
      expect(cancelled.json).toMatchObject({ state: 'cancelled', failure: '' });
      expect((await app.send('POST', `/backtests/${id}/cancel`)).status).toBe(409);
    }
    const third = await start({ source, strategy: 'basic-maker' });
    expect((await app.send('DELETE', `/backtests/${third.id}`)).json).toMatchObject({ state: 'cancelled' });
    for (const { id } of [running, waiting, third]) {
      expect((await app.send('DELETE', `/backtests/${id}`)).status).toBe(204);
      expect((await app.get(`/backtests/${id}`)).status).toBe(404);
      expect(readdirSync(app.home.backtests)).not.toContain(id);
    }
  });

  it.each([
    [{ source, strategy: 'nonsense' }, 'strategy'],
    [{ source, strategy: '../../etc/passwd' }, 'strategy'],
    [{ source, strategy: '/tmp/evil.js' }, 'strategy'],
    [{ source, strategy: 'basic-maker', params: { nonsense: 1 } }, 'params.nonsense'],
    [{ source, strategy: 'avellaneda-stoikov', params: { riskAversion: -1 } }, 'params.riskAversion'],
    [{ source, strategy: 'avellaneda-stoikov', params: { riskAversion: 'much' } }, 'params.riskAversion'],
    [{ source, strategy: 'basic-maker', seed: -1 }, 'seed'],
    [{ source, strategy: 'basic-maker', seed: 1e300 }, 'seed'],
    [{ source: { kind: 'session', id: '../one' }, strategy: 'basic-maker' }, 'source.id'],
    [{ source: { kind: 'folder', id: 'one' }, strategy: 'basic-maker' }, 'source.kind'],
    [{ source, strategy: 'basic-maker', more: 1 }, ''],
  ])('refuse %j', async (body, field) => {
    const answer = await app.send('POST', '/backtests', body);
    expect(answer.json).toMatchObject({ status: 400, code: 'bad-request' });
    expect(answer.json.errors[0].field).toBe(field);
  });

  it('of what is not there are not found', async () => {
    for (const each of [
      { kind: 'session', id: 'none' },
      { kind: 'recording', id: 'one' },
    ]) {
      const answer = await app.send('POST', '/backtests', { source: each, strategy: 'basic-maker' });
      expect(answer.json.code).toBe('not-found');
    }
    expect((await app.get('/backtests/none')).status).toBe(404);
    expect((await app.send('DELETE', '/backtests/none')).status).toBe(404);
    expect((await app.send('POST', '/backtests/none/cancel')).status).toBe(404);
  });

  it('are known after a restart; what the server has interrupted has failed', async () => {
    const before = (await app.get('/backtests')).json;
    const { id } = await start({ source, strategy: 'basic-maker' });
    await app.app.close();
    mkdirSync(join(app.home.backtests, 'nothing'));
    app = await researchApp(dir);
    const [newest, ...others] = (await app.get('/backtests')).json;
    expect(others).toEqual(before);
    expect(newest).toMatchObject({ id, state: 'failed', failure: 'the server ended before it was done' });
  });

  it('can be of every strategy of the catalogue, with what each may be given', async () => {
    const strategies = (await app.get('/catalogue/strategies')).json;
    expect(strategies.map(({ name }: { name: string }) => name)).toContain('glft');
    for (const { parameters } of strategies) {
      for (const { value, default: usual } of parameters) expect(value).toBe(usual);
    }
  });
});

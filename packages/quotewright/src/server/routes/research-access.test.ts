/** Research in a whole server: who may do what, and a flight of the session that is going on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { type LivingServer, livingServer } from '../testing/living-server.ts';

const temp = tempFolder();
const TRADER = 'token-of-a-trader';
let session: LivingServer;

beforeAll(async () => {
  const tokens = [
    { name: 'reader', role: 'read' as const, token: 'token-of-a-reader' },
    { name: 'trader', role: 'trade' as const, token: TRADER },
  ];
  session = await livingServer(temp.fresh(), { config: { tokens } });
  await session.pass(20);
});
afterAll(() => session.close());

describe('on loopback', () => {
  it('reading is free, and so are flights', async () => {
    for (const path of ['sessions', 'recordings', 'reports', 'backtests', 'flights', 'catalogue/strategies']) {
      const answer = await session.ask(`/api/v1/${path}`);
      expect(answer.status, answer.text).toBe(200);
    }
    const body = { source: { kind: 'session', id: 'test' } };
    const opened = await session.ask('/api/v1/flights', { method: 'POST', body });
    expect(opened.status, opened.text).toBe(201);
    let info = opened.json;
    while (info.state === 'reading') {
      await pause(10);
      info = (await session.ask(`/api/v1/flights/${info.id}`)).json;
    }
    // This session keeps no journal in its folder.
    expect(info).toMatchObject({ state: 'failed', failure: 'test: holds no journal of a session' });
    expect((await session.ask(`/api/v1/flights/${info.id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('a backtest needs a trader, deleting one an admin', async () => {
    const body = { source: { kind: 'session', id: 'test' }, strategy: 'nonsense' };
    const start = (token?: string) => session.ask('/api/v1/backtests', { method: 'POST', body, token });
    expect((await start()).status).toBe(401);
    expect((await start('token-of-a-reader')).status).toBe(403);
    expect((await start(TRADER)).json).toMatchObject({ status: 400, errors: [{ field: 'strategy' }] });
    const folder = join(session.home, 'backtests', 'old');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'request.json'), JSON.stringify({ ...body, createdMs: 1 }));
    const remove = (token?: string) => session.ask('/api/v1/backtests/old', { method: 'DELETE', token });
    expect((await remove()).status).toBe(401);
    expect((await remove('token-of-a-reader')).status).toBe(403);
    expect((await remove(TRADER)).json).toMatchObject({ status: 403, code: 'wrong-role' });
    expect((await remove(session.token)).status).toBe(204);
    expect((await remove(session.token)).status).toBe(404);
  });

  it('all of it is in the OpenAPI document', async () => {
    const { paths } = (await session.ask('/openapi.json')).json;
    const names = Object.keys(paths);
    for (const path of ['sessions/{id}', 'reports/{id}/{file}', 'backtests/{id}/cancel', 'flights/{id}/moment']) {
      expect(names).toContain(`/api/v1/${path}`);
    }
  });
});

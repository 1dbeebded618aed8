/** What is done to a session by its server: strategies, parameters, limits, breakers, alerts, the kill switch; and what is written of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLines } from '../audit/testing/audit-lines.ts';
import { tempFolder } from '../data/testing/files.ts';
import { type LivingServer, livingServer } from './testing/living-server.ts';

const folder = tempFolder();
let session: LivingServer;
beforeAll(async () => {
  session = await livingServer(folder.fresh());
  await session.pass(400);
});
afterAll(() => session.close());

const put = (path: string, body: unknown) => session.act(`/api/v1/${path}`, { method: 'PUT', body });
const post = (path: string, body?: unknown) => session.act(`/api/v1/${path}`, { body });
const get = async (path: string) => (await session.ask(`/api/v1/${path}`)).json;

const limitAt = async (scope: string) =>
  (await get('risk/limits')).find(
    (each: { limit: string; scope: string }) => each.limit === 'max_order_size' && each.scope === scope,
  );

describe('a session that is commanded by its server', () => {
  it('pauses, stops and starts a strategy, and shows what came of it', async () => {
    expect(await get('orders')).not.toEqual([]);
    expect((await post('strategies/0/pause')).status).toBe(200);
    await session.pass(5);
    expect((await get('strategies/0')).state).toBe('paused');
    expect((await get('session')).strategies[0].state).toBe('paused');
    expect(await get('orders')).toEqual([]);
    await post('strategies/0/stop');
    await session.pass(5);
    expect((await get('strategies/0')).state).toBe('stopped');
    await post('strategies/0/start');
    await session.pass(400);
    expect((await get('strategies/0')).state).toBe('running');
    expect(await get('orders')).not.toEqual([]);
    expect((await post('strategies/7/stop')).json.code).toBe('not-found');
  });

  it('sets parameters within what each may be, all of them or none', async () => {
    const before = await get('strategies/0/parameters');
    const { name, value } = before.find((each: { type: string }) => each.type === 'number');
    expect((await put('strategies/0/parameters', { parameters: { [name]: value + 1 } })).status).toBe(200);
    await session.pass(2);
    const valueOf = async () =>
      (await get('strategies/0/parameters')).find((each: { name: string }) => each.name === name).value;
    expect(await valueOf()).toBe(value + 1);
    for (const bad of [{ [name]: -1e9 }, { [name]: 'x' }, { nope: 1 }, { [name]: value, nope: 1 }]) {
      const answer = await put('strategies/0/parameters', { parameters: bad });
      expect([answer.status, answer.json.code], JSON.stringify(bad)).toEqual([400, 'refused']);
    }
    expect(await valueOf()).toBe(value + 1);
  });

  it('sets a limit in a scope, and takes it away', async () => {
    const scope = 'instrument:living:BTCUSDT';
    expect((await put('risk/limits/max_order_size', { scope, value: 0.5 })).json.text).toContain('→ 0.5');
    await session.pass(2);
    expect(await limitAt(scope)).toMatchObject({ value: 0.5, isDefault: false });
    expect((await put('risk/limits/max_order_size', { scope, value: null })).status).toBe(200);
    await session.pass(2);
    expect(await limitAt(scope)).toMatchObject({ value: null });
  });

  it('trips and resets a breaker, with its history', async () => {
    expect((await post('risk/breaker/trip', { instrument: 'ETHUSDT' })).json.text).toContain('CLOSED → OPEN');
    await session.pass(2);
    const tripped = await get('risk/breaker');
    expect(tripped.breakers).toContainEqual({ instrument: 'living:ETHUSDT', state: 'OPEN', untilMs: null, trips: 1 });
    expect(tripped.history.at(-1)).toMatchObject({
      instrument: 'living:ETHUSDT',
      trigger: 'MANUAL',
      from: 'CLOSED',
      to: 'OPEN',
    });
    expect((await post('risk/breaker/reset', { instrument: 'NOPE' })).json.errors[0].field).toBe('instrument');
    await post('risk/breaker/reset', {});
    await session.pass(2);
    expect((await get('risk/breaker')).breakers.map(({ state }: { state: string }) => state)).toEqual([
      'CLOSED',
      'CLOSED',
      'CLOSED',
    ]);
  });

  it('says what a change without sense is refused for', async () => {
    const answer = await post('alerts/999999/acknowledge');
    expect([answer.status, answer.json.code, answer.json.errors[0].field]).toEqual([400, 'refused', 'number']);
    expect((await post('reconcile')).json).toMatchObject({
      code: 'refused',
      detail: 'this session has no venue to ask',
    });
  });

  it('is killed: nothing is open, and trading is halted', async () => {
    await session.pass(20);
    const { status, json } = await post('kill');
    expect(status).toBe(200);
    expect(json.unconfirmed).toEqual([]);
    await session.pass(5);
    expect((await get('risk')).state).toBe('HALTED');
    expect(await get('orders')).toEqual([]);
    expect((await get('orders?state=all')).length).toBeGreaterThan(0);
  });

  it('has shown all along what the trading engine knows', async () => {
    const { replica } = await get('system');
    expect(replica).toMatchObject({ lag: 0, isEqual: true, restarts: 0, inputs: session.engine.inputs.count });
    expect(replica.comparisons).toBeGreaterThan(50);
  });

  it('has written a line of each, with who it was', async () => {
    const lines = (await auditLines(session.dir)).filter(({ who }) => who.role.startsWith('server'));
    expect(lines.every(({ who }) => who.role === 'server admin/home')).toBe(true);
    const what = lines.map(({ what: each }) => each);
    for (const each of [
      'limit.set',
      'breaker.trip',
      'breaker.reset',
      'kill',
      'kill.outcome',
      'command.refused',
      'server.refused',
    ])
      expect(what, each).toContain(each);
    expect(what.filter((each) => each.startsWith('strategy.')).length).toBeGreaterThanOrEqual(3);
    expect(lines.find(({ what: each }) => each === 'server.refused')).toMatchObject({
      subject: 'POST /api/v1/strategies/7/stop',
    });
  });
});

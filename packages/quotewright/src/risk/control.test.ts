/** Commands from outside to a session that runs: what they change in the engine, what is written of them, and what is not confirmed. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { LIMIT_INDEX, Scope } from '@quotewright/core/risk/limits';
import { OrderState } from '@quotewright/core/trading/order-state';
import { Command } from '@quotewright/core/trading/records';
import { RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { afterEach, describe, expect, it } from 'vitest';
import { queryAlerts } from '../alerts/alert-history.ts';
import { verifyAudit } from '../audit/audit-read.ts';
import { tempFolder } from '../data/testing/files.ts';
import { askSession } from './control-client.ts';
import { killFile, socketPath } from './control-place.ts';
import { type RunningSession, actionsIn, runningSession, who } from './testing/running-session.ts';

const folder = tempFolder();

const STATE_NAMES = Object.fromEntries(Object.entries(OrderState).map(([name, state]) => [state, name]));

const running: RunningSession[] = [];
afterEach(async () => {
  for (const session of running.splice(0)) await session.end();
});

async function sessionIn(dir: string, reportNs?: number): Promise<RunningSession> {
  const session = await runningSession(dir, reportNs === undefined ? {} : { reportNs });
  running.push(session);
  return session;
}

describe('a running session', () => {
  it('that is killed cancels everything on every venue, and says so when it is confirmed', async () => {
    const session = await sessionIn(folder.fresh());
    session.pass(150);
    expect(session.engine.desk.count(0, 0) + session.engine.desk.count(0, 1)).toBeGreaterThan(0);
    const reply = await session.ask({ ask: 'kill' });
    expect(reply).toMatchObject({ kill: { orders: expect.any(Number), unconfirmed: [] } });
    session.pass(50);
    expect(RISK_STATE_NAMES[session.engine.riskState]).toBe('HALTED');
    expect(session.engine.desk.count(0, 0) + session.engine.desk.count(0, 1)).toBe(0);
    expect((await actionsIn(session.dir)).slice(1)).toEqual(['session.start', 'kill ACTIVE HALTED', 'kill.outcome']);
    expect((await verifyAudit(session.dir)).faults).toEqual([]);
  });

  it('says of which orders it could not confirm that they are gone, and raises an emergency', async () => {
    // Answers come after a minute: each order is unknown after five seconds.
    const session = await sessionIn(folder.fresh(), 60e9);
    session.pass(150);
    const reply = await session.ask({ ask: 'kill' });
    if (!('kill' in reply)) throw new Error('no outcome');
    const { unconfirmed, orders } = reply.kill;
    expect(unconfirmed.length).toBe(orders);
    expect(unconfirmed[0]).toMatchObject({
      state: expect.stringMatching(/^(UNKNOWN|PENDING_CANCEL)$/),
      strategy: '0',
      side: expect.stringMatching(/buy|sell/),
    });
    await session.end();
    const alerts = await queryAlerts(session.dir, { severity: 'EMERGENCY' }, { lines: 0, first: 0 });
    expect(alerts[0]!.alert.text).toContain(`orders not confirmed to be gone: ${orders} of ${orders}`);
  });

  it('asks again for orders that it could not cancel at first, because nothing was known of them', async () => {
    // No answer comes: at first an order cannot be cancelled, then it is late, then it is asked for.
    const session = await sessionIn(folder.fresh(), 60e9);
    const { desk } = session.engine;
    while (desk.requests === 0) session.pass(1);
    const [slot, requests] = [Math.max(desk.firstSlot(0, 0), desk.firstSlot(0, 1)), desk.requests];
    const asking = session.ask({ ask: 'kill' });
    while (desk.requests === requests) {
      session.pass(1);
      await setImmediate();
    }
    expect(STATE_NAMES[desk.stateAt(slot)]).toBe('PENDING_CANCEL');
    expect(await asking).toHaveProperty('kill');
  });

  it('answers a kill that it had no time for when it ends', async () => {
    const session = await sessionIn(folder.fresh(), 60e9);
    session.pass(150);
    const asking = askSession(session.dir, { ask: 'kill', who }, 20_000);
    const { engine } = session;
    while (engine.riskState === 0) {
      session.pass(1);
      await setImmediate();
    }
    await session.end();
    expect(await asking).toMatchObject({ kill: { unconfirmed: expect.arrayContaining([]) } });
  });

  it('is killed by the file KILL, also before it starts, and does not trade until it is gone', async () => {
    const dir = folder.fresh();
    writeFileSync(killFile(dir), '');
    const session = await sessionIn(dir);
    session.pass(150);
    expect(session.engine.desk.requests).toBe(0);
    expect(session.said).toEqual(['kill switch (file KILL): trading is halted, orders confirmed to be gone: 0']);
    expect(await session.ask({ ask: 'state', state: 'ACTIVE' })).toMatchObject({
      error: expect.stringContaining('remove it first'),
    });
    rmSync(killFile(dir));
    expect(await session.ask({ ask: 'state', state: 'ACTIVE' })).toEqual({ text: 'state: HALTED → ACTIVE' });
    session.pass(150);
    expect(session.engine.desk.requests).toBeGreaterThan(0);
    expect(await actionsIn(dir)).toContain(
      `command.refused state state: found the file ${killFile(dir)}, expected none: remove it first`,
    );
  });

  it('is killed although its audit log cannot be written, but refuses other commands then', async () => {
    const session = await sessionIn(folder.fresh());
    session.pass(20);
    rmSync(join(session.dir, 'audit', 'audit.head.json'), { force: true });
    writeFileSync(join(session.dir, 'audit', 'audit-000001.jsonl'), 'torn');
    const limit = { ask: 'limit', limit: 'max_order_size', value: 1, scope: 'global' } as const;
    expect(await session.ask(limit)).toMatchObject({
      error: expect.stringContaining('the audit log cannot be written'),
    });
    expect(await session.ask({ ask: 'kill' })).toMatchObject({ kill: { unconfirmed: [] } });
    expect(session.said[0]).toContain('the audit log cannot be written');
  });

  it('takes another limit for a scope, which is audited with what it was', async () => {
    const session = await sessionIn(folder.fresh());
    const set = (limit: string, value: number | null, scope: string) =>
      session.ask({ ask: 'limit', limit, value, scope });
    expect(await set('max_order_size', 0.25, 'global')).toEqual({ text: 'max_order_size global: 1 → 0.25 base' });
    expect(await set('max_order_size', null, 'instrument:ETHUSDT')).toMatchObject({
      text: expect.stringContaining('nothing → no limit'),
    });
    const { limits } = session.engine.risk!;
    const size = LIMIT_INDEX.get('max_order_size')!;
    expect([limits.at(size, Scope.GLOBAL, 0), limits.at(size, Scope.INSTRUMENT, 1)]).toEqual([0.25, Infinity]);
    expect((await actionsIn(session.dir))[2]).toBe('limit.set max_order_size global 1 0.25');
    const reply = await session.ask({ ask: 'show' });
    if (!('report' in reply)) throw new Error('no report');
    expect(reply.report.limits).toContainEqual({
      limit: 'max_order_size',
      unit: 'base',
      scope: 'global',
      value: 0.25,
      isDefault: false,
    });
  });

  it.each([
    ['max_size', 1, 'global', "limit: found 'max_size', expected one of max_position_size"],
    ['max_order_size', 1, 'planet:earth', "scope: found 'planet:earth', expected one of global, venue:"],
    ['max_order_size', 1, 'strategy:7', "scope: found 'strategy:7'"],
    ['max_net_exposure', 1, 'instrument:BTCUSDT', 'expected one of the kinds that max_net_exposure has'],
    ['max_order_size', -1, 'global', 'max_order_size: found -1, expected a number from 0'],
  ])('refuses the limit %s %s %s', async (limit, value, scope, words) => {
    const session = await sessionIn(folder.fresh());
    expect(await session.ask({ ask: 'limit', limit, value, scope })).toMatchObject({
      error: expect.stringContaining(words),
    });
  });

  it('opens and closes the breaker of an instrument, and of all', async () => {
    const session = await sessionIn(folder.fresh());
    session.pass(10);
    const states = () => [0, 1].map((market) => session.engine.risk!.breakerAt(market));
    await session.ask({ ask: 'trip', instrument: 'BTCUSDT' });
    expect(states()).toEqual([2, 0]);
    await session.ask({ ask: 'reset', instrument: 'BTCUSDT' });
    expect(states()[0]).not.toBe(2);
    await session.ask({ ask: 'trip' });
    expect(states()).toEqual([2, 2]);
    expect(await session.ask({ ask: 'trip', instrument: 'XRP' })).toMatchObject({
      error: expect.stringContaining("found 'XRP'"),
    });
  });

  it('keeps who acknowledged an alert', async () => {
    const session = await sessionIn(folder.fresh());
    expect(await session.ask({ ask: 'acknowledge', number: 3 })).toEqual({
      error: 'number: found 3, expected that of an alert, at most 0',
    });
    session.engine.operate(Command.HALT, -1, 0, 1e9);
    session.engine.operate(Command.ACTIVATE, -1, 0, 2e9);
    session.engine.operate(Command.HALT, -1, 0, 90e9);
    expect(await session.ask({ ask: 'acknowledge', number: 3 })).toEqual({ text: 'alert 3 is acknowledged' });
    await session.end();
    const history = readFileSync(join(session.dir, 'alerts.jsonl'), 'utf8');
    expect(JSON.parse(history)).toMatchObject({ kind: 'ack', number: 3, who });
  });

  it('answers nonsense with an error, and goes on', async () => {
    const session = await sessionIn(folder.fresh());
    for (const nonsense of ['\n', '{}\n', '{"ask":"kill"}\n', '\u0000\uffff\n', 'x'.repeat(20_000)]) {
      const socket = connect(socketPath(session.dir));
      socket.write(nonsense);
      const [reply]: string[] = await once(socket.setEncoding('utf8'), 'data');
      expect(JSON.parse(reply!.split('\n')[0]!)).toHaveProperty('error');
      socket.destroy();
    }
    expect(await session.ask({ ask: 'show' })).toHaveProperty('report');
    expect(session.engine.riskState).toBe(0);
  });

  it('takes the place of one that was killed, or overtaken: whose end does not make it deaf', async () => {
    const session = await sessionIn(folder.fresh());
    const next = await sessionIn(session.dir);
    await session.end();
    expect(await next.ask({ ask: 'show' })).toHaveProperty('report');
    await next.end();
    expect(existsSync(socketPath(session.dir))).toBe(false);
    writeFileSync(socketPath(session.dir), '');
    const last = await sessionIn(session.dir);
    expect(await last.ask({ ask: 'show' })).toHaveProperty('report');
  });

  it('is reached in a folder whose path is too long for a socket', async () => {
    const dir = join(folder.fresh(), 'd'.repeat(120));
    mkdirSync(dir);
    const session = await sessionIn(dir);
    expect(await session.ask({ ask: 'show' })).toHaveProperty('report');
  });

  it('that is not there is told', async () => {
    const dir = folder.fresh();
    mkdirSync(join(dir, 'audit'));
    expect(await askSession(dir, { ask: 'show', who }, 1000)).toBe('absent');
    await expect(askSession(folder.fresh(), { ask: 'show', who }, 1000)).rejects.toThrow(
      'found a folder without audit log',
    );
    await expect(askSession('/nonexistent', { ask: 'show', who }, 1000)).rejects.toThrow(
      'found nothing, expected the folder',
    );
  });
});

import { STRATEGIES } from '@quotewright/core/strategies/registry';
import type { StrategyDefinition } from '@quotewright/core/strategies/strategy';
import { afterEach, describe, expect, it } from 'vitest';
import { auditLines } from '../audit/testing/audit-lines.ts';
import { tempFolder } from '../data/testing/files.ts';
import { controlRequest } from './control-protocol.ts';
import type { ControlReply } from './control-protocol.ts';
import { riskText } from './risk-text.ts';
import { type RunningOptions, type RunningSession, actionsIn, runningSession, who } from './testing/running-session.ts';

const folder = tempFolder();
const running: RunningSession[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.end();
});

async function session(options: RunningOptions = {}): Promise<RunningSession> {
  const made = await runningSession(folder.fresh(), options);
  running.push(made);
  return made;
}

const orders = ({ engine }: RunningSession): number => engine.desk.count(0, 0) + engine.desk.count(0, 1);

describe('a strategy of a running session', () => {
  it('is paused, stopped and started, and its state is told', async () => {
    const at = await session();
    at.pass(150);
    expect(orders(at)).toBeGreaterThan(0);
    const command = (what: 'start' | 'stop' | 'pause') => at.ask({ ask: 'strategy', strategy: 0, command: what });
    expect(await command('pause')).toEqual({ text: 'strategy 0 (basic-maker): running → paused' });
    at.pass(5);
    expect(orders(at)).toBe(0);
    const reply = await at.ask({ ask: 'show' });
    if (!('report' in reply)) throw new Error('no report');
    expect(reply.report.strategies).toEqual([{ index: 0, name: 'basic-maker', state: 'paused' }]);
    expect(riskText(reply.report)).toContain('strategy 0, basic-maker: paused');
    expect(await command('start')).toEqual({ text: 'strategy 0 (basic-maker): paused → running' });
    at.pass(20);
    expect(orders(at)).toBeGreaterThan(0);
    expect(await command('stop')).toEqual({ text: 'strategy 0 (basic-maker): running → stopped' });
    at.pass(5);
    expect(orders(at)).toBe(0);
    expect((await actionsIn(at.dir)).slice(2)).toEqual([
      'strategy.pause strategy 0 (basic-maker) running paused',
      'strategy.start strategy 0 (basic-maker) paused running',
      'strategy.stop strategy 0 (basic-maker) running stopped',
    ]);
  });

  it('takes parameters, which are audited with what they were', async () => {
    const at = await session();
    at.pass(150);
    const parameters = { spread: 7.5, levels: 2, spreadUnit: 'ticks' };
    expect(await at.ask({ ask: 'parameters', strategy: 0, parameters })).toEqual({
      text: expect.stringMatching(
        /^strategy 0 \(basic-maker\): spread \S+ → 7\.5, levels 1 → 2, spreadUnit \w+ → ticks$/,
      ),
    });
    expect(at.engine.seats[0]!.params).toMatchObject(parameters);
    at.pass(20);
    expect(orders(at)).toBeGreaterThan(2);
    const [, , line] = await auditLines(at.dir);
    expect(line).toMatchObject({
      what: 'parameters.set',
      subject: 'strategy 0 (basic-maker)',
      before: { levels: 1 },
      after: parameters,
    });
  });

  it.each([
    [{ colour: 1 }, 'parameter colour: basic-maker has none of this name; it has volatilityWidth'],
    [{ toString: 1 }, 'parameter toString: basic-maker has none of this name'],
    [{ levels: 1.5 }, "parameter levels: found '1.5', expected a whole number"],
    [{ spread: -1 }, "parameter spread: found '-1', expected a number of at least 0"],
    [{ spread: 'wide' }, "parameter spread: found 'wide', expected a number"],
    [{ coverFees: 3 }, "parameter coverFees: found '3', expected true or false"],
    [{ spreadUnit: 'miles' }, "parameter spreadUnit: found 'miles', expected one of"],
    [{ hours: '09:00-10:00' }, 'parameter hours: found a text'],
    [{}, 'parameters: found none'],
    [{ levels: 2, spread: -1 }, 'parameter spread'],
  ])('does not take %o', async (parameters, words) => {
    const at = await session();
    const before = at.engine.seats[0]!.params;
    const given: Readonly<Record<string, number | string>> = parameters;
    const reply = await at.ask({ ask: 'parameters', strategy: 0, parameters: given });
    expect(reply).toEqual({ error: expect.stringContaining(words) });
    expect(JSON.stringify(reply)).not.toContain('\\n');
    expect(at.engine.seats[0]!.params).toBe(before);
    expect((await actionsIn(at.dir)).at(-1)).toContain('command.refused parameters');
  });

  it('goes on as before when it refuses parameters that fit its schema', async () => {
    const [maker] = STRATEGIES;
    const definition: StrategyDefinition = {
      ...maker!,
      create(ctx, params) {
        if (Number(params['minSpread']) > Number(params['maxSpread'])) {
          throw new RangeError(`minSpread: found ${params['minSpread']}, expected at most maxSpread`);
        }
        return maker!.create(ctx, params);
      },
    };
    const at = await session({ definition });
    at.pass(150);
    const parameters = { minSpread: 9, maxSpread: 2 };
    expect(await at.ask({ ask: 'parameters', strategy: 0, parameters })).toEqual({
      error:
        'strategy 0 (basic-maker) did not take the parameters, and goes on as before: minSpread: found 9, expected at most maxSpread',
    });
    expect(at.engine.seats[0]!.params['minSpread']).not.toBe(9);
    at.pass(10);
    expect(orders(at)).toBeGreaterThan(0);
  });

  it('that is not there is named', async () => {
    const at = await session();
    const error = 'strategy: found 3, expected one of 0 (basic-maker)';
    expect(await at.ask({ ask: 'strategy', strategy: 3, command: 'stop' })).toEqual({ error });
    expect(await at.ask({ ask: 'parameters', strategy: 3, parameters: { levels: 1 } })).toEqual({ error });
  });
});

describe('a request', () => {
  it('may come from elsewhere than the socket, and is answered by the next poll, or the end', async () => {
    const at = await session();
    const replies: ControlReply[] = [];
    const take = (): void =>
      at.control.take({
        request: { ask: 'strategy', who, strategy: 0, command: 'pause' },
        reply: (reply) => void replies.push(reply),
      });
    take();
    expect(replies).toEqual([]);
    at.pass(1);
    expect(replies).toEqual([{ text: 'strategy 0 (basic-maker): running → paused' }]);
    take();
    await at.end();
    expect(replies[1]).toEqual({ error: 'the session has ended' });
  });

  it('to reconcile is answered when the venues have been asked, or the session ends', async () => {
    const tells: ((text: string) => void)[] = [];
    const at = await session({ reconcile: (_nowNs, tell) => void tells.push(tell) });
    const replies: ControlReply[] = [];
    const take = (): void => {
      at.control.take({ request: { ask: 'reconcile', who }, reply: (reply) => void replies.push(reply) });
      at.pass(1);
    };
    take();
    take();
    expect(replies).toEqual([]);
    tells[0]!('nothing differs');
    expect(replies).toEqual([{ text: 'nothing differs' }]);
    expect((await actionsIn(at.dir)).slice(-3)).toEqual([
      'reconcile',
      'reconcile',
      'reconcile.outcome nothing differs',
    ]);
    await at.end();
    expect(replies[1]).toEqual({ error: 'the session has ended' });
  });

  it('to reconcile is refused where there is no venue to ask', async () => {
    const at = await session();
    expect(await at.ask({ ask: 'reconcile' })).toEqual({ error: 'this session has no venue to ask' });
    expect((await actionsIn(at.dir)).at(-1)).toBe('command.refused reconcile this session has no venue to ask');
  });

  it.each([
    { ask: 'strategy', strategy: -1, command: 'stop' },
    { ask: 'strategy', strategy: 0.5, command: 'stop' },
    { ask: 'strategy', strategy: 0, command: 'kill' },
    { ask: 'strategy', strategy: 0 },
    { ask: 'parameters', strategy: 0, parameters: { levels: null } },
    { ask: 'parameters', strategy: 0, parameters: { levels: [1] } },
    { ask: 'parameters', strategy: 0, parameters: { hours: 'x'.repeat(1001) } },
    { ask: 'reconcile', now: true },
  ])('that is malformed is none: %o', (request) => {
    expect(controlRequest.safeParse({ ...request, who }).success).toBe(false);
  });
});

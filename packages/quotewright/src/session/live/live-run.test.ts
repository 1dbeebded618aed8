import { Command } from '@quotewright/core/trading/records';
import { RiskState } from '@quotewright/core/trading/risk-state';
import { describe, expect, it } from 'vitest';
import { headerEngine, headerStrategies } from '../../journal/replay-engine.ts';
import { type LiveOutcome, LiveRun, type LiveRunOptions } from './live-run.ts';
import { paperHeader } from './testing/paper-folder.ts';
import { INTERRUPTED, type LiveTrade } from './trade.ts';

class Scene {
  readonly log: string[] = [];
  /** The slice from which on the journal cannot go on. */
  failsAt = Number.POSITIVE_INFINITY;
  isOurs = true;
  interruptedAt = Number.POSITIVE_INFINITY;
  obstacle = '';
  /** It goes on where it was halted. */
  isHalted = false;
  slices = 0;
  /** The slice in which the engine throws. */
  throwsAt = Number.POSITIVE_INFINITY;

  async run(more: Partial<LiveRunOptions> = {}): Promise<LiveOutcome> {
    const header = await paperHeader();
    const engine = headerEngine(header, { strategies: await headerStrategies(header) });
    const { log } = this;
    const nowNs = (): number => Math.max(performance.now() * 1e6, engine.nowNs + 1);
    const trade: LiveTrade = {
      wakeNs: Number.POSITIVE_INFINITY,
      ask: undefined,
      records: () => {},
      reports: () => {},
      connection: () => {},
      run: () => {},
      carry: () => {},
      begin: (beginNs) => {
        if (this.obstacle === '') engine.start(beginNs);
        if (this.isHalted) engine.operate(Command.HALT, -1, 0, nowNs());
        return Promise.resolve(this.obstacle);
      },
      abandon: () => {
        log.push('abandon');
        return Promise.resolve(['all is cancelled']);
      },
      finish: (endNs) => {
        log.push('finish');
        if (engine.isRunning) engine.stop(endNs);
        return Promise.resolve(['what is left']);
      },
    };
    const marks = (type: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      log.push(`${type}: ${String(fields['reason'])}`);
    };
    const failureNow = (): string => (this.slices >= this.failsAt ? 'the journal cannot go on: full' : '');
    const durable = {
      dir: 'here',
      get failure(): string {
        return failureNow();
      },
      lease: { renew: () => this.isOurs },
      mark: marks,
      snapshot: () => {
        log.push('snapshot');
        return Promise.resolve('');
      },
    };
    const outcome = await new LiveRun({
      session: {
        engine,
        durable,
        slice: () => {
          if (++this.slices >= this.throwsAt) throw new Error('a strategy threw');
          return this.slices >= this.interruptedAt;
        },
        second: () => Promise.resolve(false),
        carried: () => Promise.resolve(),
      },
      trade,
      nowNs,
      pollVenues: () => {},
      seconds: Number.POSITIVE_INFINITY,
      snapshotNs: Number.POSITIVE_INFINITY,
      say: (text) => log.push(text),
      fault: new Promise(() => {}),
      ...more,
    }).live();
    log.push(RISK_NAMES[engine.riskState]!);
    return outcome;
  }
}

const RISK_NAMES = Object.fromEntries(Object.entries(RiskState).map(([name, state]) => [state, name]));

describe('a run with the world', () => {
  it('ends when its time is over, with its end in the journal', async () => {
    const scene = new Scene();
    const { isPartial, failure, startNs, endNs } = await scene.run({ seconds: 0.05 });
    expect([isPartial, failure, endNs > startNs]).toEqual([false, '', true]);
    expect(scene.log).toEqual(['finish', 'what is left\n', 'end: over', 'ACTIVE']);
  });

  it('ends when somebody wants it to, and says that it is a part', async () => {
    const scene = new Scene();
    scene.interruptedAt = 3;
    expect(await scene.run()).toMatchObject({ isPartial: true, failure: '' });
    expect(scene.log).toEqual(['finish', 'what is left\n', 'end: interrupted', 'ACTIVE']);
  });

  it('halts before it ends when the journal fails', async () => {
    const scene = new Scene();
    scene.failsAt = 2;
    expect(await scene.run()).toMatchObject({ isPartial: true, failure: 'the journal cannot go on: full' });
    expect(scene.log).toEqual(['finish', 'what is left\n', 'end: the journal cannot go on: full', 'HALTED']);
  });

  it('does nothing more when another process has the session', async () => {
    const scene = new Scene();
    scene.failsAt = 2;
    scene.isOurs = false;
    expect(await scene.run()).toMatchObject({ isPartial: true });
    expect(scene.log).toEqual(['ACTIVE']);
  });

  it.each([
    ['the way for orders does not come up', 'the way for orders does not come up'],
    [INTERRUPTED, ''],
  ])('can be gone on with when it did not come to trading: %s', async (obstacle, failure) => {
    const scene = new Scene();
    scene.obstacle = obstacle;
    expect(await scene.run()).toMatchObject({ isPartial: true, failure });
    expect(scene.log).toEqual(['ACTIVE']);
  });

  it('says that trading is halted when it goes on', async () => {
    const scene = new Scene();
    scene.isHalted = true;
    await scene.run({ seconds: 0.02 });
    expect(scene.log[0]).toBe('trading is HALTED, as it was left; quotewright risk state here active ends that\n');
  });

  it('has the venues cancel everything when the engine throws, in a slice or in the turn of a socket', async () => {
    const scene = new Scene();
    scene.throwsAt = 2;
    await expect(scene.run()).rejects.toThrow('a strategy threw');
    expect(scene.log).toEqual(['abandon', 'all is cancelled\n']);
    const other = new Scene();
    const fault = Promise.withResolvers<never>();
    setTimeout(() => fault.reject(new Error('thrown in a socket')), 20);
    await expect(other.run({ fault: fault.promise })).rejects.toThrow('thrown in a socket');
    const { slices } = other;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([other.log, other.slices]).toEqual([['abandon', 'all is cancelled\n'], slices]);
  });

  it('takes snapshots', async () => {
    const scene = new Scene();
    await scene.run({ seconds: 0.2, snapshotNs: 20e6 });
    expect(scene.log.filter((line) => line === 'snapshot').length).toBeGreaterThan(2);
  });
});

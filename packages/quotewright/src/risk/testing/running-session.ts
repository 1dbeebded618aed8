/** For tests: a session in a living market that is commanded as it runs, with audit log and alerts in its folder. */
import { setImmediate } from 'node:timers/promises';
import type { Engine } from '@quotewright/core/engine/engine';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { Mark } from '@quotewright/core/engine/local-market';
import { STRATEGIES } from '@quotewright/core/strategies/registry';
import type { StrategyDefinition } from '@quotewright/core/strategies/strategy';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { AlertCenter } from '../../alerts/alert-center.ts';
import { thisProcess } from '../../audit/actor.ts';
import { AuditLog } from '../../audit/audit-log.ts';
import { auditLines } from '../../audit/testing/audit-lines.ts';
import { makeEngine } from '../../backtest/make-engine.ts';
import { sampleMarkets } from '../../calibrate/sample-markets.ts';
import { askSession } from '../control-client.ts';
import type { ControlReply, ControlRequest } from '../control-protocol.ts';
import { Control, type ControlOptions } from '../control.ts';

export const who = thisProcess('test');

const SLICE_NS = 1e8;

export interface RunningSession {
  readonly dir: string;
  readonly engine: Engine;
  readonly control: Control;
  /** What the operator was told. */
  readonly said: readonly string[];
  /** Lets so many slices of market time pass. */
  pass(slices: number): void;
  /** Asks as another process does, while the session goes on. */
  ask(request: DistributiveOmit<ControlRequest, 'who'>): Promise<ControlReply>;
  end(): Promise<void>;
}
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface RunningOptions {
  /** How late the venue answers. */
  readonly reportNs?: number;
  readonly definition?: StrategyDefinition;
  readonly reconcile?: ControlOptions['reconcile'];
}

export async function runningSession(dir: string, options: RunningOptions = {}): Promise<RunningSession> {
  const { reportNs = 1e6, definition = STRATEGIES[0]!, reconcile } = options;
  const markets = sampleMarkets('BTCUSDT,ETHUSDT');
  const instruments = markets.map(({ instrument }) => instrument);
  const params = Object.fromEntries(Object.entries(definition.params).map(([name, spec]) => [name, spec.default]));
  const engine = makeEngine({
    instruments,
    isL3: [false, false],
    venueOf: [0, 0],
    strategies: [{ definition, params, observers: [] }],
    seed: 1,
    mark: Mark.MID,
    ledger: { cash: { USDT: '100000' } },
    quoter: { canAmend: true },
    risk: {},
  });
  const delays = { request: 1e6, report: reportNs, marketData: 1e6 };
  const living = new LivingSession(engine, new LivingMarket(markets, 1), new DelayLatency(delays, 1));
  const audit = new AuditLog({ dir, role: 'session' });
  const alerts = await AlertCenter.open({ dir, instruments, epochDay: 20_458, audit });
  const said: string[] = [];
  const control = await Control.open({ dir, audit, alerts, say: (line) => said.push(line), reconcile });
  let nowNs = 0;
  let isOver = false;
  control.poll(engine, 0);
  living.start(0);
  const session: RunningSession = {
    dir,
    engine,
    control,
    said,
    pass(slices) {
      for (let i = 0; i < slices; i++) {
        living.run((nowNs += SLICE_NS));
        control.poll(engine, nowNs);
      }
    },
    async ask(request) {
      const heard: (ControlReply | string)[] = [];
      const asking = askSession(dir, { ...request, who }, 20_000).then((found) => heard.push(found));
      while (heard.length === 0) {
        session.pass(1);
        await setImmediate();
      }
      await asking;
      const [reply] = heard;
      if (typeof reply !== 'object') throw new Error(reply);
      return reply;
    },
    async end() {
      if (isOver) return;
      isOver = true;
      await control.close(engine);
      await alerts.close();
    },
  };
  return session;
}

/** What is in the audit log, a line each. */
export const actionsIn = async (dir: string): Promise<string[]> =>
  (await auditLines(dir)).map(({ what, subject, before, after }) =>
    [what, subject, before, after].filter((each) => typeof each === 'string').join(' '),
  );

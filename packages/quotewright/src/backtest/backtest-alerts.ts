/** Keeps the alerts of a backtest in its output folder. Nobody is told of them: sinks are for sessions that trade now. */
import { rmSync } from 'node:fs';
import { AlertCenter } from '../alerts/alert-center.ts';
import { historyFile } from '../alerts/alert-history.ts';
import type { BacktestPlan } from './plan.ts';
import type { Run } from './run-backtest.ts';

export class BacktestAlerts {
  readonly #center: AlertCenter;
  /** Alerts that gave way in the engine's outbox before they were taken. */
  #dropped = 0;

  private constructor(center: AlertCenter) {
    this.#center = center;
  }

  /** @throws the system's error when the file cannot be written */
  static async open({ instruments, feed }: BacktestPlan, dir: string): Promise<BacktestAlerts> {
    // A run begins anew, whatever one before it has left there.
    rmSync(historyFile(dir), { force: true });
    return new BacktestAlerts(await AlertCenter.open({ instruments, epochDay: feed.epochDay, dir }));
  }

  /** Takes those of the modelled run; its bounds are other histories. */
  drain(runs: readonly Run[]): void {
    const alerts = runs[0]?.engine.risk?.alerts;
    if (alerts === undefined) return;
    this.#center.drain(alerts.outbox);
    this.#dropped = alerts.dropped;
  }

  /** A line for what was lost. */
  async close(): Promise<string[]> {
    const lines = await this.#center.close();
    return this.#dropped === 0 ? lines : [...lines, `alerts: ${this.#dropped} came faster than they were taken`];
  }
}

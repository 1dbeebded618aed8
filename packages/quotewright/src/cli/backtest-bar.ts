/** Progress of a backtest, on a terminal or for a program: share of the data, rows a second, time left; and Ctrl-C, which ends the run with what there is. */
import { Presets, SingleBar } from 'cli-progress';
import type { BacktestPlan } from '../backtest/plan.ts';
import { watchInterrupt } from './interrupt.ts';

const FORMAT = '{bar} {percentage} % · {speed} rows/s · {eta_formatted} left';
const BAR_WIDTH = 36;
const LOOK_MS = 100;

export const PROGRESS = ['bar', 'json'] as const;
/** A bar where a person sits, or a line of JSON on standard error now and then: `{"progress": 0 to 1 or null, "rows": …}`. */
export type ProgressKind = (typeof PROGRESS)[number];

export interface BacktestBar {
  /** Called with the rows so far; true = the user wants to stop. */
  readonly onProgress: (rows: number) => boolean;
  readonly stop: () => void;
}

export function showProgress(plan: BacktestPlan, kind: ProgressKind): BacktestBar {
  const bytes = plan.opened.reduce((sum, each) => sum + each.bytes, 0);
  const bar =
    kind === 'bar' && process.stderr.isTTY
      ? new SingleBar(
          { format: FORMAT, stream: process.stderr, clearOnComplete: true, hideCursor: true, barsize: BAR_WIDTH },
          Presets.shades_classic,
        )
      : undefined;
  const interrupt = watchInterrupt();
  const began = performance.now();
  let looked = began;
  bar?.start(Math.max(1, bytes), 0, { speed: '–' });
  return {
    onProgress: (rows) => {
      const now = performance.now();
      if (now - looked > LOOK_MS) {
        looked = now;
        const read = plan.opened.reduce((sum, each) => sum + each.bytesRead(), 0);
        const speed = Math.round((rows / (now - began)) * 1000).toLocaleString('en-US');
        bar?.update(read, { speed });
        if (kind === 'json') {
          const progress = bytes === 0 ? null : Math.min(1, read / bytes);
          process.stderr.write(`${JSON.stringify({ progress, rows })}\n`);
        }
      }
      return interrupt.isAsked();
    },
    stop: () => {
      bar?.stop();
      interrupt.stop();
    },
  };
}

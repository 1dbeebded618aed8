/** The end of a run, whatever it ran in: its files, what it prints, its exit code. */
import type { RunOutput } from '../backtest/run-output.ts';
import { type RunResult, resultText } from '../reports/run-result.ts';
import { terminalSummary } from '../reports/terminal-summary.ts';

/** Stopped by Ctrl-C; what was written is valid, and says that it is partial. */
export const EXIT_INTERRUPTED = 130;

export interface EndFlags {
  readonly json: boolean;
  readonly out?: string | undefined;
}

/** @param asJson what is printed with `json` */
export async function endRun(
  output: RunOutput,
  result: RunResult,
  { json, out }: EndFlags,
  asJson: (result: RunResult) => string = resultText,
): Promise<void> {
  await output.write(result);
  process.stdout.write(json ? asJson(result) : terminalSummary(result));
  if (!json && out !== undefined) process.stdout.write(`${out}: report.html and its data\n`);
  if (result.isPartial) process.exitCode = EXIT_INTERRUPTED;
}

/** What commands that run a session tell while it runs, and at its end. */
import { readFileSync } from 'node:fs';
import type { RunOutput } from '../backtest/run-output.ts';
import type { Home } from '../home/home.ts';
import { type RunResult, resultText } from '../reports/run-result.ts';
import { JsonLog } from '../session/json-log.ts';
import type { LiveSession } from '../session/live-session.ts';
import { PlainLines } from '../session/plain-lines.ts';
import type { Reporter, SessionIntro } from '../session/reporter.ts';
import { Screen } from '../session/screen.ts';
import { endRun } from './end-run.ts';

/** The session had to end: its journal failed, or another process took it over. */
const EXIT_FAILED = 1;

export interface FinishFlags {
  readonly json: boolean;
  readonly jsonLog: boolean;
  readonly out: string | undefined;
}

export interface FinishedSession {
  readonly output: RunOutput;
  readonly result: RunResult;
  /** Why the session had to end; empty = it had not. */
  readonly failure: string;
}

/** @param more whole lines for a person, below the summary */
export async function finishSession(outcome: FinishedSession, flags: FinishFlags, more: string): Promise<void> {
  const { output, result, failure } = outcome;
  const { json, jsonLog, out } = flags;
  try {
    await endRun(output, result, { json: json || jsonLog, out }, jsonLog ? logged : resultText);
    if (!json && !jsonLog) process.stdout.write(more);
    if (failure === '') return;
    process.stderr.write(`quotewright: ${failure}\n`);
    process.exitCode = EXIT_FAILED;
  } finally {
    process.stderr.write(await output.close());
  }
}

/** The result as the last line of a log. */
function logged(result: RunResult): string {
  return `${JSON.stringify({ type: 'result', result })}\n`;
}

export function reporterFor({
  json,
  jsonLog,
  isPaced,
}: {
  json: boolean;
  jsonLog: boolean;
  isPaced: boolean;
}): Reporter {
  const { stdout, stderr } = process;
  if (jsonLog) return new JsonLog(stdout);
  // A terminal that is `dumb` cannot be drawn on.
  if (!json && stdout.isTTY && process.env['TERM'] !== 'dumb')
    return new Screen(stdout, stderr.isTTY ? stderr : undefined);
  return new PlainLines(json ? stderr : stdout, stderr, isPaced);
}

export function introOf(session: LiveSession, home: Home): Omit<SessionIntro, 'dir'> {
  const { url } = session;
  const served = url === undefined ? { tokenFile: undefined, token: '' } : tokenOf(home);
  return { url, ...served, status: () => session.status() };
}

function tokenOf({ tokenFile }: Home): { tokenFile: string; token: string } {
  try {
    return { tokenFile, token: readFileSync(tokenFile, 'utf8').trim() };
  } catch {
    return { tokenFile, token: '' };
  }
}

/** `quotewright simulate`: a strategy in a living market, or over a recording, as it happens; with a journal it survives its process. */
import { readFileSync } from 'node:fs';
import { simulateReplay } from '../backtest/replay-live.ts';
import { type Simulation, type SimulationOutcome, simulate } from '../backtest/simulation.ts';
import { type Home, defaultHome } from '../home/home.ts';
import { resultText } from '../reports/run-result.ts';
import { JsonLog } from '../session/json-log.ts';
import type { JournalSettings, LiveSession } from '../session/live-session.ts';
import { paceOf } from '../session/pace.ts';
import { PlainLines } from '../session/plain-lines.ts';
import type { Reporter, SessionIntro } from '../session/reporter.ts';
import { Screen } from '../session/screen.ts';
import { serverSettings } from '../session/server-settings.ts';
import { newSessionFolder, removeUnbegun } from '../session/session-folder.ts';
import { endRun } from './end-run.ts';
import { watchInterrupt } from './interrupt.ts';
import { SESSION_OPTIONS, checkTogether, simulateOptions } from './simulate-options.ts';

/** The session had to end: its journal failed, or another process took it over. */
const EXIT_FAILED = 1;

export function simulateCommand() {
  return simulateOptions().action(async (flags, command) => {
    const { durability, snapshotEvery, keep, outage, unknownOrders, out, logEvents, json, jsonLog, replay } = flags;
    const { strategy, param, alongside, symbols, market, duration, latency, seed, risk, scenario } = flags;
    const home = defaultHome(process.env);
    const given = new Set(Object.keys(flags).filter((name) => command.getOptionValueSource(name) === 'cli'));
    const hasServer = flags.server !== false;
    const hasJournal = flags.journal !== false;
    checkTogether(given, { journal: hasJournal, market: replay === undefined, server: hasServer });
    const server = hasServer ? await serverSettings(fileOf(flags.server), flags.port) : undefined;
    const named = fileOf(flags.journal);
    const own = hasJournal && named === undefined ? newSessionFolder(home, new Date()) : undefined;
    const dir = named ?? own;
    const journal: JournalSettings | undefined =
      dir === undefined
        ? undefined
        : { dir, durability, keep, outageNs: outage, snapshotNs: snapshotEvery, unknownOrders };
    const pace = paceOf(flags.speed);
    const reporter = reporterFor({ json, jsonLog, isPaced: pace.speed !== undefined });
    const interrupt = watchInterrupt();
    const simulation: Simulation = {
      options: { strategy, param, alongside, symbols, market, duration, latency, seed, risk, scenario },
      given: new Set([...given].filter((name) => SESSION_OPTIONS.has(name))),
      journal,
      out,
      logEvents,
      world: { pace, server, home, isInterrupted: interrupt.isAsked, say: reporter.say },
      onOpen: (session) => {
        if (replay !== undefined && dir !== undefined)
          reporter.say(`a replay cannot be gone on with after a kill: ${dir}\n`);
        reporter.begin({ ...introOf(session, home), dir: own });
      },
    };
    try {
      const outcome = await (replay === undefined ? simulate(simulation) : simulateReplay(simulation, replay));
      reporter.end();
      await finish(outcome, { json, jsonLog, out, own });
    } catch (error) {
      if (own !== undefined) removeUnbegun(own);
      throw error;
    } finally {
      reporter.end();
      interrupt.stop();
    }
  });
}

interface FinishFlags {
  readonly json: boolean;
  readonly jsonLog: boolean;
  readonly out: string | undefined;
  /** The folder that nobody has named. */
  readonly own: string | undefined;
}

async function finish(outcome: SimulationOutcome, flags: FinishFlags): Promise<void> {
  const { output, result, operations, failure } = outcome;
  const { json, jsonLog, out, own } = flags;
  try {
    await endRun(output, result, { json: json || jsonLog, out }, jsonLog ? logged : resultText);
    if (!json && !jsonLog) {
      const done = operations === undefined ? '' : `${count(operations)} operations of the matching engine, `;
      process.stdout.write(`${done}${count(result.rows)} ${operations === undefined ? 'rows' : 'inputs of ours'}\n`);
      if (own !== undefined) process.stdout.write(`kept in ${own}; again: quotewright simulate --replay ${own}\n`);
    }
    if (failure === '') return;
    process.stderr.write(`quotewright: ${failure}\n`);
    process.exitCode = EXIT_FAILED;
  } finally {
    process.stderr.write(await output.close());
  }
}

/** The result as the last line of a log. */
function logged(result: SimulationOutcome['result']): string {
  return `${JSON.stringify({ type: 'result', result })}\n`;
}

function reporterFor({ json, jsonLog, isPaced }: { json: boolean; jsonLog: boolean; isPaced: boolean }): Reporter {
  const { stdout, stderr } = process;
  if (jsonLog) return new JsonLog(stdout);
  // A terminal that is `dumb` cannot be drawn on.
  if (!json && stdout.isTTY && process.env['TERM'] !== 'dumb')
    return new Screen(stdout, stderr.isTTY ? stderr : undefined);
  return new PlainLines(json ? stderr : stdout, stderr, isPaced);
}

function introOf(session: LiveSession, home: Home): Omit<SessionIntro, 'dir'> {
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

const count = (n: number): string => n.toLocaleString('en-US');

/** The value of an option that is a file, or stands for none when it is not there. */
function fileOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

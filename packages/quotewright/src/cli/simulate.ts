/** `quotewright simulate`: a strategy in a living market, or over a recording, as it happens; with a journal it survives its process. */
import { simulateReplay } from '../backtest/replay-live.ts';
import { type Simulation, simulate } from '../backtest/simulation.ts';
import { defaultHome } from '../home/home.ts';
import type { JournalSettings } from '../session/live-session.ts';
import { paceOf } from '../session/pace.ts';
import { serverSettings } from '../session/server-settings.ts';
import { newSessionFolder, removeUnbegun } from '../session/session-folder.ts';
import { watchInterrupt } from './interrupt.ts';
import { finishSession, introOf, reporterFor } from './session-reporting.ts';
import { SESSION_OPTIONS, checkTogether, simulateOptions } from './simulate-options.ts';

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
      const { operations, result } = outcome;
      const done = operations === undefined ? '' : `${count(operations)} operations of the matching engine, `;
      const what = `${done}${count(result.rows)} ${operations === undefined ? 'rows' : 'inputs of ours'}\n`;
      const kept = own === undefined ? '' : `kept in ${own}; again: quotewright simulate --replay ${own}\n`;
      await finishSession(outcome, { json, jsonLog, out }, what + kept);
    } catch (error) {
      if (own !== undefined) removeUnbegun(own);
      throw error;
    } finally {
      reporter.end();
      interrupt.stop();
    }
  });
}

const count = (n: number): string => n.toLocaleString('en-US');

/** The value of an option that is a file, or stands for none when it is not there. */
function fileOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A run of `quotewright paper` or `quotewright live`, from its flags to what it prints at its end. */
import { defaultHome } from '../home/home.ts';
import { credentialsFor } from '../secrets/credentials.ts';
import type { JournalSettings } from '../session/live-session.ts';
import { LIVE_PACE } from '../session/live/live-pace.ts';
import { type TradingOptions, runTrading } from '../session/live/trading.ts';
import { serverSettings } from '../session/server-settings.ts';
import { newSessionFolder, removeUnbegun } from '../session/session-folder.ts';
import { Interrupted } from '../session/unless-interrupted.ts';
import { EXIT_INTERRUPTED } from './end-run.ts';
import { watchInterrupt } from './interrupt.ts';
import { finishSession, introOf, reporterFor } from './session-reporting.ts';
import { checkTrading, type tradingOptions } from './trading-options.ts';

type TradingFlags = ReturnType<ReturnType<typeof tradingOptions>['opts']>;

/** @param given names of the flags that the user has given */
export async function runTradingCommand(
  flags: TradingFlags,
  given: ReadonlySet<string>,
  own: Pick<TradingOptions, 'mode' | 'unknownOrders' | 'isDryRun' | 'isConfirmed'>,
): Promise<void> {
  const { durability, snapshotEvery, keep, out, logEvents, json, jsonLog, duration } = flags;
  const { unknownOrders } = own;
  const home = defaultHome(process.env);
  const hasServer = flags.server !== false;
  const hasJournal = flags.journal !== false;
  checkTrading(given, { journal: hasJournal, server: hasServer });
  const server = hasServer ? await serverSettings(fileOf(flags.server), flags.port) : undefined;
  const named = fileOf(flags.journal);
  const made = hasJournal && named === undefined ? newSessionFolder(home, new Date()) : undefined;
  const dir = named ?? made;
  const journal: JournalSettings | undefined =
    dir === undefined ? undefined : { dir, durability, keep, outageNs: 0, snapshotNs: snapshotEvery, unknownOrders };
  const reporter = reporterFor({ json, jsonLog, isPaced: true });
  const interrupt = watchInterrupt();
  const environment = process.env;
  try {
    const outcome = await runTrading({
      ...own,
      flags,
      seconds: duration,
      journal,
      credentialsOf: (venue, settings) =>
        credentialsFor(venue, settings, { home, environment, tell: (text) => reporter.say(`${text}\n`) }),
      out,
      logEvents,
      world: { pace: LIVE_PACE, server, home, isInterrupted: interrupt.isAsked, say: reporter.say },
      onOpen: (session) => reporter.begin({ ...introOf(session, home), dir: made }),
    });
    reporter.end();
    const kept =
      dir === undefined ? '' : `kept in ${dir}; against the backtest: quotewright reconcile session ${dir}\n`;
    await finishSession(outcome, { json, jsonLog, out }, kept);
  } catch (error) {
    if (made !== undefined) removeUnbegun(made);
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write(`quotewright: ${error.message}\n`);
    process.exitCode = EXIT_INTERRUPTED;
  } finally {
    reporter.end();
    interrupt.stop();
  }
}

/** The value of an option that is a file, or stands for none when it is not there. */
function fileOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

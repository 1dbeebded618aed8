/** `quotewright reconcile session`: what a paper or live session filled, and what the backtest fills on the same data. */
import { Argument, Command } from '@commander-js/extra-typings';
import { reconcileSession } from '../reconcile/reconcile-session.ts';
import { isEqual, reconciliationJson, reconciliationText } from '../reconcile/reconcile-text.ts';

/** A paper session is not what the backtest makes of it. */
const EXIT_DIFFERENT = 1;

export function reconcileCommand() {
  return new Command('reconcile')
    .description('lay sessions beside the backtest')
    .exitOverride()
    .addCommand(
      new Command('session')
        .exitOverride()
        .description(
          'fill by fill: a paper or live session, and the backtest on its data; exit 1 when a paper session differs',
        )
        .addArgument(new Argument('<dir>', 'the folder of the session'))
        .option(
          '--latency <delay>',
          'of requests and reports in the backtest; VENUE=DELAY,… (default: as the session had it)',
        )
        .option('--json', 'print JSON', false)
        .action(async (dir, { latency, json }) => {
          const found = await reconcileSession(dir, { latency });
          process.stdout.write(json ? reconciliationJson(dir, found) : reconciliationText(dir, found));
          if (found.header.mode === 'paper' && latency === undefined && !isEqual(found))
            process.exitCode = EXIT_DIFFERENT;
        }),
    );
}

/** `quotewright live`: a strategy trades at the venues themselves. It says what it lacks before it sends anything. */
import { Option } from '@commander-js/extra-typings';
import { runTradingCommand } from './run-trading.ts';
import { tradingOptions } from './trading-options.ts';

export function liveCommand() {
  return tradingOptions('live', 'trade at the venues, with real money')
    .option('--confirm', 'send orders', false)
    .option('--dry-run', 'do all but send them: they are counted, and taken as accepted and never filled', false)
    .addOption(
      new Option(
        '--unknown-orders <policy>',
        'what becomes of open orders of the account that the session does not know',
      )
        .choices(['cancel', 'adopt'] as const)
        .default('cancel' as const),
    )
    .action((flags, command) => {
      const given = new Set(Object.keys(flags).filter((name) => command.getOptionValueSource(name) === 'cli'));
      const { confirm: isConfirmed, dryRun: isDryRun, unknownOrders } = flags;
      return runTradingCommand(flags, given, { mode: 'live', unknownOrders, isDryRun, isConfirmed });
    });
}

/** `quotewright paper`: a strategy on live market data, filled by the backtest's own models. Nothing is sent to a venue. */
import { runTradingCommand } from './run-trading.ts';
import { tradingOptions } from './trading-options.ts';

export function paperCommand() {
  return tradingOptions('paper', 'run a strategy on live market data; its fills are simulated').action(
    (flags, command) => {
      const given = new Set(Object.keys(flags).filter((name) => command.getOptionValueSource(name) === 'cli'));
      const own = { mode: 'paper', unknownOrders: 'cancel', isDryRun: false, isConfirmed: false } as const;
      return runTradingCommand(flags, given, own);
    },
  );
}

/** `quotewright simulate`: a strategy in a living market, as fast as it goes. */
import { setImmediate } from 'node:timers/promises';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { parseDelay } from '../backtest/latency-settings.ts';
import { loadStrategy, resolveParams } from '../backtest/load-strategy.ts';
import { engineWarnings, resultOf } from '../backtest/result.ts';
import { runLiving } from '../backtest/run-living.ts';
import { RunOutput } from '../backtest/run-output.ts';
import { type MarketConfig, readMarketConfig } from '../calibrate/market-config.ts';
import { sampleMarkets } from '../calibrate/sample-markets.ts';
import { parseDurationNs } from '../config/units.ts';
import { collectParam, parseSeed } from './arguments.ts';
import { endRun } from './end-run.ts';
import { watchInterrupt } from './interrupt.ts';

const CAPITAL = '100000';
/** Local midnight of the sample's day; a living market has no date of its own. */
const EPOCH_DAY = 20_458;

export function simulateCommand() {
  return new Command('simulate')
    .description('run a strategy in a living market, where its orders move what others see')
    .exitOverride()
    .argument('[strategy]', 'a built-in strategy, or a file', 'microprice-maker')
    .option('--symbols <list>', 'instruments, separated by commas', 'BTCUSDT')
    .option('--market <file>', 'YAML of instruments, parameters and regimes, as calibrate writes it')
    .option('--param <name=value...>', 'a parameter of the strategy', collectParam, {})
    .option('--duration <time>', 'market time, as 10m or 1h', parseDuration, 600)
    .option('--latency <delay>', 'of requests, reports and market data', '1ms')
    .option('--seed <number>', 'the same seed gives the same run', parseSeed, 1)
    .option('--out <dir>', 'write result.json, tables and report.html there')
    .option('--log-events <file>', 'write what the strategy saw and did as JSON Lines')
    .option('--json', 'print the result as JSON', false)
    .action(async (name, { symbols, market: file, param, duration, latency, seed, out, logEvents, json }) => {
      const definition = await loadStrategy(name);
      const strategies = [{ definition, params: resolveParams(definition, param) }];
      const market: MarketConfig =
        file === undefined
          ? { instruments: sampleMarkets(symbols), schedule: undefined }
          : await readMarketConfig(file);
      const delay = parseDelay('latency', latency);
      const instruments = market.instruments.map(({ instrument }) => instrument);
      const cash = { [instruments[0]!.settlement]: CAPITAL };
      const output = new RunOutput({
        instruments,
        epochDay: EPOCH_DAY,
        strategies,
        cash,
        sampleNs: 1e9,
        out,
        logEvents,
      });
      const interrupt = watchInterrupt();
      try {
        output.start(0, { market: file ?? symbols, seed });
        const outcome = await runLiving({
          market,
          strategies,
          seed,
          seconds: duration,
          latency: new DelayLatency({ request: delay, report: delay, marketData: delay }, seed),
          cash,
          observers: (strategy) => output.observers('modelled', strategy),
          // Signals are seen between two turns of the event loop.
          onProgress: async () => {
            await setImmediate();
            return interrupt.isAsked();
          },
        });
        output.end(outcome.endNs);
        const result = resultOf(
          {
            config: { strategy: name, market: file ?? symbols, duration, latency, params: param },
            seed,
            epochDay: EPOCH_DAY,
            instruments,
            strategies,
            data: [],
            rows: outcome.engine.inputs.count,
            isPartial: outcome.isPartial,
            engine: outcome.engine,
            warnings: engineWarnings(outcome.engine),
          },
          output.recorders,
        );
        await endRun(output, result, { json, out });
        if (!json) {
          const operations = outcome.operations.toLocaleString('en-US');
          process.stdout.write(
            `${operations} operations of the matching engine, ${result.rows.toLocaleString('en-US')} inputs of ours\n`,
          );
        }
      } finally {
        interrupt.stop();
        process.stderr.write(await output.close());
      }
    });
}

function parseDuration(text: string): number {
  const ns = parseDurationNs(text);
  if (ns > 0 && ns < 104 * 86_400e9) return ns / 1e9;
  throw new InvalidArgumentError('expected a duration such as 10m or 1h, at most 104 days.');
}

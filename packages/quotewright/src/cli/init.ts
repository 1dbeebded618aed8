/** `quotewright init`: a strategy project that type-checks and backtests at once. */
import { Command } from '@commander-js/extra-typings';
import { parseIsoDay } from '@quotewright/core/base/time';
import { CALM } from '@quotewright/core/venue-sim/living/regimes';
import { livingRecording } from '../calibrate/living-recording.ts';
import { sampleMarket } from '../calibrate/sample-markets.ts';
import { convert } from '../data/convert.ts';
import { initProject } from '../init/project.ts';

const SAMPLE_SECONDS = 600;

export function initCommand() {
  return new Command('init')
    .description('make a strategy project: a market maker, data to run it on, a test')
    .exitOverride()
    .argument('<folder>', 'a new folder; its name is the name of the strategy')
    .action(async (folder) => {
      const { files, name } = await initProject(folder, makeSample);
      process.stdout.write(
        `${folder}: ${files.join(', ')}\nNext: cd ${folder} && npm install && npm run backtest\nThe strategy is ${name}.ts.\n`,
      );
    });
}

/** Ten minutes of a simulated market, the same each time. */
async function makeSample(path: string): Promise<void> {
  const recording = livingRecording({
    config: { instruments: [sampleMarket('BTCUSDT')], schedule: CALM },
    seed: 1,
    seconds: SAMPLE_SECONDS,
    isL3: false,
    epochDay: parseIsoDay('2026-01-05'),
    startNs: 0,
  });
  await convert(recording, path, 'parquet', false, () => {});
}

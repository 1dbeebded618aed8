/** `quotewright journal replay`: builds the engine of a journal again, and says whether it comes to the same; or what would have been. */
import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { simulateWhatIf } from '../backtest/what-if.ts';
import { parseDurationNs } from '../config/units.ts';
import { damageText } from '../journal/damage.ts';
import { replayJson, replayText } from '../journal/replay-text.ts';
import { replayKept } from '../journal/replay-kept.ts';
import { paramOption } from './arguments.ts';
import { endRun } from './end-run.ts';

/** The replay is not what was, or the journal is damaged. */
const EXIT_DIFFERENT = 1;

export function replayCommand() {
  return new Command('replay')
    .description(
      'take every input again, compare with every mark, show where the session stood; exit 1 when it differs; or play its market with other parameters',
    )
    .exitOverride()
    .addArgument(new Argument('<dir>', 'the folder of the journal'))
    .addOption(
      new Option('--until <place>', 'a record of the journal (250000), or a time of the session (90s, 2h)')
        .argParser(parsePlace)
        .default({}, 'its end'),
    )
    .option('--what-if <strategy>', 'what this one would have done in the same market')
    .addOption(paramOption('what the strategy would have done with another parameter'))
    .option('--json', 'print JSON', false)
    .action(async (dir, { until, whatIf: strategy, param, json }) => {
      if (strategy !== undefined || Object.keys(param).length > 0) {
        const { output, result } = await simulateWhatIf(dir, strategy, param);
        await endRun(output, result, { json });
        return;
      }
      const began = performance.now();
      const replayed = await replayKept(dir, until);
      const ms = performance.now() - began;
      process.stdout.write(json ? replayJson(replayed) : replayText(dir, replayed, ms));
      for (const damage of replayed.damages) process.stderr.write(`${damageText(damage)}\n`);
      const isWhole = replayed.missing === 0 && replayed.damages.length === 0;
      if (!isWhole || replayed.difference !== undefined) process.exitCode = EXIT_DIFFERENT;
    });
}

function parsePlace(text: string): { untilRecord?: number; untilNs?: number } {
  if (/^\d+$/.test(text)) return { untilRecord: Number(text) };
  const ns = parseDurationNs(text);
  if (ns >= 0) return { untilNs: ns };
  throw new InvalidArgumentError('expected a number of records, or a duration such as 90s.');
}

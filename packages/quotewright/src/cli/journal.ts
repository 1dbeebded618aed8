/** `quotewright journal verify|stats|export|compact`: look at a journal, check it, write it out, make it shorter. */
import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { compactJournal } from '../journal/compact.ts';
import { exportJournal } from '../journal/export.ts';
import { KIND_NAMES } from '../journal/record-names.ts';
import { journalStats } from '../journal/stats.ts';
import { verifyJournal } from '../journal/verify.ts';
import { replayCommand } from './journal-replay.ts';
import { compactionText, statsJson, statsText, verificationText } from './journal-print.ts';

/** Exit code when the journal is damaged. Bad input exits 2. */
const EXIT_DAMAGED = 1;

const KINDS = new Map([...KIND_NAMES].map(([kind, name]) => [name, kind]));

export function journalCommand() {
  return new Command('journal')
    .description('the record of everything that a session was told')
    .exitOverride()
    .addCommand(verifyCommand())
    .addCommand(statsCommand())
    .addCommand(exportCommand())
    .addCommand(replayCommand())
    .addCommand(compactCommand());
}

function verifyCommand() {
  return new Command('verify')
    .description('read all of it, check every checksum; exit 1 when it is damaged, and say where')
    .exitOverride()
    .addArgument(folder())
    .option('--json', 'print JSON', false)
    .action((dir, { json }) => {
      const verification = verifyJournal(dir);
      process.stdout.write(
        json ? `${JSON.stringify(verification, undefined, 2)}\n` : verificationText(dir, verification),
      );
      if (verification.damages.length > 0) process.exitCode = EXIT_DAMAGED;
    });
}

function statsCommand() {
  return new Command('stats')
    .description('what it holds: records by kind, times, sizes, commits, sessions')
    .exitOverride()
    .addArgument(folder())
    .option('--json', 'print JSON', false)
    .action((dir, { json }) => {
      const stats = journalStats(dir);
      process.stdout.write(json ? statsJson(stats) : statsText(dir, stats));
    });
}

function exportCommand() {
  return new Command('export')
    .description('write its records with named fields, decimal prices and ISO times')
    .exitOverride()
    .addArgument(folder())
    .requiredOption('--out <file>', 'what to write; it appears under this name when it is complete')
    .addOption(
      new Option('--format <name>', 'of the file').choices(['jsonl', 'csv'] as const).default('jsonl' as const),
    )
    .addOption(
      new Option('--kinds <names>', `only these, with commas between: ${[...KINDS.keys()].join(', ')}`)
        .argParser(parseKinds)
        .default(new Set<number>(), 'all'),
    )
    .action((dir, { out, format, kinds }) => {
      const { records, damages } = exportJournal(dir, out, { format, kinds });
      process.stdout.write(`${out}: ${records.toLocaleString('en-US')} records\n`);
      if (damages > 0) process.stderr.write(`${dir}: is damaged; \`quotewright journal verify\` says where\n`);
    });
}

function compactCommand() {
  return new Command('compact')
    .description('of a session that does not run, remove the segments that its oldest snapshot stands for')
    .exitOverride()
    .addArgument(folder())
    .option('--json', 'print JSON', false)
    .action(async (dir, { json }) => {
      const compaction = await compactJournal(dir);
      process.stdout.write(json ? `${JSON.stringify(compaction, undefined, 2)}\n` : compactionText(dir, compaction));
    });
}

const folder = () => new Argument('<dir>', 'the folder of the journal');

function parseKinds(text: string): Set<number> {
  return new Set(
    text.split(',').map((name) => {
      const kind = KINDS.get(name.trim());
      if (kind === undefined) throw new InvalidArgumentError(`there is no kind '${name.trim()}'.`);
      return kind;
    }),
  );
}

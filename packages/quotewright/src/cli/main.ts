/** The `quotewright` command. One file per command; each exports a function that answers a commander Command. */
import { Command, type CommandUnknownOpts, CommanderError } from '@commander-js/extra-typings';
import { watchOutput } from './lost-output.ts';
import { redactor } from '../audit/redactor.ts';
import { InputError } from '../data/report.ts';

/** Bad input, a bad option, a file that cannot be read or written. */
const EXIT_BAD_INPUT = 2;
/** A bug of ours. */
const EXIT_BUG = 70;

/** Each is loaded when it is asked for: all of them take half a second. */
const COMMANDS = new Map<string, () => Promise<CommandUnknownOpts>>([
  ['alerts', async () => (await import('./alerts.ts')).alertsCommand()],
  ['audit', async () => (await import('./audit.ts')).auditCommand()],
  ['backtest', async () => (await import('./backtest.ts')).backtestCommand()],
  ['backup', async () => (await import('./backup.ts')).backupCommand()],
  ['book', async () => (await import('./book.ts')).bookCommand()],
  ['calibrate', async () => (await import('./calibrate.ts')).calibrateCommand()],
  ['data', async () => (await import('./data.ts')).dataCommand()],
  ['doctor', async () => (await import('./doctor.ts')).doctorCommand()],
  ['exchange', async () => (await import('./exchange.ts')).exchangeCommand()],
  ['fills', async () => (await import('./fills.ts')).fillsCommand()],
  ['init', async () => (await import('./init.ts')).initCommand()],
  ['journal', async () => (await import('./journal.ts')).journalCommand()],
  ['kill', async () => (await import('./kill.ts')).killCommand()],
  ['live', async () => (await import('./live.ts')).liveCommand()],
  ['match', async () => (await import('./match.ts')).matchCommand()],
  ['paper', async () => (await import('./paper.ts')).paperCommand()],
  ['reconcile', async () => (await import('./reconcile.ts')).reconcileCommand()],
  ['record', async () => (await import('./record.ts')).recordCommand()],
  ['report', async () => (await import('./report.ts')).reportCommand()],
  ['reproduce', async () => (await import('./reproduce.ts')).reproduceCommand()],
  ['risk', async () => (await import('./risk.ts')).riskCommand()],
  ['secrets', async () => (await import('./secrets.ts')).secretsCommand()],
  ['simulate', async () => (await import('./simulate.ts')).simulateCommand()],
  ['strategies', async () => (await import('./strategies.ts')).strategiesCommand()],
  ['var', async () => (await import('./var.ts')).varCommand()],
]);

// Keys may be in the environment, and a diagnostic report of the first second, before anybody has read them, would list it.
if (process.report !== undefined) process.report.excludeEnv = true;

const program = new Command('quotewright')
  .description("A market maker's workbench")
  .option('--verbose', 'print the stack trace of an error')
  .exitOverride();

if (process.env['QUOTEWRIGHT_LAUNCHED'] !== undefined) {
  delete process.env['QUOTEWRIGHT_LAUNCHED'];
  // The launcher was killed, and that was meant for us: nobody would know that a session trades on.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
}

watchOutput((failure) => {
  if (failure !== '') process.exitCode = EXIT_BAD_INPUT;
  process.exit();
});

try {
  const asked = COMMANDS.get(process.argv.slice(2).find((word) => !word.startsWith('-')) ?? '');
  const wanted = asked === undefined ? [...COMMANDS.values()] : [asked];
  for (const command of await Promise.all(wanted.map(async (load) => load()))) program.addCommand(command);
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_BAD_INPUT;
  else {
    const isBadInput = error instanceof InputError || isSystemError(error);
    const text = redactor.text(error instanceof Error ? error.message : String(error));
    process.stderr.write(`quotewright: ${isBadInput ? text : `internal error: ${text} (--verbose shows where)`}\n`);
    if (program.opts().verbose === true && error instanceof Error) {
      process.stderr.write(`${redactor.text(error.stack ?? '')}\n`);
    }
    process.exitCode = isBadInput ? EXIT_BAD_INPUT : EXIT_BUG;
  }
}

/** An error of the operating system, such as a full disk; Node puts its code and the path into the message. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** The `quotewright` command. One file per command; each exports a function that answers a commander Command. */
import { Command, CommanderError } from '@commander-js/extra-typings';
import { alertsCommand } from './alerts.ts';
import { auditCommand } from './audit.ts';
import { backtestCommand } from './backtest.ts';
import { backupCommand } from './backup.ts';
import { bookCommand } from './book.ts';
import { calibrateCommand } from './calibrate.ts';
import { dataCommand } from './data.ts';
import { fillsCommand } from './fills.ts';
import { initCommand } from './init.ts';
import { journalCommand } from './journal.ts';
import { killCommand } from './kill.ts';
import { matchCommand } from './match.ts';
import { paperCommand } from './paper.ts';
import { reportCommand } from './report.ts';
import { riskCommand } from './risk.ts';
import { simulateCommand } from './simulate.ts';
import { strategiesCommand } from './strategies.ts';
import { varCommand } from './var.ts';
import { redactor } from '../audit/redactor.ts';
import { InputError } from '../data/report.ts';

/** Bad input, a bad option, a file that cannot be read or written. */
const EXIT_BAD_INPUT = 2;
/** A bug of ours. */
const EXIT_BUG = 70;

const program = new Command('quotewright')
  .description("A market maker's workbench")
  .option('--verbose', 'print the stack trace of an error')
  .exitOverride();
program.addCommand(alertsCommand());
program.addCommand(auditCommand());
program.addCommand(backtestCommand());
program.addCommand(backupCommand());
program.addCommand(bookCommand());
program.addCommand(calibrateCommand());
program.addCommand(dataCommand());
program.addCommand(fillsCommand());
program.addCommand(initCommand());
program.addCommand(journalCommand());
program.addCommand(killCommand());
program.addCommand(matchCommand());
program.addCommand(paperCommand());
program.addCommand(reportCommand());
program.addCommand(riskCommand());
program.addCommand(simulateCommand());
program.addCommand(strategiesCommand());
program.addCommand(varCommand());

if (process.env['QUOTEWRIGHT_LAUNCHED'] !== undefined) {
  delete process.env['QUOTEWRIGHT_LAUNCHED'];
  // The launcher was killed, and that was meant for us: nobody would know that a session trades on.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
}

// A reader that has seen enough (`| head`) closes the pipe; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
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

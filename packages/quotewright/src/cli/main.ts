/** The `quotewright` command. One file per command; each exports a function that answers a commander Command. */
import { Command, CommanderError } from '@commander-js/extra-typings';
import { bookCommand } from './book.ts';
import { dataCommand } from './data.ts';
import { matchCommand } from './match.ts';
import { InputError } from '../data/report.ts';

const program = new Command('quotewright')
  .description("A market maker's workbench")
  .option('--verbose', 'print stack traces of errors')
  .exitOverride();

program.addCommand(bookCommand());
program.addCommand(dataCommand());
program.addCommand(matchCommand());
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof InputError) {
    process.stderr.write(`quotewright: ${error.message}\n`);
    process.exitCode = 2;
  } else throw error;
}

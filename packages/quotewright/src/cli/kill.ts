/** `quotewright kill`: halts a running session, cancels everything on every venue, and says what it could not confirm. */
import { writeFileSync } from 'node:fs';
import { Command, Option } from '@commander-js/extra-typings';
import { thisProcess } from '../audit/actor.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { InputError } from '../data/report.ts';
import { endOf } from '../journal/session-end.ts';
import { killText, orderText } from '../risk/control.ts';
import { checkFolder, killFile } from '../risk/control-place.ts';
import { type NoAnswer, askSession } from '../risk/control-client.ts';
import { parseWaitMs } from './arguments.ts';

/** Something could not be confirmed. */
const EXIT_UNCONFIRMED = 1;

export function killCommand() {
  return new Command('kill')
    .description('halt a running session and cancel every order on every venue; exit code 1: not all is confirmed')
    .exitOverride()
    .argument('<dir>', 'folder of the session')
    .addOption(new Option('--wait <time>', 'for its answer').argParser(parseWaitMs).default(30_000, '30s'))
    .option('--json', 'print JSON', false)
    .action(async (dir, { wait, json }) => {
      const who = thisProcess('quotewright kill');
      checkFolder(dir);
      const reply = await askSession(dir, { ask: 'kill', who }, wait);
      if (reply === 'absent') refuseIfEnded(dir);
      if (typeof reply === 'string') leaveFile(dir, reply);
      else if (!('kill' in reply))
        throw new InputError(`${dir}: ${'error' in reply ? reply.error : 'found another answer'}`);
      else {
        const { kill } = reply;
        const lines = [`${dir}: ${killText(kill)}`, ...kill.unconfirmed.map((order) => `  ${orderText(order)}`)];
        process.stdout.write(`${json ? JSON.stringify(kill) : lines.join('\n')}\n`);
        if (kill.unconfirmed.length > 0) process.exitCode = EXIT_UNCONFIRMED;
      }
    });
}

/** @throws InputError when the session's journal says that it has ended: nobody will start it again */
function refuseIfEnded(dir: string): void {
  const end = endOf(dir);
  if (end !== undefined) throw new InputError(`${dir}: the session has ended (${end}): there is nothing to halt`);
}

/** Nobody has answered: a session that wakes up, or is started again, shall find that it is to be halted. */
function leaveFile(dir: string, why: NoAnswer): void {
  const path = killFile(dir);
  writeFileSync(path, '');
  const found = why === 'absent' ? 'no session runs there' : 'the session did not answer in time';
  process.stderr.write(
    `${dir}: ${found}, nothing is confirmed: orders may stand at the venues. Left ${path}, which halts a session there until it is removed\n`,
  );
  process.exitCode = EXIT_UNCONFIRMED;
  // Last, so that an audit log that cannot be written keeps nothing from being halted.
  new AuditLog({ dir, role: 'quotewright kill' }).note({ what: 'kill', subject: 'file KILL', after: found });
}

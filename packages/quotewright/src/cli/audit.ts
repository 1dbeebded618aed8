/** `quotewright audit`: shows a session's audit log, and proves that it is whole. */
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { AuditLine } from '../audit/audit-line.ts';
import { type Anchor, readAudit, verifyAudit } from '../audit/audit-read.ts';

/** The log is not what was written. */
const EXIT_DAMAGED = 1;

export function auditCommand() {
  return new Command('audit')
    .description('who did what to a session')
    .exitOverride()
    .addCommand(showCommand())
    .addCommand(verifyCommand());
}

function showCommand() {
  return new Command('show')
    .description('print the audit log')
    .exitOverride()
    .argument('<dir>', 'folder of the session')
    .option('--what <prefix>', 'only what begins so, as limit or kill')
    .option('--json', 'print its lines as they are', false)
    .action(async (dir, { what = '', json }) => {
      for await (const line of readAudit(dir)) {
        if (line.what.startsWith(what)) process.stdout.write(`${json ? JSON.stringify(line) : lineText(line)}\n`);
      }
    });
}

function verifyCommand() {
  return new Command('verify')
    .description('prove that no line was removed, changed, moved or cut off; exit code 1: one was')
    .exitOverride()
    .argument('<dir>', 'folder of the session')
    .option('--anchor <number:hash>', 'a line that was there once, as verify printed it then', parseAnchor)
    .option('--json', 'print JSON', false)
    .action(async (dir, { anchor, json }) => {
      const verdict = await verifyAudit(dir, anchor);
      const { lines, segments, head, faults } = verdict;
      if (faults.length > 0) process.exitCode = EXIT_DAMAGED;
      if (json) process.stdout.write(`${JSON.stringify(verdict)}\n`);
      else if (faults.length > 0) process.stdout.write(`${faults.join('\n')}\n`);
      else
        process.stdout.write(`${dir}: ${lines} lines in ${segments} files, whole; anchor ${head.count}:${head.hash}\n`);
    });
}

function lineText({ n, time, what, who, subject = '', before, after }: AuditLine): string {
  const [was, is] = [before, after].map((value) => (value === undefined ? '' : JSON.stringify(value)));
  const change = was === '' ? is : is === '' ? `was ${was}` : `${was} → ${is}`;
  const words = [n, time, `${who.user} (${who.role}, pid ${who.pid})`, what, subject, change];
  return words.filter((word) => word !== '').join(' ');
}

function parseAnchor(text: string): Anchor {
  const [, count, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash !== undefined) return { count: Number(count), hash };
  throw new InvalidArgumentError('expected the number and the hash of a line, as 12:ab34….');
}

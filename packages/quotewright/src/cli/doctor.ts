/** `quotewright doctor`: is everything ready to trade? Each check is a line, and says what to do. Exit code 1: something fails. */
import { Command } from '@commander-js/extra-typings';
import pc from 'picocolors';
import { redactor } from '../audit/redactor.ts';
import type { Check, Grade } from '../doctor/check.ts';
import { examine } from '../doctor/doctor.ts';
import { defaultHome } from '../home/home.ts';
import { ROTATE_DAYS } from '../secrets/key-age.ts';
import { questionsOf } from '../secrets/questions.ts';
import { openVenue } from '../venues/open-venue.ts';
import { VENUES } from '../venues/registry.ts';
import { parseDays } from './secrets.ts';

const EXIT_FAILED = 1;
const INDENT = '      ';
const SIGNS: Readonly<Record<Grade, string>> = {
  pass: pc.green('pass'),
  warn: pc.yellow('warn'),
  fail: pc.red('FAIL'),
};

export function doctorCommand() {
  return new Command('doctor')
    .exitOverride()
    .description('check machine, config, keys, ways, clocks, latencies and limits; exit code 1: something fails')
    .option('--venues <file>', 'YAML of how venues are reached')
    .option('--venue <list>', `only these, separated by commas: ${VENUES.map(({ name }) => name).join(', ')}`)
    .option('--rotate-days <days>', 'warn of keys that are older', parseDays, ROTATE_DAYS)
    .option('--json', 'print JSON', false)
    .action(async ({ venues, venue, rotateDays, json }) => {
      const checks: Check[] = [];
      const questions = questionsOf(process.stdin);
      const isHealthy = await examine({
        venues,
        names: venue === undefined ? [] : venue.split(',').map((name) => name.trim()),
        open: openVenue,
        rotateDays,
        keys: {
          home: defaultHome(process.env),
          environment: process.env,
          // Nobody is asked in a script: there the password is in a file.
          ...(process.stdin.isTTY ? { askPassword: async () => questions.ask('password of the vault') } : {}),
        },
        found: (check) => {
          checks.push(check);
          if (!json) process.stdout.write(`${redactor.text(lineOf(check))}\n`);
        },
      });
      const count = (grade: Grade): number => checks.filter((check) => check.grade === grade).length;
      if (json) process.stdout.write(`${redactor.text(JSON.stringify({ isHealthy, checks }))}\n`);
      else process.stdout.write(`${count('pass')} passed, ${count('warn')} to be looked at, ${count('fail')} failed\n`);
      if (!isHealthy) process.exitCode = EXIT_FAILED;
    });
}

function lineOf({ of, name, grade, text, todo }: Check): string {
  const lines = [`${SIGNS[grade]}  ${wrapped(`${of} ${name}: ${text}`)}`];
  if (todo !== '') lines.push(`${INDENT}${pc.dim('→')} ${wrapped(todo, `${INDENT}  `)}`);
  return lines.join('\n');
}

/** Lines of a terminal go on below their text; a pipe gets them whole. */
function wrapped(text: string, indent = INDENT): string {
  const width = Math.max(40, process.stdout.columns ?? Number.POSITIVE_INFINITY) - indent.length;
  let line = '';
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}

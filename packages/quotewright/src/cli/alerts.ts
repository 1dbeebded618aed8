/** `quotewright alerts`: the alerts of a session, and their acknowledgement. */
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { nsToIso, parseIsoNs } from '@quotewright/core/base/time';
import { SEVERITY_NAMES } from '@quotewright/core/risk/alert';
import { ALERT_TYPES, type AlertTypeName, type SeverityName } from '../alerts/alert.ts';
import { queryAlerts } from '../alerts/alert-history.ts';
import { thisProcess } from '../audit/actor.ts';
import { askRunning, waitOption } from './risk.ts';

export function alertsCommand() {
  return new Command('alerts')
    .description('the alerts of a session')
    .exitOverride()
    .addCommand(listCommand())
    .addCommand(ackCommand());
}

function listCommand() {
  return new Command('list')
    .description('print alerts, oldest first')
    .exitOverride()
    .argument('<dir>', 'folder of the session')
    .option('--type <type>', 'only these, as CIRCUIT_BREAKER_OPEN', parseType)
    .option('--severity <severity>', `this one and above: ${SEVERITY_NAMES.join(', ')}`, parseSeverity)
    .option('--since <time>', 'ISO time of the session', parseTime)
    .option('--json', 'print JSON Lines', false)
    .action(async (dir, { type, severity, since, json }) => {
      const damage = { lines: 0, first: 0 };
      for (const { alert, acknowledged } of await queryAlerts(dir, { type, severity, since }, damage)) {
        const by =
          acknowledged === undefined ? '' : ` (acknowledged by ${acknowledged.who.user}, ${acknowledged.time})`;
        const line = json ? JSON.stringify({ ...alert, acknowledged }) : `${alert.time} ${alert.text}${by}`;
        process.stdout.write(`${line}\n`);
      }
      if (damage.lines > 0) {
        process.stderr.write(
          `${dir}: ${damage.lines} lines cannot be read (a crash cuts one off), the first is ${damage.first}\n`,
        );
      }
    });
}

function ackCommand() {
  return new Command('ack')
    .description('acknowledge an alert of a running session')
    .exitOverride()
    .argument('<dir>', 'folder of the session')
    .argument('<number>', 'of the alert', parseNumber)
    .addOption(waitOption())
    .action(async (dir, number, { wait }) => {
      const who = thisProcess('quotewright alerts ack');
      const reply = await askRunning(dir, { ask: 'acknowledge', who, number }, wait);
      if ('text' in reply) process.stdout.write(`${reply.text}\n`);
    });
}

function parseType(text: string): AlertTypeName {
  const found = ALERT_TYPES.find((name) => name === text.toUpperCase());
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`expected one of ${ALERT_TYPES.join(', ')}.`);
}

function parseSeverity(text: string): SeverityName {
  const found = SEVERITY_NAMES.find((name) => name === text.toUpperCase());
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`expected one of ${SEVERITY_NAMES.join(', ')}.`);
}

/** In the shape that alerts have. */
function parseTime(text: string): string {
  const ns = parseIsoNs(text, 0);
  if (ns === ns) return nsToIso(ns, 0);
  throw new InvalidArgumentError('expected an ISO time such as 2026-01-05T12:00:00.');
}

function parseNumber(text: string): number {
  const number = Number(text);
  if (/^[1-9]\d{0,14}$/.test(text)) return number;
  throw new InvalidArgumentError('expected the number of an alert, from 1.');
}

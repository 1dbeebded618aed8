/** `quotewright risk`: shows and changes limits, state and circuit breakers of a running session. */
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { thisProcess } from '../audit/actor.ts';
import { InputError } from '../data/report.ts';
import type { ControlReply, ControlRequest } from '../risk/control-protocol.ts';
import { askSession } from '../risk/control-client.ts';
import { riskText } from '../risk/risk-text.ts';
import { parseWaitMs } from './arguments.ts';

const NULL = 'null';

export function riskCommand() {
  return new Command('risk')
    .description('limits, state and circuit breakers of a running session')
    .exitOverride()
    .addCommand(showCommand())
    .addCommand(setCommand())
    .addCommand(stateCommand())
    .addCommand(breakerCommand('trip', 'open the circuit breaker of an instrument, or of all'))
    .addCommand(breakerCommand('reset', 'close it'));
}

function showCommand() {
  return new Command('show')
    .description('state, circuit breakers, limits')
    .exitOverride()
    .argument('<dir>', 'folder of the session')
    .option('--json', 'print JSON', false)
    .addOption(waitOption())
    .action(async (dir, { json, wait }) => {
      const reply = await askRunning(dir, { ask: 'show', who: thisProcess('quotewright risk show') }, wait);
      if (!('report' in reply)) throw new InputError(`${dir}: found another answer, expected a report`);
      process.stdout.write(json ? `${JSON.stringify(reply.report)}\n` : riskText(reply.report));
    });
}

function setCommand() {
  return new Command('set')
    .description('change a limit')
    .exitOverride()
    .argument('<dir>', 'folder of the session')
    .argument('<limit>', 'name of the limit, as max_order_size')
    .argument('<value>', `a number from 0, or ${NULL} for no limit`, parseValue)
    .option('--scope <scope>', 'global, venue:NAME, instrument:SYMBOL or strategy:INDEX', 'global')
    .addOption(waitOption())
    .action(async (dir, limit, value, { scope, wait }) => {
      const who = thisProcess('quotewright risk set');
      print(await askRunning(dir, { ask: 'limit', who, limit, value: value.number, scope }, wait));
    });
}

function stateCommand() {
  return new Command('state')
    .description('set the state of trading')
    .exitOverride()
    .argument('<dir>', 'folder of the session')
    .argument('<state>', RISK_STATE_NAMES.join(', ').toLowerCase(), parseState)
    .addOption(waitOption())
    .action(async (dir, state, { wait }) => {
      print(await askRunning(dir, { ask: 'state', who: thisProcess('quotewright risk state'), state }, wait));
    });
}

function breakerCommand(ask: 'trip' | 'reset', description: string) {
  return new Command(ask)
    .description(description)
    .exitOverride()
    .argument('<dir>', 'folder of the session')
    .argument('[instrument]', 'symbol, or venue:symbol')
    .addOption(waitOption())
    .action(async (dir, instrument, { wait }) => {
      const who = thisProcess(`quotewright risk ${ask}`);
      print(await askRunning(dir, { ask, who, ...(instrument === undefined ? {} : { instrument }) }, wait));
    });
}

/** @throws InputError when there is no answer, or a refusal */
export async function askRunning(dir: string, request: ControlRequest, waitMs: number): Promise<ControlReply> {
  const reply = await askSession(dir, request, waitMs);
  if (reply === 'absent') throw new InputError(`${dir}: found no running session, expected one`);
  if (reply === 'late') throw new InputError(`${dir}: found a session that does not answer within ${waitMs / 1000} s`);
  if ('error' in reply) throw new InputError(`${dir}: ${reply.error}`);
  return reply;
}

export function waitOption() {
  return new Option('--wait <time>', 'for its answer').argParser(parseWaitMs).default(10_000, '10s');
}

function print(reply: ControlReply): void {
  if ('text' in reply) process.stdout.write(`${reply.text}\n`);
}

/** An object, because null is a value here. */
function parseValue(text: string): { readonly number: number | null } {
  const number = Number(text);
  if (text === NULL) return { number: null };
  if (text.trim() !== '' && Number.isFinite(number) && number >= 0) return { number };
  throw new InvalidArgumentError(`expected a number from 0, or ${NULL} for no limit.`);
}

function parseState(text: string): (typeof RISK_STATE_NAMES)[number] {
  const found = RISK_STATE_NAMES.find((name) => name === text.toUpperCase());
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`expected ${RISK_STATE_NAMES.join(', ').toLowerCase()}.`);
}

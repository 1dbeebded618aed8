/** Commands on one strategy of a running session: start, stop and pause it, and give it other parameters. */
import { paramCode } from '@quotewright/core/strategies/param-codes';
import { Command } from '@quotewright/core/trading/records';
import { STRATEGY_STATE_NAMES } from '@quotewright/core/trading/strategy-state';
import type { AuditLog } from '../audit/audit-log.ts';
import { resolveParams } from '../backtest/load-strategy.ts';
import { InputError } from '../data/report.ts';
import type { ControlReply, ControlRequest } from './control-protocol.ts';
import type { Operable } from './operable.ts';

const COMMANDS = {
  start: Command.START_STRATEGY,
  stop: Command.STOP_STRATEGY,
  pause: Command.PAUSE_STRATEGY,
} as const;
const STATES = { start: 'running', stop: 'stopped', pause: 'paused' } as const;

type Request<A extends ControlRequest['ask']> = Extract<ControlRequest, { ask: A }>;
type Seat = Operable['seats'][number];

/** Writes an entry into the audit log. @returns why it could not be written; empty when it was */
export type Audit = (entry: Parameters<AuditLog['append']>[0]) => string;

export function commandStrategy(
  engine: Operable,
  nowNs: number,
  { who, strategy, command }: Request<'strategy'>,
  audit: Audit,
): ControlReply {
  const seat = engine.seats[strategy];
  if (seat === undefined) return noStrategy(engine, strategy);
  const before = STRATEGY_STATE_NAMES[seat.state];
  const subject = nameOf(seat);
  const fault = audit({ what: `strategy.${command}`, who, subject, before, after: STATES[command] });
  if (fault !== '') return { error: fault };
  const refusal = engine.strategy(strategy, COMMANDS[command], nowNs);
  if (refusal !== '') return { error: `${subject} cannot start, and stays stopped: ${refusal}` };
  return { text: `${subject}: ${before} → ${STRATEGY_STATE_NAMES[seat.state]}` };
}

export function setParameters(
  engine: Operable,
  nowNs: number,
  { who, strategy, parameters }: Request<'parameters'>,
  audit: Audit,
): ControlReply {
  const seat = engine.seats[strategy];
  if (seat === undefined) return noStrategy(engine, strategy);
  const names = Object.keys(parameters);
  if (names.length === 0) return { error: 'parameters: found none, expected one at least' };
  const after = checked(seat, parameters);
  if (typeof after === 'string') return { error: after };
  const before = Object.fromEntries(names.map((name) => [name, seat.params[name]!]));
  const subject = nameOf(seat);
  const fault = audit({ what: 'parameters.set', who, subject, before, after });
  if (fault !== '') return { error: fault };
  const specs = Object.entries(seat.definition.params);
  const changes = specs.flatMap(([name, spec], parameter) =>
    after[name] === undefined ? [] : [{ parameter, value: paramCode(spec, after[name]) }],
  );
  const refusal = engine.parameters(strategy, changes, nowNs);
  if (refusal !== '') return { error: `${subject} did not take the parameters, and goes on as before: ${refusal}` };
  const told = names.map((name) => `${name} ${before[name]} → ${after[name]}`);
  return { text: `${subject}: ${told.join(', ')}` };
}

/** The values as the strategy takes them. @returns a text when one is not right */
function checked({ definition }: Seat, given: Request<'parameters'>['parameters']): Seat['params'] | string {
  for (const name of Object.keys(given)) {
    // What every object has is no parameter.
    if (!Object.hasOwn(definition.params, name)) {
      const known = Object.keys(definition.params).join(', ');
      return `parameter ${name}: ${definition.name} has none of this name; it has ${known}`;
    }
    if (definition.params[name]!.type === 'text') {
      return `parameter ${name}: found a text, expected a number, a choice, true or false: a text cannot be changed while the session runs`;
    }
  }
  try {
    const values = resolveParams(definition, given);
    return Object.fromEntries(Object.keys(given).map((name) => [name, values[name]!]));
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

function nameOf({ index, name }: Seat): string {
  return `strategy ${index} (${name})`;
}

function noStrategy({ seats }: Operable, found: number): ControlReply {
  const names = seats.map(({ index, name }) => `${index} (${name})`).join(', ');
  return { error: `strategy: found ${found}, expected one of ${names}` };
}

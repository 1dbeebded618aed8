/**
 * Commands a running session from outside: by its socket, by the signal SIGUSR2, by the file KILL in its folder, and by whoever hands
 * requests in (`take`). The session asks between two slices (`poll`), and what was commanded enters the engine as an input like any
 * other, so that a replay does the same. Every command is in the audit log before it acts.
 */
import { existsSync } from 'node:fs';
import { LIMITS } from '@quotewright/core/risk/limits';
import { Command } from '@quotewright/core/trading/records';
import { BREAKER_STATE_NAMES, RISK_STATE_NAMES, RiskState } from '@quotewright/core/trading/risk-state';
import type { AlertCenter } from '../alerts/alert-center.ts';
import { type Actor, thisProcess } from '../audit/actor.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { reasonOf } from '../data/reason.ts';
import type { ControlReply, ControlRequest, KillOutcome, OpenOrder } from './control-protocol.ts';
import { killFile } from './control-place.ts';
import { type Asked, ControlServer } from './control-server.ts';
import { KillSwitch } from './kill-switch.ts';
import { type Operable, findInstrument, findLimit, instrumentName, openOrdersOf } from './operable.ts';
import { riskReportOf } from './risk-report.ts';
import { type Audit, commandStrategy, setParameters } from './strategy-commands.ts';

/** Beyond the engine's own time-out of requests (5 s), so that an order that is not answered for is known as such. */
const GRACE_NS = 10e9;
const SIGNAL = 'SIGUSR2';
const COMMANDS = { ACTIVE: Command.ACTIVATE, REDUCING: Command.REDUCE, HALTED: Command.HALT } as const;

export interface ControlOptions {
  /** Folder of the session; absent: only the signal commands it. */
  readonly dir?: string | undefined;
  readonly audit?: AuditLog | undefined;
  readonly alerts: AlertCenter;
  /** Takes a line for the operator. */
  readonly say: (line: string) => void;
  /**
   * Asks the venues and settles what differs, and then tells in lines what came of it: not at once, as venues are asked again until nothing
   * is open. Absent: there is no venue to ask.
   */
  readonly reconcile?: ((nowNs: number, tell: (text: string) => void) => void) | undefined;
  /** In the session's time. Default: 10 s. */
  readonly graceNs?: number;
}

export class Control {
  readonly #options: ControlOptions;
  readonly #server: ControlServer | undefined;
  readonly #kills: KillSwitch;
  /** Requests that came by `take`. */
  readonly #taken: Asked[] = [];
  /** Of those who wait for what the venues say. */
  readonly #asking = new Set<Asked['reply']>();
  #isSignalled = false;
  #isFileThere = false;
  readonly #signalled = (): void => {
    this.#isSignalled = true;
  };

  readonly #audit: Audit = (entry) => {
    try {
      this.#options.audit?.append(entry);
      return '';
    } catch (error) {
      return `the audit log cannot be written: ${reasonOf(error)}`;
    }
  };

  private constructor(options: ControlOptions, server: ControlServer | undefined) {
    this.#options = options;
    this.#server = server;
    this.#kills = new KillSwitch(options.graceNs ?? GRACE_NS);
    process.on(SIGNAL, this.#signalled);
  }

  /** @throws InputError when another session is commanded in the folder */
  static async open(options: ControlOptions): Promise<Control> {
    const { dir } = options;
    const server = dir === undefined ? undefined : await ControlServer.open(dir);
    options.audit?.note({ what: 'session.start' });
    return new Control(options, server);
  }

  /** Another source of requests than the socket, such as the server's thread: this one is answered by the next `poll`. */
  take(asked: Asked): void {
    this.#taken.push(asked);
  }

  /** Does what was commanded meanwhile. Call it before the session starts, and then between its slices. */
  poll(engine: Operable, nowNs: number): void {
    if (this.#isSignalled) {
      this.#isSignalled = false;
      this.#killed(engine, nowNs, `signal ${SIGNAL}`);
    }
    const wasThere = this.#isFileThere;
    this.#isFileThere = this.#hasKillFile();
    if (this.#isFileThere && !wasThere) this.#killed(engine, nowNs, 'file KILL');
    for (const asked of this.#taken.splice(0)) this.#answer(engine, nowNs, asked);
    for (let asked = this.#server?.take(); asked !== undefined; asked = this.#server?.take()) {
      this.#answer(engine, nowNs, asked);
    }
    this.#kills.poll(engine, nowNs);
  }

  /** The session has ended. @param engine absent when it never began */
  async close(engine?: Operable): Promise<void> {
    process.off(SIGNAL, this.#signalled);
    if (engine !== undefined) this.#kills.finish(engine);
    const waiting = [...this.#taken.splice(0).map(({ reply }) => reply), ...this.#asking];
    this.#asking.clear();
    for (const reply of waiting) reply({ error: 'the session has ended' });
    await this.#server?.close();
    const after = engine && { state: RISK_STATE_NAMES[engine.riskState], openOrders: openOrdersOf(engine).length };
    this.#audit({ what: 'session.end', who: thisProcess('session'), after });
  }

  #hasKillFile(): boolean {
    const { dir } = this.#options;
    return dir !== undefined && existsSync(killFile(dir));
  }

  /** Killed by somebody who does not wait for an answer. */
  #killed(engine: Operable, nowNs: number, by: string): void {
    const who = thisProcess(by);
    this.#kill(engine, nowNs, who, (outcome) => {
      this.#options.say(`kill switch (${by}): ${killText(outcome)}`);
      for (const order of outcome.unconfirmed) this.#options.say(`  ${orderText(order)}`);
    });
  }

  #kill(engine: Operable, nowNs: number, who: Actor, tell: (outcome: KillOutcome) => void): void {
    const before = RISK_STATE_NAMES[engine.riskState];
    const fault = this.#audit({ what: 'kill', who, before, after: 'HALTED' });
    // Nothing stops the kill switch.
    if (fault !== '') this.#options.say(`kill switch: ${fault}`);
    this.#kills.pull(engine, nowNs, (outcome) => {
      this.#audit({ what: 'kill.outcome', who, after: outcome });
      if (outcome.unconfirmed.length > 0) {
        const detail = `kill switch: ${killText(outcome)}`;
        this.#options.alerts.raise({ type: 'SYSTEM_ERROR', severity: 'EMERGENCY', detail }, nowNs);
      }
      tell(outcome);
    });
  }

  #answer(engine: Operable, nowNs: number, { request, reply }: Asked): void {
    if (request.ask === 'kill') {
      this.#kill(engine, nowNs, request.who, (kill) => reply({ kill }));
    } else if (request.ask === 'show') {
      reply({ report: riskReportOf(engine, this.#options.alerts.counts) });
    } else if (request.ask === 'reconcile') this.#reconcile(nowNs, request.who, reply);
    else {
      const answer = this.#operated(engine, nowNs, request);
      if ('error' in answer) {
        this.#audit({ what: 'command.refused', who: request.who, subject: request.ask, after: answer.error });
      }
      reply(answer);
    }
  }

  #operated(
    engine: Operable,
    nowNs: number,
    request: Exclude<ControlRequest, { ask: 'kill' | 'reconcile' | 'show' }>,
  ): ControlReply {
    const { who } = request;
    if (request.ask === 'limit') return this.#setLimit(engine, nowNs, request);
    if (request.ask === 'state') return this.#setState(engine, nowNs, request);
    if (request.ask === 'strategy') return commandStrategy(engine, nowNs, request, this.#audit);
    if (request.ask === 'parameters') return setParameters(engine, nowNs, request, this.#audit);
    if (request.ask === 'acknowledge') {
      const last = engine.risk?.alerts.last ?? 0;
      if (request.number > last)
        return { error: `number: found ${request.number}, expected that of an alert, at most ${last}` };
      const fault = this.#audit({ what: 'alert.acknowledge', who, subject: `alert ${request.number}` });
      if (fault !== '') return { error: fault };
      engine.operate(Command.ACKNOWLEDGE, -1, request.number, nowNs);
      this.#options.alerts.acknowledged(request.number, who);
      return { text: `alert ${request.number} is acknowledged` };
    }
    const { ask, instrument } = request;
    const market = instrument === undefined ? -1 : findInstrument(engine.instruments, instrument);
    if (typeof market === 'string') return { error: market };
    const subject = market < 0 ? 'all instruments' : instrumentName(engine.instruments[market]!);
    const before = breakersOf(engine, market);
    const fault = this.#audit({ what: `breaker.${ask}`, who, subject, before });
    if (fault !== '') return { error: fault };
    engine.operate(ask === 'trip' ? Command.TRIP : Command.RESET, market, 0, nowNs);
    return { text: `circuit breaker of ${subject}: ${before} → ${breakersOf(engine, market)}` };
  }

  #setLimit(engine: Operable, nowNs: number, request: Extract<ControlRequest, { ask: 'limit' }>): ControlReply {
    const { who, limit, value, scope } = request;
    const found = findLimit(engine, limit, scope);
    if (typeof found === 'string') return { error: found };
    const { index, place } = found;
    if (value !== null && !(value >= 0)) {
      return { error: `${limit}: found ${value}, expected a number from 0, or null for no limit` };
    }
    const before = engine.risk?.limits.at(index, place.scope, place.index) ?? Number.NaN;
    const subject = `${limit} ${place.name}`;
    const was = before !== before ? 'nothing' : limitText(before);
    const fault = this.#audit({ what: 'limit.set', who, subject, before: was, after: limitText(value) });
    if (fault !== '') return { error: fault };
    engine.setLimit(index, place.scope, place.index, value ?? Number.NaN, nowNs);
    const unit = value === null ? '' : ` ${LIMITS[index]!.unit}`;
    return { text: `${subject}: ${was} → ${limitText(value)}${unit}` };
  }

  #reconcile(nowNs: number, who: Actor, reply: Asked['reply']): void {
    const { reconcile } = this.#options;
    const fault =
      reconcile === undefined ? 'this session has no venue to ask' : this.#audit({ what: 'reconcile', who });
    if (fault !== '') {
      this.#audit({ what: 'command.refused', who, subject: 'reconcile', after: fault });
      reply({ error: fault });
      return;
    }
    this.#asking.add(reply);
    reconcile!(nowNs, (text) => {
      this.#audit({ what: 'reconcile.outcome', who, after: text });
      if (this.#asking.delete(reply)) reply({ text });
    });
  }

  #setState(engine: Operable, nowNs: number, request: Extract<ControlRequest, { ask: 'state' }>): ControlReply {
    const { who, state } = request;
    if (state !== 'HALTED' && this.#hasKillFile()) {
      return { error: `state: found the file ${killFile(this.#options.dir ?? '')}, expected none: remove it first` };
    }
    const before = RISK_STATE_NAMES[engine.riskState];
    const fault = this.#audit({ what: 'state.set', who, before, after: state });
    if (fault !== '') return { error: fault };
    engine.operate(COMMANDS[state], -1, 0, nowNs);
    const after = RISK_STATE_NAMES[engine.riskState];
    const demand = RiskState[after] > RiskState[state] ? ` (${state} was commanded, the limits demand ${after})` : '';
    return { text: `state: ${before} → ${after}${demand}` };
  }
}

export function killText({ orders, unconfirmed }: KillOutcome): string {
  if (unconfirmed.length === 0) return `trading is halted, orders confirmed to be gone: ${orders}`;
  return `trading is halted, orders not confirmed to be gone: ${unconfirmed.length} of ${orders}`;
}

export function orderText({ order, strategy, instrument, side, price, size, state, reason }: OpenOrder): string {
  const why = reason === null ? '' : ` (${reason})`;
  return `order ${order} of strategy ${strategy}: ${instrument} ${side} ${size} at ${price}: ${state}${why}`;
}

function breakersOf({ risk, instruments }: Operable, market: number): string {
  const states = instruments.map((_, index) => BREAKER_STATE_NAMES[risk?.breakerAt(index) ?? 0]);
  return market < 0 ? [...new Set(states)].join(', ') : (states[market] ?? 'CLOSED');
}

function limitText(value: number | null): string {
  return value === null || value === Number.POSITIVE_INFINITY ? 'no limit' : String(value);
}

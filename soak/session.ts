/** One session under faults: runs the scenario of a seed and says what did not hold. */
import { isDeepStrictEqual } from 'node:util';
import { Random } from '@quotewright/core/base/random';
import { Engine } from '@quotewright/core/engine/engine';
import type { EngineState } from '@quotewright/core/engine/engine-state';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { Mark } from '@quotewright/core/engine/local-market';
import { Reconciler, differenceTable } from '@quotewright/core/engine/reconcile';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { LIMIT_INDEX, Scope } from '@quotewright/core/risk/limits';
import { paramCode } from '@quotewright/core/strategies/param-codes';
import { OrderState } from '@quotewright/core/trading/order-state';
import { Command } from '@quotewright/core/trading/records';
import { AccountTracker, TrackedVenue } from '@quotewright/core/venue-sim/account-tracker';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { DEFAULT_PARAMS } from '@quotewright/core/venue-sim/living/params';
import { LyingVenue } from '@quotewright/core/venue-sim/lying-venue';
import { FaultyFeed } from './faulty-feed.ts';
import { Invariants } from './invariants.ts';
import { Killed, MortalJournal } from './mortal-journal.ts';
import { SkewedLatency } from './skewed-latency.ts';
import { type Scenario, scenarioOf } from './scenario.ts';

const SECOND = 1e9;
const SLICE_NS = 0.5 * SECOND;
const GRACE_NS = 0.5 * SECOND;
const MOST_ANSWERS = 12;
/** Records that a killed process may not have written. */
const MOST_LOST = 50;
const CASH = 100_000;
/** Of what is not the risk currency and has no instrument that gives its price. */
const RATES = { USD: 1, EUR: 1.1 };
const MAX_POSITION = LIMIT_INDEX.get('max_position_size')!;
const NOWHERE = { send: () => {} };

export interface Outcome {
  readonly seed: number;
  readonly violations: readonly string[];
  /** What happened, by kind. */
  readonly counts: Readonly<Record<string, number>>;
  readonly digest: string;
}

export function runSeed(seed: number): Outcome {
  const session = new FaultySession(scenarioOf(seed));
  session.run();
  return session.outcome();
}

interface Snapshot {
  readonly count: number;
  readonly state: EngineState;
}

class FaultySession {
  readonly #scenario: Scenario;
  readonly #random: Random;
  /** Of what is done to strategies. */
  readonly #operator: Random;
  readonly #invariants = new Invariants();
  readonly #journal = new MortalJournal((data, offset) => this.#invariants.input(data, offset));
  readonly #market: LivingMarket;
  readonly #truth: TrackedVenue;
  readonly #lying: LyingVenue;
  readonly #feed: FaultyFeed;
  readonly #latency: SkewedLatency;
  readonly #counts: Record<string, number> = {};
  #engine: Engine;
  #session: LivingSession;
  #snapshot: Snapshot | undefined;
  #nowNs = 0;
  #epoch = 1;
  #hasFailed = false;

  constructor(scenario: Scenario) {
    const { seed, instruments, strategies, lies, feed, latencyNs } = scenario;
    this.#scenario = scenario;
    this.#random = Random.stream(seed, 'what-happens');
    this.#operator = Random.stream(seed, 'operator');
    this.#market = new LivingMarket(
      instruments.map((instrument) => ({ instrument, params: DEFAULT_PARAMS })),
      seed,
    );
    const cash = { [instruments[0]!.settlement]: String(CASH * strategies.length) };
    this.#truth = new TrackedVenue(this.#market, new AccountTracker(instruments, { cash }));
    this.#lying = new LyingVenue(this.#truth, lies, seed);
    this.#feed = new FaultyFeed(this.#lying, (ns) => this.#market.subscribe(ns), feed, instruments.length, seed);
    const latency = new DelayLatency({ request: latencyNs, report: latencyNs, marketData: latencyNs }, seed);
    this.#latency = new SkewedLatency(latency, this.#feed);
    this.#engine = this.#makeEngine(this.#journal);
    this.#session = new LivingSession(this.#engine, this.#feed, this.#latency);
    this.#invariants.watch(this.#engine);
  }

  run(): void {
    const { seconds, kill, disconnect, command, diskFailure, strategy } = this.#scenario;
    this.#guard(() => this.#session.start(0));
    while (this.#nowNs < seconds * SECOND && !this.#hasFailed) {
      if (this.#happens(kill)) this.#journal.killAt = this.#journal.count + this.#random.below(2000);
      this.#guard(() => {
        this.#runTo(this.#nowNs + SLICE_NS);
        if (this.#happens(disconnect)) this.#disconnect();
        if (this.#happens(command)) this.#command();
        if (this.#operator.uniform() < strategy) this.#operate();
        if (this.#happens(diskFailure)) this.#failDisk();
      });
      if (this.#random.below(3) === 0) this.#snapshot = { count: this.#journal.count, state: this.#engine.save() };
    }
    this.#journal.killAt = Number.POSITIVE_INFINITY;
    this.#end();
  }

  outcome(): Outcome {
    const { violations, requests } = this.#invariants;
    const told = { ...this.#lying.told, ...this.#feed.told };
    const fills = this.#engine.seats.reduce((sum, seat) => sum + seat.fills, 0);
    const counts = { ...this.#counts, ...told, inputs: this.#journal.count, requests, fills };
    return { seed: this.#scenario.seed, violations, counts, digest: this.#engine.outputs.digest() };
  }

  #makeEngine(journal?: MortalJournal): Engine {
    const { instruments, strategies, seed, risk } = this.#scenario;
    const capital = { [instruments[0]!.settlement]: CASH * strategies.length };
    const currencies = new Set(instruments.flatMap(({ base, quote }) => [base, quote]));
    const rates = Object.fromEntries(
      Object.entries(RATES).filter(([each]) => currencies.has(each) && each !== instruments[0]!.settlement),
    );
    const observers = journal === undefined ? [] : [this.#invariants];
    return new Engine({
      instruments,
      isL3: instruments.map(() => false),
      venueOf: instruments.map(() => 0),
      strategies: strategies.map(({ definition, params }) => ({ definition, params, observers })),
      seed,
      mark: Mark.MID,
      ledger: { cash: { [instruments[0]!.settlement]: String(CASH) } },
      quoter: { canAmend: true },
      ackTimeoutNs: 0.2 * SECOND,
      risk: { ...risk, gate: { capital, rates } },
      ...(journal === undefined ? {} : { journal }),
    });
  }

  /** Does something in which the process may die; then another one takes over. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.#recover();
    }
  }

  #runTo(ns: number): void {
    this.#session.run(ns);
    this.#nowNs = ns;
  }

  /** The process is dead. What it had not written is lost, the venue lives on, and another process takes over. */
  #recover(): void {
    this.#count('kills');
    const journal = this.#journal;
    journal.killAt = Number.POSITIVE_INFINITY;
    this.#lying.setUp(true);
    const lost = this.#random.below(2) === 0 ? 0 : Math.min(journal.count, this.#random.below(MOST_LOST));
    journal.count -= lost;
    this.#count('lost records', lost);
    const engine = this.#makeEngine(journal);
    const snapshot = this.#snapshot !== undefined && this.#snapshot.count <= journal.count ? this.#snapshot : undefined;
    if (snapshot !== undefined) engine.restore(structuredClone(snapshot.state));
    this.#replay(engine, snapshot?.count ?? 0);
    if (snapshot !== undefined) {
      this.#count('recoveries from a snapshot');
      const replayed = this.#makeEngine();
      this.#replay(replayed, 0);
      if (!isDeepStrictEqual(engine.save(), replayed.save()))
        this.#invariants.fail('recovered state is not replayed state');
    }
    this.#snapshot = undefined;
    this.#engine = engine;
    this.#invariants.watch(engine);
    this.#liveOn(Math.max(engine.nowNs, this.#nowNs, 0) + SLICE_NS + this.#random.below(SECOND));
    this.#session = new LivingSession(engine, this.#feed, this.#latency);
    const nowNs = this.#nowNs;
    engine.restart(++this.#epoch, nowNs);
    if (!engine.isRunning) engine.start(nowNs);
    engine.wake(nowNs);
    this.#session.carry();
    this.#market.subscribe(nowNs);
    this.#reconcile();
  }

  #replay(engine: Engine, from: number): void {
    this.#invariants.watch(undefined);
    const journal = this.#journal;
    journal.isReplaying = true;
    for (let at = from * EVENT_STRIDE; at < journal.count * EVENT_STRIDE; at += EVENT_STRIDE) {
      engine.input(journal.data, at);
      if (engine.hasRequests) engine.takeRequests(NOWHERE);
    }
    journal.isReplaying = false;
  }

  /** Nobody listens to the venue until then. */
  #liveOn(ns: number): void {
    while (this.#feed.nextNs < ns) {
      this.#feed.step();
      this.#feed.drop();
    }
    this.#feed.drop();
    this.#nowNs = ns;
  }

  /** The connection goes for a while. */
  #disconnect(): void {
    this.#count('disconnects');
    const engine = this.#engine;
    this.#lying.setUp(false);
    for (const index of engine.instruments.keys()) engine.connection(index, false, this.#nowNs);
    this.#runTo(this.#nowNs + SECOND + this.#random.below(2 * SECOND));
    this.#lying.setUp(true);
    this.#market.subscribe(this.#nowNs);
    this.#reconcile();
  }

  /** Asks the venue until what it says is settled. */
  #reconcile(): void {
    const engine = this.#engine;
    const { unknownOrders } = this.#scenario;
    // What is late at the venue may still arrive, so that an answer before it is not the last word.
    this.#runTo(this.#nowNs + 2 * SECOND);
    const reconciler = new Reconciler(engine, { unknownOrders, graceNs: GRACE_NS });
    for (let i = 0; i < MOST_ANSWERS; i++) {
      reconciler.answer(this.#feed.account(Number.NEGATIVE_INFINITY), this.#nowNs);
      this.#session.carry();
      // What happens after the last answer, and is lost on its way, only the next one tells.
      if (reconciler.isSettled) break;
      this.#runTo(this.#nowNs + GRACE_NS);
    }
    const { differences, booked, adopted, cancelled } = reconciler.conclude(this.#nowNs);
    this.#count('executions found by reconciling', booked);
    this.#count('unknown orders found', adopted + cancelled);
    if (differences.length > 0) this.#invariants.fail(`reconciled, and yet:\n${differenceTable(differences)}`);
    else this.#compare();
    for (const index of engine.instruments.keys()) engine.connection(index, true, this.#nowNs);
    this.#session.carry();
  }

  /** What the engine holds is what the venue says. */
  #compare(): void {
    const { orders, executions, positionLots } = this.#truth.account(Number.NEGATIVE_INFINITY);
    const { desk, seats } = this.#engine;
    for (const [market, lots] of positionLots.entries()) {
      const ours = this.#engine.portfolioLots(market);
      if (ours !== lots) this.#invariants.fail(`position in market ${market}: ${ours}, the venue has ${lots}`);
    }
    const booked = seats.reduce((sum, { fills }) => sum + fills, 0);
    if (booked !== executions.length) this.#invariants.fail(`${booked} fills of ${executions.length} executions`);
    for (const { orderId } of orders) {
      const slot = desk.slotAtVenue(orderId);
      if (slot < 0 || desk.stateAt(slot) >= OrderState.FILLED) this.#invariants.fail(`order ${orderId} is not tracked`);
    }
  }

  #command(): void {
    this.#count('commands');
    const engine = this.#engine;
    const market = this.#random.below(engine.instruments.length + 1) - 1;
    const what = this.#random.below(7);
    if (what === 0) engine.operate(Command.TRIP, market, 0, this.#nowNs);
    else if (what === 1) engine.operate(Command.RESET, market, 0, this.#nowNs);
    else if (what === 2) engine.operate(Command.REDUCE, -1, 0, this.#nowNs);
    else if (what === 3) engine.operate(Command.HALT, -1, 0, this.#nowNs);
    else if (what === 4) engine.setLimit(MAX_POSITION, Scope.GLOBAL, 0, this.#random.uniform() * 0.3, this.#nowNs);
    else engine.operate(Command.ACTIVATE, -1, 0, this.#nowNs);
    this.#session.carry();
  }

  /** A strategy is started, stopped or paused, or some of its parameters change, right or wrong. */
  #operate(): void {
    const engine = this.#engine;
    const operator = this.#operator;
    const index = operator.below(engine.seats.length);
    const { definition, params, state } = engine.seats[index]!;
    const what = operator.below(6);
    if (what < 4) {
      this.#count('strategies started, stopped, paused');
      const commands = [Command.START_STRATEGY, Command.STOP_STRATEGY, Command.PAUSE_STRATEGY] as const;
      // Most of the time they run.
      engine.strategy(index, commands[state === 0 ? 1 + operator.below(2) : operator.below(3) % 2]!, this.#nowNs);
    } else {
      this.#count('parameters changed');
      const specs = Object.entries(definition.params);
      const changes = Array.from({ length: 1 + operator.below(3) }, () => {
        const parameter = operator.below(specs.length);
        const [name, spec] = specs[parameter]!;
        const now = paramCode(spec, params[name]!);
        return {
          parameter,
          value: operator.below(2) === 0 ? now : now * (0.5 + operator.uniform()) + operator.below(3),
        };
      });
      const refusal = engine.parameters(index, changes, this.#nowNs);
      if (refusal === '') this.#count('parameters taken');
      else if (engine.seats[index]!.params !== params) this.#invariants.fail(`refused (${refusal}), and yet changed`);
    }
    this.#session.carry();
  }

  /** The journal takes nothing any more: trading halts, everything is cancelled. */
  #failDisk(): void {
    this.#count('disk failures');
    this.#hasFailed = true;
    this.#engine.operate(Command.HALT, -1, 0, this.#nowNs);
    this.#session.carry();
    this.#runTo(this.#nowNs + 2 * SECOND);
  }

  /** The faults end; at the end nothing is open, and what was journalled gives the same state again. */
  #end(): void {
    const engine = this.#engine;
    this.#lying.repent();
    this.#feed.repent();
    this.#runTo(this.#nowNs + 2 * SECOND);
    for (const index of engine.instruments.keys()) engine.connection(index, false, this.#nowNs);
    this.#market.subscribe(this.#nowNs);
    this.#reconcile();
    this.#session.finish(this.#nowNs);
    this.#invariants.check();
    this.#invariants.checkLedgers();
    this.#compare();
    const { orders } = this.#truth.account(Number.POSITIVE_INFINITY);
    if (orders.length > 0) this.#invariants.fail(`${orders.length} orders are open at the end`);
    const replayed = this.#makeEngine();
    this.#replay(replayed, 0);
    if (replayed.outputs.digest() !== engine.outputs.digest()) this.#invariants.fail('a replay sends something else');
    if (!isDeepStrictEqual(replayed.save(), engine.save())) this.#invariants.fail('a replay ends in another state');
  }

  #happens(chance: number): boolean {
    return this.#random.uniform() < chance;
  }

  #count(what: string, by = 1): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + by;
  }
}

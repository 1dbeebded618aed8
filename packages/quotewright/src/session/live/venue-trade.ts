/**
 * Trading at the venues themselves. Records and reports go to the engine in the socket's turn, and what it wants leaves in the same turn.
 * Nothing is sent to a venue before its account was asked and every order is accounted for: at the start, and after each break of the way
 * for orders. An order that was not answered in time is asked for at once; one that is unknown for another reason, and what somebody else
 * traded in the same account, a little later.
 */
import { setTimeout } from 'node:timers/promises';
import type { Engine } from '@quotewright/core/engine/engine';
import type { ReconcileReport } from '@quotewright/core/engine/reconcile';
import { Field, headInstrument, headKind } from '@quotewright/core/market/event';
import { OrderState } from '@quotewright/core/trading/order-state';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { ReportKind } from '@quotewright/core/trading/records';
import type { AskVenues } from '../../backtest/run-living.ts';
import { reasonOf } from '../../data/reason.ts';
import { orderText } from '../../risk/control.ts';
import { openOrdersOf } from '../../risk/operable.ts';
import type { Balances } from '../../venues/contract/venue.ts';
import type { VenueConnection } from '../../venues/runtime/connector.ts';
import { AccountQuestions } from './account-questions.ts';
import { mergeReports } from './merge-reports.ts';
import { SpotPositions, type SpotPositionsOptions } from './spot-positions.ts';
import { INTERRUPTED, type LiveTrade } from './trade.ts';

const { HEAD, LOCAL_NS } = Field;
/** What orders are waited for at the end: longer than requests time out that never left. */
const CANCEL_MS = 12_000;
const LOOK_MS = 20;
/** How often it is looked for what is not known, and how old that is before the account is asked: most of it settles by itself. */
const DOUBT_NS = 1e9;
/** Between two questions about it at a venue. */
const AGAIN_NS = 5e9;
/** A venue is asked so long after the last time, whatever is known: what its reports do not tell shows then. */
const ROUTINE_NS = 60e9;
/** When the venues are asked meanwhile; at the second time whatever is not answered counts as not known. */
const LAST_ASKS_MS = [2000, 6000];
/** What a venue is waited for that must cancel everything, or tell of our account at the end. */
const LAST_MS = 5000;
/** How often it is told so while something is open, and the time between. */
const MOST_WORDS = 3;
const WORD_MS = 500;

/** A venue's part of a session. */
export interface TradedVenue {
  readonly name: string;
  /** Indices of its instruments. */
  readonly markets: readonly number[];
  readonly connection: Pick<VenueConnection, 'request' | 'account' | 'cancelAll' | 'areOrdersUp'>;
  /** Executions at the venue before it are not ours, or are booked. */
  readonly sinceNs: number;
  /** Undefined: its spot positions are not told. */
  readonly spot:
    | (Pick<SpotPositionsOptions, 'begun' | 'takesFeesElsewhere'> & {
        /** What the account has. @throws VenueError */
        readonly balances: () => Promise<Balances>;
      })
    | undefined;
}

export interface VenueTradeOptions {
  readonly engine: Engine;
  readonly venues: readonly TradedVenue[];
  /** Number of the process among all of the session, from 1; a process before was killed when `isRecovered`. */
  readonly epoch: number;
  readonly isRecovered: boolean;
  readonly unknownOrders: 'cancel' | 'adopt';
  readonly nowNs: () => number;
  /** May requests leave: the session is ours, and its inputs as safe as was asked for? */
  readonly maySend: () => boolean;
  readonly say: (line: string) => void;
  /** All venues were asked. */
  readonly reconciled: (report: ReconcileReport, sinceNs: number) => void;
  /** How long the venues may take to be there at the start, milliseconds. */
  readonly startMs: number;
  readonly isInterrupted: () => boolean;
}

export class VenueTrade implements LiveTrade {
  readonly #options: VenueTradeOptions;
  readonly #engine: Engine;
  readonly #questions: ReadonlyMap<string, AccountQuestions>;
  /** By instrument. */
  readonly #venueOf: readonly TradedVenue[];
  /** The engine is at work: what comes meanwhile waits. */
  #isBusy = false;
  readonly #later: (() => void)[] = [];
  #isCatchingUp = false;
  #nowNs = Number.NEGATIVE_INFINITY;
  /** Between the end of `begin` and that of `finish`. */
  #isTrading = false;
  /** Nothing is sent any more. */
  #isAbandoned = false;
  #begunNs = Number.NEGATIVE_INFINITY;
  #doubtNs = Number.NEGATIVE_INFINITY;
  /** By venue: since when there are executions that are in no position, and why; and when it was asked about what is not known. */
  readonly #strange = new Map<string, { readonly sinceNs: number; readonly text: string }>();
  readonly #askedNs = new Map<string, number>();
  /** Asks all venues anew, when the way to one has come back before trading began. */
  #askToBegin: (() => void) | undefined;

  constructor(options: VenueTradeOptions) {
    this.#options = options;
    const { engine, venues, unknownOrders, say } = options;
    this.#engine = engine;
    this.#venueOf = engine.instruments.map((_, market) => venues.find(({ markets }) => markets.includes(market))!);
    this.#questions = new Map(
      venues.map((venue) => [
        venue.name,
        new AccountQuestions({
          engine,
          venue: venue.name,
          markets: venue.markets,
          account: this.#accountOf(venue),
          unknownOrders,
          sinceNs: venue.sinceNs,
          nowNs: () => this.#now(),
          told: () => this.carry(),
          say,
        }),
      ]),
    );
  }

  get wakeNs(): number {
    return this.#engine.wakeNs;
  }

  readonly ask: AskVenues = (tell) => this.#askAll(tell);

  records(queue: RecordQueue): void {
    if (this.#isAbandoned) return queue.clear();
    if (this.#isBusy) return this.#wait(queue, (each) => this.records(each));
    const engine = this.#engine;
    this.#isBusy = true;
    let hasActed = false;
    for (; queue.length > 0; queue.shift()) {
      const at = queue.peek();
      this.#stamp(queue.data, at);
      if (engine.market(queue.data, at)) hasActed = true;
    }
    this.#isBusy = false;
    if (hasActed) this.carry();
  }

  reports(queue: RecordQueue): void {
    if (this.#isAbandoned) return queue.clear();
    if (this.#isBusy) return this.#wait(queue, (each) => this.reports(each));
    const engine = this.#engine;
    this.#isBusy = true;
    for (; queue.length > 0; queue.shift()) {
      const at = queue.peek();
      this.#stamp(queue.data, at);
      const { unknownOrders, missing } = engine.faults;
      engine.report(queue.data, at);
      if (engine.faults.missing !== missing) this.#noteStrange(queue.data[at + HEAD]!, 'executions are missing');
      else if (engine.faults.unknownOrders !== unknownOrders && headKind(queue.data[at + HEAD]!) === ReportKind.FILL) {
        this.#noteStrange(queue.data[at + HEAD]!, 'an order that is not ours has traded');
      }
    }
    this.#isBusy = false;
    this.carry();
  }

  connection(venue: string, isUp: boolean, nowNs: number): void {
    const found = this.#options.venues.find(({ name }) => name === venue);
    const questions = this.#questions.get(venue);
    if (found === undefined || questions === undefined) return;
    if (this.#isBusy) {
      this.#later.push(() => this.connection(venue, isUp, nowNs));
      return;
    }
    questions.stop();
    if (!isUp) this.#connect(found, false);
    else if (this.#isTrading) this.#askUntilSettled(found, questions);
    else this.#askToBegin?.();
  }

  run(nowNs: number): void {
    const engine = this.#engine;
    this.#nowNs = Math.max(this.#nowNs, nowNs);
    if (this.#isTrading && nowNs >= this.#doubtNs) {
      this.#doubtNs = nowNs + DOUBT_NS;
      for (const venue of this.#options.venues) this.#settleDoubts(venue);
    }
    if (engine.wakeNs > nowNs) return;
    const isOverdue = engine.desk.nextTimeoutNs <= nowNs;
    engine.wake(this.#nowNs);
    this.carry();
    if (!isOverdue) return;
    for (const venue of this.#options.venues) {
      if (this.#isUnknown(venue, 0)) this.#askAbout(venue, 'orders were not answered in time');
    }
  }

  carry(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    if (this.#engine.hasRequests) this.#engine.takeRequests(this);
    this.#isBusy = false;
    // One by one, and not each out of the one before: refusals at once can be many.
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    while (this.#later.length > 0) this.#later.shift()!();
    this.#isCatchingUp = false;
  }

  /** A request of the engine goes to the venue of its instrument. What may not leave is not answered, and is asked for in time. */
  send(data: Float64Array, offset: number): void {
    if (!this.#isAbandoned && this.#options.maySend())
      this.#venueOf[headInstrument(data[offset + HEAD]! | 0)]!.connection.request(data, offset);
  }

  async begin(nowNs: number): Promise<string> {
    const { venues, isRecovered, epoch, reconciled, startMs, isInterrupted, unknownOrders } = this.#options;
    const engine = this.#engine;
    this.#nowNs = Math.max(nowNs, engine.nowNs);
    if (isRecovered) engine.restart(epoch, this.#nowNs);
    if (engine.isRunning) engine.wake(this.#now());
    else if (unknownOrders === 'adopt') {
      // Only a session that runs keeps an order that reports tell of; while no venue is connected nothing is quoted.
      for (const venue of venues) this.#connect(venue, false);
      engine.start(this.#now());
    }
    this.carry();
    const untilMs = performance.now() + startMs;
    while (venues.some(({ connection }) => !connection.areOrdersUp)) {
      const missing = venues.filter(({ connection }) => !connection.areOrdersUp).map(({ name }) => name);
      if (isInterrupted() || this.#isAbandoned) return INTERRUPTED;
      if (performance.now() > untilMs) return `${missing.join(', ')}: the way for orders does not come up`;
      await setTimeout(LOOK_MS);
    }
    const answer = Promise.withResolvers<ReconcileReport>();
    this.#askToBegin = () =>
      this.#askAll((report) => {
        if (report.unsettled.length === 0) answer.resolve(report);
        else this.#askToBegin?.();
      });
    this.#askToBegin();
    const waiting = setInterval(() => {
      if (isInterrupted() || this.#isAbandoned || performance.now() > untilMs + startMs)
        answer.reject(new Error('no answer in time'));
    }, LOOK_MS);
    try {
      const report = await answer.promise;
      reconciled(report, this.#sinceNs());
      if (report.differences.length > 0) return 'what we hold differs from what the venues say; see above';
      if (report.pending > 0) return `${report.pending} orders at the venues are not accounted for`;
    } catch (error) {
      // Nobody waits for an answer any more: who goes on asking would keep the process alive for ever.
      for (const questions of this.#questions.values()) questions.stop();
      return isInterrupted() ? INTERRUPTED : `the venues were not asked to the end: ${reasonOf(error)}`;
    } finally {
      clearInterval(waiting);
    }
    if (!engine.isRunning) engine.start(this.#now());
    this.#isTrading = true;
    this.#begunNs = this.#now();
    for (const venue of venues) this.#connect(venue, venue.connection.areOrdersUp);
    return '';
  }

  async finish(nowNs: number): Promise<readonly string[]> {
    const engine = this.#engine;
    const { venues } = this.#options;
    this.#nowNs = Math.max(this.#nowNs, nowNs);
    if (engine.isRunning) engine.stop(this.#now());
    this.carry();
    const beganMs = performance.now();
    let asked = 0;
    while (openOrdersOf(engine).length > 0 && performance.now() - beganMs < CANCEL_MS) {
      await setTimeout(LOOK_MS);
      if (this.#isAbandoned) return [];
      const dueMs = LAST_ASKS_MS[asked];
      if (dueMs === undefined || performance.now() - beganMs < dueMs) continue;
      // Requests that are not answered do not time out any more: evidence is asked for.
      if (asked++ > 0) for (const venue of venues) this.#connect(venue, false);
      this.#askAll(() => {});
    }
    const left = openOrdersOf(engine);
    this.#isTrading = false;
    for (const questions of this.#questions.values()) questions.stop();
    return left.length === 0
      ? []
      : [...left.map((order) => `not confirmed to be gone: ${orderText(order)}`), ...(await this.#sweep())];
  }

  async abandon(): Promise<readonly string[]> {
    this.#isAbandoned = true;
    this.#isTrading = false;
    for (const questions of this.#questions.values()) questions.stop();
    return this.#sweep();
  }

  /** The last resort: everything of the account in these instruments is cancelled, whatever the engine knows. */
  async #sweep(): Promise<string[]> {
    return Promise.all(
      this.#options.venues.map(async ({ name, connection }) => {
        let isTold = false;
        try {
          let open = Number.NaN;
          // Orders that were under way may come after the first word.
          for (let told = 0; told < MOST_WORDS && open !== 0; told++) {
            if (told > 0) await setTimeout(WORD_MS);
            await within(LAST_MS, connection.cancelAll());
            isTold = true;
            open = (await within(LAST_MS, connection.account(this.#sinceNs()))).orders.length;
          }
          return `${name}: told to cancel everything; open there now: ${open}`;
        } catch (error) {
          const told = isTold ? 'told to cancel everything; CANNOT ASK WHETHER IT IS GONE' : 'CANNOT CANCEL';
          return `${name}: ${told}: ${reasonOf(error)}; look at the venue's own page`;
        }
      }),
    );
  }

  /** Asked until every order is accounted for; then trading goes on there. */
  #askUntilSettled(venue: TradedVenue, questions: AccountQuestions): void {
    questions.ask((report) => {
      // Broken off: who is told that the way is back begins anew.
      if (report === undefined) return;
      this.#options.reconciled(report, this.#sinceNs());
      if (report.pending + report.unsettled.length > 0) return this.#askUntilSettled(venue, questions);
      if (venue.connection.areOrdersUp) this.#connect(venue, true);
    });
  }

  #connect({ markets }: TradedVenue, isUp: boolean): void {
    for (const market of markets) this.#engine.connection(market, isUp, this.#now());
    this.carry();
  }

  /** The venue's account, its spot positions by its balances. */
  #accountOf({ name, markets, connection, spot }: TradedVenue): (sinceNs: number) => Promise<VenueAccount> {
    const { engine, say } = this.#options;
    if (spot === undefined) return async (sinceNs) => connection.account(sinceNs);
    const positions = new SpotPositions({ ...spot, engine, venue: name, markets, say });
    return async (sinceNs) => {
      const account = await connection.account(sinceNs);
      const balances = await spot.balances();
      return { ...account, positionLots: positions.told(account.positionLots, balances, this.#now()) };
    };
  }

  #askAll(tell: (report: ReconcileReport) => void): void {
    const reports: ReconcileReport[] = [];
    for (const questions of this.#questions.values()) {
      const take = (report: ReconcileReport | undefined): void => {
        if (report !== undefined) reports.push(report);
        // Broken off: who wants to know still does. Before trading begins everybody is asked anew.
        else if (this.#isTrading) questions.ask(take);
        if (reports.length === this.#questions.size) tell(mergeReports(reports));
      };
      questions.ask(take);
    }
  }

  /** Something has traded that is in no position. */
  #noteStrange(head: number, text: string): void {
    const { name } = this.#venueOf[headInstrument(head | 0)]!;
    if (!this.#strange.has(name)) this.#strange.set(name, { sinceNs: this.#nowNs, text });
  }

  /** Has a venue asked for what is not known of orders, or of what has traded, for a while. */
  #settleDoubts(venue: TradedVenue): void {
    const strange = this.#strange.get(venue.name);
    const askedNs = this.#askedNs.get(venue.name);
    if (this.#nowNs - (askedNs ?? Number.NEGATIVE_INFINITY) < AGAIN_NS) return;
    if (this.#nowNs - (askedNs ?? this.#begunNs) >= ROUTINE_NS) return this.#askAbout(venue, '');
    if (strange !== undefined && this.#nowNs - strange.sinceNs >= DOUBT_NS) this.#askAbout(venue, strange.text);
    else if (this.#isUnknown(venue, DOUBT_NS)) this.#askAbout(venue, 'it is not known how orders stand');
  }

  /** Whether an order at a venue is neither open nor gone, for at least so long. */
  #isUnknown({ markets }: TradedVenue, ageNs: number): boolean {
    const { desk, seats } = this.#engine;
    return seats.some(({ index }) =>
      markets.some((market) => {
        for (let slot = desk.firstSlot(index, market); slot >= 0; slot = desk.nextSlot(slot)) {
          if (desk.stateAt(slot) === OrderState.UNKNOWN && this.#nowNs - desk.changedNsAt(slot) >= ageNs) return true;
        }
        return false;
      }),
    );
  }

  /** @param text why, for the operator; '' = as a matter of routine, which is told of only when it brings something */
  #askAbout(venue: TradedVenue, text: string): void {
    const { name, connection } = venue;
    const questions = this.#questions.get(name)!;
    if (questions.isAsking || !connection.areOrdersUp) return;
    this.#strange.delete(name);
    this.#askedNs.set(name, this.#nowNs);
    if (text !== '') this.#options.say(`${name}: ${text}: the account is asked`);
    questions.ask((report) => {
      if (report === undefined) return;
      const { lines, differences, unsettled } = report;
      if (text === '' && lines.length + differences.length + unsettled.length === 0) return;
      this.#options.reconciled(report, this.#sinceNs());
      if (unsettled.length > 0 && this.#isTrading && connection.areOrdersUp) this.#pauseToCompare(venue, questions);
    });
  }

  /** A drift that nobody sees is worse than a while without quotes: when nothing trades it shows, or that there is none. */
  #pauseToCompare(venue: TradedVenue, questions: AccountQuestions): void {
    const { say } = this.#options;
    say(`${venue.name}: everything is cancelled until positions can be compared`);
    this.#connect(venue, false);
    venue.connection.cancelAll().catch((error: unknown) => say(`${venue.name}: cannot cancel: ${reasonOf(error)}`));
    this.#askUntilSettled(venue, questions);
  }

  #sinceNs(): number {
    return Math.min(...[...this.#questions.values()].map(({ sinceNs }) => sinceNs));
  }

  /** Never back, so that inputs are in the order of their times. */
  #now(): number {
    this.#nowNs = Math.max(this.#nowNs, this.#options.nowNs());
    return this.#nowNs;
  }

  #stamp(data: Float64Array, at: number): void {
    if (data[at + LOCAL_NS]! >= this.#nowNs) this.#nowNs = data[at + LOCAL_NS]!;
    else data[at + LOCAL_NS] = this.#nowNs;
  }

  #wait(queue: RecordQueue, take: (queue: RecordQueue) => void): void {
    // It stays where it is until the turn is over.
    this.#later.push(() => take(queue));
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = globalThis.setTimeout(() => late.reject(new Error(`no answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

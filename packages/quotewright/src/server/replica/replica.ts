/**
 * The second engine of a session, on the server's thread: built from the same header, it takes the same inputs in the same order, so
 * that its books, orders, positions, profit and risk are the trading engine's. What the server shows is read from it, and trading never
 * waits for a reader. Its requests go nowhere, its alerts are thrown away; its hashes are compared with the trading engine's.
 *
 * Inputs come through the feed's ring. When some were lost they are read from the session's journal, if it has one, and the engine goes on
 * as if nothing had been; else another engine takes over the state that the trading engine had, and who watches begins anew.
 */
import { setTimeout } from 'node:timers/promises';
import type { Engine } from '@quotewright/core/engine/engine';
import type { EngineState } from '@quotewright/core/engine/engine-state';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import type { PlannedStrategy } from '../../backtest/plan.ts';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';
import { FeedReader } from '../../feed/feed-reader.ts';
import { readJournal } from '../../journal/reader.ts';
import { headerEngine, headerStrategies } from '../../journal/replay-engine.ts';
import { oldestSnapshot } from '../../journal/replay-kept.ts';
import type { ServerSetup, ToServer } from '../link.ts';
import type { SystemInfo } from '../protocol/system.ts';
import { DigestCheck } from './digest-check.ts';
import { journalInputs } from './journal-inputs.ts';
import type { ReplicaWatch } from './replica-watch.ts';

/** Where requests go. */
const NOWHERE = { send: (): void => {} };
/** The journal is written behind the engine's back: how often, and how long after each other, it is looked for lost inputs. */
const LOOKS = 20;
const BETWEEN_MS = 100;

type StateMessage = Extract<ToServer, { readonly type: 'state' }>;

export class Replica {
  readonly #setup: Pick<ServerSetup, 'header' | 'dir'>;
  readonly #watch: ReplicaWatch;
  readonly #strategies: readonly PlannedStrategy[];
  readonly #feed: FeedReader;
  readonly #check = new DigestCheck();
  #engine: Engine;
  /** Came last. */
  #state: StateMessage | undefined;
  #catchUp: Promise<void> | undefined;
  /** Why it cannot go on; empty = it can. */
  #fault = '';

  private constructor(setup: ServerSetup, watch: ReplicaWatch, strategies: readonly PlannedStrategy[]) {
    this.#setup = setup;
    this.#watch = watch;
    this.#strategies = strategies;
    this.#feed = new FeedReader(setup.feed, setup.sequence);
    this.#engine = this.#build();
  }

  /**
   * A session that goes on is replayed from its journal first, so that what was before is known too.
   * @throws InputError when a strategy is not there any more, or refuses its parameters; RangeError when nothing says where it stands
   */
  static async open(setup: ServerSetup, watch: ReplicaWatch): Promise<Replica> {
    const replica = new Replica(setup, watch, await headerStrategies(setup.header));
    const { sequence, state } = setup;
    if (sequence === 0) watch.begin(replica.#engine, true);
    else if (!(await replica.#recall(sequence, state))) {
      if (state === undefined) throw new RangeError(`a feed that begins after ${sequence} inputs needs a state`);
      replica.#restore(state);
    }
    return replica;
  }

  /** Another one after inputs were lost: do not keep it. */
  get engine(): Engine {
    return this.#engine;
  }

  /** Takes inputs that are there, up to so many. @returns how many */
  drain(most: number): number {
    const feed = this.#feed;
    const { batch } = feed;
    let taken = 0;
    for (;;) {
      const count = feed.drain(most - taken);
      for (let i = 0; i < count; i++) this.#take(batch, i * EVENT_STRIDE);
      taken += count;
      if (feed.checkSequence >= 0) this.#note(feed.checkSequence);
      else if (count === 0 || taken >= most) break;
    }
    this.#forgetAlerts();
    if (feed.awaited >= 0) this.#goOn();
    return taken;
  }

  /** A message of the trading thread. */
  take(message: ToServer): void {
    if (message.type === 'digest') this.#check.take(message.sequence, message);
    else if (message.type === 'state') {
      this.#state = message;
      this.#goOn();
    }
  }

  /** What is wrong with what is shown, one line: it stands still, or is not what the trading engine has. Empty = nothing. */
  get failure(): string {
    const { isEqual, firstDifference } = this.#check;
    if (this.#fault !== '' || isEqual) return this.#fault;
    return `the second engine is not the trading engine's equal from input ${firstDifference} on`;
  }

  /** Resolves when a loss that is being made up for has been. */
  async settled(): Promise<void> {
    await this.#catchUp;
  }

  info(): SystemInfo['replica'] {
    const { comparisons, isEqual } = this.#check;
    const { pending, losses } = this.#feed;
    const inputs = this.#engine.inputs.count;
    return { inputs, lag: pending, comparisons, isEqual: isEqual && this.#fault === '', restarts: losses };
  }

  ring(): SystemInfo['rings'][number] {
    const { pending, capacity, refused } = this.#feed;
    return { name: 'feed', fill: pending / capacity, capacity, refused };
  }

  #build(): Engine {
    const { header } = this.#setup;
    return headerEngine(header, {
      strategies: this.#strategies,
      observers: (strategy) => this.#watch.observers(strategy),
    });
  }

  #take(data: Float64Array, offset: number): void {
    const engine = this.#engine;
    this.#watch.input(data, offset);
    engine.input(data, offset);
    if (engine.hasRequests) engine.takeRequests(NOWHERE);
  }

  #note(sequence: number): void {
    const { inputs, outputs } = this.#engine;
    this.#check.note(sequence, { inputs: inputs.digest(), outputs: outputs.digest() });
  }

  /** The trading engine's are told. */
  #forgetAlerts(): void {
    const { risk } = this.#engine;
    if (risk === undefined) return;
    while (risk.alerts.outbox.length > 0) risk.alerts.outbox.shift();
  }

  /** Replays what is before the feed. @returns false when that did not lead to the state of the trading engine */
  async #recall(sequence: number, state: EngineState | undefined): Promise<boolean> {
    const { dir } = this.#setup;
    if (dir === undefined) return false;
    try {
      const snapshot = readJournal(dir).first === 0 ? undefined : await oldestSnapshot(dir);
      if (snapshot !== undefined) this.#engine.restore(snapshot.engine);
      this.#watch.begin(this.#engine, snapshot === undefined);
      await this.#replay(dir, snapshot?.sequence ?? 0, sequence);
    } catch (error) {
      return unreadable(error);
    }
    return this.#stands(sequence, state);
  }

  async #replay(dir: string, from: number, to: number): Promise<number> {
    const next = await journalInputs(dir, from, to, (data, offset) => this.#take(data, offset));
    this.#forgetAlerts();
    return next;
  }

  /** Whether our engine is where the trading engine was after so many inputs. */
  #stands(sequence: number, state: EngineState | undefined): boolean {
    const { inputs, outputs } = this.#engine;
    if (inputs.count !== sequence) return false;
    if (state === undefined) return true;
    return (
      String(inputs.save().lanes) === String(state.inputs.lanes) &&
      String(outputs.save().lanes) === String(state.outputs.lanes)
    );
  }

  /** Inputs were lost, and the state behind them may have come. */
  #goOn(): void {
    if (this.#catchUp !== undefined || this.#fault !== '' || this.#state?.sequence !== this.#feed.awaited) return;
    this.#catchUp = this.#makeUp(this.#state)
      .catch((error: unknown) => {
        this.#fault = `the second engine cannot go on: ${reasonOf(error)}`;
      })
      .finally(() => {
        this.#catchUp = undefined;
      });
  }

  async #makeUp({ sequence, state }: StateMessage): Promise<void> {
    const { dir } = this.#setup;
    if (dir === undefined || !(await this.#readLost(dir, sequence, state))) this.#restore(state);
    this.#state = undefined;
    this.#feed.resume(sequence);
  }

  async #readLost(dir: string, sequence: number, state: EngineState): Promise<boolean> {
    try {
      for (let look = 0; look < LOOKS && this.#engine.inputs.count < sequence; look++) {
        // oxlint-disable-next-line no-await-in-loop -- the records come one after the other
        if (look > 0) await setTimeout(BETWEEN_MS);
        // oxlint-disable-next-line no-await-in-loop -- as above
        await this.#replay(dir, this.#engine.inputs.count, sequence);
      }
    } catch (error) {
      return unreadable(error);
    }
    return this.#stands(sequence, state);
  }

  /** Another engine takes over. */
  #restore(state: EngineState): void {
    this.#engine = this.#build();
    this.#engine.restore(state);
    this.#watch.begin(this.#engine, false);
  }
}

/** A journal that cannot be read is told of by who writes it; here the state is enough. */
function unreadable(error: unknown): false {
  if (error instanceof InputError || error instanceof RangeError) return false;
  throw error;
}

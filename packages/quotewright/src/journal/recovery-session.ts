/**
 * What makes a session durable, in one folder: the lease of who may trade it, the journal, snapshots, and the memory of its
 * simulated venue. A folder that holds a session already is recovered.
 */
import { nsToIso } from '@quotewright/core/base/time';
import type { Engine } from '@quotewright/core/engine/engine';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { FeedWriter } from '../feed/feed-writer.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { type Durability, type JournalWriter, openJournal } from './journal.ts';
import { Lease } from './lease.ts';
import { type Recovered, recoverSession, sessionIn } from './recovery.ts';
import { InputGate, headerEngine, headerStrategies } from './replay-engine.ts';
import type { SessionHeader } from './session-header.ts';
import { SnapshotStore, takeSnapshot } from './snapshots.ts';
import { VenueLog } from './venue-log.ts';

/** Snapshots that are kept. */
const KEPT = 3;

/** Of the journal: all of it, or what lies behind the oldest snapshot. */
export type Keep = 'all' | 'snapshots';

export interface DurableOptions {
  readonly dir: string;
  readonly durability: Durability;
  readonly keep: Keep;
  /** Of a new session, and who watches its strategies. */
  readonly header: SessionHeader;
  readonly observers: (strategy: number) => readonly Observer[];
  /**
   * Who is told the inputs after the journal, asked for when the engine stands where it goes on and nothing was written yet; what it throws
   * ends it there.
   */
  readonly feed?: (recovered: Recovered | undefined) => Promise<FeedWriter | undefined>;
}

export class DurableSession {
  readonly dir: string;
  readonly engine: Engine;
  readonly writer: JournalWriter;
  readonly venueLog: VenueLog;
  readonly lease: Lease;
  /** Absent: the session is new. */
  readonly recovered: Recovered | undefined;
  /** Venue time of the last reconciliation without a difference. */
  reconciledNs: number;
  readonly #store: SnapshotStore;
  readonly #keep: Keep;
  #isClosed = false;

  private constructor(
    options: DurableOptions,
    parts: Pick<DurableSession, 'engine' | 'writer' | 'venueLog' | 'lease' | 'recovered'>,
    store: SnapshotStore,
  ) {
    this.dir = options.dir;
    this.engine = parts.engine;
    this.writer = parts.writer;
    this.venueLog = parts.venueLog;
    this.lease = parts.lease;
    this.recovered = parts.recovered;
    this.reconciledNs = parts.recovered?.host.reconciledNs ?? Number.NEGATIVE_INFINITY;
    this.#store = store;
    this.#keep = options.keep;
  }

  /** @throws InputError when another process has the session, or it cannot be recovered */
  static async open(options: DurableOptions): Promise<DurableSession> {
    const { dir, durability, header } = options;
    const lease = Lease.acquire(dir);
    const store = new SnapshotStore(dir);
    try {
      const recovered = sessionIn(dir) === undefined ? undefined : await recoverSession(dir, store);
      if (recovered?.end !== undefined) {
        const { end, engine, header: kept } = recovered;
        throw new InputError(
          `${dir}: the session ended at ${nsToIso(engine.nowNs, kept.epochDay).slice(11)} (${String(end['reason'])}); begin another in another folder`,
        );
      }
      const { engine, gate } = recovered ?? (await newEngine(options));
      // A venue's memory that is damaged is found before anything is written; that of a new session begins after its journal.
      const venueLog = recovered && new VenueLog(dir);
      // Not before the engine is there: a session whose strategy refuses its markets is not begun.
      const feed = await options.feed?.(recovered);
      const writer = await openJournal({ dir, durability, header: recovered?.header ?? header });
      gate.open(feed === undefined ? writer : feed.behind(writer));
      const session = new DurableSession(
        options,
        { engine, writer, venueLog: venueLog ?? new VenueLog(dir), lease, recovered },
        store,
      );
      session.mark(recovered === undefined ? 'begun' : 'recovered', { epoch: lease.epoch });
      return session;
    } catch (error) {
      await store.close();
      lease.release();
      throw error;
    }
  }

  /** Why the session must not go on; empty = it may. */
  get failure(): string {
    if (this.writer.failure !== '') return `the journal cannot go on: ${this.writer.failure}`;
    if (this.venueLog.failure !== '') return this.venueLog.failure;
    return this.lease.renew() ? '' : this.lease.loss;
  }

  /** Notes what has come about, with hashes that a replay is compared with. */
  mark(type: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const { inputs, outputs } = this.engine;
    // While nothing is lost the journal's records and the engine's inputs are the same.
    const hashes = this.writer.lost === 0 ? { inputs: inputs.digest(), outputs: outputs.digest() } : {};
    this.writer.mark({ type, ...fields, ...hashes });
  }

  /** Files the state as it is now, and clears away what it makes superfluous. @returns what could not be done; empty when all is well */
  async snapshot(): Promise<string> {
    // A snapshot of inputs that the journal may yet lose would be one of another history.
    await this.writer.flush();
    if (this.failure !== '') return this.failure;
    // Inputs may have come meanwhile.
    const { appended } = this.writer;
    const why = await takeSnapshot(this.engine, this.#store, appended, { reconciledNs: this.reconciledNs });
    if (why !== '') return `no snapshot could be taken: ${why}`;
    this.mark('snapshot');
    try {
      await this.#store.prune(KEPT);
    } catch (error) {
      return `old snapshots could not be removed: ${reasonOf(error)}`;
    }
    return this.#keep === 'snapshots' ? this.#compact() : '';
  }

  /** Removes the segments before the oldest sound snapshot. What cannot be removed does no harm, and is tried again after the next one. */
  async #compact(): Promise<string> {
    const oldest = this.#store.oldestFrom(0);
    if (oldest === undefined) return '';
    try {
      await this.writer.retain(oldest.sequence);
      return '';
    } catch (error) {
      return `the journal could not be compacted: ${reasonOf(error)}`;
    }
  }

  /** Once is enough. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.writer.close();
    await this.#store.close();
    this.venueLog.close();
    this.lease.release();
  }
}

async function newEngine({ header, observers }: DurableOptions): Promise<{ engine: Engine; gate: InputGate }> {
  const strategies = await headerStrategies(header);
  const gate = new InputGate();
  return { engine: headerEngine(header, { strategies, observers, journal: gate }), gate };
}

/**
 * Replays a journal: the engine that its header describes takes every input again, and at each mark its hashes are compared with
 * those that were written there. A journal that a process was killed over goes on in the next process's part with the very next
 * record, so its replay is one run of all of them.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { InputSink } from '@quotewright/core/trading/input-sink';
import { InputError } from '../data/report.ts';
import type { Damage } from './damage.ts';
import { type JournalReader, absentText, readJournal } from './reader.ts';
import { headerEngine, headerStrategies } from './replay-engine.ts';
import type { SessionHeader } from './session-header.ts';
import type { Snapshot } from './snapshot-format.ts';

const { LOCAL_NS } = Field;
/** Where requests of a replay go. */
const NOWHERE = { send: (): void => {} };

export interface ReplayOptions {
  /** Start from here instead of from the first record. */
  readonly snapshot?: Snapshot | undefined;
  /** Take so many of the journal's records at most. */
  readonly untilRecord?: number | undefined;
  /** Take records up to this local time, inclusive. */
  readonly untilNs?: number | undefined;
  /** Is told the engine as it stands before the first record that is replayed, and how many were before it. */
  readonly onStart?: (engine: Engine, sequence: number) => void;
  readonly observers?: ((strategy: number) => readonly Observer[]) | undefined;
  /** Of the engine: for who goes on with it. */
  readonly journal?: InputSink;
}

/** A place at which the replay is not what was. */
export interface MarkDifference {
  readonly sequence: number;
  readonly what: 'inputs' | 'outputs';
  readonly written: string;
  readonly found: string;
}

export interface Replayed {
  readonly engine: Engine;
  readonly header: SessionHeader;
  /** Records of the journal that the engine has taken, the snapshot's included, and those of them that were replayed. */
  readonly sequence: number;
  readonly records: number;
  /** Processes that wrote what was replayed. */
  readonly parts: number;
  /** Marks with hashes that were compared. */
  readonly marks: number;
  /** Where it first differs. */
  readonly difference: MarkDifference | undefined;
  /** The last mark of each type. */
  readonly last: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly damages: readonly Damage[];
  /** Records that are missing, where the replay had to end; 0 = none. */
  readonly missing: number;
}

/** @throws InputError when there is no journal, or its session cannot be built again */
export async function replayJournal(dir: string, options: ReplayOptions = {}): Promise<Replayed> {
  const { snapshot } = options;
  const reader = readJournal(dir, snapshot === undefined ? {} : { from: snapshot.sequence });
  if (snapshot === undefined && reader.first > 0) throw new InputError(`${dir}: ${absentText(reader.first)}`);
  const replay = new Replay(options);
  for (const item of reader) {
    if (item.kind === 'session') {
      // Parts of one session have the same configuration.
      if (replay.engine === undefined) await replay.begin(dir, item.header);
      else replay.parts++;
    } else if (item.kind === 'gap') {
      replay.missing = item.missing;
      break;
    } else if (item.kind === 'mark') replay.mark(item.sequence, item.fields);
    else if (!replay.records(item.data, item.count)) break;
  }
  return replay.end(dir, reader);
}

class Replay {
  engine: Engine | undefined;
  parts = 1;
  missing = 0;
  readonly #options: ReplayOptions;
  readonly #last = new Map<string, Readonly<Record<string, unknown>>>();
  #header: SessionHeader | undefined;
  #sequence: number;
  #records = 0;
  #marks = 0;
  #difference: MarkDifference | undefined;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#sequence = options.snapshot?.sequence ?? 0;
  }

  async begin(dir: string, header: SessionHeader): Promise<void> {
    const { observers, journal, snapshot, onStart } = this.#options;
    const { untilRecord = Number.POSITIVE_INFINITY, untilNs = Number.POSITIVE_INFINITY } = this.#options;
    this.#header = header;
    const strategies = await headerStrategies(header);
    this.engine = headerEngine(header, { strategies, observers, ...(journal === undefined ? {} : { journal }) });
    if (snapshot !== undefined) {
      const { engine } = this;
      engine.restore(snapshot.engine);
      if (snapshot.sequence > untilRecord || engine.nowNs > untilNs) {
        throw new InputError(`${dir}: ${absentText(snapshot.sequence)}, and the replay was to end before`);
      }
    }
    onStart?.(this.engine, this.#sequence);
  }

  /** @returns false when the end that was asked for is reached */
  records(data: Float64Array, count: number): boolean {
    const engine = this.engine!;
    const { untilRecord = Number.POSITIVE_INFINITY, untilNs = Number.POSITIVE_INFINITY } = this.#options;
    const room = Math.min(count, untilRecord - this.#sequence);
    let taken = 0;
    for (; taken < room; taken++) {
      const at = taken * EVENT_STRIDE;
      if (data[at + LOCAL_NS]! > untilNs) break;
      engine.input(data, at);
      if (engine.hasRequests) engine.takeRequests(NOWHERE);
    }
    this.#sequence += taken;
    this.#records += taken;
    return taken === count;
  }

  mark(sequence: number, fields: Readonly<Record<string, unknown>>): void {
    const engine = this.engine!;
    if (typeof fields['type'] === 'string') this.#last.set(fields['type'], { ...fields, sequence });
    if (sequence !== this.#sequence || typeof fields['inputs'] !== 'string') return;
    this.#marks++;
    for (const what of ['inputs', 'outputs'] as const) {
      const written = String(fields[what]);
      const found = engine[what].digest();
      if (written !== found) this.#difference ??= { sequence, what, written, found };
    }
  }

  end(dir: string, { damages }: JournalReader): Replayed {
    if (this.engine === undefined || this.#header === undefined) {
      throw new InputError(`${dir}: holds no journal of a session`);
    }
    return {
      engine: this.engine,
      header: this.#header,
      sequence: this.#sequence,
      records: this.#records,
      parts: this.parts,
      marks: this.#marks,
      difference: this.#difference,
      last: this.#last,
      damages,
      missing: this.missing,
    };
  }
}

/** A journal as a flight: from its first record, or from the oldest snapshot when the records before are not there any more. */
import type { Engine } from '@quotewright/core/engine/engine';
import { Instrument } from '@quotewright/core/market/instrument';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { PlannedStrategy } from '../backtest/plan.ts';
import { InputError } from '../data/report.ts';
import { type Damage, damageText } from '../journal/damage.ts';
import { type JournalReader, absentText, readJournal } from '../journal/reader.ts';
import { headerEngine, headerStrategies } from '../journal/replay-engine.ts';
import { oldestSnapshot } from '../journal/replay-kept.ts';
import type { SessionHeader } from '../journal/session-header.ts';
import type { Snapshot } from '../journal/snapshot-format.ts';
import { sessionIn } from '../journal/recovery.ts';
import type { FlightItem, FlightSource } from './source.ts';

/** Damages that are told one by one. */
const MOST_NOTES = 20;

export class JournalSource implements FlightSource {
  readonly epochDay: number;
  readonly instruments: readonly Instrument[];
  readonly strategies: readonly string[];
  readonly hasTrading = true;
  readonly header: SessionHeader;
  readonly notes: string[] = [];
  readonly #planned: readonly PlannedStrategy[];
  readonly #snapshot: Snapshot | undefined;
  /** Let go when all is read: it holds as much memory as a segment has. */
  #reader: JournalReader | undefined;

  private constructor(
    reader: JournalReader,
    header: SessionHeader,
    planned: readonly PlannedStrategy[],
    snapshot: Snapshot | undefined,
  ) {
    this.header = header;
    this.epochDay = header.epochDay;
    this.instruments = header.instruments.map((spec) => new Instrument(spec));
    this.strategies = planned.map(({ definition }) => definition.name);
    this.#planned = planned;
    this.#snapshot = snapshot;
    this.#reader = reader;
  }

  /** @throws InputError when there is no journal, or its session cannot be built again */
  static async open(dir: string): Promise<JournalSource> {
    const header = sessionIn(dir);
    if (header === undefined) throw new InputError(`${dir}: holds no journal of a session`);
    const { first } = readJournal(dir);
    const snapshot = first === 0 ? undefined : await snapshotOf(dir, first);
    const planned = await headerStrategies(header);
    const reader = readJournal(dir, snapshot === undefined ? {} : { from: snapshot.sequence });
    const source = new JournalSource(reader, header, planned, snapshot);
    if (snapshot !== undefined) source.notes.push(`${absentText(snapshot.sequence)}: event 0 here is that record`);
    return source;
  }

  get state(): FlightSource['state'] {
    return this.#snapshot?.engine;
  }

  get progress(): number {
    if (this.#reader === undefined) return 1;
    const { bytes, bytesRead } = this.#reader;
    return bytes === 0 ? 1 : Math.min(1, bytesRead / bytes);
  }

  makeEngine(observers: (strategy: number) => readonly Observer[]): Engine {
    return headerEngine(this.header, { strategies: this.#planned, observers });
  }

  // oxlint-disable-next-line require-await -- the contract of all sources
  async *items(): AsyncGenerator<FlightItem, void, undefined> {
    const reader = this.#reader;
    if (reader === undefined) throw new Error('a flight is read once');
    let read = this.#snapshot?.sequence ?? 0;
    for (const item of reader) {
      if (item.kind === 'gap') {
        const missing = item.missing.toLocaleString('en-US');
        this.notes.push(`${missing} records are missing after event ${this.#eventOf(item.sequence)}: it ends there`);
        break;
      }
      if (item.kind === 'records') {
        read = item.sequence + item.count;
        yield item;
      } else if (item.kind === 'mark' && item.sequence === read) {
        const { inputs, outputs } = item.fields;
        if (typeof inputs === 'string' && typeof outputs === 'string') yield { kind: 'hashes', inputs, outputs };
      }
    }
    this.#noteDamages(reader.damages);
    this.#reader = undefined;
  }

  #eventOf(sequence: number): string {
    return (sequence - (this.#snapshot?.sequence ?? 0)).toLocaleString('en-US');
  }

  #noteDamages(damages: readonly Damage[]): void {
    for (const damage of damages.slice(0, MOST_NOTES)) this.notes.push(damageText(damage));
    if (damages.length > MOST_NOTES) this.notes.push(`and ${damages.length - MOST_NOTES} more damaged places`);
  }
}

/** @throws InputError when nothing says where the session stood at the first record that is there */
async function snapshotOf(dir: string, first: number): Promise<Snapshot> {
  try {
    return await oldestSnapshot(dir);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const why = error.message.replace(/^.*?: /u, '');
    throw new InputError(`${dir}: ${absentText(first)}, and nothing says where it stood then: ${why}`);
  }
}

/**
 * The requests of one process of a session before the backtest's venues, on the market data that it saw. Requests arrive after the latency,
 * and the venues know what we knew when we knew it, as in a paper session: of one of those every report is the same to the nanosecond.
 */
import { EVENT_STRIDE, Field, headInstrument, headKind } from '@quotewright/core/market/event';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { ReportKind } from '@quotewright/core/trading/records';
import { L2ReplayVenue } from '@quotewright/core/venue-sim/l2-replay';
import { type LocalReplay, type SimulatedVenues, localReplay } from '../backtest/local-replay.ts';
import { type FillRecord, fillOf } from './fills.ts';
import { ScriptedTrader } from './scripted-trader.ts';

const { HEAD, LOCAL_NS, ORDER_ID, AUX } = Field;

export class SimulatedPart {
  readonly fills: FillRecord[] = [];
  /** Why these venues did not take an order, by its number. */
  readonly refused = new Map<number, number>();
  /** Reports of the simulated venues, and how many of the session's were compared with them. */
  readonly #reports = new RecordQueue();
  readonly #expected = new RecordQueue();
  readonly #trader: ScriptedTrader;
  readonly #replay: LocalReplay;

  /** @param epoch number of the process, from 1 */
  constructor(venues: SimulatedVenues, epoch: number) {
    this.#trader = new ScriptedTrader(venues.instruments, (data, at) => this.#report(data, at));
    this.#replay = localReplay(this.#trader, venues, epoch, Number.NEGATIVE_INFINITY);
  }

  /** Takes the requests of the session's engine. */
  get carrier(): ScriptedTrader {
    return this.#trader;
  }

  market(data: Float64Array, offset: number): void {
    this.#replay.window.append(data.subarray(offset, offset + EVENT_STRIDE), 1);
  }

  /** A report that the session had. */
  reported(data: Float64Array, offset: number): void {
    copy(data, offset, this.#expected);
  }

  /** Everything before a local time happens. */
  run(untilNs: number): void {
    this.#replay.session.run(untilNs);
  }

  /** Lots before an order by the queue model; NaN when it is in no queue. */
  aheadLots(data: Float64Array, offset: number): number {
    const venue = this.#replay.venues[headInstrument(data[offset + HEAD]! | 0)];
    return venue instanceof L2ReplayVenue ? venue.aheadLots(data[offset + ORDER_ID]!) : Number.NaN;
  }

  /**
   * The process has ended; what was under way arrives, unless it was killed: then nothing after its last input has.
   * @returns how many reports differ, those that only one has included
   */
  end(killedNs: number | undefined): number {
    this.run(Number.POSITIVE_INFINITY);
    if (killedNs !== undefined) {
      while (this.fills.length > 0 && this.fills.at(-1)!.localNs >= killedNs) {
        // At the very time of the last input it may have come before it.
        if (this.fills.at(-1)!.localNs === killedNs && this.#isExpected(this.fills.length)) break;
        this.fills.pop();
      }
    }
    return this.#compare(killedNs);
  }

  #report(data: Float64Array, at: number): void {
    copy(data, at, this.#reports);
    const kind = headKind(data[at + HEAD]! | 0);
    if (kind === ReportKind.FILL) this.fills.push(fillOf(data, at, Number.NaN));
    else if (kind === ReportKind.REJECT) this.refused.set(data[at + ORDER_ID]!, data[at + AUX]!);
  }

  /** The session had so many fills of this process. */
  #isExpected(count: number): boolean {
    const records = this.#expected.save();
    let fills = 0;
    for (let at = 0; at < records.length; at += EVENT_STRIDE) {
      if (headKind(records[at + HEAD]! | 0) === ReportKind.FILL) fills++;
    }
    return fills >= count;
  }

  #compare(killedNs: number | undefined): number {
    const ours = this.#expected.save();
    const theirs = this.#reports.save();
    let different = 0;
    for (let at = 0; at < Math.max(ours.length, theirs.length); at += EVENT_STRIDE) {
      if (at >= ours.length && killedNs !== undefined && theirs[at + LOCAL_NS]! >= killedNs) break;
      if (!isSame(ours, theirs, at)) different++;
    }
    return different;
  }
}

function isSame(a: Float64Array, b: Float64Array, at: number): boolean {
  if (at >= a.length || at >= b.length) return false;
  for (let i = 0; i < EVENT_STRIDE; i++) if (!Object.is(a[at + i], b[at + i])) return false;
  return true;
}

function copy(data: Float64Array, from: number, queue: RecordQueue): void {
  const to = queue.reserve();
  for (let i = 0; i < EVENT_STRIDE; i++) queue.data[to + i] = data[from + i]!;
}

/** Checks a book rebuilt from Bitstamp's order messages against the top-20 snapshots that the log holds between them. */
import { EVENT_STRIDE, EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { nsToIso } from '@quotewright/core/base/time';
import { BookBuilder } from '@quotewright/core/market/book-builder';
import { Side } from '@quotewright/core/market/side';
import { textLines } from '../lines.ts';
import type { OpenOptions } from '../recording.ts';
import { ReadReport } from '../report.ts';
import { openSource } from '../source.ts';
import { newCheck, record, recordExplained } from '../verdict.ts';
import type { Check, Verdict } from '../verdict.ts';
import { bitstampInstrument, bitstampLogFormat, orderMessageOf, parseLogLine } from './bitstamp-log.ts';
import { BitstampOrders, Outcome } from './bitstamp-orders.ts';
import type { LateMessage, OrderMessage } from './bitstamp-orders.ts';
import { BadRow, positiveLots, priceTicks } from './decimals.ts';
import type { JsonObject } from '../json.ts';
import { replicaNotes } from './replica-notes.ts';
import { SnapshotMatcher } from './snapshot-match.ts';
import type { TopSnapshot, View } from './snapshot-match.ts';

/** Snapshots come on a channel of their own: one may be some order messages behind the log, or ahead of it. */
const MAX_MESSAGES_APART = 4;

interface Moment {
  readonly view: View;
  readonly localNs: number;
}

interface Pending {
  readonly snapshot: TopSnapshot;
  readonly localNs: number;
  readonly text: string;
  messagesLater: number;
}

export async function verifyBitstampLog(path: string, options: OpenOptions): Promise<Verdict> {
  const source = await openSource(path);
  const { epochDay } = await bitstampLogFormat.open(source, options);
  const report = new ReadReport(path, options.strict);
  const verification = new Verification(bitstampInstrument(options), report, epochDay);
  for await (const { lines, firstLine } of textLines(source)) {
    for (let i = 0; i < lines.length; i++) {
      if (lines[i] === '') continue;
      report.rows++;
      try {
        verification.line(lines[i]!, firstLine + i);
      } catch (error) {
        if (!(error instanceof BadRow)) throw error;
        report.addBad(error.message, firstLine + i, lines[i]!);
      }
    }
  }
  return verification.verdict(path);
}

class Verification {
  readonly #instrument: Instrument;
  readonly #report: ReadReport;
  readonly #epochDay: number;
  readonly #builder = new BookBuilder(true);
  readonly #orders: BitstampOrders;
  readonly #matcher = new SnapshotMatcher(this.#builder.book);
  readonly #batch = new EventBatch(BitstampOrders.MAX_EVENTS);
  readonly #check: Check = newCheck('snapshots: price and size of the best twenty levels a side');
  /** The books before the last messages, the latest first. */
  readonly #past: Moment[] = [];
  #now: Moment = { view: this.#matcher.view(), localNs: Number.NaN };
  #pending: Pending[] = [];
  #farthestNs = 0;

  constructor(instrument: Instrument, report: ReadReport, epochDay: number) {
    this.#instrument = instrument;
    this.#report = report;
    this.#epochDay = epochDay;
    this.#orders = new BitstampOrders(report);
  }

  line(line: string, number: number): void {
    const parsed = parseLogLine(line, this.#epochDay);
    const message = orderMessageOf(parsed, number, this.#instrument);
    if (message !== undefined) this.#order(message);
    else if (parsed.event === 'order_book') this.#snapshot(parsed.body, parsed.localNs, number);
    else if (parsed.event !== 'trade') throw new BadRow('unknown event');
  }

  verdict(path: string): Verdict {
    for (const { text } of this.#pending) record(this.#check, false, () => text);
    this.#pending = [];
    const notes = this.#orders.late.map((each) => this.#zombieNote(each));
    notes.push(
      `${this.#matcher.learnedLevels} sizes of levels held orders from before the recording; they were taken from the first snapshot that showed them, and followed from there`,
    );
    if (this.#farthestNs > 0) {
      notes.push(`snapshots beside their message are at most ${this.#farthestNs / 1e6} ms from it`);
    }
    notes.push(...replicaNotes(this.#builder));
    return { format: 'bitstamp-log', path, checks: [this.#check], notes, report: this.#report };
  }

  #zombieNote({ message, deleted }: LateMessage): string {
    const { id, buy, action, line, lots, localNs, priceTicks: ticks } = message;
    const { price, size } = this.#instrument;
    const order = `${buy ? 'bid' : 'ask'} ${id} of ${size.format(lots)} at ${price.format(ticks)}`;
    const gone = `its order_deleted of ${nsToIso(deleted.localNs, this.#epochDay).slice(11, 23)} (line ${deleted.line})`;
    const after = (localNs - deleted.localNs) / 1e6;
    return `zombie found: ${order}: ${gone} removed it, its order_${action} ${after} ms later (line ${line}) is left out: no delete would follow`;
  }

  #order(message: OrderMessage): void {
    const batch = this.#batch;
    batch.clear();
    const outcome = this.#orders.apply(message, batch);
    if (batch.length === 0 && outcome !== Outcome.FROM_BEFORE) return;
    for (let i = 0; i < batch.length; i++) this.#builder.apply(batch.data, i * EVENT_STRIDE);
    if (outcome === Outcome.FROM_BEFORE) {
      const isCancel = message.action === 'deleted' && message.lots > 0;
      const side = message.buy ? Side.BUY : Side.SELL;
      // A fill or a change does not tell what the order held before.
      this.#matcher.unseenLeft(side, message.priceTicks, isCancel ? message.lots : Number.NaN);
    }
    this.#past.unshift(this.#now);
    this.#past.length = Math.min(this.#past.length, MAX_MESSAGES_APART);
    this.#now = { view: this.#matcher.view(), localNs: message.localNs };
    this.#checkPending();
  }

  #checkPending(): void {
    if (this.#pending.length === 0) return;
    this.#pending = this.#pending.filter((pending) => {
      pending.messagesLater++;
      if (this.#matcher.difference(this.#now.view, pending.snapshot) === undefined) {
        this.#explain(
          `the snapshot was logged ${count(pending.messagesLater)} early`,
          this.#now.localNs - pending.localNs,
        );
        return false;
      }
      if (pending.messagesLater < MAX_MESSAGES_APART) return true;
      record(this.#check, false, () => pending.text);
      return false;
    });
  }

  #snapshot(body: JsonObject, localNs: number, line: number): void {
    const snapshot = snapshotOf(body, this.#instrument);
    const difference = this.#matcher.difference(this.#now.view, snapshot);
    if (difference === undefined) {
      record(this.#check, true, () => '');
      this.#matcher.learn(this.#now.view, snapshot);
      return;
    }
    const back = this.#past.findIndex(({ view }) => this.#matcher.difference(view, snapshot) === undefined);
    if (back >= 0) {
      // The state ended when the message after it came.
      const ended = back === 0 ? this.#now.localNs : this.#past[back - 1]!.localNs;
      this.#explain(`the snapshot was logged ${count(back + 1)} late`, localNs - ended);
      return;
    }
    const text = `line ${line}: ${difference} (ticks, lots)`;
    this.#pending.push({ snapshot, localNs, text, messagesLater: 0 });
  }

  #explain(reason: string, apartNs: number): void {
    recordExplained(this.#check, `${reason}: it equals the book of that moment on every level`);
    this.#farthestNs = Math.max(this.#farthestNs, apartNs);
  }
}

function count(messages: number): string {
  return messages === 1 ? 'one order message' : `${messages} order messages`;
}

/** @throws BadRow */
function snapshotOf(body: JsonObject, instrument: Instrument): TopSnapshot {
  const side = (name: 'bids' | 'asks'): Map<number, number> => {
    const rows = body[name];
    if (!Array.isArray(rows)) throw new BadRow(`${name} is no array`);
    const levels = new Map<number, number>();
    for (const row of rows as readonly unknown[]) {
      if (!Array.isArray(row)) throw new BadRow(`${name}: a row is no array`);
      const [price, size] = row as readonly unknown[];
      levels.set(priceTicks(instrument, price), positiveLots(instrument, size));
    }
    return levels;
  };
  const bids = side('bids');
  const asks = side('asks');
  return {
    levels: [bids, asks],
    worst: [
      bids.size < SNAPSHOT_LEVELS ? Number.NEGATIVE_INFINITY : Math.min(...bids.keys()),
      asks.size < SNAPSHOT_LEVELS ? Number.POSITIVE_INFINITY : Math.max(...asks.keys()),
    ],
  };
}

/** A side with fewer levels is shown whole. */
const SNAPSHOT_LEVELS = 20;

/**
 * A flight that has been read, and everything that can be asked of it. A moment is found by restoring the state before it and playing the
 * few inputs between; who steps forward only plays on. Every state is checked once before it is used: played on to where the engine's
 * outputs are known. A strategy that does not come back as it was is played from the start instead, so that no moment is ever wrong.
 */
import { EventFlag, Field, headFlags } from '@quotewright/core/market/event';
import { RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { BOOK_LEVELS, type TradeEntry } from '../server/protocol/stream.ts';
import type { FindKind, FlightEvent, FlightMoment, FlightOverview } from '../server/protocol/research.ts';
import { bookData } from '../server/views/book-data.ts';
import { marketMs, marketNs } from '../server/views/market-time.ts';
import { pnlData } from '../server/views/pnl-data.ts';
import { quotesData } from '../server/views/quotes-data.ts';
import { EventBit } from './event-flags.ts';
import { type Listener, Player } from './player.ts';
import type { Reading } from './reading.ts';
import { subjectOf } from './words.ts';

const { HEAD, LOCAL_NS, PRICE_TICKS, SIZE_LOTS } = Field;

/** Prints of an instrument, and fills, that a moment tells. */
const MOST_LAST = 50;
/** Events that are looked at for them at most. */
const MOST_LOOKED = 100_000;

/** Events that are played beyond those from the nearest state, to know how orders stand in their queues, at most. */
const MOST_BEFORE = 30_000;

const MASKS: Readonly<Record<FindKind, number>> = {
  trade: EventBit.TRADE,
  fill: EventBit.FILL,
  order: EventBit.REPORT | EventBit.REQUEST,
  alert: EventBit.ALERT,
  trip: EventBit.TRIP,
  refusal: EventBit.REFUSAL,
  command: EventBit.COMMAND,
};

export class Flight {
  /** Events are numbered from 0 to below it. */
  readonly length: number;
  readonly #reading: Reading;
  #player: Player;
  /** States, by their events, that were checked. */
  readonly #checked = new Set<number>();
  #usesStates: boolean;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#player = reading.player;
    this.length = reading.spool.length;
    this.#usesStates = reading.checkpoints.count > 0;
  }

  /** Times of the first and the last event, Unix milliseconds of its clock; undefined when there is none. */
  get span(): readonly [fromMs: number, toMs: number] | undefined {
    return this.length === 0 ? undefined : [this.#timeMs(0), this.#timeMs(this.length - 1)];
  }

  get notes(): readonly string[] {
    return this.#reading.source.notes;
  }

  overview(): FlightOverview {
    const { tracks, marks } = this.#reading;
    return { ...tracks.lines, marks: marks.marks, leftOut: marks.leftOut };
  }

  /** The last event at or before a time, the first one when it lies before all; −1 when there is none. */
  eventAt(timeMs: number): number {
    const { spool, source } = this.#reading;
    const ns = marketNs(source.epochDay, timeMs);
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = spool.at(middle);
      // The way from nanoseconds to milliseconds and back loses some of them.
      if (spool.data[at + LOCAL_NS]! <= ns + 500) low = middle + 1;
      else high = middle;
    }
    return Math.max(Math.min(0, this.length - 1), low - 1);
  }

  /** The nearest event of a kind on one side; null when there is none. */
  find(kind: FindKind, from: number, direction: 'next' | 'previous'): number | null {
    const start = Math.max(-1, Math.min(this.length, from));
    const found = this.#reading.flags.find(MASKS[kind], start, direction === 'next' ? 1 : -1);
    return found < 0 ? null : found;
  }

  /** Everything after an event. @throws RangeError when there is no such event */
  moment(event: number): FlightMoment {
    this.#checkEvent(event);
    const { source, fills, tracks } = this.#reading;
    this.#goTo(event);
    const what = this.#step();
    const { engine, queues } = this.#player;
    const markets = [...source.instruments.keys()];
    const histories = engine.seats.map((seat) => ({
      feesPaid: (market: number) => fills.feesPaid(seat, market, event),
      peak: (currency: string) => tracks.peak(seat.index, currency, event),
    }));
    const pnl = source.hasTrading ? pnlData(engine, source.header?.cash ?? {}, histories) : { strategies: [] };
    return {
      event,
      timeMs: this.#timeMs(event),
      what,
      riskState: RISK_STATE_NAMES[engine.riskState],
      books: markets.map((market) => bookData(engine, market, BOOK_LEVELS)),
      quotes: markets.map((market) => quotesData(engine, source.epochDay, market, queues)),
      pnl,
      trades: this.#lastTrades(event),
      fills: fills.last(event, MOST_LAST),
    };
  }

  /** So many events from one on, as many as there are. @throws RangeError when there is no such event */
  events(from: number, count: number): FlightEvent[] {
    this.#checkEvent(from);
    this.#goTo(from);
    return Array.from({ length: Math.min(count, this.length - from) }, () => this.#step());
  }

  close(): void {
    this.#reading.spool.close();
  }

  #checkEvent(event: number): void {
    if (!(Number.isInteger(event) && event >= 0 && event < this.length)) {
      throw new RangeError(
        this.length === 0 ? 'it holds no events' : `event: found ${event}, expected 0 to ${this.length - 1}`,
      );
    }
  }

  /** Brings the engine to where it has taken so many events. */
  #goTo(events: number): void {
    const start = this.#usesStates ? this.#startOf(events) : -1;
    const isAhead = this.#player.events > events;
    // Who has played on from a later state does not know how orders from before it stand.
    const isLate = start >= 0 && start < this.#player.start;
    if (isAhead || isLate || start > this.#player.events) {
      if (start >= 0 && this.#isSound(start)) this.#player = this.#restored(start);
      else if (isAhead || start >= 0) this.#player = new Player(this.#reading.source);
    }
    if (this.#play(this.#player, events)) return;
    this.#distrust();
    this.#player = new Player(this.#reading.source);
    this.#play(this.#player, events);
  }

  /**
   * Events of the state to begin with: one from before the orders were sent that are open at the last one, so that their places in the
   * queues are known; not so when that is far away.
   */
  #startOf(events: number): number {
    const { checkpoints } = this.#reading;
    const nearest = checkpoints.before(events);
    const oldest = checkpoints.oldest(events);
    return nearest - oldest > MOST_BEFORE ? nearest : checkpoints.before(Math.min(nearest, oldest));
  }

  /** @returns false when its outputs are not what they were: it cannot be gone on with */
  #play(player: Player, events: number): boolean {
    const { spool, outputs, outputsEvery } = this.#reading;
    while (player.events < events) {
      const at = spool.at(player.events);
      player.take(spool.data, at);
      if (player.events % outputsEvery !== 0 || player.start === 0) continue;
      const expected = outputs[player.events / outputsEvery];
      if (expected !== undefined && player.engine.outputs.digest() !== expected) return false;
    }
    return true;
  }

  #restored(events: number): Player {
    return new Player(this.#reading.source, this.#reading.checkpoints.stateOf(events), events);
  }

  /** Whether an engine that is brought to the state goes on as the first one did. */
  #isSound(events: number): boolean {
    if (this.#checked.has(events)) return true;
    try {
      // To where the outputs are known next.
      const end = Math.min(this.length, events + this.#reading.outputsEvery);
      if (this.#play(this.#restored(events), end)) {
        this.#checked.add(events);
        return true;
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    this.#distrust();
    return false;
  }

  #distrust(): void {
    if (!this.#usesStates) return;
    this.#usesStates = false;
    this.#reading.source.notes.push(
      'a strategy does not come back as it was from what it saves: every look back plays it from the start',
    );
  }

  /** Plays the next event, and says what it was and led to. */
  #step(): FlightEvent {
    const { spool } = this.#reading;
    const event = this.#player.events;
    const effects: string[] = [];
    const take = (text: () => string): void => void effects.push(text());
    const listener: Listener = {
      request: take,
      refusal: take,
      alert: ({ text }) => effects.push(`alert: ${text}`),
      fill: () => {},
    };
    const at = spool.at(event);
    const { data } = spool;
    this.#player.take(data, at, listener);
    return { event, ...this.#subject(event), effects };
  }

  #subject(event: number): Omit<FlightEvent, 'event' | 'effects'> {
    const { spool, source } = this.#reading;
    const at = spool.at(event);
    const { kind, instrument, text } = subjectOf(spool.data, at, source);
    return { timeMs: this.#timeMs(event), kind, instrument, text };
  }

  #timeMs(event: number): number {
    const { spool, source } = this.#reading;
    const at = spool.at(event);
    return marketMs(source.epochDay, spool.data[at + LOCAL_NS]!);
  }

  /** By instrument, oldest first. */
  #lastTrades(event: number): TradeEntry[][] {
    const { spool, flags, source } = this.#reading;
    const found: TradeEntry[][] = source.instruments.map(() => []);
    let missing = found.length;
    const least = Math.max(0, event - MOST_LOOKED);
    for (let i = event + 1; missing > 0;) {
      i = flags.find(EventBit.TRADE, i, -1);
      if (i < least) break;
      const at = spool.at(i);
      const { data } = spool;
      const head = data[at + HEAD]! | 0;
      const trades = found[head >>> 16];
      if (trades === undefined || trades.length === MOST_LAST) continue;
      const side = (headFlags(head) & EventFlag.BUY) === 0 ? -1 : 1;
      trades.push([this.#timeMs(i), data[at + PRICE_TICKS]!, data[at + SIZE_LOTS]!, side]);
      if (trades.length === MOST_LAST) missing--;
    }
    return found.map((trades) => trades.toReversed());
  }
}

/** An engine that takes the inputs of a flight, and says of each what it led to. */
import type { Engine } from '@quotewright/core/engine/engine';
import type { EngineState } from '@quotewright/core/engine/engine-state';
import type { OrderCarrier } from '@quotewright/core/engine/engine-setup';
import { EventKind, Field, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { AlertField, AlertType } from '@quotewright/core/risk/alert';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { Fill, Market } from '@quotewright/core/strategies/strategy';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { InputKind, ReportKind } from '@quotewright/core/trading/records';
import { AlertWords } from '../alerts/alert-words.ts';
import type { Alert } from '../alerts/alert.ts';
import { isDryRun } from '../journal/session-header.ts';
import type { QueueAhead } from '../server/views/quotes-data.ts';
import { QueueTracker } from '../server/views/queue-tracker.ts';
import { EventBit } from './event-flags.ts';
import type { FlightSource } from './source.ts';
import { fillText, refusalText, requestText } from './words.ts';

const { HEAD } = Field;
const { TRADE, FILL, REPORT, REQUEST, ALERT, TRIP, REFUSAL, COMMAND } = EventBit;

/** Alerts that tell of a change of a breaker or of the risk state. */
const TRIPS: ReadonlySet<number> = new Set([
  AlertType.CIRCUIT_BREAKER_OPEN,
  AlertType.CIRCUIT_BREAKER_HALF_OPEN,
  AlertType.CIRCUIT_BREAKER_CLOSED,
  AlertType.RISK_STATE,
]);

/** Who is told of the effects of an input, while it is taken. */
export interface Listener {
  request(text: () => string): void;
  refusal(text: () => string): void;
  alert(alert: Alert): void;
  fill(strategy: number, market: Market, fill: Fill, feePpb: number, text: () => string): void;
}

export class Player implements OrderCarrier {
  readonly engine: Engine;
  /** Inputs of the flight that the engine has taken. */
  events: number;
  /** Who knows the places of own orders in their queues, by strategy. */
  readonly queues: readonly QueueAhead[];
  /** Inputs that it began with. */
  readonly start: number;
  /** Orders that were open then: what had stood before them is not known. */
  readonly #adopted: ReadonlySet<number>;
  readonly #trackers: readonly QueueTracker[];
  readonly #source: FlightSource;
  readonly #words: AlertWords;
  #listener: Listener | undefined;
  #bits = 0;

  /**
   * @param state of the engine after so many events; undefined: where the flight begins
   * @throws InputError when the engine cannot be built, RangeError when it does not take the state
   */
  constructor(source: FlightSource, state: EngineState | undefined = source.state, events = 0) {
    this.#source = source;
    this.#words = new AlertWords(source.instruments, source.epochDay);
    const { strategies, instruments, header } = source;
    const isSent = header?.mode === 'live' && !isDryRun(header);
    const showsOwn = header?.mode === 'simulation' || isSent;
    this.#trackers = strategies.map(() => new QueueTracker(instruments.length, showsOwn));
    this.queues = this.#trackers.map((tracker) => ({
      aheadLots: (market, orderId) => (this.#adopted.has(orderId) ? Number.NaN : tracker.aheadLots(market, orderId)),
    }));
    this.engine = source.makeEngine((strategy) => {
      const tracker = this.#trackers[strategy];
      return tracker === undefined ? [this.#observer(strategy)] : [tracker, this.#observer(strategy)];
    });
    this.events = events;
    this.start = events;
    if (state !== undefined) {
      this.engine.restore(state);
      this.#empty();
    }
    this.#adopted = new Set(this.#openSlots().map((slot) => this.engine.desk.idAt(slot)));
    for (const [strategy, tracker] of this.#trackers.entries()) tracker.adopt(this.engine, strategy);
  }

  /** When the oldest order was sent that is open; Infinity when none is. */
  oldestNs(): number {
    return Math.min(...this.#openSlots().map((slot) => this.engine.desk.sentNsAt(slot)));
  }

  /** Takes the input at `data[offset]`. @returns bits of `EventBit` */
  take(data: Float64Array, offset: number, listener?: Listener): number {
    const { engine } = this;
    this.#listener = listener;
    this.#bits = bitsOf(headKind(data[offset + HEAD]! | 0));
    for (const tracker of this.#trackers) tracker.input(data, offset);
    engine.input(data, offset);
    this.events++;
    this.#empty();
    return this.#bits;
  }

  /** A request of the engine. */
  send(data: Float64Array, offset: number): void {
    this.#bits |= REQUEST;
    this.#listener?.request(() => requestText(data, offset, this.#source.instruments));
  }

  #openSlots(): number[] {
    const { desk, seats, instruments } = this.engine;
    const slots: number[] = [];
    for (const { index: strategy } of seats) {
      for (const market of instruments.keys()) {
        for (let slot = desk.firstSlot(strategy, market); slot >= 0; slot = desk.nextSlot(slot)) slots.push(slot);
      }
    }
    return slots;
  }

  /** Takes out what waits for somebody outside; alerts, which tell why, before requests. */
  #empty(): void {
    const { engine } = this;
    if (engine.risk !== undefined) this.#takeAlerts(engine.risk.alerts.outbox);
    if (engine.hasRequests) engine.takeRequests(this);
  }

  #takeAlerts(outbox: RecordQueue): void {
    while (outbox.length > 0) {
      const at = outbox.peek();
      this.#bits |= TRIPS.has(outbox.data[at + AlertField.TYPE]!) ? ALERT | TRIP : ALERT;
      this.#listener?.alert(this.#words.of(outbox.data, at));
      outbox.shift();
    }
  }

  #observer(strategy: number): Observer {
    return {
      onBook: nothing,
      onOrder: nothing,
      onRequest: nothing,
      onFunding: nothing,
      onFill: (market, fill, _nowNs, feePpb) => {
        const { side, priceTicks, sizeLots, isMaker } = fill;
        this.#listener?.fill(strategy, market, fill, feePpb, () =>
          fillText(market.instrument, side === Side.BUY, priceTicks, sizeLots, isMaker),
        );
      },
      onRefused: ({ instrument }, side, ticks, lots, code) => {
        this.#bits |= REFUSAL;
        this.#listener?.refusal(() => refusalText(instrument, side === Side.BUY, ticks, lots, code));
      },
    };
  }
}

const nothing = (): void => {};

function bitsOf(kind: number): number {
  if (kind === EventKind.TRADE) return TRADE;
  if (kind < ReportKind.ACK) return 0;
  if (kind === ReportKind.FILL) return FILL | REPORT;
  if (kind <= ReportKind.STATUS) return REPORT;
  return kind === InputKind.WAKE || kind === InputKind.VAR || kind === InputKind.FUNDING ? 0 : COMMAND;
}

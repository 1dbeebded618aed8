/**
 * Raises alerts: by type and instrument a condition that stands is not raised again before its throttle has passed, unless it has got
 * more severe; what is held back is counted, and the next alert of the kind says how many they were. Alerts are numbered, wait in an
 * outbox for the host, and are kept for queries.
 *
 * An alert of severity INFO says that a condition is over (or that nothing was wrong); it ends what stands. An EMERGENCY is never
 * held back.
 */
import { checkState } from '../base/state.ts';
import { RecordQueue } from '../trading/record-queue.ts';
import { type AlertEntry, AlertHistory, type AlertHistoryState, type AlertQuery } from './alert-history.ts';
import { AlertField, type AlertType, Severity, packDetail } from './alert.ts';
import { ALERT_TYPES, type AlertConfig, type AlertSettings, alertConfig } from './alert-settings.ts';

const { INFO, EMERGENCY } = Severity;
const { TYPE, SEVERITY, NS, MARKET, VALUE, LIMIT, NUMBER, DETAIL } = AlertField;

/** Alerts that wait for the host at most; the oldest give way, and stay in the history as long as others do. */
const MOST_WAITING = 4096;
/** Held back at most, so that DETAIL stays exact. */
const MOST_HELD = 2 ** 36;
/** In place of a severity: nothing stands. */
const NOTHING = -1;
/** A row is a type in an instrument, none in particular first. */
const FIRST_MARKETS = 8;

export interface AlertDeskState {
  readonly sentNs: Float64Array;
  readonly numbers: Float64Array;
  readonly held: Float64Array;
  readonly severities: Int32Array;
  readonly counts: Float64Array;
  readonly heldCounts: Float64Array;
  readonly dropped: number;
  readonly history: AlertHistoryState;
  readonly waiting: Float64Array;
}

export class AlertDesk {
  /** Alerts, oldest first; the host takes them out. */
  readonly outbox = new RecordQueue(64);
  /** Alerts raised and alerts held back so far, by type. */
  readonly counts = new Float64Array(ALERT_TYPES);
  readonly heldCounts = new Float64Array(ALERT_TYPES);
  /** Alerts that left the outbox because nobody took them. */
  dropped = 0;
  readonly #config: AlertConfig;
  readonly #history: AlertHistory;
  /** By row: when the last one was raised, its number, what was held back since, and what severity stands. */
  #sentNs = new Float64Array(0);
  #numbers = new Float64Array(0);
  #held = new Float64Array(0);
  #severities = new Int32Array(0);

  /** @throws RangeError that names the field of the settings */
  constructor(settings: AlertSettings = {}) {
    this.#config = alertConfig(settings);
    this.#history = new AlertHistory(this.#config.history);
    this.#grow(ALERT_TYPES * FIRST_MARKETS);
  }

  /** See `AlertField`. @param detail the trigger, refusal or state: below 65,536 */
  raise(
    type: AlertType,
    severity: Severity,
    market: number,
    value: number,
    limit: number,
    detail: number,
    nowNs: number,
  ): void {
    const row = (market + 1) * ALERT_TYPES + type;
    if (row < this.#severities.length && severity < EMERGENCY) {
      const stands = this.#severities[row];
      const isOver = severity === INFO && stands > INFO;
      // Away from, and not after: a clock that was set back must not silence anything.
      const awayNs = Math.abs(nowNs - this.#sentNs[row]);
      if (!isOver && severity <= stands && stands !== NOTHING && awayNs < this.#config.throttleNs[type]) {
        this.#held[row]++;
        this.heldCounts[type]++;
        return;
      }
    }
    this.#write(row, type, severity, market, value, limit, detail, nowNs);
  }

  /** A condition is over, and nobody need be told: when it comes back it is raised at once. */
  clear(type: AlertType, market: number): void {
    const row = (market + 1) * ALERT_TYPES + type;
    if (row < this.#severities.length) this.#severities[row] = NOTHING;
  }

  /** Number of the alert raised last; 0 = none was. */
  get last(): number {
    return this.#history.last;
  }

  /** Somebody has seen the alert of a number. @returns false when there is none, or somebody had before */
  acknowledge(number: number, nowNs: number): boolean {
    return this.#history.acknowledge(number, nowNs);
  }

  /** Conditions that stand, by their last alerts, oldest first. */
  get standing(): readonly AlertEntry[] {
    const found: AlertEntry[] = [];
    for (let row = 0; row < this.#severities.length; row++) {
      if (this.#severities[row] <= INFO) continue;
      const entry = this.#history.entry(this.#numbers[row]);
      if (entry !== undefined) found.push(entry);
    }
    return found.toSorted((a, b) => a.number - b.number);
  }

  /** Of the alerts that are kept those that match, oldest first. */
  query(query: AlertQuery = {}): readonly AlertEntry[] {
    return this.#history.query(query);
  }

  save(): AlertDeskState {
    return {
      sentNs: this.#sentNs.slice(),
      numbers: this.#numbers.slice(),
      held: this.#held.slice(),
      severities: this.#severities.slice(),
      counts: this.counts.slice(),
      heldCounts: this.heldCounts.slice(),
      dropped: this.dropped,
      history: this.#history.save(),
      waiting: this.outbox.save(),
    };
  }

  restore(state: AlertDeskState): void {
    checkState('the alerts', state, this.save(), ['sentNs', 'numbers', 'held', 'severities', 'waiting']);
    this.#sentNs = state.sentNs.slice();
    this.#numbers = state.numbers.slice();
    this.#held = state.held.slice();
    this.#severities = state.severities.slice();
    this.counts.set(state.counts);
    this.heldCounts.set(state.heldCounts);
    this.dropped = state.dropped;
    this.#history.restore(state.history);
    this.outbox.restore(state.waiting);
  }

  #write(
    row: number,
    type: AlertType,
    severity: Severity,
    market: number,
    value: number,
    limit: number,
    detail: number,
    nowNs: number,
  ): void {
    if (row >= this.#severities.length) this.#grow(row + ALERT_TYPES);
    const { outbox } = this;
    if (outbox.length >= MOST_WAITING) {
      outbox.shift();
      this.dropped++;
    }
    const number = this.#history.last + 1;
    const at = outbox.reserve();
    const { data } = outbox;
    data[at + TYPE] = type;
    data[at + SEVERITY] = severity;
    data[at + NS] = nowNs;
    data[at + MARKET] = market;
    data[at + VALUE] = value;
    data[at + LIMIT] = limit;
    data[at + NUMBER] = number;
    data[at + DETAIL] = packDetail(Math.min(MOST_HELD, this.#held[row]), detail);
    this.#history.add(data, at);
    this.#held[row] = 0;
    this.#sentNs[row] = nowNs;
    this.#numbers[row] = number;
    this.#severities[row] = severity;
    this.counts[type]++;
  }

  /** Makes room for so many rows. */
  #grow(rows: number): void {
    this.#sentNs = extend(this.#sentNs, new Float64Array(rows).fill(Number.NEGATIVE_INFINITY));
    this.#numbers = extend(this.#numbers, new Float64Array(rows));
    this.#held = extend(this.#held, new Float64Array(rows));
    this.#severities = extend(this.#severities, new Int32Array(rows).fill(NOTHING));
  }
}

function extend<T extends Float64Array | Int32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

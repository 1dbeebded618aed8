/** The last alerts, for people who ask: a ring of records, with who of them was acknowledged. */
import { checkState } from '../base/state.ts';
import { EVENT_STRIDE } from '../market/event.ts';
import { AlertField, type AlertType, type Severity, alertHeld, alertReason } from './alert.ts';

const { TYPE, SEVERITY, NS, MARKET, VALUE, LIMIT, NUMBER, DETAIL } = AlertField;

/** An alert, read out. */
export interface AlertEntry {
  readonly number: number;
  readonly type: AlertType;
  readonly severity: Severity;
  readonly ns: number;
  /** -1 = none in particular. */
  readonly market: number;
  readonly value: number;
  readonly limit: number;
  /** The trigger, refusal or state. */
  readonly reason: number;
  /** How many of its type and instrument were held back before it. */
  readonly held: number;
  /** NaN = it was not. */
  readonly acknowledgedNs: number;
}

/** What is absent is not looked at. */
export interface AlertQuery {
  readonly type?: AlertType;
  /** And more severe ones. */
  readonly severity?: Severity;
  readonly market?: number;
  /** Local times; `toNs` excluded. */
  readonly fromNs?: number;
  readonly toNs?: number;
  readonly isAcknowledged?: boolean;
  /** The newest so many. */
  readonly limit?: number;
}

export interface AlertHistoryState {
  readonly last: number;
  readonly records: Float64Array;
  readonly acknowledgedNs: Float64Array;
}

export class AlertHistory {
  /** Number of the newest alert; 0 = none. */
  last = 0;
  readonly #records: Float64Array;
  readonly #acknowledgedNs: Float64Array;

  constructor(capacity: number) {
    this.#records = new Float64Array(capacity * EVENT_STRIDE);
    this.#acknowledgedNs = new Float64Array(capacity).fill(Number.NaN);
  }

  /** Takes the record at `data[at]`, whose number is one more than the last one's. */
  add(data: Float64Array, at: number): void {
    this.last = data[at + NUMBER];
    const slot = this.#slotOf(this.last);
    this.#acknowledgedNs[slot] = Number.NaN;
    for (let i = 0; i < EVENT_STRIDE; i++) this.#records[slot * EVENT_STRIDE + i] = data[at + i];
  }

  /** @returns false when there is no such alert (any more), or it was acknowledged before */
  acknowledge(number: number, nowNs: number): boolean {
    if (!this.#has(number)) return false;
    const slot = this.#slotOf(number);
    if (this.#acknowledgedNs[slot] === this.#acknowledgedNs[slot]) return false;
    this.#acknowledgedNs[slot] = nowNs;
    return true;
  }

  /** The alert of a number; undefined when it is not kept (any more). */
  entry(number: number): AlertEntry | undefined {
    if (!this.#has(number)) return undefined;
    const slot = this.#slotOf(number);
    const at = slot * EVENT_STRIDE;
    const records = this.#records;
    return {
      number,
      // oxlint-disable-next-line no-unsafe-type-assertion -- as it was raised
      type: records[at + TYPE] as AlertType,
      // oxlint-disable-next-line no-unsafe-type-assertion -- as it was raised
      severity: records[at + SEVERITY] as Severity,
      ns: records[at + NS],
      market: records[at + MARKET],
      value: records[at + VALUE],
      limit: records[at + LIMIT],
      reason: alertReason(records[at + DETAIL]),
      held: alertHeld(records[at + DETAIL]),
      acknowledgedNs: this.#acknowledgedNs[slot],
    };
  }

  /** Oldest first. */
  query(query: AlertQuery = {}): AlertEntry[] {
    const { limit = Number.POSITIVE_INFINITY } = query;
    const found: AlertEntry[] = [];
    for (let number = this.last; this.#has(number) && found.length < limit; number--) {
      const entry = this.entry(number);
      if (entry !== undefined && matches(entry, query)) found.push(entry);
    }
    return found.toReversed();
  }

  save(): AlertHistoryState {
    return { last: this.last, records: this.#records.slice(), acknowledgedNs: this.#acknowledgedNs.slice() };
  }

  restore(state: AlertHistoryState): void {
    checkState('the alerts kept', state, this.save());
    this.last = state.last;
    this.#records.set(state.records);
    this.#acknowledgedNs.set(state.acknowledgedNs);
  }

  #has(number: number): boolean {
    return Number.isInteger(number) && number >= 1 && number <= this.last && number > this.last - this.#capacity;
  }

  get #capacity(): number {
    return this.#acknowledgedNs.length;
  }

  #slotOf(number: number): number {
    return (number - 1) % this.#capacity;
  }
}

function matches(entry: AlertEntry, query: AlertQuery): boolean {
  const { type, severity, market, fromNs, toNs, isAcknowledged } = query;
  return (
    (type === undefined || entry.type === type) &&
    (severity === undefined || entry.severity >= severity) &&
    (market === undefined || entry.market === market) &&
    (fromNs === undefined || entry.ns >= fromNs) &&
    (toNs === undefined || entry.ns < toNs) &&
    (isAcknowledged === undefined || (entry.acknowledgedNs === entry.acknowledgedNs) === isAcknowledged)
  );
}

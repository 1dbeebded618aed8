/** Alerts that wait for a sink: bounded; when it is full the oldest of the least severe is dropped, and counted. */
import { SEVERITY_NAMES } from '@quotewright/core/risk/alert';
import { type Alert, severityRank } from './alert.ts';

interface Waiting {
  readonly alert: Alert;
  /** In the order of their coming. */
  readonly turn: number;
}

export class DeliveryQueue {
  dropped = 0;
  readonly #capacity: number;
  /** By severity, oldest first. */
  readonly #lanes: readonly Waiting[][] = SEVERITY_NAMES.map(() => []);
  #length = 0;
  #turn = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(alert: Alert): void {
    this.#lanes[severityRank(alert.severity)]!.push({ alert, turn: this.#turn++ });
    this.#length++;
    if (this.#length <= this.#capacity) return;
    this.#lanes.find((lane) => lane.length > 0)?.shift();
    this.#length--;
    this.dropped++;
  }

  /** The oldest, which is taken out; undefined when there is none. */
  shift(): Alert | undefined {
    let oldest: Waiting[] | undefined;
    for (const lane of this.#lanes) {
      if (lane.length > 0 && (oldest === undefined || lane[0]!.turn < oldest[0]!.turn)) oldest = lane;
    }
    if (oldest === undefined) return undefined;
    this.#length--;
    return oldest.shift()!.alert;
  }

  /** Drops what waits. */
  clear(): void {
    this.dropped += this.#length;
    this.#length = 0;
    for (const lane of this.#lanes) lane.length = 0;
  }
}

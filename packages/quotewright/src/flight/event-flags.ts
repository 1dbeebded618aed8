/** What each event of a flight is and led to, a byte of bits for each, so that the next of a kind is found by looking along them. */

export const EventBit = {
  TRADE: 1,
  FILL: 2,
  /** A venue said something of an own order. */
  REPORT: 4,
  /** The engine sent a request. */
  REQUEST: 8,
  ALERT: 16,
  /** A breaker or the risk state changed. */
  TRIP: 32,
  /** The risk gate refused an order. */
  REFUSAL: 64,
  /** Commands, limits, connections, restarts. */
  COMMAND: 128,
} as const;

export class EventFlags {
  length = 0;
  #bits = new Uint8Array(65_536);

  push(bits: number): void {
    if (this.length === this.#bits.length) {
      const grown = new Uint8Array(this.length * 2);
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[this.length++] = bits;
  }

  at(event: number): number {
    return this.#bits[event] ?? 0;
  }

  /** The nearest event behind (`step` 1) or before (−1) an event that has any of the bits; −1 when there is none. */
  find(mask: number, from: number, step: 1 | -1): number {
    for (let event = from + step; event >= 0 && event < this.length; event += step) {
      if ((this.#bits[event]! & mask) !== 0) return event;
    }
    return -1;
  }
}

/**
 * At what interval a feed publishes depth, from the times of its messages: a feed in intervals spaces them evenly, one that tells
 * each change does not. What happened within an interval is hidden, and a queue model that knows it guesses better.
 */
import {
  EVENT_STRIDE,
  EventKind,
  Field,
  headFlags,
  EventFlag,
  headInstrument,
  headKind,
} from '@quotewright/core/market/event';

const { HEAD, VENUE_NS } = Field;
/** Gaps of an instrument that are looked at. */
const MOST_GAPS = 20_000;
const FEWEST_GAPS = 100;
/** A feed is in intervals when its short gaps are nearly as long as its usual ones, and those are not short themselves. */
const EVEN = 0.75;
const SHORTEST_NS = 10e6;

export class DepthIntervals {
  /** By instrument. */
  readonly #lastNs: number[] = [];
  readonly #gaps: number[][] = [];

  see(data: Float64Array, count: number): void {
    for (let at = 0; at < count * EVENT_STRIDE; at += EVENT_STRIDE) {
      const head = data[at + HEAD]!;
      if (headKind(head) !== EventKind.LEVEL || (headFlags(head) & EventFlag.SNAPSHOT) !== 0) continue;
      const instrument = headInstrument(head);
      const ns = data[at + VENUE_NS]!;
      const lastNs = this.#lastNs[instrument] ?? Number.NaN;
      this.#lastNs[instrument] = ns;
      const gaps = (this.#gaps[instrument] ??= []);
      if (ns > lastNs && gaps.length < MOST_GAPS) gaps.push(ns - lastNs);
    }
  }

  /** Nanoseconds; 0 when each change is told, or it cannot be said. */
  of(instrument: number): number {
    const gaps = (this.#gaps[instrument] ?? []).toSorted((a, b) => a - b);
    if (gaps.length < FEWEST_GAPS) return 0;
    const usual = gaps[gaps.length >> 1]!;
    const short = gaps[Math.floor(gaps.length / 10)]!;
    return usual >= SHORTEST_NS && short >= EVEN * usual ? usual : 0;
  }
}

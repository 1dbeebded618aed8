/**
 * Traded volume per second, over five seconds, as a multiple of what a second with prints brings. Seconds without prints do not count into the
 * norm: trading comes in bursts, and a burst after a silence is no spike.
 */
import { checkState } from '../../base/state.ts';
import { NORM_STRIDE, Norm, addToMean } from './norms.ts';

/** Seconds that a rate is taken over, the present one with them. */
const SECONDS = 5;
/** Seconds with prints before the norm is believed. */
const WARM_UP = 60;
/** A second counts into the norm as no more than so many times the norm. */
const MOST = 20;

/** Entries of `#now`. */
const LOTS = 0;
const BEFORE = 1;
const MUCH = 2;
const NEXT = 3;

export interface VolumeState {
  readonly now: Float64Array;
  readonly seconds: Float64Array;
  readonly norm: Float64Array;
}

export class VolumeWatch {
  readonly #now = new Float64Array(4);
  /** Lots of the seconds before the present one, a ring. */
  readonly #seconds = new Float64Array(SECONDS - 1);
  readonly #norm = new Float64Array(NORM_STRIDE);
  readonly #attention: number;

  /** @param attention multiple from which on `add` says so */
  constructor(attention: number) {
    this.#attention = attention;
    this.#now[MUCH] = Number.POSITIVE_INFINITY;
  }

  /** Counts a print. @returns true when it is much */
  add(lots: number): boolean {
    if (!(lots > 0 && lots < Number.POSITIVE_INFINITY)) return false;
    const now = this.#now;
    now[LOTS] += lots;
    return now[LOTS] >= now[MUCH];
  }

  /** The second ended, so many (one at least) before the present one. */
  endSecond(seconds: number): void {
    const now = this.#now;
    const ring = this.#seconds;
    if (now[LOTS] > 0) addToMean(this.#norm, 0, now[LOTS], MOST);
    let lots = now[LOTS];
    for (let i = 0; i < SECONDS - 1 && i < seconds; i++) {
      now[BEFORE] += lots - ring[now[NEXT]];
      ring[now[NEXT]] = lots;
      now[NEXT] = (now[NEXT] + 1) % (SECONDS - 1);
      lots = 0;
    }
    // Of a silence that is longer than the ring nothing is left, the second before it neither.
    if (seconds > SECONDS - 1) {
      ring.fill(0);
      now[BEFORE] = 0;
    }
    now[LOTS] = 0;
    this.#setMuch();
  }

  /** 0 before the norm is known. */
  get ratio(): number {
    if (this.#norm[Norm.COUNT] < WARM_UP) return 0;
    return (this.#now[BEFORE] + this.#now[LOTS]) / SECONDS / this.#norm[Norm.VALUE];
  }

  save(): VolumeState {
    return { now: this.#now.slice(), seconds: this.#seconds.slice(), norm: this.#norm.slice() };
  }

  restore(state: VolumeState): void {
    checkState('a volume watch', state, this.save());
    this.#now.set(state.now);
    this.#seconds.set(state.seconds);
    this.#norm.set(state.norm);
  }

  #setMuch(): void {
    const isKnown = this.#norm[Norm.COUNT] >= WARM_UP;
    const most = this.#attention * SECONDS * this.#norm[Norm.VALUE] - this.#now[BEFORE];
    this.#now[MUCH] = isKnown ? most : Number.POSITIVE_INFINITY;
  }
}

/**
 * How long messages travel between us and a venue, in nanoseconds: requests (`RequestKind`) to it, reports (`ReportKind`) and
 * market data from it. The wire (`engine/wire.ts`) asks once per message and keeps messages from overtaking one another.
 *
 * A negative entry latency says that the venue was overloaded and refused the request: the refusal is back with us after
 * the absolute value.
 */
import { Random } from '../base/random.ts';
import { ReportKind, RequestKind } from '../trading/records.ts';

export interface LatencyModel {
  /** Latency of a request of a kind that leaves at the local time `nowNs`; negative = refused, see above. */
  entryNs(kind: number, nowNs: number): number;
  /** Latency of a report of a kind that leaves at the venue's time `venueNs`; never negative. */
  reportNs(kind: number, venueNs: number): number;
  /** Latency of market data, for markets that have no recorded one; never negative. */
  feedNs(venueNs: number): number;
}

/**
 * A constant number of nanoseconds, or a floor with a random part beyond it:
 * exponential, floor + mean × E with E of mean 1; or lognormal, floor + median × exp(sigma × Z) with Z standard normal.
 */
export type Delay =
  | number
  | { readonly floorNs: number; readonly exponentialMeanNs: number }
  | { readonly floorNs: number; readonly lognormalMedianNs: number; readonly sigma: number };

/** Requests and reports have a delay each; kinds named beside them have one of their own. */
export interface Delays {
  /** A constant below zero: the venue refuses, see `LatencyModel`. */
  readonly request: Delay;
  readonly report: Delay;
  readonly newOrder?: Delay;
  readonly amend?: Delay;
  readonly cancel?: Delay;
  /** Answers to new orders and amendments, refusals included. */
  readonly ack?: Delay;
  readonly fill?: Delay;
  /** Ends of orders, and answers to cancels. */
  readonly cancelled?: Delay;
  /** Absent: 0. */
  readonly marketData?: Delay;
}

const KINDS = 128;
/** A kind that no message has, for market data. */
const FEED = 0;

/** Constant and jittered delays. The random parts of requests, reports and market data come from streams of their own. */
export class DelayLatency implements LatencyModel {
  readonly #floorNs = new Float64Array(KINDS);
  /** Mean of the exponential part, or median of the lognormal one; 0 = there is none. */
  readonly #scaleNs = new Float64Array(KINDS);
  /** 0 = exponential. */
  readonly #sigma = new Float64Array(KINDS);
  readonly #entryRandom: Random;
  readonly #reportRandom: Random;
  readonly #feedRandom: Random;

  /**
   * @param name tells the streams of several venues apart
   * @throws RangeError that names the delay which is not finite, or negative where it may not be
   */
  constructor(delays: Delays, seed = 0, name = 'latency') {
    const { request, report } = delays;
    this.#set('newOrder', delays.newOrder ?? request, [RequestKind.NEW]);
    this.#set('amend', delays.amend ?? request, [RequestKind.AMEND]);
    this.#set('cancel', delays.cancel ?? request, [RequestKind.CANCEL]);
    const { ACK, REJECT, AMENDED, AMEND_REJECT, STATUS, FILL, CANCELLED, CANCEL_REJECT } = ReportKind;
    this.#set('ack', delays.ack ?? report, [ACK, REJECT, AMENDED, AMEND_REJECT, STATUS]);
    this.#set('fill', delays.fill ?? report, [FILL]);
    this.#set('cancelled', delays.cancelled ?? report, [CANCELLED, CANCEL_REJECT]);
    this.#set('marketData', delays.marketData ?? 0, [FEED]);
    this.#entryRandom = Random.stream(seed, `${name}.entry`);
    this.#reportRandom = Random.stream(seed, `${name}.report`);
    this.#feedRandom = Random.stream(seed, `${name}.feed`);
  }

  entryNs(kind: number, _nowNs: number): number {
    return this.#draw(kind, this.#entryRandom);
  }

  reportNs(kind: number, _venueNs: number): number {
    return this.#draw(kind, this.#reportRandom);
  }

  feedNs(_venueNs: number): number {
    return this.#draw(FEED, this.#feedRandom);
  }

  #draw(kind: number, random: Random): number {
    const scale = this.#scaleNs[kind];
    const floor = this.#floorNs[kind];
    if (scale === 0) return floor;
    const sigma = this.#sigma[kind];
    return floor + Math.round(scale * (sigma === 0 ? random.exponential() : Math.exp(sigma * random.normal())));
  }

  #set(name: string, delay: Delay, kinds: readonly number[]): void {
    let floor = 0;
    let scale = 0;
    let sigma = 0;
    if (typeof delay === 'number') floor = delay;
    else if ('sigma' in delay) {
      floor = delay.floorNs;
      scale = delay.lognormalMedianNs;
      sigma = delay.sigma;
      // A lognormal part without spread is a constant.
      if (sigma === 0) {
        floor += scale;
        scale = 0;
      }
    } else {
      floor = delay.floorNs;
      scale = delay.exponentialMeanNs;
    }
    const mayRefuse = typeof delay === 'number' && kinds.every((kind) => kind >= RequestKind.NEW);
    const isValid = Number.isFinite(floor) && (mayRefuse || floor >= 0) && isLength(scale) && isLength(sigma);
    if (!isValid) throw new RangeError(`latency of ${name}: ${JSON.stringify(delay)} is not a delay of at least 0 ns`);
    for (const kind of kinds) {
      this.#floorNs[kind] = floor;
      this.#scaleNs[kind] = scale;
      this.#sigma[kind] = sigma;
    }
  }
}

function isLength(x: number): boolean {
  return x >= 0 && x < Infinity;
}

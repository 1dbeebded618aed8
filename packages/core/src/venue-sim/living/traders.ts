/**
 * The agents of one instrument: what each does when its turn comes (`arrivals.ts` says when). Noise traders place, cancel and
 * take; momentum, informed and fundamental traders take when their signal passes its threshold; makers are in `makers.ts`.
 */
import { Random } from '../../base/random.ts';
import { Word } from '../../market/l3-layout.ts';
import { Side } from '../../market/side.ts';
import { MarketState } from '../../matching/codes.ts';
import { Act, Arrivals } from './arrivals.ts';
import { type DrawTable, lomax, pareto } from './draw-table.ts';
import { Makers } from './makers.ts';
import { Entry, Participant } from './order-table.ts';
import { Flow, type MarketParams } from './params.ts';
import { REGIMES, type Regime } from './regimes.ts';
import { Value, VALUE_STEP_NS } from './value.ts';
import type { VenueBook } from './venue-book.ts';

const { TAKE_BUY, TAKE_SELL, LIMIT_BUY, LIMIT_SELL, CANCEL, REFRESH } = Flow;
const { MOMENTUM, INFORMED, FUNDAMENTAL } = Act;
const { BUY, SELL } = Side;
const { REF: ORDER_REF } = Word;
const { PARTICIPANT } = Entry;
const { TRADING, HALTED } = MarketState;
const NS = 1e-9;
const STEP_SECONDS = VALUE_STEP_NS / 1e9;
/** A market order walks the book no farther than so many half spreads of the makers. */
const MAX_WALK = 20;
/** Urgency of informed traders is at most so many times their rate. */
const MAX_URGENCY = 20;

export class Traders {
  readonly venue: VenueBook;
  readonly value: Value;
  readonly arrivals: Arrivals;
  /** Kind of the next event, -1 = none before the value's next step. */
  nextKind = -1;
  readonly #params: MarketParams;
  readonly #makers: Makers;
  readonly #noise: Random;
  readonly #signals: Random;
  readonly #limitLots: DrawTable;
  readonly #takeLots: DrawTable;
  readonly #distance: DrawTable;
  /** Runs of market orders of one sign: +1 or -1 times the orders left. */
  readonly #runs: Int32Array;
  readonly #runLength: DrawTable;
  readonly #momentumMemory: number;
  readonly #slowMemory: number;
  readonly #impactMemory: number;
  readonly #meanTake: number;
  #regime: Regime = REGIMES.calm;
  /** Share of the cancels that pull a stale order. */
  #pullShare = 0;
  /** Average mid, and slow view of the value. */
  #average: number;
  #slow: number;

  constructor(venue: VenueBook, params: MarketParams, seed: number, heat: number, nowNs: number) {
    const stream = (name: string): Random => Random.stream(seed, `living/${venue.index}/${name}`);
    const { noise, value, momentum, fundamental, impact } = params;
    this.venue = venue;
    this.#params = params;
    this.value = new Value(value, heat, stream('value'));
    this.arrivals = new Arrivals(params.hawkes, stream('arrivals'), nowNs);
    this.#makers = new Makers(venue, params.makers, stream('makers'));
    this.#noise = stream('noise');
    this.#signals = stream('signals');
    this.#limitLots = pareto(noise.sizeLots, noise.sizeExponent);
    this.#takeLots = pareto(1, noise.takeExponent);
    this.#distance = lomax(noise.placementTicks, noise.placementExponent);
    this.#runs = new Int32Array(noise.runs);
    this.#runLength = pareto(1, noise.runExponent);
    this.#momentumMemory = 0.5 ** (STEP_SECONDS / momentum.halfLifeSeconds);
    this.#slowMemory = 0.5 ** (STEP_SECONDS / fundamental.halfLifeSeconds);
    this.#impactMemory = 0.5 ** (STEP_SECONDS / impact.halfLifeSeconds);
    this.#meanTake = (noise.takeLots * noise.takeExponent) / Math.max(noise.takeExponent - 1, 0.2);
    this.#average = value.startTicks;
    this.#slow = value.startTicks;
    this.#setRates();
    this.#lay();
  }

  /** A spell of a regime begins. */
  beginSpell(regime: Regime): void {
    this.#regime = regime;
    this.value.beginSpell();
  }

  /** One step of the value's clock, at `nowNs`. */
  step(factor: number, heatFactor: number, nowNs: number): void {
    const mid = this.#mid();
    this.value.step(factor, heatFactor, this.#regime);
    this.#average = this.#momentumMemory * this.#average + (1 - this.#momentumMemory) * mid;
    this.#slow = this.#slowMemory * this.#slow + (1 - this.#slowMemory) * this.value.ticks;
    this.#makers.step(this.#impactMemory);
    this.arrivals.advance(nowNs);
    this.#setRates();
  }

  /** Draws the next event before a time. */
  draw(untilNs: number): void {
    const { base } = this.arrivals;
    const { engine, orders } = this.venue;
    if (engine.state === HALTED) {
      this.arrivals.atNs = Infinity;
      this.nextKind = -1;
      return;
    }
    const { noise, informed, makers } = this.#params;
    base[REFRESH] = makers.count * makers.refreshesPerSecond * this.#makers.urgency(this.value.ticks) * NS;
    const cancels = ((orders.liveCount * this.#regime.activity) / noise.lifeSeconds) * NS;
    base[CANCEL] = cancels;
    base[INFORMED] = 0;
    this.#pullShare = 0;
    if (engine.state === TRADING) {
      const gap = this.#gap();
      if (gap > 0) {
        const urgency = Math.min(1 + gap, MAX_URGENCY) * NS;
        const pulls = noise.count * noise.pullsPerSecond * urgency;
        base[INFORMED] = informed.count * informed.actsPerSecond * urgency;
        base[CANCEL] = cancels + pulls;
        this.#pullShare = pulls / (cancels + pulls);
      }
    }
    this.nextKind = this.arrivals.next(untilNs);
  }

  /** Does the event that was drawn; its time is `arrivals.atNs`. */
  act(): void {
    const kind = this.nextKind;
    const { arrivals } = this;
    const isTrading = this.venue.engine.state === TRADING;
    if (kind === CANCEL) this.#cancel();
    else if (kind === LIMIT_BUY || kind === LIMIT_SELL) {
      this.#limit(kind === LIMIT_BUY ? BUY : SELL);
      arrivals.excite(kind);
    } else if (kind === REFRESH) {
      this.#makers.refresh(this.value.ticks, this.value.heat, this.#regime, isTrading);
    } else if (isTrading) {
      this.venue.tradedLots = 0;
      if (kind <= TAKE_SELL) this.#take(kind === TAKE_BUY ? BUY : SELL);
      else if (kind === INFORMED) this.#inform();
      else if (kind === MOMENTUM) this.#follow(this.#mid() - this.#average);
      else if (kind === FUNDAMENTAL) this.#correct(this.#slow - this.#mid());
      this.noteTrades();
    }
  }

  /** What the last operation traded excites the others and moves the makers' view. */
  noteTrades(): void {
    const { tradedLots, tradedSide } = this.venue;
    if (tradedLots === 0) return;
    this.arrivals.excite(tradedSide === BUY ? TAKE_BUY : TAKE_SELL);
    const shift = this.#params.impact.ticks * Math.sqrt(tradedLots / this.#meanTake);
    this.#makers.impact += tradedSide === BUY ? shift : -shift;
  }

  /** The book before the first event: makers' ladders, and noise orders as many as rest on average. */
  #lay(): void {
    const { noise, makers } = this.#params;
    for (let i = 0; i < makers.count; i++) this.#makers.refresh(this.value.ticks, 1, this.#regime, true);
    const resting = Math.ceil(noise.count * noise.limitsPerSecond * noise.lifeSeconds);
    for (let i = 0; i < resting; i++) this.#limit((i & 1) === 0 ? BUY : SELL);
  }

  /** Base rates that change with the regime and the heat of the market. */
  #setRates(): void {
    const { noise, momentum, fundamental, hawkes } = this.#params;
    const { base } = this.arrivals;
    const { activity, taking, momentum: following } = this.#regime;
    // Trading follows volatility (Clark 1973; Tauchen and Pitts 1983).
    const heat = Math.sqrt(this.value.heat);
    const limits = noise.count * noise.limitsPerSecond * 0.5;
    const takes = noise.count * noise.takesPerSecond * 0.5;
    const { children } = hawkes;
    // The rates of the parameters are means: what events excite is not drawn twice.
    const takeShare = 1 - children[TAKE_BUY][TAKE_BUY] - children[TAKE_BUY][TAKE_SELL];
    const limitShare = 1 - children[LIMIT_BUY][LIMIT_BUY] - children[LIMIT_BUY][LIMIT_SELL];
    const fromTakes = children[LIMIT_BUY][TAKE_BUY] + children[LIMIT_BUY][TAKE_SELL];
    const takeBase = takes * Math.max(takeShare, 0.05) * taking * heat * NS;
    const limitBase = Math.max(limits * limitShare - takes * fromTakes, limits * 0.05) * activity * heat * NS;
    base[TAKE_BUY] = takeBase;
    base[TAKE_SELL] = takeBase;
    base[LIMIT_BUY] = limitBase;
    base[LIMIT_SELL] = limitBase;
    const isFollowing = Math.abs(this.#mid() - this.#average) > momentum.thresholdTicks;
    base[MOMENTUM] = isFollowing ? momentum.count * momentum.actsPerSecond * following * NS : 0;
    const isOff = Math.abs(this.#slow - this.#mid()) > fundamental.thresholdTicks;
    base[FUNDAMENTAL] = isOff ? fundamental.count * fundamental.actsPerSecond * NS : 0;
  }

  /** How far the value is beyond the touch, less the informed traders' threshold. */
  #gap(): number {
    const { book } = this.venue;
    const value = this.value.ticks;
    const above = value - book.bestPrice(SELL);
    const below = book.bestPrice(BUY) - value;
    // An empty side is NaN and offers nothing.
    return (above > 0 ? above : below > 0 ? below : 0) - this.#params.informed.thresholdTicks;
  }

  #mid(): number {
    const { book } = this.venue;
    const mid = (book.bestPrice(BUY) + book.bestPrice(SELL)) / 2;
    return mid === mid ? mid : this.value.ticks;
  }

  #cancel(): void {
    const { orders, book } = this.venue;
    if (orders.liveCount === 0) return;
    let entry = orders.live[this.#noise.below(orders.liveCount)];
    if (this.#pullShare > 0 && this.#noise.uniform() < this.#pullShare) {
      const stale = this.value.ticks > book.bestPrice(SELL) ? SELL : BUY;
      const level = book.best(stale);
      // Since the event was drawn, a request may have emptied the side.
      if (level === 0) return;
      entry = book.words[(book.front(level) << 3) | ORDER_REF];
      if (orders.words[(entry << 3) | PARTICIPANT] !== Participant.NOISE) return;
    }
    this.venue.cancel(entry);
    this.arrivals.excite(CANCEL);
  }

  #limit(side: number): void {
    const random = this.#noise;
    const { book } = this.venue;
    const sign = side === BUY ? 1 : -1;
    let touch = book.bestPrice(side);
    const other = book.bestPrice(side ^ 1);
    const isTwoSided = touch === touch && other === other;
    if (touch !== touch) {
      const half = this.#params.makers.halfSpreadTicks * this.#regime.spread;
      touch = Math.round((other === other ? other : this.value.ticks) - sign * Math.max(1, half));
    }
    const room = isTwoSided ? sign * (other - touch) - 1 : 0;
    let price: number;
    if (room > 0 && random.uniform() * this.#regime.spread < this.#params.noise.insideShare) {
      price = touch + sign * (1 + random.below(room));
    } else price = touch - sign * this.#distance.draw(random);
    if (price < 1) return;
    const lots = Math.max(1, Math.round(this.#limitLots.draw(random) * this.#regime.depth));
    this.venue.limit(Participant.NOISE, side, price, lots, 0);
  }

  /** A market order of a noise trader: a piece of a run, or on the side that the arrivals drew. */
  #take(drawn: number): void {
    const random = this.#noise;
    const { noise } = this.#params;
    let side = drawn;
    if (random.uniform() < noise.runShare) {
      const runs = this.#runs;
      const run = random.below(runs.length);
      if (runs[run] === 0) runs[run] = this.#runLength.draw(random) * (random.below(2) === 0 ? 1 : -1);
      side = runs[run] > 0 ? BUY : SELL;
      runs[run] += runs[run] > 0 ? -1 : 1;
    }
    this.#market(Participant.NOISE, side, noise.takeLots * this.#takeLots.draw(random), random);
  }

  /** Informed traders take what is mispriced, down to their threshold. */
  #inform(): void {
    const { informed } = this.#params;
    const { book } = this.venue;
    const value = this.value.ticks;
    const side = value > book.bestPrice(SELL) ? BUY : SELL;
    const limit =
      side === BUY ? Math.floor(value - informed.thresholdTicks) : Math.ceil(value + informed.thresholdTicks);
    const lots = Math.ceil(informed.sizeLots * this.#takeLots.draw(this.#signals));
    this.venue.take(Participant.INFORMED, side, Math.max(1, limit), lots);
  }

  #follow(signal: number): void {
    if (signal === 0) return;
    const lots = this.#params.momentum.sizeLots * this.#takeLots.draw(this.#signals);
    this.#market(Participant.MOMENTUM, signal > 0 ? BUY : SELL, lots, this.#signals);
  }

  #correct(signal: number): void {
    if (signal === 0) return;
    const lots = this.#params.fundamental.sizeLots * this.#takeLots.draw(this.#signals);
    this.#market(Participant.FUNDAMENTAL, signal > 0 ? BUY : SELL, lots, this.#signals);
  }

  #market(participant: number, side: number, lots: number, random: Random): void {
    const { book } = this.venue;
    const other = side ^ 1;
    const best = book.best(other);
    if (best === 0) return;
    const touch = book.levelPrice(best);
    let size = Math.ceil(lots);
    let limit = touch;
    if (random.uniform() < this.#params.noise.selectiveShare) size = Math.min(size, book.levelLots(best));
    else {
      const walk = Math.ceil(this.#params.makers.halfSpreadTicks * MAX_WALK * this.#regime.spread);
      limit = side === BUY ? touch + walk : Math.max(1, touch - walk);
    }
    this.venue.take(participant, side, limit, size);
  }
}

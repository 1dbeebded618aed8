/** What a strategy knows of a market beside its book: usual spread, volatility, usual size at the touch, and whether that is enough to act on. */
import { checkState } from '../../base/state.ts';
import { Ewma } from '../../signals/ewma.ts';
import { SpreadNorm, type SpreadNormState } from '../../signals/spread-norm.ts';
import { Volatility } from '../../signals/volatility.ts';
import { VolatilityGate, type VolatilityGateState } from '../../signals/volatility-gate.ts';
import type { Market } from '../strategy.ts';

/** The gate compares the last seconds with so many half-lives. */
const FAST_SECONDS = 5;
const SLOW_HALF_LIVES = 10;
const SAMPLE_SECONDS = 1;
/** A market that stands still is not without risk: the volatility is at least this share of the usual spread per √second. */
const LEAST_SIGMA = 0.02;

export interface ConditionsState {
  readonly spread: SpreadNormState;
  readonly volatility: readonly number[];
  readonly gate: VolatilityGateState;
  readonly touchLots: readonly number[];
  readonly firstNs: number;
  readonly nowNs: number;
}

export class Conditions {
  readonly #market: Market;
  readonly #warmupNs: number;
  readonly #spread: SpreadNorm;
  readonly #volatility: Volatility;
  readonly #gate: VolatilityGate;
  readonly #touchLots: Ewma;
  #firstNs = Number.NaN;
  #nowNs = Number.NaN;

  /** @throws RangeError when a time is not positive. */
  constructor(market: Market, warmupSeconds: number, halfLifeSeconds: number, gateLimit: number) {
    this.#market = market;
    this.#warmupNs = warmupSeconds * 1e9;
    this.#spread = new SpreadNorm(halfLifeSeconds);
    this.#volatility = new Volatility(halfLifeSeconds, SAMPLE_SECONDS);
    this.#gate = new VolatilityGate(FAST_SECONDS, SLOW_HALF_LIVES * halfLifeSeconds, SAMPLE_SECONDS, gateLimit);
    this.#touchLots = new Ewma(halfLifeSeconds);
  }

  /** Takes in the book, when it may be believed. */
  update(nowNs: number): void {
    const market = this.#market;
    if (!market.isReady) return;
    if (this.#firstNs !== this.#firstNs) this.#firstNs = nowNs;
    this.#nowNs = nowNs;
    const bid = market.bidTicks;
    const ask = market.askTicks;
    this.#spread.update(bid, ask, nowNs);
    this.#volatility.update((bid + ask) / 2, nowNs);
    this.#gate.update((bid + ask) / 2, nowNs);
    this.#touchLots.update((market.bidLots + market.askLots) / 2, nowNs);
  }

  save(): ConditionsState {
    return {
      spread: this.#spread.save(),
      volatility: this.#volatility.save(),
      gate: this.#gate.save(),
      touchLots: this.#touchLots.save(),
      firstNs: this.#firstNs,
      nowNs: this.#nowNs,
    };
  }

  restore(state: ConditionsState): void {
    checkState('market conditions', state, this.save());
    this.#spread.restore(state.spread);
    this.#volatility.restore(state.volatility);
    this.#gate.restore(state.gate);
    this.#touchLots.restore(state.touchLots);
    this.#firstNs = state.firstNs;
    this.#nowNs = state.nowNs;
  }

  /** The warm-up is over and there is a measure of everything. */
  get isKnown(): boolean {
    return this.#nowNs - this.#firstNs >= this.#warmupNs && this.#volatility.samples > 0;
  }

  /** Ticks. */
  get usualSpread(): number {
    return this.#spread.usual;
  }

  /** The present spread as a multiple of the usual one. */
  get spreadRatio(): number {
    return this.#spread.ratio;
  }

  /** Ticks per √second; never below a small share of the spread. */
  get sigma(): number {
    return Math.max(this.#volatility.sigma, LEAST_SIGMA * this.#spread.usual);
  }

  /** Lots that usually stand at a touch. */
  get touchLots(): number {
    return this.#touchLots.value;
  }

  /** The market moves much more than it used to. */
  get isWild(): boolean {
    return this.#gate.isShut;
  }
}

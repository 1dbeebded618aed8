/** Whether market data comes: raises BOOK_STALE of a connected market whose book is silent or not fit for too long, and says when it is back. */
import { checkState } from '../../base/state.ts';
import type { AlertDesk } from '../alert-desk.ts';
import { AlertType, Severity } from '../alert.ts';
import type { RiskMarket } from '../risk-market.ts';
import type { BreakerConfig } from './settings.ts';

/** Why a book is stale; the LIMIT of the alert tells which. */
const Stale = { SILENT: 1, NOT_READY: 2 } as const;

const NS_PER_MS = 1e6;

export interface FeedWatchState {
  readonly beganNs: number;
  readonly nextNs: number;
  readonly lostNs: Float64Array;
  readonly upNs: Float64Array;
  readonly stale: Int32Array;
}

export class FeedWatch {
  /** When `look` must be called if nothing else comes; Infinity when never. */
  nextNs = Number.POSITIVE_INFINITY;
  #beganNs = Number.NaN;
  /** Since when a book is not fit; NaN = it is. */
  readonly #lostNs: Float64Array;
  readonly #upNs: Float64Array;
  /** By market: a `Stale`, 0 = it is not. */
  readonly #stale: Int32Array;
  readonly #markets: readonly RiskMarket[];
  readonly #alerts: AlertDesk;
  readonly #staleNs: number;
  readonly #notReadyNs: number;

  constructor(markets: readonly RiskMarket[], alerts: AlertDesk, { staleNs, notReadyNs }: BreakerConfig) {
    this.#markets = markets;
    this.#alerts = alerts;
    this.#staleNs = staleNs;
    this.#notReadyNs = notReadyNs;
    this.#lostNs = new Float64Array(markets.length).fill(Number.NaN);
    this.#upNs = new Float64Array(markets.length).fill(Number.NEGATIVE_INFINITY);
    this.#stale = new Int32Array(markets.length);
  }

  /** A message on an instrument was received. */
  heard(market: RiskMarket, nowNs: number): void {
    this.#begin(nowNs);
    const { index } = market;
    if (!market.isReady) {
      if (this.#lostNs[index] === this.#lostNs[index] || !market.isConnected) return;
      this.#lostNs[index] = nowNs;
      this.nextNs = Math.min(this.nextNs, nowNs + this.#notReadyNs);
      return;
    }
    this.#lostNs[index] = Number.NaN;
    // A print does not freshen a book that stands still.
    if (this.#stale[index] !== 0 && nowNs < this.#deadline(market)) {
      this.#say(Severity.INFO, index, 0, this.#stale[index], nowNs);
      this.#stale[index] = 0;
      this.nextNs = Math.min(this.nextNs, this.#deadline(market));
    }
  }

  connection(market: number, isUp: boolean, nowNs: number): void {
    this.#begin(nowNs);
    // Silence counts from here.
    if (isUp) {
      this.#upNs[market] = nowNs;
      this.nextNs = Math.min(this.nextNs, nowNs + this.#staleNs);
    }
    this.#lostNs[market] = Number.NaN;
  }

  /** Looks for markets that are silent or not fit. */
  look(nowNs: number): void {
    let nextNs = Number.POSITIVE_INFINITY;
    for (const market of this.#markets) {
      const { index } = market;
      if (market.isReady) this.#lostNs[index] = Number.NaN;
      if (!market.isConnected || this.#stale[index] !== 0) continue;
      const silentNs = this.#deadline(market);
      const unfitNs = this.#lostNs[index] + this.#notReadyNs;
      if (nowNs >= unfitNs) this.#lose(index, Stale.NOT_READY, nowNs - this.#lostNs[index], nowNs);
      else if (nowNs >= silentNs) this.#lose(index, Stale.SILENT, nowNs - silentNs + this.#staleNs, nowNs);
      else nextNs = Math.min(nextNs, silentNs, unfitNs === unfitNs ? unfitNs : Number.POSITIVE_INFINITY);
    }
    this.nextNs = nextNs;
  }

  save(): FeedWatchState {
    return {
      beganNs: this.#beganNs,
      nextNs: this.nextNs,
      lostNs: this.#lostNs.slice(),
      upNs: this.#upNs.slice(),
      stale: this.#stale.slice(),
    };
  }

  restore(state: FeedWatchState): void {
    checkState('a feed watch', state, this.save());
    this.#beganNs = state.beganNs;
    this.nextNs = state.nextNs;
    this.#lostNs.set(state.lostNs);
    this.#upNs.set(state.upNs);
    this.#stale.set(state.stale);
  }

  #begin(nowNs: number): void {
    if (this.#beganNs === this.#beganNs) return;
    this.#beganNs = nowNs;
    this.nextNs = nowNs + this.#staleNs;
  }

  /** When the silence is too long. */
  #deadline(market: RiskMarket): number {
    const { receivedNs } = market;
    const heardNs = receivedNs === receivedNs ? receivedNs : this.#beganNs;
    return Math.max(heardNs, this.#upNs[market.index]) + this.#staleNs;
  }

  #lose(market: number, why: number, forNs: number, nowNs: number): void {
    this.#stale[market] = why;
    this.#say(Severity.WARNING, market, forNs, why, nowNs);
  }

  #say(severity: Severity, market: number, forNs: number, why: number, nowNs: number): void {
    const limitNs = why === Stale.SILENT ? this.#staleNs : this.#notReadyNs;
    this.#alerts.raise(AlertType.BOOK_STALE, severity, market, forNs / NS_PER_MS, limitNs / NS_PER_MS, 0, nowNs);
  }
}

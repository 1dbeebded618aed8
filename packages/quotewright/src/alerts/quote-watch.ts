/**
 * Tells when an instrument is quoted on both sides for too small a share of the time. It looks between slices of the session, and
 * judges each window when it is over; an instrument counts from the first time that both sides stand.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import { Side } from '@quotewright/core/market/side';
import type { AlertCenter } from './alert-center.ts';

export interface QuoteUptime {
  /** Least share of the time. */
  readonly share: number;
  readonly windowNs: number;
}

export type Quoting = Pick<Engine, 'desk' | 'instruments' | 'seats'>;

interface Window {
  looks: number;
  quoted: number;
  /** When it is over; NaN before the instrument was ever quoted. */
  endNs: number;
  isLow: boolean;
}

export class QuoteWatch {
  readonly #alerts: AlertCenter;
  readonly #uptime: QuoteUptime;
  readonly #windows: readonly Window[];

  constructor(markets: number, alerts: AlertCenter, uptime: QuoteUptime) {
    this.#alerts = alerts;
    this.#uptime = uptime;
    this.#windows = Array.from({ length: markets }, () => ({ looks: 0, quoted: 0, endNs: Number.NaN, isLow: false }));
  }

  look(engine: Quoting, nowNs: number): void {
    for (const [market, window] of this.#windows.entries()) {
      const isQuoted = isTwoSided(engine, market);
      if (window.endNs !== window.endNs) {
        if (!isQuoted) continue;
        window.endNs = nowNs + this.#uptime.windowNs;
      }
      window.looks++;
      if (isQuoted) window.quoted++;
      if (nowNs < window.endNs) continue;
      this.#judge(market, window, nowNs);
      window.looks = 0;
      window.quoted = 0;
      window.endNs = nowNs + this.#uptime.windowNs;
    }
  }

  #judge(market: number, window: Window, nowNs: number): void {
    const value = window.quoted / window.looks;
    const { share } = this.#uptime;
    const isLow = value < share;
    if (isLow || window.isLow) {
      const severity = isLow ? 'WARNING' : 'INFO';
      this.#alerts.raise({ type: 'QUOTE_UPTIME', severity, market, value, limit: share }, nowNs);
    }
    window.isLow = isLow;
  }
}

function isTwoSided({ desk, seats }: Quoting, market: number): boolean {
  const stands = (side: Side): boolean => seats.some(({ index }) => desk.openLots(index, market, side) > 0);
  return stands(Side.BUY) && stands(Side.SELL);
}

/** A market that a test sets by hand, as the risk layer reads it. */
import type { Instrument } from '../../market/instrument.ts';
import type { RiskMarket } from '../risk-market.ts';

export class TestMarket implements RiskMarket {
  readonly index: number;
  readonly instrument: Instrument;
  /** The currency whose rate its mid gives. */
  readonly gives: string;
  bidTicks = Number.NaN;
  askTicks = Number.NaN;
  lastMidTicks = Number.NaN;
  lastTradeTicks = Number.NaN;
  receivedNs = Number.NaN;
  venueNs = Number.NaN;
  isReady = false;
  isConnected = true;

  constructor(index: number, instrument: Instrument, gives = '') {
    this.index = index;
    this.instrument = instrument;
    this.gives = gives;
  }

  quote(bidTicks: number, askTicks: number, nowNs: number): void {
    this.bidTicks = bidTicks;
    this.askTicks = askTicks;
    this.lastMidTicks = (bidTicks + askTicks) / 2;
    this.receivedNs = nowNs;
    this.venueNs = nowNs;
    this.isReady = true;
  }
}

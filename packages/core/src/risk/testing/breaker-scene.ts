/** A breaker with markets that a test moves by hand. Times in seconds, prices in ticks. */
import { EVENT_STRIDE, Field } from '../../market/event.ts';
import { Instrument } from '../../market/instrument.ts';
import { BREAKER_STATE_NAMES } from '../../trading/risk-state.ts';
import { AlertDesk } from '../alert-desk.ts';
import { AlertType, SEVERITY_NAMES } from '../alert.ts';
import { TRIGGER_NAMES } from '../breaker/trigger.ts';
import { Breaker, type BreakerSettings } from '../breaker.ts';
import type { RiskMarket } from '../risk-market.ts';

const INSTRUMENT = new Instrument({
  venue: 'test',
  symbol: 'TEST',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.1',
  lot: '0.001',
  contract: 'linear',
});
const ALERTS = Object.fromEntries(Object.entries(AlertType).map(([name, code]) => [code, name]));

export class FakeMarket implements RiskMarket {
  readonly index: number;
  readonly instrument = INSTRUMENT;
  bidTicks = Number.NaN;
  askTicks = Number.NaN;
  lastMidTicks = Number.NaN;
  lastTradeTicks = Number.NaN;
  receivedNs = Number.NaN;
  venueNs = Number.NaN;
  isReady = false;
  isConnected = true;

  constructor(index: number) {
    this.index = index;
  }
}

export class BreakerScene {
  readonly markets: readonly FakeMarket[];
  readonly alerts = new AlertDesk({ defaultThrottleNs: 0 });
  readonly breaker: Breaker;
  /** Market data's delay, seconds. */
  delay = 0.001;

  constructor(settings: BreakerSettings = {}, markets = 1) {
    this.markets = Array.from({ length: markets }, (_, index) => new FakeMarket(index));
    this.breaker = new Breaker(this.markets, this.alerts, settings);
  }

  /** The book changed. @returns true when a state changed */
  quote(seconds: number, mid: number, spread = 2, market = 0): boolean {
    const each = this.markets[market]!;
    this.#wakeBefore(seconds);
    each.bidTicks = mid - spread / 2;
    each.askTicks = mid + spread / 2;
    each.receivedNs = seconds * 1e9;
    each.venueNs = (seconds - this.delay) * 1e9;
    each.isReady = each.isConnected;
    return this.breaker.book(each);
  }

  /** The book is not fit any more. */
  lose(seconds: number, market = 0): boolean {
    const each = this.markets[market]!;
    each.isReady = false;
    each.receivedNs = seconds * 1e9;
    return this.breaker.book(each);
  }

  print(seconds: number, lots: number, market = 0): boolean {
    const record = new Float64Array(EVENT_STRIDE);
    record[Field.LOCAL_NS] = seconds * 1e9;
    record[Field.SIZE_LOTS] = lots;
    return this.breaker.trade(market, record, 0);
  }

  /** A quiet market of one quote every quarter of a second, and a print of ten lots every second. */
  calm(from: number, to: number, mid = 10_000, spread = 2, market = 0): void {
    for (let at = from; at < to; at += 0.25) {
      this.quote(at, mid + (Math.round(at * 4) % 2), spread, market);
      if (Number.isInteger(at)) this.print(at, 10, market);
    }
  }

  connect(seconds: number, isUp: boolean, market = 0): boolean {
    this.#wakeBefore(seconds);
    const each = this.markets[market]!;
    each.isConnected = isUp;
    each.isReady = isUp && each.bidTicks > 0;
    return this.breaker.connection(market, isUp, seconds * 1e9);
  }

  /** What is due is done, as a session would. */
  wake(seconds: number): void {
    this.#wakeBefore(seconds);
  }

  state(market = 0): string {
    return BREAKER_STATE_NAMES[this.breaker.states[market]!]!;
  }

  /** Trips as `market trigger value/limit`. */
  get trips(): string[] {
    return this.breaker.trips.map(({ market, trigger, value, limit }) => {
      const numbers = Number.isNaN(value) ? '' : ` ${Number(value.toPrecision(4))}/${Number(limit.toPrecision(4))}`;
      return `${market} ${TRIGGER_NAMES[trigger]}${numbers}`;
    });
  }

  /** Alerts since the last time, as `seconds TYPE SEVERITY`. */
  said(): string[] {
    const { outbox } = this.alerts;
    const lines: string[] = [];
    while (outbox.length > 0) {
      const at = outbox.peek();
      const [type, severity, ns] = outbox.data.subarray(at, at + 3);
      outbox.shift();
      lines.push(`${ns! / 1e9} ${ALERTS[type!]} ${SEVERITY_NAMES[severity!]}`);
    }
    return lines;
  }

  #wakeBefore(seconds: number): void {
    for (let turns = 0; this.breaker.nextNs <= seconds * 1e9; turns++) {
      if (turns > 1e6) throw new Error(`the breaker wants to be woken at ${this.breaker.nextNs} for ever`);
      this.breaker.wake(this.breaker.nextNs);
    }
  }
}

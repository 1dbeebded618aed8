/**
 * One venue under test: our connector for it, and the local exchange that speaks its protocol, both in this process. The exchange shows what
 * is true: its own book, orders, fills and balances.
 */
import type { Book } from '@quotewright/core/market/book';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { ExchangeKey, FaceMaker } from '../../../packages/quotewright/src/exchange/contract.ts';
import {
  type ExchangeClock,
  WallExchangeClock,
} from '../../../packages/quotewright/src/exchange/core/exchange-clock.ts';
import type { FaultDesk, FaultRule } from '../../../packages/quotewright/src/exchange/core/faults.ts';
import type { VenueDesk } from '../../../packages/quotewright/src/exchange/core/venue-desk.ts';
import { type ExchangeHost, openExchange } from '../../../packages/quotewright/src/exchange/exchange-host.ts';
import { cashOf, livingMarket } from '../../../packages/quotewright/src/exchange/setup.ts';
import { Credentials } from '../../../packages/quotewright/src/venues/contract/credentials.ts';
import type { Venue } from '../../../packages/quotewright/src/venues/contract/venue.ts';
import type { FrameTap } from '../../../packages/quotewright/src/venues/runtime/frame-tap.ts';
import type { VenueEvent } from '../../../packages/quotewright/src/venues/runtime/venue-event.ts';
import { LiveClock } from '../../../packages/quotewright/src/venues/runtime/live-clock.ts';
import { VenueAccess } from '../../../packages/quotewright/src/venues/runtime/venue-access.ts';
import { venueSettings } from '../../../packages/quotewright/src/venues/venue-settings.ts';
import { Session, type SessionHost, type SessionOptions } from './session.ts';

/** Levels a side that are compared: fewer than any venue sends. */
const DEPTH = 10;
/** So long do the venues count what was sent. */
const QUIET_MS = 60_000;
const COINS = ['BTC', 'ETH'];
/** Ours, and the one that is on the other side of our trades. */
const ACCOUNTS = ['ours', 'other'];

/** The exchange's clock, which a case may put forward. */
class JumpingClock implements ExchangeClock {
  readonly #wall = new WallExchangeClock();
  #aheadNs = 0;

  get epochDay(): number {
    return this.#wall.epochDay;
  }

  nowNs(): number {
    return this.#wall.nowNs() + this.#aheadNs;
  }

  get aheadMs(): number {
    return this.#aheadNs / 1e6;
  }

  jump(ms: number): void {
    this.#aheadNs += ms * 1e6;
  }
}

export class Bench implements SessionHost {
  readonly venue: Venue;
  readonly host: ExchangeHost;
  readonly desk: VenueDesk;
  readonly faults: FaultDesk;
  readonly instrument: Instrument;
  readonly #key: ExchangeKey;
  readonly #port: number;
  readonly #clock: JumpingClock;
  readonly #open: { close(): unknown }[] = [];
  /** What the exchange's faces failed with: a bug of theirs. */
  readonly complaints: unknown[];

  /** The same venue with an exchange of its own. */
  readonly another: () => Promise<Bench>;
  /** The exchange's time jumps forward. */
  readonly jump: (ms: number) => void;

  static async open(venue: Venue, maker: FaceMaker): Promise<Bench> {
    const clock = new JumpingClock();
    const faces = [{ maker, offset: 1 }];
    const market = livingMarket(faces, { coins: COINS, seed: 11, fees: undefined });
    const complaints: unknown[] = [];
    const host = await openExchange({
      faces,
      source: market.source,
      accounts: ACCOUNTS,
      cash: cashOf(undefined, market),
      seed: 11,
      port: 0,
      script: [],
      complain: (error) => complaints.push(error),
      clock,
    });
    return new Bench(venue, maker, host, clock, complaints);
  }

  private constructor(venue: Venue, maker: FaceMaker, host: ExchangeHost, clock: JumpingClock, complaints: unknown[]) {
    const [desk] = host.exchange.venues;
    const [served] = host.venues;
    if (desk === undefined || served?.keys[0] === undefined) throw new Error(`${venue.name}: nothing is served`);
    this.venue = venue;
    this.host = host;
    this.desk = desk;
    // oxlint-disable-next-line no-unsafe-type-assertion -- `openExchange` makes desks of faults
    this.faults = desk.faults as FaultDesk;
    this.instrument = desk.instruments[0]!;
    this.#key = served.keys[0];
    this.#port = served.port;
    this.complaints = complaints;
    this.#clock = clock;
    this.another = async () => Bench.open(venue, maker);
    this.jump = (ms) => clock.jump(ms);
  }

  /** The way to the exchange. `path` of the venue's live addresses is kept, as the faces have it. */
  access(
    settings: Readonly<Record<string, unknown>> = {},
    event?: (event: VenueEvent) => void,
    tap?: FrameTap,
    answerMs?: number,
  ): VenueAccess {
    const { live } = this.venue.environments;
    const local = (address: string): string => {
      const { protocol, pathname } = new URL(address);
      return `${protocol.startsWith('ws') ? 'ws' : 'http'}://127.0.0.1:${this.#port}${pathname === '/' ? '' : pathname}`;
    };
    // Ours goes with the exchange's as that was when the case began.
    const { aheadMs } = this.#clock;
    const access = VenueAccess.open({
      venue: this.venue,
      settings: venueSettings.parse({
        addresses: { rest: local(live!.rest), feed: local(live!.feed), orders: local(live!.orders) },
        ...settings,
      }),
      clock: new LiveClock(this.host.exchange.epochDay, {
        monotonicMs: () => performance.now(),
        wallMs: () => Date.now() + aheadMs,
      }),
      ...(event === undefined ? {} : { event }),
      ...(tap === undefined ? {} : { tap }),
      ...(answerMs === undefined ? {} : { answerMs }),
    });
    this.#open.push(access);
    return access;
  }

  /** Our account's key, or one whose secret is another. */
  credentials(isSpoilt = false): Credentials {
    const { key, secret, passphrase, ecPrivate, edPrivate } = this.#key;
    const named: Readonly<Record<string, string>> = { key, secret, passphrase };
    const values = new Map<string, Buffer>();
    for (const { name, isOptional, check } of this.venue.credentials) {
      const own = named[name];
      const value =
        own !== undefined && check(own) === ''
          ? own
          : isOptional
            ? undefined
            : [ecPrivate, edPrivate, secret].find((each) => check(each) === '');
      if (value !== undefined) values.set(name, Buffer.from(value));
    }
    if (isSpoilt) this.#spoil(values);
    return new Credentials(values);
  }

  /** Connects; closed with the bench. */
  session(options: Partial<SessionOptions> = {}): Session {
    const session = new Session(this, options);
    this.#open.push(session);
    return session;
  }

  /** From now on the market stands still, but for what accounts do. */
  pause(): void {
    this.host.exchange.isPaused = true;
  }

  resume(): void {
    this.host.exchange.isPaused = false;
  }

  fault(rule: FaultRule): void {
    this.faults.add(rule);
  }

  best(side: Side): number {
    const [prices, sizes] = [new Float64Array(1), new Float64Array(1)];
    return this.desk.top(0, side, 1, prices, sizes) === 0 ? Number.NaN : prices[0]!;
  }

  /** Whether the best levels of both sides are those of the exchange's own book. */
  isLike(book: Book): boolean {
    const [prices, sizes] = [new Float64Array(DEPTH), new Float64Array(DEPTH)];
    const [ownPrices, ownSizes] = [new Float64Array(DEPTH), new Float64Array(DEPTH)];
    return [Side.BUY, Side.SELL].every((side) => {
      const count = this.desk.top(0, side, DEPTH, prices, sizes);
      if (book.top(side, DEPTH, ownPrices, ownSizes) < count) return false;
      for (let i = 0; i < count; i++) if (prices[i] !== ownPrices[i] || sizes[i] !== ownSizes[i]) return false;
      return true;
    });
  }

  /** Size at the best price of a side. */
  bestLots(side: Side): number {
    const [prices, sizes] = [new Float64Array(1), new Float64Array(1)];
    return this.desk.top(0, side, 1, prices, sizes) === 0 ? 0 : sizes[0]!;
  }

  /** The other account takes until there are so many ticks between the best prices. */
  widen(ticks: number): void {
    for (let i = 0; i < 1000 && this.best(Side.SELL) - this.best(Side.BUY) < ticks; i++) {
      this.other(Side.BUY, this.best(Side.SELL), this.bestLots(Side.SELL));
    }
  }

  /** The other account takes what there is at a price. */
  other(side: Side, priceTicks: number, sizeLots: number): void {
    this.#place('other', side, priceTicks, sizeLots, 'IOC');
  }

  /** Another program places an order of our account. */
  stranger(side: Side, priceTicks: number, sizeLots: number): void {
    this.#place('ours', side, priceTicks, sizeLots, 'GTC');
  }

  #place(account: string, side: Side, priceTicks: number, sizeLots: number, timeInForce: 'IOC' | 'GTC'): void {
    const plain = { isPostOnly: false, isReduceOnly: false, clientId: '' };
    this.desk.place({ account, market: 0, side, priceTicks, sizeLots, timeInForce, ...plain });
  }

  /** Nothing is left over for the next case: the venue's limits are as if nothing had been sent for a while. */
  async tidy(): Promise<void> {
    this.faults.clear();
    for (const each of this.#open.splice(0).toReversed()) await each.close();
    for (const account of ACCOUNTS) {
      for (const { number } of this.desk.openOrders(account)) this.desk.cancel(account, number);
    }
    this.pause();
    this.jump(QUIET_MS);
    this.resume();
  }

  async close(): Promise<void> {
    await this.tidy();
    this.host.close();
  }

  /** Another secret, as long and of the same kind. */
  #spoil(values: Map<string, Buffer>): void {
    const other = this.host.venues[0]!.keys[1]!;
    const { secret, ecPrivate, edPrivate } = this.#key;
    for (const [name, value] of values) {
      const text = value.toString('utf8');
      if (text === secret) values.set(name, Buffer.from(other.secret));
      if (text === ecPrivate) values.set(name, Buffer.from(other.ecPrivate));
      if (text === edPrivate) values.set(name, Buffer.from(other.edPrivate));
    }
  }
}

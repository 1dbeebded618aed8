/**
 * An exchange that is stepped by hand, for tests of faces and of the exchange itself: no sockets and no clock of the wall; time passes by
 * `pass`, from noon of 2026-01-01. Its market is one of agents, or (by default) one that nothing moves but the accounts' orders.
 */
import { Side } from '@quotewright/core/market/side';
import type { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import type { MarketParams } from '@quotewright/core/venue-sim/living/params';
import type { Schedule } from '@quotewright/core/venue-sim/living/regimes';
import type { ExchangeInstrument, ExchangeKey, FaceMaker, FaultName, OrderTerms } from '../contract.ts';
import { FaultDesk } from '../core/faults.ts';
import { LivingSource, livingInstruments } from '../core/living-source.ts';
import { LocalExchange } from '../core/local-exchange.ts';
import type { VenueDesk } from '../core/venue-desk.ts';
import { makeKeys } from '../keys.ts';

const EPOCH_DAY = Date.UTC(2026, 0, 1) / 86_400_000;
const NOON_NS = 43_200e9;
const CASH = { USD: '1000000', USDT: '1000000', USDC: '1000000', BTC: '100', ETH: '1000', SOL: '10000' };

export interface HandOptions {
  readonly coins?: readonly string[];
  readonly accounts?: readonly string[];
  /** Decimal texts by currency. */
  readonly cash?: Readonly<Record<string, string>>;
  readonly seed?: number;
  /** Agents trade. Otherwise the book stands still: one maker's ladder, its bids and asks around the start price. */
  readonly isAlive?: boolean;
  /** Whether the keys may trade; they may. */
  readonly canTrade?: boolean;
  /** Regimes, with halts. */
  readonly schedule?: Schedule | undefined;
}

export interface HandExchange {
  /** What `FaceMaker.make` takes. */
  readonly exchange: VenueDesk;
  readonly all: LocalExchange;
  readonly market: LivingMarket;
  readonly keys: readonly ExchangeKey[];
  /** Time passes, the market lives, and faces send what they gathered. */
  readonly pass: (ms: number) => void;
  /** An order of the first account, a plain limit order to buy one lot at the best bid unless said otherwise. */
  readonly order: (terms?: Partial<OrderTerms>) => OrderTerms;
  /** The next occasion for the fault is one. */
  readonly fault: (fault: FaultName, count?: number) => void;
  readonly best: (market: number, side: Side) => number;
}

export function handExchange(
  maker: Pick<FaceMaker, 'venue' | 'instruments' | 'credential' | 'takesFeesInReceived'>,
  options: HandOptions = {},
): HandExchange {
  const {
    coins = ['BTC', 'ETH'],
    accounts = ['one', 'two'],
    cash = CASH,
    seed = 1,
    isAlive = false,
    canTrade = true,
    schedule,
  } = options;
  let nowNs = NOON_NS;
  const clock = { epochDay: EPOCH_DAY, nowNs: () => nowNs };
  const listed: readonly ExchangeInstrument[] = maker.instruments(coins);
  const instruments = livingInstruments(listed).map((each) =>
    isAlive ? each : { instrument: each.instrument, params: still(each.params) },
  );
  const source = new LivingSource(instruments, seed, {
    isL3: true,
    startNs: nowNs,
    ...(schedule === undefined ? {} : { schedule }),
  });
  // oxlint-disable-next-line no-unsafe-type-assertion -- a maker is asked for its name and its credentials only
  const keys = makeKeys(maker as FaceMaker, accounts, canTrade);
  const faults = new FaultDesk(maker.venue, seed, () => nowNs / 1e6);
  const feesInReceived = new Set(maker.takesFeesInReceived === true ? [maker.venue] : []);
  const all = new LocalExchange({
    source,
    clock,
    accounts,
    cash,
    keys: () => keys,
    faults: () => faults,
    feesInReceived,
  });
  const exchange = all.venues[0]!;
  const best = (market: number, side: Side): number => source.book(market).bestPrice(side);
  return {
    exchange,
    all,
    market: source,
    keys,
    best,
    pass: (ms) => {
      const endNs = nowNs + ms * 1e6;
      while (nowNs < endNs) {
        nowNs = Math.min(endNs, nowNs + 1e6);
        all.turn();
      }
    },
    order: (terms = {}) => ({
      account: accounts[0]!,
      market: 0,
      side: Side.BUY,
      priceTicks: best(terms.market ?? 0, Side.BUY),
      sizeLots: exchange.instruments[terms.market ?? 0]!.minSizeLots,
      timeInForce: 'GTC',
      isPostOnly: false,
      isReduceOnly: false,
      clientId: '',
      ...terms,
    }),
    fault: (fault, count = 1) => faults.add({ fault, count }),
  };
}

/** One maker's ladder that nothing moves. */
function still(params: MarketParams): MarketParams {
  const { value, noise, makers, momentum, informed, fundamental } = params;
  return {
    ...params,
    value: { ...value, volatilityTicks: 0, jumpsPerHour: 0 },
    noise: { ...noise, limitsPerSecond: 0, takesPerSecond: 0, pullsPerSecond: 0 },
    makers: { ...makers, count: 1, refreshesPerSecond: 0, errorTicks: 0 },
    momentum: { ...momentum, count: 0 },
    informed: { ...informed, count: 0 },
    fundamental: { ...fundamental, count: 0 },
  };
}

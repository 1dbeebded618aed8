/**
 * Positions in spot instruments, which venues do not tell: from what the account has of each currency beyond what it had when the session
 * began. Balances are those of all that the account does, so a difference from what is booked is read in one of two ways:
 *
 * - the quote currency has gone the other way at about the price: something has traded that we do not know, and the position is another;
 * - anything else: moved in or out (deposits, conversions, trades in other instruments). It is said, and counts from then on.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Balances } from '../../venues/contract/venue.ts';

/** How long a difference must stay until it counts as moved: balances and executions come by different ways. */
const BASE_STAYS_NS = 1.2e9;
/** It is no position: the least time between two answers. */
const QUOTE_STAYS_NS = 0.4e9;
/** A trade's price is not told: from half to twice the mark. */
const PRICE_FACTOR = 2;
/** Of what was traded: amounts in the quote currency are rounded by some venues. */
const ROUNDING = 1e-4;
/** Fees that are taken in the base currency are booked at the execution's price, and compared at the mark. */
const FEE_FACTOR = 1.2;
/** Of a difference: it is still the same one. */
const SAME = 1e-6;

export interface SpotPositionsOptions {
  readonly engine: Engine;
  readonly venue: string;
  /** Indices of its instruments. */
  readonly markets: readonly number[];
  /** Decimal text by currency: what the account had when the session began. */
  readonly begun: Readonly<Record<string, string>>;
  /** Fees may be taken in another currency than the quote currency, in which they are booked. */
  readonly takesFeesElsewhere: boolean;
  readonly say: (line: string) => void;
}

/** What an account has of a currency beyond what is booked, and how much of that rounding and fees can be. */
interface Change {
  readonly amount: number;
  readonly slack: number;
}

/** What a currency differs by, and since when. */
interface Seen {
  readonly amount: number;
  readonly sinceNs: number;
}

export class SpotPositions {
  readonly #options: SpotPositionsOptions;
  readonly #spot: readonly { readonly market: number; readonly instrument: Instrument }[];
  /** By currency: in or out since the session began. */
  readonly #moved = new Map<string, number>();
  #seen = new Map<string, Seen>();

  constructor(options: SpotPositionsOptions) {
    this.#options = options;
    const { engine, markets } = options;
    this.#spot = markets.flatMap((market) => {
      const instrument = engine.instruments[market]!;
      return instrument.contract === 'spot' ? [{ market, instrument }] : [];
    });
  }

  /** Positions as the venue tells them, and of spot instruments as its balances do. Signed lots by instrument. */
  told(positionLots: readonly number[], balances: Balances, nowNs: number): number[] {
    const changes = this.#changes(balances);
    const traded = new Set<string>();
    const lots = [...positionLots];
    for (const { market } of this.#spot) lots[market] = this.#options.engine.portfolioLots(market);
    for (const { market, instrument } of this.#spot) {
      const { base, quote, size } = instrument;
      const change = changes.get(base)!;
      if (!isBeyond(change) || !this.#isTrade(market, change, changes.get(quote)!)) continue;
      lots[market]! += Math.round(change.amount / size.toNumber(1));
      traded.add(base).add(quote);
    }
    const before = this.#seen;
    this.#seen = new Map();
    for (const [currency, change] of changes) {
      const { amount } = change;
      if (!isBeyond(change) || traded.has(currency)) continue;
      const first = this.#spot.find(({ instrument }) => instrument.base === currency);
      const seen = before.get(currency);
      const isSame = seen !== undefined && Math.abs(seen.amount - amount) <= SAME * Math.abs(amount);
      const sinceNs = isSame ? seen.sinceNs : nowNs;
      if (nowNs - sinceNs >= (first === undefined ? QUOTE_STAYS_NS : BASE_STAYS_NS)) {
        this.#move(currency, amount);
        continue;
      }
      this.#seen.set(currency, { amount, sinceNs });
      // Nobody knows yet what it is: until then it is a difference, and the account is asked again.
      if (first !== undefined) lots[first.market]! += Math.round(amount / first.instrument.size.toNumber(1));
    }
    return lots;
  }

  /** By currency what the account has beyond what is booked. */
  #changes(balances: Balances): Map<string, Change> {
    const { begun, engine, takesFeesElsewhere, markets } = this.#options;
    const changes = new Map<string, { amount: number; slack: number }>();
    const add = (currency: string, booked: number, slack: number): void => {
      const change = changes.get(currency);
      if (change === undefined) return;
      change.amount -= booked;
      change.slack += slack;
    };
    for (const { base, quote } of this.#spot.map(({ instrument }) => instrument)) {
      for (const currency of [base, quote]) {
        const had = Number(begun[currency] ?? 0) + (this.#moved.get(currency) ?? 0);
        changes.set(currency, { amount: Number(balances.get(currency) ?? 0) - had, slack: 0 });
      }
    }
    for (const { market, instrument } of this.#spot) {
      const { base, quote, size } = instrument;
      const lot = size.toNumber(1);
      add(base, 0, lot / 2);
      for (const { ledger } of engine.seats) {
        const fees = ledger.fees(market);
        add(base, ledger.positionLots(market) * lot, 0);
        add(quote, ledger.realised(market) - Number(ledger.basisText(market)), ROUNDING * ledger.turnover(market));
        add(ledger.feeCurrency(market), -fees, Math.abs(fees));
        if (!takesFeesElsewhere || fees === 0) continue;
        const amount = (FEE_FACTOR * Math.abs(fees)) / this.#price(market);
        // Without a price nobody can say how much they are.
        add(base, 0, amount === amount ? amount : Number.POSITIVE_INFINITY);
      }
    }
    for (const market of markets) {
      const { contract, settlement } = engine.instruments[market]!;
      // What margin positions bring is not compared.
      if (contract !== 'spot') add(settlement, 0, Number.POSITIVE_INFINITY);
    }
    return changes;
  }

  /** Whether the quote currency has gone the other way at about the price, as far as that can be told. */
  #isTrade(market: number, base: Change, quote: Change): boolean {
    const price = this.#price(market);
    const paid = -Math.sign(base.amount) * quote.amount;
    if (price !== price) return paid > quote.slack;
    const worth = Math.abs(base.amount) * price;
    return paid >= worth / PRICE_FACTOR - quote.slack && paid <= worth * PRICE_FACTOR + quote.slack;
  }

  /** From here on it is what the account had. */
  #move(currency: string, amount: number): void {
    const { venue, say } = this.#options;
    this.#moved.set(currency, (this.#moved.get(currency) ?? 0) + amount);
    const [than, way] = amount > 0 ? ['more', 'in'] : ['less', 'out'];
    const text = `${amountText(amount)} ${currency} ${than} than before and what was traded`;
    say(`${venue}: the account has ${text}: taken as moved ${way}`);
  }

  /** In the quote currency; NaN before the first mark. */
  #price(market: number): number {
    const { engine } = this.#options;
    const { ledger, markets } = engine.seats[0]!;
    markets[market]!.mark();
    return ledger.markTicks(market) * engine.instruments[market]!.price.toNumber(1);
  }
}

const isBeyond = ({ amount, slack }: Change): boolean => Math.abs(amount) > slack;

/** Twelve digits are what a difference of two float64 balances is good for. */
function amountText(amount: number): string {
  return String(Number(Math.abs(amount).toPrecision(12)));
}

/** Random sessions against the naive model: exact equality of every amount, conservation at every event. */
import { expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Instrument, type InstrumentSpec } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { Ledger } from './ledger.ts';
import { NaiveLedger, decimal } from './testing/naive-ledger.ts';

const none = { maker: '0', taker: '0' };

/** Every contract with every currency of fees; `bits` is log2 of the largest ticks × lots that is drawn. */
const MARKETS: readonly (InstrumentSpec & { readonly bits: number; readonly belowZero?: boolean })[] = [
  spec('BTCUSDT', 'BTC', 'USDT', '0.01', '0.00001', 'spot', 48, 'quote'),
  spec('BTCUSDT-PERP', 'BTC', 'USDT', '0.1', '0.001', 'linear', 40, 'BNB'),
  { ...spec('BTCUSD-PERP', 'BTC', 'USD', '0.1', '1', 'inverse', 36), multiplier: '100' },
  spec('ETHBTC', 'ETH', 'BTC', '0.00001', '0.0001', 'spot', 50, 'base'),
  spec('DUSTUSDT', 'DUST', 'USDT', '0.00000001', '0.00000001', 'spot', 80),
  { ...spec('ES', 'ES', 'USD', '0.25', '1', 'linear', 28, 'BNB'), multiplier: '50', belowZero: true },
  { ...spec('ETHUSD-PERP', 'ETH', 'USD', '0.05', '1', 'inverse', 36, 'BNB'), multiplier: '10' },
  { ...spec('SOLUSD-PERP', 'SOL', 'USD', '0.003', '0.1', 'inverse', 36, 'quote'), multiplier: '10' },
  { ...spec('XRPUSDT-PERP', 'XRP', 'USDT', '0.0005', '0.1', 'linear', 44, 'base'), multiplier: '0.07' },
];
const CASH = { USDT: '1000000.000000000000000000001', BTC: '-2.5', ETH: '+0', USD: '.125' };
const TOKEN_PRICES = { BNB: { USDT: '612.7', USD: '613.00007' } };
/** DUSTUSDT, with 16 decimals of tick × lot, sets those of USDT. */
const DECIMALS = { BTC: 18, USDT: 21, BNB: 18, USD: 18, ETH: 18, DUST: 18, SOL: 18, XRP: 18 };

function spec(
  symbol: string,
  base: string,
  quote: string,
  tick: string,
  lot: string,
  contract: InstrumentSpec['contract'],
  bits: number,
  currency?: string,
): InstrumentSpec & { readonly bits: number } {
  const fees = currency === undefined ? undefined : { ...none, currency };
  return { venue: 'test', symbol, base, quote, tick, lot, contract, bits, ...(fees === undefined ? {} : { fees }) };
}

function below(random: Random, bits: number): number {
  return Math.floor(random.uniform() * 2 ** (1 + random.uniform() * (bits - 1)));
}

const KINDS = ['opens', 'reduces', 'closes', 'flips', 'wide'] as const;

function isNear(exact: string): (value: number) => boolean {
  return (value) => Math.abs(value - Number(exact)) <= Math.abs(value) * 2 ** -52;
}

class Session {
  readonly ledger = new Ledger(
    MARKETS.map((market) => new Instrument(market)),
    { cash: CASH, tokenPrices: TOKEN_PRICES },
  );
  readonly naive = new NaiveLedger(MARKETS, {
    cash: { ...CASH, ETH: '0', USD: '0.125' },
    tokenPrices: TOKEN_PRICES,
    decimals: DECIMALS,
  });
  readonly counts = { opens: 0, reduces: 0, closes: 0, flips: 0, wide: 0 };
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = Random.stream(seed, 'ledger');
  }

  step(): void {
    const random = this.#random;
    const i = random.below(MARKETS.length);
    const market = MARKETS[i]!;
    const priceBits = 4 + random.uniform() * (market.bits / 2 - 4);
    let price = 1 + below(random, priceBits);
    if (market.belowZero === true && random.below(4) === 0) price = random.below(3) - price;
    const draw = random.below(10);
    if (draw < 6) this.#fill(i, price, 1 + below(random, Math.min(market.bits - priceBits - 4, 46)));
    else if (draw < 9) {
      const part = [0, 0.5, random.uniform(), Number.NaN][random.below(4)]!;
      const ticks = random.below(40) === 0 ? Number.POSITIVE_INFINITY : price + part;
      this.ledger.mark(i, ticks);
      this.naive.mark(i, ticks);
    } else if (market.contract !== 'spot') {
      const rate = random.below(2_000_001) - 1_000_000;
      const mark = price + [0, 0.5, random.uniform()][random.below(3)]!;
      expect(this.ledger.funding(i, rate, mark)).toBe(true);
      this.naive.funding(i, rate, mark);
    }
  }

  #fill(i: number, price: number, drawn: number): void {
    const random = this.#random;
    const position = this.ledger.positionLots(i);
    const held = Math.abs(position);
    let side: Side = random.below(2) === 0 ? Side.BUY : Side.SELL;
    let size = drawn;
    const draw = random.below(6);
    if (held > 0 && draw < 4) {
      side = position > 0 ? Side.SELL : Side.BUY;
      if (draw === 0) size = held;
      else if (draw < 3) size = Math.max(1, Math.floor(held * random.uniform()));
      else size = held + Math.min(drawn, held);
    }
    const closes = held > 0 && position > 0 === (side === Side.SELL);
    const { counts } = this;
    counts[!closes ? 'opens' : size < held ? 'reduces' : size === held ? 'closes' : 'flips']++;
    if (price * size > Number.MAX_SAFE_INTEGER) counts.wide++;
    const fee = random.below(5) === 0 ? 0 : random.below(1_500_001) - 500_000;
    expect(this.ledger.fill(i, side, price, size, fee)).toBe(true);
    this.naive.fill(i, side, price, size, fee);
  }

  compare(): void {
    const { ledger, naive } = this;
    for (const currency of ledger.currencies) {
      const found = [currency, ledger.cashText(currency), ledger.equityText(currency)];
      expect(found).toEqual([currency, decimal(naive.balances.get(currency)!), decimal(naive.equity(currency))]);
      expect(ledger.cash(currency)).toSatisfy(isNear(found[1]!));
      expect(ledger.equity(currency)).toSatisfy(isNear(found[2]!));
    }
    naive.accounts.forEach((account, i) => {
      const amounts = {
        lots: ledger.positionLots(i),
        realised: ledger.realisedText(i),
        unrealised: ledger.unrealisedText(i),
        fees: ledger.feesText(i),
        funding: ledger.fundingText(i),
        basis: ledger.basisText(i),
        turnover: ledger.turnoverText(i),
      };
      expect([i, amounts]).toEqual([
        i,
        {
          lots: Number(account.lots),
          realised: decimal(account.realised),
          unrealised: decimal(naive.unrealised(i)),
          fees: decimal(account.fees),
          funding: decimal(account.funding),
          basis: decimal(account.basis),
          turnover: decimal(account.turnover),
        },
      ]);
      // The views in float64 are as near as can be.
      expect(ledger.realised(i)).toSatisfy(isNear(amounts.realised));
      expect(ledger.unrealised(i)).toSatisfy(isNear(amounts.unrealised));
      expect(ledger.fees(i)).toSatisfy(isNear(amounts.fees));
      expect(ledger.fundingPaid(i)).toSatisfy(isNear(amounts.funding));
      expect(ledger.turnover(i)).toSatisfy(isNear(amounts.turnover));
    });
  }
}

test('random sessions: every amount is that of the naive model, equity is conserved at every event', () => {
  const totals = { opens: 0, reduces: 0, closes: 0, flips: 0, wide: 0 };
  for (let seed = 1; seed <= 30; seed++) {
    const session = new Session(seed);
    expect([...session.ledger.currencies].toSorted()).toEqual(Object.keys(DECIMALS).toSorted());
    for (let event = 0; event < 200; event++) {
      session.step();
      const wrong = session.ledger.check();
      if (wrong !== '') expect([seed, event, wrong]).toEqual([seed, event, '']);
      if (event % 20 === 0 || event === 199) session.compare();
    }
    for (const name of KINDS) totals[name] += session.counts[name];
  }
  // The sessions hold what they are for.
  for (const count of Object.values(totals)) expect(count).toBeGreaterThan(20);
});

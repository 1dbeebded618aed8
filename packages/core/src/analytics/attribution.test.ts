import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Instrument, type InstrumentSpec } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { Ledger } from '../trading/ledger.ts';
import { parseDecimal } from '../trading/money-text.ts';
import { INVERSE, LINEAR, ScriptedSession } from './testing/scripted-session.ts';
import { type SlowFill, slowLinear } from './testing/slow-attribution.ts';

const SECOND = 1e9;

interface RandomSession {
  readonly session: ScriptedSession;
  /** The run's own ledger, fees in the settlement currency. */
  readonly ledger: Ledger;
  readonly fills: SlowFill[];
  readonly midAt: (ns: number) => number;
  readonly endNs: number;
  readonly endMid2: number;
}

/** Books, fills and funding at random times, some at equal ones; seconds until the horizon are often shared by several fills. */
function play(spec: InstrumentSpec, seed: number, firstTicks: number): RandomSession {
  const random = Random.stream(seed, 'session');
  const session = new ScriptedSession({ specs: [spec], sampleNs: 3e8 });
  const ledger = new Ledger([new Instrument(spec)]);
  const fills: SlowFill[] = [];
  const mids: [number, number][] = [];
  let ns = 5 * SECOND;
  let bid = firstTicks;
  let mid2 = Number.NaN;
  for (let step = 0; step < 400; step++) {
    ns += random.below(4) * 7e7;
    const what = random.below(10);
    if (what < 5 || step === 0) {
      bid += random.below(9) - 4;
      const ask = bid + 1 + random.below(4);
      // A crossed book does not move the mid.
      const isCrossed = step > 0 && random.below(12) === 0;
      session.book(ns, bid, isCrossed ? bid - 1 : ask);
      if (!isCrossed) {
        mid2 = bid + ask;
        mids.push([ns, mid2]);
        ledger.mark(0, mid2 / 2);
      }
    } else if (what < 9) {
      const side = random.below(2) === 0 ? Side.BUY : Side.SELL;
      const lots = 1 + random.below(1000);
      const ticks = bid + random.below(7) - 3;
      const feePpb = [-50_000, 0, 123_457, 400_000][random.below(4)]!;
      session.trade(step, side, ticks, lots, ns, { feePpb, isMaker: random.below(2) === 0 });
      ledger.fill(0, side, ticks, lots, feePpb);
      fills.push({ ns, lots: side === Side.BUY ? lots : -lots, ticks, mid2 });
    } else if (spec.contract !== 'spot') {
      const rate = random.below(2_000_001) - 1_000_000;
      const mark = bid + random.below(1000) / 1000;
      session.recorder.onFunding(session.market(), rate, mark, ns);
      ledger.funding(0, rate, mark);
    }
  }
  session.recorder.finish(ns);
  const midAt = (at: number): number => mids.findLast(([since]) => since < at)![1];
  return { session, ledger, fills, midAt, endNs: ns, endMid2: mid2 };
}

/** Units of 10^-18 with ten digits more. */
function fine(text: string): bigint {
  return parseDecimal('amount', text, 18) * 10n ** 10n;
}

/** The same of −100 USD ÷ (price2 × 0.25 USD), in BTC, a contract. */
function btc(lots: number, price2: number): bigint {
  return (-BigInt(lots) * 100n * 10n ** 28n * 4n) / BigInt(price2);
}

const read = (text: string): bigint => parseDecimal('amount', text, 24);

function expectExactSum({ session, ledger }: RandomSession): void {
  const market = session.marketSummary();
  const { total, ...parts } = market.attribution;
  const sum = Object.values(parts).reduce((all, part) => all + read(part), 0n);
  expect(sum).toBe(read(total));
  const { realisedText, unrealisedText, feesText, fundingText } = {
    realisedText: ledger.realisedText(0),
    unrealisedText: ledger.unrealisedText(0),
    feesText: ledger.feesText(0),
    fundingText: ledger.fundingText(0),
  };
  expect(read(total)).toBe(read(realisedText) + read(unrealisedText) - read(feesText) - read(fundingText));
  expect(read(parts.fees)).toBe(-read(feesText));
  expect(read(parts.funding)).toBe(-read(fundingText));
}

describe('the parts add up to the total of the ledger, to the unit', () => {
  const seeds = Array.from({ length: 25 }, (_, i) => i + 1);

  test.each(seeds)('linear, and each part is that of the slow form (session %d)', (seed) => {
    const random = play(LINEAR, seed, 120_001);
    expectExactSum(random);
    const { attribution } = random.session.marketSummary();
    const slow = slowLinear(random.fills, random.midAt, SECOND, random.endNs, random.endMid2);
    // Half a tick × lot is 0.0025 USD.
    const money = (halves: bigint): bigint => halves * read('0.0025');
    expect(read(attribution.spreadCapture)).toBe(money(slow.spreadCapture));
    expect(read(attribution.adverseSelection)).toBe(money(slow.adverseSelection));
    expect(read(attribution.inventory)).toBe(money(slow.inventory));
  });

  test.each(seeds.slice(0, 8))('spot with a tiny lot, beyond 2^53 (session %d)', (seed) => {
    expectExactSum(play({ ...LINEAR, contract: 'spot', tick: '0.01', lot: '0.00000001' }, seed, 6_000_000_000_000));
  });

  test.each(seeds)('inverse, and each part is that of fractions within the stated rounding (session %d)', (seed) => {
    const random = play(INVERSE, seed, 90_001);
    expectExactSum(random);
    const { attribution } = random.session.marketSummary();
    let spread = 0n;
    let adverse = 0n;
    for (const { ns, lots, ticks, mid2 } of random.fills) {
      const horizon = ns + SECOND <= random.endNs ? random.midAt(ns + SECOND) : random.endMid2;
      spread += btc(lots, mid2) - btc(lots, 2 * ticks);
      adverse += btc(lots, horizon) - btc(lots, mid2);
    }
    const bound = BigInt(3 * random.fills.length) * 10n ** 10n;
    for (const off of [fine(attribution.spreadCapture) - spread, fine(attribution.adverseSelection) - adverse]) {
      expect(off < bound && -off < bound).toBe(true);
    }
  });
});

test('a fill before any book is its own mid', () => {
  const session = new ScriptedSession();
  session.trade(1, Side.BUY, 1000, 10, 0);
  session.book(2 * SECOND, 1003, 1005);
  session.recorder.finish(3 * SECOND);
  const { attribution } = session.marketSummary();
  // Nothing captured, no move until the horizon; then 4 ticks × 10 lots × 0.005 USD.
  expect(attribution).toMatchObject({ spreadCapture: '0', adverseSelection: '0', inventory: '0.2', total: '0.2' });
});

import { describe, expect, it } from 'vitest';
import { Side } from '../market/side.ts';
import { DelayLatency } from '../venue-sim/latency.ts';
import { MarketRows } from './testing/market-rows.ts';
import { type Answer, ScriptedVenue } from './testing/scripted-venue.ts';
import { INVERSE, LINEAR, SPOT, TestSession, strategyOf } from './testing/session-kit.ts';

const MS = 1e6;
const at = (ms: number, market = 0) => ({ venueNs: ms * MS, localNs: ms * MS, market });

/** Buys 10 lots at 100 on the first book; the venue's answers come with the row at 20 ms. */
function session(answers: (order: number) => readonly Answer[]): TestSession {
  const venue = new ScriptedVenue();
  const strategy = strategyOf((ctx) => ({
    onBook: (market) => {
      if (ctx.nowNs === 10 * MS) venue.onRow.set(3, answers(ctx.buy(market, 100, 10)));
    },
  }));
  return new TestSession({
    strategies: [strategy],
    venue: () => venue,
    latency: new DelayLatency({ request: MS, report: MS }),
  });
}

const rows = (): MarketRows =>
  new MarketRows()
    .level(Side.BUY, 100, 9, { ...at(10), isOpen: true })
    .level(Side.SELL, 102, 9, at(10))
    .trade(Side.SELL, 100, 5, at(20))
    .level(Side.BUY, 99, 9, at(30));

const fill = (order: number, seq: number, size: number): Answer => ({ kind: 'FILL', order, price: 100, size, seq });

describe('reports that should not be', () => {
  it('are booked once and counted: an execution that is told twice', () => {
    const { engine } = session((order) => [fill(order, 7, 4), fill(order, 7, 4), fill(order, 8, 6)]).play(rows());
    expect(engine.seats[0]!.ledger.positionLots(0)).toBe(10);
    expect(engine.seats[0]!.fills).toBe(2);
    expect(engine.faults).toMatchObject({ duplicates: 1, unknownOrders: 0, overfills: 0 });
  });

  it('are counted: orders that we never sent, kinds that make no sense', () => {
    const { engine } = session((order) => [
      fill(order + 77, 1, 4),
      { kind: 'CANCELLED', order: -3, size: 1 },
      { kind: 'ACK', order: Number.NaN, size: 1 },
      fill(order, 2, 10),
    ]).play(rows());
    expect(engine.seats[0]!.ledger.positionLots(0)).toBe(10);
    expect(engine.faults.unknownOrders + engine.faults.malformed).toBe(3);
  });

  it('are counted when more trades than was open, and the position says what was executed', () => {
    const { engine } = session((order) => [fill(order, 1, 9), fill(order, 2, 9)]).play(rows());
    expect(engine.faults.overfills).toBe(1);
    expect(engine.seats[0]!.ledger.positionLots(0)).toBe(18);
    expect(engine.seats[0]!.ledger.check()).toBe('');
  });

  it('change the hash of the inputs', () => {
    const one = session((order) => [fill(order, 1, 10)]).play(rows());
    const two = session((order) => [fill(order, 1, 10), fill(order, 1, 10)]).play(rows());
    expect(one.engine.inputs.digest()).not.toBe(two.engine.inputs.digest());
  });
});

describe('funding', () => {
  it('is booked at its instant, at the mid, on the position of that moment, and not on spot', () => {
    const seen: string[] = [];
    const venues = [new ScriptedVenue([], 0), new ScriptedVenue([], 1), new ScriptedVenue([], 2)];
    const strategy = strategyOf((ctx) => ({
      onBook: (market) => {
        const id = ctx.buy(market, 100, 10);
        venues[market.index]!.onRow.set(7 + market.index, [fill(id, 1, 10)]);
      },
    }));
    const market = new MarketRows();
    for (const [index, askTicks] of [102, 102, 102].entries()) {
      market.level(Side.BUY, 98, 9, { ...at(10, index), isOpen: true }).level(Side.SELL, askTicks, 9, at(10, index));
    }
    for (let index = 0; index < 3; index++) market.trade(Side.SELL, 100, 1, at(20, index));
    market.trade(Side.SELL, 100, 1, at(90));
    const { engine } = new TestSession({
      instruments: [LINEAR, INVERSE, SPOT],
      strategies: [strategy],
      venue: (_instrument, index) => venues[index]!,
      observers: [
        [
          {
            onBook: () => {},
            onFill: () => {},
            onOrder: () => {},
            onRequest: () => {},
            onFunding: ({ instrument }, ratePpb, markTicks, nowNs) =>
              seen.push(`${nowNs / MS} ${instrument.symbol} ${ratePpb} at ${markTicks}`),
          },
        ],
      ],
      funding: [
        { ns: 80 * MS, instrument: 0, ratePpb: -100_000 },
        { ns: 5 * MS, instrument: 0, ratePpb: 100_000 },
        { ns: 15 * MS, instrument: 0, ratePpb: 100_000 },
        { ns: 50 * MS, instrument: 0, ratePpb: 300_000 },
        { ns: 50 * MS, instrument: 1, ratePpb: 100_000 },
      ],
    }).play(market);
    // Before the book nothing is known to value a position at.
    expect(seen).toEqual([
      '15 LINEAR 100000 at 100',
      '50 LINEAR 300000 at 100',
      '50 INVERSE 100000 at 100',
      '80 LINEAR -100000 at 100',
    ]);
    const { ledger } = engine.seats[0]!;
    // Linear: 0.01 BTC at 10.0 × (3 − 1) bp. Inverse: 10 contracts of 100 USD at 10.0 USD a BTC × 1 bp.
    expect(ledger.fundingPaid(0)).toBeCloseTo(0.01 * 10 * 0.0002, 15);
    expect(ledger.fundingPaid(1)).toBeCloseTo((10 * 100) / 10 / 10_000, 15);
    expect(ledger.fundingPaid(2)).toBe(0);
    expect(ledger.check()).toBe('');
  });
});

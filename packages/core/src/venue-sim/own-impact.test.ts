import { describe, expect, it } from 'vitest';
import { Side } from '../market/side.ts';
import { OrderFlag, ReportKind } from '../trading/records.ts';
import { OwnImpact } from './own-impact.ts';
import { quotedMarket } from './testing/l2-venue-driver.ts';

const { BUY, SELL } = Side;
const IOC = OrderFlag.BUY | OrderFlag.IOC;

/** Price and lots of the fills among reports. */
function fills(reports: readonly { kind: number; price: number; size: number }[]): number[][] {
  return reports.filter(({ kind }) => kind === ReportKind.FILL).map(({ price, size }) => [price, size]);
}

describe('impact of own takers', () => {
  it('grows with the square root of what was taken, half of which is forgotten in a half-life', () => {
    const impact = new OwnImpact({ ticksPerRootLot: 2, halfLifeNs: 100 });
    expect(impact.shiftTicks(BUY, 0)).toBe(0);
    impact.add(BUY, 16, 0);
    expect([0, 100, 200, 800].map((ns) => impact.shiftTicks(BUY, ns))).toEqual([8, 5, 4, 0]);
  });

  it('stands against the side that pushed, and sales take back what purchases did', () => {
    const impact = new OwnImpact({ ticksPerRootLot: 1, halfLifeNs: 100 });
    impact.add(SELL, 16, 0);
    expect([impact.shiftTicks(SELL, 0), impact.shiftTicks(BUY, 0)]).toEqual([4, 0]);
    impact.add(BUY, 12, 0);
    expect(impact.shiftTicks(SELL, 0)).toBe(2);
  });

  it('raises what the next taker pays and how far it gets, and leaves makers alone', () => {
    const market = quotedMarket({ impact: new OwnImpact({ ticksPerRootLot: 1, halfLifeNs: 1e9 }) });
    expect(fills(market.enter(1, IOC, 110, 4, 2))).toEqual([[102, 4]]);
    // Two ticks against us now: a limit of 103 no longer reaches 102, one of 104 does.
    expect(fills(market.enter(2, IOC, 103, 1, 2))).toEqual([]);
    expect(fills(market.enter(3, IOC, 104, 1, 2))).toEqual([[104, 1]]);
    expect(fills(market.enter(4, IOC | OrderFlag.FOK, 103, 1, 2))).toEqual([]);
    market.enter(5, OrderFlag.BUY | OrderFlag.POST_ONLY, 101, 2, 3);
    expect(fills(market.trade(false, 101, 2, 4))).toEqual([[101, 2]]);
  });

  it('refuses numbers that make no sense', () => {
    expect(() => new OwnImpact({ ticksPerRootLot: -1, halfLifeNs: 1 })).toThrow(/ticksPerRootLot -1/);
    expect(() => new OwnImpact({ ticksPerRootLot: 1, halfLifeNs: 0 })).toThrow(/halfLifeNs 0/);
  });
});

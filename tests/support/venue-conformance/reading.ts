/** Cases about market data. */
import { Side } from '@quotewright/core/market/side';
import { expect } from 'vitest';
import type { ConformanceCase } from './case.ts';
import { soundLots } from './orders.ts';
import type { Print } from './session.ts';

/** Prints as [side, price, size], those of one order together: who takes from several orders makes a print with each. */
function joined(prints: readonly Print[]): [number, number, number][] {
  const all: [number, number, number][] = [];
  for (const { side, priceTicks, sizeLots } of prints) {
    const last = all.at(-1);
    if (last?.[0] === side && last[1] === priceTicks) last[2] += sizeLots;
    else all.push([side, priceTicks, sizeLots]);
  }
  return all;
}

export const READING: readonly ConformanceCase[] = [
  {
    name: 'snapshot and changes give the exchange’s own book',
    run: async (bench) => {
      const session = await bench.session().reading();
      await session.until(() => session.levels > 100, 'some changes');
      bench.pause();
      await session.until(() => session.isRight, 'a book like the exchange’s');
      expect([session.gaps, session.faults(), session.connector.stats.feeds['feed']?.unreadable]).toEqual([0, [], 0]);
      expect(session.connector.book(0)?.bestPrice(Side.BUY)).toBe(bench.best(Side.BUY));
    },
  },
  {
    name: 'prints, each once, with their aggressor, both times',
    run: async (bench) => {
      const session = await bench.session().reading();
      bench.pause();
      await session.until(() => session.isRight, 'a book at rest');
      await session.pass(50);
      const before = session.prints.length;
      const lots = soundLots(bench);
      const truth: (readonly [number, number, number])[] = [];
      for (const side of [Side.BUY, Side.SELL, Side.BUY]) {
        const price = bench.best(side === Side.BUY ? Side.SELL : Side.BUY);
        const taken = Math.min(lots, bench.bestLots(side === Side.BUY ? Side.SELL : Side.BUY));
        bench.other(side, price, lots);
        truth.push([side, price, taken]);
        await session.pass(30);
      }
      const told = (): (readonly [number, number, number])[] => joined(session.prints.slice(before));
      const sumOf = (all: typeof truth): number => all.reduce((sum, [, , size]) => sum + size, 0);
      await session.until(() => sumOf(told()) >= sumOf(truth), 'three prints');
      await session.pass(100);
      const prints = session.prints.slice(before);
      expect(told()).toEqual(truth);
      for (const { venueNs, localNs } of prints) expect(Math.abs(localNs - venueNs)).toBeLessThan(3e9);
      await session.until(() => session.isRight, 'a book like the exchange’s');
    },
  },
  {
    name: 'best quote as a stream of its own, like the book',
    needs: ({ bestQuote }) => bestQuote !== 'none',
    run: async (bench) => {
      const session = await bench.session().reading();
      await session.until(() => session.quotes.length > 3, 'some quotes', 20_000);
      bench.pause();
      // Some venues publish it when something trades.
      bench.other(Side.BUY, bench.best(Side.SELL), soundLots(bench));
      await session.until(() => {
        const [bid, ask] = session.quotes.at(-1)!;
        return bid === bench.best(Side.BUY) && ask === bench.best(Side.SELL);
      }, 'a quote like the book');
      expect(session.faults()).toEqual([]);
    },
  },
  {
    name: 'a lost message is noticed: stale, resync, right again',
    needs: ({ losesSilently = false }) => !losesSilently,
    run: async (bench) => {
      const session = await bench.session().reading();
      const { snapshots } = session;
      // For as long as every venue needs to say something of the book, as one frame may be a print.
      bench.fault({ fault: 'gap', durationMs: 300 });
      await session.until(() => session.gaps > 0, 'a gap that is noticed');
      expect(['gap', 'checksum', 'crossed', 'quote']).toContain(session.faults()[0]);
      await session.until(() => session.snapshots > snapshots, 'another snapshot', 15_000);
      // From the snapshot again, over the same connection or, where the venue has it so, over another.
      expect(session.told('resync').length + session.told('disconnected').length).toBeGreaterThan(0);
      bench.pause();
      await session.until(() => session.isRight, 'a book like the exchange’s');
    },
  },
  {
    name: 'a wrong checksum is noticed, and mended',
    run: async (bench) => {
      const session = await bench.session().reading();
      await session.until(() => session.levels > 50, 'some changes');
      if (session.connector.stats.feeds['feed']!.checksums === 0) return 'none';
      bench.fault({ fault: 'bad-checksum', count: 1 });
      await session.until(() => session.faults().includes('checksum'), 'a checksum that is wrong');
      await session.until(() => session.snapshots > 1 && session.builder.book.isWhole, 'another snapshot', 15_000);
      bench.pause();
      await session.until(() => session.isRight, 'a book like the exchange’s');
      return undefined;
    },
  },
  {
    name: 'a connection that drops is made again, and subscribed',
    run: async (bench) => {
      const session = await bench.session().reading();
      bench.fault({ fault: 'drop', count: 1 });
      await session.until(() => session.told('disconnected').length > 0, 'the break');
      expect(session.gaps).toBe(1);
      await session.until(() => session.builder.book.isWhole, 'a whole book again');
      expect(session.told('connected').length).toBeGreaterThan(1);
      bench.pause();
      await session.until(() => session.isRight, 'a book like the exchange’s');
    },
  },
  {
    name: 'two connections: one breaks, the book stays',
    run: async (bench) => {
      const session = await bench.session({ settings: { redundant: true } }).reading();
      await session.until(() => session.told('snapshot').length >= 2, 'both books');
      bench.fault({ fault: 'drop', count: 1 });
      await session.until(() => session.told('disconnected').length > 0, 'the break');
      await session.until(() => session.told('connected').length > 2, 'both connections again');
      await session.until(() => session.levels > 200, 'some more changes');
      expect(session.gaps).toBe(0);
      bench.pause();
      await session.until(() => session.isRight, 'a book like the exchange’s');
    },
  },
];

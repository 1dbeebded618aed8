import { Random } from '@quotewright/core/base/random';
import { describe, expect, it } from 'vitest';
import { ExactQuoteCheck, LateQuoteCheck } from './quote-check.ts';

const top = (id: number, bid: number, ask: number, lots = 1): Float64Array => Float64Array.of(id, bid, lots, ask, lots);

describe('with update ids', () => {
  it('judges a state of the book when a quote has passed it', () => {
    const check = new ExactQuoteCheck();
    check.quote(top(5, 100, 101));
    check.book(top(7, 100, 102));
    // A quote of id 6 or 7 may still come.
    expect(check.wrong()).toBe('');
    check.quote(top(7, 100, 102));
    check.quote(top(9, 90, 91));
    expect(check.wrong()).toBe('');
    check.book(top(10, 90, 91, 2));
    check.quote(top(11, 90, 91));
    expect(check.wrong()).not.toBe('');
    check.reset();
    expect(check.wrong()).toBe('');
  });

  it('says nothing of books that are older than the first quote, and takes empty sides', () => {
    const check = new ExactQuoteCheck();
    check.quote(top(20, 100, 101));
    check.book(top(10, 1, 2));
    check.book(top(21, Number.NaN, 101));
    check.quote(top(21, Number.NaN, 101));
    check.quote(top(22, 5, 6));
    expect(check.wrong()).toBe('');
  });

  it('is content with every interleaving of the two streams of a right book, and sees one that is wrong', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = Random.stream(seed, 'quotes');
      const isBroken = seed % 2 === 1;
      // The truth: at each id a top; quotes tell of each, the book of every few.
      const quotes: Float64Array[] = [];
      const books: Float64Array[] = [];
      let bid = 100;
      for (let id = 1; id <= 200; id++) {
        if (random.below(3) > 0) bid += random.below(5) - 2;
        const now = top(id, bid, bid + 1);
        if (id === 1 || bid !== quotes.at(-1)![1]) quotes.push(now);
        if (random.below(4) === 0) books.push(now);
      }
      if (isBroken) books[books.length >> 1] = top(books[books.length >> 1]![0]!, -1000, 1000);
      quotes.push(top(1000, 0, 1));
      const check = new ExactQuoteCheck();
      let [q, b] = [0, 0];
      while (q < quotes.length || b < books.length) {
        if (b === books.length || (q < quotes.length && random.below(2) === 0)) check.quote(quotes[q++]!);
        else check.book(books[b++]!);
      }
      expect(check.wrong() !== '').toBe(isBroken);
    }
  });
});

describe('with nothing in common but time', () => {
  const LAG = 1000;

  it('wants the book to have had one of the quotes within the bound', () => {
    const check = new LateQuoteCheck(LAG);
    check.quote(top(0, 1, 2), 0);
    check.book(top(0, 100, 101), 10);
    check.book(top(0, 100, 102), 2000);
    const miss = (from: number, ns: number): void => {
      for (let i = 0; i < 5; i++) check.quote(top(0, from + i, from + 50), ns + i);
    };
    miss(200, 2500);
    expect(check.wrong(3500)).toBe('');
    // As the book was until just before.
    check.quote(top(0, 100, 101), 2990);
    expect(check.wrong(9000)).toBe('');
    // As it comes to be in time.
    miss(300, 3000);
    check.book(top(0, 302, 350), 3900);
    expect(check.wrong(9000)).toBe('');
    // As it was, but too long ago; and four quotes are not enough.
    for (let i = 0; i < 4; i++) check.quote(top(0, 100, 101 - i), 6000);
    expect(check.wrong(90_000)).toBe('');
    check.quote(top(0, 7, 8), 6500);
    expect([check.wrong(7000), check.wrong(7001)]).toEqual(['', expect.stringContaining('7 / 8 ticks')]);
    check.reset();
    expect(check.wrong(90_000)).toBe('');
  });

  it('is content with a right book whichever stream lags, and sees one that stands still', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = Random.stream(seed, 'late');
      const bookLag = random.below(2) === 0 ? 0 : random.below(5 * LAG);
      const quoteLag = bookLag === 0 ? random.below(5 * LAG) : 0;
      const isStill = seed % 2 === 1;
      const events: { ns: number; isBook: boolean; top: Float64Array }[] = [];
      let bid = 100;
      // Changes reach the book three at a time in one market of two, so that it never has some of the quotes.
      const together = 1 + (seed % 4 >= 2 ? 2 : 0);
      for (let ns = 0; ns < 200_000; ns += 40) {
        if (random.below(3) === 0) bid += random.below(5) - 2;
        if ((ns / 40) % together === 0)
          events.push({ ns: ns + bookLag, isBook: true, top: top(0, isStill && ns > 100_000 ? 1 : bid, bid + 1) });
        if (random.below(5) === 0) events.push({ ns: ns + quoteLag, isBook: false, top: top(0, bid, bid + 1) });
      }
      const check = new LateQuoteCheck(10 * LAG);
      let isWrong = false;
      for (const event of events.toSorted((a, b) => a.ns - b.ns)) {
        if (event.isBook) check.book(event.top, event.ns);
        else check.quote(event.top, event.ns);
        isWrong ||= check.wrong(event.ns) !== '';
      }
      expect(isWrong).toBe(isStill);
    }
  });
});

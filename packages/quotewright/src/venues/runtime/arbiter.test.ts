import { BookBuilder } from '@quotewright/core/market/book-builder';
import { EventKind, Field, headKind } from '@quotewright/core/market/event';
import { L2Book } from '@quotewright/core/market/l2-book';
import { Random } from '@quotewright/core/base/random';
import { expect, it } from 'vitest';
import { Arbiter } from './arbiter.ts';
import { FollowingLine, NumberedMarket, bookText } from './testing/two-lines.ts';

/** What comes out: a book, the number it has come to, prints, and GAPs. */
class Receiver {
  readonly builder = new BookBuilder(false);
  readonly trades: number[] = [];
  seq = 0;
  gaps = 0;
  snapshots = 0;

  take({ out }: Arbiter): void {
    for (; out.length > 0; out.shift()) {
      const at = out.peek();
      const kind = headKind(out.data[at + Field.HEAD]!);
      if (kind === EventKind.TRADE) this.trades.push(out.data[at + Field.SEQ]!);
      else if (kind === EventKind.GAP) this.gaps++;
      else this.seq = out.data[at + Field.SEQ]!;
      if (kind === EventKind.SNAPSHOT_END) this.snapshots++;
      this.builder.apply(out.data, at);
    }
  }

  get text(): string {
    const { book } = this.builder;
    return book instanceof L2Book ? bookText(book) : '';
  }
}

it.each([
  ['the first with a number wins', true],
  ['one line leads and the other stands by', false],
] as const)('is right whenever one of two lines is: %s', (_, isGlobal) => {
  let switches = 0;
  for (let seed = 0; seed < 120; seed++) {
    const random = Random.stream(seed, 'two lines');
    const market = new NumberedMarket();
    for (let i = 0; i < 20; i++) market.step(random);
    const lines = [new FollowingLine(market), new FollowingLine(market)];
    const arbiter = new Arbiter({ isGlobal, indices: [0], lines, switched: () => switches++ });
    const receiver = new Receiver();
    for (let i = 0; i < 1500; i++) {
      if (random.below(3) > 0) market.step(random);
      const number = random.below(2);
      const line = lines[number]!;
      const luck = random.below(100);
      if (line.at === 0) {
        // The snapshot of a venue may be a little old.
        if (luck < 30) line.connect(market.last - random.below(5));
      } else if (luck < 3) line.breaks();
      else for (let n = random.below(6); n > 0; n--) line.advance();
      arbiter.take(number, i);
      receiver.take(arbiter);
      expect(receiver.builder.book.isWhole, `seed ${seed} step ${i}`).toBe(lines.some(({ isBelieved }) => isBelieved));
      if (receiver.builder.book.isWhole)
        expect(receiver.text, `seed ${seed} step ${i}`).toBe(market.states[receiver.seq]);
    }
    // No print twice, and none out of order, where numbers say which is which.
    if (isGlobal) expect(receiver.trades).toEqual([...new Set(receiver.trades)].toSorted((a, b) => a - b));
    expect(receiver.trades.length).toBeGreaterThan(20);
  }
  expect(switches).toBeGreaterThan(500);
});

it('forwards no message twice when both lines are whole', () => {
  const random = Random.stream(7, 'twice');
  const market = new NumberedMarket();
  for (let i = 0; i < 10; i++) market.step(random);
  const lines = [new FollowingLine(market), new FollowingLine(market)];
  const arbiter = new Arbiter({ isGlobal: true, indices: [0], lines, switched: () => expect.unreachable() });
  for (const [number, line] of lines.entries()) {
    line.connect(10);
    arbiter.take(number, 0);
  }
  arbiter.out.clear();
  for (let i = 0; i < 100; i++) market.step(random);
  let messages = 0;
  for (let i = 0; i < 400; i++) {
    const number = random.below(2);
    lines[number]!.advance();
    arbiter.take(number, i);
    for (; arbiter.out.length > 0; arbiter.out.shift()) messages++;
  }
  const trades = market.changes.slice(11).filter(({ trade }) => trade > 0).length;
  expect(messages).toBe(100 + trades);
  expect(arbiter.duplicates).toBe(100 + trades);
});

it('asks an order-by-order feed for a snapshot when it has to lead', () => {
  const market = new NumberedMarket();
  const random = Random.stream(3, 'l3');
  for (let i = 0; i < 10; i++) market.step(random);
  const lines = [new FollowingLine(market), new FollowingLine(market)];
  const asked: number[] = [];
  const bookless = lines.map((line, number) => ({
    out: line.out,
    book: () => undefined,
    resync: () => {
      asked.push(number);
      line.resync();
    },
  }));
  const arbiter = new Arbiter({ isGlobal: false, indices: [0], lines: bookless, switched: () => undefined });
  const receiver = new Receiver();
  for (const [number, line] of lines.entries()) {
    line.connect(10);
    arbiter.take(number, 0);
  }
  receiver.take(arbiter);
  expect(receiver.snapshots).toBe(1);
  lines[0]!.breaks();
  arbiter.take(0, 1);
  arbiter.take(1, 1);
  receiver.take(arbiter);
  expect([asked, receiver.builder.book.isWhole]).toEqual([[1], false]);
  lines[1]!.connect(10);
  arbiter.take(1, 2);
  receiver.take(arbiter);
  expect([receiver.snapshots, receiver.gaps, receiver.builder.book.isWhole]).toEqual([2, 1, true]);
});

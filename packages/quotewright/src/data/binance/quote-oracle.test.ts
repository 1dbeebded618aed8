import { describe, expect, it } from 'vitest';
import { binanceOf } from '../wire/testing/frames.ts';
import { walkBooks } from '../walk-books.ts';
import { QuoteOracle } from './quote-oracle.ts';

type Level = [price: string, size: string];

function line(body: unknown): string {
  return `1723161600000000000 ${JSON.stringify(body)}`;
}

function diff(first: number, last: number, b: Level[], a: Level[] = []): string {
  return line({ stream: 'x@depth', data: { e: 'depthUpdate', E: 1, s: 'BTCUSDT', U: first, u: last, b, a } });
}

function ticker(u: number, [b, B]: Level, [a, A]: Level): string {
  return line({ stream: 'x@bookTicker', data: { u, s: 'BTCUSDT', b, B, a, A } });
}

const snapshot = line({
  lastUpdateId: 10,
  bids: [
    ['100', '1'],
    ['90', '1'],
  ],
  asks: [['101', '1']],
});

async function checked(...lines: string[]) {
  const recording = await binanceOf([ticker(9, ['100', '1'], ['101', '1']), snapshot, ...lines]);
  const oracle = new QuoteOracle(recording.instruments);
  await walkBooks(recording, [], [oracle]);
  oracle.finish();
  expect([...recording.report.bad]).toEqual([]);
  return oracle;
}

describe('bookTicker', () => {
  it('may come before the diff or after it', async () => {
    const { check, early } = await checked(
      diff(11, 12, [['100', '2']]),
      ticker(12, ['100', '2'], ['101', '1']),
      ticker(14, ['100', '3'], ['101', '1']),
      ticker(17, ['100', '5'], ['101', '1']),
      diff(13, 16, [['100', '3']]),
      diff(17, 17, [['100', '5']]),
    );
    expect(check).toMatchObject({ made: 3, matched: 3, mismatched: 0 });
    expect(early).toBe(0);
  });

  it.each([
    ['price', ['99', '2'] as Level],
    ['size', ['100', '2.5'] as Level],
  ])('shows a wrong %s', async (_, bid) => {
    const { check } = await checked(
      diff(11, 12, [['100', '2']]),
      ticker(12, bid, ['101', '1']),
      ticker(13, ['1', '1'], ['2', '1']),
    );
    expect(check).toMatchObject({ made: 1, mismatched: 1 });
    expect(check.first).toMatch(
      /^BTCUSDT, diff u 12: book 100\.00 × 2\.000000 \/ 101\.00 × 1\.000000; bookTicker u 12: /,
    );
  });

  it('is not blamed for what follows the end of the recording', async () => {
    const { check } = await checked(ticker(11, ['100', '1'], ['101', '1']), diff(11, 12, [['100', '2']]));
    expect([check.mismatched, [...check.explained]]).toEqual([
      0,
      [['the recording ends before the next bookTicker', 1]],
    ]);
  });

  it('may show a level beyond the snapshot, until a diff names it', async () => {
    const lines = [
      diff(11, 12, [
        ['100', '0'],
        ['90', '0'],
      ]),
      ticker(12, ['80', '3'], ['101', '1']),
    ];
    const hidden = await checked(...lines, ticker(13, ['80', '3'], ['101', '2']));
    expect([hidden.check.mismatched, [...hidden.check.explained.values()]]).toEqual([0, [1]]);

    const named = await checked(
      diff(11, 11, [['80', '3']]),
      diff(12, 12, [
        ['80', '0'],
        ['100', '0'],
        ['90', '0'],
      ]),
      lines[1]!,
      ticker(13, ['80', '3'], ['101', '2']),
    );
    expect([named.check.mismatched, [...named.check.explained]]).toEqual([1, []]);
  });

  it('does not count diffs on a partial book, or older than all tickers', async () => {
    const recording = await binanceOf([
      diff(5, 8, [['100', '1']]),
      snapshot,
      diff(11, 11, [['100', '2']]),
      ticker(12, ['100', '2'], ['101', '1']),
    ]);
    const oracle = new QuoteOracle(recording.instruments);
    await walkBooks(recording, [], [oracle]);
    oracle.finish();
    expect([oracle.check.made, oracle.partial, oracle.early, recording.report.gaps]).toEqual([0, 1, 1, 0]);
    expect(oracle.notes).toHaveLength(2);
  });
});

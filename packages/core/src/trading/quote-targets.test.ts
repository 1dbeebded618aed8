import { expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import { QuoteTargets } from './quote-targets.ts';

function read(targets: QuoteTargets, side: Side): number[][] {
  return Array.from({ length: targets.counts[side]! }, (_, i) => [
    targets.levels[side][2 * i]!,
    targets.levels[side][2 * i + 1]!,
  ]);
}

test('the same quotes again are no change; another price, size or number of levels is', () => {
  const targets = new QuoteTargets();
  expect(targets.isChanged).toBe(false);
  targets.bid(100, 5).ask(101, 5);
  expect(targets.isChanged).toBe(true);
  targets.agree();
  targets.clear();
  expect(targets.isChanged).toBe(true);
  targets.bid(100, 5).ask(101, 5);
  expect(targets.isChanged).toBe(false);
  targets.bid(99, 5);
  expect(targets.isChanged).toBe(true);
  targets.agree();
  targets.clear();
  targets.bid(100, 5).bid(99, 4).ask(101, 5);
  expect(targets.isChanged).toBe(true);
});

test('what cannot be quoted is left out', () => {
  const targets = new QuoteTargets();
  targets.bid(100, 0).bid(100, -3).bid(100, 0.5).bid(100, Number.NaN).bid(Number.NaN, 5).bid(Infinity, 5);
  targets.ask(100, Infinity).ask(-Infinity, 1);
  expect([...targets.counts]).toEqual([0, 0]);
});

test('equals a sorted list with sizes of one price added up, for any order of levels', () => {
  const random = Random.stream(3, 'targets');
  const targets = new QuoteTargets();
  let previous = '';
  for (let round = 0; round < 3000; round++) {
    targets.clear();
    const models = [new Map<number, number>(), new Map<number, number>()];
    const levels = random.below(40);
    const isSame = random.below(3) === 0;
    const draw = isSame ? Random.stream(7, 'same') : random;
    for (let i = 0; i < (isSame ? 5 : levels); i++) {
      const side = draw.below(2) === 0 ? Side.BUY : Side.SELL;
      const price = 100 + draw.below(30);
      const size = 1 + draw.below(5);
      if (side === Side.BUY) targets.bid(price, size);
      else targets.ask(price, size);
      models[side]!.set(price, (models[side]!.get(price) ?? 0) + size);
    }
    const bids = [...models[0]!].toSorted((a, b) => b[0] - a[0]);
    const asks = [...models[1]!].toSorted((a, b) => a[0] - b[0]);
    expect([read(targets, Side.BUY), read(targets, Side.SELL)]).toEqual([bids, asks]);
    for (let price = 99; price < 131; price++) {
      expect(targets.levelOf(Side.SELL, Float64Array.of(price), 0)).toBe(asks.findIndex(([p]) => p === price));
    }
    // A change is never missed; a rewrite in another order may be taken for one.
    const now = JSON.stringify([bids, asks]);
    if (now !== previous) expect(targets.isChanged).toBe(true);
    previous = now;
    targets.agree();
  }
});

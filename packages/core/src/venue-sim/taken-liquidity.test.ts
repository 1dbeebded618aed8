import { expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { TakenLiquidity } from './taken-liquidity.ts';

it('agrees with a map', () => {
  const random = Random.stream(1, 'taken');
  const taken = new TakenLiquidity();
  const map = new Map<number, number>();
  for (let step = 0; step < 20_000; step++) {
    const price = random.below(80) - 20;
    const dice = random.below(100);
    if (dice < 60) {
      const lots = 1 + random.below(9) + (dice === 0 ? 2 ** 40 : 0);
      taken.take(price, lots);
      map.set(price, (map.get(price) ?? 0) + lots);
    } else if (dice < 99) {
      taken.refresh(price);
      map.delete(price);
    } else if (random.below(20) === 0) {
      taken.clear();
      map.clear();
    }
    expect(taken.count).toBe(map.size);
    expect(taken.at(price)).toBe(map.get(price) ?? 0);
    expect(taken.at(price + 1)).toBe(map.get(price + 1) ?? 0);
  }
});

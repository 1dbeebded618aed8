import { Side } from '@quotewright/core/market/side';
import { RiskState } from '@quotewright/core/trading/risk-state';
import { describe, expect, it } from 'vitest';
import { SpotPositions } from './spot-positions.ts';
import { LiveScene } from './testing/live-scene.ts';

const BEGUN = { USD: '50000', BTC: '2' };
const TOLD = [Number.NaN, Number.NaN];

/** A session that has bought, and what its account would have then. */
async function bought(begun: Readonly<Record<string, string>> = BEGUN, takesFeesElsewhere = false) {
  const said: string[] = [];
  const balances = new Map(Object.entries(begun));
  const add = (currency: string, amount: number): unknown =>
    balances.set(currency, String(Number(balances.get(currency) ?? 0) + amount));
  const spot = { begun, takesFeesElsewhere, balances: () => Promise.resolve(balances) };
  const scene = await LiveScene.make({ spot, say: (line) => said.push(line) });
  const { engine, venue } = scene;
  expect(await scene.trade.begin(scene.nowNs())).toBe('');
  scene.market(12);
  const [instrument] = engine.instruments;
  const order = [...venue.orders.values()].find(({ market, side }) => market === 0 && side === Side.BUY)!;
  const lots = order.openLots;
  venue.fill(order.orderId, lots);
  const size = instrument!.size.toNumber(lots);
  const price = instrument!.price.toNumber(order.priceTicks);
  add('BTC', size);
  add('USD', -size * price * 1.0002);
  const positions = new SpotPositions({
    ...spot,
    engine,
    venue: 'pretend',
    markets: [0, 1],
    say: (line) => said.push(line),
  });
  let seconds = 0;
  /** Half a second after the last time. */
  const told = (): number[] => positions.told(TOLD, balances, (seconds += 0.5) * 1e9);
  return { scene, said, add, told, lots, size, price };
}

describe('positions by balances', () => {
  it('are what is booked when the account has changed by what was traded', async () => {
    const { told, lots, said } = await bought();
    expect([told(), told()]).toEqual([
      [lots, 0],
      [lots, 0],
    ]);
    expect(said).toEqual([]);
  });

  it('are others when the quote currency has gone the other way', async () => {
    const { told, lots, add, size, price, said } = await bought();
    add('BTC', 3 * size);
    add('USD', -3 * size * price * 1.01);
    for (let i = 0; i < 10; i++) expect(told()).toEqual([4 * lots, 0]);
    expect(said).toEqual([]);
  });

  it.each([1, -1])(
    'are asked for again while it is not known what has changed, which then counts as moved (%s BTC)',
    async (way) => {
      const { told, lots, add, said, size, price } = await bought();
      add('BTC', way * size);
      for (let i = 0; i < 3; i++) expect(told()).toEqual([lots + way * lots, 0]);
      expect(told()).toEqual([lots, 0]);
      expect(said).toEqual([
        expect.stringMatching(/^pretend: the account has [\d.]+ BTC (more|less) than before .* moved (in|out)$/),
      ]);
      expect(told()).toEqual([lots, 0]);
      // What is traded afterwards is seen as before.
      add('BTC', size);
      add('USD', -size * price);
      expect(told()).toEqual([2 * lots, 0]);
      expect(said).toHaveLength(1);
    },
  );

  it('do not depend on money that is moved', async () => {
    const { told, lots, add, said, size, price } = await bought();
    add('USD', 1000);
    expect([told(), told()]).toEqual([
      [lots, 0],
      [lots, 0],
    ]);
    expect(said).toEqual(['pretend: the account has 1000 USD more than before and what was traded: taken as moved in']);
    add('BTC', -size);
    add('USD', size * price);
    expect(told()).toEqual([0, 0]);
  });

  it.each([true, false])(
    'may differ by fees that are taken in what was received, where they are: %s',
    async (takesFeesElsewhere) => {
      const { scene, told, lots, add, size, price } = await bought(BEGUN, takesFeesElsewhere);
      add('BTC', -size * 0.0002);
      add('USD', size * price * 0.0002);
      let held = lots;
      for (let i = 0; i < 80; i++) {
        scene.market(13 + i);
        // In turns, as who holds much does not buy.
        const wanted = i % 2 === 0 ? Side.SELL : Side.BUY;
        const order = [...scene.venue.orders.values()].find(({ market, side }) => market === 0 && side === wanted);
        if (order === undefined) continue;
        const { openLots, priceTicks, orderId, side } = order;
        scene.venue.fill(orderId, openLots);
        const [amount, money] = [openLots * 1e-4, openLots * 1e-4 * priceTicks * 0.01];
        held += side === Side.BUY ? openLots : -openLots;
        add('BTC', side === Side.BUY ? amount * (1 - 0.0002) : -amount);
        add('USD', side === Side.BUY ? -money : money * (1 - 0.0002));
      }
      expect(scene.engine.seats[0]!.fills).toBeGreaterThan(60);
      if (takesFeesElsewhere) expect(told()).toEqual([held, 0]);
      else expect(told()[0]).toBeLessThan(held);
    },
  );
});

describe('a session whose account tells', () => {
  it('halts when something has traded that it does not know', async () => {
    const { scene, add, size, price } = await bought();
    expect(scene.settled).toEqual([true]);
    add('BTC', -5 * size);
    add('USD', 5 * size * price);
    scene.seconds += 61;
    await scene.goOn(() => scene.settled.length > 1);
    expect(scene.settled).toEqual([true, false]);
    expect(scene.engine.risk?.state).toBe(RiskState.HALTED);
    expect(scene.replay()).toBe(scene.hashes);
  });

  it('goes on when something was moved in, and says so', async () => {
    const { scene, add, said } = await bought();
    add('BTC', 1);
    scene.seconds += 61;
    await scene.goOn(() => said.length > 0);
    expect(said.at(-1)).toBe('pretend: the account has 1 BTC more than before and what was traded: taken as moved in');
    scene.market(scene.seconds + 12);
    expect(scene.settled).toEqual([true]);
    expect(scene.venue.orders.size).toBeGreaterThan(1);
  });

  it('does not begin when its account has lost what it holds', async () => {
    const balances = new Map(Object.entries(BEGUN));
    const spot = {
      begun: { ...BEGUN, BTC: '2.5', USD: '20000' },
      takesFeesElsewhere: false,
      balances: async () => balances,
    };
    const scene = await LiveScene.make({ spot });
    const begun = scene.trade.begin(scene.nowNs());
    const clock = setInterval(() => (scene.seconds += 0.5), 100);
    expect(await begun).toBe('what we hold differs from what the venues say; see above');
    clearInterval(clock);
  });
});

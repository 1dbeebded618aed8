import { Side } from '@quotewright/core/market/side';
import { OrderState } from '@quotewright/core/trading/order-state';
import { RequestKind } from '@quotewright/core/trading/records';
import { describe, expect, it, vi } from 'vitest';
import { openOrdersOf } from '../../risk/operable.ts';
import { foreignNumber } from '../../venues/contract/client-ids.ts';
import { LiveScene } from './testing/live-scene.ts';

const states = ({ engine: { desk, seats } }: LiveScene): number[] => {
  const found: number[] = [];
  for (const market of [0, 1]) {
    for (let slot = desk.firstSlot(seats[0]!.index, market); slot >= 0; slot = desk.nextSlot(slot))
      found.push(desk.stateAt(slot));
  }
  return found;
};

async function quoting(): Promise<LiveScene> {
  const scene = await LiveScene.make();
  expect(await scene.trade.begin(scene.nowNs())).toBe('');
  scene.market(12);
  expect(scene.venue.orders.size).toBeGreaterThan(1);
  return scene;
}

describe('a live session', () => {
  it('sends nothing before the account was asked twice, and cancels what stands there of others', async () => {
    const scene = await LiveScene.make();
    const foreign = foreignNumber('of-another-program');
    const order = { orderId: foreign, market: 0, side: Side.BUY, priceTicks: 100, openLots: 5, filledLots: 0 };
    scene.venue.orders.set(foreign, order);
    const begun = scene.trade.begin(scene.nowNs());
    const clock = setInterval(() => (scene.seconds += 0.1), 50);
    expect(await begun).toBe('');
    clearInterval(clock);
    expect(scene.venue.requests).toEqual([RequestKind.CANCEL]);
    expect(scene.venue.orders.size).toBe(0);
    expect(scene.venue.questions).toBeGreaterThan(1);
    scene.market(scene.seconds + 12);
    expect(scene.venue.requests).toContain(RequestKind.NEW);
    expect(scene.replay()).toBe(scene.hashes);
  });

  it('asks nobody any more when it is interrupted before it has begun', async () => {
    let isInterrupted = false;
    const scene = await LiveScene.make({ isInterrupted: () => isInterrupted });
    scene.venue.account = () => {
      scene.venue.questions++;
      isInterrupted = true;
      return Promise.reject(new Error('the client is destroyed'));
    };
    expect(await scene.trade.begin(scene.nowNs())).toBe('interrupted before it began');
    const { questions } = scene.venue;
    // The next question would have come after half a second.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(scene.venue.questions).toBe(questions);
  });

  it('does not begin while the venue holds what it does not', async () => {
    const scene = await LiveScene.make();
    const foreign = foreignNumber('sold-before');
    scene.venue.orders.set(foreign, {
      orderId: foreign,
      market: 1,
      side: Side.SELL,
      priceTicks: 9,
      openLots: 5,
      filledLots: 0,
    });
    scene.seconds = -60;
    scene.venue.fill(foreign, 5);
    scene.seconds = 0;
    const begun = scene.trade.begin(scene.nowNs());
    const clock = setInterval(() => (scene.seconds += 0.5), 100);
    expect(await begun).toBe('what we hold differs from what the venues say; see above');
    clearInterval(clock);
    expect(scene.venue.requests).toEqual([]);
  });

  it('takes answers in the turn of the request, and a replay of its inputs sends the same', async () => {
    const scene = await quoting();
    scene.market(20);
    const orders = [...scene.venue.orders.values()];
    for (const { orderId, openLots } of orders) scene.venue.fill(orderId, openLots);
    scene.market(30);
    expect(scene.engine.seats[0]!.fills).toBeGreaterThan(1);
    expect(scene.replay()).toBe(scene.hashes);
  });

  it('quotes nothing while the way for orders is away, books once what traded meanwhile, and goes on', async () => {
    const scene = await quoting();
    scene.venue.areOrdersUp = false;
    scene.trade.connection('pretend', false, scene.nowNs());
    expect(new Set(states(scene))).toEqual(new Set([OrderState.UNKNOWN]));
    const sent = scene.venue.requests.length;
    const [filled, gone] = [...scene.venue.orders.values()];
    scene.venue.fill(filled!.orderId, filled!.openLots);
    scene.venue.orders.delete(gone!.orderId);
    scene.market(14);
    expect(scene.venue.requests).toHaveLength(sent);
    scene.venue.areOrdersUp = true;
    scene.trade.connection('pretend', true, scene.nowNs());
    const clock = setInterval(() => (scene.seconds += 0.1), 50);
    await vi.waitFor(() => expect(scene.settled).toHaveLength(2), 60_000);
    clearInterval(clock);
    expect(scene.settled).toEqual([true, true]);
    expect(scene.engine.seats[0]!.fills).toBe(1);
    expect(scene.engine.faults.duplicates).toBe(0);
    scene.market(scene.seconds + 5);
    expect(scene.venue.requests.length).toBeGreaterThan(sent);
    expect(states(scene)).not.toContain(OrderState.UNKNOWN);
    expect(scene.replay()).toBe(scene.hashes);
  });

  it('asks for an order that was not answered in time', async () => {
    const scene = await LiveScene.make();
    expect(await scene.trade.begin(scene.nowNs())).toBe('');
    scene.venue.isMute = true;
    scene.market(12);
    expect(scene.venue.orders.size).toBeGreaterThan(1);
    const { questions } = scene.venue;
    scene.venue.isMute = false;
    scene.seconds += 6;
    scene.trade.run(scene.nowNs());
    const clock = setInterval(() => (scene.seconds += 0.1), 50);
    await vi.waitFor(() => expect(scene.settled).toHaveLength(2), 60_000);
    clearInterval(clock);
    expect(scene.venue.questions).toBeGreaterThan(questions);
    expect(scene.said).toContain('pretend: orders were not answered in time: the account is asked');
    expect(states(scene)).not.toContain(OrderState.UNKNOWN);
  });

  it('asks for orders that the venue denies, and believes what it is told', async () => {
    const scene = await quoting();
    const [open] = [...scene.venue.orders.values()];
    scene.venue.denies = true;
    scene.engine.desk.cancel(open!.orderId, scene.nowNs());
    scene.trade.carry();
    expect(states(scene)).toContain(OrderState.UNKNOWN);
    await scene.goOn(() => !states(scene).includes(OrderState.UNKNOWN));
    expect(scene.said).toContain('pretend: it is not known how orders stand: the account is asked');
    expect(scene.venue.orders.has(open!.orderId)).toBe(true);
  });

  it('notices that somebody else has traded in the account, and says it once', async () => {
    const scene = await quoting();
    const foreign = foreignNumber('by-hand');
    const order = { orderId: foreign, market: 1, side: Side.BUY, priceTicks: 9, openLots: 7, filledLots: 0 };
    scene.venue.orders.set(foreign, order);
    scene.venue.fill(foreign, 3);
    scene.venue.fill(foreign, 4);
    expect(scene.engine.portfolioLots(1)).toBe(0);
    await scene.goOn(() => scene.settled.length > 1);
    expect(scene.said.filter((line) => line.includes('not ours has traded'))).toHaveLength(1);
    expect([scene.engine.portfolioLots(1), scene.settled]).toEqual([7, [true, true]]);
    expect(scene.replay()).toBe(scene.hashes);
  });

  it('asks once a minute as a matter of routine, and says nothing when there is nothing', async () => {
    const scene = await quoting();
    const { questions } = scene.venue;
    scene.seconds += 61;
    await scene.goOn(() => scene.venue.questions > questions + 1);
    expect([scene.said, scene.settled]).toEqual([[], [true]]);
  });

  it('cancels everything for a moment when something trades at every answer, and is not led to halt', async () => {
    const scene = await quoting();
    const account = scene.venue.account.bind(scene.venue);
    // The position is told, and then it trades: reports are ahead of each answer by a fill.
    scene.venue.account = async (sinceNs) => {
      const answer = await account(sinceNs);
      const [order] = [...scene.venue.orders.values()];
      if (order !== undefined) scene.venue.fill(order.orderId, 1);
      return answer;
    };
    scene.seconds += 61;
    await scene.goOn(() => scene.settled.length > 2);
    // How often, is a matter of how fast this machine is.
    expect(new Set(scene.said)).toEqual(new Set(['pretend: everything is cancelled until positions can be compared']));
    expect(scene.venue.massCancels).toBeGreaterThan(0);
    expect(scene.settled).not.toContain(false);
    expect(states(scene)).not.toContain(OrderState.UNKNOWN);
    // All of before were cancelled. When that took long, a breaker holds new ones back for a while.
    const untilS = scene.seconds + 200;
    while (scene.venue.orders.size < 2 && scene.seconds < untilS) scene.market(scene.seconds + 1);
    expect(scene.venue.orders.size).toBeGreaterThan(1);
    expect(scene.replay()).toBe(scene.hashes);
  });

  it('tells who has asked for the account, also when the way to the venue breaks meanwhile', async () => {
    const scene = await quoting();
    const told: number[] = [];
    scene.trade.ask(({ answers }) => told.push(answers));
    scene.trade.connection('pretend', false, scene.nowNs());
    scene.trade.connection('pretend', true, scene.nowNs());
    await scene.goOn(() => told.length > 0);
    expect(states(scene)).not.toContain(OrderState.UNKNOWN);
  });

  it('ends with every cancel confirmed', async () => {
    const scene = await quoting();
    expect(await scene.trade.finish(scene.nowNs())).toEqual([]);
    expect([scene.venue.orders.size, scene.venue.massCancels, openOrdersOf(scene.engine).length]).toEqual([0, 0, 0]);
    expect(scene.replay()).toBe(scene.hashes);
  });

  it('cancels everything at once as the last resort, and says what was not confirmed', async () => {
    const scene = await quoting();
    scene.venue.isStubborn = true;
    const open = scene.venue.orders.size;
    vi.spyOn(performance, 'now').mockImplementation(() => Date.now() * 1000);
    const left = await scene.trade.finish(scene.nowNs());
    vi.restoreAllMocks();
    expect(left).toHaveLength(open + 1);
    expect(left[0]).toMatch(/^not confirmed to be gone: order \d+ of strategy 0: pretend:/);
    expect(left.at(-1)).toBe('pretend: told to cancel everything; open there now: 0');
    expect(scene.venue.massCancels).toBe(1);
  });

  it('says that it has told the venue to cancel, when only the answer to what is open does not come', async () => {
    const scene = await quoting();
    scene.venue.account = () => Promise.reject(new Error('no room'));
    expect(await scene.trade.abandon()).toEqual([
      "pretend: told to cancel everything; CANNOT ASK WHETHER IT IS GONE: no room; look at the venue's own page",
    ]);
    scene.venue.cancelAll = () => Promise.reject(new Error('no way'));
    expect(await scene.trade.abandon()).toEqual(["pretend: CANNOT CANCEL: no way; look at the venue's own page"]);
  });

  it('sends nothing when the session is not ours any more', async () => {
    const scene = await LiveScene.make();
    expect(await scene.trade.begin(scene.nowNs())).toBe('');
    scene.maySend = false;
    scene.market(12);
    expect(scene.venue.requests).toEqual([]);
  });

  it('has the venue cancel everything, and sends nothing more, when it is abandoned', async () => {
    const scene = await LiveScene.make();
    expect(await scene.trade.begin(scene.nowNs())).toBe('');
    scene.market(12);
    const sent = scene.venue.requests.length;
    expect(sent).toBeGreaterThan(0);
    expect(await scene.trade.abandon()).toEqual([
      expect.stringContaining('told to cancel everything; open there now: 0'),
    ]);
    scene.market(12);
    expect(scene.venue.requests).toHaveLength(sent);
  });
});

/** The hedger at a venue that does what it likes: it never has more under way than what is open. */
import { expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import { OrderState } from '../trading/order-state.ts';
import hedger from './hedger.ts';
import { type HandOrder, OrderContext } from './testing/order-context.ts';

const SPEC = { base: 'BTC', quote: 'USDT', tick: '0.5', lot: '0.001', contract: 'linear' } as const;
const BAND_LOTS = 20;
const STEPS = 400;
const { PENDING_NEW, PENDING_CANCEL, UNKNOWN } = OrderState;

const signed = ({ side }: HandOrder, lots: number): number => (side === Side.BUY ? lots : -lots);

/** Anything that the venue, the network or the others may do. `mayMove`: positions of others change. */
function step(ctx: OrderContext, random: Random, mayMove: boolean): void {
  const market = ctx.markets[1]!;
  const order = ctx.open[0];
  switch (random.below(9)) {
    case 0:
      if (mayMove) ctx.othersLots[0]! += random.below(41) - 20;
      break;
    case 1: {
      const bid = market.bidTicks + random.below(11) - 5;
      ctx.book(bid, bid + 1 + random.below(3), [100, 100], random.uniform(), 1);
      break;
    }
    case 2:
      if (order?.state === PENDING_NEW) ctx.reject(order);
      else if (order?.state === PENDING_CANCEL && random.below(2) === 0) ctx.keep(order);
      break;
    case 3:
    case 4:
      // Also while it is being cancelled, and while nobody knows of it.
      if (order !== undefined) ctx.execute(order, 1 + random.below(order.openLots));
      break;
    case 5:
      if (order !== undefined) ctx.end(order);
      break;
    case 6:
      if (order !== undefined && order.state !== UNKNOWN) ctx.lose(order);
      break;
    case 7:
      ctx.isRefusing = random.below(4) === 0;
      if (order !== undefined) ctx.ack(order);
      break;
    default:
      ctx.wait(random.uniform() * 3, 1 + random.below(2));
  }
}

test.each([true, false])('whatever happens, no order turns the exposure round (others trade: %s)', (mayMove) => {
  let sent = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const random = Random.stream(seed, 'hedger');
    const ctx = new OrderContext({ ...SPEC, venue: 'a', symbol: 'A' }, { ...SPEC, venue: 'b', symbol: 'B' });
    ctx.start(hedger, { threshold: BAND_LOTS * 0.001, inner: random.uniform(), passive: random.below(3) });
    for (const index of [0, 1]) ctx.book(120_000, 120_001, [100, 100], 0.1, index);
    ctx.othersLots[0] = random.below(401) - 200;
    const held = ctx.othersLots[0];
    for (let i = 0; i < STEPS; i++) {
      const known = ctx.all.length;
      step(ctx, random, mayMove);
      expect(ctx.open.length).toBeLessThanOrEqual(1);
      const net = ctx.othersLots[0] + ctx.markets[1]!.positionLots;
      if (ctx.all.length > known) {
        const after = net + signed(ctx.last, ctx.last.openLots);
        expect(net * after).toBeGreaterThanOrEqual(0);
        expect(Math.abs(after)).toBeLessThan(Math.abs(net));
      }
      if (!mayMove) {
        const worst =
          ctx.markets[1]!.positionLots + ctx.open.reduce((sum, each) => sum + signed(each, each.openLots), 0);
        expect(Math.abs(worst)).toBeLessThanOrEqual(Math.abs(held));
        expect(worst * held).toBeLessThanOrEqual(0);
      }
    }
    sent += ctx.all.length;
    // Once the venue behaves the exposure is back within the band.
    ctx.isRefusing = false;
    for (let i = 0; i < 50; i++) {
      const [order] = ctx.open;
      if (order?.state === UNKNOWN || order?.state === PENDING_CANCEL) ctx.end(order);
      else if (order !== undefined) ctx.execute(order, order.openLots);
      ctx.wait(1);
    }
    expect(Math.abs(ctx.othersLots[0] + ctx.markets[1]!.positionLots)).toBeLessThanOrEqual(BAND_LOTS);
  }
  expect(sent).toBeGreaterThan(500);
});

/** A live session whose account is not what it was: the exchange has forgotten everything and begins anew. */
import { expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { TradingWorld } from './support/trading-world.ts';

const folder = tempFolder();

it.each([
  ['coinbase', 'coinbase:BTC-USD'],
  ['bitstamp', 'bitstamp:btcusd'],
])(
  'is not gone on with: %s',
  async (venue, name) => {
    const before = await TradingWorld.open(folder.path, venue);
    const session = before.begin('live', venue, '--symbols', name, '--confirm');
    await session.until('a position', () => session.position() !== 0);
    await session.kill();
    await before.exchange.stop();
    const after = await TradingWorld.open(folder.path, venue);
    const again = after.begin('live', venue, '--symbols', name, '--confirm');
    expect((await again.started.ended).status).toBe(1);
    expect(again.said()).toContain('RECONCILIATION DRIFT: what we hold differs from what the venue says');
    expect(again.said()).toMatch(new RegExp(`\nposition ${name}, lots +-?[1-9]\\d* +0 +-?[1-9]\\d*\n`, 'u'));
    expect(again.said()).toContain('what we hold differs from what the venues say');
    expect(await after.openOrders(venue)).toBe(0);
    await after.exchange.stop();
  },
  240_000,
);

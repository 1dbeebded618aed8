/** A live session whose account is not what it was: the exchange has forgotten everything and begins anew. */
import { expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { quotewright } from './support/command.ts';
import { type Session, TradingWorld } from './support/trading-world.ts';

const folder = tempFolder();

async function open(venue: string): Promise<TradingWorld> {
  const world = await TradingWorld.open(folder.path, venue);
  onTestFinished(async () => void (await world.exchange.stop('SIGKILL')));
  return world;
}

function begin(world: TradingWorld, venue: string, name: string): Session {
  const session = world.begin('live', venue, '--symbols', name, '--confirm');
  onTestFinished(async () => session.kill());
  return session;
}

it.each([
  ['coinbase', 'coinbase:BTC-USD'],
  ['bitstamp', 'bitstamp:btcusd'],
])(
  'is not gone on with: %s',
  async (venue, name) => {
    const before = await open(venue);
    // A position may be flat again by the time that the session is killed.
    for (let held = 0; held === 0;) {
      const session = begin(before, venue, name);
      await session.until('a position', () => session.position() !== 0);
      await session.kill();
      const { positions } = JSON.parse(quotewright('journal', 'replay', before.folder(venue), '--json').stdout);
      held = Number(String(positions[0]).slice(`position ${name}: `.length));
    }
    await before.exchange.stop();
    const after = await open(venue);
    const again = begin(after, venue, name);
    expect((await again.started.ended).status).toBe(1);
    expect(again.said()).toContain('RECONCILIATION DRIFT: what we hold differs from what the venue says');
    expect(again.said()).toMatch(new RegExp(`\nposition ${name}, lots +-?[1-9]\\d* +0 +-?[1-9]\\d*\n`, 'u'));
    expect(again.said()).toContain('what we hold differs from what the venues say');
    expect(await after.openOrders(venue)).toBe(0);
  },
  240_000,
);

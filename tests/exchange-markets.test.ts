/** The exchange over a recording, and over a market that a file describes. */
import { join } from 'node:path';
import { tempFolder } from 'quotewright/data/testing/files';
import { expect, test } from 'vitest';
import { quotewright } from './support/command.ts';
import { checkBooked, withCustomers } from './support/exchange-customers.ts';
import { startExchange } from './support/exchange.ts';

const folder = tempFolder();

test('a recording plays the market, and accounts trade in it', async () => {
  const recording = join(folder.path, 'recording');
  expect(quotewright('data', 'sample', recording, '--minutes', '2').status).toBe(0);
  const { exchange, customers, account, book } = await withCustomers(
    folder,
    1,
    '--replay',
    recording,
    '--cash',
    'USDT=50000,BTC=1',
  );
  try {
    const { asks, bids } = await book();
    expect(Number(asks[0]![0])).toBeGreaterThan(Number(bids[0]![0]));
    // Beyond the touch: it takes at once what is shown. The grid is the recording's.
    const price = (Number(asks[0]![0]) + 50).toFixed(1);
    expect(await customers[0]!.limit('BUY', price, '0.01')).toMatchObject({ status: 200, body: { status: 'FILLED' } });
    const far = (Number(bids[0]![0]) - 500).toFixed(1);
    expect(await customers[0]!.limit('BUY', far, '0.01')).toMatchObject({ body: { status: 'NEW' } });
    const { balances, fills, open } = await account(1);
    expect(open).toHaveLength(1);
    checkBooked('account-1', balances, fills, { USDT: '50000', BTC: '1' });
  } finally {
    await exchange.stop();
  }
});

test('a recording of orders, and one of a coin that is not asked for, are refused', () => {
  const recording = join(folder.path, 'orders');
  expect(quotewright('data', 'sample', recording, '--minutes', '0.1', '--l3').status).toBe(0);
  const orders = quotewright('exchange', '--replay', recording);
  expect(orders.stderr).toContain('found order-by-order data, expected a recording of levels');
  const levels = join(folder.path, 'levels');
  expect(quotewright('data', 'sample', levels, '--minutes', '0.1').status).toBe(0);
  const coin = quotewright('exchange', '--replay', levels, '--coins', 'ETH');
  expect(coin.stderr).toContain('found BTC, expected a coin that is served (ETH)');
  expect([orders.status, coin.status]).toEqual([2, 2]);
});

const MARKET = `instruments:
  - { venue: kraken, symbol: DOGE/USD, base: DOGE, quote: USD, tick: '0.00001', lot: '0.01', contract: spot, fees: { maker: '0', taker: '0' } }
`;

test('a file describes the market', async () => {
  const file = folder.write('market.yaml', MARKET);
  const exchange = await startExchange('--market', file);
  try {
    const { venues } = await exchange.ask<{
      venues: { venue: string; instruments: { symbol: string; bid: string }[] }[];
    }>('/');
    expect(venues.map(({ venue }) => venue)).toEqual(['kraken']);
    expect(venues[0]!.instruments).toMatchObject([{ symbol: 'DOGE/USD' }]);
    expect(Number(venues[0]!.instruments[0]!.bid)).toBeGreaterThan(0);
  } finally {
    await exchange.stop();
  }
});

test.each([
  ['venue: kraken', 'venue: nasdaq', "instruments.0.venue: found 'nasdaq', expected one of "],
  ['contract: spot', 'contract: inverse', 'found an inverse contract, expected spot or linear'],
  ['base: DOGE, ', '', 'base or quote currency is empty'],
  ["taker: '0'", "taker: '0', currency: BNB", 'fees are in BNB, expected base or quote'],
])('%s in place of %s is refused', (from, to, words) => {
  const file = folder.write('bad.yaml', MARKET.replace(from, to));
  const { status, stderr } = quotewright('exchange', '--market', file);
  expect(stderr).toContain(words);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(2);
});

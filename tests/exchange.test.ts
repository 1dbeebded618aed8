/** `quotewright exchange` as a program: it starts, is ordered about, keeps its books, and ends. */
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { tempFolder } from 'quotewright/data/testing/files';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import type { BinanceCustomer } from './support/binance-customer.ts';
import { quotewright } from './support/command.ts';
import { type Book, checkBooked, withCustomers } from './support/exchange-customers.ts';

const folder = tempFolder();

test('it tells where it is, keeps its keys to itself, and ends when it is told to', async () => {
  const venuesFile = join(folder.fresh(), 'venues.yaml');
  const { exchange, rest, keysFile } = await withCustomers(folder, 2, '--write-venues', venuesFile);
  expect(statSync(keysFile).mode & 0o777).toBe(0o600);
  const text = await (await fetch(exchange.page, { headers: { accept: 'text/html' } })).text();
  expect(text).toContain('<title>Local exchange</title>');
  expect(text).toContain('BTCUSDT');
  const secrets = [...readFileSync(keysFile, 'utf8').matchAll(/"secret": "([^"]+)"/gu)].map(([, secret]) => secret!);
  expect(secrets).toHaveLength(2);
  for (const secret of secrets) expect(text).not.toContain(secret);
  // oxlint-disable-next-line no-unsafe-type-assertion -- the exchange has written it
  const venues = parse(readFileSync(venuesFile, 'utf8')) as Record<
    string,
    { addresses: { rest: string }; credentials: { dir: string } }
  >;
  expect(venues['binance']!.addresses.rest).toBe(rest);
  const keyFile = join(venues['binance']!.credentials.dir, 'secret');
  expect(readFileSync(keyFile, 'utf8')).toBe(secrets[0]);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  // A customer who is connected does not hold it up.
  const socket = new WebSocket(`${rest.replace('http', 'ws')}/ws/btcusdt@trade`);
  await once(socket, 'message');
  const closed = once(socket, 'close');
  expect(await exchange.stop('SIGINT')).toBe(0);
  await closed;
  expect(exchange.complaints()).toBe('');
});

test('two accounts trade with each other, and pay each its fee', async () => {
  const { exchange, customers, account, book } = await withCustomers(
    folder,
    2,
    '--fees',
    '0.0002,0.0005',
    '--cash',
    'USDT=50000,BTC=1',
  );
  try {
    await exchange.ask('/market', { paused: true });
    const { bids, asks } = await book();
    // As good as the best ask, and behind it in the queue: whoever takes more than is there takes both.
    const price = asks[0]![0];
    expect(Number(price)).toBeGreaterThan(Number(bids[0]![0]));
    expect(await customers[0]!.limit('SELL', price, '0.1')).toMatchObject({ status: 200 });
    const quantity = (Number(asks[0]![1]) + 0.1).toFixed(5);
    expect(await customers[1]!.limit('BUY', price, quantity, 'IOC')).toMatchObject({ status: 200 });
    const [seller, buyer] = [await account(1), await account(2)];
    expect(seller.fills).toMatchObject([{ side: 'sell', price, isMaker: true }]);
    const bought = buyer.fills.find(({ number }) => number === seller.fills[0]!.number);
    expect(bought).toMatchObject({ side: 'buy', price, isMaker: false, size: seller.fills[0]!.size });
    for (const [index, { balances, fills }] of [seller, buyer].entries())
      checkBooked(`account-${index + 1}`, balances, fills, { USDT: '50000', BTC: '1' });
  } finally {
    await exchange.stop();
  }
});

test('after a storm of orders of many accounts nothing is made or lost', async () => {
  const cash = { USDT: '20000', BTC: '0.4' };
  const { exchange, customers, account, book } = await withCustomers(
    folder,
    5,
    '--fees',
    '0.0001,0.0003',
    '--cash',
    'USDT=20000,BTC=0.4',
    '--seed',
    '7',
  );
  try {
    const answers = await Promise.all(customers.map(async (customer, index) => storm(customer, index, await book())));
    expect(answers.flat().some(({ status }) => status === 200)).toBe(true);
    // What stands is cancelled, so that nothing is held.
    for (const customer of customers) await customer.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
    const accounts = await Promise.all(customers.map(async (_, index) => account(index + 1)));
    for (const [index, { balances, open, fills }] of accounts.entries()) {
      expect(open).toEqual([]);
      for (const { held } of balances) expect(held).toBe('0');
      checkBooked(`account-${index + 1}`, balances, fills, cash);
    }
    const fills = accounts.flatMap((each) => each.fills);
    expect(fills.length).toBeGreaterThan(20);
    // A trade has one buyer and one seller, and the same terms for both.
    const byNumber = Map.groupBy(fills, ({ number }) => number);
    for (const sides of byNumber.values()) {
      expect(new Set(sides.map(({ side }) => side)).size).toBe(sides.length);
      expect(new Set(sides.map(({ price, size }) => `${size}@${price}`)).size).toBe(1);
    }
  } finally {
    await exchange.stop();
  }
});

/** Forty orders around the touch, of a kind that is different for each account and the same at each run. */
async function storm(customer: BinanceCustomer, index: number, { bids, asks }: Book): Promise<{ status: number }[]> {
  const answers: { status: number }[] = [];
  const mid = (Number(bids[0]![0]) + Number(asks[0]![0])) / 2;
  for (let i = 0; i < 40; i++) {
    const price = (mid * (1 + ((((i * 7 + index * 3) % 11) - 5) * 2) / 10_000)).toFixed(2);
    const quantity = (0.001 * (1 + ((i * 5 + index) % 40))).toFixed(5);
    const timeInForce = i % 5 === 0 ? 'IOC' : i % 7 === 0 ? 'FOK' : 'GTC';
    answers.push(await customer.limit((i + index) % 2 === 0 ? 'BUY' : 'SELL', price, quantity, timeInForce));
  }
  return answers;
}

test('faults are done on command, counted, and refused when they are none', async () => {
  const script = folder.write('faults.yaml', 'faults:\n  - { at: 0s, venue: binance, fault: rate-limit, count: 1 }\n');
  const { exchange, rest } = await withCustomers(folder, 1, '--faults', script);
  try {
    const ping = async (): Promise<number> => (await fetch(`${rest}/api/v3/time`)).status;
    expect([await ping(), await ping()]).toEqual([429, 200]);
    await exchange.ask('/faults', { fault: 'maintenance', count: 1 });
    expect([await ping(), await ping()]).toEqual([503, 200]);
    const done = await exchange.ask<object[]>('/faults');
    expect(done).toEqual([{ venue: 'binance', done: { 'rate-limit': 1, maintenance: 1 }, pending: [] }]);
    await expect(exchange.ask('/faults', { fault: 'boom' })).rejects.toThrow('400: {\n  "error": "body: fault: found');
    await expect(exchange.ask('/book?venue=binance&symbol=DOGE')).rejects.toThrow(
      "symbol: found 'DOGE', expected one of BTCUSDT",
    );
    await expect(exchange.ask('/account?venue=binance&account=x')).rejects.toThrow(
      "found 'x', expected one of account-1",
    );
    await expect(exchange.ask('/other')).rejects.toThrow('404');
    const form = await fetch(`${exchange.page}/faults`, { method: 'POST', body: '{"fault":"drop"}' });
    expect(form.status).toBe(415);
  } finally {
    await exchange.stop();
  }
});

test.each([
  [['--venues', 'nasdaq'], "--venues: found 'nasdaq', expected some of coinbase"],
  [['--venues', 'kraken,kraken'], "--venues: found 'kraken,kraken', expected names that differ"],
  [['--coins', ''], "--coins: found '', expected names that differ"],
  [['--accounts', '0'], "--accounts: found '0', expected a number from 1 to 1000"],
  [['--cash', 'YEN=1'], "--cash: found 'YEN=1', expected CURRENCY=AMOUNT of"],
  [['--cash', 'USD=-1'], "--cash: found 'USD=-1', expected CURRENCY=AMOUNT: it is negative"],
  [['--cash', 'USD=viel'], "--cash: found 'USD=viel', expected CURRENCY=AMOUNT: amount 'viel' is not a decimal number"],
  [['--fees', '0.1'], "--fees: found '0.1', expected MAKER,TAKER"],
  [
    ['--fees', '-0.0002,0.0001'],
    "--fees: found '-0.0002,0.0001', expected MAKER,TAKER as 0.0002,0.0005: together they are a rebate",
  ],
  [['--port', '70000'], 'expected a port from 0'],
  [['--seed', 'x'], 'expected a whole number'],
  [['--market', 'x', '--replay', 'y'], '--market: found --replay too, expected one of them'],
  [['--market', 'missing.yaml'], 'missing.yaml: cannot be read'],
  [['--replay', 'missing.csv'], 'missing.csv'],
  [['--faults', 'missing.yaml'], 'missing.yaml'],
])('%j is refused in one line', (args, words) => {
  const { status, stdout, stderr } = quotewright('exchange', ...args);
  expect(stderr).toContain(words);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

test('a port that is in use is named', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  // oxlint-disable-next-line no-unsafe-type-assertion -- of a server that listens on TCP
  const { port } = other.address() as AddressInfo;
  const { status, stderr } = quotewright('exchange', '--venues', 'kraken', '--port', String(port));
  other.close();
  expect(status).toBe(2);
  expect(stderr).toBe(
    `quotewright: 127.0.0.1 port ${port} is in use by another program: stop it, or give another --port\n`,
  );
});

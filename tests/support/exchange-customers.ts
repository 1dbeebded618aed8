/** The exchange with Binance's face, a customer for each of its accounts, and what the exchange knows of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDecimal } from '@quotewright/core/trading/money-text';
import type { TempFolder } from 'quotewright/data/testing/files';
import { expect } from 'vitest';
import { BinanceCustomer } from './binance-customer.ts';
import { startExchange } from './exchange.ts';

interface KeyFile {
  readonly keys: readonly { readonly account: string; readonly key: string; readonly secret: string }[];
}
export interface Balance {
  readonly currency: string;
  readonly total: string;
  readonly held: string;
}
export interface Fill {
  readonly number: number;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly isMaker: boolean;
  readonly fee: string;
  readonly feeCurrency: string;
}
export interface Account {
  readonly balances: readonly Balance[];
  readonly open: readonly unknown[];
  readonly fills: readonly Fill[];
}
export interface Book {
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

/** A running exchange with Binance's face, and a customer for each of its accounts. */
export async function withCustomers(folder: TempFolder, accounts: number, ...more: readonly string[]) {
  const keysFile = join(folder.fresh(), 'keys.json');
  const options = ['--venues', 'binance', '--coins', 'BTC', '--accounts', String(accounts), '--write-keys', keysFile];
  const exchange = await startExchange(...options, ...more);
  // oxlint-disable-next-line no-unsafe-type-assertion -- the exchange has written it
  const { binance } = JSON.parse(readFileSync(keysFile, 'utf8')) as { readonly binance: KeyFile };
  const { rest } = exchange.venues[0]!;
  const customers = binance.keys.map((key) => new BinanceCustomer(rest, key));
  const account = async (number: number): Promise<Account> =>
    exchange.ask(`/account?venue=binance&account=account-${number}`);
  const book = async (): Promise<Book> => exchange.ask('/book?venue=binance&symbol=BTCUSDT');
  return { exchange, customers, account, book, rest, keysFile };
}

/** Balances are the cash at the start and what the fills say, to the last digit. */
export function checkBooked(
  name: string,
  balances: readonly Balance[],
  fills: readonly Fill[],
  cash: Readonly<Record<string, string>>,
): void {
  const decimals = 30;
  const expected = new Map(
    Object.entries(cash).map(([currency, text]) => [currency, parseDecimal('cash', text, decimals)]),
  );
  const add = (currency: string, units: bigint): void => void expected.set(currency, expected.get(currency)! + units);
  for (const { side, price, size, fee, feeCurrency } of fills) {
    const sign = side === 'buy' ? 1n : -1n;
    add('BTC', sign * parseDecimal('size', size, decimals));
    add('USDT', -sign * parseDecimal('price', price, 10) * parseDecimal('size', size, decimals - 10));
    add(feeCurrency, -parseDecimal('fee', fee, decimals));
  }
  for (const { currency, total } of balances) {
    expect(`${name} ${currency} ${parseDecimal('total', total, decimals)}`).toBe(
      `${name} ${currency} ${expected.get(currency)}`,
    );
  }
}

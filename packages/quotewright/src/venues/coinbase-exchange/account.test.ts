/** What a question for the account costs: each order that is not known is asked for once, and only as many pages as are wanted. */
import { Instrument } from '@quotewright/core/market/instrument';
import { unixMsToNs } from '@quotewright/core/base/time';
import { describe, expect, it } from 'vitest';
import { foreignNumber } from '../contract/client-ids.ts';
import { Credentials } from '../contract/credentials.ts';
import type { RestRequest, RestResponse } from '../contract/rest.ts';
import { KnownOrders } from '../known-orders.ts';
import { OrderNumbers } from '../order-numbers.ts';
import { readAccount } from './account.ts';
import { ClientUuids } from './client-uuid.ts';
import { PAGE, SignedRest } from './rest.ts';

const BTC = new Instrument({
  venue: 'coinbase-exchange',
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  tick: '0.01',
  lot: '0.00000001',
  contract: 'spot',
});
const BEGAN_MS = Date.UTC(2026, 10, 22, 10);
const EPOCH_DAY = Math.floor(BEGAN_MS / 86_400_000);
const uuids = new ClientUuids('qtag00');
const SECRETS = ['key', 'secret', 'passphrase'].map((name) => [name, Buffer.from('c2VjcmV0')] as const);

/** Fill `n` of the account: a second after the one before. */
const fill = (n: number, order_id: string) => ({
  trade_id: n,
  order_id,
  product_id: 'BTC-USD',
  created_at: new Date(BEGAN_MS + n * 1000).toISOString(),
  price: '50000',
  size: '0.001',
  fee: '0',
  side: 'buy',
  liquidity: 'M',
});

function page(body: unknown, headers: Readonly<Record<string, string>> = {}): RestResponse {
  return { status: 200, headers, text: JSON.stringify(body) };
}

/** A venue with these fills, newest first. */
function asker(fills: readonly ReturnType<typeof fill>[]) {
  const paths: string[] = [];
  const answer = ({ path }: RestRequest): RestResponse => {
    paths.push(path);
    if (path.startsWith('/orders?')) return page([]);
    if (path === '/orders/earlier') return page({ id: 'earlier', client_oid: uuids.text(71) });
    if (path.startsWith('/orders/')) return { status: 404, headers: {}, text: '{"message":"NotFound"}' };
    const from = Number(new URLSearchParams(path.split('?')[1]).get('after') ?? 0);
    return page(fills.slice(from, from + PAGE), { 'cb-after': `${from + PAGE}` });
  };
  const rest = new SignedRest({ call: async (request) => answer(request) }, new Credentials(new Map(SECRETS)));
  const view = { instruments: [BTC], indices: [0], markets: 1, epochDay: EPOCH_DAY, uuids };
  const asked = new OrderNumbers();
  const ask = async (sinceNs: number) => {
    paths.length = 0;
    const { account } = await readAccount(rest, view, sinceNs, new KnownOrders(), asked);
    return { orders: account.executions.map(({ orderId }) => orderId), paths: [...paths] };
  };
  return ask;
}

describe("Coinbase Exchange's account", () => {
  it('is asked once for the name of an order of an earlier process, and of one that is not ours', async () => {
    const ask = asker([fill(3, 'foreign'), fill(2, 'earlier'), fill(1, 'earlier')]);
    const first = await ask(Number.NEGATIVE_INFINITY);
    expect(first.orders).toEqual([71, 71, foreignNumber('foreign')]);
    expect(first.paths).toHaveLength(4);
    const second = await ask(Number.NEGATIVE_INFINITY);
    expect(second.orders).toEqual(first.orders);
    expect(second.paths.filter((path) => !path.includes('?'))).toEqual([]);
    expect(second.paths).toHaveLength(2);
  });

  it('is asked for no more pages of fills than reach back to the time asked for', async () => {
    const ask = asker(Array.from({ length: 3 * PAGE }, (_, i) => fill(3 * PAGE - i, 'foreign')));
    const { orders, paths } = await ask(unixMsToNs(BEGAN_MS + (3 * PAGE - 5) * 1000, EPOCH_DAY));
    expect(orders).toHaveLength(6);
    expect(paths.filter((path) => path.startsWith('/fills'))).toHaveLength(1);
  });
});

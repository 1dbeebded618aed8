/** REST exchanges recorded in 2019 and 2023, refusals among them. */
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { foreignNumber } from '../contract/client-ids.ts';
import { VenueError } from '../contract/venue-error.ts';
import { recordedExchanges } from '../testing/recorded-exchanges.ts';
import { RestGatewayHost } from '../testing/rest-gateway-host.ts';
import { answerOf } from './errors.ts';
import { BitstampOrders } from './orders.ts';
import { bitstamp } from './venue.ts';

const SPEC = {
  venue: 'bitstamp',
  symbol: 'btcusd',
  base: 'BTC',
  quote: 'USD',
  tick: '0.01',
  lot: '0.00000001',
  contract: 'spot',
} as const;
/** 2018-01-01 */
const EPOCH_DAY = 17_532;

async function pages() {
  const all = await recordedExchanges('bitstamp_http');
  return { all, of: (path: string) => all.filter((each) => each.path === path).map(({ text }) => text) };
}

const ok = (text: string) => ({ status: 200, headers: {}, text });

describe('recorded answers', () => {
  it('that refuse have a code', async () => {
    const { all } = await pages();
    const codes = new Map<string, number>();
    for (const { text } of all) {
      try {
        answerOf(ok(text));
      } catch (error) {
        if (error instanceof VenueError) codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries(codes)).toEqual({ INSUFFICIENT_BALANCE: 4 });
  });

  it('list the instruments', async () => {
    const { of } = await pages();
    const listed = await bitstamp.listing({ call: () => Promise.resolve(ok(of('/api/v2/trading-pairs-info/')[0]!)) });
    expect(listed[0]).toEqual({ spec: { ...SPEC, minNotional: '20.0' }, isTrading: true });
  });

  it('have the fees of the account, in per cent', async () => {
    const { of } = await pages();
    const host = new RestGatewayHost(SPEC);
    host.answer = () => ok(of('/api/v2/fees/trading/')[0]!);
    const fees = await bitstamp.fees(host, host.setup().credentials, ['btcusd', 'ethusd']);
    expect([...fees]).toEqual([['btcusd', { maker: '0.003', taker: '0.002' }]]);
  });

  it('have the account: open orders, executions with their exact rate, whose orders are asked for once', async () => {
    const { of } = await pages();
    const host = new RestGatewayHost(SPEC, EPOCH_DAY);
    const answers: Readonly<Record<string, string>> = {
      '/api/v2/open_orders/btcusd/': of('/api/v2/open_orders/btcusd/')[0]!,
      '/api/v2/user_transactions/btcusd/': of('/api/v2/user_transactions/btcusd/')[0]!,
      '/api/v2/order_status/': JSON.stringify({ status: 'Finished', client_order_id: 'tagtag-1z' }),
    };
    host.answer = ({ path }) => ok(answers[path]!);
    const gateway = new BitstampOrders(host.setup());
    const account = await gateway.account(0);
    expect(account.orders).toEqual([
      {
        orderId: foreignNumber('1234123412341234'),
        market: 5,
        side: Side.BUY,
        priceTicks: 10_000,
        openLots: 50_000_000,
        filledLots: 0,
      },
    ]);
    const last = account.executions.at(-1)!;
    // 0.94492494 at 11,170.21, of which 26.39 were charged.
    expect(last).toMatchObject({ execution: 50_197_020, orderId: 71, priceTicks: 1_117_021, sizeLots: 94_492_494 });
    expect(last.feePpb).toBe(Math.round((26.39 / (0.94492494 * 11_170.21)) * 1e9));
    expect(account.positionLots.every(Number.isNaN)).toBe(true);
    const asked = host.requests.filter(({ path }) => path === '/api/v2/order_status/').length;
    await gateway.account(0);
    expect(host.requests.filter(({ path }) => path === '/api/v2/order_status/')).toHaveLength(asked);
  });
});

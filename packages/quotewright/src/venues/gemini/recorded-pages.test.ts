/** REST exchanges recorded in Gemini's sandbox in 2019, refusals among them. */
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { executionNumber, foreignNumber } from '../contract/client-ids.ts';
import { VenueError } from '../contract/venue-error.ts';
import { recordedExchanges } from '../testing/recorded-exchanges.ts';
import { RestGatewayHost } from '../testing/rest-gateway-host.ts';
import { answerOf } from './errors.ts';
import { GeminiOrders } from './orders.ts';
import { gemini } from './venue.ts';

const SPEC = {
  venue: 'gemini',
  symbol: 'btcusd',
  base: 'BTC',
  quote: 'USD',
  tick: '0.01',
  lot: '0.00000001',
  contract: 'spot',
} as const;
/** Of the first trade recorded, 2017-09-07. */
const EPOCH_DAY = 17_416;

async function pages() {
  const all = await recordedExchanges('gemini_http');
  const of = (path: string) => all.filter((each) => each.path === path).map(({ text }) => text);
  return { all, of };
}

describe('recorded answers', () => {
  it('that refuse have a code each', async () => {
    const { all } = await pages();
    const codes = new Map<string, string>();
    for (const { text } of all) {
      try {
        answerOf({ status: text.includes('"result":"error"') ? 400 : 200, headers: {}, text });
      } catch (error) {
        if (error instanceof VenueError) codes.set(error.venueCode, error.code);
      }
    }
    expect(Object.fromEntries(codes)).toEqual({
      'Bad Request': 'UNKNOWN_SYMBOL',
      EndpointUnavailableInThisEnvironment: 'REFUSED',
      InvalidOrderType: 'REFUSED',
      InvalidSignature: 'AUTH',
      InvalidSymbol: 'UNKNOWN_SYMBOL',
      InvalidTimestampInPayload: 'REFUSED',
    });
  });

  it('list the instruments', async () => {
    const { of } = await pages();
    const [text = ''] = of('/v1/symbols/details/all');
    const listed = await gemini.listing({ call: () => Promise.resolve({ status: 200, headers: {}, text }) });
    expect(listed.find(({ spec }) => spec.symbol === 'aaveusd')).toEqual({
      spec: {
        venue: 'gemini',
        symbol: 'aaveusd',
        base: 'AAVE',
        quote: 'USD',
        tick: '0.0001',
        lot: '0.000001',
        contract: 'spot',
        minSize: '0.001',
      },
      isTrading: true,
    });
  });

  it('have the fees of the account', async () => {
    const { of } = await pages();
    const host = new RestGatewayHost(SPEC);
    host.answer = () => ({ status: 200, headers: {}, text: of('/v1/notionalvolume')[0]! });
    const fees = await gemini.fees(host, host.setup().credentials, ['btcusd']);
    expect(fees.get('btcusd')).toEqual({ maker: '0.001', taker: '0.0035' });
  });

  it('have the account: orders that are live, executions with their exact rate', async () => {
    const { of } = await pages();
    const host = new RestGatewayHost(SPEC, EPOCH_DAY);
    const [live = ''] = of('/v1/order/new');
    const [done = ''] = of('/v1/order/cancel');
    const [trades = ''] = of('/v1/mytrades');
    host.answer = ({ path }) => ({
      status: 200,
      headers: {},
      text: path === '/v1/orders' ? `[${live},${done}]` : trades,
    });
    const account = await new GeminiOrders(host.setup()).account(0);
    expect(account.orders).toEqual([
      {
        orderId: foreignNumber('265555413'),
        market: 5,
        side: Side.BUY,
        priceTicks: 450_000,
        openLots: 100_000_000,
        filledLots: 0,
      },
    ]);
    const at = account.executions.find(({ execution }) => execution === executionNumber('72877196'))!;
    // 10.9136 of 4,365.44.
    expect(at).toMatchObject({ priceTicks: 436_544, sizeLots: 100_000_000, feePpb: 2_500_000, isMaker: false });
    expect(at.orderId).toBe(foreignNumber('72877194'));
    expect(account.positionLots.every(Number.isNaN)).toBe(true);
  });
});

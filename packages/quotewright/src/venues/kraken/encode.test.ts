/** Requests in bytes: what JSON.stringify would have written, with exact numbers. */
import { Random } from '@quotewright/core/base/random';
import { Instrument } from '@quotewright/core/market/instrument';
import { OrderFlag } from '@quotewright/core/trading/records';
import { expect, it } from 'vitest';
import { RequestEncoder } from './encode.ts';
import { exactText, parseExact } from './exact-json.ts';
import { asList, asObject } from '../../data/json.ts';

const GRIDS = [
  ['0.1', '0.00000001'],
  ['0.5', '1'],
  ['0.00000001', '10'],
] as const;
const instruments = GRIDS.map(
  ([tick, lot], i) =>
    new Instrument({ venue: 'kraken', symbol: `C${i}/USD`, base: `C${i}`, quote: 'USD', tick, lot, contract: 'spot' }),
);

function encoder(): RequestEncoder {
  const made = new RequestEncoder(instruments, 'qtag00');
  made.setToken('a+b/"c\\');
  return made;
}

function paramsOf(frame: Uint8Array): Readonly<Record<string, unknown>> {
  const message = parseExact(frame);
  return { method: message?.['method'], request: exactText(message?.['req_id']), ...asObject(message?.['params']) };
}

it('an order has all that it was given, to the digit', () => {
  const random = Random.stream(3, 'encode');
  const made = encoder();
  for (let n = 1; n < 3000; n++) {
    const i = n % instruments.length;
    const { price, size, symbol } = instruments[i]!;
    const ticks = 1 + Math.floor((random.nextUint32() / 2 ** 32) * 2 ** (1 + (random.nextUint32() % 45)));
    const lots = 1 + Math.floor((random.nextUint32() / 2 ** 32) * 2 ** (1 + (random.nextUint32() % 45)));
    const flags = random.nextUint32() & 15;
    const params = paramsOf(made.add(i, n * 7919, flags, ticks, lots, n));
    expect(params).toMatchObject({
      method: 'add_order',
      request: n.toString(),
      symbol,
      side: (flags & OrderFlag.BUY) === 0 ? 'sell' : 'buy',
      token: 'a+b/"c\\',
      cl_ord_id: `qtag00-${(n * 7919).toString(36)}`,
    });
    expect([exactText(params['limit_price']), exactText(params['order_qty'])]).toEqual([
      price.format(ticks),
      size.format(lots),
    ]);
    expect(['post_only', 'reduce_only', 'time_in_force'].map((name) => params[name])).toEqual([
      (flags & OrderFlag.POST_ONLY) === 0 ? undefined : true,
      (flags & OrderFlag.REDUCE_ONLY) === 0 ? undefined : true,
      (flags & OrderFlag.IOC) === 0 ? undefined : 'ioc',
    ]);
  }
});

it('cancels and amendments name the order as it was named', () => {
  const made = encoder();
  expect(paramsOf(made.cancel(71, 5))).toMatchObject({
    method: 'cancel_order',
    cl_ord_id: ['qtag00-1z'],
    request: '5',
  });
  expect(asList(paramsOf(made.cancelByVenueId('OABCDE-FGHIJ-KLMNOP', 6))['order_id'])).toEqual(['OABCDE-FGHIJ-KLMNOP']);
  const amend = paramsOf(made.amend(0, 71, true, 600_005, 150_000_000, 7));
  expect(amend).toMatchObject({ method: 'amend_order', cl_ord_id: 'qtag00-1z', post_only: true });
  expect([exactText(amend['limit_price']), exactText(amend['order_qty'])]).toEqual(['60000.5', '1.50000000']);
});

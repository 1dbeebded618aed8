/** Pages and private events that were recorded from Binance (`../shared/data/wire`): what they map to. */
import { readFileSync } from 'node:fs';
import { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { Field, headFlags, headInstrument } from '@quotewright/core/market/event';
import { OrderFlag, ReportKind } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { asObject, isObject, type JsonObject } from '../../data/json.ts';
import { openSource, readWhole } from '../../data/source.ts';
import { sharedData } from '../../data/testing/files.ts';
import { ClientIds } from '../contract/client-ids.ts';
import { FeedBook } from '../feed-book.ts';
import { OrderReportWriter } from '../order-reports.ts';
import { errorOfResponse } from './errors.ts';
import { ExecutionReader, tradeNumber } from './execution-report.ts';
import { readListing } from './listing.ts';
import { OrderNames } from './order-names.ts';
import { SPOT, USDM } from './product.ts';
import { readSnapshot } from './snapshot.ts';

interface Exchange {
  readonly data: unknown;
}

async function routes(): Promise<Record<string, Record<string, Exchange[]>>> {
  const text = await readWhole(await openSource(sharedData('wire/binance_http.json.xz')), 2 ** 26);
  // oxlint-disable-next-line no-unsafe-type-assertion -- the recording's shape
  return (JSON.parse(text.toString('utf8')) as { routes: Record<string, Record<string, Exchange[]>> }).routes;
}

/** A page of the recording as an answer. */
function answer(data: unknown, status = 200) {
  return { status, headers: {}, text: JSON.stringify(data) };
}

describe('wire/binance_http', () => {
  it('lists instruments with their grids', async () => {
    const all = await routes();
    for (const product of [SPOT, USDM]) {
      const [page] = all[`${product.pages}/exchangeInfo`]!['GET']!;
      const listed = readListing(product, JSON.stringify(page!.data))!;
      expect(listed.length).toBeGreaterThan(0);
      for (const { spec } of listed) expect(() => new Instrument(spec)).not.toThrow();
    }
  });

  it('takes its depth pages for snapshots', async () => {
    for (const [path, tick] of [
      ['/api/v3/depth', '0.01'],
      ['/fapi/v1/depth', '0.01'],
    ] as const) {
      for (const { data } of (await routes())[path]!['GET']!) {
        if (asObject(data)?.['lastUpdateId'] === undefined) continue;
        const book = new FeedBook(0, new RecordQueue());
        const instrument = new Instrument({
          venue: 'v',
          symbol: 's',
          base: 'B',
          quote: 'Q',
          tick,
          lot: '0.000001',
          contract: 'spot',
        });
        expect(readSnapshot(instrument, book, answer(data))).toMatchObject({ id: asObject(data)?.['lastUpdateId'] });
        expect(book.count).toBeGreaterThan(0);
        expect(book.layWhole()).toBe(true);
      }
    }
  });

  it('has no error body that is not understood', async () => {
    const found = new Map<number, string>();
    for (const [path, methods] of Object.entries(await routes())) {
      for (const { data } of Object.values(methods).flat()) {
        if (!isObject(data) || typeof data['code'] !== 'number' || typeof data['msg'] !== 'string') continue;
        const venue = path.startsWith('/api') ? 'binance' : 'binance-usdm';
        const error = errorOfResponse(venue, answer(data, 400));
        expect(error.message).toContain(data['msg']);
        found.set(data['code'], error.code);
      }
    }
    expect(found.get(-1121)).toBe('UNKNOWN_SYMBOL');
    expect(found.get(-2014)).toBe('AUTH');
  });
});

it('wire/binance_wsHandleData: an execution becomes a report', () => {
  const reports = new RecordQueue();
  const lines = readFileSync(sharedData('wire/binance_wsHandleData.json'), 'utf8').split('\n');
  const events = lines.flatMap((line): JsonObject[] => {
    const data = line === '' ? undefined : asObject(asObject(JSON.parse(line))?.['data']);
    return data?.['e'] === 'executionReport' ? [data] : [];
  });
  expect(events).toHaveLength(1);
  const [event] = events;
  const instrument = new Instrument({
    venue: 'binance',
    symbol: 'BNBBTC',
    base: 'BNB',
    quote: 'BTC',
    tick: '0.00000001',
    lot: '0.00000001',
    contract: 'spot',
  });
  const names = new OrderNames(new ClientIds('test00'));
  const reader = new ExecutionReader({
    instruments: [instrument],
    indices: [5],
    epochDay: 18_000,
    names,
    reports: new OrderReportWriter(reports),
  });
  // It is somebody else's until the account has named it.
  expect(reader.take(event!, 1)).toBe('');
  expect(reports.length).toBe(0);
  const number = names.learn('BNBBTC', String(event!['i']), String(event!['c']));
  expect(reader.take(event!, 1)).toBe('');
  expect(reports.length).toBe(1);
  const at = reports.peek();
  const { data } = reports;
  expect(data[at + Field.ORDER_ID]).toBe(number);
  expect(headInstrument(data[at]!)).toBe(5);
  const isBuy = (headFlags(data[at]!) & OrderFlag.BUY) !== 0;
  expect(isBuy).toBe(event!['S'] === 'BUY');
  const isFill = event!['x'] === 'TRADE';
  expect(data[at]! & 0xff).toBe(
    isFill ? ReportKind.FILL : event!['x'] === 'NEW' ? ReportKind.ACK : ReportKind.CANCELLED,
  );
  if (isFill) expect(data[at + Field.SEQ]).toBe(tradeNumber('BNBBTC', String(event!['t'])));
});

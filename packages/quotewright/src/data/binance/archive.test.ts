import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { nsToIso } from '@quotewright/core/base/time';
import { expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { openRecording } from '../formats.ts';
import { tempFolder } from '../testing/files.ts';

const folder = tempFolder();

interface Row {
  readonly kind: number;
  readonly isBuy: boolean;
  readonly time: string;
  readonly price: string;
  readonly size: string;
  readonly seq: number;
}

async function read(path: string, isStrict = true) {
  const recording = await openRecording(path, { strict: isStrict });
  const rows: Row[] = [];
  for await (const { data, length } of recording.batches()) {
    for (let at = 0; at < length * EVENT_STRIDE; at += EVENT_STRIDE) {
      const head = data[at + Field.HEAD]!;
      const { price, size } = recording.instruments[0]!;
      rows.push({
        kind: headKind(head),
        isBuy: (headFlags(head) & EventFlag.BUY) !== 0,
        time: nsToIso(data[at + Field.VENUE_NS]!, recording.epochDay),
        price: price.format(data[at + Field.PRICE_TICKS]!),
        size: size.format(data[at + Field.SIZE_LOTS]!),
        seq: data[at + Field.SEQ]!,
      });
      expect(data[at + Field.LOCAL_NS]).toBeNaN();
    }
  }
  return { rows, recording };
}

async function zipped(name: string, text: string): Promise<string> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(text), name.replace(/\.zip$/u, '.csv'));
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(Buffer.from(part));
  return folder.write(name, Buffer.concat(parts));
}

test('trades of spot, in a zip, without a header, before and after 2025', async () => {
  const path = await zipped(
    'SOLUSDT-trades-2024-12-31.zip',
    '51,17.80180000,5.69000000,101.29224200,1735689599999,True,True\n52,17.8019,1.5,26.70285,1735689600000001,False,True\n',
  );
  const { rows, recording } = await read(path);
  expect(recording.format).toBe('binance-archive');
  expect([recording.instruments[0]?.venue, recording.instruments[0]?.symbol]).toEqual(['binance', 'SOLUSDT']);
  expect(rows.map(({ kind, isBuy, time, seq }) => [kind, isBuy, time, seq])).toEqual([
    [EventKind.TRADE, false, '2024-12-31T23:59:59.999000000Z', 51],
    [EventKind.TRADE, true, '2025-01-01T00:00:00.000001000Z', 52],
  ]);
  expect(rows.map(({ price, size }) => [Number(price), Number(size)])).toEqual([
    [17.8018, 5.69],
    [17.8019, 1.5],
  ]);
});

test('aggregated trades and best quotes of futures, with a header', async () => {
  const trades = await read(
    folder.write(
      'BTCUSDT-aggTrades-2024-08-01.csv',
      'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n26129,64000.1,0.003,27781,27782,1722470400123,true\n',
    ),
  );
  expect(trades.recording.instruments[0]?.venue).toBe('binance-usdm');
  expect(trades.rows).toMatchObject([{ isBuy: false, price: '64000.1', size: '0.003', seq: 26129 }]);
  const quotes = await read(
    folder.write(
      'BTCUSDT-bookTicker-2024-08-01.csv',
      'update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time\n7,64000.1,3.000,64000.2,1.500,1722470400123,1722470400124\n',
    ),
  );
  expect(quotes.rows).toMatchObject([
    { kind: EventKind.QUOTE, isBuy: true, price: '64000.1', size: '3.000' },
    { kind: EventKind.QUOTE, isBuy: false, price: '64000.2', size: '1.500' },
  ]);
});

test('rows that are none are counted, not skipped', async () => {
  const path = folder.write(
    'BTCUSDT-trades-2024-08-02.csv',
    '1,64000.10,0.003,192.0003,1722556800000,True,True\nnonsense\n2,64000.10,0.003,192.0003,17225568,True,True\n3,-5,0.003,192.0003,1722556800001,True,True\n4,64000.10,0.003,192.0003,1722556800002,maybe,True\n5,64000.20,0.004,256.0008,1722556800003,False,True\n',
  );
  const { rows, recording } = await read(path, false);
  expect(rows.map(({ seq }) => seq)).toEqual([1, 5]);
  expect([recording.report.rows, recording.report.badRows]).toEqual([6, 4]);
  await expect(read(path)).rejects.toThrow(':2: time is no Unix milliseconds');
});

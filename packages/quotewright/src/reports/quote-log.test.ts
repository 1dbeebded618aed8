import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Side } from '@quotewright/core/market/side';
import { OrderState } from '@quotewright/core/trading/order-state';
import { expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { QuoteLog } from './quote-log.ts';
import { SAMPLE_INSTRUMENT } from './testing/sample-run.ts';

const folder = tempFolder();
const { PENDING_NEW, LIVE, PENDING_AMEND, PENDING_CANCEL, FILLED, REJECTED } = OrderState;

it('has a row for each price at which an order stood, until it moved or ended', () => {
  const path = join(folder.fresh(), 'quotes.csv');
  const log = new QuoteLog(path, [SAMPLE_INSTRUMENT]);
  const note = (id: number, state: OrderState, priceTicks: number, openLots: number, ns: number): void =>
    log.note(
      0,
      { id, side: Side.BUY, priceTicks, sizeLots: 9, filledLots: 9 - openLots, openLots, state, reason: 0, sentNs: 0 },
      ns,
    );
  note(1, PENDING_NEW, 1000, 9, 1);
  note(1, LIVE, 1000, 9, 2);
  note(1, LIVE, 1000, 7, 3);
  note(1, PENDING_AMEND, 1001, 7, 4);
  note(1, LIVE, 1001, 7, 5);
  note(2, REJECTED, 1000, 9, 5);
  note(3, FILLED, 1005, 0, 5);
  note(1, PENDING_CANCEL, 1001, 7, 6);
  note(1, FILLED, 1001, 0, 7);
  note(4, LIVE, 990, 9, 8);
  log.finish(10);
  expect(readFileSync(path, 'utf8').split('\n').slice(1)).toEqual([
    '1,0,BTCUSDT,buy,100.0,0.009,2,5',
    '1,0,BTCUSDT,buy,100.1,0.007,5,7',
    '4,0,BTCUSDT,buy,99.0,0.009,8,10',
    '',
  ]);
});

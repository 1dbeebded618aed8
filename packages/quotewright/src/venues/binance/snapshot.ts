/** A REST snapshot of a book: `GET /api/v3/depth`, `GET /fapi/v1/depth`. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { asInteger, asObject, parseJson } from '../../data/json.ts';
import type { RestResponse } from '../contract/rest.ts';
import type { FeedBook } from '../feed-book.ts';
import { stageLevels } from './level-lists.ts';

/** Stages the levels. @returns `lastUpdateId`, or what is wrong with the answer */
export function readSnapshot(
  instrument: Instrument,
  book: FeedBook,
  response: RestResponse | undefined,
): number | string {
  if (response === undefined) return 'no answer';
  if (response.status !== 200) return `status ${response.status}: ${response.text.slice(0, 200)}`;
  const body = asObject(parseJson(response.text));
  const id = asInteger(body?.['lastUpdateId']);
  if (!(id >= 0)) return 'no lastUpdateId';
  const isRead =
    stageLevels(instrument, book, Side.BUY, body?.['bids']) && stageLevels(instrument, book, Side.SELL, body?.['asks']);
  return isRead ? id : 'its levels cannot be read';
}

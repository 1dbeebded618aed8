/** A REST snapshot of a book: `GET /api/v3/depth`, `GET /fapi/v1/depth`. */
import { GridFault } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { asInteger, asList, asObject, asText, parseJson } from '../../data/json.ts';
import type { RestResponse } from '../contract/rest.ts';
import type { FeedBook } from '../feed-book.ts';
import { stageLevels } from './level-lists.ts';

export interface Snapshot {
  readonly id: number;
  /** Levels between two ticks. */
  readonly leftOut: number;
}

/** Stages the levels. @returns what is wrong with the answer when it is none */
export function readSnapshot(
  instrument: Instrument,
  book: FeedBook,
  response: RestResponse | undefined,
): Snapshot | string {
  if (response === undefined) return 'no answer';
  if (response.status !== 200) return `status ${response.status}: ${response.text.slice(0, 200)}`;
  const body = asObject(parseJson(response.text));
  const id = asInteger(body?.['lastUpdateId']);
  if (!(id >= 0)) return 'no lastUpdateId';
  const sides = [
    [Side.BUY, body?.['bids']],
    [Side.SELL, body?.['asks']],
  ] as const;
  let leftOut = 0;
  for (const [side, list] of sides) {
    const count = stageLevels(instrument, book, side, list);
    if (count < 0) return 'its levels cannot be read';
    leftOut += count;
    // Best first.
    const [best] = asList(list);
    instrument.price.parse(asText(asList(best)[0]));
    if (best !== undefined && instrument.price.fault === GridFault.OFF_GRID) {
      return `its best price is between two ticks of ${instrument.spec.tick}: the listing has changed`;
    }
  }
  return { id, leftOut };
}

/** Finding an instrument in what a venue lists. Of hundreds, some may be such as our numbers cannot count: only who names one is refused. */
import { Instrument, type InstrumentSpec } from '@quotewright/core/market/instrument';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';
import type { ListedInstrument } from '../contract/venue.ts';

const MOST_NAMED = 3;

/** @throws InputError when the venue lists no such instrument, or it is none to us */
export function findListed(venue: string, symbol: string, listed: readonly ListedInstrument[]): ListedInstrument {
  const found = listed.find(({ spec }) => spec.symbol === symbol);
  if (found === undefined) {
    const like = listed
      .map(({ spec }) => spec.symbol)
      .filter((each) => plain(each).includes(plain(symbol).slice(0, 3)));
    const near = like.length === 0 ? '' : `, expected one such as ${like.slice(0, MOST_NAMED).join(', ')}`;
    throw new InputError(`${venue}:${symbol}: the venue lists no such instrument${near}`);
  }
  const flaw = flawOf(found.spec);
  if (flaw !== '') throw new InputError(`${venue}:${symbol}: as the venue lists it, it cannot be counted: ${flaw}`);
  return found;
}

/** Why a spec makes no instrument; '' when it makes one. */
export function flawOf(spec: InstrumentSpec): string {
  try {
    // oxlint-disable-next-line no-new -- it throws, or it does not
    new Instrument(spec);
    return '';
  } catch (error) {
    return reasonOf(error);
  }
}

const plain = (symbol: string): string => symbol.replaceAll(/[^a-z0-9]/giu, '').toUpperCase();

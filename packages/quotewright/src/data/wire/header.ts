/**
 * The first frame of a wire recording. `exchange` and `recorded` are in all of them; `quotewright record` adds whose feed it is (`venue`), and
 * what that feed was made for (`instruments`, `isL3`, `isRedundant`), so that it can be made again.
 */
import { NS_PER_DAY, unixTextToNs, UnixUnit } from '@quotewright/core/base/time';
import { Instrument, type InstrumentSpec } from '@quotewright/core/market/instrument';
import type { Venue } from '../../venues/contract/venue.ts';
import { venueOf } from '../../venues/registry.ts';
import { asDecimal, asList, asObject, asText, isObject, parseJson, type JsonObject } from '../json.ts';
import type { OpenOptions } from '../recording.ts';
import { reasonOf } from '../reason.ts';
import { InputError } from '../report.ts';

export interface WireHeader {
  readonly exchange: string;
  /** Days since 1970-01-01 of the recording's first midnight. */
  readonly epochDay: number;
  readonly played: PlayedHeader | undefined;
}

/** What a venue's feed is made again from. */
export interface PlayedHeader {
  readonly venue: Venue;
  readonly instruments: readonly Instrument[];
  readonly isL3: boolean;
  readonly isRedundant: boolean;
}

/** @param where names the line in errors. @throws InputError when it is no header that can be read */
export function readHeader(line: string, where: string, options: OpenOptions): WireHeader {
  const header = asObject(parseJson(line));
  if (header?.['t'] !== 'header') {
    throw new InputError(`${where}: found '${line.slice(0, 60)}', expected a header frame {"t":"header","exchange":…}`);
  }
  const recorded = unixTextToNs(asDecimal(header['recorded']), UnixUnit.SECONDS, 0);
  if (!(recorded >= 0)) {
    throw new InputError(`${where}: recorded: found '${asDecimal(header['recorded'])}', expected Unix seconds`);
  }
  const epochDay = Math.floor(recorded / NS_PER_DAY);
  return { exchange: asText(header['exchange']), epochDay, played: playedOf(header, where, options) };
}

function playedOf(header: JsonObject, where: string, options: OpenOptions): PlayedHeader | undefined {
  const venue = venueOf(asText(header['venue']));
  const specs = asList(header['instruments']);
  if (venue === undefined || specs.length === 0) return undefined;
  const instruments = specs.map((spec, i) => instrumentOf(spec, `${where}: instruments[${i}]`, options));
  if (new Set(instruments.map(({ symbol }) => symbol)).size < instruments.length) {
    throw new InputError(`${where}: instruments: found a symbol twice, expected each once`);
  }
  return {
    venue,
    instruments,
    isL3: venue.abilities.hasL3 && header['isL3'] === true,
    isRedundant: header['isRedundant'] === true,
  };
}

function instrumentOf(value: unknown, where: string, { tick, lot }: OpenOptions): Instrument {
  if (!isSpec(value)) throw new InputError(`${where}: found ${JSON.stringify(value)}, expected symbol, tick and lot`);
  try {
    return new Instrument({ ...value, tick: tick ?? value.tick, lot: lot ?? value.lot });
  } catch (error) {
    // Whatever the core made of a text or a number that stood in the wrong place.
    throw new InputError(`${where}: ${reasonOf(error)}`);
  }
}

/** What the core looks at further is checked there. */
function isSpec(value: unknown): value is InstrumentSpec {
  if (!isObject(value)) return false;
  const texts = [value['venue'], value['symbol'], value['base'], value['quote'], value['tick'], value['lot']];
  const contract = value['contract'];
  return (
    texts.every((text) => typeof text === 'string') &&
    (contract === 'spot' || contract === 'linear' || contract === 'inverse')
  );
}

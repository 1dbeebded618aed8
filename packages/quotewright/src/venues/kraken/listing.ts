/**
 * What Kraken lists: the page AssetPairs. Pairs of the dark pool have no `wsname` and no market data, and are left out.
 * Source: docs.kraken.com/api/docs/rest-api/get-tradable-asset-pairs.
 */
import { Grid } from '@quotewright/core/base/grid';
import type { FeeSchedule } from '@quotewright/core/market/fees';
import { asDecimal, asInteger, asList, asObject, asText, type JsonObject } from '../../data/json.ts';
import type { Rest } from '../contract/rest.ts';
import type { ListedInstrument } from '../contract/venue.ts';
import { callPublic } from './rest.ts';
import { symbolOfV1 } from './symbols.ts';

const MOST_DECIMALS = 18;
const RATE = new Grid('0.000000001');
/** A percent of that. */
const PERCENT = new Grid('0.0000001');

/** One pair, and the names that REST has for it. */
export interface Pair {
  /** As answers name it: `XXBTZUSD`. */
  readonly id: string;
  /** As requests may name it: `XBTUSD`. */
  readonly altname: string;
  readonly listed: ListedInstrument;
}

export async function listing(rest: Rest): Promise<readonly ListedInstrument[]> {
  return (await pairs(rest)).map(({ listed }) => listed);
}

/** @throws VenueError */
export async function pairs(rest: Rest): Promise<readonly Pair[]> {
  const result = asObject(await callPublic(rest, 'AssetPairs')) ?? {};
  return Object.entries(result).flatMap(([id, value]) => {
    const entry = asObject(value) ?? {};
    const spec = specOf(entry);
    if (spec === undefined) return [];
    const status = asText(entry['status']);
    const isTrading = status === '' || status === 'online';
    return [{ id, altname: asText(entry['altname']), listed: { spec, isTrading } }];
  });
}

function specOf(entry: JsonObject): ListedInstrument['spec'] | undefined {
  const symbol = symbolOfV1(asText(entry['wsname']));
  const [base = '', quote = ''] = symbol.split('/');
  const tick = asDecimal(entry['tick_size']) || stepOf(entry['pair_decimals']);
  const lot = stepOf(entry['lot_decimals']);
  if (base === '' || quote === '' || tick === '' || lot === '') return undefined;
  const minSize = asDecimal(entry['ordermin']);
  const minNotional = asDecimal(entry['costmin']);
  const fees = feesOf(asList(entry['fees']), asList(entry['fees_maker']));
  return {
    venue: 'kraken',
    symbol,
    base,
    quote,
    tick,
    lot,
    contract: 'spot',
    ...(Number(minSize) > 0 ? { minSize } : {}),
    ...(Number(minNotional) > 0 ? { minNotional } : {}),
    ...(fees === undefined ? {} : { fees }),
  };
}

/** Tiers `[volume, percent]`; a pair without makers' ones has one rate for both. */
function feesOf(takers: readonly unknown[], makers: readonly unknown[]): FeeSchedule | undefined {
  const tiers = takers.map((tier, i) => {
    const [volume, taker] = asList(tier);
    const [, maker = taker] = asList(makers[i]);
    return { volume: asDecimal(volume), taker: percentOf(asDecimal(taker)), maker: percentOf(asDecimal(maker)) };
  });
  const [first, ...rest] = tiers;
  if (first === undefined || tiers.some(({ taker, maker, volume }) => taker === '' || maker === '' || volume === '')) {
    return undefined;
  }
  return { maker: first.maker, taker: first.taker, tiers: rest };
}

/** A percentage as a share, exactly; '' when it is none. */
export function percentOf(percent: string): string {
  const steps = PERCENT.parse(percent);
  return steps === steps ? RATE.format(steps).replace(/\.?0+$/u, '') || '0' : '';
}

function stepOf(decimals: unknown): string {
  const count = asInteger(decimals);
  if (!(count >= 0 && count <= MOST_DECIMALS)) return '';
  return count === 0 ? '1' : `0.${'1'.padStart(count, '0')}`;
}

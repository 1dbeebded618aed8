/** For tests: what the venue answers when a feed subscribes to a book anew, made of another feed's book. */
import { Side } from '@quotewright/core/market/side';
import { asList, asObject, asText, parseJson } from '../../../data/json.ts';
import type { Capture } from '../../testing/capture.ts';
import type { FeedProbe } from '../../testing/probe.ts';
import { symbolOfV1 } from '../symbols.ts';

/** Enough for a recording of twelve seconds. */
const LEVELS = 100;
/** The first level of a recorded snapshot, and the pair at its end. */
const SNAPSHOT = /^\[\d+,\{"as":\[\["\d+\.(\d+)","\d+\.(\d+)".*"([^"]+)"\]$/su;

/** Answers `{"event":"subscribe","pair":["XMR/USD"],"subscription":{"name":"book","depth":1000}}` with as many decimals as the recording has. */
export function snapshotsV1(capture: Capture): (sent: string, truth: FeedProbe) => readonly string[] {
  const decimals = new Map<string, readonly [price: number, size: number]>();
  for (const { bytes } of capture.frames) {
    const [, price, size, pair] = SNAPSHOT.exec(Buffer.from(bytes).toString()) ?? [];
    if (pair !== undefined) decimals.set(pair, [price!.length, size!.length]);
  }
  // The same prices and sizes come again and again, and thousands of snapshots are made of them.
  const texts = new Map<string, Map<number, string>>();
  const textsOf = (name: string): Map<number, string> => {
    const known = texts.get(name) ?? new Map<number, string>();
    texts.set(name, known);
    return known;
  };
  return (sent, truth) => {
    const request = asObject(parseJson(sent)) ?? {};
    const name = asText(asList(request['pair'])[0]);
    if (request['event'] !== 'subscribe') return [];
    const index = truth.instruments.findIndex(({ symbol }) => symbol === symbolOfV1(name));
    const { price, size } = truth.instruments[index]!;
    const { book } = truth.builders[index]!;
    const [priceDecimals, sizeDecimals] = decimals.get(name)!;
    const priceText = kept(textsOf(`${name} price`), (ticks) => padded(price.format(ticks), priceDecimals));
    const sizeText = kept(textsOf(`${name} size`), (lots) => padded(size.format(lots), sizeDecimals));
    const side = (which: Side) => {
      const count = Math.min(LEVELS, book.levelCount(which));
      const prices = new Float64Array(count);
      const sizes = new Float64Array(count);
      book.top(which, count, prices, sizes);
      const level = (ticks: number, i: number) => [priceText(ticks), sizeText(sizes[i]!), '1618678133.365913'];
      return Array.from(prices, level);
    };
    const levels = { as: side(Side.SELL), bs: side(Side.BUY) };
    return [`[1,${JSON.stringify(levels)},"book-1000","${name}"]`];
  };
}

function padded(decimal: string, decimals: number): string {
  const [whole = '', part = ''] = decimal.split('.');
  return `${whole}.${part.padEnd(decimals, '0')}`;
}

/** The same function, which works out each answer once. */
function kept(known: Map<number, string>, of: (value: number) => string): (value: number) => string {
  return (value) => {
    const text = known.get(value) ?? of(value);
    known.set(value, text);
    return text;
  };
}

/** What the zoomable chart draws, embedded in the page: columns of float64, base64, times in nanoseconds since the run's first sample. */
import type { FillLine, RunTables } from '../read-tables.ts';
import type { RunResult } from '../run-result.ts';

/** Most quotes and fills that are embedded; of more, every so many. */
const MAX_QUOTES = 60_000;
const MAX_FILLS = 120_000;

export interface TimelineData {
  readonly symbol: string;
  /** Text of the first moment: ISO, to the second. */
  readonly start: string;
  readonly priceDigits: number;
  readonly sizeDigits: number;
  /** Said below the chart when not all could be embedded. */
  readonly omitted: string;
  readonly mid: { readonly t: string; readonly y: string };
  readonly position: { readonly t: string; readonly y: string };
  readonly equity: { readonly t: string; readonly y: string };
  readonly quotes: Readonly<Record<'from' | 'to' | 'price' | 'size' | 'buy' | 'id', string>>;
  readonly fills: Readonly<Record<'t' | 'price' | 'size' | 'buy' | 'maker' | 'id' | 'position', string>>;
}

/** One per market; undefined where nothing was recorded. */
export function timelineData(result: RunResult, tables: RunTables, market: number): TimelineData | undefined {
  const { equity } = tables;
  const fills = tables.fills.filter((fill) => fill.market === market);
  const quotes = tables.quotes.filter((quote) => quote.market === market);
  const startNs = equity.ns[0] ?? fills[0]?.ns;
  if (startNs === undefined) return undefined;
  const instrument = result.instruments[market]!;
  const summary = result.runs.modelled.markets[market]!;
  const shownQuotes = spread(quotes, MAX_QUOTES);
  const shownFills = spread(fills, MAX_FILLS);
  const left = quotes.length - shownQuotes.length + fills.length - shownFills.length;
  const times = equity.ns.map((ns) => ns - startNs);
  const column = (name: string): readonly number[] => equity.columns.get(name) ?? [];
  return {
    symbol: instrument.symbol,
    start: new Date(result.epochDay * 86_400_000 + startNs / 1e6).toISOString(),
    priceDigits: decimalsOf(instrument.tick),
    sizeDigits: decimalsOf(instrument.lot),
    omitted: left === 0 ? '' : `${left} quotes and fills are left out here; the CSV files hold all of them.`,
    mid: midOf(times, column(`mid:${market}`), fills, startNs),
    position: steps(times, column(`position:${market}`), fills, startNs),
    equity: { t: pack(times), y: pack(column(`equity:${summary.currency}`)) },
    quotes: {
      from: pack(shownQuotes.map((quote) => quote.fromNs - startNs)),
      to: pack(shownQuotes.map((quote) => quote.toNs - startNs)),
      price: pack(shownQuotes.map((quote) => quote.price)),
      size: pack(shownQuotes.map((quote) => quote.size)),
      buy: pack(shownQuotes.map((quote) => Number(quote.isBuy))),
      id: pack(shownQuotes.map((quote) => quote.order)),
    },
    fills: {
      t: pack(shownFills.map((fill) => fill.ns - startNs)),
      price: pack(shownFills.map((fill) => fill.price)),
      size: pack(shownFills.map((fill) => fill.size)),
      buy: pack(shownFills.map((fill) => Number(fill.isBuy))),
      maker: pack(shownFills.map((fill) => Number(fill.isMaker))),
      id: pack(shownFills.map((fill) => fill.order)),
      position: pack(shownFills.map((fill) => fill.position)),
    },
  };
}

/** Mids at samples and at fills, by time. */
function midOf(times: readonly number[], mids: readonly number[], fills: readonly FillLine[], startNs: number) {
  const points = times.map((t, i) => ({ t, y: mids[i] ?? Number.NaN }));
  for (const fill of fills) points.push({ t: fill.ns - startNs, y: fill.mid });
  return packed(points);
}

/** Positions at samples and after fills, by time. */
function steps(times: readonly number[], positions: readonly number[], fills: readonly FillLine[], startNs: number) {
  const points = times.map((t, i) => ({ t, y: positions[i] ?? Number.NaN }));
  for (const fill of fills) points.push({ t: fill.ns - startNs, y: fill.position });
  return packed(points);
}

function packed(points: readonly { readonly t: number; readonly y: number }[]): { t: string; y: string } {
  const known = points.filter(({ y }) => !Number.isNaN(y)).toSorted((a, b) => a.t - b.t);
  return { t: pack(known.map(({ t }) => t)), y: pack(known.map(({ y }) => y)) };
}

/** Up to `most` items in their order: all of them, or every so many. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
  const every = Math.ceil(items.length / most);
  return every <= 1 ? items : items.filter((_, i) => i % every === 0);
}

function pack(values: readonly number[]): string {
  return Buffer.from(Float64Array.from(values).buffer).toString('base64');
}

function decimalsOf(step: string): number {
  return step.split('.')[1]?.length ?? 0;
}

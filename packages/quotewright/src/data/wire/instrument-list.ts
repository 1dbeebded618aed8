/** The instruments of a recording that may hold many: appended as their symbols appear, found by symbol after that. */
import { Grid, GridFault } from '@quotewright/core/base/grid';
import type { Instrument, InstrumentSpec } from '@quotewright/core/market/instrument';
import { guessInstrument, makeInstrument, stepOf, stepOfTexts } from '../guess-instrument.ts';
import type { OpenOptions } from '../recording.ts';

/** More than any venue has. */
const MAX_DECIMALS = 30;

const isDecimals = (count: number): boolean => count >= 0 && count <= MAX_DECIMALS;

/** Decimal texts of a symbol's first message, for symbols whose grid nobody states. */
export interface GridSamples {
  readonly prices: readonly string[];
  readonly sizes: readonly string[];
}

export class InstrumentList {
  readonly all: Instrument[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #listed = new Map<string, InstrumentSpec>();
  readonly #options: OpenOptions;
  readonly #notes: string[];

  /** `notes` takes what a person should know about the grids. */
  constructor(options: OpenOptions, notes: string[]) {
    this.#options = options;
    this.#notes = notes;
  }

  /** Remembers what the recording itself says about a symbol; it becomes an instrument when its first event comes. */
  list(spec: InstrumentSpec): void {
    this.#listed.set(spec.symbol, spec);
  }

  /** The same for a venue that states decimals; a listing without a symbol or with decimals that are none is passed over. */
  listDecimals(spec: Omit<InstrumentSpec, 'tick' | 'lot'>, priceDecimals: number, sizeDecimals: number): void {
    if (spec.symbol === '' || !isDecimals(priceDecimals) || !isDecimals(sizeDecimals)) return;
    this.list({ ...spec, tick: stepOf(priceDecimals), lot: stepOf(sizeDecimals) });
  }

  /** Index of a symbol, appended when it is new. @throws InputError when its grid is unusable. */
  index(venue: string, symbol: string, samples: () => GridSamples): number {
    const known = this.#indexes.get(symbol);
    if (known !== undefined) return known;
    const listed = this.#listed.get(symbol);
    const instrument =
      listed === undefined
        ? guessInstrument(venue, symbol, this.#options, samples)
        : makeInstrument(this.#refined(listed, samples()));
    const index = this.all.push(instrument) - 1;
    this.#indexes.set(symbol, index);
    return index;
  }

  /**
   * A listing states the grid of new orders. A book may hold older ones, from before a coarser grid was decreed: when
   * the first message shows it, the grid is made fine enough, so that no level is lost.
   */
  #refined(listed: InstrumentSpec, samples: GridSamples): InstrumentSpec {
    const { tick, lot } = this.#options;
    return {
      ...listed,
      tick: tick ?? this.#fineEnough(listed.symbol, 'prices', 'tick', listed.tick, samples.prices),
      lot: lot ?? this.#fineEnough(listed.symbol, 'sizes', 'lot', listed.lot, samples.sizes),
    };
  }

  #fineEnough(symbol: string, what: string, name: string, step: string, texts: readonly string[]): string {
    const grid = new Grid(step);
    const isOff = (text: string) => Number.isNaN(grid.parse(text)) && grid.fault === GridFault.OFF_GRID;
    const off = texts.filter(isOff).map(withoutZeros);
    if (off.length === 0) return step;
    const finer = stepOfTexts([...off, grid.format(1)]);
    this.#notes.push(
      `${symbol}: the book holds ${what} off the listed ${name} of ${step}, for instance ${off[0]}; read with ${finer}`,
    );
    return finer;
  }
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** The decimal texts in lists of `[price, size, …]`. */
export function samplesOf(...lists: readonly unknown[]): GridSamples {
  const prices: string[] = [];
  const sizes: string[] = [];
  for (const list of lists) {
    if (!Array.isArray(list)) continue;
    for (const pair of list as readonly unknown[]) {
      if (!Array.isArray(pair)) continue;
      const [price, size] = pair as readonly unknown[];
      if (typeof price === 'string') prices.push(price);
      if (typeof size === 'string') sizes.push(size);
    }
  }
  return { prices, sizes };
}

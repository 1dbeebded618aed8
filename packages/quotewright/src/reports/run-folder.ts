/** The output folder of a run, written while it runs: fills and orders as they end, the rest when it is over. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nsToIso } from '@quotewright/core/base/time';
import type { EquitySamples } from '@quotewright/core/analytics/equity-samples';
import { FillField, type FillSink } from '@quotewright/core/analytics/fill-rows';
import { OrderField, type OrderSink } from '@quotewright/core/analytics/order-rows';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { OrderState } from '@quotewright/core/trading/order-state';
import { makeFolder } from '../data/make-folder.ts';
import { CsvFile } from './csv-file.ts';
import { QuoteLog } from './quote-log.ts';
import { readTables } from './read-tables.ts';
import {
  EQUITY_FILE,
  FILLS_FILE,
  FILL_COLUMNS,
  ORDERS_FILE,
  QUOTES_FILE,
  ORDER_COLUMNS,
  REPORT_FILE,
  RESULT_FILE,
} from './run-files.ts';
import { type RunName, type RunResult, resultText } from './run-result.ts';

const STATE_NAMES = new Map<number, string>(
  Object.entries(OrderState).map(([name, state]) => [state, name.toLowerCase()]),
);

/** Samples of each run; those of the bounds stand beside the modelled ones in `equity.csv`. */
export type SamplesOfRuns = { readonly modelled: EquitySamples } & Partial<Record<RunName, EquitySamples>>;

export class RunFolder {
  /** For the recorder of the modelled run. */
  readonly onFillRow: FillSink;
  readonly onOrderRow: OrderSink;
  /** An observer of the modelled run. */
  readonly quotes: QuoteLog;
  readonly #path: string;
  readonly #instruments: readonly Instrument[];
  readonly #epochDay: number;
  readonly #fills: CsvFile;
  readonly #orders: CsvFile;

  /**
   * Makes the folder if there is none, and overwrites what a former run left there.
   * @param horizonsNs of the recorder's markouts
   */
  constructor(path: string, instruments: readonly Instrument[], epochDay: number, horizonsNs: readonly number[]) {
    makeFolder(path);
    this.#path = path;
    this.#instruments = instruments;
    this.#epochDay = epochDay;
    const markouts = horizonsNs.map((ns) => `mid_after_${ns / 1e9}s`);
    this.#fills = new CsvFile(join(path, FILLS_FILE), [...FILL_COLUMNS, ...markouts]);
    this.#orders = new CsvFile(join(path, ORDERS_FILE), ORDER_COLUMNS);
    this.quotes = new QuoteLog(join(path, QUOTES_FILE), instruments);
    this.onFillRow = (data, at) => this.#fill(data, at, horizonsNs.length);
    this.onOrderRow = (data, at) => this.#order(data, at);
  }

  /** Writes what is known at the end: `equity.csv`, `result.json`, `report.html`. */
  async finish(result: RunResult, samples: SamplesOfRuns): Promise<void> {
    this.#fills.close();
    this.#orders.close();
    this.quotes.finish(result.runs.modelled.endNs ?? 0);
    this.#writeEquity(result, samples);
    writeFileSync(join(this.#path, RESULT_FILE), resultText(result));
    // Loaded here: the chart library takes half a second, which runs without a report need not wait for.
    const { reportHtml } = await import('./html/report-html.ts');
    writeFileSync(join(this.#path, REPORT_FILE), reportHtml(result, await readTables(this.#path)));
  }

  #fill(data: Float64Array, at: number, horizons: number): void {
    const market = data[at + FillField.MARKET]!;
    const { price, size, symbol } = this.#instruments[market]!;
    const localNs = data[at + FillField.LOCAL_NS]!;
    const line: (string | number)[] = [
      nsToIso(localNs, this.#epochDay),
      localNs,
      data[at + FillField.VENUE_NS]!,
      market,
      symbol,
      data[at + FillField.ORDER_ID]!,
      data[at + FillField.SIDE] === Side.BUY ? 'buy' : 'sell',
      price.format(data[at + FillField.PRICE_TICKS]!),
      size.format(data[at + FillField.SIZE_LOTS]!),
      data[at + FillField.IS_MAKER] === 1 ? 'maker' : 'taker',
      data[at + FillField.FEE_PPB]! / 1e9,
      this.#mid(market, data[at + FillField.MID_TICKS]!),
      size.format(data[at + FillField.POSITION_LOTS]!),
      this.#mid(market, data[at + FillField.DECISION_MID_TICKS]!),
    ];
    for (let i = 0; i < horizons; i++) line.push(this.#mid(market, data[at + FillField.MARKOUT_MID_TICKS + i]!));
    this.#fills.line(line);
  }

  #order(data: Float64Array, at: number): void {
    const market = data[at + OrderField.MARKET]!;
    const { price, size, symbol } = this.#instruments[market]!;
    this.#orders.line([
      data[at + OrderField.ORDER_ID]!,
      market,
      symbol,
      data[at + OrderField.SIDE] === Side.BUY ? 'buy' : 'sell',
      price.format(data[at + OrderField.PRICE_TICKS]!),
      size.format(data[at + OrderField.SIZE_LOTS]!),
      size.format(data[at + OrderField.FILLED_LOTS]!),
      data[at + OrderField.SENT_NS]!,
      data[at + OrderField.ACK_NS]!,
      data[at + OrderField.FIRST_FILL_NS]!,
      data[at + OrderField.END_NS]!,
      STATE_NAMES.get(data[at + OrderField.STATE]!) ?? '',
      data[at + OrderField.REASON]!,
      this.#mid(market, data[at + OrderField.DECISION_MID_TICKS]!),
      this.#mid(market, data[at + OrderField.FILL_PRICE_TICKS]!),
    ]);
  }

  #writeEquity(result: RunResult, samples: SamplesOfRuns): void {
    const { modelled } = samples;
    const bounds = (['optimistic', 'pessimistic'] as const).filter((name) => samples[name] !== undefined);
    const currencies = result.runs.modelled.accounts.map(({ currency }) => currency);
    const file = new CsvFile(join(this.#path, EQUITY_FILE), [
      'time',
      'local_ns',
      ...currencies.map((currency) => `equity:${currency}`),
      ...this.#instruments.flatMap((_, index) => [`position:${index}`, `mid:${index}`]),
      ...bounds.flatMap((name) => currencies.map((currency) => `equity:${currency}:${name}`)),
    ]);
    for (let sample = 0; sample < modelled.count; sample++) {
      const ns = modelled.timeNs(sample);
      const line: (string | number)[] = [nsToIso(ns, this.#epochDay), ns];
      for (let i = 0; i < currencies.length; i++) line.push(modelled.equity(sample, i));
      for (const [index, { size }] of this.#instruments.entries()) {
        line.push(
          size.format(modelled.positionLots(sample, index)),
          this.#mid(index, modelled.midTicks(sample, index)),
        );
      }
      for (const name of bounds) {
        const bound = samples[name]!;
        const nearest = Math.round((ns - bound.startNs) / bound.intervalNs);
        const at = Math.max(0, Math.min(bound.count - 1, nearest));
        for (let i = 0; i < currencies.length; i++) line.push(bound.count === 0 ? Number.NaN : bound.equity(at, i));
      }
      file.line(line);
    }
    file.close();
  }

  /** A price that may lie between two ticks, in units of the quote currency. */
  #mid(market: number, ticks: number): number {
    return Number(this.#instruments[market]!.price.toNumber(ticks).toPrecision(15));
  }
}

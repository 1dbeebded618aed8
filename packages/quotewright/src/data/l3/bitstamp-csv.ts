/**
 * Bitstamp orders (L3) as a CSV, `id,timestamp,exchange.timestamp,price,volume,action,direction`: receive time and the
 * order's own time in Unix milliseconds, volume in satoshi (what is left; for `deleted` what was left then, 0 = filled).
 */
import type { EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { UnixUnit, unixTextToNs } from '@quotewright/core/base/time';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import type { Head } from '../source.ts';
import { InputError, ReadReport } from '../report.ts';
import type { Source } from '../source.ts';
import { bitstampInstrument, firstDay } from './bitstamp-log.ts';
import { BitstampOrders } from './bitstamp-orders.ts';
import type { OrderMessage } from './bitstamp-orders.ts';
import { BadRow, priceTicks } from './decimals.ts';
import { lineBatches } from './line-batches.ts';

const HEADER = 'id,timestamp,exchange.timestamp,price,volume,action,direction';
const ROW = /^\d+,(\d{12,14}),/;
const SATOSHI = '0.00000001';

export const bitstampCsvFormat: Format = {
  name: 'bitstamp-orders',
  description: `Bitstamp orders CSV (L3, sizes in satoshi): ${HEADER}`,
  recognise: (head: Head): number => (head.text.startsWith(HEADER) ? 1 : 0),
  async open(source: Source, options: OpenOptions): Promise<Recording> {
    const instrument = bitstampInstrument(options);
    if (instrument.size.parse(SATOSHI) !== 1) {
      throw new InputError(`--lot: found '${instrument.spec.lot}', expected ${SATOSHI}: volumes are in satoshi`);
    }
    return new BitstampCsvRecording(source, options, await firstDay(source, ROW), instrument);
  },
};

class BitstampCsvRecording implements Recording {
  readonly format = 'bitstamp-orders';
  readonly isL3 = true;
  readonly epochDay: number;
  readonly instruments: readonly Instrument[];
  readonly report: ReadReport;
  readonly #source: Source;
  readonly #orders: BitstampOrders;

  constructor(source: Source, options: OpenOptions, epochDay: number, instrument: Instrument) {
    this.epochDay = epochDay;
    this.instruments = [instrument];
    this.report = new ReadReport(source.path, options.strict);
    this.#source = source;
    this.#orders = new BitstampOrders(this.report);
  }

  batches(): AsyncGenerator<EventBatch, void, undefined> {
    const read = (row: string, line: number, batch: EventBatch): void => {
      this.#orders.apply(this.#parse(row, line), batch);
    };
    return lineBatches(this.#source, this.report, BitstampOrders.MAX_EVENTS, read, HEADER);
  }

  #parse(row: string, line: number): OrderMessage {
    const fields = row.split(',');
    if (fields.length !== 7) throw new BadRow('expected 7 fields');
    const [idText, time, , price, volume, action, direction] = fields;
    const id = /^\d{1,15}$/.test(idText!) ? Number(idText) : Number.NaN;
    const localNs = unixTextToNs(time!, UnixUnit.MILLIS, this.epochDay);
    const lots = /^\d{1,15}$/.test(volume!) ? Number(volume) : Number.NaN;
    if (!(id > 0)) throw new BadRow('malformed id');
    if (Number.isNaN(localNs)) throw new BadRow('malformed timestamp');
    if (action !== 'created' && action !== 'changed' && action !== 'deleted') throw new BadRow('unknown action');
    if (!(lots >= 0)) throw new BadRow('volume is no integer of satoshi');
    if (lots === 0 && action !== 'deleted') throw new BadRow('size is zero');
    if (direction !== 'bid' && direction !== 'ask') throw new BadRow("direction is neither 'bid' nor 'ask'");
    const ticks = priceTicks(this.instruments[0]!, price);
    return { action, id, buy: direction === 'bid', priceTicks: ticks, lots, localNs, line };
  }
}

/**
 * Bitstamp's live order stream (L3) as logged in lines of `<Unix ms> <event> <json>`: order_created, order_changed,
 * order_deleted, trade, and now and then an order_book of the best twenty levels, which is no event but a truth to check
 * against. `datetime` is the second in which the order was made, not that of the event, so events carry no venue time.
 */
import { type EventBatch, EventFlag, EventKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { epochDayOfUnixMs, unixMsToNs } from '@quotewright/core/base/time';
import { guessInstrument } from '../guess-instrument.ts';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import type { Head } from '../source.ts';
import { InputError, ReadReport } from '../report.ts';
import { firstBytes, HEAD_BYTES } from '../source.ts';
import type { Source } from '../source.ts';
import { BitstampOrders } from './bitstamp-orders.ts';
import type { OrderAction, OrderMessage } from './bitstamp-orders.ts';
import { BadRow, integerField, parseObject, positiveLots, priceTicks, sizeLots } from './decimals.ts';
import type { JsonObject } from '../json.ts';
import { lineBatches } from './line-batches.ts';

const LINE = /^(\d{12,14}) (order_created|order_changed|order_deleted|order_book|trade|\w+) (\{.*\})$/;
const ORDER_LINE = /^\d{12,14} (order_created|order_changed|order_deleted|trade|order_book) \{/;
const ACTIONS: ReadonlyMap<string, OrderAction> = new Map([
  ['order_created', 'created'],
  ['order_changed', 'changed'],
  ['order_deleted', 'deleted'],
]);

export const bitstampLogFormat: Format = {
  name: 'bitstamp-log',
  description: 'Bitstamp live orders (L3): lines of `ms event {json}`',
  recognise(head: Head): number {
    const lines = head.text.split('\n', 4).slice(0, 3);
    return lines.every((line) => ORDER_LINE.test(line) || line === '') && lines[0] !== '' ? 1 : 0;
  },
  async open(source: Source, options: OpenOptions): Promise<Recording> {
    return new BitstampLogRecording(source, options, await firstDay(source, LINE));
  },
};

/** The UTC day of the first line that holds Unix milliseconds, as the pattern's first group. */
export async function firstDay(source: Source, pattern: RegExp): Promise<number> {
  const text = Buffer.from(await firstBytes(source, HEAD_BYTES)).toString('latin1');
  for (const line of text.split('\n')) {
    const match = pattern.exec(line.trimEnd());
    if (match !== null) return epochDayOfUnixMs(Number(match[1]));
  }
  throw new InputError(`${source.path}: holds no line of Bitstamp orders at its start`);
}

export function bitstampInstrument(options: OpenOptions): Instrument {
  const samples = { prices: ['0.01'], sizes: ['0.00000001'] };
  return guessInstrument('bitstamp', options.symbol ?? 'BTC/USD', options, () => samples);
}

/** A line's parts. @throws BadRow */
export interface LogLine {
  readonly event: string;
  readonly localNs: number;
  readonly body: JsonObject;
}

export function parseLogLine(line: string, epochDay: number): LogLine {
  const match = LINE.exec(line);
  if (match === null) throw new BadRow("line is not '<Unix ms> <event> {json}'");
  return { event: match[2]!, localNs: unixMsToNs(Number(match[1]), epochDay), body: parseObject(match[3]!) };
}

/** The order message in a line; undefined when it is another event. @throws BadRow */
export function orderMessageOf(parsed: LogLine, line: number, instrument: Instrument): OrderMessage | undefined {
  const action = ACTIONS.get(parsed.event);
  if (action === undefined) return undefined;
  const { body, localNs } = parsed;
  const type = body['order_type'];
  if (type !== 0 && type !== 1) throw new BadRow('order_type is neither 0 nor 1');
  return {
    action,
    id: integerField(body, 'id'),
    buy: type === 0,
    priceTicks: priceTicks(instrument, body['price']),
    lots: action === 'deleted' ? sizeLots(instrument, body['amount']) : positiveLots(instrument, body['amount']),
    localNs,
    line,
  };
}

class BitstampLogRecording implements Recording {
  readonly format = 'bitstamp-log';
  readonly isL3 = true;
  readonly epochDay: number;
  readonly instruments: readonly Instrument[];
  readonly report: ReadReport;
  readonly #source: Source;
  readonly #orders: BitstampOrders;

  constructor(source: Source, options: OpenOptions, epochDay: number) {
    this.epochDay = epochDay;
    this.instruments = [bitstampInstrument(options)];
    this.report = new ReadReport(source.path, options.strict);
    this.#source = source;
    this.#orders = new BitstampOrders(this.report);
  }

  batches(): AsyncGenerator<EventBatch, void, undefined> {
    const read = (line: string, number: number, batch: EventBatch): void => this.#line(line, number, batch);
    return lineBatches(this.#source, this.report, BitstampOrders.MAX_EVENTS, read);
  }

  #line(line: string, number: number, batch: EventBatch): void {
    const instrument = this.instruments[0]!;
    const parsed = parseLogLine(line, this.epochDay);
    const message = orderMessageOf(parsed, number, instrument);
    if (message !== undefined) this.#orders.apply(message, batch);
    else if (parsed.event === 'trade') this.#trade(parsed, instrument, batch);
    else if (parsed.event === 'order_book') this.report.addIgnored('order_book (a truth for `book verify`)');
    else throw new BadRow('unknown event');
  }

  #trade({ body, localNs }: LogLine, instrument: Instrument, batch: EventBatch): void {
    const ticks = priceTicks(instrument, body['price']);
    const lots = positiveLots(instrument, body['amount']);
    const flags = this.#orders.takerIsBuy() ? EventFlag.LAST | EventFlag.BUY : EventFlag.LAST;
    batch.push(EventKind.TRADE, flags, 0, Number.NaN, localNs, ticks, lots, 0, integerField(body, 'id'), 0);
  }
}

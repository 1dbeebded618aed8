/**
 * Bitfinex raw books (precision R0, L3) as one JSON array of WebSocket messages: `[channel, [[id, price, amount]…]]` is
 * the snapshot, `[channel, [id, price, amount]]` an update. Price 0 deletes; the amount's sign is the side. There are no
 * times. Source: Bitfinex's documentation of the v2 raw books channel.
 */
import { EventBatch, EventFlag, EventKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { guessInstrument } from '../guess-instrument.ts';
import { jsonElements } from '../json-array.ts';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import type { Head } from '../source.ts';
import { InputError, ReadReport } from '../report.ts';
import { firstBytes, HEAD_BYTES } from '../source.ts';
import type { Source } from '../source.ts';
import { BadRow, positiveLots, priceTicks } from './decimals.ts';
import { isObject } from '../json.ts';

const SUBSCRIBED = /"event" ?: ?"subscribed"[^}]*"channel" ?: ?"book"[^}]*"prec" ?: ?"R0"/;
const PAIR = /"pair" ?: ?"([A-Za-z0-9:]{3,20})"/;
/** Bare arrays of messages, for files that begin after the subscription. */
const BARE = /^\s*\[\s*\[\d+, ?\[\[\d{6,}, ?[\d.]+, ?-?[\d.]+\]/;

export const bitfinexRawFormat: Format = {
  name: 'bitfinex-raw',
  description: 'Bitfinex raw book R0 (L3): one JSON array of messages',
  recognise(head: Head): number {
    const start = head.text.slice(0, 4096);
    if (!start.trimStart().startsWith('[')) return 0;
    return SUBSCRIBED.test(start) ? 1 : BARE.test(start) ? 0.8 : 0;
  },
  async open(source: Source, options: OpenOptions): Promise<Recording> {
    const text = Buffer.from(await firstBytes(source, HEAD_BYTES)).toString('latin1');
    if (!text.trimStart().startsWith('[')) throw new InputError(`${source.path}: expected a JSON array of messages`);
    return new BitfinexRawRecording(source, options, options.symbol ?? PAIR.exec(text)?.[1] ?? 'UNKNOWN');
  },
};

interface Resting {
  readonly buy: boolean;
  readonly ticks: number;
}

/** Most events that one update makes; a snapshot is flushed row by row. */
const MAX_EVENTS = 4;

class BitfinexRawRecording implements Recording {
  readonly format = 'bitfinex-raw';
  readonly isL3 = true;
  readonly epochDay = 0;
  readonly instruments: readonly Instrument[];
  readonly report: ReadReport;
  readonly #source: Source;
  readonly #resting = new Map<number, Resting>();

  constructor(source: Source, options: OpenOptions, symbol: string) {
    const samples = { prices: ['0.00000001'], sizes: ['0.00000001'] };
    this.instruments = [guessInstrument('bitfinex', symbol, options, () => samples)];
    this.report = new ReadReport(source.path, options.strict);
    this.#source = source;
  }

  async *batches(): AsyncGenerator<EventBatch, void, undefined> {
    const batch = new EventBatch();
    for await (const { texts, first } of jsonElements(this.#source)) {
      for (let i = 0; i < texts.length; i++) {
        for (const row of this.#rows(texts[i]!, first + i, batch)) {
          this.#order(row, first + i, batch);
          if (batch.length <= batch.capacity - MAX_EVENTS) continue;
          yield batch;
          batch.clear();
        }
      }
    }
    if (batch.length > 0) yield batch;
  }

  /** The order rows of a message, with the marks of a snapshot around them. */
  *#rows(text: string, number: number, batch: EventBatch): Generator<OrderRow, void, undefined> {
    this.report.rows++;
    const payload = this.#payload(text, number);
    if (payload === undefined) return;
    if (!Array.isArray(payload[0])) {
      yield { row: payload, flags: EventFlag.LAST };
      return;
    }
    this.#resting.clear();
    push(batch, EventKind.SNAPSHOT_BEGIN, EventFlag.SNAPSHOT, 0, 0, 0);
    for (const row of payload) yield { row, flags: EventFlag.SNAPSHOT };
    push(batch, EventKind.SNAPSHOT_END, EventFlag.SNAPSHOT | EventFlag.LAST, 0, 0, 0);
  }

  /** What a message carries for the book, if it does; a malformed one is counted. */
  #payload(text: string, number: number): readonly unknown[] | undefined {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      this.report.addBad('malformed JSON', number, text);
      return undefined;
    }
    if (isObject(message)) this.report.addIgnored(`event ${String(message['event'])}`);
    else if (!Array.isArray(message) || message.length < 2)
      this.report.addBad('message is no [channel, data]', number, text);
    else if (message[1] === 'hb' || message[1] === 'cs') this.report.addIgnored(String(message[1]));
    else if (Array.isArray(message[1]) && message[1].length > 0) return message[1] as readonly unknown[];
    else this.report.addBad('message carries no orders', number, text);
    return undefined;
  }

  #order({ row, flags }: OrderRow, number: number, batch: EventBatch): void {
    try {
      if (!Array.isArray(row) || row.length !== 3) throw new BadRow('row is not [id, price, amount]');
      const [id, price, amount] = row as readonly unknown[];
      if (typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0) throw new BadRow('malformed order id');
      if (typeof amount !== 'number' || amount === 0) throw new BadRow('amount is not a number other than zero');
      const known = this.#resting.get(id);
      if (price === 0) {
        this.#resting.delete(id);
        const side = (known?.buy ?? amount > 0) ? EventFlag.BUY : 0;
        push(batch, EventKind.ORDER_REMOVE, flags | side, known?.ticks ?? 0, 0, id);
        return;
      }
      const buy = amount > 0;
      const instrument = this.instruments[0]!;
      const ticks = priceTicks(instrument, price);
      const lots = positiveLots(instrument, Math.abs(amount));
      const side = buy ? EventFlag.BUY : 0;
      this.#resting.set(id, { buy, ticks });
      if (known === undefined) push(batch, EventKind.ORDER_ADD, flags | side, ticks, lots, id);
      else if (known.ticks === ticks && known.buy === buy)
        push(batch, EventKind.ORDER_SET, flags | side, ticks, lots, id);
      else {
        push(batch, EventKind.ORDER_REMOVE, known.buy ? EventFlag.BUY : 0, known.ticks, 0, id);
        push(batch, EventKind.ORDER_ADD, flags | side, ticks, lots, id);
      }
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      this.report.addBad(error.message, number, JSON.stringify(row));
    }
  }
}

interface OrderRow {
  readonly row: unknown;
  readonly flags: number;
}

function push(batch: EventBatch, kind: EventKind, flags: number, ticks: number, lots: number, id: number): void {
  batch.push(kind, flags, 0, Number.NaN, Number.NaN, ticks, lots, id, 0, 0);
}

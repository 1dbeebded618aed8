/** A Coinbase REST book snapshot, level 2 or 3, as one JSON object: read as a recording that is one snapshot. */
import { EventBatch, EventFlag, EventKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { parseIsoDay, parseIsoNs } from '@quotewright/core/base/time';
import { guessInstrument } from '../guess-instrument.ts';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import type { Head } from '../source.ts';
import { InputError, ReadReport } from '../report.ts';
import { readWhole } from '../source.ts';
import type { Source } from '../source.ts';
import { BadRow, decimalText, integerField, parseObject, positiveLots, priceTicks, textField } from './decimals.ts';
import { isObject } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** A snapshot is one JSON value, so it is held whole; the largest seen is 8 MB. */
const MAX_BYTES = 512 * 1024 * 1024;

export const coinbaseRestFormat: Format = {
  name: 'coinbase-rest',
  description: 'a Coinbase REST book snapshot, level 2 or 3, one JSON object with product, level, sequence, bids, asks',
  recognise(head: Head): number {
    const start = head.text.slice(0, 2000);
    const keys = ['"product"', '"level"', '"sequence"', '"captured_at"'];
    return start.trimStart().startsWith('{') && keys.every((key) => start.includes(key)) ? 1 : 0;
  },
  async open(source: Source, options: OpenOptions): Promise<Recording> {
    return new CoinbaseRestRecording(source, options, await readSnapshot(source));
  },
};

/** The snapshot's JSON with its rows not yet looked at. */
export interface RestSnapshot {
  readonly product: string;
  readonly level: 2 | 3;
  readonly capturedAt: string;
  readonly sequence: number;
  /** `[price, size, order id (level 3) or number of orders (level 2)]`, best first. */
  readonly bids: readonly unknown[];
  readonly asks: readonly unknown[];
}

/** @throws InputError when it is no such snapshot. */
export async function readSnapshot(source: Source): Promise<RestSnapshot> {
  const text = (await readWhole(source, MAX_BYTES)).toString('utf8');
  try {
    return snapshotOf(parseObject(text));
  } catch (error) {
    if (error instanceof BadRow) throw new InputError(`${source.path}: ${error.message}`);
    throw error;
  }
}

function snapshotOf(value: JsonObject): RestSnapshot {
  const { level, bids, asks } = value;
  if (level !== 2 && level !== 3) throw new BadRow(`level: found '${String(level)}', expected 2 or 3`);
  if (!Array.isArray(bids) || !Array.isArray(asks)) throw new BadRow('bids and asks are not both arrays');
  const capturedAt = textField(value, 'captured_at');
  if (Number.isNaN(parseIsoNs(capturedAt, 0))) throw new BadRow(`captured_at: found '${capturedAt}', expected a time`);
  return {
    product: textField(value, 'product'),
    level,
    capturedAt,
    sequence: integerField(value, 'sequence'),
    bids,
    asks,
  };
}

class CoinbaseRestRecording implements Recording {
  readonly format = 'coinbase-rest';
  readonly isL3: boolean;
  readonly epochDay: number;
  readonly instruments: readonly Instrument[];
  readonly report: ReadReport;
  readonly #snapshot: RestSnapshot;
  readonly #timeNs: number;
  #row = 0;

  constructor(source: Source, options: OpenOptions, snapshot: RestSnapshot) {
    this.isL3 = snapshot.level === 3;
    this.epochDay = parseIsoDay(snapshot.capturedAt.slice(0, 10));
    this.report = new ReadReport(source.path, options.strict);
    this.#snapshot = snapshot;
    this.#timeNs = parseIsoNs(snapshot.capturedAt, this.epochDay);
    const rows = [...snapshot.bids, ...snapshot.asks].filter((row) => Array.isArray(row)).slice(0, 1000);
    const column = (at: number): string[] =>
      rows.map((row: readonly unknown[]) => decimalText(row[at], 'price or size'));
    this.instruments = [
      guessInstrument('coinbase', options.symbol ?? snapshot.product, options, () => ({
        prices: column(0),
        sizes: column(1),
      })),
    ];
  }

  async *batches(): AsyncGenerator<EventBatch, void, undefined> {
    const batch = new EventBatch();
    const { bids, asks, sequence } = this.#snapshot;
    const time = this.#timeNs;
    const seen = new Set<string>();
    batch.push(EventKind.SNAPSHOT_BEGIN, EventFlag.SNAPSHOT, 0, time, Number.NaN, 0, 0, 0, sequence, 0);
    for (const [rows, side] of [
      [bids, EventFlag.BUY],
      [asks, 0],
    ] as const) {
      for (const row of rows) {
        this.#add(row, side, seen, batch);
        if (!batch.isFull) continue;
        yield batch;
        batch.clear();
      }
    }
    const flags = EventFlag.SNAPSHOT | EventFlag.LAST;
    batch.push(EventKind.SNAPSHOT_END, flags, 0, time, Number.NaN, 0, 0, 0, sequence, 0);
    yield batch;
  }

  #add(row: unknown, side: number, seen: Set<string>, batch: EventBatch): void {
    const number = ++this.#row;
    this.report.rows++;
    try {
      if (!Array.isArray(row) || row.length !== 3) throw new BadRow('row is not [price, size, id or count]');
      const [price, size, third] = row as readonly unknown[];
      const instrument = this.instruments[0]!;
      const ticks = priceTicks(instrument, price);
      const lots = positiveLots(instrument, size);
      const name = this.isL3 ? String(third) : `${side} ${ticks}`;
      if (seen.has(name))
        return this.report.addDuplicate(number, this.isL3 ? `order ${name}` : `level ${String(price)}`);
      seen.add(name);
      const kind = this.isL3 ? EventKind.ORDER_ADD : EventKind.LEVEL;
      const flags = side | EventFlag.SNAPSHOT;
      const id = this.isL3 ? number : 0;
      batch.push(kind, flags, 0, this.#timeNs, Number.NaN, ticks, lots, id, this.#snapshot.sequence, 0);
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      this.report.addBad(error.message, number, isObject(row) ? '{…}' : JSON.stringify(row));
    }
  }
}

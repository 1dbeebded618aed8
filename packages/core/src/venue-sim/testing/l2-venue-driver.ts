/** Speaks to an `L2ReplayVenue` of one instrument, index 3, in plain calls, and takes its reports as objects. */
import { EVENT_STRIDE, EventFlag, EventKind, Field, packHead } from '../../market/event.ts';
import { Instrument } from '../../market/instrument.ts';
import { RequestKind } from '../../trading/records.ts';
import { type L2ReplayOptions, L2ReplayVenue } from '../l2-replay.ts';
import { type QueueModel, queueModel } from '../queue-model.ts';

export const INDEX = 3;

/** A report, field by field. */
export interface PlainReport {
  kind: number;
  flags: number;
  ns: number;
  price: number;
  size: number;
  id: number;
  seq: number;
  aux: number;
}

export class L2Driver {
  readonly venue: L2ReplayVenue;
  readonly #record = new Float64Array(EVENT_STRIDE);

  constructor(options: L2ReplayOptions & { readonly queue?: QueueModel } = {}, minNotional = '0') {
    const instrument = new Instrument({
      venue: 'v',
      symbol: 's',
      base: 'B',
      quote: 'Q',
      tick: '1',
      lot: '1',
      contract: 'linear',
      maxSize: '1000',
      minNotional,
      fees: { maker: '-0.0001', taker: '0.0005' },
    });
    this.venue = new L2ReplayVenue(instrument, INDEX, options.queue ?? queueModel('risk-averse'), options);
  }

  level(buy: boolean, price: number, size: number, ns: number): PlainReport[] {
    return this.#market(EventKind.LEVEL, buy, price, size, ns);
  }

  trade(buyer: boolean, price: number, size: number, ns: number): PlainReport[] {
    return this.#market(EventKind.TRADE, buyer, price, size, ns);
  }

  /** A record of a kind without price: SNAPSHOT_BEGIN, SNAPSHOT_END, GAP, STATUS (`size`). */
  mark(kind: number, ns: number, size = 0): PlainReport[] {
    return this.#market(kind, false, 0, size, ns);
  }

  enter(id: number, flags: number, price: number, size: number, ns: number): PlainReport[] {
    return this.#request(RequestKind.NEW, flags, price, size, id, ns);
  }

  cancel(id: number, ns: number): PlainReport[] {
    return this.#request(RequestKind.CANCEL, 0, 0, 0, id, ns);
  }

  amend(id: number, price: number, size: number, ns: number): PlainReport[] {
    return this.#request(RequestKind.AMEND, 0, price, size, id, ns);
  }

  #market(kind: number, buy: boolean, price: number, size: number, ns: number): PlainReport[] {
    this.#fill(packHead(kind, buy ? EventFlag.BUY : 0, INDEX), price, size, 0);
    this.#record[Field.VENUE_NS] = ns;
    this.venue.market(this.#record, 0);
    return this.#reports();
  }

  #request(kind: number, flags: number, price: number, size: number, id: number, ns: number): PlainReport[] {
    this.#fill(packHead(kind, flags, INDEX), price, size, id);
    this.venue.request(this.#record, 0, ns);
    return this.#reports();
  }

  #fill(head: number, price: number, size: number, id: number): void {
    this.#record.fill(0);
    this.#record[Field.HEAD] = head;
    this.#record[Field.PRICE_TICKS] = price;
    this.#record[Field.SIZE_LOTS] = size;
    this.#record[Field.ORDER_ID] = id;
  }

  #reports(): PlainReport[] {
    const queue = this.venue.reports;
    const reports: PlainReport[] = [];
    while (queue.length > 0) {
      const at = queue.peek();
      const [head = 0, ns = 0, , price = 0, size = 0, id = 0, seq = 0, aux = 0] = queue.data.subarray(
        at,
        at + EVENT_STRIDE,
      );
      if (head >> 16 !== INDEX) throw new Error(`report of instrument ${head >> 16}`);
      reports.push({ kind: head & 0xff, flags: (head >> 8) & 0xff, ns, price, size, id, seq, aux });
      queue.shift();
    }
    return reports;
  }
}

/** Bids 100 × 10 and 99 × 20, asks 102 × 10 and 103 × 20. */
export function quotedMarket(options: ConstructorParameters<typeof L2Driver>[0] = {}, minNotional = '0'): L2Driver {
  const driver = new L2Driver(options, minNotional);
  driver.level(true, 100, 10, 1);
  driver.level(true, 99, 20, 1);
  driver.level(false, 102, 10, 1);
  driver.level(false, 103, 20, 1);
  return driver;
}

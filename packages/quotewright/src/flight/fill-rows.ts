/** The fills of a flight, in a table: the last ones before any event, and what fees had been paid by then. */
import type { StrategySeat } from '@quotewright/core/engine/strategy-seat';
import { SettlementValue } from '@quotewright/core/analytics/settlement-value';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { Fill, Market } from '@quotewright/core/strategies/strategy';
import type { FillEntry } from '../server/protocol/stream.ts';
import { marketMs } from '../server/views/market-time.ts';
import { Rows } from './rows.ts';

const EVENT = 0;
const TIME_NS = 1;
const STRATEGY = 2;
const INSTRUMENT = 3;
const ORDER = 4;
const SIDE = 5;
const TICKS = 6;
const LOTS = 7;
const MAKER = 8;
const FEE = 9;
const POSITION = 10;
/** Of the strategy in the instrument, this one included. */
const FEES_PAID = 11;
const WIDTH = 12;

export class FillRows {
  readonly #rows = new Rows(WIDTH);
  readonly #values: readonly SettlementValue[];
  readonly #epochDay: number;
  /** Fees paid so far, in the settlement currency, by strategy × instruments + instrument. */
  readonly #paid: Float64Array;

  constructor(instruments: readonly Instrument[], strategies: number, epochDay: number) {
    this.#values = instruments.map((instrument) => new SettlementValue(instrument));
    this.#epochDay = epochDay;
    this.#paid = new Float64Array(instruments.length * strategies);
  }

  /** @param market as it is after the fill */
  add(event: number, ns: number, strategy: number, market: Market, fill: Fill, feePpb: number): void {
    const { index } = market;
    const { priceTicks, sizeLots, side } = fill;
    const fee = (this.#values[index]!.notional(sizeLots, priceTicks) * feePpb) / 1e9;
    const paid = strategy * this.#values.length + index;
    this.#paid[paid]! += fee;
    const at = this.#rows.add();
    const { data } = this.#rows;
    data[at + EVENT] = event;
    data[at + TIME_NS] = ns;
    data[at + STRATEGY] = strategy;
    data[at + INSTRUMENT] = index;
    data[at + ORDER] = fill.orderId;
    data[at + SIDE] = side === Side.BUY ? 1 : -1;
    data[at + TICKS] = priceTicks;
    data[at + LOTS] = sizeLots;
    data[at + MAKER] = fill.isMaker ? 1 : 0;
    data[at + FEE] = fee;
    data[at + POSITION] = market.positionLots;
    data[at + FEES_PAID] = this.#paid[paid]!;
  }

  /** The last fills up to an event, it included, oldest first. */
  last(event: number, most: number): FillEntry[] {
    const end = this.#rows.countTo(event);
    return Array.from({ length: Math.min(end, most) }, (_, i) => this.#entry(Math.max(0, end - most) + i));
  }

  /** In the settlement currency, up to an event. Of what lies before the flight's first event only what the ledger has counted. */
  feesPaid({ ledger, index: strategy }: StrategySeat, market: number, event: number): number {
    if (ledger.feeCurrency(market) === ledger.settlement(market)) return ledger.fees(market);
    const { data } = this.#rows;
    for (let row = this.#rows.countTo(event) - 1; row >= 0; row--) {
      const at = row * WIDTH;
      if (data[at + STRATEGY] === strategy && data[at + INSTRUMENT] === market) return data[at + FEES_PAID]!;
    }
    return 0;
  }

  #entry(row: number): FillEntry {
    const { data } = this.#rows;
    const at = row * WIDTH;
    return {
      number: row + 1,
      timeMs: marketMs(this.#epochDay, data[at + TIME_NS]!),
      strategy: data[at + STRATEGY]!,
      instrument: data[at + INSTRUMENT]!,
      orderId: data[at + ORDER]!,
      side: data[at + SIDE] === 1 ? 1 : -1,
      ticks: data[at + TICKS]!,
      lots: data[at + LOTS]!,
      isMaker: data[at + MAKER] === 1,
      fee: data[at + FEE]!,
      positionLots: data[at + POSITION]!,
    };
  }
}

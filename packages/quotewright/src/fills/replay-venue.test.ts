/** What the truth of fills says of a model is what a backtest would have done: the L2 replay venue is shown the same view. */
import { Random } from '@quotewright/core/base/random';
import { EVENT_STRIDE, EventFlag, EventKind, Field, packHead } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { OrderFlag, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { HazardQueue } from '@quotewright/core/venue-sim/hazard-queue';
import { L2ReplayVenue } from '@quotewright/core/venue-sim/l2-replay';
import { queueModel, type QueueModel } from '@quotewright/core/venue-sim/queue-model';
import { describe, expect, it } from 'vitest';
import { LifeEnd, realOrders, type RealOrder } from './real-orders.ts';
import { replayOrder, viewOf, type Outcome } from './replay-order.ts';
import { RowKind, type Tape } from './tape.ts';
import { randomMarket } from './testing/random-market.ts';
import { tapeOf } from './testing/tape-script.ts';

const INSTRUMENT = new Instrument({
  venue: 'x',
  symbol: 'X',
  base: 'X',
  quote: 'Y',
  tick: '1',
  lot: '1',
  contract: 'spot',
});
const { BUY, LAST } = EventFlag;

/** Lots that the venue fills of the order within its life, the tape shown as levels and prints without the order. */
function atVenue(tape: Tape, order: RealOrder, queue: QueueModel): number {
  const venue = new L2ReplayVenue(INSTRUMENT, 0, queue);
  const data = new Float64Array(EVENT_STRIDE);
  const fill = (kind: number, flags: number, ns: number, price: number, lots: number): void => {
    data.fill(0);
    data[Field.HEAD] = packHead(kind, flags, 0);
    data[Field.VENUE_NS] = ns;
    data[Field.PRICE_TICKS] = price;
    data[Field.SIZE_LOTS] = lots;
    data[Field.ORDER_ID] = 1;
  };
  const isFilled = order.end === LifeEnd.FILLED;
  let own = 0;
  for (let row = 0; row < tape.length; row++) {
    const ns = tape.timeNs[row]!;
    if (row > order.endRow && !(isFilled && ns === order.endNs)) break;
    const kind = tape.kind[row];
    const price = tape.priceTicks[row]!;
    const isBid = tape.side[row] === 0;
    if (kind === RowKind.EXEC) {
      fill(EventKind.TRADE, isBid ? LAST : LAST | BUY, ns, price, tape.lots[row]!);
      venue.market(data, 0);
    }
    if (tape.orderId[row] === order.id) {
      if (kind === RowKind.ADD) {
        own = order.lots;
        fill(RequestKind.NEW, OrderFlag.BUY | OrderFlag.POST_ONLY, ns, price, own);
        venue.request(data, 0, ns);
      } else own -= tape.lots[row]!;
      continue;
    }
    const isOurs = isBid && price === order.priceTicks;
    fill(EventKind.LEVEL, isBid ? LAST | BUY : LAST, ns, price, tape.afterLots[row]! - (isOurs ? own : 0));
    venue.market(data, 0);
  }
  let filled = 0;
  const { reports } = venue;
  while (reports.length > 0) {
    const at = reports.peek();
    if ((reports.data[at + Field.HEAD]! & 0xff) === ReportKind.FILL) filled += reports.data[at + Field.SIZE_LOTS]!;
    reports.shift();
  }
  return filled;
}

const MODELS: Record<string, () => QueueModel> = {
  touch: () => queueModel('touch'),
  'risk-averse': () => queueModel('risk-averse'),
  power1: () => queueModel('power1', 1),
  log2: () => queueModel('log2'),
  hazard: () => new HazardQueue(Random.stream(3, 'venue')),
};

describe('the truth of fills and the L2 replay venue', () => {
  it.each(Object.keys(MODELS))('agree on what %s fills', (name) => {
    let fills = 0;
    for (let seed = 0; seed < 6; seed++) {
      const tape = tapeOf(randomMarket(seed, 150));
      const view = viewOf(tape, 0);
      const out: Outcome = { filledLots: 0, firstFillNs: Number.NaN };
      for (const order of realOrders(tape)) {
        if (order.side !== 0) continue;
        replayOrder(view, order, MODELS[name]!(), 0, out);
        const lots = atVenue(tape, order, MODELS[name]!());
        expect(lots > 0).toBe(out.filledLots > 0);
        if (lots > 0) fills++;
      }
    }
    expect(fills).toBeGreaterThan(50);
  });
});

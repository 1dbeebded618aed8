/** Runs a living market and measures it as a recording is measured. */
import { FactsRecorder, type StylisedFacts } from '@quotewright/core/analytics/stylised-facts';
import { BookBuilder } from '@quotewright/core/market/book-builder';
import type { Instrument } from '@quotewright/core/market/instrument';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import type { MarketParams } from '@quotewright/core/venue-sim/living/params';
import { type FlowFigures, FlowMeasure } from './flow-measure.ts';

export interface Measured {
  readonly facts: StylisedFacts;
  readonly flow: FlowFigures;
}

export function simulate(
  instrument: Instrument,
  params: MarketParams,
  seed: number,
  seconds: number,
  windowTicks: number,
): Measured {
  const market = new LivingMarket([{ instrument, params }], seed);
  const builder = new BookBuilder(false);
  const recorder = new FactsRecorder();
  const flow = new FlowMeasure(windowTicks, false);
  const { feed } = market;
  while (market.nextNs < seconds * 1e9) {
    for (; feed.length > 0; feed.shift()) {
      const at = feed.peek();
      recorder.see(feed.data, at, builder.book);
      flow.see(feed.data, at, builder.book);
      builder.apply(feed.data, at);
    }
    market.step();
  }
  return { facts: recorder.facts(), flow: flow.figures() };
}

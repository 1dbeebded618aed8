/**
 * The market of agents for the exchange: one instrument for each venue and coin, of which those of one coin follow the first. An instrument
 * behaves as the coin's in `calibrate/sample-markets.ts`, whose distances and sizes are put on the ticks and lots of the venue's.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { L3Book } from '@quotewright/core/market/l3-book';
import { type LivingInstrument, LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { DEFAULT_FOLLOW, type MarketParams, type SignalParams } from '@quotewright/core/venue-sim/living/params';
import { sampleMarket } from '../../calibrate/sample-markets.ts';
import type { ExchangeInstrument } from '../contract.ts';
import type { MarketSource } from './local-exchange.ts';

export class LivingSource extends LivingMarket implements MarketSource {
  queues(instrument: number): L3Book {
    return this.book(instrument);
  }
}

/** The instruments of all venues, as a living market takes them. */
export function livingInstruments(listed: readonly ExchangeInstrument[]): LivingInstrument[] {
  return listed.map(({ coin, instrument }, index) => {
    const leader = listed.findIndex((other) => other.coin === coin);
    const follows = leader === index ? undefined : { ...DEFAULT_FOLLOW, instrument: leader };
    return { instrument, params: paramsFor(coin, instrument), follows };
  });
}

/** The parameters of a coin's sample market on another grid of prices and sizes. */
export function paramsFor(coin: string, instrument: Instrument): MarketParams {
  const sample = sampleMarket(`${coin}-USD`);
  const ticks = stepOf(sample.instrument.price.step) / stepOf(instrument.price.step);
  const lots =
    stepOf(sample.instrument.size.step) / stepOf(instrument.size.step) / stepOf(instrument.spec.multiplier ?? '1');
  const { value, noise, makers, momentum, informed, fundamental, impact, hawkes } = sample.params;
  const signal = (each: SignalParams): SignalParams => ({
    ...each,
    thresholdTicks: each.thresholdTicks * ticks,
    sizeLots: each.sizeLots * lots,
  });
  return {
    value: {
      ...value,
      startTicks: Math.max(2, Math.round(value.startTicks * ticks)),
      volatilityTicks: value.volatilityTicks * ticks,
      jumpTicks: value.jumpTicks * ticks,
    },
    noise: {
      ...noise,
      sizeLots: Math.max(1, noise.sizeLots * lots),
      takeLots: noise.takeLots * lots,
      placementTicks: noise.placementTicks * ticks,
    },
    makers: {
      ...makers,
      spacingTicks: Math.max(1, Math.round(makers.spacingTicks * ticks)),
      halfSpreadTicks: Math.max(0.5, makers.halfSpreadTicks * ticks),
      sizeLots: Math.max(1, makers.sizeLots * lots),
      errorTicks: makers.errorTicks * ticks,
      skewTicks: makers.skewTicks * ticks,
      limitLots: Math.max(1, makers.limitLots * lots),
    },
    momentum: signal(momentum),
    informed: signal(informed),
    fundamental: signal(fundamental),
    hawkes,
    impact: { ...impact, ticks: impact.ticks * ticks },
  };
}

/** For parameters, which are no accounts: nearest is near enough. */
const stepOf = Number;

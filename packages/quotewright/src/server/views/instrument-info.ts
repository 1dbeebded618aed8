/** Instruments and strategies of a session as REST and the stream's greeting tell them. */
import type { Engine } from '@quotewright/core/engine/engine';
import type { Instrument } from '@quotewright/core/market/instrument';
import { STRATEGY_STATE_NAMES } from '@quotewright/core/trading/strategy-state';
import { instrumentName } from '../../risk/operable.ts';
import type { InstrumentInfo, StrategyInfo } from '../protocol/session.ts';

export function instrumentInfos(instruments: readonly Instrument[]): InstrumentInfo[] {
  return instruments.map((instrument, index) => {
    const { venue, symbol, base, quote, settlement, contract, price, size, spec } = instrument;
    return {
      index,
      name: instrumentName(instrument),
      venue,
      symbol,
      base,
      quote,
      settlement,
      contract,
      tick: price.format(1),
      lot: size.format(1),
      multiplier: spec.multiplier ?? '1',
      priceDigits: price.decimals,
      sizeDigits: size.decimals,
    };
  });
}

export function strategyInfos(engine: Pick<Engine, 'seats'>): StrategyInfo[] {
  return engine.seats.map(({ index, name, state }) => ({ index, name, state: STRATEGY_STATE_NAMES[state] }));
}

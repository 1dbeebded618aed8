/** What the breakers measure of each market's mood, as the stream tells it. */
import type { Engine } from '@quotewright/core/engine/engine';
import type { RegimeData } from '../protocol/stream.ts';
import { finiteOrNull } from './finite.ts';

/** None without risk: it is what measures. */
export function regimeData({ risk, instruments }: Pick<Engine, 'risk' | 'instruments'>): RegimeData {
  if (risk === undefined) return { instruments: [] };
  return {
    instruments: instruments.map((_, instrument) => {
      const { regime, volatility, volatilityRatio, spreadRatio } = risk.breaker.mood(instrument);
      return {
        instrument,
        regime: regime.toLowerCase(),
        volatility: finiteOrNull(volatility),
        volatilityRatio: finiteOrNull(volatilityRatio),
        spreadRatio: finiteOrNull(spreadRatio),
      };
    }),
  };
}

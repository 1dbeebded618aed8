/** A snapshot that is told from every other, of some hundred kilobytes. */
import { Engine } from '@quotewright/core/engine/engine';
import { Mark } from '@quotewright/core/engine/local-market';
import { Instrument } from '@quotewright/core/market/instrument';
import type { Snapshot } from '../snapshot-format.ts';

const INSTRUMENT = new Instrument({
  venue: 'test',
  symbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.1',
  lot: '0.001',
  contract: 'linear',
});

/** An engine that has nothing to do. */
export function idleEngine(): Engine {
  const definition = {
    name: 'idle',
    description: 'does nothing',
    params: {},
    create: () => ({ save: () => ({}), restore: () => {} }),
  };
  return new Engine({
    instruments: [INSTRUMENT],
    isL3: [false],
    venueOf: [0],
    strategies: [{ definition, params: {}, observers: [] }],
    seed: 1,
    mark: Mark.MID,
  });
}

export function sampleSnapshot(sequence: number): Snapshot {
  const filling = new Float64Array(50_000).fill(sequence);
  return { sequence, inputs: 'a', outputs: 'b', engine: idleEngine().save(), host: { filling } };
}

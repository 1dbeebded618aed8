/** The options of a small simulation, which the server's tests begin theirs with. */
import type { SimulationOptions } from '../../backtest/simulation-header.ts';

export const SMALL_SIMULATION: SimulationOptions = {
  strategy: 'basic-maker',
  param: {},
  alongside: [],
  symbols: 'BTCUSDT',
  market: undefined,
  duration: 60,
  latency: '1ms',
  seed: 1,
  risk: undefined,
};

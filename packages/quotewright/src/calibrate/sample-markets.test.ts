import { DEFAULT_FOLLOW } from '@quotewright/core/venue-sim/living/params';
import { describe, expect, it } from 'vitest';
import { sampleMarkets } from './sample-markets.ts';

describe('the markets of a list of names', () => {
  it('are spot and perpetuals at several venues, those of one coin following the first', () => {
    const markets = sampleMarkets('BTCUSDT-SPOT@coins, BTCUSDT-PERP@perps,ETHUSDT,BTCUSDT@perps,FOO-PERP');
    const rows = markets.map(({ instrument: { venue, symbol, contract, base }, follows }) => [
      venue,
      symbol,
      contract,
      base,
      follows?.instrument,
    ]);
    expect(rows).toEqual([
      ['coins', 'BTCUSDT-SPOT', 'spot', 'BTC', undefined],
      ['perps', 'BTCUSDT-PERP', 'linear', 'BTC', 0],
      ['living', 'ETHUSDT', 'linear', 'ETH', undefined],
      ['perps', 'BTCUSDT', 'linear', 'BTC', 0],
      ['living', 'FOO-PERP', 'linear', 'FOO', undefined],
    ]);
    expect(markets[1]!.follows).toEqual({ ...DEFAULT_FOLLOW, instrument: 0 });
    expect(markets[1]!.params).toEqual(markets[0]!.params);
  });

  it('of one name at two venues are two markets; the same twice, and parts left out, are refused', () => {
    expect(sampleMarkets('BTCUSDT@a,BTCUSDT@b').map(({ follows }) => follows?.instrument)).toEqual([undefined, 0]);
    for (const symbols of ['BTCUSDT@a,BTCUSDT@a', 'BTCUSDT,BTCUSDT@living', 'BTCUSDT@', '@a', '-PERP', '', 'A,,B']) {
      expect(() => sampleMarkets(symbols), symbols).toThrow(
        `--symbols: found '${symbols}', expected names that differ`,
      );
    }
  });

  it('know a coin under all its names, each with its quote currency, and at the same price', () => {
    const markets = sampleMarkets('BTC-USD,BTCUSDT,BTC-USDT,BTCUSDC,BTC-USDC,ETH-USD-SPOT,ETHUSD,FOO-USD,FOOUSDT,USD');
    const rows = markets.map(({ instrument: { base, quote, contract, spec }, params, follows }) => [
      `${base}/${quote} ${contract} ${spec.tick} ${spec.lot}`,
      params.value.startTicks,
      follows?.instrument,
    ]);
    expect(rows).toEqual([
      ['BTC/USD linear 0.5 0.001', 120_000, undefined],
      ['BTC/USDT linear 0.5 0.001', 120_000, 0],
      ['BTC/USDT linear 0.5 0.001', 120_000, 0],
      ['BTC/USDC linear 0.5 0.001', 120_000, 0],
      ['BTC/USDC linear 0.5 0.001', 120_000, 0],
      ['ETH/USD spot 0.05 0.01', 60_000, undefined],
      ['ETH/USDT linear 0.05 0.01', 60_000, 5],
      ['FOO/USD linear 0.01 0.01', 100_000, undefined],
      ['FOO/USDT linear 0.01 0.01', 100_000, undefined],
      ['USD/USDT linear 0.01 0.01', 100_000, undefined],
    ]);
  });
});

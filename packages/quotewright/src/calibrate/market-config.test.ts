import { DEFAULT_FOLLOW, DEFAULT_PARAMS } from '@quotewright/core/venue-sim/living/params';
import { describe, expect, it } from 'vitest';
import { formatMarketConfig, parseMarketConfig } from './market-config.ts';
import { sampleMarket, sampleMarkets } from './sample-markets.ts';

/** What the three instruments of a file follow. */
const followsOf = (follows: string) =>
  parseMarketConfig(
    `instruments:
      - { symbol: A, tick: 1, lot: 1 }
      - { symbol: A, venue: other, tick: 1, lot: 1, follows: A }
      - { symbol: B, tick: 1, lot: 1, follows: ${follows} }`,
    'x.yaml',
  ).instruments.map((each) => each.follows);

describe('the configuration of a market', () => {
  it('is the same after it was written and read', () => {
    const config = {
      instruments: [sampleMarket('BTCUSDT'), sampleMarket('FOO')],
      schedule: { isRandom: true, spells: [{ regime: 'crisis' as const, seconds: 30, haltSeconds: 2 }] },
    };
    const read = parseMarketConfig(formatMarketConfig(config), 'x.yaml');
    expect(read.instruments.map(({ params }) => params)).toEqual(config.instruments.map(({ params }) => params));
    expect(read.instruments.map(({ instrument }) => instrument.spec)).toEqual(
      config.instruments.map(({ instrument }) => instrument.spec),
    );
    expect(read.schedule).toEqual(config.schedule);
  });

  it('takes the defaults for what it does not say', () => {
    const text = 'instruments: [{ symbol: A, tick: 0.01, lot: 1, market: { makers: { levels: 7 } } }]';
    const { instruments, schedule } = parseMarketConfig(text, 'x.yaml');
    expect(instruments[0]!.params).toEqual({ ...DEFAULT_PARAMS, makers: { ...DEFAULT_PARAMS.makers, levels: 7 } });
    expect(instruments[0]!.instrument.spec).toMatchObject({ venue: 'living', tick: '0.01', lot: '1' });
    expect(schedule).toBeUndefined();
  });

  it('says which instrument follows another, by symbol, by symbol and venue, or by index', () => {
    const follows = { ...DEFAULT_FOLLOW, instrument: 0 };
    expect(followsOf('0')).toEqual([undefined, follows, follows]);
    expect(followsOf('A@other')).toEqual([undefined, follows, { ...follows, instrument: 1 }]);
    expect(followsOf('{ instrument: A@living, beta: 1.2, basisBps: 5 }').at(-1)).toEqual({
      ...follows,
      beta: 1.2,
      basisBps: 5,
    });
    for (const [wrong, message] of [
      ['A', "instruments.2.follows: found 'A', which is 2 instruments before it"],
      ['B', "found 'B', which is no instrument before it"],
      ['-1', 'x.yaml: instruments.2.follows'],
      ['{ instrument: A@other, ratio: 1 }', 'x.yaml: instruments.2.follows'],
    ] as const) {
      expect(() => followsOf(wrong), wrong).toThrow(message);
    }
  });

  it('keeps what follows what when it is written', () => {
    const config = { instruments: sampleMarkets('BTCUSDT-SPOT@a,ETHUSDT,BTCUSDT-PERP@b'), schedule: undefined };
    const read = parseMarketConfig(formatMarketConfig(config), 'x.yaml');
    expect(read.instruments.map((each) => each.follows)).toEqual(config.instruments.map((each) => each.follows));
  });

  it.each([
    ['', 'x.yaml: the file: '],
    ['instruments: []', 'x.yaml: instruments: '],
    ['instruments: [', 'x.yaml: is no YAML: '],
    ['instruments: [{ symbol: A, tick: 0, lot: 1 }]', 'x.yaml: instrument living A: tick: '],
    [
      'instruments: [{ symbol: A, tick: 1, lot: 1, market: { makers: { level: 7 } } }]',
      'x.yaml: instruments.0.market.makers: ',
    ],
    [
      'instruments: [{ symbol: A, tick: 1, lot: 1, market: { noise: { runs: many } } }]',
      'x.yaml: instruments.0.market.noise.runs: ',
    ],
    ['instruments: [{ symbol: "", tick: 1, lot: 1 }]', 'symbol is empty'],
    [
      'instruments: [{ symbol: A, tick: 1, lot: 1 }]\nschedule: { spells: [{ regime: panic, seconds: 1 }] }',
      'x.yaml: schedule.spells.0.regime: ',
    ],
  ])('refuses %j', (text, message) => {
    expect(() => parseMarketConfig(text, 'x.yaml')).toThrow(message);
  });
});

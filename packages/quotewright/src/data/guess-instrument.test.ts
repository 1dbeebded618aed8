import { describe, expect, it } from 'vitest';
import { getInt64, epochWords, NO_EPOCH, putInt64 } from './int64.ts';
import { guessInstrument, splitSymbol, stepOfTexts } from './guess-instrument.ts';
import { InputError } from './report.ts';
import { random } from './testing/recordings.ts';

const samples = () => ({ prices: ['1.5'], sizes: ['2'] });

describe('instruments of recordings that do not state them', () => {
  it('take the coarsest step that holds all texts', () => {
    expect(stepOfTexts(['1', '2.50', '3.1'])).toBe('0.01');
    expect(stepOfTexts(['1e-7', '12'])).toBe('0.0000001');
    expect(stepOfTexts(['1.5e3', 'x', ''])).toBe('1');
    expect(stepOfTexts([])).toBe('1');
  });

  it('split symbols of several habits', () => {
    expect(
      ['BTCUSDT', 'btc-usd', 'ETH/BTC', 'BTC-PERPETUAL', 'XBT_USD_0324', 'USDT', '???'].map((each) =>
        splitSymbol(each).join(' '),
      ),
    ).toEqual(['BTC USDT', 'BTC USD', 'ETH BTC', 'BTC USD', 'XBT USD', 'USDT USD', '??? USD']);
    expect(
      ['币安人生USDT', 'ёж-usd', '🚀_EUR', 'ÄÖ', 'a\u0301/btc', '', '--'].map((each) => splitSymbol(each).join(' ')),
    ).toEqual(['币安人生 USDT', 'ЁЖ USD', '🚀 EUR', 'ÄÖ USD', 'A\u0301 BTC', ' USD', '-- USD']);
  });

  it('prefer options, then what is known, then the data', () => {
    const none = { strict: false };
    const known = guessInstrument('coinbase', 'BTC-USD', none, () => expect.unreachable('the table knows it'));
    expect([known.spec.tick, known.spec.lot]).toEqual(['0.01', '0.00000001']);
    expect(guessInstrument('coinbase', 'BTC-USD', { ...none, tick: '0.5' }, samples).spec.tick).toBe('0.5');
    const guessed = guessInstrument('x', 'ABC', { ...none, lot: '10', symbol: 'ABCEUR' }, samples).spec;
    expect([guessed.symbol, guessed.base, guessed.quote, guessed.tick, guessed.lot]).toEqual([
      'ABCEUR',
      'ABC',
      'EUR',
      '0.1',
      '10',
    ]);
    expect(() => guessInstrument('x', 'ABC', { ...none, tick: '-1' }, samples)).toThrow(InputError);
  });
});

describe('int64 words', () => {
  it('are the BigInt arithmetic, for times of three centuries and any safe integer', () => {
    const next = random(7);
    const values = new BigInt64Array(1);
    const words = new Int32Array(values.buffer);
    for (let i = 0; i < 50_000; i++) {
      const day = Math.floor(next() * 60_000) - 5000;
      const ns = Math.round((next() - 0.5) * 2 ** Math.floor(next() * 54));
      putInt64(words, 0, ns, epochWords(day));
      expect(values[0]).toBe(BigInt(day) * 86_400_000_000_000n + BigInt(ns));
      expect(getInt64(words, 0, epochWords(day))).toBe(ns + 0);
      putInt64(words, 0, ns, NO_EPOCH);
      expect(values[0]).toBe(BigInt(ns));
    }
  });
});

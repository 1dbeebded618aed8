import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { readTradingConfig, readVenues } from './config.ts';
import { checkSameSession, liveHeader } from './header.ts';
import { requireLive } from './requirements.ts';
import { INSTRUMENTS } from './testing/paper-folder.ts';

const folder = tempFolder();

const NO_RISK = { risk: {}, sinks: [], journalLagMs: 1000 };

const headerOf = async (flags: { symbols: string; config?: string; cash?: string }) =>
  liveHeader({
    mode: 'paper',
    config: await readTradingConfig({ param: {}, ...flags }),
    instruments: INSTRUMENTS,
    risk: NO_RISK,
    nowMs: Date.UTC(2026, 10, 21, 23, 59, 59),
    isDryRun: false,
    tag: 'abc123',
    canAmend: true,
    budgets: undefined,
    depthIntervalNs: [],
  });

describe('what is traded', () => {
  it('is as the file says, and as an option says that stands above it', async () => {
    const config = folder.write(
      'trade.yaml',
      'symbols: { "kraken:BTC/USD": { strategy: grid }, "gemini:btcusd": }\nstrategy: glft\nparams: { levels: 2, size: 0.1 }\nseed: 4\ncash: { USD: "5" }\n',
    );
    const read = await readTradingConfig({ config, param: { levels: '3' }, seed: 9, cash: 'USD=70,EUR=8' });
    expect(read).toMatchObject({
      symbols: { 'kraken:BTC/USD': { strategy: 'grid' }, 'gemini:btcusd': null },
      strategy: 'glft',
      params: { levels: '3', size: 0.1 },
      seed: 9,
      cash: { USD: '70', EUR: '8' },
      latency: '1ms',
    });
    const named = await readTradingConfig({ config, param: {}, symbols: 'gemini:btcusd, kraken:BTC/USD' });
    expect(Object.entries(named.symbols)).toEqual([
      ['gemini:btcusd', null],
      ['kraken:BTC/USD', { strategy: 'grid' }],
    ]);
  });

  it.each([
    ['symbols: 5', 'symbols: '],
    ['symbols: { BTC: }', "symbols: found 'BTC', expected VENUE:SYMBOL, as kraken:BTC/USD"],
    ['symbols: {}', '--symbols: found none'],
    ['symbols: { "a:b": { strtegy: x } }', 'symbols.a:b: '],
    ['symbols: { "a:b": }\ncash: { USD: lots }', 'cash.USD: '],
    ['symbols: { "a:b": }\nfees: { a: { maker: "0.1" } }', 'fees.a.taker: '],
    [
      'symbols: { "a:b": }\nfees: { c: { maker: "0", taker: "0" } }',
      "fees: found 'c', expected a venue of the instruments",
    ],
    ['symbols: { "a:b": }\nqueue: { model: magic }', 'queue.model: '],
    ['venue: x', 'settings: '],
    ['', 'expected settings by name'],
  ])('is refused when the file says %j', async (text, complaint) => {
    const config = folder.write('bad.yaml', text);
    await expect(readTradingConfig({ config, param: {} })).rejects.toThrow(complaint);
  });

  it('needs settings of venues that are settings', async () => {
    await expect(readVenues({ venues: folder.write('v.yaml', 'kraken: { adresses: {} }') })).rejects.toThrow(
      'kraken: ',
    );
    await expect(
      readVenues({ venues: folder.write('v.yaml', 'kraken: { addresses: { rest: "nowhere" } }') }),
    ).rejects.toThrow('kraken.addresses.rest: ');
    expect(await readVenues({})).toEqual({});
  });

  const SYMBOLS = 'pretend:BTC-USD,pretend:ETH-USD';

  it('makes one strategy of instruments that have the same one', async () => {
    const config = folder.write(
      'two.yaml',
      'symbols: { "pretend:BTC-USD": { params: { size: 2 } }, "pretend:ETH-USD": }\nstrategy: grid\n',
    );
    expect((await headerOf({ symbols: SYMBOLS })).strategies).toHaveLength(1);
    const { strategies, epochDay, config: own } = await headerOf({ symbols: SYMBOLS, config });
    expect(strategies.map(({ strategy, params }) => [strategy, params['markets'], params['size']])).toEqual([
      ['grid', 'BTC-USD@pretend', 2],
      ['grid', 'ETH-USD@pretend', expect.anything()],
    ]);
    expect(epochDay).toBe(20_778);
    expect(own).toMatchObject({ simulated: { rule: expect.stringContaining('at its local time') } });
  });

  it('says which strategy cannot have a part of the instruments, and which cash nothing settles in', async () => {
    const config = folder.write(
      'pairs.yaml',
      'symbols: { "pretend:BTC-USD": { strategy: pairs }, "pretend:ETH-USD": { strategy: grid } }\n',
    );
    await expect(headerOf({ symbols: SYMBOLS, config })).rejects.toThrow("symbols: pairs has no parameter 'markets'");
    await expect(headerOf({ symbols: SYMBOLS, cash: 'EUR=5' })).rejects.toThrow('cash: found EUR, expected of USD');
    await expect(headerOf({ symbols: SYMBOLS, cash: 'USD=-5' })).rejects.toThrow(
      'cash.USD: found -5, expected an amount above 0',
    );
  });
});

describe('live trading', () => {
  const all = {
    isConfirmed: true,
    isDryRun: false,
    hasJournal: true,
    riskGiven: 'risk.yaml',
    risk: { ...NO_RISK, risk: { limits: { instruments: { 'kraken:BTC/USD': { max_order_size: 1 } } } } },
    found: [],
  };

  it('begins when nothing is missing, and a dry run without --confirm', () => {
    requireLive(all);
    requireLive({ ...all, isConfirmed: false, isDryRun: true });
  });

  it.each([
    [{ isConfirmed: false }, '--confirm ('],
    [{ hasJournal: false }, 'a journal ('],
    [{ riskGiven: undefined }, 'limits ('],
    [{ riskGiven: 'none' }, 'limits ('],
    [{ risk: { ...NO_RISK, risk: { limits: { global: { max_order_size: null } } } } }, 'limits ('],
    [
      { found: ["kraken: the clock is 900 ms behind the venue's, expected within 500 ms"] },
      'kraken: the clock is 900 ms',
    ],
  ])('does not begin with %j', (lacking, what) => {
    expect(() => requireLive({ ...all, ...lacking })).toThrow(`live trading does not begin without: ${what}`);
  });
});

describe('a session that goes on', () => {
  it('does not when a venue counts in other steps now', async () => {
    const kept = await headerOf({ symbols: 'pretend:BTC-USD,pretend:ETH-USD' });
    const [first, ...others] = kept.instruments;
    checkSameSession('there', kept, kept);
    expect(() =>
      checkSameSession('there', kept, { ...kept, instruments: [{ ...first!, tick: '0.1' }, ...others] }),
    ).toThrow('the tick, lot or kind of an instrument: found another than the session in there was begun with');
  });
});

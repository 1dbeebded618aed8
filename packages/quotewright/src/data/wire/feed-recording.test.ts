import type { InstrumentSpec } from '@quotewright/core/market/instrument';
import { describe, expect, it } from 'vitest';
import { endBooks, eventLines } from './testing/frames.ts';
import { Frames, playedOf } from './testing/recorded.ts';

const DAY = 20_778;
const S = 1e9;
const spec = (venue: string, symbol: string, more: Partial<InstrumentSpec> = {}): InstrumentSpec => ({
  venue,
  symbol,
  base: 'BTC',
  quote: 'USD',
  tick: '0.01',
  lot: '0.001',
  contract: 'spot',
  ...more,
});
const GEMINI = spec('gemini', 'btcusd');
const BINANCE = spec('binance', 'BTCUSDT');
const COINBASE = spec('coinbase', 'BTC-USD');

const changes = (...list: [string, string, string][]) => ({ type: 'l2_updates', symbol: 'BTCUSD', changes: list });
const SNAPSHOT = { ...changes(['buy', '99.00', '1.000'], ['sell', '101.00', '2.000']), trades: [] };
/** A line on which a book stands. */
const gemini = () => new Frames(DAY).header('gemini', [GEMINI]).at(S).connect().received(SNAPSHOT);

const diff = (from: number, to: number, size: string) => ({
  e: 'depthUpdate',
  E: 1_795_219_200_100,
  s: 'BTCUSDT',
  U: from,
  u: to,
  b: [['99.00', size]],
  a: [],
});
const DEPTH = '/api/v3/depth?symbol=BTCUSDT&limit=5000';
const depth = (lastUpdateId: number) => ({ lastUpdateId, bids: [['98.00', '2.000']], asks: [['101.00', '3.000']] });

const level2 = (sequence_num: number, type: string, size: string) => ({
  channel: 'l2_data',
  timestamp: '2026-11-21T00:00:01.5Z',
  sequence_num,
  events: [
    {
      type,
      product_id: 'BTC-USD',
      updates: [
        { side: 'bid', event_time: '2026-11-21T00:00:01.4Z', price_level: '99.00', new_quantity: size },
        { side: 'offer', event_time: '2026-11-21T00:00:01.4Z', price_level: '101.00', new_quantity: '1.000' },
      ],
    },
  ],
});

describe('frames of our recorder', () => {
  it('become what the connector made of them, at the times at which they came', async () => {
    const { lines } = gemini()
      .at(2 * S)
      .received(changes(['buy', '99.50', '4.000']));
    const recording = await playedOf(lines);
    const locals: number[] = [];
    for await (const { data, length } of recording.batches()) {
      for (let i = 0; i < length; i++) locals.push(data[i * 8 + 2]!);
    }
    expect(locals).toEqual([S, S, S, S, 2 * S]);
    expect(recording.epochDay).toBe(DAY);
    expect(await eventLines(await playedOf(lines))).toEqual([
      'btcusd SNAPSHOT_BEGIN #0 snapshot',
      'btcusd LEVEL buy 99 1 #0 snapshot',
      'btcusd LEVEL sell 101 2 #0 snapshot',
      'btcusd SNAPSHOT_END #0 snapshot last',
      'btcusd LEVEL buy 99.5 4 #0 last',
    ]);
  });

  it('are asked for pages that come later, or came a moment ago', async () => {
    for (const isEarly of [false, true]) {
      const frames = new Frames(DAY).header('binance', [BINANCE]).at(S);
      if (isEarly) frames.page(DEPTH, depth(10));
      frames.at(2 * S).connect();
      frames
        .received({ result: null, id: 1 })
        .received(diff(9, 10, '1.000'))
        .received(diff(11, 12, '5.000'));
      if (!isEarly) frames.at(3 * S).page(DEPTH, depth(10));
      frames.at(4 * S).received(diff(13, 14, '6.000'));
      const found = await eventLines(await playedOf(frames.lines));
      expect(found.at(0)).toMatch(/SNAPSHOT_BEGIN/u);
      expect(found.at(-1)).toBe('BTCUSDT LEVEL buy 99 6 #14 last');
      expect(found.filter((line) => line.includes('GAP'))).toEqual([]);
    }
  });

  it('have a GAP where a connection ended, and a snapshot after it', async () => {
    const { lines } = gemini()
      .at(2 * S)
      .close()
      .at(3 * S)
      .connect('wss://feed', 'feed-2')
      .received(SNAPSHOT, 'feed-2');
    const recording = await playedOf(lines, { strict: true });
    expect((await eventLines(recording)).filter((line) => /GAP|BEGIN/u.test(line))).toEqual([
      'btcusd SNAPSHOT_BEGIN #0 snapshot',
      'btcusd GAP #0 last',
      'btcusd SNAPSHOT_BEGIN #0 snapshot',
    ]);
    expect([...recording.report.ignored]).toEqual([
      ['connect frame', 2],
      ['close frame', 1],
    ]);
  });

  it('that are missing are a gap with its line, and what follows is not believed before a snapshot', async () => {
    const frames = new Frames(DAY).header('coinbase', [COINBASE]).at(S).connect();
    frames.received(level2(0, 'snapshot', '1.000')).received(level2(1, 'update', '2.000'));
    frames.received(level2(3, 'update', '3.000')).received(level2(4, 'update', '4.000'));
    const recording = await playedOf(frames.lines);
    expect((await eventLines(recording)).slice(-3)).toEqual([
      'BTC-USD LEVEL buy 99 2 #1',
      'BTC-USD LEVEL sell 101 1 #1 last',
      'BTC-USD GAP #2 last',
    ]);
    expect(recording.report).toMatchObject({ gaps: 1, gapLines: [5], badRows: 0 });
    await expect(endBooks(await playedOf(frames.lines, { strict: true }))).rejects.toThrow(
      /^test:5: sequence gap: .*found 3, expected 2/u,
    );
  });

  it.each([
    ['that is no JSON', '{"type":"l2_upd', 'message that cannot be read'],
    ['of no text', '', 'message that cannot be read'],
    ['with a size that is none', JSON.stringify(changes(['buy', '99.00', '-1'])), 'message that cannot be read'],
    ['with a price off the grid', JSON.stringify(changes(['buy', '99.005', '1'])), 'message that cannot be read'],
    ['that crosses the book', JSON.stringify(changes(['buy', '102.00', '1'])), 'book crossed'],
  ])('with a message %s leave no book, and count it with its line', async (_, message, kind) => {
    const { lines } = gemini()
      .at(2 * S)
      .received(message)
      .received(changes(['buy', '99.00', '7.000']));
    const recording = await playedOf(lines);
    const [book] = await endBooks(recording);
    expect(book!.isWhole).toBe(false);
    expect([...recording.report.bad]).toEqual([[kind, expect.objectContaining({ count: 1, firstLine: 4 })]]);
    await expect(endBooks(await playedOf(lines, { strict: true }))).rejects.toThrow(`test:4: ${kind}`);
  });

  it.each([
    ['a torn line', '{"t":"recv","conn":"feed","ts":"17952', 'not a JSON object'],
    ['a time of letters', '{"t":"recv","conn":"feed","ts":"soon","data":"{}"}', 'ts is not Unix seconds'],
    ['data that is no text', '{"t":"recv","conn":"feed","ts":"1795219203","data":{}}', 'data is not JSON text'],
  ])('with %s count it, and read on', async (_, line, kind) => {
    const frames = gemini();
    frames.lines.push(line);
    frames.at(4 * S).received(changes(['buy', '99.00', '7.000']));
    const recording = await playedOf(frames.lines);
    expect((await eventLines(recording)).at(-1)).toBe('btcusd LEVEL buy 99 7 #0 last');
    expect([...recording.report.bad]).toEqual([[kind, expect.objectContaining({ count: 1, firstLine: 4 })]]);
  });

  it('count what a page shows to be wrong', async () => {
    const frames = new Frames(DAY).header('binance', [BINANCE]).at(S).connect().received({ result: null, id: 1 });
    frames.at(2 * S).page(DEPTH, { lastUpdateId: 10, bids: [['101.00', '1']], asks: [['100.00', '1']] });
    const recording = await playedOf(frames.lines);
    expect(await eventLines(recording)).toEqual([]);
    expect([...recording.report.bad]).toEqual([['book crossed', expect.objectContaining({ count: 1, firstLine: 4 })]]);
  });

  it('that begin in the middle of a connection have no book before a snapshot', async () => {
    const frames = new Frames(DAY)
      .header('binance', [BINANCE])
      .at(S)
      .received(diff(9, 10, '1.000'));
    const recording = await playedOf(frames.lines);
    expect(await eventLines(recording)).toEqual([]);
    expect(recording.report.notes).toEqual([expect.stringMatching(/^line 2: begins in the middle of a connection/u)]);
    expect(recording.report.ignored.get('depthUpdate')).toBe(1);
  });
});

describe('several files of our recorder', () => {
  it('go on where the one before ends', async () => {
    const frames = gemini();
    frames
      .at(2 * S)
      .header('gemini', [GEMINI])
      .received(changes(['buy', '99.00', '7.000']));
    const recording = await playedOf(frames.lines, { strict: true });
    expect((await eventLines(recording)).slice(3)).toEqual([
      'btcusd SNAPSHOT_END #0 snapshot last',
      'btcusd LEVEL buy 99 7 #0 last',
    ]);
  });

  it('of other instruments lose the books that stood, and add to the instruments', async () => {
    const frames = gemini();
    frames.at(2 * S).header('gemini', [spec('gemini', 'ethusd'), GEMINI]);
    frames.connect().received({ ...SNAPSHOT, symbol: 'ETHUSD' });
    const recording = await playedOf(frames.lines);
    expect((await eventLines(recording)).slice(4)).toEqual([
      'btcusd GAP #0 last',
      'ethusd SNAPSHOT_BEGIN #0 snapshot',
      'ethusd LEVEL buy 99 1 #0 snapshot',
      'ethusd LEVEL sell 101 2 #0 snapshot',
      'ethusd SNAPSHOT_END #0 snapshot last',
    ]);
    expect(recording.instruments.map(({ symbol }) => symbol)).toEqual(['btcusd', 'ethusd']);
  });

  it.each([
    ['of another venue', 'coinbase', COINBASE, {}, 'found coinbase, expected gemini as before'],
    ['of other steps', 'gemini', { ...GEMINI, tick: '0.1' }, {}, 'btcusd: found tick 0.1 and lot 0.001, expected 0.01'],
    ['without instruments', 'gemini', undefined, {}, 'found another recorder’s frames, expected gemini as before'],
  ])('%s are refused', async (_, venue, other, traits, error) => {
    const frames = gemini();
    frames.at(2 * S).header(venue, other === undefined ? [] : [other], traits);
    await expect(endBooks(await playedOf(frames.lines))).rejects.toThrow(`test:4: ${error}`);
  });
});

describe('two connections with the same data', () => {
  it('are one stream, without the gap of either', async () => {
    const frames = new Frames(DAY).header('coinbase', [COINBASE], { isRedundant: true }).at(S);
    for (const conn of ['feed-1', 'feed-b-1']) frames.connect('wss://feed', conn);
    for (const conn of ['feed-1', 'feed-b-1']) frames.received(level2(0, 'snapshot', '1.000'), conn);
    frames.at(2 * S).close('feed-1');
    frames.at(3 * S).received(level2(1, 'update', '2.000'), 'feed-b-1');
    const recording = await playedOf(frames.lines, { strict: true });
    const found = await eventLines(recording);
    expect(found.filter((line) => line.includes('GAP'))).toEqual([]);
    expect(found.at(-2)).toBe('BTC-USD LEVEL buy 99 2 #1');
    const [book] = await endBooks(await playedOf(frames.lines));
    expect(book!.isWhole).toBe(true);
  });

  it('do not take each other’s pages', async () => {
    const frames = new Frames(DAY).header('binance', [BINANCE], { isRedundant: true }).at(S);
    frames.connect('wss://feed', 'feed-b-1').received({ result: null, id: 1 }, 'feed-b-1').page(DEPTH, depth(10));
    frames.at(2 * S).received(diff(11, 20, '4.000'), 'feed-b-1');
    frames
      .at(3 * S)
      .connect()
      .received({ result: null, id: 1 });
    frames.at(4 * S).page(DEPTH, depth(20));
    for (const conn of ['feed-1', 'feed-b-1']) frames.at(5 * S).received(diff(21, 22, '5.000'), conn);
    const recording = await playedOf(frames.lines, { strict: true });
    const found = await eventLines(recording);
    expect(found.filter((line) => /GAP|BEGIN/u.test(line))).toEqual(['BTCUSDT SNAPSHOT_BEGIN #10 snapshot']);
    // What came over both is there once.
    expect(found.slice(-2)).toEqual(['BTCUSDT LEVEL buy 99 4 #20 last', 'BTCUSDT LEVEL buy 99 5 #22 last']);
    expect(recording.report.gaps).toBe(0);
  });

  it('of which the header does not tell are read by the first', async () => {
    const frames = gemini();
    frames.connect('wss://feed', 'feed-b-1').received(SNAPSHOT, 'feed-b-1');
    const recording = await playedOf(frames.lines);
    expect(await eventLines(recording)).toHaveLength(4);
    expect(recording.report.ignored.get('frame of a connection that is not read')).toBe(2);
  });
});

describe('a header of our recorder', () => {
  it.each([
    ['an instrument without a tick', [{ ...GEMINI, tick: undefined }], 'instruments[0]: found'],
    ['a tick of nothing', [{ ...GEMINI, tick: '0' }], 'instruments[0]: instrument gemini btcusd: tick'],
    ['a number for a text', [{ ...GEMINI, minSize: 5 }], 'instruments[0]: '],
    ['a list of no objects', [null], 'instruments[0]: found null, expected symbol, tick and lot'],
    ['a symbol twice', [GEMINI, GEMINI], 'instruments: found a symbol twice'],
  ])('with %s is refused', async (_, instruments, error) => {
    const header = { t: 'header', ts: '1795219200', exchange: 'GEMINI', venue: 'gemini', recorded: '1795219200' };
    const lines = [JSON.stringify({ ...header, instruments })];
    await expect(playedOf(lines)).rejects.toThrow(`test:1: ${error}`);
  });

  it('gives way to --tick and --lot', async () => {
    const frames = gemini()
      .at(2 * S)
      .received(changes(['buy', '99.005', '0.0001']));
    const recording = await playedOf(frames.lines, { tick: '0.001', lot: '0.0001', strict: true });
    expect((await eventLines(recording)).at(-1)).toBe('btcusd LEVEL buy 99.005 0.0001 #0 last');
  });
});

import { describe, expect, it } from 'vitest';
import { wireFormat } from './format.ts';
import { endBooks, eventLines, fetched, header, received, wireOf } from './testing/frames.ts';

describe('a wire recording', () => {
  it.each([
    ['an empty first line', ['', header('KRAKEN')], `test:1: found '', expected a header frame`],
    ['another first frame', [received({})], 'expected a header frame'],
    [
      'an unknown exchange',
      [header('constructor')],
      `test:1: exchange: found 'constructor', expected one of BINANCE, BINANCE_FUTURES`,
    ],
    [
      'a header without a time',
      ['{"t":"header","exchange":"KRAKEN"}'],
      `test:1: recorded: found '', expected Unix seconds`,
    ],
  ])('with %s is refused', async (_, lines, error) => {
    await expect(wireOf(lines)).rejects.toThrow(error);
  });

  it.each([
    ['a truncated line', received({ event: 'x' }).slice(0, -9), 'not a JSON object'],
    ['a list', '[1]', 'not a JSON object'],
    ['no time', '{"t":"recv","conn":"a","data":"{}"}', 'ts is not Unix seconds'],
    ['a time of letters', '{"t":"recv","conn":"a","ts":"soon","data":"{}"}', 'ts is not Unix seconds'],
    ['an unknown kind', '{"t":"sent","conn":"a","ts":1,"data":"{}"}', 'unknown kind of frame'],
    ['data that is no text', '{"t":"recv","conn":"a","ts":1,"data":{}}', 'data is not JSON text'],
  ])('counts a frame with %s', async (_, line, kind) => {
    const recording = await wireOf([header('KRAKEN'), '', line]);
    await endBooks(recording);
    expect([...recording.report.bad]).toEqual([[kind, expect.objectContaining({ count: 1, firstLine: 3 })]]);
    expect(recording.report.rows).toBe(1);
    await expect(endBooks(await wireOf([header('KRAKEN'), line], { strict: true }))).rejects.toThrow(`test:2: ${kind}`);
  });

  it('notes receive times that step back', async () => {
    const recording = await wireOf([
      header('KRAKEN'),
      received({ event: 'a' }, 1786309202),
      received({ event: 'a' }, 1786309201),
    ]);
    await endBooks(recording);
    expect(recording.report.notes).toEqual([
      'receive times step back 1 times: the file holds connections one after the other',
    ]);
  });

  it('takes Binance snapshots from REST, for the symbol of the request, and grids from exchangeInfo', async () => {
    const filters = [
      { filterType: 'PRICE_FILTER', tickSize: '0.50' },
      { filterType: 'LOT_SIZE', stepSize: '0.010', minQty: '0.020' },
      { filterType: 'MIN_NOTIONAL', notional: '5' },
    ];
    const diff = {
      e: 'depthUpdate',
      E: 1786309201000,
      T: 1786309201000,
      s: 'ABUSDT',
      U: 6,
      u: 9,
      pu: 5,
      b: [['10.50', '0.00']],
      a: [],
    };
    const recording = await wireOf([
      header('BINANCE_FUTURES'),
      fetched('https://fapi/v1/exchangeInfo', {
        symbols: [
          { symbol: 'ABUSDT', baseAsset: 'AB', quoteAsset: 'USDT', filters },
          { symbol: 'CDUSDT', filters: [] },
        ],
      }),
      fetched('https://fapi/v1/depth?symbol=ABUSDT&limit=1000', {
        lastUpdateId: 8,
        T: 1,
        bids: [['10.50', '1.00']],
        asks: [],
      }),
      received({ stream: 'abusdt@depth', data: diff }),
      received({ result: null, id: 1 }),
    ]);
    expect(await eventLines(recording)).toEqual([
      'ABUSDT SNAPSHOT_BEGIN #8 snapshot',
      'ABUSDT LEVEL buy 10.5 1 #8 snapshot',
      'ABUSDT SNAPSHOT_END #8 snapshot last',
      'ABUSDT LEVEL buy 10.5 0 #9 last',
    ]);
    expect(recording.instruments[0]!.spec).toEqual({
      venue: 'binance-usdm',
      symbol: 'ABUSDT',
      base: 'AB',
      quote: 'USDT',
      tick: '0.50',
      lot: '0.010',
      contract: 'linear',
      minSize: '0.020',
      minNotional: '5',
    });
    expect(Object.fromEntries(recording.report.ignored)).toEqual({ 'instrument listing': 1, 'control message': 1 });
  });

  it('gives out more events than a batch holds', async () => {
    const bids = Array.from({ length: 10_000 }, (_, i) => ['buy', String(i + 1), '1']);
    const recording = await wireOf([header('GEMINI'), received({ type: 'l2_updates', symbol: 'AB', changes: bids })]);
    const [book] = await endBooks(recording);
    expect(book!.levelCount(0)).toBe(10_000);
  });
});

it('is recognised from its header', () => {
  expect(wireFormat.recognise(head(`${header('KRAKEN')}\n`))).toBeGreaterThan(0.9);
  expect(wireFormat.recognise(head('{"t": "header"}\n{"exchange": 1}'))).toBe(0);
  expect(wireFormat.recognise(head('id,price\n'))).toBe(0);
});

function head(text: string) {
  return { path: '', entries: [], bytes: Buffer.from(text), text };
}

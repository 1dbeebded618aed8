import { expect, test } from 'vitest';
import { parseFaultOrder, parseFaultScript, parseMarketOrder } from './fault-orders.ts';

const VENUES = ['kraken', 'binance'];

test('an order of a fault', () => {
  expect(parseFaultOrder({ venue: 'kraken', fault: 'drop', every: '10s', for: '1m' }, VENUES, 'body')).toEqual({
    venue: 'kraken',
    rule: { fault: 'drop', periodMs: 10_000, durationMs: 60_000 },
  });
  expect(parseFaultOrder({ fault: 'none' }, VENUES, 'body')).toEqual({ venue: undefined, rule: undefined });
});

test('a script is put in the order of its times', () => {
  const script = parseFaultScript(
    [
      { at: '5s', fault: 'gap' },
      { at: '500ms', fault: 'delay', delay: '2s' },
    ],
    VENUES,
    'x.yaml: faults',
  );
  expect(script).toMatchObject([
    { atMs: 500, rule: { fault: 'delay', delayMs: 2000 } },
    { atMs: 5000, rule: { fault: 'gap' } },
  ]);
});

test.each([
  [{}, 'body: fault: found nothing'],
  [{ fault: 'boom' }, 'body: fault: found "boom"'],
  [{ fault: 'gap', venue: 'nasdaq' }, "body: venue: found 'nasdaq', expected one of kraken, binance"],
  [{ fault: 'gap', count: 0 }, 'body: count: found 0'],
  [{ fault: 'gap', count: 1.5 }, 'body: count: found 1.5'],
  [{ fault: 'gap', probability: 2 }, 'body: probability: found 2'],
  [{ fault: 'gap', every: 'soon' }, 'body: every: found "soon": expected a duration'],
  [{ fault: 'gap', every: '-1s' }, 'body: every: found "-1s": expected a duration'],
  [{ fault: 'gap', más: 1 }, 'body: the whole: found {"fault":"gap","más":1}'],
  [[], 'body: the whole: found []'],
  [null, 'body: the whole: found null'],
])('%j is refused in one line', (value, words) => {
  const parse = (): unknown => parseFaultOrder(value, VENUES, 'body');
  expect(parse).toThrow(words);
  expect(parse).toThrow(/^[^\n]*$/u);
});

test('a script that is none, and an order of the market that is none', () => {
  expect(() => parseFaultScript(undefined, VENUES, 'x.yaml: faults')).toThrow(
    'x.yaml: faults: the whole: found nothing',
  );
  expect(() => parseFaultScript([], VENUES, 'x.yaml: faults')).toThrow('found []');
  expect(() => parseFaultScript([{ fault: 'gap' }], VENUES, 'x.yaml: faults')).toThrow('0.at: found nothing');
  expect(() => parseMarketOrder({ paused: 'yes' })).toThrow('paused: found "yes"');
});

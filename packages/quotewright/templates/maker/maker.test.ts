import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { guardBacktest } from 'quotewright/backtest/guard';
import { defaultSettings } from 'quotewright/backtest/settings';
import maker from './maker.ts';

void test('the strategy does not look ahead: what it sent does not change when the future is taken away', async () => {
  const cuts = await guardBacktest(defaultSettings({ strategy: maker.name, data: ['{{data}}'] }), maker);
  assert.ok(cuts.every((cut) => cut.agrees));
});

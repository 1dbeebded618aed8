import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ACCOUNT_METRICS } from './account-catalogue.ts';
import { MARKET_METRICS } from './market-catalogue.ts';
import { metricTable } from './testing/metrics-page.ts';

const page = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');

describe('docs/metrics.md holds the table of the catalogue', () => {
  test.each([
    ['account', ACCOUNT_METRICS],
    ['market', MARKET_METRICS],
  ])('%s', (_, metrics) => {
    const missing = metricTable(metrics)
      .split('\n')
      .filter((line) => !page.includes(line));
    expect(missing).toEqual([]);
  });
});

test('labels are not used twice for different things within a catalogue', () => {
  for (const metrics of [ACCOUNT_METRICS, MARKET_METRICS]) {
    const names = Object.values(metrics).map(({ label, unit }) => `${label} (${unit})`);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  }
});

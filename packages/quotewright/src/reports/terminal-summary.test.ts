import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { formatMetric, formatSeconds } from './metric-format.ts';
import { terminalSummary } from './terminal-summary.ts';
import { writeSampleRun } from './testing/sample-run.ts';

const folder = tempFolder();

describe('the summary on a terminal', () => {
  it('is at most 80 columns wide, whatever the names', async () => {
    const long = 'x'.repeat(300);
    const result = await writeSampleRun(folder.fresh(), 20, {
      strategy: { name: long, params: { text: long } },
      warnings: [long, ...Array.from({ length: 12 }, (_, i) => `warning ${i} ${'word '.repeat(40)}`)],
    });
    const lines = stripVTControlCharacters(terminalSummary(result)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBe(80);
    expect(lines.some((line) => line.includes('and 5 more'))).toBe(true);
  });

  it('shows one column for a run without bounds, and says when it is partial', async () => {
    const whole = await writeSampleRun(folder.fresh(), 20);
    const text = terminalSummary({ ...whole, isPartial: true, runs: { modelled: whole.runs.modelled } });
    expect(text).toContain('a partial result');
    expect(text).not.toContain('pessimistic');
  });
});

describe('figures', () => {
  it.each([
    [null, 'ratio', '–'],
    [Number.NaN, 'currency', '–'],
    [-1234567.891, 'currency', '−1,234,567.89'],
    [0.000123456, 'currency', '0.000123'],
    [-0.001, 'count', '0'],
    [1e6, 'count', '1,000,000'],
    [0.12345, 'fraction', '12.35 %'],
    [-0.00001234, 'fraction', '−0.0012 %'],
    [1.5, 'ticks', '1.500 ticks'],
    [0, 'ratio', '0.000'],
  ] as const)('%s in %s is %s', (value, unit, text) => {
    expect(formatMetric(value, unit)).toBe(text);
  });

  it.each([
    [2e-7, '200 ns'],
    [0.0000125, '12.5 µs'],
    [0.1, '100 ms'],
    [60, '60 s'],
    [200, '3 min 20 s'],
    [18_720, '5 h 12 min'],
    [864_000, '10 days'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});

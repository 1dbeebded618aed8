import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { introLines, screenLines, statusLine } from './status-text.ts';
import { ROW, STATUS, introOf } from './testing/status.ts';

const intro = introOf(() => STATUS);
const linesOf = (...args: Parameters<typeof screenLines>): string[] =>
  screenLines(...args).map(stripVTControlCharacters);

describe('the screen', () => {
  it('says where it is served, where it lies, how it stands', () => {
    const text = linesOf(intro, STATUS, 80, 24).join('\n');
    for (const part of [
      '2026-01-05 00:01:02  10x  4,321 events/s, 2.5 µs each',
      'http://127.0.0.1:8080',
      'abcdefghijklmnop',
      '.quotewright/sessions/20261121T194501Z',
      'Risk ACTIVE   alerts: 2 warning, 1 critical, 0 emergency',
      'microprice-maker: P&L +3.14 USD, fees 0.00, 26 fills',
      '−12.35',
      '60000.0/60000.5',
    ]) {
      expect(text).toContain(part);
    }
  });

  it.each([
    [80, 24, 1],
    [80, 24, 100],
    [40, 24, 30],
    [20, 16, 3],
    [300, 60, 10],
    [1, 1, 2],
  ])('is no wider than %i and no higher than %i', (columns, rows, count) => {
    const status = {
      ...STATUS,
      lagMs: 1e9,
      rows: Array.from({ length: count }, () => ({ ...ROW, breaker: 'HALF_OPEN' })),
    };
    const lines = linesOf(intro, status, columns, rows);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
  });

  it('does not show a part of a token', () => {
    expect(linesOf(intro, STATUS, 20, 24).join('\n')).not.toContain('abcdefgh');
  });

  it('says what breaker is open, and how many rows are left out', () => {
    const open = { ...STATUS, rows: [{ ...ROW, breaker: 'OPEN' }] };
    expect(linesOf(intro, open, 120, 24).join('\n')).toContain('OPEN');
    const many = { ...STATUS, rows: Array.from({ length: 50 }, () => ROW) };
    expect(linesOf(intro, many, 80, 24).join('\n')).toMatch(/… and \d+ more/u);
  });
});

test('a line for a log', () => {
  expect(statusLine(STATUS)).toBe(
    '00:01:02 10x  ACTIVE  microprice-maker +3.14 USD, 26 fills  living:BTC-USD -0.040 (60000.0/–)  4,321 events/s, 2.5 µs each',
  );
  expect(statusLine({ ...STATUS, lagMs: 2500, speed: 1 })).toContain('1x, 2.5 s behind');
  expect(statusLine({ ...STATUS, speed: null, inputNs: null })).toContain(' max  ');
  expect(statusLine({ ...STATUS, speed: 1, world: 'LIVE' })).toContain(' LIVE  ACTIVE');
});

test('what there is not is not told', () => {
  expect(introLines({ ...intro, url: undefined, tokenFile: undefined, dir: undefined })).toEqual([]);
  expect(introLines(intro)).toEqual([
    'dashboard http://127.0.0.1:8080',
    'token to act on it: in .quotewright/token',
    'session in .quotewright/sessions/20261121T194501Z',
  ]);
});

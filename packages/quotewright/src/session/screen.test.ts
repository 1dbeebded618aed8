import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Screen } from './screen.ts';
import { FakeTerminal } from './testing/terminal.ts';
import { STATUS, introOf } from './testing/status.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('changes in place; what is said stands above it and is not torn; the last status stays', () => {
  const terminal = new FakeTerminal(80, 24);
  const screen = new Screen(terminal);
  let fills = 0;
  screen.say('before it runs\n');
  screen.begin(introOf(() => ({ ...STATUS, accounts: [{ ...STATUS.accounts[0]!, fills: ++fills }] })));
  vi.advanceTimersByTime(1000);
  screen.say('an alert\nand another\n');
  vi.advanceTimersByTime(500);
  screen.end();
  screen.end();
  vi.advanceTimersByTime(5000);
  const { lines } = terminal;
  expect(lines.slice(0, 3)).toEqual(['before it runs', 'an alert', 'and another']);
  expect(lines.filter((line) => line.startsWith('Quotewright'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('fills'))).toEqual([
    'microprice-maker: P&L +3.14 USD, fees 0.00, 9 fills',
  ]);
  expect(lines.at(-1)).toBe('');
});

test('a terminal that becomes narrower keeps nothing of what stood there', () => {
  const terminal = new FakeTerminal(100, 40);
  const screen = new Screen(terminal);
  screen.begin(introOf(() => STATUS));
  terminal.narrow(30);
  vi.advanceTimersByTime(1000);
  screen.end();
  expect(terminal.lines.filter((line) => line.startsWith('Quotewright'))).toHaveLength(1);
  expect(terminal.lines.filter((line) => line.startsWith('Ctrl-C'))).toHaveLength(1);
});

test('draws no more than four times a second', () => {
  let looks = 0;
  const screen = new Screen(new FakeTerminal(80, 24));
  screen.begin(introOf(() => (looks++, STATUS)));
  vi.advanceTimersByTime(10_000);
  screen.end();
  expect(looks).toBeLessThanOrEqual(42);
});

test('takes what is written to the other stream of the terminal, and gives it back', () => {
  const terminal = new FakeTerminal(80, 24);
  const errors: Pick<NodeJS.WriteStream, 'write'> = { write: () => false };
  const { write } = errors;
  const screen = new Screen(terminal, errors);
  screen.begin(introOf(() => STATUS));
  errors.write('a complaint\n');
  expect(terminal.lines[0]).toBe('a complaint');
  screen.end();
  expect(errors.write).toBe(write);
});

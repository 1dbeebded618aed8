/** docs/exchange.md tells of every option and fault; what it says to type can be typed. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { exchangeCommand } from '../packages/quotewright/src/cli/exchange.ts';
import { FAULT_NAMES } from '../packages/quotewright/src/exchange/contract.ts';
import { parseFaultOrder, parseFaultScript } from '../packages/quotewright/src/exchange/server/fault-orders.ts';

const page = readFileSync('docs/exchange.md', 'utf8');
const VENUES = ['binance', 'kraken'];

it('names every option and every fault', () => {
  const options = exchangeCommand().options.flatMap(({ long }) => long ?? []);
  expect(options.length).toBeGreaterThan(10);
  for (const option of options) expect(page, option).toMatch(new RegExp(`\`${option}[\` ]`, 'u'));
  for (const fault of FAULT_NAMES) expect(page, fault).toContain(`\`${fault}\``);
});

const typed = [...page.matchAll(/^quotewright exchange(.*)$/gmu)].map(([, words = '']) => words.trim());

it.each(typed)('exchange %s', (words) => {
  const command = exchangeCommand()
    .configureOutput({ writeErr: () => {} })
    .action(() => {});
  command.parse(words === '' ? [] : words.split(/ +/u), { from: 'user' });
  expect(command.args).toEqual([]);
});

it('orders faults that there are', () => {
  const bodies = [...page.matchAll(/-d '(\{.*?\})'/gu)].map(([, body = '']) => body);
  expect(bodies.length).toBeGreaterThan(1);
  for (const body of bodies) expect(parseFaultOrder(JSON.parse(body), VENUES, 'body').rule).toBeDefined();
  const [, script = ''] = /```yaml\n(faults:.*?)```/su.exec(page) ?? [];
  // oxlint-disable-next-line no-unsafe-type-assertion -- it is checked next
  expect(parseFaultScript((parse(script) as { faults: unknown }).faults, VENUES, 'page')).toHaveLength(4);
});

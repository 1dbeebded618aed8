/** The report of `risk show` for people. */
import Table from 'cli-table3';
import type { RiskReport } from './control-protocol.ts';

const PLAIN = { style: { head: [], border: [] } };

export function riskText({
  state,
  equity,
  peak,
  breakers,
  limits,
  strategies,
  openOrders,
  alerts,
}: RiskReport): string {
  const raised = Object.entries(alerts).map(([severity, count]) => `${count} ${severity}`);
  const table = new Table({ ...PLAIN, head: ['limit', 'scope', 'value', 'unit', ''] });
  for (const { limit, scope, value, unit, isDefault } of limits) {
    table.push([limit, scope, value === null ? 'no limit' : String(value), unit, isDefault ? 'default' : '']);
  }
  const lines = [
    `state: ${state}`,
    `equity: ${money(equity)}, peak ${money(peak)}`,
    ...breakers.map(({ instrument, state: of }) => `circuit breaker of ${instrument}: ${of}`),
    ...strategies.map(({ index, name, state: of }) => `strategy ${index}, ${name}: ${of}`),
    `open orders: ${openOrders}`,
    `alerts: ${raised.join(', ')}`,
    table.toString(),
  ];
  return `${lines.join('\n')}\n`;
}

function money(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(2);
}

/** The tables of docs/risk-limits.md, made from what the code itself goes by. A test compares the page with them and says how to write it. */
import { REFUSAL_TEXT, Refusal } from '../../trading/refusal.ts';
import { LIMITS, SCOPE_NAMES } from '../limits.ts';

const UNITS: Readonly<Record<string, string>> = {
  risk: 'risk currency',
  base: 'base currency',
  currency: 'units of it',
};

export function limitsTable(): string {
  const rows = LIMITS.map(({ name, unit, preset, refusal, scopes, about }, index) => {
    const code = refusal === Refusal.NONE ? 'warns' : nameOf(refusal);
    const where = scopes.length === SCOPE_NAMES.length ? 'all' : scopes.map((scope) => SCOPE_NAMES[scope]).join(', ');
    return `| ${index} | \`${name}\` | ${preset ?? 'null'} | ${UNITS[unit] ?? unit} | ${where} | ${code} | ${about} |`;
  });
  return ['| # | limit | default | unit | scopes | refusal | of what |', '|---|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

export function refusalsTable(): string {
  const rows = Object.values(Refusal).map((code) => {
    const limits = LIMITS.filter(({ refusal }) => refusal === code && code !== Refusal.NONE).map(
      ({ name }) => `\`${name}\``,
    );
    return `| ${code} | ${nameOf(code)} | ${REFUSAL_TEXT[code]} | ${limits.join(', ')} |`;
  });
  return ['| code | name | why | limit |', '|---|---|---|---|', ...rows.slice(1)].join('\n');
}

function nameOf(refusal: Refusal): string {
  return Object.entries(Refusal).find(([, code]) => code === refusal)?.[0] ?? '';
}

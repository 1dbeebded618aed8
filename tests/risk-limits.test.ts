/** Every limit, end to end: a strategy that goes too far in the real program is kept from it, by that limit and no other. */
import { LIMITS } from '@quotewright/core/risk/limits';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { falling } from './support/risk-feed.ts';
import { LIMIT_CASES, type LimitCase } from './support/risk-limits.ts';
import { type RiskOutcome, backtested, onlyLimits, simulated } from './support/risk-run.ts';

const folder = tempFolder();
/** What a loss leads to beside its own code. */
const STATES = ['REDUCING', 'HALTED'];
const VAR = { method: 'historical', sample: '1s', every: '5s', minReturns: 5, window: 20 };

/** Runs without any limit, which cases have in common. */
const unlimited = new Map<string, Promise<RiskOutcome>>();

/** The run of a case without its limit. */
function without(each: LimitCase): Promise<RiskOutcome> {
  const { params, beside, symbols, isFalling, limit } = each;
  const key = JSON.stringify([params, beside, symbols, isFalling, limit === 'max_var']);
  const known = unlimited.get(key) ?? run(each, null);
  unlimited.set(key, known);
  return known;
}

/** The run of a case with another value. */
async function run(each: LimitCase, value: number | null): Promise<RiskOutcome> {
  const { limit, params, beside, symbols, isFalling } = each;
  const others = limit === 'max_var' ? { var: VAR } : {};
  const risk = onlyLimits({ ...beside, [limit]: value }, others);
  if (isFalling === true) {
    return backtested({ folder, params, risk, feeds: [{ seconds: 20, at: falling }] });
  }
  return simulated({ folder, params, risk, ...(symbols === undefined ? {} : { flags: ['--symbols', symbols] }) });
}

/** How often a limit has acted in a run. */
const acts = ({ limit, refusal, alert }: LimitCase, { refused, alerts }: RiskOutcome): number =>
  refusal === undefined || limit === 'max_var' ? (alerts[alert] ?? 0) : (refused[refusal] ?? 0);

/** The other limits of a case, which are meant to refuse as well. */
const BESIDE: Readonly<Record<string, string>> = { order_cooldown_ms: 'ORDER_RATE', warning_share: 'POSITION' };

it('has a case for every limit', () => {
  expect(LIMIT_CASES.map(({ limit }) => limit)).toEqual(LIMITS.map(({ name }) => name));
});

describe.concurrent('a limit', () => {
  it.each(LIMIT_CASES)('$limit acts, alone; null switches it off', async (each) => {
    const { refusal, alert, value, limit } = each;
    const [bound, free] = await Promise.all([run(each, value), without(each)]);
    expect(acts(each, bound)).toBeGreaterThan(0);
    expect(bound.alerts[alert]).toBeGreaterThan(0);
    const others = Object.keys(bound.refused).filter((code) => code !== refusal && code !== BESIDE[limit]);
    for (const code of others) expect(STATES).toContain(code);
    expect(acts(each, free)).toBe(0);
    if (BESIDE[limit] === undefined) expect(free.alerts[alert] ?? 0).toBe(0);
  });

  it.each(LIMIT_CASES.filter(({ zero }) => zero !== 'off'))('$limit of 0 is a limit of 0', async (each) => {
    const outcome = await run(each, 0);
    // The first cent that is lost changes the state, before there is an order to refuse.
    if (each.isFalling === true) expect(outcome.alerts[each.alert]).toBeGreaterThan(0);
    else expect(acts(each, outcome)).toBeGreaterThan(0);
  });
});

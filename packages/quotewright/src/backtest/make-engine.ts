/** An engine whose risk knows the capital and the hedgers. On its own: a session's server builds engines, and reads no recordings. */
import { Engine } from '@quotewright/core/engine/engine';
import type { EngineSetup } from '@quotewright/core/engine/engine-setup';
import type { RiskSettings } from '@quotewright/core/risk/risk';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';

/** The strategy whose orders count as reducing when they shrink the net position of a base currency. */
const HEDGER = 'hedger';

/**
 * Builds an engine. Risk is told the capital of all accounts, and which strategies hedge, where its settings do not tell.
 * @throws InputError when a strategy refuses its parameters or the markets that it is given, or risk its settings
 */
export function makeEngine(setup: EngineSetup): Engine {
  try {
    return new Engine(setup.risk === undefined ? setup : { ...setup, risk: riskOfRun(setup, setup.risk) });
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(reasonOf(error));
    throw error;
  }
}

function riskOfRun({ strategies, ledger }: EngineSetup, risk: RiskSettings): RiskSettings {
  const capital = Object.entries(ledger?.cash ?? {}).map(([currency, text]) => [
    currency,
    Number(text) * strategies.length,
  ]);
  const hedgers = [...strategies.keys()].filter((index) => strategies[index]!.definition.name === HEDGER);
  return { ...risk, gate: { capital: Object.fromEntries(capital), hedgers, ...risk.gate } };
}

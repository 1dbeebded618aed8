/** The engine that a session's header describes: what wrote a journal and what replays it are built in one way. */
import type { Engine } from '@quotewright/core/engine/engine';
import type { Mark } from '@quotewright/core/engine/local-market';
import { Instrument } from '@quotewright/core/market/instrument';
import type { Observer } from '@quotewright/core/strategies/observer';
import { MessageBudget } from '@quotewright/core/trading/message-budget';
import type { InputSink } from '@quotewright/core/trading/input-sink';
import { InputError } from '../data/report.ts';
import { loadStrategy } from '../backtest/load-strategy.ts';
import type { PlannedStrategy } from '../backtest/plan.ts';
import { makeEngine } from '../backtest/make-engine.ts';
import type { SessionHeader } from './session-header.ts';

/** @throws InputError when a strategy is not there any more, or has parameters by now that the session knows nothing of */
export async function headerStrategies(header: SessionHeader): Promise<PlannedStrategy[]> {
  return Promise.all(
    header.strategies.map(async ({ strategy, params }) => {
      const definition = await loadStrategy(strategy);
      const unknown = Object.keys(definition.params).find((name) => params[name] === undefined);
      if (unknown === undefined) return { definition, params };
      throw new InputError(
        `${strategy}: found no parameter '${unknown}' in the session's header: it was begun with another version of the strategy`,
      );
    }),
  );
}

export interface HeaderEngineOptions {
  readonly strategies: readonly PlannedStrategy[];
  /** Who watches a strategy, by its index. */
  readonly observers?: ((strategy: number) => readonly Observer[]) | undefined;
  readonly journal?: InputSink;
}

/** @throws InputError when a strategy refuses its parameters */
export function headerEngine(header: SessionHeader, options: HeaderEngineOptions): Engine {
  const { isL3, venueOf, seed, cash, mark, quoter, risk } = header;
  const budgets = messageBudgets(header);
  const { strategies, observers, journal } = options;
  return makeEngine({
    instruments: header.instruments.map((spec) => new Instrument(spec)),
    isL3,
    venueOf,
    strategies: strategies.map(({ definition, params }, index) => ({
      definition,
      params,
      observers: observers?.(index) ?? [],
    })),
    seed,
    // oxlint-disable-next-line no-unsafe-type-assertion -- written from one
    mark: mark as Mark,
    ledger: { cash },
    quoter,
    ...(budgets === undefined ? {} : { budgets }),
    ...(risk === null ? {} : { risk }),
    ...(journal === undefined ? {} : { journal }),
  });
}

/** By venue of the engine; instruments that share a limit have one budget. */
function messageBudgets({ budgets, venueOf }: SessionHeader): MessageBudget[] | undefined {
  if (budgets === undefined) return undefined;
  const unlimited = { perSecond: Number.POSITIVE_INFINITY, burst: 1 };
  const made = Array.from({ length: Math.max(...venueOf) + 1 }, () => new MessageBudget(unlimited));
  for (const { perSecond, burst, instruments } of budgets) {
    const budget = new MessageBudget({ perSecond, burst });
    for (const index of instruments) made[venueOf[index]!] = budget;
  }
  return made;
}

/** A sink that is switched on when an engine has caught up with its journal. */
export class InputGate implements InputSink {
  #sink: InputSink | undefined;

  open(sink: InputSink): void {
    this.#sink = sink;
  }

  append(data: Float64Array, offset: number): void {
    if (this.#sink !== undefined) this.#sink.append(data, offset);
  }
}

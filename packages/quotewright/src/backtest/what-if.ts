/** A what-if of a session's journal, to its result. */
import { Instrument } from '@quotewright/core/market/instrument';
import { instrumentVenues } from '@quotewright/core/market/instrument-venues';
import { InputError } from '../data/report.ts';
import { sessionIn } from '../journal/recovery.ts';
import { headerStrategies } from '../journal/replay-engine.ts';
import { whatIf } from '../journal/replay-what-if.ts';
import type { SessionHeader } from '../journal/session-header.ts';
import type { RunResult } from '../reports/run-result.ts';
import { type ParamInput, loadStrategy, resolveParams } from './load-strategy.ts';
import { engineWarnings, resultOf } from './result.ts';
import { RunOutput } from './run-output.ts';
import { configOf } from './simulation-header.ts';
import { venueLatencies } from './venue-latency.ts';

/**
 * @param strategy in place of the session's first one; undefined: the same
 * @param param parameters that are other ones; of the same strategy, the others are those of the session
 * @throws InputError when there is no such session, strategy or parameter
 */
export async function simulateWhatIf(
  dir: string,
  strategy: string | undefined,
  param: Readonly<Record<string, ParamInput>>,
): Promise<{ output: RunOutput; result: RunResult }> {
  const kept = sessionIn(dir);
  if (kept === undefined) throw new InputError(`${dir}: holds no journal of a session`);
  const header = await changed(kept, strategy, param);
  const config = configOf(header, dir);
  const strategies = await headerStrategies(header);
  const instruments = header.instruments.map((spec) => new Instrument(spec));
  const { names, venueOf } = instrumentVenues(instruments);
  const latencies = venueLatencies(config.latency, names, header.seed, 'latency');
  const { epochDay, cash, seed } = header;
  const output = new RunOutput({ instruments, epochDay, strategies, cash, sampleNs: 1e9 });
  output.start(0, { journal: dir });
  const { engine, rows, endNs } = await whatIf(dir, {
    header,
    latencies: venueOf.map((venue) => latencies[venue]!),
    observers: (index) => output.observers('modelled', index),
  });
  output.end(endNs);
  const facts = {
    config: { strategy: strategies[0]!.definition.name, journal: dir, params: strategies[0]!.params },
    seed,
    epochDay,
    instruments,
    strategies,
    data: [],
    rows,
    isPartial: false,
    engine,
    warnings: engineWarnings(engine),
  };
  return { output, result: resultOf(facts, output.recorders) };
}

/** The header with another first strategy. */
async function changed(
  header: SessionHeader,
  strategy: string | undefined,
  param: Readonly<Record<string, ParamInput>>,
): Promise<SessionHeader> {
  const [main, ...beside] = header.strategies;
  const name = strategy ?? main!.strategy;
  const before = name === main!.strategy ? main!.params : {};
  const params = resolveParams(await loadStrategy(name), { ...before, ...param });
  return { ...header, strategies: [{ strategy: name, params }, ...beside] };
}

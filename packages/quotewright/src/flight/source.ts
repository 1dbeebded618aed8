/**
 * What a flight is made of: a journal, whose engine takes every input again, or a recording, whose market an engine without a strategy
 * looks at. Both come as inputs in order, and as marks that say what the engine's hashes were.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import type { EngineState } from '@quotewright/core/engine/engine-state';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { SessionHeader } from '../journal/session-header.ts';

export type FlightItem =
  /** Inputs; valid until the next item is asked for. */
  | { readonly kind: 'records'; readonly data: Float64Array; readonly count: number }
  /** The engine's hashes after the inputs so far. */
  | { readonly kind: 'hashes'; readonly inputs: string; readonly outputs: string };

export interface FlightSource {
  readonly epochDay: number;
  readonly instruments: readonly Instrument[];
  readonly strategies: readonly string[];
  readonly hasTrading: boolean;
  /** Of the session; undefined of a recording. */
  readonly header: SessionHeader | undefined;
  /** Where the engine stands before the first input; undefined: it has taken none. */
  readonly state: EngineState | undefined;
  /** A new engine before its first input, and before `state`. @throws InputError when a strategy refuses what it is given */
  makeEngine(observers: (strategy: number) => readonly Observer[]): Engine;
  /** All inputs, once. @throws InputError when they cannot be read */
  items(): AsyncGenerator<FlightItem, void, undefined>;
  /** Share that has been read. */
  readonly progress: number;
  /** What a person should know, a line each; complete when all has been read. */
  readonly notes: string[];
}

/** Who looks on while the second engine takes its inputs. */
import type { Engine } from '@quotewright/core/engine/engine';
import type { Observer } from '@quotewright/core/strategies/observer';

export interface ReplicaWatch {
  /** Of a strategy of an engine that is about to be built; asked anew for each engine. */
  observers(strategy: number): readonly Observer[];
  /** An engine is there, before its next input. `isWhole`: it has taken every input of the session so far under these observers. */
  begin(engine: Engine, isWhole: boolean): void;
  /** The input at `data[offset]`, before the engine takes it. */
  input(data: Float64Array, offset: number): void;
}

/**
 * Engine states along a flight, so that no moment is far from one. They are packed, and when they get too many, or too large together,
 * every second one goes and the next ones stand twice as far apart.
 */
import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { EngineState } from '@quotewright/core/engine/engine-state';

export interface CheckpointLimits {
  /** Kept at most; at least 2. */
  readonly most: number;
  /** Packed bytes that are kept at most; one state is kept whatever its size. */
  readonly mostBytes: number;
  /** Events between two, to begin with. */
  readonly every: number;
}

interface Checkpoint {
  /** Events that are in it. */
  readonly events: number;
  /** Number of the event on which the oldest order was sent that is open there; as `events` when none is. */
  readonly oldest: number;
  readonly packed: Uint8Array;
}

export class Checkpoints {
  /** Packed bytes of all. */
  bytes = 0;
  every: number;
  readonly #limits: CheckpointLimits;
  /** Rising. */
  readonly #kept: Checkpoint[] = [];

  constructor(limits: CheckpointLimits) {
    this.#limits = limits;
    this.every = limits.every;
  }

  get count(): number {
    return this.#kept.length;
  }

  /** Whether a state of so many events is wanted. */
  isDue(events: number): boolean {
    return events % this.every === 0;
  }

  /** Takes a state of more events than those before. */
  add(events: number, state: EngineState, oldest: number): void {
    const packed = zstdCompressSync(serialize(state), { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    this.#kept.push({ events, packed, oldest });
    this.bytes += packed.length;
    const { most, mostBytes } = this.#limits;
    while (this.#kept.length > 1 && (this.#kept.length > most || this.bytes > mostBytes)) this.#thin();
  }

  /** Events of the newest state of at most so many; −1 when there is none. */
  before(events: number): number {
    return this.#newest(events)?.events ?? -1;
  }

  /** Number of the event on which the oldest order was sent that is open at the newest state of at most so many. */
  oldest(events: number): number {
    return this.#newest(events)?.oldest ?? events;
  }

  /** The state of as many events as `before` has answered. */
  stateOf(events: number): EngineState {
    const found = this.#newest(events);
    if (found?.events !== events) throw new RangeError(`no state of ${events} events`);
    // oxlint-disable-next-line no-unsafe-type-assertion -- as it was packed
    return deserialize(zstdDecompressSync(found.packed)) as EngineState;
  }

  #newest(events: number): Checkpoint | undefined {
    let low = 0;
    let high = this.#kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#kept[middle]!.events <= events) low = middle + 1;
      else high = middle;
    }
    return this.#kept[low - 1];
  }

  /** What is kept lies on multiples of `every`, the beginning among them. */
  #thin(): void {
    this.every *= 2;
    let kept = 0;
    for (const checkpoint of this.#kept) {
      if (checkpoint.events % this.every === 0) this.#kept[kept++] = checkpoint;
      else this.bytes -= checkpoint.packed.length;
    }
    this.#kept.length = kept;
  }
}

/** Diffs kept until a snapshot comes, in bounded memory: when they are too many, the oldest are let go. */
import type { LevelList } from './levels.ts';

/** Levels kept per instrument, 25 bytes each; a snapshot that comes within minutes finds all diffs that it needs. */
const MAX_LEVELS = 1 << 20;

export interface PendingDiff {
  readonly levels: LevelList;
  /** Ids or times by which the venue orders its diffs. */
  readonly first: number;
  readonly last: number;
  readonly previous: number;
}

export class PendingDiffs {
  #diffs: PendingDiff[] = [];
  #start = 0;
  #levels = 0;
  readonly #maxLevels: number;

  constructor(maxLevels = MAX_LEVELS) {
    this.#maxLevels = maxLevels;
  }

  /** Keeps a diff; its levels must not be written to after that. */
  push(diff: PendingDiff): void {
    this.#diffs.push(diff);
    this.#levels += diff.levels.length;
    while (this.#levels > this.#maxLevels) this.#levels -= this.#diffs[this.#start++]!.levels.length;
    if (this.#start > 1024 && this.#start * 2 > this.#diffs.length) {
      this.#diffs = this.#diffs.slice(this.#start);
      this.#start = 0;
    }
  }

  /** All diffs kept, oldest first; none are kept after that. */
  take(): PendingDiff[] {
    const taken = this.#start === 0 ? this.#diffs : this.#diffs.slice(this.#start);
    this.#diffs = [];
    this.#start = 0;
    this.#levels = 0;
    return taken;
  }
}

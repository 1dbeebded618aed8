/**
 * What passes between the thread that trades and the one that works VaR out, all of it through shared memory: commands through a ring,
 * the newest answer through a sequence lock, and a bell that wakes who waits.
 */
import type { VarMethod, VarSettings } from '@quotewright/core/risk/var/estimate';
import { createRing } from '@quotewright/core/base/ring';
import { createSeqlock } from '@quotewright/core/base/seqlock';

/** What the worker is asked to do, whenever it is asked. */
export interface VarTask {
  readonly settings: VarSettings & { readonly method: VarMethod };
  readonly assets: number;
  /** Returns that are looked back on, and how many there must be. */
  readonly window: number;
  readonly minReturns: number;
}

export interface VarMemory {
  /** Records of `COMMAND_HEAD` + assets words. */
  readonly commands: SharedArrayBuffer;
  /** A block of `resultWords`. */
  readonly result: SharedArrayBuffer;
  /** Two int32: `Bell`. */
  readonly bells: SharedArrayBuffer;
}

export const CommandKind = {
  /** Prices of all assets at the same time. */
  SAMPLE: 1,
  /** Values held of all assets: work VaR out. */
  REQUEST: 2,
  STOP: 3,
} as const;

/** A command: kind, number of the request, and then a word for each asset. */
export const COMMAND_HEAD = 2;

/** Counters; each is rung by one thread and waited for by the other. */
export const Bell = { COMMANDS: 0, RESULTS: 1 } as const;

/** Words of a result. After them, for each level: VaR, shortfall, and by asset the marginals, parts of VaR, parts of the shortfall. */
export const ResultWord = {
  /** The request's number, from 1. */
  NUMBER: 0,
  STATUS: 1,
  /** Returns looked at. */
  RETURNS: 2,
  /** Milliseconds that the worker took. */
  MS: 3,
  /** See `VarEstimate`. */
  REPAIRED: 4,
} as const;
export const RESULT_HEAD = 5;

export const ResultStatus = { DONE: 0, TOO_FEW_RETURNS: 1, FAILED: 2 } as const;

/** Commands that may wait: samples of an hour and more while the worker is busy. */
const RING_RECORDS = 4096;

export function resultWords(levels: number, assets: number): number {
  return RESULT_HEAD + levels * levelWords(assets);
}

export function levelWords(assets: number): number {
  return 2 + 3 * assets;
}

export function createVarMemory({ assets, settings }: VarTask): VarMemory {
  return {
    commands: createRing(RING_RECORDS, COMMAND_HEAD + assets),
    result: createSeqlock(resultWords(settings.levels.length, assets)),
    bells: new SharedArrayBuffer(8),
  };
}

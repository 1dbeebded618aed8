/**
 * What the trading thread measures of itself, in shared memory: written between slices, read by the server's thread by a sequence
 * lock. Doubles; see `STAT`.
 */
export const STAT = {
  /** Inputs that the engine had taken, the wall time (Unix ms) and the market time (ns since the epoch day) when it was written. */
  INPUTS: 0,
  WALL_MS: 1,
  MARKET_NS: 2,
  /** Event-loop delay over the last second: mean, p99, max, milliseconds; utilisation 0 to 1. */
  LOOP_MEAN_MS: 3,
  LOOP_P99_MS: 4,
  LOOP_MAX_MS: 5,
  LOOP_BUSY: 6,
  /** Collections of garbage of the trading thread so far. */
  GC_COUNT: 7,
  GC_TOTAL_MS: 8,
  GC_MAX_MS: 9,
  HEAP_USED: 10,
  HEAP_TOTAL: 11,
  EXTERNAL: 12,
  /** Of the process. */
  RSS: 13,
  CPU_PERCENT: 14,
  /** Records in the journal and those that wait for it; -1: there is no journal. */
  JOURNAL_RECORDS: 15,
  JOURNAL_PENDING: 16,
  JOURNAL_CAPACITY: 17,
  /** The journal has failed. */
  JOURNAL_FAILED: 18,
  /** Slices whose mean time an input took is in the histogram, then 64 buckets of a quarter octave each from 16 ns on. */
  SLICES: 19,
  SLICE_BUCKETS: 20,
} as const;
export const SLICE_BUCKET_COUNT = 64;
export const STAT_COUNT = STAT.SLICE_BUCKETS + SLICE_BUCKET_COUNT;

/**
 * The fitted constants of the hazard queue model. They were fitted on NASDAQ order flow (LOBSTER samples of 2012-06-21, GOOG with five
 * levels and AAPL with one) by
 *
 *   quotewright fills fit LOBSTER_SampleFile_GOOG_2012-06-21_5.zip LOBSTER_SampleFile_AAPL_2012-06-21_1.zip
 *
 * which prints this table. docs/fidelity tells how a fit on one file does on another.
 */

/** Terms of the log-odds that a cancel whose place is not certain fell ahead of us. Ages are log10 of seconds + 1 ms. */
export const HazardTerm = {
  CONSTANT: 0,
  /** 1 when no order known behind us has the cancel's size; all others but the constant are 0 then. */
  NO_MATCH: 1,
  /** Age of the youngest order behind us of the cancel's size: the young cancel most. */
  AGE_BEHIND: 2,
  /** Our own age: those ahead are at least as old. */
  OWN_AGE: 3,
  /** 1 when the level has printed since we joined. */
  HAS_PRINTED: 4,
  /** Time since it last did: right after a print, it is those in front who leave. 0 when it has not. */
  SINCE_PRINT: 5,
} as const;

export const HAZARD_TERMS = 6;

export interface HazardCoefficients {
  /** Log-odds that a cancel fell ahead of us, by `HazardTerm`. */
  readonly cancelAhead: readonly number[];
  /**
   * Feeds that publish depth in intervals: what a level gains in the interval in which we join it came before us with
   * probability `atStart + slope × (part of the interval that had passed when we joined)`.
   */
  readonly gainedAhead: { readonly atStart: number; readonly slope: number };
}

export const HAZARD_COEFFICIENTS: HazardCoefficients = {
  cancelAhead: [0.315, 4.575, 0.994, -1.028, -1.599, -1.672],
  gainedAhead: { atStart: 0.447, slope: 0.165 },
};

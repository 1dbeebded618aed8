/** Calibrates a living market to one instrument of a recording: measures it, fits, simulates, and compares. */
import { FactsRecorder } from '@quotewright/core/analytics/stylised-facts';
import { BookBuilder } from '@quotewright/core/market/book-builder';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Recording } from '../data/recording.ts';
import { InputError } from '../data/report.ts';
import { walkBooks } from '../data/walk-books.ts';
import { type MarketFit, fitMarket } from './fit-market.ts';
import { FlowMeasure } from './flow-measure.ts';
import { type Measured, simulate } from './simulate.ts';

/** The final comparison runs for about so many orders, within these bounds: the longer, the less it is a matter of luck. */
const COMPARED_ORDERS = 2_000_000;
const MAX_SECONDS = 14_400;
const MIN_SECONDS = 300;
const FEWEST_SECONDS = 30;
const FEWEST_TAKERS = 20;

export interface Calibration extends MarketFit {
  readonly instrument: Instrument;
  readonly recorded: Measured;
  readonly simulated: Measured;
}

/**
 * @param open opens the recording anew; it is read twice
 * @param symbol the instrument; absent: the only one, or the first
 * @throws InputError when the recording is too short, has no trades, or no such instrument
 */
export async function calibrate(
  open: () => Promise<Recording>,
  path: string,
  symbol: string | undefined,
  seed: number,
  told: (what: string) => void,
): Promise<Calibration> {
  told('measuring');
  const recorder = new FactsRecorder();
  let startTicks = Number.NaN;
  let recording = await open();
  let index = -1;
  const indexOf = (of: Recording): number =>
    symbol === undefined ? 0 : of.instruments.findIndex((each) => each.symbol === symbol);
  await walkBooks(
    recording,
    [new BookBuilder(recording.isL3)],
    [
      {
        before: (data, offset, instrument, book) => {
          if (index < 0) index = indexOf(recording);
          if (instrument !== index) return;
          recorder.see(data, offset, book);
          if (Number.isNaN(startTicks) && !book.stale) startTicks = (book.bestPrice(0) + book.bestPrice(1)) / 2;
        },
      },
    ],
  );
  const instrument = recording.instruments[index];
  if (instrument === undefined) {
    const names = recording.instruments.map((each) => each.symbol).join(', ');
    throw new InputError(`${path}: --symbol: found '${symbol}', expected one of ${names}`);
  }
  const facts = recorder.facts();
  if (!(facts.seconds >= FEWEST_SECONDS) || !(facts.volatility10s > 0)) {
    throw new InputError(
      `${path}: ${instrument.symbol}: found a book of ${Number.isNaN(facts.seconds) ? 0 : facts.seconds} s, expected at least ${FEWEST_SECONDS} s in which it moves`,
    );
  }
  if (!(facts.takersPerSecond * facts.seconds >= FEWEST_TAKERS)) {
    throw new InputError(
      `${path}: ${instrument.symbol}: found ${Math.round(facts.takersPerSecond * facts.seconds)} takers' orders, expected at least ${FEWEST_TAKERS}`,
    );
  }
  const windowTicks = Math.ceil(Math.max(10, 5 * facts.meanSpreadTicks, 10 * facts.volatility1s));
  recording = await open();
  const flow = new FlowMeasure(windowTicks, recording.isL3);
  await walkBooks(
    recording,
    [new BookBuilder(recording.isL3)],
    [{ before: (data, offset, each, book) => void (each === index && flow.see(data, offset, book)) }],
  );
  const recorded = { facts, flow: flow.figures() };
  const fit = fitMarket(instrument, recorded, windowTicks, Math.round(startTicks), seed, (round, rounds) => {
    told(`matching, round ${round} of ${rounds}`);
  });
  told('comparing');
  const orders = COMPARED_ORDERS / Math.max(1, 2 * recorded.flow.addsPerSecond);
  const seconds = Math.min(MAX_SECONDS, Math.max(MIN_SECONDS, orders));
  return { ...fit, instrument, recorded, simulated: simulate(instrument, fit.params, seed, seconds, windowTicks) };
}

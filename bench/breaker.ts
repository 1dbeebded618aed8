/**
 * The circuit breakers: what the engine pays per change of a book or print, on those of a living market, and what the gate pays for the
 * state on every order. The loop without the breaker is timed too and taken off.
 */
import { LocalMarket, Mark } from '@quotewright/core/engine/local-market';
import { EVENT_STRIDE, EventKind, Field } from '@quotewright/core/market/event';
import { AlertDesk } from '@quotewright/core/risk/alert-desk';
import { Breaker } from '@quotewright/core/risk/breaker';
import type { RiskMarket } from '@quotewright/core/risk/risk-market';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { DEFAULT_PARAMS } from '@quotewright/core/venue-sim/living/params';
import { FEED_INSTRUMENT } from './replay.ts';

const { HEAD, VENUE_NS, LOCAL_NS, SIZE_LOTS } = Field;
const { TRADE } = EventKind;
const FEED_DELAY_NS = 1e6;
const EVENTS = 400_000;
const ROUNDS = 30;
const CHECKS = 100_000_000;
/** Of an event: lots (0 = the book changed), bid, ask, received, sent. */
const STRIDE = 5;

/** A market that takes what was recorded of it. */
class Told implements RiskMarket {
  readonly index = 0;
  readonly instrument = FEED_INSTRUMENT;
  bidTicks = Number.NaN;
  askTicks = Number.NaN;
  lastMidTicks = Number.NaN;
  lastTradeTicks = Number.NaN;
  receivedNs = Number.NaN;
  venueNs = Number.NaN;
  isReady = true;
  isConnected = true;
}

export function benchBreaker(): unknown {
  const events = record();
  const market = new Told();
  const breaker = new Breaker([market], new AlertDesk());
  const print = new Float64Array(EVENT_STRIDE);
  const spanNs = events.at(-2)! - events[3]! + 1e9;
  let shiftNs = 0;
  const time = (isFed: boolean): number => {
    const start = performance.now();
    for (let at = 0; at < events.length; at += STRIDE) {
      if (events[at]! > 0) {
        print[SIZE_LOTS] = events[at]!;
        print[LOCAL_NS] = events[at + 3]! + shiftNs;
        if (isFed) breaker.trade(0, print, 0);
      } else {
        market.bidTicks = events[at + 1]!;
        market.askTicks = events[at + 2]!;
        market.receivedNs = events[at + 3]! + shiftNs;
        market.venueNs = events[at + 4]! + shiftNs;
        if (isFed) breaker.book(market);
      }
    }
    return ((performance.now() - start) * 1e6) / EVENTS;
  };
  const fed: number[] = [];
  const unfed: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    fed.push(time(true));
    unfed.push(time(false));
    shiftNs += spanNs;
  }
  // Quiet rounds are compared with quiet ones: a busy machine lengthens either.
  const quiet = Math.min(...fed) - Math.min(...unfed);
  const usual = median(fed) - median(unfed);
  const heap = process.memoryUsage().heapUsed;
  time(true);
  const bytesPerEvent = (process.memoryUsage().heapUsed - heap) / EVENTS;
  return {
    events: EVENTS,
    eventsPerSecond: Math.round((EVENTS / spanNs) * 1e9),
    trips: breaker.trips.length,
    nsPerEvent: { best: quiet, median: usual },
    bytesPerEvent,
    nsPerCheck: timeChecks(breaker),
  };
}

/** Changes of the book and prints of a calm market. */
function record(): Float64Array {
  const living = new LivingMarket([{ instrument: FEED_INSTRUMENT, params: DEFAULT_PARAMS }], 1);
  const local = new LocalMarket(0, FEED_INSTRUMENT, false, Mark.MID);
  const events = new Float64Array(EVENTS * STRIDE);
  let count = 0;
  while (count < EVENTS) {
    living.step();
    living.reports.clear();
    const { feed } = living;
    while (feed.length > 0 && count < EVENTS) {
      const at = feed.peek();
      const { data } = feed;
      feed.shift();
      data[at + LOCAL_NS] = data[at + VENUE_NS]! + FEED_DELAY_NS;
      const hasChanged = local.apply(data, at);
      const lots = (data[at + HEAD]! & 0xff) === TRADE ? data[at + SIZE_LOTS]! : 0;
      if (lots === 0 && !(hasChanged && local.isReady)) continue;
      events.set([lots, local.bidTicks, local.askTicks, data[at + LOCAL_NS]!, data[at + VENUE_NS]!], count++ * STRIDE);
    }
  }
  return events;
}

/** The state of an instrument is read and compared; the loop without it is taken off. */
function timeChecks({ states }: Breaker): number {
  const times: number[] = [];
  let open = 0;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    for (let i = 0; i < CHECKS; i++) if (states[i & (states.length - 1)] !== 0) open++;
    const between = performance.now();
    for (let i = 0; i < CHECKS; i++) if ((i & (states.length - 1)) !== 0) open++;
    times.push(((between - start - (performance.now() - between)) * 1e6) / CHECKS);
  }
  return open === 0 ? median(times) : Number.NaN;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** A living market as a recording: what a recorder beside the venue would have written, with the times at which it received it. */
import { Random } from '@quotewright/core/base/random';
import { EVENT_STRIDE, EventBatch, EventFlag, Field, headFlags } from '@quotewright/core/market/event';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import type { Schedule } from '@quotewright/core/venue-sim/living/regimes';
import type { Recording } from '../data/recording.ts';
import { ReadReport } from '../data/report.ts';
import type { MarketConfig } from './market-config.ts';

/** Feed latency: at least this, an exponential part of this mean on it, and now and then a hiccup of this mean. */
const LATENCY_NS = 800_000;
const JITTER_NS = 250_000;
const HICCUP_NS = 8_000_000;
const HICCUPS = 0.0005;
const NS_PER_SECOND = 1e9;

export interface LivingRecordingOptions {
  readonly config: MarketConfig;
  readonly seed: number;
  readonly seconds: number;
  readonly isL3: boolean;
  readonly epochDay: number;
  /** Time of day of the first event, nanoseconds. */
  readonly startNs: number;
  /** Called with the market's time, in seconds since the start, at each batch. */
  readonly progress?: (seconds: number) => void;
}

/** @throws RangeError when the parameters cannot be simulated */
export function livingRecording(options: LivingRecordingOptions): Recording {
  const { config, seed, seconds, isL3, epochDay, startNs, progress } = options;
  const schedule: { schedule?: Schedule } = config.schedule === undefined ? {} : { schedule: config.schedule };
  const market = new LivingMarket(config.instruments, seed, { ...schedule, isL3, startNs });
  const wire = Random.stream(seed, 'living/wire');
  const endNs = startNs + seconds * NS_PER_SECOND;
  const report = new ReadReport('living market', false);
  return {
    format: 'living',
    epochDay,
    instruments: market.instruments,
    report,
    isL3,
    async *batches() {
      const batch = new EventBatch();
      const { feed } = market;
      let localNs = startNs;
      let isNewMessage = true;
      for (;;) {
        for (; feed.length > 0; feed.shift()) {
          const at = feed.peek();
          const { data } = feed;
          const venueNs = data[at + Field.VENUE_NS]!;
          if (isNewMessage) localNs = Math.max(localNs, venueNs + latency(wire));
          isNewMessage = (headFlags(data[at + Field.HEAD]!) & EventFlag.LAST) !== 0;
          const to = batch.length++ * EVENT_STRIDE;
          for (let i = 0; i < EVENT_STRIDE; i++) batch.data[to + i] = data[at + i]!;
          batch.data[to + Field.LOCAL_NS] = localNs;
          report.rows++;
          if (!batch.isFull) continue;
          yield batch;
          batch.clear();
          progress?.((market.nextNs - startNs) / NS_PER_SECOND);
        }
        if (market.nextNs >= endNs) break;
        market.step();
      }
      if (batch.length > 0) yield batch;
    },
  };
}

/** A feed's messages do not overtake each other, so a hiccup holds back those behind it. */
function latency(random: Random): number {
  const hiccup = random.uniform() < HICCUPS ? HICCUP_NS * random.exponential() : 0;
  return Math.round(LATENCY_NS + JITTER_NS * random.exponential() + hiccup);
}

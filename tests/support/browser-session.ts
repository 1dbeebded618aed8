/**
 * Two seeded sessions, with what they came to in texts: a strategy in a living market, and a strategy over a recording of such a
 * market at a replay venue. Nothing of Node is used, so a browser runs it as it is.
 */
import { Engine } from '@quotewright/core/engine/engine';
import { Mark } from '@quotewright/core/engine/local-market';
import { FeedWindow } from '@quotewright/core/engine/feed-window';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { ReplaySession } from '@quotewright/core/engine/replay-session';
import { Random } from '@quotewright/core/base/random';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { STRATEGIES } from '@quotewright/core/strategies/registry';
import { HazardQueue } from '@quotewright/core/venue-sim/hazard-queue';
import { L2ReplayVenue } from '@quotewright/core/venue-sim/l2-replay';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { DEFAULT_PARAMS } from '@quotewright/core/venue-sim/living/params';

const SEED = 11;
const SECONDS = 60;
const FEED_LATENCY_NS = 2e6;

const instrument = new Instrument({
  venue: 'living',
  symbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.5',
  lot: '0.001',
  contract: 'linear',
  fees: { maker: '0.00001', taker: '0.0002' },
});

const jitter = (): DelayLatency =>
  new DelayLatency(
    {
      request: { floorNs: 5e5, exponentialMeanNs: 3e5 },
      report: { floorNs: 5e5, lognormalMedianNs: 2e5, sigma: 0.7 },
      marketData: { floorNs: 4e5, exponentialMeanNs: 2e5 },
    },
    SEED,
  );

function engineOf(strategy: string): Engine {
  const definition = STRATEGIES.find(({ name }) => name === strategy);
  if (definition === undefined) throw new Error(`no strategy ${strategy}`);
  const params = Object.fromEntries(Object.entries(definition.params).map(([name, spec]) => [name, spec.default]));
  return new Engine({
    instruments: [instrument],
    isL3: [false],
    venueOf: [0],
    strategies: [{ definition, params, observers: [] }],
    seed: SEED,
    mark: Mark.MICROPRICE,
    ledger: { cash: { USDT: '100000' } },
    quoter: { canAmend: true },
  });
}

function living(strategy: string): Engine {
  const engine = engineOf(strategy);
  const session = new LivingSession(engine, new LivingMarket([{ instrument, params: DEFAULT_PARAMS }], SEED), jitter());
  session.start(0);
  session.run(SECONDS * 1e9);
  session.finish(SECONDS * 1e9);
  return engine;
}

/** The market without us, recorded with a constant feed latency, and then replayed. */
function replay(strategy: string): Engine {
  const market = new LivingMarket([{ instrument, params: DEFAULT_PARAMS }], SEED);
  const engine = engineOf(strategy);
  const window = new FeedWindow({ shiftNs: 0, assumedLatencyNs: FEED_LATENCY_NS });
  const venue = new L2ReplayVenue(instrument, 0, new HazardQueue(Random.stream(SEED, 'queue')));
  const session = new ReplaySession(engine, window, [{ venue, latency: jitter(), instruments: [0] }], 1e9);
  const row = new Float64Array(EVENT_STRIDE);
  while (market.nextNs < SECONDS * 1e9) {
    for (; market.feed.length > 0; market.feed.shift()) {
      const at = market.feed.peek();
      row.set(market.feed.data.subarray(at, at + EVENT_STRIDE));
      row[Field.LOCAL_NS] = Number.NaN;
      window.append(row, 1);
    }
    session.run(window.lastLocalNs - FEED_LATENCY_NS);
    market.step();
  }
  session.finish(window.lastLocalNs + 1);
  return engine;
}

/** By session: what must be the same wherever it runs. */
export function sessionTexts(): Record<string, unknown> {
  const engines = {
    'living avellaneda-stoikov': living('avellaneda-stoikov'),
    'living basic-maker': living('basic-maker'),
    'replay microprice-maker': replay('microprice-maker'),
  };
  return Object.fromEntries(
    Object.entries(engines).map(([name, { inputs, outputs, seats }]) => [
      name,
      {
        inputs: `${inputs.count} ${inputs.digest()}`,
        outputs: `${outputs.count} ${outputs.digest()}`,
        fills: seats[0]!.fills,
        cash: seats[0]!.ledger.cashText('USDT'),
        position: seats[0]!.ledger.positionLots(0),
        check: seats[0]!.ledger.check(),
      },
    ]),
  );
}

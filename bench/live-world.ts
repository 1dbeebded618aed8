/**
 * The process of `live-memory.ts`: twenty instruments of two venues for a simulated hour. A living market makes the frames as the venues write them
 * (diffs, prints, snapshots), the venues' own feeds read them, one engine quotes all twenty markets with the default maker, and its orders go
 * into the same living market, which fills them. No socket, no journal, no server; as fast as it goes. Prints its samples as JSON.
 */
import { Engine } from '@quotewright/core/engine/engine';
import type { OrderCarrier } from '@quotewright/core/engine/engine-setup';
import { Mark } from '@quotewright/core/engine/local-market';
import {
  EVENT_STRIDE,
  EventFlag,
  EventKind,
  Field,
  headFlags,
  headInstrument,
  headKind,
} from '@quotewright/core/market/event';
import micropriceMaker from '@quotewright/core/strategies/microprice-maker';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { sampleMarkets } from 'quotewright/calibrate/sample-markets';
import { binance } from 'quotewright/venues/binance/venue';
import { binanceUsdm } from 'quotewright/venues/binance-usdm/venue';
import type { Feed } from 'quotewright/venues/contract/feed';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS } = Field;
const COINS = ['BTC', 'ETH', 'SOL', 'BNB', 'XRP', 'ADA', 'DOGE', 'AVAX', 'LINK', 'LTC'];
const MINUTE_NS = 60e9;
const LATENCY_NS = 1e6;
const SAMPLES = 6;
const DEFAULTS = Object.fromEntries(Object.entries(micropriceMaker.params).map(([name, spec]) => [name, spec.default]));

class World implements OrderCarrier {
  readonly #plans = sampleMarkets(
    [
      ...COINS.map((coin) => `${coin}USDT-SPOT@binance`),
      ...COINS.map((coin) => `${coin}USDT-PERP@binance-usdm`),
    ].join(),
  );
  readonly #market = new LivingMarket(this.#plans, 1);
  readonly #instruments = this.#plans.map(({ instrument }) => instrument);
  readonly #out = new RecordQueue();
  /** Requests that are under way. */
  readonly #sent = new RecordQueue();
  readonly #feeds = [binance, binanceUsdm].map((venue, v) => this.#openFeed(venue, v));
  /** Last update id by instrument. */
  readonly #ids = new Float64Array(this.#plans.length);
  readonly #engine = new Engine({
    instruments: this.#instruments,
    isL3: this.#instruments.map(() => false),
    venueOf: this.#instruments.map((_, i) => (i < COINS.length ? 0 : 1)),
    strategies: [{ definition: micropriceMaker, params: DEFAULTS, observers: [] }],
    seed: 1,
    mark: Mark.MID,
    quoter: { canAmend: false },
  });
  /** Depth pages that were asked for: instrument and tag. */
  readonly #asked: { readonly market: number; readonly tag: number }[] = [];
  #nowNs = 0;
  #frames = 0;
  #requests = 0;
  #reports = 0;

  constructor() {
    this.#engine.start(0);
    for (const feed of this.#feeds) {
      feed.opened(0);
      feed.poll(0);
    }
    this.#settle();
  }

  run(untilNs: number): void {
    const engine = this.#engine;
    const market = this.#market;
    const sent = this.#sent;
    for (;;) {
      const arrivalNs = sent.length > 0 ? sent.data[sent.peek() + LOCAL_NS]! + LATENCY_NS : Number.POSITIVE_INFINITY;
      const ns = Math.min(engine.wakeNs, market.nextNs, arrivalNs);
      if (!(ns < untilNs)) return;
      this.#nowNs = ns;
      if (ns === market.nextNs) market.step();
      else if (ns === arrivalNs) {
        market.request(sent.data, sent.peek(), ns);
        sent.shift();
      } else engine.wake(ns);
      this.#settle();
    }
  }

  send(data: Float64Array, offset: number): void {
    this.#requests++;
    const at = this.#sent.reserve();
    for (let i = 0; i < EVENT_STRIDE; i++) this.#sent.data[at + i] = data[offset + i]!;
  }

  sample(minute: number) {
    globalThis.gc?.();
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    return {
      minute,
      rss: megabytes(rss),
      heap: megabytes(heapUsed),
      external: megabytes(external),
      arrays: megabytes(arrayBuffers),
    };
  }

  counts() {
    const feeds = this.#feeds.map(({ stats }) => stats);
    return { frames: this.#frames, requests: this.#requests, reports: this.#reports, feeds };
  }

  /** Reports to the engine, what was published through the feeds to the engine, and its requests to the market, until all is quiet. */
  #settle(): void {
    const { reports, feed } = this.#market;
    for (;;) {
      while (reports.length > 0) {
        const at = reports.peek();
        reports.data[at + LOCAL_NS] = this.#nowNs;
        this.#engine.report(reports.data, at);
        reports.shift();
        this.#reports++;
      }
      while (feed.length > 0) this.#publish();
      if (!this.#engine.hasRequests) return;
      this.#engine.takeRequests(this);
    }
  }

  /** One message of the market, as frames of its venue. */
  #publish(): void {
    const { feed } = this.#market;
    const sides: [string[], string[]] = [[], []];
    let isSnapshot = false;
    for (;;) {
      const at = feed.peek();
      const { data } = feed;
      const head = data[at + HEAD]!;
      const market = headInstrument(head);
      const kind = headKind(head);
      const isLast = (headFlags(head) & EventFlag.LAST) !== 0;
      const isBuy = (headFlags(head) & EventFlag.BUY) !== 0;
      const price = data[at + PRICE_TICKS]!;
      const size = data[at + SIZE_LOTS]!;
      const ms = Math.floor(data[at + VENUE_NS]! / 1e6);
      feed.shift();
      if (kind === EventKind.SNAPSHOT_BEGIN) isSnapshot = true;
      else if (kind === EventKind.LEVEL) sides[isBuy ? 0 : 1].push(this.#level(market, price, size));
      else if (kind === EventKind.TRADE) this.#hear(market, this.#trade(market, ms, price, size, isBuy));
      if (!isLast && feed.length > 0) continue;
      const [bids, asks] = sides;
      if (isSnapshot) this.#answer(market, bids, asks);
      else if (bids.length + asks.length > 0) this.#hear(market, this.#depth(market, ms, bids, asks));
      return;
    }
  }

  #level(market: number, price: number, size: number): string {
    const instrument = this.#instruments[market]!;
    return `["${instrument.price.format(price)}","${instrument.size.format(size)}"]`;
  }

  #depth(market: number, ms: number, bids: readonly string[], asks: readonly string[]): string {
    const id = ++this.#ids[market]!;
    const { symbol } = this.#instruments[market]!;
    const isFutures = market >= COINS.length;
    const time = isFutures ? `,"T":${ms}` : '';
    const previous = isFutures ? `,"pu":${id - 1}` : '';
    return `{"e":"depthUpdate","E":${ms}${time},"s":"${symbol}","U":${id},"u":${id}${previous},"b":[${bids.join()}],"a":[${asks.join()}]}`;
  }

  #trade(market: number, ms: number, price: number, size: number, isBuy: boolean): string {
    const { symbol, price: prices, size: sizes } = this.#instruments[market]!;
    const what = `"s":"${symbol}","t":${this.#frames},"p":"${prices.format(price)}","q":"${sizes.format(size)}"`;
    return `{"e":"trade","E":${ms},"T":${ms},${what},"X":"MARKET","m":${!isBuy}}`;
  }

  #hear(market: number, frame: string): void {
    this.#frames++;
    this.#feeds[market < COINS.length ? 0 : 1]!.message(Buffer.from(frame, 'latin1'), this.#nowNs);
    this.#take();
  }

  /** What the feeds have put out. */
  #take(): void {
    const out = this.#out;
    while (out.length > 0) {
      this.#engine.market(out.data, out.peek());
      out.shift();
    }
  }

  /** The market's snapshot is the page that the feed has asked for. */
  #answer(market: number, bids: readonly string[], asks: readonly string[]): void {
    const feed = this.#feeds[market < COINS.length ? 0 : 1]!;
    feed.poll(this.#nowNs);
    const place = this.#asked.findIndex((question) => question.market === market);
    if (place < 0) throw new Error(`a snapshot of instrument ${market} that nobody has asked for`);
    const [question] = this.#asked.splice(place, 1);
    const text = `{"lastUpdateId":${this.#ids[market]},"bids":[${bids.join()}],"asks":[${asks.join()}]}`;
    feed.fetched(question!.tag, { status: 200, headers: {}, text }, this.#nowNs);
    this.#take();
  }

  #openFeed(venue: typeof binance, v: number): Feed {
    const indices = COINS.map((_, i) => v * COINS.length + i);
    const instruments = indices.map((i) => this.#instruments[i]!);
    return venue.feed({
      instruments,
      indices,
      epochDay: 0,
      addresses: venue.environments['live']!,
      isL3: false,
      credentials: undefined,
      host: {
        out: this.#out,
        send: () => undefined,
        fetch: ({ path }, tag) => {
          const symbol = new URL(path, 'http://x').searchParams.get('symbol');
          this.#asked.push({ market: indices[instruments.findIndex((each) => each.symbol === symbol)]!, tag });
        },
        reconnect: (reason) => {
          throw new Error(reason);
        },
        tell: ({ type, detail }) => {
          if (type === 'stale' || type === 'refused') throw new Error(detail);
        },
        random: () => 0.5,
      },
    });
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e5) / 10;
}

function run(minutes: number): unknown {
  const world = new World();
  const samples = [world.sample(0)];
  const began = performance.now();
  for (let i = 1; i <= SAMPLES; i++) {
    world.run((i * minutes * MINUTE_NS) / SAMPLES);
    samples.push(world.sample((i * minutes) / SAMPLES));
  }
  return { ...world.counts(), seconds: (performance.now() - began) / 1000, samples };
}

process.stdout.write(JSON.stringify(run(Number(process.env['BENCH_MINUTES'] ?? 60))));

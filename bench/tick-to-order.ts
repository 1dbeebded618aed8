/**
 * Tick to order in process, on the recorded day of Binance spot: see `venues.ts`. Orders are acknowledged at once, outside of the time.
 * Binance gathers the changes of 100 ms into a frame, so that frames that lead to orders hold some fifty levels and up to a thousand: how many
 * they hold stands beside, and frames of ten levels or fewer are told apart.
 */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Engine } from '@quotewright/core/engine/engine';
import type { OrderCarrier } from '@quotewright/core/engine/engine-setup';
import { Mark } from '@quotewright/core/engine/local-market';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import basicMaker from '@quotewright/core/strategies/basic-maker';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { type Histogram, build } from 'hdr-histogram-js';
import { answerOf } from './answers.ts';
import { Credentials } from 'quotewright/venues/contract/credentials';
import type { OrderGateway } from 'quotewright/venues/contract/orders';
import { binance } from 'quotewright/venues/binance/venue';
import { BTCUSDT, DAY } from './captures.ts';

/** Orders are rare: the compiler has seen enough of them after some thousands. */
const WARM_UP_ROUNDS = 15;
const ROUNDS = 10;
const FEW_LEVELS = 10;
const INSTRUMENT = new Instrument({ ...BTCUSDT, fees: { maker: '0', taker: '0.001' } });
const DEFAULTS = Object.fromEntries(Object.entries(basicMaker.params).map(([name, spec]) => [name, spec.default]));
const ADDRESSES = binance.environments['live']!;

export async function tickToOrder(): Promise<unknown> {
  if (!existsSync(DAY)) return { note: `${DAY} is absent` };
  const lines = gunzipSync(readFileSync(DAY)).toString('utf8').split('\n');
  const frames = lines
    .filter((line) => line !== '')
    .map((line) => {
      const json = line.slice(line.indexOf(' ') + 1);
      return { isPage: json.startsWith('{"lastUpdateId"'), json, bytes: Buffer.from(json) };
    });
  const ed = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const key = Buffer.from('k'.repeat(64));
  return {
    'HMAC on each request': run(
      frames,
      new Map([
        ['key', key],
        ['secret', Buffer.from('s'.repeat(64))],
      ]),
    ),
    'logged in, without signatures': run(
      frames,
      new Map([
        ['key', key],
        ['privateKey', Buffer.from(ed)],
      ]),
    ),
  };
}

interface Frame {
  readonly isPage: boolean;
  readonly json: string;
  readonly bytes: Uint8Array;
}

interface Tally {
  readonly all: Histogram;
  readonly withOrder: Histogram;
  readonly withOrderOfFew: Histogram;
  /** Records of the frames with orders. */
  readonly records: Histogram;
  /** Of those frames: bytes to records, records through the engine, requests to bytes. */
  readonly feed: Histogram;
  readonly engine: Histogram;
  readonly orders: Histogram;
}

function newTally(): Tally {
  return {
    all: histogram(),
    withOrder: histogram(),
    withOrderOfFew: histogram(),
    records: histogram(),
    feed: histogram(),
    engine: histogram(),
    orders: histogram(),
  };
}

function run(frames: readonly Frame[], values: ReadonlyMap<string, Buffer>): unknown {
  const tally = newTally();
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const isMeasured = round >= WARM_UP_ROUNDS;
    play(frames, new Credentials(values), isMeasured ? tally : newTally());
  }
  return {
    perFrame: percentiles(tally.all),
    framesWithOrders: percentiles(tally.withOrder),
    framesWithOrdersTo10Levels: percentiles(tally.withOrderOfFew),
    recordsOfFramesWithOrders: percentiles(tally.records),
    parts: { feed: percentiles(tally.feed), engine: percentiles(tally.engine), orders: percentiles(tally.orders) },
  };
}

function play(frames: readonly Frame[], credentials: Credentials, tally: Tally): void {
  const out = new RecordQueue(8192);
  const tags: number[] = [];
  const feed = binance.feed({
    instruments: [INSTRUMENT],
    indices: [0],
    epochDay: 19_943,
    addresses: ADDRESSES,
    isL3: false,
    credentials: undefined,
    host: {
      out,
      send: () => undefined,
      fetch: (_, tag) => void tags.push(tag),
      reconnect: () => undefined,
      tell: () => undefined,
      random: () => 0.5,
    },
  });
  const sent: string[] = [];
  const gateway = openGateway(credentials, sent);
  const requests = new RecordQueue(64);
  const engine = new Engine({
    instruments: [INSTRUMENT],
    isL3: [false],
    venueOf: [0],
    strategies: [{ definition: basicMaker, params: DEFAULTS, observers: [] }],
    seed: 1,
    mark: Mark.MID,
    quoter: { canAmend: false },
  });
  let nowNs = 1e9;
  const carrier: OrderCarrier = {
    send(data, at) {
      gateway.request(data, at, nowNs);
      const to = requests.reserve();
      for (let i = 0; i < EVENT_STRIDE; i++) requests.data[to + i] = data[at + i]!;
    },
  };
  engine.start(nowNs);
  feed.opened(nowNs);
  for (const { isPage, json, bytes } of frames) {
    nowNs += 7e6;
    sent.length = 0;
    const start = performance.now();
    if (isPage) for (const tag of tags.splice(0)) feed.fetched(tag, { status: 200, headers: {}, text: json }, nowNs);
    else feed.message(bytes, nowNs);
    const read = performance.now();
    const records = out.length;
    while (out.length > 0) {
      engine.market(out.data, out.peek());
      out.shift();
    }
    const decided = performance.now();
    engine.takeRequests(carrier);
    const end = performance.now();
    if (!isPage) {
      note(tally.all, end - start);
      if (sent.length > 0) {
        note(tally.withOrder, end - start);
        if (records <= FEW_LEVELS) note(tally.withOrderOfFew, end - start);
        tally.records.recordValue(records);
        note(tally.feed, read - start);
        note(tally.engine, decided - read);
        note(tally.orders, end - decided);
      }
    }
    while (requests.length > 0) {
      const at = requests.peek();
      engine.report(answerOf(requests.data.slice(at, at + EVENT_STRIDE)), 0);
      requests.shift();
      engine.takeRequests(carrier);
    }
  }
}

function note(into: Histogram, ms: number): void {
  into.recordValue(Math.max(1, Math.round(ms * 1e6)));
}

function openGateway(credentials: Credentials, sent: string[]): OrderGateway {
  const gateway = binance.orders({
    instruments: [INSTRUMENT],
    indices: [0],
    markets: 1,
    epochDay: 19_943,
    addresses: ADDRESSES,
    credentials,
    rest: { call: async () => Promise.reject(new Error('no pages here')) },
    budget: { take: () => true, observe: () => undefined, banUntil: () => undefined },
    tag: 'bench0',
    host: {
      reports: new RecordQueue(64),
      send: (frame) => void sent.push(String(frame)),
      flush: () => undefined,
      reconnect: () => undefined,
      tell: () => undefined,
      nowNs: () => 1e9,
      nowMs: () => 1_723_161_254_087,
    },
  });
  gateway.opened(0);
  // A session that is logged in needs no signatures: only a key of Ed25519 has one.
  for (const id of credentials.has('privateKey') ? ['logon', 'subscribe'] : ['subscribe']) {
    gateway.message(Buffer.from(`{"id":"${id}","status":200,"result":{"subscriptionId":0}}`), 0);
  }
  return gateway;
}

function histogram(): Histogram {
  return build({ bitBucketSize: 32, lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 });
}

function percentiles(of: Histogram): Record<string, number> {
  const at = (percentile: number): number => of.getValueAtPercentile(percentile);
  return { count: of.totalCount, p50: at(50), p99: at(99), 'p99.9': at(99.9), max: of.maxValue };
}

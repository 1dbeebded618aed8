import { Random } from '@quotewright/core/base/random';
import { EVENT_STRIDE, EventKind, Field, headKind, packHead } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { afterEach, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { Credentials } from '../contract/credentials.ts';
import { VenueConnector } from './connector.ts';
import { LiveClock } from './live-clock.ts';
import { ScriptedServer, until } from './testing/scripted-server.ts';
import { type ScriptedVenueOptions, scriptedVenue, settingsFor, specOf } from './testing/scripted-venue.ts';
import { VenueAccess } from './venue-access.ts';
import type { VenueEvent } from './venue-event.ts';

const { HEAD, SEQ, ORDER_ID, AUX } = Field;
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** A venue of one instrument that answers subscriptions with a snapshot of the number it has come to. */
class Market {
  seq = 10;
  server!: ScriptedServer;
  /** Of private sockets. */
  logins: string[] = [];

  async start(): Promise<void> {
    this.server = await ScriptedServer.start({
      message: (text, socket) => this.#message(text, socket),
      http: (request, response) => response.end(request.url === '/token' ? `token-${this.logins.length}` : '[]'),
    });
    open.push(this.server);
  }

  delta(bid: string, prev = this.seq): void {
    this.server.push({ type: 'delta', symbol: 'BTC', prev, seq: ++this.seq, bids: [[bid, '1']] });
  }

  get feeds(): WebSocket[] {
    return [...this.server.sockets];
  }

  #message(text: string, socket: WebSocket): void {
    const { subscribe, login, new: id }: { subscribe?: string; login?: string; new?: number } = JSON.parse(text);
    if (subscribe !== undefined) {
      socket.send(
        JSON.stringify({
          type: 'snapshot',
          symbol: subscribe,
          seq: this.seq,
          bids: [['1.00', '1']],
          asks: [['2.00', '1']],
        }),
      );
    }
    if (login !== undefined) {
      this.logins.push(login);
      socket.send('{"ready":true}');
    }
    if (id !== undefined) socket.send(JSON.stringify({ ack: id }));
  }
}

interface Started {
  readonly connector: VenueConnector;
  readonly clock: LiveClock;
  /** Kinds of records, with their numbers; kinds of reports, with AUX. */
  readonly records: [number, number][];
  readonly reports: [number, number, number][];
  readonly ups: string[];
  readonly events: VenueEvent[];
}

function drain(queue: RecordQueue, take: (data: Float64Array, at: number) => void): void {
  for (; queue.length > 0; queue.shift()) take(queue.data, queue.peek());
}

function connect(
  market: Market,
  hasOrders: boolean,
  settings: object = {},
  options: ScriptedVenueOptions = {},
): Started {
  const clock = new LiveClock(Math.floor(Date.now() / 86_400_000));
  const access = VenueAccess.open({
    venue: scriptedVenue(options),
    settings: settingsFor(market.server, { ...settings }),
    clock,
  });
  const [records, reports, ups, events]: [Started['records'], Started['reports'], string[], VenueEvent[]] = [
    [],
    [],
    [],
    [],
  ];
  const connector = VenueConnector.open({
    access,
    instruments: [new Instrument(specOf('BTC'))],
    indices: [0],
    markets: 1,
    credentials: hasOrders ? new Credentials(new Map()) : undefined,
    hasOrders,
    tag: 'test00',
    isL3: false,
    seed: 1,
    on: {
      records: (queue) => drain(queue, (data, at) => records.push([headKind(data[at + HEAD]!), data[at + SEQ]!])),
      reports: (queue) =>
        drain(queue, (data, at) => reports.push([headKind(data[at + HEAD]!), data[at + ORDER_ID]!, data[at + AUX]!])),
      connection: (kind, isUp) => ups.push(`${kind} ${isUp ? 'up' : 'down'}`),
      event: (event) => events.push(event),
    },
  });
  open.push(access, connector);
  return { connector, clock, records, reports, ups, events };
}

const last = ({ records }: Started): number => records.at(-1)?.[1] ?? 0;

it('reads, notices a gap, begins from the snapshot again, and comes back after a break: each an event', async () => {
  const market = new Market();
  await market.start();
  const started = connect(market, false);
  const { connector, records, events, ups } = started;
  await until(() => last(started) === 10, 'a snapshot');
  market.delta('1.01');
  await until(() => last(started) === 11, 'a delta');
  market.seq += 5;
  market.delta('1.02');
  await until(() => last(started) === 17 && records.at(-1)?.[0] === EventKind.SNAPSHOT_END, 'a snapshot after the gap');
  expect(records.filter(([kind]) => kind === EventKind.GAP)).toEqual([[EventKind.GAP, 11]]);
  market.server.drop();
  await until(() => connector.stats.reconnects === 1 && connector.isFeedUp, 'the feed again');
  await until(() => records.filter(([kind]) => kind === EventKind.SNAPSHOT_END).length === 3, 'the third snapshot');
  expect(ups).toEqual(['feed up', 'feed down', 'feed up']);
  expect(events.map(({ type, market: of, count, fault }) => [type, of, count, fault])).toEqual([
    ['connected', -1, 1, undefined],
    ['snapshot', 0, 1, undefined],
    ['stale', 0, 1, 'gap'],
    ['resync', 0, 1, undefined],
    ['snapshot', 0, 2, undefined],
    ['stale', 0, 2, 'disconnected'],
    ['disconnected', -1, 1, undefined],
    ['connected', -1, 2, undefined],
    ['snapshot', 0, 3, undefined],
  ]);
  expect(connector.stats).toMatchObject({
    stales: 2,
    resyncs: 1,
    zombies: 0,
    switches: 0,
    feeds: { feed: { gaps: 1 } },
  });
  expect(connector.book(0)?.bestPrice(0)).toBe(100);
  connector.close();
  connector.close();
  expect(ups.at(-1)).toBe('feed down');
  expect(records.at(-1)?.[0]).toBe(EventKind.GAP);
});

it.each([true, false])(
  'never loses its book as long as one of two lines has it (numbers of the venue: %s)',
  async (hasGlobalSequence) => {
    const market = new Market();
    await market.start();
    const started = connect(market, false, { redundant: true }, { abilities: { hasGlobalSequence } });
    const { connector, records } = started;
    const random = Random.stream(5, 'breaks');
    await until(() => market.feeds.length === 2 && connector.isFeedUp, 'both lines');
    await until(() => started.events.filter(({ type }) => type === 'snapshot').length === 2, 'both snapshots');
    for (let round = 1; round <= 4; round++) {
      market.delta(`1.0${round}`);
      const { seq } = market;
      await until(() => last(started) === seq, `message ${seq}`);
      const victim = random.below(2);
      market.feeds[victim]!.terminate();
      await until(() => market.feeds.length === 1, 'one line');
      market.delta(`1.1${round}`);
      await until(() => last(started) === market.seq, `message ${market.seq} over one line`);
      await until(() => market.feeds.length === 2, 'both lines again');
      await until(() => started.events.filter(({ type }) => type === 'snapshot').length === 2 + round, 'its snapshot');
    }
    expect(records.some(([kind]) => kind === EventKind.GAP)).toBe(false);
    expect(started.ups).toEqual(['feed up']);
    const numbers = records.filter(([kind]) => kind === EventKind.LEVEL).map(([, seq]) => seq);
    if (hasGlobalSequence) expect(numbers.slice(2)).toEqual([...new Set(numbers.slice(2))]);
  },
);

it('takes orders when it is logged in, refuses them at once when not, and prepares each connection anew', async () => {
  const market = new Market();
  await market.start();
  const started = connect(market, true);
  const { connector, reports, ups } = started;
  const send = (kind: number, id: number): void => {
    const data = new Float64Array(EVENT_STRIDE);
    data[HEAD] = packHead(kind, 0, 0);
    data[ORDER_ID] = id;
    connector.request(data, 0);
  };
  send(RequestKind.NEW, 1);
  send(RequestKind.CANCEL, 2);
  send(RequestKind.AMEND, 3);
  expect(reports).toEqual([
    [ReportKind.REJECT, 1, Reject.OVERLOADED],
    [ReportKind.CANCEL_REJECT, 2, Reject.OVERLOADED],
    [ReportKind.AMEND_REJECT, 3, Reject.OVERLOADED],
  ]);
  await until(() => connector.areOrdersUp, 'orders');
  send(RequestKind.NEW, 4);
  await until(() => reports.length === 4, 'an ack');
  expect(reports[3]).toEqual([ReportKind.ACK, 4, 0]);
  market.server.drop();
  await until(() => market.logins.length === 2 && connector.areOrdersUp, 'orders again');
  expect(market.logins).toEqual(['token-0', 'token-1']);
  expect(ups.filter((up) => up.startsWith('orders'))).toEqual(['orders up', 'orders down', 'orders up']);
  expect((await connector.account(0)).positionLots).toEqual([Number.NaN]);
  await connector.cancelAll();
});

it('says what it lacks for orders', async () => {
  const market = new Market();
  await market.start();
  const { connector } = connect(market, false);
  await expect(connector.account(0)).rejects.toThrow('this connection has no orders');
});

/** A mistake of ours in reading what a venue says does not end the process while orders stand; and what is said last. */
import { EventKind, Field, headKind } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { afterEach, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { Credentials } from '../contract/credentials.ts';
import type { Feed } from '../contract/feed.ts';
import type { OrdersSetup } from '../contract/orders.ts';
import { VenueError } from '../contract/venue-error.ts';
import type { Venue } from '../contract/venue.ts';
import { VenueConnector } from './connector.ts';
import { LiveClock } from './live-clock.ts';
import { ScriptedOrders } from './testing/scripted-orders.ts';
import { ScriptedServer, until } from './testing/scripted-server.ts';
import { scriptedVenue, settingsFor, specOf } from './testing/scripted-venue.ts';
import { VenueAccess } from './venue-access.ts';
import type { VenueEvent } from './venue-event.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

const SNAPSHOT = {
  type: 'snapshot',
  symbol: 'BTC',
  seq: 10,
  bids: [['1.00', '1']],
  asks: [['2.00', '1']],
};

async function started(change: (venue: Venue) => Partial<Venue>) {
  const heard: string[] = [];
  const sockets = { feed: new Set<WebSocket>(), orders: new Set<WebSocket>() };
  const server = await ScriptedServer.start({
    message: (text, socket) => {
      heard.push(text);
      if (text.includes('subscribe')) socket.send(JSON.stringify(SNAPSHOT));
      if (text.includes('login')) socket.send('{"ready":true}');
    },
    connected: (socket, _, request) => {
      sockets[request.url === '/feed' ? 'feed' : 'orders'].add(socket);
    },
    http: (request, response) => {
      heard.push(request.url ?? '');
      response.end(request.url === '/time' ? String(Date.now() + 60_000) : 'token');
    },
  });
  const usual = scriptedVenue();
  const clock = new LiveClock(Math.floor(Date.now() / 86_400_000));
  const venue = { ...usual, ...change(usual) };
  const access = VenueAccess.open({ venue, settings: settingsFor(server), clock });
  const kinds: number[] = [];
  const [ups, events]: [string[], VenueEvent[]] = [[], []];
  const drain = (queue: RecordQueue): void => {
    for (; queue.length > 0; queue.shift()) kinds.push(headKind(queue.data[queue.peek() + Field.HEAD]!));
  };
  const connector = VenueConnector.open({
    access,
    instruments: [new Instrument(specOf('BTC'))],
    indices: [0],
    markets: 1,
    credentials: new Credentials(new Map()),
    hasOrders: true,
    tag: 'test00',
    isL3: false,
    seed: 1,
    on: {
      records: drain,
      reports: drain,
      connection: (kind, isUp) => ups.push(`${kind} ${isUp ? 'up' : 'down'}`),
      event: (event) => events.push(event),
    },
  });
  open.push(server, access, connector);
  await until(() => connector.areOrdersUp && kinds.includes(EventKind.SNAPSHOT_END), 'everything up');
  return { sockets, access, connector, clock, kinds, ups, events, heard };
}

const unreadable = (events: readonly VenueEvent[]) =>
  events.filter(({ type }) => type === 'unreadable').map(({ line, text, severity }) => [line, severity, text]);

/** A feed that cannot take in a message with `mistake` in it, after it has put out half of it. */
function careless(usual: Venue, endsToo: boolean): Partial<Venue> {
  return {
    feed: (setup) => {
      const feed: Feed = usual.feed(setup);
      const message = feed.message.bind(feed);
      const closed = feed.closed.bind(feed);
      return Object.assign(feed, {
        message: (bytes: Uint8Array, nowNs: number) => {
          if (!Buffer.from(bytes).includes('mistake')) return message(bytes, nowNs);
          setup.host.out.reserve();
          throw new TypeError('of ours');
        },
        closed: (nowNs: number) => {
          closed(nowNs);
          if (endsToo) throw new TypeError('of ours at the end');
        },
      });
    },
  };
}

it.each([
  [false, 1],
  [true, 2],
])('a feed that throws begins anew: a GAP, then a snapshot (throws at its end too: %s)', async (endsToo, told) => {
  const { sockets, connector, kinds, ups, events } = await started((usual) => careless(usual, endsToo));
  kinds.length = 0;
  for (const socket of sockets.feed) socket.send('{"a":"mistake"}');
  await until(() => kinds.includes(EventKind.SNAPSHOT_END), 'a book again');
  expect(kinds[0]).toBe(EventKind.GAP);
  expect(kinds.filter((kind) => kind === EventKind.GAP)).toHaveLength(1);
  expect(ups).toEqual(expect.arrayContaining(['feed down', 'feed up']));
  expect(unreadable(events)).toHaveLength(told);
  expect(unreadable(events)[0]).toEqual(['feed', 'warning', 'a message could not be taken in: TypeError: of ours']);
  expect(connector.stats.feeds['feed']).toMatchObject({ unreadable: 1 });
});

it('a gateway that throws makes another connection, after which the account is asked', async () => {
  const { sockets, connector, ups, events } = await started(() => ({}));
  for (const socket of sockets.orders) socket.send('{"neither":1}');
  await until(() => ups.includes('orders down') && connector.areOrdersUp, 'orders again');
  expect(unreadable(events)).toHaveLength(1);
  expect(ups.filter((up) => up.startsWith('orders'))).toEqual(['orders up', 'orders down', 'orders up']);
});

it('a gateway that throws at a request leaves its answer to the account', async () => {
  class Careless extends ScriptedOrders {
    override request(): void {
      throw new TypeError('of ours');
    }
  }
  const { connector, ups, events, kinds } = await started(() => ({ orders: (setup) => new Careless(setup) }));
  kinds.length = 0;
  connector.request(new Float64Array(8), 0);
  await until(() => ups.includes('orders down') && connector.areOrdersUp, 'orders again');
  expect(unreadable(events)).toHaveLength(1);
  expect(kinds).toEqual([]);
});

it('is told last what the venue shall not do without us, before the connection is closed', async () => {
  class Guarded extends ScriptedOrders {
    readonly #host: OrdersSetup;
    constructor(setup: OrdersSetup) {
      super(setup);
      this.#host = setup;
    }
    closing(): void {
      const { host, rest } = this.#host;
      host.send('{"guard":0}');
      void rest.call({ method: 'POST', path: '/guard', cost: {}, isCancel: true });
    }
  }
  const { connector, access, heard } = await started(() => ({ orders: (setup) => new Guarded(setup) }));
  connector.close();
  await access.close();
  await until(() => heard.includes('{"guard":0}'), 'the last word over the socket');
  expect(heard).toContain('/guard');
});

it('measures the clocks anew when the venue says that ours is off', async () => {
  let host: OrdersSetup['host'] | undefined;
  const { clock, events, heard } = await started((usual) => ({
    orders: (setup) => {
      ({ host } = setup);
      return usual.orders(setup);
    },
  }));
  const error = new VenueError({ venue: 'scripted', code: 'CLOCK', text: 'outside of the window' });
  for (let i = 0; i < 3; i++) host!.tell({ type: 'refused', detail: error.message, error });
  await until(() => clock.offset('scripted') !== undefined, 'an offset');
  expect(clock.offset('scripted')!.offsetMs).toBeGreaterThan(59_000);
  await until(() => events.some(({ text }) => text.startsWith('the clocks were compared anew')), 'a word of it');
  // Once, however often it is said.
  expect(heard.filter((path) => path === '/time')).toHaveLength(5);
});

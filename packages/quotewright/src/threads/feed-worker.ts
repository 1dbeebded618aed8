/**
 * A thread of market data: the sockets, TLS, decoding and checking of a group of one venue's instruments. What it believes goes into a ring,
 * from which the trading thread takes it. When the ring is full it waits: nothing is lost, and the socket's buffers fill instead.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { RingWriter } from '@quotewright/core/base/ring';
import { Instrument } from '@quotewright/core/market/instrument';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { reasonOf } from '../data/reason.ts';
import { Credentials } from '../venues/contract/credentials.ts';
import { openVenue } from '../venues/open-venue.ts';
import { VenueConnector } from '../venues/runtime/connector.ts';
import { LiveClock } from '../venues/runtime/live-clock.ts';
import { VenueAccess } from '../venues/runtime/venue-access.ts';
import type { FeedThreadSetup, FromFeedThread } from './link.ts';
import { MACHINE_CLOCK } from './machine-clock.ts';
import { placeThread } from './pinning.ts';

const POLL_MS = 20;
const STATS_MS = 1000;
const FULL_WAIT_MS = 1;

const port = parentPort;
if (port === null) throw new Error('market data runs on a thread of its own');

// oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
const post = (message: FromFeedThread): void => port.postMessage(message);

// oxlint-disable-next-line no-unsafe-type-assertion -- `FeedThread` has given it
const setup = workerData as FeedThreadSetup;

class RingOut {
  readonly #ring = new RingWriter(setup.ring);
  readonly #signal = new Int32Array(setup.signal);
  readonly #pause = new Int32Array(new SharedArrayBuffer(4));

  put(queue: RecordQueue): void {
    while (queue.length > 0) {
      const at = queue.peek();
      while (this.#ring.push(queue.data, at, 1) === 0) {
        this.#wake();
        Atomics.wait(this.#pause, 0, 0, FULL_WAIT_MS);
      }
      queue.shift();
    }
    this.#wake();
  }

  #wake(): void {
    Atomics.add(this.#signal, 0, 1);
    Atomics.notify(this.#signal, 0);
  }
}

async function run(): Promise<void> {
  const { venue: name, settings: given, specs, indices, markets, epochDay, seed, isL3, memories } = setup;
  const warning = await placeThread(setup.name, setup.cpu);
  const { venue, settings } = await openVenue(name, given);
  const { monotonicMs } = MACHINE_CLOCK;
  const wallMs = (): number => setup.unixMs + monotonicMs() - setup.monotonicMs;
  const clock = new LiveClock(epochDay, { monotonicMs, wallMs });
  const access = VenueAccess.open({
    venue,
    settings,
    clock,
    memories,
    event: (event) => post({ type: 'event', event }),
  });
  const out = new RingOut();
  const connector = VenueConnector.open({
    access,
    instruments: specs.map((spec) => new Instrument(spec)),
    indices,
    markets,
    credentials: setup.credentials && credentialsOf(setup.credentials),
    hasOrders: false,
    tag: '000000',
    isL3,
    seed,
    on: {
      records: (queue) => out.put(queue),
      reports: (queue) => queue.clear(),
      connection: (_kind, isUp, nowNs) => post({ type: 'connection', isUp, nowNs }),
      event: (event) => post({ type: 'event', event }),
    },
  });
  const polls = setInterval(() => connector.poll(clock.nowNs()), POLL_MS);
  const stats = setInterval(() => post({ type: 'stats', stats: connector.stats }), STATS_MS);
  port?.once('message', () => {
    clearInterval(polls);
    clearInterval(stats);
    connector.close();
    void access.close().finally(() => port.close());
  });
  post({ type: 'open', warning });
}

function credentialsOf(values: ReadonlyMap<string, Uint8Array>): Credentials {
  return new Credentials(new Map(Array.from(values, ([field, bytes]) => [field, Buffer.from(bytes)])));
}

try {
  await run();
} catch (error) {
  post({ type: 'failed', message: reasonOf(error) });
  port.close();
}

/** Our orders at a venue on their private socket: prepared before each connection, and reports leave in the socket's turn. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { Credentials } from '../contract/credentials.ts';
import type { OrderGateway } from '../contract/orders.ts';
import { SocketLine } from './socket-line.ts';
import type { VenueAccess } from './venue-access.ts';
import type { Told } from './venue-event.ts';

/** A venue that has not let us in after so long is asked anew, over another connection. */
const READY_NS = 30e9;

export interface OrderLineSetup {
  readonly access: VenueAccess;
  readonly instruments: readonly Instrument[];
  readonly indices: readonly number[];
  readonly markets: number;
  readonly credentials: Credentials;
  readonly tag: string;
  readonly random: () => number;
  readonly tell: (nowNs: number, told: Told) => void;
  /** Reports are to be taken now. */
  readonly reports: (queue: RecordQueue) => void;
  /** Requests are taken, or not any more. */
  readonly ready: (isReady: boolean, nowNs: number) => void;
}

export class OrderLine {
  readonly gateway: OrderGateway;
  readonly out = new RecordQueue(256);
  readonly #setup: OrderLineSetup;
  readonly #socket: SocketLine;
  #wasReady = false;
  /** Since when the connection stands and takes no requests. */
  #unreadyNs = 0;

  constructor(setup: OrderLineSetup) {
    const { access, instruments, indices, markets, credentials, tag, random } = setup;
    const { clock, venue } = access;
    this.#setup = setup;
    this.gateway = venue.orders({
      instruments,
      indices,
      markets,
      epochDay: clock.epochDay,
      addresses: access.addresses,
      credentials,
      rest: access.rest,
      budget: access.budget,
      tag,
      host: {
        reports: this.out,
        send: (frame) => this.#socket.send(frame),
        flush: () => this.#flush(clock.nowNs()),
        reconnect: (reason) => this.#socket.reconnect(reason),
        tell: ({ type, detail, error }) => setup.tell(clock.nowNs(), { type, line: 'orders', text: detail, error }),
        nowNs: () => clock.nowNs(),
        nowMs: () => clock.venueMs(venue.name),
      },
    });
    this.#socket = new SocketLine({
      name: 'orders',
      access,
      random,
      tell: setup.tell,
      isTapped: false,
      user: {
        prepare: async () => {
          await this.gateway.prepare();
          return this.gateway.url;
        },
        headers: () => this.gateway.headers ?? {},
        opened: (nowNs) => {
          this.#unreadyNs = nowNs;
          this.#turn(nowNs, () => this.gateway.opened(nowNs));
        },
        message: (bytes, nowNs) => this.#turn(nowNs, () => this.gateway.message(bytes, nowNs)),
        closed: (nowNs) => {
          try {
            this.gateway.closed(nowNs);
          } catch (error) {
            this.#tell(error, nowNs);
          }
          this.#flush(nowNs);
        },
      },
    });
  }

  get isReady(): boolean {
    return this.gateway.isReady && this.#socket.isOpen;
  }

  get connections(): number {
    return this.#socket.connections;
  }

  start(): void {
    this.#socket.start();
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    try {
      this.gateway.request(data, offset, nowNs);
    } catch (error) {
      this.#broken(error, nowNs);
    }
    if (this.out.length > 0) this.#setup.reports(this.out);
  }

  poll(nowNs: number): void {
    this.#socket.poll(nowNs);
    this.#turn(nowNs, () => this.gateway.poll(nowNs));
    if (!this.#socket.isOpen || this.gateway.isReady) this.#unreadyNs = nowNs;
    else if (nowNs - this.#unreadyNs > READY_NS) {
      this.#unreadyNs = nowNs;
      this.#socket.reconnect(`no requests are taken for ${READY_NS / 1e9} s`);
    }
  }

  close(): void {
    const nowNs = this.#setup.access.clock.nowNs();
    try {
      if (this.isReady) this.gateway.closing?.(nowNs);
    } catch (error) {
      this.#tell(error, nowNs);
    }
    this.#socket.close();
  }

  #turn(nowNs: number, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#broken(error, nowNs);
    }
    this.#flush(nowNs);
  }

  /**
   * The gateway has thrown, which is a mistake of ours: the process goes on, because orders may stand. What it was about is not known; another
   * connection is made, and the account is asked.
   */
  #broken(error: unknown, nowNs: number): void {
    this.#tell(error, nowNs);
    this.#socket.reconnect(String(error));
  }

  #tell(error: unknown, nowNs: number): void {
    const text = `a message or a request could not be taken in: ${String(error)}`;
    this.#setup.tell(nowNs, { type: 'unreadable', line: 'orders', text });
  }

  #flush(nowNs: number): void {
    // Reports that came before the break belong to the time before it.
    if (this.out.length > 0) this.#setup.reports(this.out);
    const { isReady } = this;
    if (isReady === this.#wasReady) return;
    this.#wasReady = isReady;
    this.#setup.ready(isReady, nowNs);
  }
}

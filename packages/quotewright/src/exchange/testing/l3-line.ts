/** A living market, the face of a venue on it, and the venue's feed of single orders connected to the face: without sockets, stepped by hand. */
import type { Side } from '@quotewright/core/market/side';
import type { Schedule } from '@quotewright/core/venue-sim/living/regimes';
import type { Venue } from '../../venues/contract/venue.ts';
import { FeedProbe } from '../../venues/testing/probe.ts';
import type { Face, FaceConversation, FaceMaker } from '../contract.ts';
import { type HandExchange, handExchange } from './hand-exchange.ts';
import { type Queues, exchangeQueues, replicaQueues } from './queues.ts';

export class L3Line {
  readonly hand: HandExchange;
  readonly probe: FeedProbe;
  readonly #face: Face;
  readonly #frames: string[] = [];
  readonly #conversation: FaceConversation;
  #ns = 1;

  constructor(venue: Venue, maker: FaceMaker, schedule?: Schedule) {
    this.hand = handExchange(maker, { coins: ['BTC'], isAlive: true, schedule });
    this.#face = maker.make(this.hand.exchange);
    // What stands before anybody listens is in the book too.
    this.hand.pass(200);
    this.hand.all.tellBooks();
    this.probe = new FeedProbe({
      feed: (setup) => venue.feed(setup),
      instruments: [this.hand.exchange.instruments[0]!],
      addresses: venue.environments['live']!,
      epochDay: this.hand.exchange.epochDay,
      isL3: true,
    });
    const request = { method: 'GET', path: '/', target: '/', query: new URLSearchParams(), headers: {}, body: '' };
    const socket = { send: (frame: string) => void this.#frames.push(frame), close: () => undefined };
    this.#conversation = this.#face.connect(socket, request)!;
    this.probe.feed.opened(this.#ns);
  }

  /** Time passes, and what the face has sent arrives, but for frames that are lost. */
  pass(ms: number, isLost: (frame: string) => boolean = () => false): void {
    const { feed, fetches, sent } = this.probe;
    for (const frame of sent.splice(0)) this.#conversation.message(frame);
    this.hand.pass(ms);
    for (const frame of this.#frames.splice(0)) {
      this.#ns += 1e6;
      if (!isLost(frame)) feed.message(Buffer.from(frame), this.#ns);
      this.probe.settle(this.#ns);
    }
    this.#ns += 1e9;
    feed.poll(this.#ns);
    for (const { request, tag } of fetches.splice(0)) {
      const [path = '', words = ''] = request.path.split('?');
      const query = new URLSearchParams(words);
      const { status, body } = this.#face.http({
        method: 'GET',
        path,
        target: request.path,
        query,
        headers: {},
        body: '',
      });
      feed.fetched(tag, { status, headers: {}, text: body }, this.#ns);
      this.probe.settle(this.#ns);
    }
  }

  /** The queues of a side as the feed has them, and as the exchange does. */
  queues(side: Side): [found: Queues, expected: Queues] {
    return [replicaQueues(this.probe.builders[0]!.book, side), exchangeQueues(this.hand.exchange.queues(0)!, side)];
  }
}

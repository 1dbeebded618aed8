/**
 * Mutated captures: drives a feed with a venue's frames of which a share is damaged, lost, doubled or late, over and over, and checks after each
 * that no exception leaves the feed, that every record keeps the contract (`probe.ts`: nothing of a book that is not believed, never
 * crossed, and so on), and that a believed book is right, against a second feed.
 *
 *     const result = mutate({ capture, feed: (setup) => kraken.feed(setup), instruments, addresses, seed: 1, mutations: 50_000,
 *       truth: 'clean', levels: 10, reply: krakenSnapshot });
 *
 * `truth: 'clean'`: the second feed gets the same frames unharmed. After each frame that comes unharmed, the books that it changed and that are
 * still believed have to be the second's in `levels` levels a side. Choose `kinds` whose harm the protocol can show: with a checksum
 * (Kraken, `levels` 10) all of them; with numbered messages `delete`, `duplicate`, `reorder`.
 * `truth: (setup) => Feed`: the second feed gets the very same mutated frames, and has to come to the same books and to the same belief: the full
 * parser beside the scanner.
 * Without `truth` only the contract is checked.
 *
 * The capture is played from the start again whenever it ends, and when the feed wants another connection, so that snapshots come again.
 * A feed that subscribes anew to a single book on the same connection finds the venue's answer through `reply`.
 */
import { Random } from '@quotewright/core/base/random';
import { Side } from '@quotewright/core/market/side';
import type { Feed, FeedSetup } from '../contract/feed.ts';
import type { Capture, CaptureFrame } from './capture.ts';
import { DAMAGES, type DamageName } from './damage.ts';
import { FeedProbe, type ProbeSetup } from './probe.ts';
import { answerFetches } from './replay.ts';

/** `page`: an answer to a fetch is damaged, or is none. */
export type MutationKind = DamageName | 'delete' | 'duplicate' | 'reorder' | 'page';

export const DAMAGE_KINDS: readonly MutationKind[] = [
  'bits',
  'truncate',
  'digit',
  'bracket',
  'unicode',
  'number',
  'shuffle',
];
export const ORDER_KINDS: readonly MutationKind[] = ['delete', 'duplicate', 'reorder'];

/** The usual number of mutated frames, or as many as the environment wants: `QUOTEWRIGHT_MUTATIONS=1000000`. */
export function mutationsOf(usual: number): number {
  return Number(process.env['QUOTEWRIGHT_MUTATIONS'] ?? usual);
}

export interface MutationSetup extends Omit<ProbeSetup, 'epochDay' | 'random'> {
  readonly capture: Capture;
  readonly seed: number;
  /** Frames that are to be mutated in all. */
  readonly mutations: number;
  /** The share of frames that is. Default 0.2. */
  readonly share?: number;
  /** Default: all but `page`. */
  readonly kinds?: readonly MutationKind[];
  readonly truth?: 'clean' | ((setup: FeedSetup) => Feed);
  /** Levels a side that have to agree with the truth; Infinity = all. Default 10. */
  readonly levels?: number;
  /** What the venue says at once to a frame of the feed, given what is true now (a feed; of the first one's own without `truth`). */
  readonly reply?: (sent: string, truth: FeedProbe) => readonly string[];
}

export interface MutationResult {
  readonly messages: number;
  readonly mutated: Readonly<Partial<Record<MutationKind, number>>>;
  readonly passes: number;
  /** Comparisons of a book with the truth. */
  readonly compared: number;
  readonly probe: FeedProbe;
}

/** Frames that overtake one that is late: at most so many. */
const LATE = 4;
/** Between the end of the capture and its next beginning. */
const PAUSE_NS = 2e9;

/** @throws Error naming seed, pass, frame and mutation at the first breach, with the frame as it was delivered */
export function mutate(setup: MutationSetup): MutationResult {
  const run = new MutationRun(setup);
  run.run();
  return run;
}

class MutationRun implements MutationResult {
  messages = 0;
  readonly mutated: Partial<Record<MutationKind, number>> = {};
  passes = 0;
  compared = 0;
  readonly probe: FeedProbe;
  readonly #setup: MutationSetup;
  readonly #random: Random;
  readonly #kinds: readonly MutationKind[];
  readonly #truth: FeedProbe | undefined;
  readonly #isClean: boolean;
  readonly #found = new Levels();
  readonly #expected = new Levels();
  readonly #late: { readonly bytes: Uint8Array; due: number }[] = [];
  #left: number;
  #shiftNs = 0;
  #nowNs = 0;
  #last: Uint8Array = new Uint8Array();

  constructor(setup: MutationSetup) {
    const { capture, seed, truth, mutations, kinds = [...DAMAGE_KINDS, ...ORDER_KINDS] } = setup;
    this.#setup = setup;
    this.#random = Random.stream(seed, 'mutate');
    this.#kinds = kinds;
    this.#left = mutations;
    const luck = Random.stream(seed, 'feed');
    const common = { ...setup, epochDay: capture.epochDay, random: () => luck.nextUint32() / 2 ** 32 };
    this.probe = new FeedProbe(common);
    this.#isClean = truth === 'clean';
    if (truth === undefined) this.#truth = undefined;
    else this.#truth = new FeedProbe({ ...common, feed: truth === 'clean' ? setup.feed : truth, random: () => 0.5 });
  }

  run(): void {
    const { frames } = this.#setup.capture;
    const spanNs = frames.at(-1)!.ns - frames[0]!.ns + PAUSE_NS;
    while (this.#left > 0) {
      let kind = '';
      let frame = frames[0]!;
      try {
        this.#open(frames[0]!.ns + this.#shiftNs);
        for (frame of frames) {
          this.#nowNs = frame.ns + this.#shiftNs;
          if (frame.type === 'recv') kind = this.#receive(frame);
          this.#answer();
          if (this.#left <= 0 || this.probe.reconnects.length > 0) break;
        }
      } catch (error) {
        const { seed } = this.#setup;
        const original = Buffer.from(frame.bytes).toString('utf8').slice(0, 2000);
        const delivered = Buffer.from(this.#last).toString('utf8').slice(0, 2000);
        const where = `seed ${seed}, pass ${this.passes}, frame ${frames.indexOf(frame)}, mutation '${kind}'`;
        throw new Error(`${where}: ${String(error)}\noriginal:  ${original}\ndelivered: ${delivered}`, {
          cause: error,
        });
      }
      this.#nowNs += 1;
      this.#close();
      this.#shiftNs += spanNs;
      this.passes++;
    }
  }

  #open(nowNs: number): void {
    this.#nowNs = nowNs;
    for (const probe of this.#probes()) {
      probe.feed.opened(nowNs);
      probe.settle(nowNs);
      // The capture answers subscriptions at the start of a connection.
      probe.sent.length = 0;
    }
    this.#answer();
  }

  #close(): void {
    this.#late.length = 0;
    for (const probe of this.#probes()) {
      probe.feed.closed(this.#nowNs);
      probe.settle(this.#nowNs);
      probe.reconnects.length = 0;
      probe.fetches.length = 0;
      probe.events.length = 0;
    }
  }

  #probes(): readonly FeedProbe[] {
    return this.#truth === undefined ? [this.probe] : [this.probe, this.#truth];
  }

  /** Delivers a frame of the capture, harmed or not. @returns what was done to it */
  #receive(frame: CaptureFrame): MutationKind | 'none' {
    for (const probe of this.#probes()) {
      probe.feed.poll(this.#nowNs);
      probe.settle(this.#nowNs);
    }
    if (this.#isClean) this.#deliver(this.#truth!, frame.bytes);
    let kind = this.#draw();
    if (kind === 'page') kind = 'none';
    if (kind === 'none') this.#both(frame.bytes, true);
    else {
      this.mutated[kind] = (this.mutated[kind] ?? 0) + 1;
      this.#left--;
      if (kind === 'reorder') this.#late.push({ bytes: frame.bytes, due: 1 + (this.#random.nextUint32() % LATE) });
      else if (kind === 'duplicate') {
        this.#both(frame.bytes, true);
        this.#both(frame.bytes, false);
      } else if (kind !== 'delete') this.#both(DAMAGES[kind](frame.bytes, this.#random), false);
    }
    for (let k = 0; k < this.#late.length;) {
      const late = this.#late[k]!;
      if (--late.due >= 0) k++;
      else {
        this.#late.splice(k, 1);
        this.#both(late.bytes, false);
      }
    }
    return kind;
  }

  #draw(): MutationKind | 'none' {
    if (this.#random.nextUint32() / 2 ** 32 >= (this.#setup.share ?? 0.2)) return 'none';
    return this.#kinds[this.#random.nextUint32() % this.#kinds.length]!;
  }

  /** To the feed under test, and to a second one that gets the same; then they are compared. */
  #both(bytes: Uint8Array, isUnharmed: boolean): void {
    this.#last = bytes;
    this.messages++;
    this.#deliver(this.probe, bytes);
    const truth = this.#truth;
    if (truth === undefined) return;
    const touched = [...this.probe.touched];
    if (!this.#isClean) this.#deliver(truth, bytes);
    else if (!isUnharmed) return;
    for (const i of touched) this.#compare(i, truth);
    if (!this.#isClean) for (const i of truth.touched) this.#compare(i, truth);
  }

  #deliver(probe: FeedProbe, bytes: Uint8Array): void {
    probe.feed.message(bytes, this.#nowNs);
    probe.settle(this.#nowNs);
  }

  #compare(i: number, truth: FeedProbe): void {
    if (!this.#isClean && this.probe.isBelieved(i) !== truth.isBelieved(i)) {
      throw new Error(
        `instrument ${i}: believed ${this.probe.isBelieved(i)}, by the second feed ${truth.isBelieved(i)}`,
      );
    }
    if (!this.probe.isBelieved(i) || !truth.isBelieved(i)) return;
    this.compared++;
    const most = this.#setup.levels ?? 10;
    for (const side of [Side.BUY, Side.SELL]) {
      const count = this.#found.take(this.probe, i, side, most);
      if (this.#expected.take(truth, i, side, most) === count && this.#found.equals(this.#expected, count)) continue;
      const found = this.#found.text(count);
      const expected = this.#expected.text(this.#expected.take(truth, i, side, most));
      throw new Error(
        `instrument ${i}, side ${side}: a wrong book is believed\nfound:    ${found}\nexpected: ${expected}`,
      );
    }
  }

  /** Venue's answers to what the feeds have sent and asked since. */
  #answer(): void {
    const { capture, reply } = this.#setup;
    for (const probe of this.#probes()) {
      for (const sent of probe.sent.splice(0)) {
        for (const frame of reply?.(sent, this.#truth ?? this.probe) ?? []) this.#deliver(probe, Buffer.from(frame));
      }
      if (probe === this.probe && this.#kinds.includes('page')) this.#spoilPages();
      answerFetches(probe, capture, this.#nowNs, this.#shiftNs);
    }
  }

  /** Every other page is none, or is damaged. */
  #spoilPages(): void {
    const { probe } = this;
    const random = this.#random;
    const pages = probe.fetches.splice(0);
    for (const { request, tag } of pages) {
      const page = this.#setup.capture.page(request.path, this.#nowNs - this.#shiftNs);
      const choice = random.nextUint32() & 7;
      if (page === undefined || choice < 4) {
        probe.fetches.push({ request, tag });
        continue;
      }
      this.mutated.page = (this.mutated.page ?? 0) + 1;
      const damage = Object.values(DAMAGES)[random.nextUint32() % 7]!;
      const text = choice === 4 ? '' : Buffer.from(damage(Buffer.from(page), random)).toString('utf8');
      const status = choice === 4 ? 503 : 200;
      const response = choice === 5 ? undefined : { status, headers: {}, text };
      probe.feed.fetched(tag, response, this.#nowNs);
      probe.settle(this.#nowNs);
    }
  }
}

/** The best levels of a side, in arrays that are used again: whole books are compared after every frame. */
class Levels {
  #prices = new Float64Array(64);
  #sizes = new Float64Array(64);

  /** @returns how many there are */
  take(probe: FeedProbe, i: number, side: Side, most: number): number {
    const { book } = probe.builders[i]!;
    const count = Math.min(most, book.levelCount(side));
    if (count > this.#prices.length) {
      this.#prices = new Float64Array(2 * count);
      this.#sizes = new Float64Array(2 * count);
    }
    book.top(side, count, this.#prices, this.#sizes);
    return count;
  }

  equals(other: Levels, count: number): boolean {
    for (let k = 0; k < count; k++) {
      if (this.#prices[k] !== other.#prices[k] || this.#sizes[k] !== other.#sizes[k]) return false;
    }
    return true;
  }

  text(count: number): string {
    return Array.from({ length: count }, (_, k) => `${this.#prices[k]}x${this.#sizes[k]}`).join(' ');
  }
}

/** Where one book stands on its way from the connection to a snapshot with every diff since, and when the next snapshot may be asked for. */
import type { RestResponse } from '../contract/rest.ts';
import type { DepthChain } from './depth-chain.ts';

const State = {
  /** There is no connection. */
  DOWN: 0,
  /** A snapshot is wanted. */
  WANTED: 1,
  /** It was asked for. */
  ASKED: 2,
  FOLLOWING: 3,
} as const;
type State = (typeof State)[keyof typeof State];

/** Waits before a resync: none the first time, then from this on, doubled. */
const FIRST_WAIT_NS = 0.5e9;
const MAX_WAIT_NS = 30e9;
/** A book that was right for so long is not one that fails over and over. */
const CALM_NS = 10e9;
/** Diffs kept while a snapshot is on its way: more than six minutes of them. Beyond it the oldest go, and the snapshot does not join. */
const MAX_KEPT = 4096;

export class BookSync {
  readonly chain: DepthChain;
  #state: State = State.DOWN;
  #dueNs = 0;
  #attempts = 0;
  #sinceNs = 0;
  #request = 0;
  #kept: Uint8Array[] = [];

  constructor(chain: DepthChain) {
    this.chain = chain;
  }

  get isFollowing(): boolean {
    return this.#state === State.FOLLOWING;
  }

  get isUp(): boolean {
    return this.#state !== State.DOWN;
  }

  want(dueNs: number): void {
    this.#state = State.WANTED;
    this.#dueNs = dueNs;
  }

  isDue(nowNs: number): boolean {
    return this.#state === State.WANTED && nowNs >= this.#dueNs;
  }

  waitNs(nowNs: number): number {
    return Math.max(0, this.#dueNs - nowNs);
  }

  asked(request: number): void {
    this.#state = State.ASKED;
    this.#request = request;
  }

  /** Whether the answer to this request is waited for. */
  isAnswered(request: number): boolean {
    return this.#state === State.ASKED && this.#request === request;
  }

  begin(snapshotId: number, nowNs: number): void {
    this.chain.begin(snapshotId);
    this.#state = State.FOLLOWING;
    this.#sinceNs = nowNs;
  }

  /** There was no snapshot in the answer: again, later, and not before the venue allows it. */
  failed(nowNs: number, random: number, response: RestResponse | undefined): void {
    const seconds = Number(response?.headers['retry-after'] ?? 0);
    this.#again(nowNs, random, seconds > 0 ? seconds * 1e9 : 0);
  }

  /** The book is wrong: from the snapshot again. */
  lost(nowNs: number, random: number): void {
    if (this.#state === State.FOLLOWING && nowNs - this.#sinceNs > CALM_NS) this.#attempts = 0;
    this.#kept = [];
    this.#again(nowNs, random, 0);
  }

  stop(): void {
    this.#state = State.DOWN;
    this.#kept = [];
  }

  keep(bytes: Uint8Array): void {
    if (this.#kept.length === MAX_KEPT) this.#kept.shift();
    this.#kept.push(bytes.slice());
  }

  takeKept(): readonly Uint8Array[] {
    const kept = this.#kept;
    this.#kept = [];
    return kept;
  }

  #again(nowNs: number, random: number, leastNs: number): void {
    const attempt = this.#attempts++;
    const wait = attempt === 0 ? 0 : Math.min(MAX_WAIT_NS, FIRST_WAIT_NS * 2 ** (attempt - 1)) * (0.5 + random);
    this.want(nowNs + Math.max(wait, leastNs));
  }
}

/**
 * Repeats a session in Redis, for other programs: the latest of each topic as JSON (`PREFIX:latest:TOPIC`), its updates as a stream
 * (`PREFIX:stream:TOPIC`, the last some thousands), and live metrics as a hash (`redis-cli HGETALL PREFIX:metrics`).
 *
 * It is a subscriber like a page: when Redis is slow or away nothing is queued, and once it is back it gets what it has missed as one
 * larger update, or a snapshot. Redis down, at the start or midway, is told once, and so is that it is back; the session goes on.
 */
import { Redis } from 'ioredis';
import { redactor } from '../audit/redactor.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import type { ServerConfig } from '../server/config.ts';
import type { ServerContext } from '../server/context.ts';
import type { SystemInfo } from '../server/protocol/system.ts';
import type { EncodedUpdate } from '../server/stream/encoded-update.ts';
import type { StreamHub } from '../server/stream/hub.ts';
import { listen } from '../server/stream/listener.ts';
import { type Latest, latestOf } from './latest.ts';
import { liveMetrics } from './live-metrics.ts';

/** Between two writes, and for how long before each the topics hand out what has changed. */
const INTERVAL_MS = 100;
const OPEN_MS = 10;
/** Every so many of them come with the metrics. */
const METRICS_EVERY = 5;
/** Entries of a stream, about. */
const STREAM_LENGTH = 10_000;
/** A Redis that does not answer for so long is away, and so long it has at the start. */
const PATIENCE_MS = 3000;
const RETRY_MS = 1000;

type Settings = NonNullable<ServerConfig['redis']>;
type Command = readonly [name: string, ...args: (string | number)[]];

export interface MirrorParts {
  readonly hub: StreamHub;
  readonly context: ServerContext;
  readonly complain: (severity: 'WARNING' | 'CRITICAL', detail: string) => void;
}

export class RedisMirror {
  readonly #prefix: string;
  readonly #place: string;
  readonly #parts: MirrorParts;
  readonly #redis: Redis;
  readonly #timer: NodeJS.Timeout;
  readonly #latest = new Map<string, Latest>();
  #state: 'up' | 'down' = 'down';
  #detail = 'not connected yet';
  /** It was told that it is away, and that it refuses what it is sent. */
  #isTold = false;
  #isRefusalTold = false;
  #sinceMs = performance.now();
  #written = 0;
  /** Updates of the tick at hand. */
  #commands: Command[] = [];
  #isOpen = false;
  #isWriting = false;
  #turns = 0;
  #leave: (() => void) | undefined;

  /** @throws InputError when the address is none of Redis */
  constructor({ url, prefix }: Settings, parts: MirrorParts) {
    const address = URL.canParse(url) ? new URL(url) : undefined;
    if (address === undefined || !/^rediss?:$/u.test(address.protocol)) {
      throw new InputError('redis.url: expected an address such as redis://127.0.0.1:6379');
    }
    for (const secret of [address.password, decodeURIComponent(address.password)]) redactor.register(secret);
    this.#prefix = prefix;
    this.#place = address.host;
    this.#parts = parts;
    this.#redis = new Redis(url, {
      // Nothing waits here: what cannot be written now is merged where it comes from.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: null,
      connectTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
      retryStrategy: () => RETRY_MS,
      connectionName: 'quotewright',
    });
    this.#redis.on('error', (error) => this.#lost(reasonOf(error)));
    this.#redis.on('close', () => this.#lost('the connection has ended'));
    this.#redis.on('ready', () => this.#begin());
    this.#timer = setInterval(() => this.#turn(), INTERVAL_MS);
  }

  info(): SystemInfo['redis'] {
    return { state: this.#state, detail: this.#detail, written: this.#written };
  }

  /** The last metrics say that the session has ended. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.#timer);
    this.#leave?.();
    if (this.#state === 'up') {
      const timer = setTimeout(() => this.#redis.disconnect(), graceMs);
      await this.#redis.hset(`${this.#prefix}:metrics`, { ready: 0, endedMs: Date.now() }).catch(() => undefined);
      clearTimeout(timer);
    }
    this.#redis.removeAllListeners('close');
    this.#redis.disconnect();
  }

  #begin(): void {
    if (this.#isTold) this.#parts.complain('WARNING', `Redis at ${this.#place} is back`);
    this.#isTold = false;
    this.#state = 'up';
    this.#detail = this.#place;
    // An earlier session had other strategies, and has ended; this one's follow in the same write.
    this.#commands = [['del', `${this.#prefix}:metrics`]];
    this.#turns = 0;
    const { hub } = this.#parts;
    this.#leave?.();
    this.#leave = listen(
      hub,
      hub.topicNames,
      (update) => this.#take(update),
      () => this.#isOpen,
    );
  }

  #lost(why: string): void {
    if (this.#state === 'up') this.#sinceMs = performance.now();
    const isLong = performance.now() - this.#sinceMs >= PATIENCE_MS;
    const hadIt = this.#state === 'up';
    this.#state = 'down';
    this.#detail = `${this.#place}: ${why}`;
    this.#isOpen = false;
    this.#leave?.();
    this.#leave = undefined;
    if (this.#isTold || !(hadIt || isLong || why.includes('ECONNREFUSED'))) return;
    this.#isTold = true;
    this.#parts.complain('WARNING', `Redis at ${this.#place} is away: ${why}; the session goes on without it`);
  }

  /** The next ticks of the hub hand out what has changed since the last ones. */
  #turn(): void {
    if (this.#state !== 'up' || this.#isWriting) return;
    this.#isWriting = true;
    this.#isOpen = true;
    setTimeout(() => void this.#write(), OPEN_MS);
  }

  #addMetrics(): void {
    const { context } = this.#parts;
    const fields = Object.entries(liveMetrics(context)).flat();
    this.#add(['hset', `${this.#prefix}:metrics`, ...fields]);
    this.#add(['set', `${this.#prefix}:session`, JSON.stringify(context.session())]);
  }

  #take({ update }: EncodedUpdate): void {
    const { topic, seq, timeMs, wallMs } = update;
    let latest = this.#latest.get(topic);
    if (latest === undefined) this.#latest.set(topic, (latest = latestOf(topic)));
    for (const entry of latest.take(update)) {
      this.#add([
        'xadd',
        `${this.#prefix}:stream:${topic}`,
        'MAXLEN',
        '~',
        STREAM_LENGTH,
        '*',
        'seq',
        seq,
        'type',
        update.type,
        'timeMs',
        timeMs,
        'data',
        JSON.stringify(entry),
      ]);
    }
    const whole = JSON.stringify({ seq, timeMs, wallMs, data: latest.data });
    this.#add(['set', `${this.#prefix}:latest:${topic}`, whole]);
  }

  #add(command: Command): void {
    this.#commands.push(command);
  }

  async #write(): Promise<void> {
    this.#isOpen = false;
    if (this.#turns++ % METRICS_EVERY === 0) this.#addMetrics();
    const commands = this.#commands;
    this.#commands = [];
    try {
      if (this.#state === 'up') await this.#send(commands);
    } finally {
      this.#isWriting = false;
    }
  }

  async #send(commands: readonly Command[]): Promise<void> {
    const results = (await this.#redis.pipeline(commands.map((each) => [...each])).exec()) ?? [];
    const failures = results.flatMap(([error]) => (error === null ? [] : [error]));
    this.#written += results.length - failures.length;
    const [failure] = failures;
    for (const latest of this.#latest.values()) latest.settle(failure === undefined);
    // Who has gone meanwhile has refused nothing.
    if (this.#state === 'up') this.#answered(failure === undefined ? '' : reasonOf(failure));
  }

  /** It may answer, and not do it: out of memory, read only, another type under the key. */
  #answered(refusal: string): void {
    const isRefused = refusal !== '';
    this.#detail = isRefused ? `${this.#place}: ${refusal}` : this.#place;
    if (isRefused === this.#isRefusalTold) return;
    this.#isRefusalTold = isRefused;
    const what = isRefused ? `refuses writes: ${refusal}; the session goes on without them` : 'takes writes again';
    this.#parts.complain('WARNING', `Redis at ${this.#place} ${what}`);
  }
}

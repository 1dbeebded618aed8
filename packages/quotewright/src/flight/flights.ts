/** The flights that are open, a thread each: a few at most, and none that nobody has looked at for a while. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../data/reason.ts';
import type { FlightInfo, Source } from '../server/protocol/research.ts';
import type { FlightQuestion, FlightTask, FromFlight, ToFlight } from './flight-link.ts';

/** Open at once; the one that was asked longest ago gives way. */
const MOST = 4;
const IDLE_MS = 10 * 60_000;
const LOOK_MS = 30_000;
/** Of a thread's heap, so that one flight cannot take all memory. */
const HEAP_MB = 2048;

/** Why a flight does not answer. */
export class FlightRefusal extends Error {
  readonly code: 'absent' | 'not-ready' | 'refused' | 'fault';

  constructor(code: FlightRefusal['code'], message: string) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  readonly resolve: (json: string) => void;
  readonly reject: (error: FlightRefusal) => void;
}

interface Open {
  info: FlightInfo;
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  /** Says whether what is on the disk is what was read. */
  readonly stamp: string;
  usedMs: number;
}

export class Flights {
  readonly #dir: string;
  readonly #open = new Map<string, Open>();
  readonly #timer: NodeJS.Timeout;
  #questions = 0;

  /** @param dir folder for what flights keep on disk while they are open */
  constructor(dir: string) {
    this.#dir = dir;
    this.#timer = setInterval(() => this.#closeIdle(performance.now()), LOOK_MS);
    this.#timer.unref();
  }

  /**
   * Begins to read, or answers the flight that is of the same thing as it is now.
   * @param path of the journal's folder, or the recording
   * @throws FlightRefusal when it has gone meanwhile
   */
  open(source: Source, path: string): FlightInfo {
    const stamp = stampOf(path);
    if (stamp === undefined)
      throw new FlightRefusal('absent', `the ${source.kind} '${source.id}' is not there any more`);
    for (const open of this.#open.values()) {
      const { info } = open;
      const isSame = info.source.kind === source.kind && info.source.id === source.id && open.stamp === stamp;
      if (isSame && info.state !== 'failed') return this.#use(open);
    }
    if (this.#open.size >= MOST) {
      const [oldest] = [...this.#open.values()].toSorted((a, b) => a.usedMs - b.usedMs);
      this.#close(oldest!, 'it was closed: others were opened');
    }
    const id = crypto.randomUUID();
    const isSource = import.meta.url.endsWith('.ts');
    const task: FlightTask = { kind: source.kind, path, dir: this.#dir };
    const worker = new Worker(new URL(isSource ? './flight-worker.ts' : './flight-worker.js', import.meta.url), {
      workerData: task,
      name: 'flight',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      ...(isSource ? { execArgv: ['--conditions', 'source'] } : {}),
    });
    worker.unref();
    const open: Open = { info: unread(id, source), worker, waiting: new Map(), stamp, usedMs: performance.now() };
    this.#open.set(id, open);
    worker.on('message', (message: FromFlight) => this.#hear(open, message));
    worker.on('error', (error) => this.#fail(open, reasonOf(error)));
    worker.on('exit', () => this.#fail(open, 'its thread has ended'));
    return open.info;
  }

  /** Newest first. */
  list(): FlightInfo[] {
    return [...this.#open.values()].map(({ info }) => info).toReversed();
  }

  /** @throws FlightRefusal when it is not open (any more) */
  info(id: string): FlightInfo {
    return this.#use(this.#find(id));
  }

  /** The answer as JSON. @throws FlightRefusal */
  async ask(id: string, question: FlightQuestion): Promise<string> {
    const open = this.#find(id);
    const { state, progress, failure } = this.#use(open);
    if (state === 'failed') throw new FlightRefusal('not-ready', failure);
    if (state === 'reading') {
      throw new FlightRefusal('not-ready', `it is still being read: ${Math.floor(progress * 100)} %`);
    }
    const message: ToFlight = { ...question, id: ++this.#questions };
    return new Promise((resolve, reject) => {
      open.waiting.set(message.id, { resolve, reject });
      // oxlint-disable-next-line require-post-message-target-origin -- a thread, no window
      open.worker.postMessage(message);
    });
  }

  /** @throws FlightRefusal when it is not open */
  close(id: string): void {
    this.#close(this.#find(id), 'it was closed');
  }

  closeAll(): void {
    clearInterval(this.#timer);
    for (const open of this.#open.values()) this.#close(open, 'the server ends');
  }

  #find(id: string): Open {
    const open = this.#open.get(id);
    if (open === undefined) throw new FlightRefusal('absent', `no flight '${id}' is open`);
    return open;
  }

  #use(open: Open): FlightInfo {
    open.usedMs = performance.now();
    return open.info;
  }

  #hear(open: Open, message: FromFlight): void {
    if (message.type === 'progress') open.info = { ...open.info, ...message.known };
    else if (message.type === 'ready') open.info = { ...open.info, ...message.known, state: 'ready' };
    else if (message.type === 'failed') this.#fail(open, message.message);
    else {
      const waiting = open.waiting.get(message.id);
      open.waiting.delete(message.id);
      if (message.type === 'refused')
        waiting?.reject(new FlightRefusal(message.isFault ? 'fault' : 'refused', message.message));
      else {
        open.info = { ...open.info, notes: [...message.notes] };
        waiting?.resolve(message.json);
      }
    }
  }

  /** It stays in the list, so that people see why. */
  #fail(open: Open, failure: string): void {
    if (open.info.state !== 'failed') open.info = { ...open.info, state: 'failed', failure };
    this.#forget(open, open.info.failure);
  }

  #close(open: Open, why: string): void {
    this.#open.delete(open.info.id);
    this.#forget(open, why);
  }

  #forget({ waiting, worker }: Open, why: string): void {
    for (const { reject } of waiting.values()) reject(new FlightRefusal('not-ready', why));
    waiting.clear();
    void worker.terminate();
  }

  #closeIdle(nowMs: number): void {
    for (const open of this.#open.values()) {
      if (nowMs - open.usedMs > IDLE_MS) this.#close(open, 'nobody has looked at it for a while');
    }
  }
}

function unread(id: string, source: Source): FlightInfo {
  return {
    id,
    source,
    state: 'reading',
    progress: 0,
    failure: '',
    events: 0,
    fromMs: null,
    toMs: null,
    instruments: [],
    strategies: [],
    hasTrading: source.kind === 'session',
    notes: [],
  };
}

/** Changes whenever something is written there, or compacted away; undefined: it cannot be looked at. */
function stampOf(path: string): string | undefined {
  try {
    const found = statSync(path);
    const files = found.isDirectory() ? readdirSync(path).filter((name) => name.endsWith('.qwj')) : [];
    const sizes = files.map((name) => statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0);
    return [found.mtimeMs, found.size, ...sizes].join(' ');
  } catch {
    return undefined;
  }
}

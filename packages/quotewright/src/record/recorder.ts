/**
 * Records the market data of one venue: raw frames as they came, and the records that our own code made of them, at once. A folder of it is
 * a recording that `data`, `book` and `backtest` open as it is.
 *
 *     OUT/raw/VENUE/2026-11-21T10-00-00-000.jsonl.zst                       frames, in the wire format
 *     OUT/venue=V/symbol=S/date=D/events-2026-11-21T10-00-00-000.parquet    records
 *
 * Both are cut at the same moment, by time and size. A new file takes up where the one before ends; what was missed while there was no
 * connection, or no recorder, is a GAP in the records.
 */
import { readdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { basename, join } from 'node:path';
import { EVENT_STRIDE, EventKind, Field, headKind } from '@quotewright/core/market/event';
import { Instrument, type InstrumentSpec } from '@quotewright/core/market/instrument';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { grouped } from '../data/findings.ts';
import { makeFolder } from '../data/make-folder.ts';
import { InputError } from '../data/report.ts';
import type { Home } from '../home/home.ts';
import type { Credentials } from '../venues/contract/credentials.ts';
import type { Venue } from '../venues/contract/venue.ts';
import { VenueConnector } from '../venues/runtime/connector.ts';
import type { Frame } from '../venues/runtime/frame-tap.ts';
import { fetchListing } from '../venues/runtime/instrument-cache.ts';
import { findListed } from '../venues/runtime/listed.ts';
import { LiveClock } from '../venues/runtime/live-clock.ts';
import { VenueAccess } from '../venues/runtime/venue-access.ts';
import type { VenueSettings } from '../venues/venue-settings.ts';
import { FrameFile } from './frame-file.ts';
import { headerLine, rawLine } from './raw-line.ts';
import { recover } from './recover.ts';
import { seal } from './seal.ts';
import { SPOOL, type SpoolHead } from './spool.ts';

const MS_PER_DAY = 86_400_000;
const POLL_MS = 50;
const FLUSH_MS = 1000;
const TELL_MS = 10_000;
const PART = /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{4,}/u;
const MOST_WAITING = 64 * 1024 * 1024;

export interface RecordSetup {
  readonly venue: Venue;
  readonly settings: VenueSettings;
  readonly symbols: readonly string[];
  readonly credentials: Credentials | undefined;
  readonly out: string;
  readonly home: Home;
  readonly isL3: boolean;
  /** A new file begins at whole multiples of this, and beyond so many bytes of raw frames on the disk. */
  readonly rotateNs: number;
  readonly rotateBytes: number;
  /** While so many bytes wait for the disk nothing is taken; default: 64 MiB. */
  readonly mostWaiting?: number;
  readonly tell: (line: string) => void;
}

export interface RecordTotals {
  frames: number;
  rawBytes: number;
  events: number;
  gaps: number;
  /** How often nothing was taken, as the disk was behind. */
  pauses: number;
  /** Files of each kind that are complete. */
  rawFiles: number;
  parquetFiles: number;
}

/** The pair of files that grow now. */
interface Part {
  readonly name: string;
  readonly raw: FrameFile;
  readonly spool: FrameFile;
  /** Number of the period that it is of. */
  readonly period: number;
  /** It stands on the disk what the spool is of, so that who is killed from then on leaves something to be ended by a GAP. */
  readonly begun: Promise<void>;
}

interface Prepared {
  readonly folder: string;
  readonly lock: DatabaseSync;
  readonly clock: LiveClock;
  readonly access: VenueAccess;
  readonly specs: readonly InstrumentSpec[];
  /** Names of parts that earlier runs have written. */
  readonly taken: ReadonlySet<string>;
}

export class Recorder {
  readonly totals: RecordTotals = {
    frames: 0,
    rawBytes: 0,
    events: 0,
    gaps: 0,
    pauses: 0,
    rawFiles: 0,
    parquetFiles: 0,
  };
  /** Ends with what has gone wrong, when something does that ends the recording. */
  readonly failed: Promise<unknown>;
  readonly #setup: RecordSetup;
  readonly #prepared: Prepared;
  /** Undefined while the disk is behind. */
  #connector: VenueConnector | undefined;
  /** Of connections that are over. */
  #before = { resyncs: 0, reconnects: 0 };
  readonly #timers: readonly NodeJS.Timeout[];
  #fail: (error: unknown) => void = () => {};
  #part: Part;
  #parts = 0;
  /** Those that are over and not complete. */
  readonly #ending = new Set<Part>();
  /** Files of parts that are over are completed in turn. */
  #completed: Promise<void> = Promise.resolve();

  /** @throws InputError when a symbol is not listed, or somebody records there; VenueError when the venue cannot be asked */
  static async start(setup: RecordSetup): Promise<Recorder> {
    const { out, venue, settings, tell } = setup;
    const folder = join(out, 'raw', venue.name);
    makeFolder(folder);
    const lock = lockOf(folder);
    const clock = new LiveClock(Math.floor(Date.now() / MS_PER_DAY));
    let recorder: Recorder | undefined;
    // What is asked before there is a file: the listing.
    const early: Frame[] = [];
    const tap = (frame: Frame): void => void (recorder === undefined ? early.push(frame) : recorder.#frame(frame));
    const access = VenueAccess.open({ venue, settings, clock, tap });
    try {
      for (const line of await recover(folder, out)) tell(line);
      const specs = await specsOf(setup, access);
      recorder = new Recorder(setup, { folder, lock, clock, access, specs, taken: namesIn(out) }, early);
      return recorder;
    } catch (error) {
      await access.close();
      lock.close();
      throw error;
    }
  }

  private constructor(setup: RecordSetup, prepared: Prepared, early: readonly Frame[]) {
    const { tell } = setup;
    const { clock } = prepared;
    this.#setup = setup;
    this.#prepared = prepared;
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
    this.#part = this.#newPart(clock.nowNs());
    for (const frame of early) this.#frame(frame);
    this.#connector = this.#connected();
    this.#timers = [
      setInterval(() => this.#poll(), POLL_MS),
      setInterval(() => this.#flush(), FLUSH_MS),
      setInterval(() => tell(this.progress()), TELL_MS),
    ];
  }

  /** Ends it: what was received is on the disk, and Parquet. @throws what could not be written */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#connector?.close();
    this.#finish(this.#part);
    try {
      await this.#completed;
    } finally {
      await this.#prepared.access.close();
      this.#prepared.lock.close();
    }
  }

  /** What there is so far, in a line. */
  progress(): string {
    const { frames, events, gaps } = this.totals;
    const bytes = this.totals.rawBytes + this.#part.raw.bytes;
    const { resyncs = 0, reconnects = 0 } = this.#connector?.stats ?? {};
    const before = this.#before;
    return `${grouped(frames)} frames (${sizeText(bytes)}), ${grouped(events)} events, ${gaps} gaps, ${before.resyncs + resyncs} resyncs, ${before.reconnects + reconnects} reconnections`;
  }

  #connected(): VenueConnector {
    const { credentials, isL3, tell } = this.#setup;
    const { access, specs } = this.#prepared;
    return VenueConnector.open({
      access,
      instruments: specs.map((spec) => new Instrument(spec)),
      indices: specs.map((_, index) => index),
      markets: specs.length,
      credentials,
      hasOrders: false,
      tag: '000000',
      isL3,
      seed: process.pid,
      on: {
        records: (queue) => this.#records(queue),
        reports: (queue) => queue.clear(),
        connection: () => {},
        event: ({ type, severity, text, market }) => {
          if (severity === 'info' && type !== 'connected' && type !== 'subscribed') return;
          tell(`${severity === 'info' ? '' : `${severity}: `}${market < 0 ? '' : `${specs[market]?.symbol}: `}${text}`);
        },
      },
    });
  }

  /** A disk that is too slow must not fill the memory: the connections end, with a GAP, until it has caught up. */
  #poll(): void {
    this.#connector?.poll(this.#prepared.clock.nowNs());
    const { mostWaiting = MOST_WAITING, tell } = this.#setup;
    let waiting = 0;
    for (const { raw, spool } of [this.#part, ...this.#ending]) waiting += raw.waiting + spool.waiting;
    if (this.#connector !== undefined && waiting > mostWaiting) {
      tell(
        `warning: the disk is behind by ${sizeText(waiting)}: nothing is taken until it has caught up, and the books end in a GAP`,
      );
      const { resyncs, reconnects } = this.#connector.stats;
      this.#before = { resyncs: this.#before.resyncs + resyncs, reconnects: this.#before.reconnects + reconnects };
      this.#connector.close();
      this.#connector = undefined;
      this.totals.pauses++;
    } else if (this.#connector === undefined && waiting < mostWaiting / 2) {
      tell('the disk has caught up: connecting again');
      this.#connector = this.#connected();
    }
  }

  #frame(frame: Frame): void {
    const { clock, access } = this.#prepared;
    this.totals.frames++;
    this.#part.raw.add(Buffer.from(rawLine(frame, access.addresses.rest, clock.epochDay)));
  }

  #records(queue: RecordQueue): void {
    const records = queue.save();
    queue.clear();
    this.totals.events += records.length / EVENT_STRIDE;
    for (let at = 0; at < records.length; at += EVENT_STRIDE) {
      if (headKind(records[at + Field.HEAD]!) === EventKind.GAP) this.totals.gaps++;
    }
    this.#part.spool.add(new Uint8Array(records.buffer));
  }

  #flush(): void {
    const { raw, spool, period } = this.#part;
    const { rotateBytes, rotateNs } = this.#setup;
    const nowNs = this.#prepared.clock.nowNs();
    if (Math.floor(nowNs / rotateNs) !== period || raw.bytes >= rotateBytes) {
      const over = this.#part;
      this.#part = this.#newPart(nowNs, over);
      this.#finish(over, this.#part.begun);
      return;
    }
    Promise.all([raw.flush(), spool.flush()]).catch((error: unknown) => this.#fail(error));
  }

  /** @param over that goes before it: what is in it is on the disk before anything of this one, or a hole would look like none */
  #newPart(nowNs: number, over?: Part): Part {
    const { folder, clock, specs } = this.#prepared;
    const { venue, settings, isL3, rotateNs } = this.#setup;
    const name = this.#freeName(clock.unixMs(nowNs));
    const raw = new FrameFile(join(folder, `${name}.jsonl.zst`), over?.raw.flush());
    const traits = { isL3, isRedundant: settings.redundant };
    raw.add(Buffer.from(headerLine(venue.name, specs, clock.epochDay, nowNs, traits)));
    const spool = new FrameFile(join(folder, name + SPOOL), over?.spool.flush());
    const head: Omit<SpoolHead, 'instruments'> & { readonly instruments: readonly InstrumentSpec[] } = {
      epochDay: clock.epochDay,
      isL3,
      firstRow: this.totals.events,
      startNs: nowNs,
      instruments: specs,
    };
    spool.add(Buffer.from(JSON.stringify(head)));
    // A frame of its own: what follows are records.
    const begun = spool.flush();
    begun.catch((error: unknown) => this.#fail(error));
    return { name, raw, spool, period: Math.floor(nowNs / rotateNs), begun };
  }

  /** One that no files have: who was started twice in a second, or whose clock was set back, writes over nothing. */
  #freeName(unixMs: number): string {
    const start = new Date(unixMs).toISOString().slice(0, 19).replaceAll(':', '-');
    for (;;) {
      const name = `${start}-${String(this.#parts++).padStart(4, '0')}`;
      if (!this.#prepared.taken.has(name)) return name;
    }
  }

  /** @param begun of the part that goes on from it, if there is one */
  #finish(part: Part, begun?: Promise<void>): void {
    const { name, raw, spool } = part;
    const { out, tell } = this.#setup;
    const before = this.#completed;
    this.#ending.add(part);
    const done = (async () => {
      // Both begin at once, so that a part that is over does not stay in memory behind others.
      const written = Promise.all([raw.finish(), spool.finish(begun)]);
      await Promise.all([before, written]);
      this.#ending.delete(part);
      this.totals.rawBytes += raw.bytes;
      this.totals.rawFiles++;
      const { rows, files } = await seal(spool.path, out, false);
      this.totals.parquetFiles += files.length;
      tell(`${name}: ${sizeText(raw.bytes)} of frames, ${grouped(rows)} events in ${files.length} Parquet files`);
    })();
    done.catch((error: unknown) => this.#fail(error));
    this.#completed = done;
  }
}

/** `1.2 MB`, `340 kB`. */
export function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What the venue lists of the symbols. @throws InputError when it does not list one */
async function specsOf({ venue, symbols, home, tell }: RecordSetup, access: VenueAccess): Promise<InstrumentSpec[]> {
  const { instruments, failure } = await fetchListing(access, home, true);
  if (failure !== undefined) tell(`warning: ${failure.message}; instruments are those that it listed before`);
  return symbols.map((symbol) => findListed(venue.name, symbol, instruments).spec);
}

/** Of parts: `2026-11-21T10-00-00-0000`, whatever is left of them. */
function namesIn(out: string): Set<string> {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' });
  return new Set(names.flatMap((name) => PART.exec(basename(name)) ?? []));
}

function lockOf(folder: string): DatabaseSync {
  const lock = new DatabaseSync(join(folder, 'recorder.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch {
    lock.close();
    throw new InputError(`${folder}: found another recorder that writes there`);
  }
}

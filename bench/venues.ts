/**
 * The read path of the venues: recorded frames through each venue's feed, bytes to book and records. And tick to order in process: bytes of
 * Binance spot in, through the engine with the plain maker, order bytes out; with an HMAC signature on each request, and in a session that
 * is logged in, whose requests need none.
 */
import { existsSync } from 'node:fs';
import { EventKind, Field, headKind } from '@quotewright/core/market/event';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { type Histogram, build } from 'hdr-histogram-js';
import { type Captured, PLANS, type Replay, loadCapture, loadDay } from './captures.ts';
import { tickToOrder } from './tick-to-order.ts';

/** Of a capture, so that the compiler has seen enough; and rounds that are measured. */
const WARM_UP_MESSAGES = 150_000;
const ROUNDS = 15;
const MIXED_MESSAGES = 1_000_000;
const WARM_UP_ROUNDS = 15;
/** Frames of one venue before those of the next. */
const TURN = 8;
/** Frames of so many bytes are snapshots. */
const LARGE = 32_768;
/** Of frames that are told apart: what their bytes hold. */
const MARKS = { bestQuote: 'bookTicker"', depth: '"depthUpdate"', level2: '"l2_data"' } as const;
const FEW_LEVELS = 10;

export async function benchVenues(): Promise<unknown> {
  if (!existsSync('../shared/data/wire')) return { note: '../shared/data/wire is absent' };
  const captures: Captured[] = [];
  for (const plan of PLANS) {
    // oxlint-disable-next-line no-await-in-loop -- memory: one file at a time
    const capture = await loadCapture(plan);
    if (capture !== undefined) captures.push(capture);
  }
  const day = loadDay();
  const alone = day === undefined ? captures : [...captures, day];
  const venues = Object.fromEntries(alone.map((capture) => [capture.name, benchVenue(capture)]));
  return { clockNs: clockNs(), venues, mixed: benchMixed(captures), tickToOrder: await tickToOrder() };
}

/** Frames of one kind. */
interface Tally {
  /** Of a frame, less what it costs to look at the clock. */
  readonly nanoseconds: Histogram;
  /** Of the round that is played. */
  ns: number;
  levels: number;
  frames: number;
  /** Of the rounds before. */
  readonly nsPerFrame: number[];
  readonly nsPerLevel: number[];
}
type Kind = keyof typeof MARKS | 'other';
type Tallies = Readonly<Record<Kind | 'all' | 'depthTo10Levels', Tally>>;

/** Every frame is timed on its own. */
function benchVenue(capture: Captured): unknown {
  const cost = clockNs();
  const out = new RecordQueue(8192);
  const replay = capture.open(out);
  const kinds = capture.frames.map(({ bytes }) => kindOf(bytes));
  const warmUp = newTallies();
  let startNs = 0;
  const next = () => (startNs += capture.spanNs);
  while (warmUp.all.frames < WARM_UP_MESSAGES) play(capture, kinds, replay, out, next(), warmUp, cost);
  const tallies = newTallies();
  const { all } = tallies;
  let bytesPerMessage = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const heap = process.memoryUsage().heapUsed;
    play(capture, kinds, replay, out, next(), tallies, cost);
    const grown = process.memoryUsage().heapUsed - heap;
    // A collection in between makes it smaller: what was taken at most is what is taken, snapshots included.
    bytesPerMessage = Math.max(bytesPerMessage, grown / all.frames);
    for (const tally of Object.values(tallies)) endRound(tally);
  }
  const told = Object.entries(tallies).filter(([, { nsPerFrame }]) => nsPerFrame.length > 0);
  return {
    ...Object.fromEntries(told.map(([name, tally]) => [name, figures(tally)])),
    heapBytesPerMessageAtMost: bytesPerMessage,
  };
}

function play(
  capture: Captured,
  kinds: readonly Kind[],
  replay: Replay,
  out: RecordQueue,
  startNs: number,
  tallies: Tallies,
  cost: number,
): void {
  const { feed } = replay;
  const { frames } = capture;
  replay.connect(startNs);
  replay.answer(startNs);
  for (let i = 0; i < frames.length; i++) {
    const { bytes, ns: atNs } = frames[i]!;
    const ns = startNs + atNs;
    out.clear();
    const start = performance.now();
    feed.message(bytes, ns);
    const took = (performance.now() - start) * 1e6 - cost;
    const levels = countLevels(out);
    if (levels > 1000 || replay.hasQuestions()) {
      // A snapshot, or the way to one.
      replay.answer(ns);
      continue;
    }
    const kind = kinds[i]!;
    note(tallies.all, took, levels);
    note(tallies[kind], took, levels);
    if (kind === 'depth' && levels > 0 && levels <= FEW_LEVELS) note(tallies.depthTo10Levels, took, levels);
  }
}

function kindOf(bytes: Uint8Array): Kind {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const kind of ['bestQuote', 'depth', 'level2'] as const) if (buffer.includes(MARKS[kind])) return kind;
  return 'other';
}

function note(tally: Tally, ns: number, levels: number): void {
  tally.nanoseconds.recordValue(Math.max(1, Math.round(ns)));
  tally.ns += Math.max(0, ns);
  tally.levels += levels;
  tally.frames++;
}

function endRound(tally: Tally): void {
  if (tally.frames > 0) tally.nsPerFrame.push(tally.ns / tally.frames);
  if (tally.levels > 0) tally.nsPerLevel.push(tally.ns / tally.levels);
  tally.ns = 0;
  tally.levels = 0;
  tally.frames = 0;
}

/** The frames of all venues in turn, one thread, until there were enough; snapshots and what leads to them outside of the time. */
function benchMixed(captures: readonly Captured[]): unknown {
  let messages = 0;
  let ms = 0;
  const out = new RecordQueue(8192);
  const lines = captures.map((capture) => ({ capture, replay: capture.open(out), next: 0 }));
  const spanNs = Math.max(...captures.map((capture) => capture.spanNs));
  for (let round = 0; messages < MIXED_MESSAGES; round++) {
    const startNs = (round + 1) * spanNs;
    for (const line of lines) {
      line.next = 0;
      line.replay.connect(startNs);
      line.replay.answer(startNs);
    }
    for (let isLeft = true; isLeft;) {
      isLeft = false;
      for (const line of lines) {
        const { capture, replay } = line;
        const end = Math.min(capture.frames.length, line.next + TURN);
        isLeft ||= line.next < end;
        const from = line.next;
        const start = performance.now();
        while (line.next < end && !replay.hasQuestions() && capture.frames[line.next]!.bytes.length < LARGE) {
          const { bytes, ns } = capture.frames[line.next++]!;
          replay.feed.message(bytes, startNs + ns);
          out.clear();
        }
        if (round >= WARM_UP_ROUNDS) {
          ms += performance.now() - start;
          messages += line.next - from;
        }
        const large = capture.frames[line.next];
        if (large !== undefined && line.next < end && large.bytes.length >= LARGE) {
          line.next++;
          replay.feed.message(large.bytes, startNs + large.ns);
        }
        if (replay.hasQuestions()) replay.answer(startNs + (capture.frames[line.next - 1]?.ns ?? 0));
        out.clear();
      }
    }
  }
  return { messages, messagesPerSecond: Math.round(messages / (ms / 1000)), nsPerMessage: (ms * 1e6) / messages };
}

function countLevels(out: RecordQueue): number {
  let levels = 0;
  const { length } = out;
  for (let i = 0; i < length; i++) {
    if (headKind(out.data[out.peek() + Field.HEAD]!) === EventKind.LEVEL) levels++;
    out.shift();
  }
  return levels;
}

function newTallies(): Tallies {
  return {
    all: newTally(),
    bestQuote: newTally(),
    depth: newTally(),
    depthTo10Levels: newTally(),
    level2: newTally(),
    other: newTally(),
  };
}

function newTally(): Tally {
  return { nanoseconds: histogram(), ns: 0, levels: 0, frames: 0, nsPerFrame: [], nsPerLevel: [] };
}

/** Percentiles of frames, and means of the round in the middle. */
function figures({ nanoseconds, nsPerFrame, nsPerLevel }: Tally): unknown {
  return { ...percentiles(nanoseconds), nsPerFrame: middle(nsPerFrame), nsPerLevel: middle(nsPerLevel) };
}

function middle(rounds: readonly number[]): number | undefined {
  return rounds.toSorted((a, b) => a - b)[rounds.length >> 1];
}

function histogram(): Histogram {
  return build({ bitBucketSize: 32, lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 });
}

/** What it costs to look at the clock. */
function clockNs(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 20; round++) {
    const start = performance.now();
    for (let i = 0; i < 10_000; i++) performance.now();
    least = Math.min(least, ((performance.now() - start) * 1e6) / 10_000);
  }
  return least;
}

function percentiles(of: Histogram): Record<string, number> {
  const at = (percentile: number): number => of.getValueAtPercentile(percentile);
  return { count: of.totalCount, p50: at(50), p99: at(99), 'p99.9': at(99.9), max: of.maxValue };
}

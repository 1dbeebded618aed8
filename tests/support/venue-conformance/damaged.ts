/** Cases about frames that come twice, out of order or not at all: a book that is believed is right. */
import { Random } from '@quotewright/core/base/random';
import { expect } from 'vitest';
import type { Frame } from '../../../packages/quotewright/src/venues/runtime/frame-tap.ts';
import { FeedProbe } from '../../../packages/quotewright/src/venues/testing/probe.ts';
import type { Bench } from './bench.ts';
import type { ConformanceCase } from './case.ts';

const RUNS = 30;
/** One frame in so many is damaged. */
const RARELY = 20;
/** The last ones are whole: what was lost is noticed by what comes after it. */
const WHOLE = 40;

function copy(data: Uint8Array | string): Uint8Array | string {
  return typeof data === 'string' ? data : data.slice();
}

/** What came over a connection, until the book was at rest. */
async function recorded(bench: Bench): Promise<Frame[]> {
  const frames: Frame[] = [];
  const session = bench.session({ tap: (frame) => frames.push({ ...frame, data: copy(frame.data) }) });
  await session.reading();
  await session.until(() => session.levels > 150, 'some changes');
  bench.pause();
  await session.until(() => session.isRight, 'a book at rest');
  session.close();
  return frames;
}

/** Feeds the frames to a feed of their own. @returns undefined when it has given the connection up */
function replay(bench: Bench, frames: readonly Frame[]): FeedProbe | undefined {
  const { venue, instrument } = bench;
  const { addresses, clock } = bench.access();
  const probe = new FeedProbe({
    feed: (setup) => venue.feed(setup),
    instruments: [instrument],
    addresses,
    epochDay: clock.epochDay,
  });
  const pages = frames.filter(({ t }) => t === 'http').map(({ data }): { text: string } => JSON.parse(data.toString()));
  let [ns, page] = [0, 0];
  for (const { t, nowNs, data } of frames) {
    ns = Math.max(ns, nowNs);
    if (t === 'connect') probe.feed.opened(ns);
    if (t === 'recv') probe.feed.message(Buffer.from(data), ns);
    probe.settle(ns);
    probe.feed.poll(ns);
    probe.settle(ns);
    if (t === 'http') {
      const asked = probe.fetches.shift();
      const { text } = pages[page++]!;
      if (asked !== undefined) probe.feed.fetched(asked.tag, { status: 200, headers: {}, text }, ns);
      probe.settle(ns);
    }
    if (probe.reconnects.length > 0) return undefined;
  }
  return probe;
}

function damage(frames: readonly Frame[], random: Random, way: 'twice' | 'swapped' | 'lost'): Frame[] {
  const damaged: Frame[] = [];
  for (const [i, frame] of frames.entries()) {
    const isHit = frame.t === 'recv' && i < frames.length - WHOLE && random.below(RARELY) === 0;
    if (isHit && way === 'swapped' && damaged.at(-1)?.t === 'recv') damaged.splice(-1, 0, frame);
    else if (!(isHit && way === 'lost')) damaged.push(frame);
    if (isHit && way === 'twice') damaged.push(frame);
  }
  return damaged;
}

function expectNoWrongBook(bench: Bench, frames: readonly Frame[], way: 'twice' | 'swapped' | 'lost'): void {
  const whole = replay(bench, frames);
  expect(whole?.isBelieved(0) === true && bench.isLike(whole.builders[0]!.book), 'undamaged').toBe(true);
  for (let run = 0; run < RUNS; run++) {
    const probe = replay(bench, damage(frames, Random.stream(run, way), way));
    const isWrong = probe?.isBelieved(0) === true && !bench.isLike(probe.builders[0]!.book);
    expect(isWrong, `run ${run}: believed, and wrong`).toBe(false);
  }
}

export const DAMAGED: readonly ConformanceCase[] = [
  {
    name: 'frames that come twice: no wrong book is believed',
    run: async (bench) => expectNoWrongBook(bench, await recorded(bench), 'twice'),
  },
  {
    name: 'frames that come out of order, or never: no wrong book is believed',
    needs: ({ losesSilently = false }) => !losesSilently,
    run: async (bench) => {
      const frames = await recorded(bench);
      expectNoWrongBook(bench, frames, 'swapped');
      expectNoWrongBook(bench, frames, 'lost');
    },
  },
];

import { Instrument } from '@quotewright/core/market/instrument';
import { EVENT_STRIDE, EventBatch, EventFlag, EventKind, Field, headInstrument } from '@quotewright/core/market/event';
import { NS_PER_DAY } from '@quotewright/core/base/time';
import { describe, expect, it } from 'vitest';
import type { Recording } from '../data/recording.ts';
import { ReadReport } from '../data/report.ts';
import { openFeed } from './feed.ts';

const { HEAD, VENUE_NS, LOCAL_NS, SEQ } = Field;
const NEVER = Number.NaN;

interface Row {
  readonly market?: number;
  readonly venueNs: number;
  readonly localNs: number;
}

interface FakeRecording extends Recording {
  isClosed: boolean;
}

function instrument(symbol: string): Instrument {
  return new Instrument({ venue: 'v', symbol, base: symbol, quote: 'Q', tick: '1', lot: '1', contract: 'spot' });
}

/** Rows in batches of a size; SEQ numbers them from `firstSeq`. Instruments beyond the first appear as their rows do. */
function recording(name: string, epochDay: number, rows: readonly Row[], batchRows = 2, firstSeq = 1): FakeRecording {
  const instruments = [instrument(`${name}0`)];
  const fake: FakeRecording = {
    format: 'fake',
    epochDay,
    instruments,
    report: new ReadReport('fake', false),
    isL3: name === 'l3',
    isClosed: false,
    async *batches() {
      const batch = new EventBatch(batchRows);
      try {
        for (const [i, { market = 0, venueNs, localNs }] of rows.entries()) {
          while (instruments.length <= market) instruments.push(instrument(`${name}${instruments.length}`));
          batch.push(EventKind.LEVEL, EventFlag.LAST, market, venueNs, localNs, 1, 1, 0, firstSeq + i, 0);
          if (!batch.isFull && i < rows.length - 1) continue;
          yield batch;
          batch.clear();
        }
      } finally {
        fake.isClosed = true;
      }
    },
  };
  return fake;
}

async function read(recordings: readonly Recording[]): Promise<number[][]> {
  const feed = await openFeed(recordings);
  const rows: number[][] = [];
  for await (const { data, count } of feed.batches()) {
    for (let at = 0; at < count * EVENT_STRIDE; at += EVENT_STRIDE) {
      rows.push([headInstrument(data[at + HEAD]!), data[at + SEQ]!, data[at + VENUE_NS]!, data[at + LOCAL_NS]!]);
    }
  }
  return rows;
}

describe('a feed of several recordings', () => {
  it('is in the order of receipt, the first recording first at equal times, instruments numbered through', async () => {
    const a = recording('a', 0, [
      { venueNs: 1, localNs: 10 },
      { venueNs: 2, localNs: 30 },
      { venueNs: 3, localNs: 30 },
    ]);
    const b = recording(
      'b',
      0,
      [
        { venueNs: 4, localNs: 5 },
        { venueNs: 5, localNs: 10 },
        { venueNs: 6, localNs: 30 },
        { venueNs: 7, localNs: 31 },
      ],
      1,
      101,
    );
    expect((await read([a, b])).map(([market, seq]) => [market, seq])).toEqual([
      [1, 101],
      [0, 1],
      [1, 102],
      [0, 2],
      [0, 3],
      [1, 103],
      [1, 104],
    ]);
  });

  it('counts time from the earliest day, and takes the time at the venue where that of receipt is missing', async () => {
    const today = recording('today', 20_000, [{ venueNs: 5, localNs: NEVER }]);
    const dayBefore = recording('before', 19_999, [{ venueNs: 7, localNs: 8 }], 1, 101);
    expect(await read([today, dayBefore])).toEqual([
      [1, 101, 7, 8],
      [0, 1, NS_PER_DAY + 5, NEVER],
    ]);
    const { epochDay } = await openFeed([today, dayBefore]);
    expect(epochDay).toBe(19_999);
  });

  it('knows the instruments of the beginning, of each whether it is L3, and the smallest feed latency there', async () => {
    const { instruments, isL3, headLatencyNs } = await openFeed([
      recording('l3', 0, [{ venueNs: 10, localNs: 15 }]),
      recording('b', 0, [
        { venueNs: 10, localNs: NEVER },
        { venueNs: 30, localNs: 27, market: 1 },
      ]),
    ]);
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['l30', 'b0', 'b1']);
    expect(isL3).toEqual([true, false, false]);
    expect(headLatencyNs).toBe(-3);
  });

  it('closes all files when whoever reads it stops early, also before the end of what was looked at in advance', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => ({ venueNs: i, localNs: i }));
    for (const stopAfter of [1, 30]) {
      const recordings = [recording('a', 0, rows, 4096), recording('b', 0, rows, 4096)];
      const feed = await openFeed(recordings);
      let batches = 0;
      for await (const { count } of feed.batches()) {
        expect(count).toBeGreaterThan(0);
        if (++batches === stopAfter) break;
      }
      expect(recordings.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    }
  });

  it('leaves out rows of instruments that appear after the beginning, and counts them', async () => {
    const rows: Row[] = Array.from({ length: 66_000 }, (_, i) => ({ venueNs: i, localNs: i }));
    rows.push({ venueNs: 70_000, localNs: 70_000, market: 1 }, { venueNs: 70_001, localNs: 70_001 });
    const feed = await openFeed([recording('a', 0, rows, 4096)]);
    let count = 0;
    for await (const batch of feed.batches()) count += batch.count;
    expect(count).toBe(66_001);
    expect(feed.strayRows()).toBe(1);
  });
});

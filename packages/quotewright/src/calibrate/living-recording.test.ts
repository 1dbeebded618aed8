import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { describe, expect, it } from 'vitest';
import { convert } from '../data/convert.ts';
import { notesOf, problemsOf } from '../data/findings.ts';
import { openWithProgress } from '../data/open.ts';
import type { Recording } from '../data/recording.ts';
import { tempFolder } from '../data/testing/files.ts';
import { Watch } from '../data/watch.ts';
import { livingRecording } from './living-recording.ts';
import { sampleMarket } from './sample-markets.ts';

const folder = tempFolder();

function sample(symbols: readonly string[], isL3: boolean, seed = 1): Recording {
  const config = {
    instruments: symbols.map(sampleMarket),
    schedule: {
      isRandom: false,
      spells: [
        { regime: 'calm' as const, seconds: 30 },
        { regime: 'crisis' as const, seconds: 30 },
      ],
    },
  };
  return livingRecording({ config, seed, seconds: 90, isL3, epochDay: 20_458, startNs: 0 });
}

/** Hash of all records, and what a look at them says. */
async function readAll(recording: Recording) {
  const hash = createHash('sha256');
  const watch = new Watch(recording.isL3);
  for await (const batch of recording.batches()) {
    hash.update(new Uint8Array(batch.data.buffer, 0, batch.length * EVENT_STRIDE * 8));
    watch.see(batch);
  }
  return {
    digest: hash.digest('hex'),
    watch,
    problems: problemsOf(recording, watch),
    notes: notesOf(recording, watch),
  };
}

const unseen = (): void => {};
const specs = (each: Recording): object[] =>
  each.instruments.map(({ spec }) => spec).toSorted((a, b) => a.symbol.localeCompare(b.symbol));

describe('a recording of the living market', () => {
  it.each([
    ['levels', false, ['BTCUSDT']],
    ['orders', true, ['BTCUSDT']],
    ['levels of three', false, ['BTCUSDT', 'ETHUSDT', 'FOO']],
    ['orders of three', true, ['BTCUSDT', 'ETHUSDT', 'FOO']],
  ])('is read back from Parquet as it was made, without a finding: %s', async (_, isL3, symbols) => {
    const made = sample(symbols, isL3);
    const path = join(folder.fresh(), 'out');
    const { events } = await convert(made, path, 'parquet', false, unseen);
    expect(events).toBeGreaterThan(10_000);
    const { recording } = await openWithProgress(path, undefined, { strict: true });
    const { watch, problems, notes } = await readAll(recording);
    expect(watch.events).toBe(events);
    expect(problems).toEqual([]);
    expect(notes).toEqual([]);
    expect(specs(recording)).toEqual(specs(made));
    for (const { latency } of watch.instruments) expect(latency.min).toBeGreaterThanOrEqual(800_000);
  });

  it('is kept whole by the array format of hftbacktest', async () => {
    const path = join(folder.fresh(), 'out.npz');
    const { events, notes } = await convert(sample(['BTCUSDT'], false), path, 'npz', false, unseen);
    expect(notes).toEqual([]);
    const { recording } = await openWithProgress(path, undefined, { strict: true });
    const { watch, problems } = await readAll(recording);
    expect(problems).toEqual([]);
    expect(watch.events).toBe(events);
  });

  it('is the same for a seed and another for another', async () => {
    const first = await readAll(sample(['BTCUSDT', 'ETHUSDT'], false, 7));
    expect((await readAll(sample(['BTCUSDT', 'ETHUSDT'], false, 7))).digest).toBe(first.digest);
    expect((await readAll(sample(['BTCUSDT', 'ETHUSDT'], false, 8))).digest).not.toBe(first.digest);
  });
});

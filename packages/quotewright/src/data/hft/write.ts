/** Writes a recording of one instrument as an hftbacktest `.npy` array, or packs that into a `.npz` archive. */
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { ZipFile } from 'yazl';
import type { Recording } from '../recording.ts';
import { InputError } from '../report.ts';
import { HftEncoder } from './encoder.ts';
import { npyHeader, ROW_BYTES } from './layout.ts';

const BUFFER_ROWS = 16_384;
/** zip has no time zones, and a fixed date makes equal recordings equal archives. */
const ZIP_DATE = new Date(1980, 0, 1);

/**
 * Writes the recording and answers notes on what the format could not hold, one line each.
 * @throws InputError when the recording holds several instruments.
 */
export async function writeNpy(recording: Recording, path: string): Promise<string[]> {
  const handle = await open(path, 'w');
  try {
    const headerLength = npyHeader(0).length;
    const buffer = new ArrayBuffer(BUFFER_ROWS * ROW_BYTES);
    let encoder: HftEncoder | undefined;
    let at = headerLength;
    const flush = async (full: HftEncoder): Promise<void> => {
      await handle.write(new Uint8Array(buffer, 0, full.length), 0, full.length, at);
      at += full.length;
      full.clear();
    };
    for await (const batch of recording.batches()) {
      encoder ??= new HftEncoder(buffer, recording.instruments[0]!, recording.epochDay);
      for (let i = 0; i < batch.length; i++) {
        if (encoder.isFull) await flush(encoder);
        if (encoder.encode(batch.data, i * EVENT_STRIDE)) continue;
        const names = recording.instruments.map((each) => each.symbol).join(', ');
        throw new InputError(`an hftbacktest array holds one instrument; the recording holds ${names}`);
      }
    }
    if (encoder !== undefined) await flush(encoder);
    await handle.write(npyHeader(encoder?.rows ?? 0), 0, headerLength, 0);
    return encoder === undefined ? [] : notesOf(encoder);
  } finally {
    await handle.close();
  }
}

/** The same in a zip archive, deflated, under the name that hftbacktest expects. */
export async function writeNpz(recording: Recording, path: string): Promise<string[]> {
  // The array's header counts its rows, which are known only at its end: hence the array beside the archive first.
  const array = `${path}.npy`;
  try {
    const notes = await writeNpy(recording, array);
    const zip = new ZipFile();
    zip.addFile(array, 'data.npy', { mtime: ZIP_DATE, mode: 0o100_644 });
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(path));
    return notes;
  } finally {
    await rm(array, { force: true });
  }
}

function notesOf(encoder: HftEncoder): string[] {
  const { dropped, filledTimes, backwards, negativeLatency } = encoder;
  const notes = [...dropped].map(
    ([what, count]) => `${count} ${what} events have no place in the format and were left out`,
  );
  if (filledTimes > 0)
    notes.push(`${filledTimes} events lack the venue's or the receipt's time: filled in from what is known`);
  if (backwards > 0) {
    notes.push(`${backwards} records go back in venue time: pass the array through hftbacktest's correct_event_order`);
  }
  if (negativeLatency > 0) {
    notes.push(
      `${negativeLatency} records were received before the venue's time: pass it through correct_local_timestamp`,
    );
  }
  return notes;
}

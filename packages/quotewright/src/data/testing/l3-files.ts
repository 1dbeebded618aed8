/** For tests of readers: files on disk and sources in memory, events as text, and the shared data. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { afterAll } from 'vitest';
import type { Recording } from '../recording.ts';
import type { Source } from '../source.ts';

/** A folder for one test file's recordings, removed after it. */
export function tempFolder(): { write(name: string, content: string | Uint8Array): string; readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'quotewright-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
  };
}

/** A source over text in memory that hands out chunks of the given sizes in turn. */
export function textSource(text: string, chunkSizes: readonly number[] = [65_536], path = 'test.txt'): Source {
  const bytes = Buffer.from(text, 'utf8');
  return {
    path,
    entry: '',
    compressedBytes: bytes.length,
    bytesRead: 0,
    async *chunks() {
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = chunkSizes[i % chunkSizes.length]!;
        yield bytes.subarray(at, at + size);
        at += size;
      }
    },
  };
}

/** A file of the shared data. @throws when it is absent: those tests cannot run without it. */
export function sharedData(name: string): string {
  const path = fileURLToPath(new URL(`../../../../../../shared/data/${name}`, import.meta.url));
  if (!existsSync(path))
    throw new Error(`test data '${name}' is absent: expected it in ../shared/data beside the project`);
  return path;
}

const KIND_NAMES = new Map<number, string>(Object.entries(EventKind).map(([name, kind]) => [kind, name]));

/** Each event as `KIND side price size #order`, in ticks and lots. */
export async function eventTexts(recording: Recording): Promise<string[]> {
  const texts: string[] = [];
  for await (const batch of recording.batches()) {
    for (let i = 0; i < batch.length; i++) {
      const record = batch.data.subarray(i * EVENT_STRIDE, (i + 1) * EVENT_STRIDE);
      const head = record[Field.HEAD]!;
      const side = (headFlags(head) & EventFlag.BUY) === 0 ? 'sell' : 'buy';
      const [price, size, id] = [record[Field.PRICE_TICKS], record[Field.SIZE_LOTS], record[Field.ORDER_ID]];
      texts.push(`${KIND_NAMES.get(headKind(head))} ${side} ${price} ${size} #${id}`);
    }
  }
  return texts;
}

/** Reads a recording to its end; answers the number of events. */
export async function drain(recording: Recording): Promise<number> {
  let events = 0;
  for await (const batch of recording.batches()) events += batch.length;
  return events;
}

/** The kinds of bad rows of a report, each with its count and first line. */
export function badKinds(recording: Recording): Record<string, string> {
  return Object.fromEntries(
    [...recording.report.bad].map(([kind, { count, firstLine }]) => [kind, `${count} from line ${firstLine}`]),
  );
}

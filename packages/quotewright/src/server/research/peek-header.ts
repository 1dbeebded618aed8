/** The header of a journal's session without reading the journal: it stands at the head of every segment. */
import { closeSync, openSync, readSync } from 'node:fs';
import { InputError } from '../../data/report.ts';
import { crc32c } from '../../journal/crc32c.ts';
import { FrameKind, HEADER_BYTES, headerFault, paddedBytes, readHeader } from '../../journal/format.ts';
import { listSegments } from '../../journal/segments.ts';
import { type SessionHeader, sessionHeader } from '../../journal/session-header.ts';

/** A header is some kilobytes; one that says more is not believed. */
const MOST_BYTES = 4 * 1024 * 1024;

interface Peeked {
  readonly header: SessionHeader;
  /** Of all segments. */
  readonly bytes: number;
}

/** @throws InputError when no segment begins with a header that can be read */
export function peekHeader(dir: string): Peeked {
  const { segments } = listSegments(dir);
  if (segments.length === 0) throw new InputError('it holds no journal');
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  for (const { path } of segments) {
    const header = headerAt(path);
    if (header !== undefined) return { header, bytes };
  }
  throw new InputError('no segment of its journal begins with a header that can be read');
}

function headerAt(path: string): SessionHeader | undefined {
  const file = openSync(path, 'r');
  try {
    const head = readBytes(file, 0, HEADER_BYTES);
    const frame = head && readHeader(head, 0);
    if (frame === undefined || headerFault(frame) !== '' || frame.kind !== FrameKind.SESSION) return undefined;
    if (frame.payloadBytes > MOST_BYTES) return undefined;
    const payload = readBytes(file, HEADER_BYTES, paddedBytes(frame.payloadBytes));
    if (payload === undefined || crc32c(payload, 0, payload.length) !== frame.payloadCrc) return undefined;
    const read = sessionHeader.safeParse(JSON.parse(Buffer.from(payload.subarray(0, frame.payloadBytes)).toString()));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** undefined when the file ends before. */
function readBytes(file: number, from: number, count: number): Uint8Array | undefined {
  const bytes = new Uint8Array(count);
  return readSync(file, bytes, 0, count, from) === count ? bytes : undefined;
}

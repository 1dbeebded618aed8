/**
 * The frames of one segment's bytes. Behind bytes that are no sound frame it looks on, byte by byte, for the next frame that is: of
 * the same journal and segment, its checksums right.
 */
import { crc32c } from './crc32c.ts';
import { type FrameHeader, HEADER_BYTES, MAGIC, VERSION, headerFault, paddedBytes, readHeader } from './format.ts';

export type Scanned =
  | { readonly type: 'frame'; readonly offset: number; readonly header: FrameHeader }
  /** What lies between two frames, or behind the last one, and is none. */
  | {
      readonly type: 'bad';
      readonly offset: number;
      readonly bytes: number;
      readonly why: BadReason;
      readonly text: string;
    }
  /** A frame of a later version of the format: what follows cannot be understood. */
  | { readonly type: 'newer'; readonly offset: number; readonly version: number };

export type BadReason = 'torn-tail' | 'zero-tail' | 'damaged';

const MAGIC_BYTES = Buffer.alloc(4);
MAGIC_BYTES.writeUInt32LE(MAGIC);

export function* scanFrames(bytes: Uint8Array, journal: string, segment: number): Generator<Scanned, void, undefined> {
  let at = 0;
  while (at < bytes.length) {
    const header = at + HEADER_BYTES <= bytes.length ? readHeader(bytes, at) : undefined;
    if (header !== undefined && header.version > VERSION) {
      yield { type: 'newer', offset: at, version: header.version };
      return;
    }
    if (header !== undefined && isSound(bytes, at, header, journal, segment)) {
      yield { type: 'frame', offset: at, header };
      at += HEADER_BYTES + paddedBytes(header.payloadBytes);
      continue;
    }
    const next = nextFrame(bytes, at + 1, journal, segment);
    yield { type: 'bad', offset: at, bytes: next - at, ...reason(bytes, at, next, header, journal, segment) };
    at = next;
  }
}

/** Header of the first sound frame, of whatever journal and segment. */
export function firstHeader(bytes: Uint8Array): FrameHeader | undefined {
  for (let at = indexOfMagic(bytes, 0); at >= 0; at = indexOfMagic(bytes, at + 1)) {
    const header = at + HEADER_BYTES <= bytes.length ? readHeader(bytes, at) : undefined;
    if (header !== undefined && isSound(bytes, at, header, header.journal, header.segment)) return header;
  }
  return undefined;
}

function indexOfMagic(bytes: Uint8Array, from: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(MAGIC_BYTES, from);
}

/** Offset of the first sound frame at or after `from`; the length of the bytes when there is none. */
function nextFrame(bytes: Uint8Array, from: number, journal: string, segment: number): number {
  for (let at = indexOfMagic(bytes, from); at >= 0; at = indexOfMagic(bytes, at + 1)) {
    if (at + HEADER_BYTES > bytes.length) break;
    const header = readHeader(bytes, at);
    if (header === undefined) continue;
    if (header.version > VERSION || isSound(bytes, at, header, journal, segment)) return at;
  }
  return bytes.length;
}

function isSound(bytes: Uint8Array, at: number, header: FrameHeader, journal: string, segment: number): boolean {
  if (headerFault(header) !== '' || header.journal !== journal || header.segment !== segment) return false;
  const start = at + HEADER_BYTES;
  const end = start + paddedBytes(header.payloadBytes);
  return end <= bytes.length && crc32c(bytes, start, end) === header.payloadCrc;
}

function reason(
  bytes: Uint8Array,
  at: number,
  next: number,
  header: FrameHeader | undefined,
  journal: string,
  segment: number,
): { why: BadReason; text: string } {
  const isTail = next === bytes.length;
  if (isTail && isZero(bytes, at)) return { why: 'zero-tail', text: `${next - at} zero bytes to the end of the file` };
  if (header === undefined) {
    const isShort = isTail && next - at < HEADER_BYTES;
    if (isShort)
      return { why: 'torn-tail', text: `the file ends within a frame's header, after ${next - at} of 64 bytes` };
    return { why: 'damaged', text: `${next - at} bytes that do not begin with a sound frame header` };
  }
  const fault = headerFault(header);
  if (fault !== '') return { why: 'damaged', text: `a frame header that says ${fault}` };
  if (header.journal !== journal) return { why: 'damaged', text: `a frame of journal ${header.journal}` };
  if (header.segment !== segment) return { why: 'damaged', text: `a frame of segment ${header.segment}` };
  const length = HEADER_BYTES + paddedBytes(header.payloadBytes);
  const what = `frame ${header.frame} (${header.count} records)`;
  if (at + length > bytes.length) {
    const text = `${what} has ${bytes.length - at} of ${length} bytes`;
    return { why: isTail ? 'torn-tail' : 'damaged', text };
  }
  return { why: 'damaged', text: `the checksum of ${what} is wrong` };
}

function isZero(bytes: Uint8Array, from: number): boolean {
  for (let i = from; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}

/**
 * The journal on disk: a folder of numbered segment files, each a run of frames. A frame is a header of 64 bytes and a payload padded
 * with zeros to a multiple of 64, so that records lie aligned. All numbers are little-endian.
 *
 * | at | type | what |
 * |---|---|---|
 * | 0 | u32 | magic "QWJF" |
 * | 4 | u16 | version of the format, 1 |
 * | 6 | u8 | kind: 1 session, 2 mark, 3 records |
 * | 7 | u8 | flags: 1 = the session's header repeated at the head of a later segment |
 * | 8 | f64 | sequence: records in the journal before this frame |
 * | 16 | u32 | records in this frame; 0 for session and mark |
 * | 20 | u32 | bytes of the payload, without padding |
 * | 24 | 8 bytes | the journal's own number, random, the same in every frame of a folder |
 * | 32 | u32 | number of the segment, from 1 |
 * | 36 | u32 | number of the frame in its segment, from 0 |
 * | 40 | f64 | when it was written, Unix milliseconds |
 * | 48 | 8 bytes | zeros |
 * | 56 | u32 | CRC-32C of the padded payload |
 * | 60 | u32 | CRC-32C of the bytes 0…59 of this header |
 *
 * Magic, version and the place of the header's checksum stay as they are in every later version.
 */
import { crc32c } from './crc32c.ts';

export const MAGIC = 0x464a5751;
export const VERSION = 1;
export const HEADER_BYTES = 64;
export const RECORD_BYTES = 64;

/** A payload larger than this is not believed: it bounds what a reader must hold. */
export const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

/** A file larger than this is no segment: readers hold one in memory. */
export const MAX_SEGMENT_BYTES = 2 ** 30;

export const FrameKind = { SESSION: 1, MARK: 2, RECORDS: 3 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

/** The session's header repeated at the head of a later segment. */
export const REPEATED = 1;

export interface FrameHeader {
  readonly version: number;
  readonly kind: number;
  readonly flags: number;
  /** Records in the journal before this frame. */
  readonly sequence: number;
  readonly count: number;
  /** Without padding. */
  readonly payloadBytes: number;
  /** Sixteen hexadecimal digits. */
  readonly journal: string;
  readonly segment: number;
  readonly frame: number;
  /** Unix milliseconds. */
  readonly writtenMs: number;
  readonly payloadCrc: number;
}

/** Bytes of the payload on disk. */
export const paddedBytes = (payloadBytes: number): number => Math.ceil(payloadBytes / 64) * 64;

/** Writes a header over the first 64 bytes of a frame whose padded payload follows it there. */
export function sealFrame(frame: Uint8Array, header: Omit<FrameHeader, 'version' | 'payloadCrc'>): void {
  const view = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint8(6, header.kind);
  view.setUint8(7, header.flags);
  view.setFloat64(8, header.sequence, true);
  view.setUint32(16, header.count, true);
  view.setUint32(20, header.payloadBytes, true);
  frame.set(Buffer.from(header.journal, 'hex'), 24);
  view.setUint32(32, header.segment, true);
  view.setUint32(36, header.frame, true);
  view.setFloat64(40, header.writtenMs, true);
  frame.fill(0, 48, 56);
  view.setUint32(56, crc32c(frame, HEADER_BYTES, HEADER_BYTES + paddedBytes(header.payloadBytes)), true);
  view.setUint32(60, crc32c(frame, 0, 60), true);
}

/** The header at an offset, 64 bytes of which are there; undefined when its checksum is wrong. */
export function readHeader(bytes: Uint8Array, offset: number): FrameHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, HEADER_BYTES);
  if (view.getUint32(0, true) !== MAGIC) return undefined;
  if (view.getUint32(60, true) !== crc32c(bytes, offset, offset + 60)) return undefined;
  return {
    version: view.getUint16(4, true),
    kind: view.getUint8(6),
    flags: view.getUint8(7),
    sequence: view.getFloat64(8, true),
    count: view.getUint32(16, true),
    payloadBytes: view.getUint32(20, true),
    journal: Buffer.from(bytes.subarray(offset + 24, offset + 32)).toString('hex'),
    segment: view.getUint32(32, true),
    frame: view.getUint32(36, true),
    writtenMs: view.getFloat64(40, true),
    payloadCrc: view.getUint32(56, true),
  };
}

/** What a header of this version cannot say; empty when it can be. */
export function headerFault(header: FrameHeader): string {
  const { kind, count, payloadBytes, sequence } = header;
  if (kind < FrameKind.SESSION || kind > FrameKind.RECORDS) return `kind ${kind}`;
  if (payloadBytes > MAX_PAYLOAD_BYTES) return `payload of ${payloadBytes} bytes`;
  if (!(Number.isSafeInteger(sequence) && sequence >= 0)) return `sequence ${sequence}`;
  const isWhole = kind === FrameKind.RECORDS ? count > 0 && payloadBytes === count * RECORD_BYTES : count === 0;
  return isWhole ? '' : `${count} records in ${payloadBytes} bytes`;
}

const NAME = /^(\d{8})\.qwj$/;

export const segmentName = (segment: number): string => `${String(segment).padStart(8, '0')}.qwj`;

/** The number that a file's name gives it; 0 when the name is not one of ours. */
export function segmentOfName(name: string): number {
  const match = NAME.exec(name);
  return match === null ? 0 : Number(match[1]);
}
